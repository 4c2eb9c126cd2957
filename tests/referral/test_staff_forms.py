"""Staff forms with what nobody should type: far days, very long words, numbers of rows that do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from privacy.models import AccessEvent
from referral.models import Referral, TimelineEntry
from workspace.intake_forms import IntakeForm
from workspace.urls import urlpatterns
from workspace.views.referral_forms import FORMS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS = ("9999-12-31", "12/31/9999", "0001-01-01", "2026-02-30", "31.12.2026", "-1", "9" * 400, "\0")
URLENCODED = "application/x-www-form-urlencoded"
# What a database may refuse is tried on the one that refuses more, what only a form looks at on the other.
ODD_TO_STORE = ("\0", "\ud800", "9" * 30, "a" * 100_000, "1e400")
ODD_TO_READ = ("-1", "[]", "{}", "9999-12-31", "\u202e", "<script>")
ODD = ODD_TO_STORE if connection.vendor == "postgresql" else ODD_TO_READ


def version(referral: Referral) -> int:
    return Referral.objects.get(pk=referral.pk).version


@pytest.mark.parametrize(("command", "field"), [("task", "due"), ("hold", "until")])
@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_cannot_be_meant_is_refused_in_a_sentence(
    taken: Referral, staff: Client, command: str, field: str, day: str
) -> None:
    typed = {"kind": "other", "text": "Send the list.", "reason": "They are away.", field: day}
    answer = staff.post(f"/staff/referral/{taken.pk}/{command}/", {"version": version(taken), **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {"task": "Send the list.", "hold": "They are away."}[command] in page
    form = answer.context["forms"][command]
    assert list(form.errors) == [field]
    assert "day" in form.errors[field][0]


def test_the_farthest_day_is_named_and_taken(taken: Referral, staff: Client) -> None:
    far = timezone.localdate() + timedelta(days=730)
    typed = {"version": version(taken), "kind": "other", "due": f"{far + timedelta(days=1)}"}
    answer = staff.post(f"/staff/referral/{taken.pk}/task/", typed)
    assert f"Choose {far:%b} {far.day}, {far.year} or earlier." in answer.content.decode()
    assert staff.post(f"/staff/referral/{taken.pk}/task/", {**typed, "due": f"{far}"}).status_code == 302


def buttons() -> list[tuple[str, list[str]]]:
    """The address of every button below ``/staff/``, and the fields of its form."""
    views = [(each.pattern, getattr(each.callback, "view_class", None)) for each in urlpatterns]
    return [(str(pattern), list(view.form_class.base_fields)) for pattern, view in views if view]


def test_a_form_on_the_page_is_that_of_its_button() -> None:
    views = {each.name: getattr(each.callback, "view_class", None) for each in urlpatterns}
    for name, form in FORMS.items():
        view = views[name]
        assert view and (view.name, view.form_class) == (name, form)


def raw(typed: dict[str, str]) -> str:
    """A body as a browser sends it, or a machine that sends halves of characters."""
    return urlencode(typed, errors="surrogatepass")


@pytest.mark.parametrize(("turn", "odd"), list(enumerate(ODD)))
def test_odd_words_in_every_staff_form_are_answered(taken: Referral, staff: Client, turn: int, odd: str) -> None:
    """Every third button with each of them, so that each button has two; intake, asking and writing with all."""
    rows = {
        "task": taken.tasks.get().pk,
        "followup": taken.followups.earliest("pk").pk,
        "consent": taken.consents.get().pk,
        "placement": 999_999,
    }
    paths = [
        (path.replace("<int:pk>", str(taken.pk)).replace("<int:row>", str(rows.get(path.split("/")[2]))), fields)
        for path, fields in buttons()
    ]
    assert len(paths) == 48
    for path, fields in paths[turn % 3 :: 3]:
        answer = staff.post(f"/staff/{path}", raw(dict.fromkeys(fields, odd)), URLENCODED)
        assert answer.status_code in (302, 404, 409, 422), path
    call = dict.fromkeys(IntakeForm.base_fields, odd)
    for key in (odd, str(uuid.uuid4())):
        for path in ("", "save/"):
            answer = staff.post(f"/staff/new/{path}", raw({**call, "key": key}), URLENCODED)
            assert answer.status_code in (302, 400, 422), path  # 400: thirty long fields at once
    for path in ("ask/", "write/", "write/save/"):
        typed = {"program": odd, "find": odd, "words": odd, "channel": odd, "snippet": odd, "shown": odd}
        for key in (odd, str(uuid.uuid4())):
            answer = staff.post(f"/staff/referral/{taken.pk}/{path}", raw({**typed, "key": key}), URLENCODED)
            assert answer.status_code in (200, 302, 422), path
    assert staff.get(f"/staff/new/?{raw({'draft': odd[:500]})}").status_code == 200
    for query in ("who", "level", "urgency", "language", "show", "page"):
        assert staff.get(f"/staff/?{raw({query: odd[:500]})}").status_code == 200, query
    assert staff.post("/staff/search/", raw({"q": odd}), URLENCODED).status_code in (200, 302, 422)


def test_a_row_with_a_number_beyond_every_key_is_not_found(taken: Referral, staff: Client) -> None:
    far = "9" * 25
    for path in (f"{far}/", f"{far}/note/", f"{taken.pk}/task/{far}/done/"):
        asked = staff.get if path.count("/") == 1 else staff.post
        assert asked(f"/staff/referral/{path}").status_code in (404, 409), path


def test_a_search_of_a_hundred_thousand_letters_is_refused_and_kept(taken: Referral, staff: Client) -> None:
    words = "a" * 100_000
    answer = staff.post("/staff/search/", {"q": words})
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (422, True)
    assert "Enter at most 254 characters" in page


# Each look is written down


def test_the_queue_writes_one_line_for_every_person_shown(
    make_referral: Callable[..., Referral], staff: Client, navigator: Any
) -> None:
    shown = {make_referral(contact_name=f"Person {number}").key for number in range(3)}
    staff.get("/staff/?show=new")
    looks = AccessEvent.objects.filter(actor=navigator, action="viewed")
    assert {each.subject for each in looks} == shown
    assert looks.count() == 3


def test_search_records_access_per_person_and_an_empty_result(
    make_referral: Callable[..., Referral], staff: Client, navigator: Any
) -> None:
    found = {make_referral().key for _each in range(2)}
    staff.post("/staff/search/", {"q": "Rosa"})
    staff.post("/staff/search/", {"q": "Nobody"})
    looks = AccessEvent.objects.filter(actor=navigator, action="searched").values_list("subject", flat=True)
    assert sorted(looks) == sorted([*found, "referral:none"])


def test_to_be_shown_a_line_of_the_queue_is_not_to_look_at_the_page(
    taken: Referral, staff: Client, supervisor: Any, sign_in: Callable[[Any], Client]
) -> None:
    other = sign_in(supervisor)
    other.get("/staff/?show=active")
    assert staff.get(f"/staff/referral/{taken.pk}/").context["looking"] == []
    other.get(f"/staff/referral/{taken.pk}/")
    assert staff.get(f"/staff/referral/{taken.pk}/").context["looking"] == [supervisor.get_full_name()]
    assert not TimelineEntry.objects.filter(kind="note").exists()
