"""The admin's first page: in the order of the work, with what waits for the person who looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from config.admin_site import SECTIONS, to_do
from directory import demo
from directory.models import Program
from guides.models import Guide, LevelOfCare, LevelText
from messaging.models import Channel, Message

pytestmark = pytest.mark.django_db
Index = Callable[..., Any]


@pytest.fixture
def index(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Index:
    """The context of the first page as somebody sees it: ``index("Editors")``, or a superuser."""

    def opened(*groups: str, prefix: str = "") -> Any:
        client = sign_in(make_user(f"one-of-{groups}", *groups, is_superuser=not groups))
        answer = client.get(prefix + "/admin/")
        translation.activate("en")
        assert answer.status_code == 200
        return answer

    return opened


def message(**values: Any) -> Message:
    now, number = timezone.now(), Message.objects.count()
    made: Message = Message.objects.create(
        **{
            "channel": "email",
            "template": "check-in",
            "language": "en",
            "zone": "UTC",
            "address": "sample@example.org",
            "dedupe_key": f"one:{number}",
            "message_id": f"<{number}@example.org>",
            "due_at": now,
            "not_after": now + timedelta(days=1),
            "created_at": now,
            "changed_at": now,
            **values,
        }
    )
    return made


def sentences(answer: Any) -> list[str]:
    return [each.sentence for each in answer.context["to_do"]]


def test_every_page_of_the_admin_has_its_place_in_the_order() -> None:
    placed = [label for _key, _name, labels in SECTIONS for label in labels]
    registered = {model._meta.label for model in admin.site._registry}
    assert sorted(placed) == sorted(registered)


def test_what_people_do_most_comes_first_and_who_may_come_in_last(index: Index) -> None:
    answer = index()
    names = [section["name"] for section in answer.context["app_list"]]
    assert names == ["Guides", "Questionnaires", "Programs", "Messages", "Referrals", "People and access"]
    page = answer.content.decode()
    assert page.index("Levels of care") < page.index("Capacity reports") < page.index("Authenticators")


def test_the_side_bar_has_the_same_order_in_spanish(index: Index) -> None:
    names = [section["name"] for section in index(prefix="/es").context["available_apps"]]
    with translation.override("es"):
        assert [str(name) for name in names][-1] == "Personas y acceso"


def test_an_editor_meets_no_plumbing(index: Index) -> None:
    names = [str(section["name"]) for section in index("Editors").context["app_list"]]
    assert names == ["Guides", "Questionnaires"]


def test_where_nothing_waits_one_sentence_says_so(index: Index) -> None:
    assert "Nothing waits for you." in index().content.decode()


def test_a_guide_that_is_due_waits_for_editors_and_not_for_navigators(index: Index) -> None:
    Guide.objects.create(key="old", section="levels", review_due=timezone.localdate())
    Guide.objects.create(key="new", section="levels", review_due=timezone.localdate() + timedelta(days=1))
    assert sentences(index("Editors")) == ["1 guide is due for review", "1 guide is due for review within 30 days"]
    assert sentences(index("Navigators")) == []


def test_messages_that_need_somebody_wait_for_those_who_run_the_queue(index: Index) -> None:
    for state in ("review", "uncertain", "dead"):
        message(state=state)
    message(state="dead", changed_at=timezone.now() - timedelta(days=8))
    Channel.objects.of("email")
    Channel.objects.update(paused=True)
    message()
    assert sentences(index("Supervisors")) == [
        "The channel “email” is paused, and 1 message is due.",
        "1 message needs review",
        "1 message is unconfirmed",
        "1 message failed in the last 7 days",
    ]
    assert sentences(index("Editors")) == []


def test_programs_without_a_fresh_report_wait_for_navigators(index: Index, now: datetime) -> None:
    for order, slug in enumerate(("recovery-support", "outpatient", "iop", "php", "residential", "medically-managed")):
        level = LevelOfCare.objects.create(slug=slug, order=order)
        LevelText.objects.create(level=level, language="en", name=slug, short_name=slug)
    demo.load(timezone.now())
    (todo,) = index("Navigators").context["to_do"]
    assert todo.sentence == "3 programs have no fresh report of their places"
    assert Program.objects.count() == 12


def test_every_list_that_waits_can_be_opened_and_is_counted_the_same(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    Guide.objects.create(key="old", section="levels", review_due=timezone.localdate())
    message(state="dead")
    message(state="review")
    user = make_user("all", is_superuser=True)
    client, found = sign_in(user), list(to_do(user))
    assert len(found) == 3
    for todo in found:
        assert client.get(todo.url).context["cl"].result_count == 1, todo.sentence


def test_the_first_page_asks_the_database_a_few_times_only(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client], django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        Guide.objects.create(key=f"old-{number}", section="levels", review_due=timezone.localdate())
    client = sign_in(make_user("all", is_superuser=True))
    client.get("/admin/")  # the first look makes the rows of the channels
    with django_assert_max_num_queries(35):
        client.get("/admin/")


def test_a_page_of_one_app_says_nothing_about_what_waits(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    page = sign_in(make_user("all", is_superuser=True)).get(reverse("admin:app_list", args=["guides"]))
    assert page.status_code == 200 and "Nothing waits" not in page.content.decode()


def test_who_signs_out_reads_that_they_did(make_user: Any, sign_in: Any) -> None:
    client = sign_in(make_user("leaving", "Editors"))
    answer = client.post("/accounts/logout/", follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "You have signed out." in answer.content.decode()
    spanish = sign_in(make_user("saliendo", "Editors")).post("/es/accounts/logout/", follow=True)
    assert spanish.redirect_chain == [("/es/accounts/login/", 302)] and "Ha cerrado" in spanish.content.decode()
