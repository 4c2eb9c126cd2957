"""One referral on one page: what is next on top by the clock of the queue, and history in pages however long it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from directory.models import Program
from guides.models import LevelOfCare
from privacy.models import AccessEvent
from referral.actions.closing import close_referral
from referral.actions.common import Actor
from referral.actions.referrals import add_note
from referral.actions.sending import send_to_program
from referral.actions.tasks import add_task
from referral.models import Placement, Referral, TimelineEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def lines(referral: Referral, count: int, now: datetime) -> None:
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            referral=referral, at=now - timedelta(minutes=at), kind="note", role="navigator", text=f"Line {at}."
        )
        for at in range(1, count + 1)
    )


def counted(client: Client, path: str) -> tuple[list[str], str]:
    """The statements that a page costs, and the page."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path).content.decode()
    # Whether guides were published meanwhile is asked twice a second, whichever page it is.
    return [each["sql"][:120] for each in asked.captured_queries if "guides_generation" not in each["sql"]], page


def test_a_long_history_costs_no_more_than_a_short_one(taken: Referral, staff: Client, now: datetime) -> None:
    path = f"/staff/referral/{taken.pk}/"
    with travel(now, tick=False):
        for address in (path, f"{path}history/?page=7"):
            staff.get(address)  # what is asked once for all
        few, _page = counted(staff, path)
        lines(taken, 300, now)
        many, page = counted(staff, path)
        assert len(many) <= len(few), set(many) - set(few)
        assert page.count('class="said">Line') <= 12 and "Line 20." not in page
        assert f"All {taken.timeline.count()}" in page
        older, last = counted(staff, f"{path}history/?page=7")
    assert "Line 300." in last and "Page 7 of 7" in last and "Newer" in last and len(older) <= len(few)


