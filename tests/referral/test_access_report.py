"""Who looked at what is told by person and by family, with what is unusual marked, and reading that is told, too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from time_machine import travel

from privacy.actions import record_access
from privacy.models import AccessEvent, User
from privacy.unusual import MANY, Look, Mark, is_night, marks, same_name
from referral.actions.absences import end_absence, record_absence
from referral.actions.common import Actor
from referral.actions.referrals import add_note
from referral.looks import looks, number_of, openings
from referral.models import DutyShift, Referral

NOON = datetime(2026, 3, 4, 12, 0)


def look(key: int, *, minute: int = 0, own: bool = False, actor: int = 1, family: int | None = None) -> Look:
    at = NOON + timedelta(minutes=minute)
    return Look(key, actor, f"referral:{key if family is None else family}", at, own, False, False)


@given(st.integers(0, 40), st.integers(1, 3), st.booleans())
def test_many_others_families_in_an_hour_are_marked(count: int, step: int, own: bool) -> None:
    found = marks(look(key, minute=key * step, own=own) for key in range(count))
    in_an_hour = 60 // step + 1
    assert bool(found) == (not own and min(count, in_an_hour) > MANY)
    assert all(each == {Mark.MANY} for each in found.values())


def test_the_same_family_again_and_others_looks_do_not_add_up() -> None:
    assert not marks(look(key, family=1) for key in range(50))
    assert not marks(look(key, actor=key) for key in range(50))
    assert not marks(look(key, minute=61 * (key // MANY)) for key in range(2 * MANY))


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (0, True), (5, True), (6, False), (12, False)])
def test_the_night_is_from_ten_to_six(hour: int, night: bool) -> None:
    at = NOON.replace(hour=hour)
    assert is_night(at) == night
    seen = marks([look(1)._replace(at=at), look(2)._replace(at=at, on_duty=True)])
    assert seen == ({1: {Mark.NIGHT}} if night else {})


@pytest.mark.parametrize(
    ("last", "name", "same"),
    [("Sample", "Rosa SAMPLE", True), ("Sam", "Rosa Sample", False), ("", "Rosa", False), ("Li", "Li Wei", False)],
)
def test_an_own_last_name_is_a_word_of_the_familys(last: str, name: str, same: bool) -> None:
    assert same_name(last, "Nobody", name) == same


with_rows = pytest.mark.django_db


@pytest.fixture
def auditor(make_user: Callable[..., Any]) -> Any:
    return make_user("auditor", "Auditors", first_name="Ada", last_name="Auditor")


@pytest.fixture
def report(auditor: Any, sign_in: Callable[[Any], Client], now: datetime) -> Iterator[Client]:
    with travel(now + timedelta(hours=1), tick=False):
        yield sign_in(auditor)


def open_page(user: User, referral: Referral, at: datetime) -> AccessEvent:
    return record_access(actor=user, subject=referral.key, action="viewed", purpose="workspace", now=at)


@with_rows
@pytest.mark.usefixtures("at_now")
def test_who_has_covers_or_worked_on_a_family_looks_at_an_own_one(
    taken: Referral, navigator: Any, nora: Actor, supervisor: Any, make_user: Callable[..., Any], now: datetime
) -> None:
    cover, stranger = make_user("cora", "Navigators"), make_user("sara", "Navigators", last_name="Sample")
    record_absence(navigator, cover, now.date(), now.date(), actor=nora)
    add_note(taken.pk, "Called them.", actor=Actor.of(supervisor), now=now)
    for user in (navigator, cover, supervisor, stranger):
        open_page(user, taken, now)
    record_access(actor=stranger, subject=taken.key, action="viewed", purpose="queue, today", now=now)
    events = openings(now, now + timedelta(days=1))
    found = {each.actor: each for each in looks(events)}
    assert len(events) == 4  # a row of a list is no look
    assert [found[user.pk].own for user in (navigator, cover, supervisor, stranger)] == [True, True, True, False]
    assert [found[user.pk].same_name for user in (navigator, stranger)] == [False, True]


@with_rows
@pytest.mark.usefixtures("at_now")
def test_a_cover_by_ones_own_word_is_marked_also_after_it_ended(
    taken: Referral, navigator: Any, make_user: Callable[..., Any], now: datetime
) -> None:
    cover = make_user("cora", "Navigators")
    said = record_absence(navigator, cover, now.date(), now.date(), actor=Actor.of(cover))
    open_page(cover, taken, now)
    whole = now, now + timedelta(days=1)
    assert set(marks(looks(openings(*whole))).values()) == {frozenset({Mark.COVER})}
    end_absence(said.pk, actor=Actor.of(cover), now=now)
    assert set(marks(looks(openings(*whole))).values()) == {frozenset({Mark.COVER})}


@with_rows
def test_a_look_before_the_absence_was_written_is_not_marked(
    taken: Referral, navigator: Any, supervisor: Any, nora: Actor, now: datetime
) -> None:
    open_page(navigator, taken, now - timedelta(minutes=13))
    with travel(now, tick=False):
        record_absence(navigator, supervisor, now.date(), now.date(), actor=nora)
    whole = now - timedelta(hours=1), now + timedelta(days=1)
    assert not marks(looks(openings(*whole)))
    open_page(navigator, taken, now)
    assert list(marks(looks(openings(*whole))).values()) == [frozenset({Mark.AWAY})]


@with_rows
def test_a_night_on_duty_is_no_mark(taken: Referral, navigator: Any, now: datetime) -> None:
    night = now + timedelta(hours=14)
    open_page(navigator, taken, night)
    assert set(marks(looks(openings(now, night + timedelta(days=1)))).values()) == {frozenset({Mark.OWN_NIGHT})}
    DutyShift.objects.create(user=navigator, starts_at=night - timedelta(hours=1), ends_at=night + timedelta(hours=1))
    assert not marks(looks(openings(now, night + timedelta(days=1))))


@with_rows
def test_the_report_tells_by_person_and_by_family(
    taken: Referral, report: Client, make_user: Callable[..., Any], now: datetime
) -> None:
    sara = make_user("sara", "Navigators", last_name="Sample")
    open_page(sara, taken, now)
    page = reverse("workspace:access")
    unusual = report.get(page).content.decode()
    assert taken.public_code in unusual and unusual.count("Same last name") == 2  # the rule, and the row
    assert "more than 15 within an hour" in unusual
    assert ">sara</a>" in report.get(page, {"show": "who"}).content.decode()
    assert f">{taken.public_code}</a>" in report.get(page, {"show": "family"}).content.decode()
    chosen = report.get(page, {"show": "all", "code": taken.public_code.lower(), "who": str(sara.pk)}).content.decode()
    assert "Opened the record" in chosen


@with_rows
def test_one_row_says_how_often_and_leads_to_the_record(
    make_referral: Callable[..., Referral],
    supervisor: Any,
    sign_in: Callable[[Any], Client],
    make_user: Any,
    now: datetime,
) -> None:
    family, sara = make_referral(), make_user("sara", "Navigators", last_name="Sample")
    for minute in (0, 5, 40):
        open_page(sara, family, now + timedelta(minutes=minute))
    with travel(now + timedelta(hours=1), tick=False):
        page = sign_in(supervisor).get(reverse("workspace:access")).content.decode()
    rows = page[page.index("<tbody>") :]
    assert rows.count("<tr>") == 1 and "3 times" in rows and f'href="/staff/referral/{family.pk}/">' in rows


@with_rows
@pytest.mark.usefixtures("at_now")
def test_whoever_is_away_and_looks_is_marked(
    taken: Referral, navigator: Any, supervisor: Any, nora: Actor, now: datetime
) -> None:
    record_absence(navigator, supervisor, now.date(), now.date(), actor=nora)
    open_page(navigator, taken, now)
    open_page(navigator, taken, now + timedelta(days=1))
    whole = now, now + timedelta(days=2)
    assert list(marks(looks(openings(*whole))).values()) == [frozenset({Mark.AWAY})]


@with_rows
def test_a_night_with_own_families_does_not_drown_what_is_unusual(
    taken: Referral, make_referral: Callable[..., Referral], navigator: Any, report: Client, now: datetime
) -> None:
    night, strange = now - timedelta(hours=8), make_referral(contact_name="Lupe Otra", phone="", email="l@example.org")
    for minute in range(5):
        open_page(navigator, taken, night + timedelta(minutes=minute))
    open_page(navigator, strange, night)
    page = report.get(reverse("workspace:access")).content.decode()
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert strange.public_code in rows and taken.public_code not in rows
    assert "At night, not on duty, with their own families" in page and "1 family" in page


@with_rows
def test_reading_and_exporting_the_report_is_written_down(
    taken: Referral, auditor: Any, report: Client, navigator: Any, now: datetime
) -> None:
    open_page(navigator, taken, now)
    report.get(reverse("workspace:access"))
    report.get(reverse("workspace:access"), {"code": taken.public_code})
    answer = report.get(reverse("workspace:access"), {"sheet": "1"})
    read = AccessEvent.objects.filter(actor=auditor).order_by("pk").values_list("action", "subject", "purpose")
    assert list(read) == [
        ("viewed", "accesses", "access report"),
        ("viewed", taken.key, "access report"),
        ("exported", "accesses", "access report"),
    ]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["When", "Who", "Did"]
    assert ["navigator", "viewed", taken.key, taken.public_code, "workspace"] in [line[1:6] for line in lines]


@with_rows
def test_supervisors_read_it_auditors_export_it_others_neither(
    supervisor: Any, staff: Client, sign_in: Callable[[Any], Client]
) -> None:
    page = reverse("workspace:access")
    assert staff.get(page).status_code == 403
    reader = sign_in(supervisor)
    assert "Download" not in reader.get(page).content.decode()
    assert reader.get(page, {"sheet": "1"}).status_code == 403


@with_rows
@pytest.mark.parametrize(
    "asked",
    [
        {"since": "x"},
        {"since": "2026-03-05", "until": "2026-03-01"},
        {"who": "x"},
        {"since": "2020-01-01"},
        {"code": "Maribel"},
        {"code": "K7P2-XM94"},
    ],
)
def test_days_that_cannot_be_are_refused_in_a_sentence(report: Client, asked: dict[str, str]) -> None:
    answer = report.get(reverse("workspace:access"), asked)
    assert answer.status_code == 422 and "Something needs your attention" in answer.content.decode()


def test_only_referrals_have_a_number() -> None:
    assert [number_of(each) for each in ("referral:12", "message:3", "referral:none", "x")] == [12, None, None, None]
