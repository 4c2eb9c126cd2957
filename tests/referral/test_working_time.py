"""Hours and holidays are rows that admins edit: what is promised and late counts in them, a call for help does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from referral import shipped
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.followups import check_in_now
from referral.actions.referrals import take
from referral.actions.tasks import add_task
from referral.models import Holiday, OfficeHours, Referral, Task
from referral.models.hours import working_time

pytestmark = pytest.mark.django_db
HOME = ZoneInfo("America/Los_Angeles")
WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), HOME)


def test_the_shipped_hours_and_holidays_are_added_once(rows: None) -> None:
    assert OfficeHours.objects.count() == 5 and Holiday.objects.filter(day=date(2026, 12, 25)).exists()
    Holiday.objects.all().delete()
    shipped.load()
    assert not Holiday.objects.exists()  # what an admin took away stays away


def test_a_family_is_promised_past_a_holiday_and_the_promise_stays(make_referral: Callable[..., Referral]) -> None:
    Holiday.objects.create(day=THURSDAY, name="A day off")
    referral = make_referral(at=at(WEDNESDAY, 10))
    assert referral.promised == at(date(2026, 3, 6), 17)
    Holiday.objects.all().delete()
    assert Referral.objects.get(pk=referral.pk).promised == at(date(2026, 3, 6), 17)
    assert not Referral.objects.late(at(date(2026, 3, 6), 16)).exists()
    assert Referral.objects.late(at(date(2026, 3, 6), 17)).exists()


def test_a_promise_keeps_to_the_familys_hours_where_we_may_call(make_referral: Callable[..., Referral]) -> None:
    assert make_referral(at=at(WEDNESDAY, 10), times=["weekend"]).promised == at(date(2026, 3, 7), 18)
    by_mail = make_referral(at=at(WEDNESDAY, 10), times=["weekend"], ways=("email",))
    assert by_mail.promised == at(THURSDAY, 17)


def test_what_is_due_on_a_friday_evening_is_not_late_on_sunday(
    make_referral: Callable[..., Referral], nora: Actor
) -> None:
    friday = date(2026, 3, 6)
    referral = take(make_referral(at=at(WEDNESDAY, 10)).pk, actor=nora, now=at(WEDNESDAY, 10))
    Task.objects.all().delete()
    referral.followups.all().delete()
    add_task(referral.pk, kind="other", text="x", due_at=at(friday, 17), actor=nora, now=at(WEDNESDAY, 10))
    assert not Referral.objects.late(at(friday + timedelta(days=2), 12)).exists()
    assert Referral.objects.late(at(friday + timedelta(days=3), 10)).exists()


def test_a_call_for_help_is_late_at_any_hour(make_referral: Callable[..., Referral], nora: Actor) -> None:
    sunday = date(2026, 3, 8)
    referral = take(make_referral(at=at(WEDNESDAY, 10)).pk, actor=nora, now=at(WEDNESDAY, 10))
    asked = check_in_now(referral.pk, actor=nora, now=at(sunday, 11))
    answer_check_in(asked.pk, "help", actor=FAMILY, now=at(sunday, 11))
    task = Task.objects.get(kind=Task.Kind.NEEDS_HELP)
    assert task.due_at == at(sunday, 11)
    assert Referral.objects.late(at(sunday, 13)).filter(pk=referral.pk).exists()


def test_hours_that_end_before_they_begin_are_refused(rows: None) -> None:
    with pytest.raises(ValidationError):
        OfficeHours(weekday=6, opens=time(12), closes=time(9)).full_clean()


def test_without_any_hours_those_of_an_office_hold(rows: None) -> None:
    OfficeHours.objects.all().delete()
    assert working_time().on(WEDNESDAY) == (time(9), time(17))


def test_supervisors_edit_hours_and_holidays(rows: None, supervisor: Any, sign_in: Callable[[Any], Client]) -> None:
    client = sign_in(supervisor)
    for page in ("officehours", "holiday"):
        assert client.get(f"/admin/referral/{page}/").status_code == 200
        assert client.get(f"/admin/referral/{page}/add/").status_code == 200


def test_the_page_of_asking_tells_the_hour_and_names_its_zone(rows: None, client: Client, settings: Any) -> None:
    OfficeHours.objects.update(closes=time(15))
    assert "(Pacific Time)" in client.get("/referral/?all=1").content.decode()