def test_the_page_and_the_queue_tell_the_same_lateness(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    taken.tasks.update(due_at=now)
    later = now + timedelta(days=2, hours=3)
    add_note(taken.pk, "x", actor=nora, now=now)
    with travel(later, tick=False):
        queue = staff.get("/staff/?who=mine").content.decode()
        page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    said = re.search(r'class="next[^>]*>.*?class="text-nowrap due-late">([^<]+)<', page, re.DOTALL)
    assert said and said[1] == "2 days late" and said[1] in queue


def test_on_top_stand_the_number_its_warning_and_the_way_to_write(
    taken: Referral, staff: Client, navigator: Any
) -> None:
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    top = page[: page.index('class="threefold"')]
    assert "(626) 555-0142" in top and "Do not leave a message" in top and f"/referral/{taken.pk}/write/" in top
    assert "Next step" in top and "Call Rosa Sample" in top


def test_a_met_need_is_offered_once_care_has_started(taken: Referral, staff: Client) -> None:
    path, met = f"/staff/referral/{taken.pk}/", 'value="met"'
    assert met not in staff.get(path).content.decode()
    refused = staff.post(f"{path}close/", {"version": taken.version, "closing": "", "reason": ""})
    assert refused.status_code == 422 and met not in refused.content.decode()


def test_who_looks_too_is_called_by_their_full_name(
    taken: Referral, staff: Client, supervisor: Any, sign_in: Any
) -> None:
    path = f"/staff/referral/{taken.pk}/"
    sign_in(supervisor).get(path)
    assert f"{supervisor.get_full_name()} is looking at this, too." in staff.get(path).content.decode()


def test_an_own_record_is_handed_over_by_the_key_to_assign(taken: Referral, staff: Client) -> None:
    assert 'data-key="h a"' in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


def test_a_full_referral_asks_few_queries_too(
    taken: Referral, staff: Client, nora: Actor, rows: None, now: datetime
) -> None:
    path = f"/staff/referral/{taken.pk}/"
    with travel(now, tick=False):
        for program in Program.objects.public()[:2]:
            send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
        add_task(taken.pk, kind="call", due_at=now, urgent=True, actor=nora, now=now)
        lines(taken, 2_000, now)
        staff.get(path)  # what is asked once for all
        asked, page = counted(staff, path)
    assert "What was shared" in page and "Call the family" in page and "Line 1." in page
    assert len(asked) <= 12, asked


def test_choosing_programs_asks_few_queries(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    levels = LevelOfCare.objects.filter(slug__in=["iop", "php"]).order_by("order")
    path = f"/staff/referral/{taken.pk}/ask/"
    with travel(now, tick=False):
        send_to_program(taken.pk, Program.objects.public().earliest("pk"), ["contact"], actor=nora, now=now)
        Referral.objects.filter(pk=taken.pk).update(level_low=levels[0], level_high=levels[1])
        staff.get(path)  # what is asked once for all
        asked, page = counted(staff, path)
    assert page.count('name="program"') >= 3 and "Best for this need" in page
    assert len(asked) <= 12, asked


def test_the_level_of_admission_is_one_query_more(taken: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    path = f"/staff/referral/{taken.pk}/"
    offering = Program.objects.public().annotate(count=Count("offers")).filter(count__gt=1).order_by("pk")
    with travel(now, tick=False):
        send_to_program(taken.pk, offering[0], ["contact"], actor=nora, now=now)
        staff.get(path)  # what is asked once for all
        few, _page = counted(staff, path)
        Placement.objects.update(status="accepted")
        more, page = counted(staff, path)
    choices = page.partition("Level they were admitted to")[2].partition("</select>")[0]
    assert choices.count("<option") > 2 and "not known yet" in choices
    assert len(more) <= len(few) + 1, set(more) - set(few)


FOLDED_HERE = ("task", "hand_over", "give_back", "hold", "close", "need", "consent", "plan", "correct")


def test_the_page_asks_few_queries_and_holds_few_fields(taken: Referral, staff: Client, now: datetime) -> None:
    path = f"/staff/referral/{taken.pk}/"
    with travel(now, tick=False):
        staff.get(path)  # what is asked once for all
        asked, page = counted(staff, path)
    assert len(asked) <= 12, asked
    main = page.partition("<main")[2].partition("</main>")[0]
    fields = re.findall(r"<(?:input(?! type=.hidden)|select|textarea)", main)
    assert len(fields) <= 20, fields
    for name in FOLDED_HERE:
        assert f'hx-get="{path}form/{name}/?seen={taken.version}"' in page
        assert f'<a href="{path}form/{name}/?seen={taken.version}" hx-boost="false">Open this form' in page


@pytest.mark.parametrize("name", FOLDED_HERE)
def test_a_folded_form_is_fetched_and_is_a_page_of_its_own(taken: Referral, staff: Client, name: str) -> None:
    path = f"/staff/referral/{taken.pk}/form/{name}/?seen=1"
    own = staff.get(path).content.decode()
    part = staff.get(path, headers={"HX-Request": "true"}).content.decode()
    sends = f'action="/staff/referral/{taken.pk}/{name}/"'
    assert sends in own and "<h1" in own and sends in part and "<h1" not in part
    assert 'name="version" value="1"' in part and "csrfmiddlewaretoken" in part


def test_a_folded_form_has_no_place_where_its_button_has_none(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    path = f"/staff/referral/{taken.pk}/form"
    for name in ("assign", "listen", "note", "call", "nothing"):  # hers already; nothing was stopped; stands open
        assert staff.get(f"{path}/{name}/").status_code == 404
    close_referral(taken.pk, closing="other", reason="Moved.", actor=nora, now=now)
    assert staff.get(f"{path}/hold/").status_code == staff.get(f"{path}/task/").status_code == 404
    assert staff.get(f"{path}/correct/").status_code == 200


def test_a_form_that_no_page_fetched_is_written_down_as_a_look(taken: Referral, staff: Client) -> None:
    looks = AccessEvent.objects.filter(subject=taken.key, action="viewed")
    before = looks.count()
    path = f"/staff/referral/{taken.pk}/form/correct/"
    staff.get(path, headers={"HX-Request": "true"})
    assert looks.count() == before + 1, "nobody has opened the page"
    staff.get(path, headers={"HX-Request": "true"})
    assert looks.count() == before + 1, "it stands there already"
    staff.get(path)
    assert looks.count() == before + 2


def test_a_refused_folded_form_stands_open_as_it_was_typed(taken: Referral, staff: Client) -> None:
    typed = {"version": taken.version, "until": "", "reason": "They are away."}
    page = staff.post(f"/staff/referral/{taken.pk}/hold/", typed).content.decode()
    assert "They are away." in page and "form/hold/" not in page and "form/close/" in page
