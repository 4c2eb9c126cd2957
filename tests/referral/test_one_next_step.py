"""What staff read as the next step is one date, with the button for it, and ends when it is over."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Program
from referral.actions.appointments import report_visit
from referral.actions.common import Actor
from referral.actions.placements import accept_placement, fail_placement, preview_accept, start_placement
from referral.actions.referrals import log_call
from referral.actions.sending import send_to_program
from referral.actions.tasks import add_task
from referral.actions.undoing import undo_last
from referral.hours import call_at
from referral.models import FollowUp, Placement, Referral
from referral.models.hours import working_time
from ui.dates import short_day
from workspace.attention import next_check_in, next_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def shown(staff: Client, referral: Referral) -> str:
    page = staff.get(f"/staff/referral/{referral.pk}/").content.decode()
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def at_program(placement: Placement) -> Actor:
    return Actor.program(str(placement.program))


def alarms(referral: Referral) -> int:
    return referral.tasks.open().filter(kind="next_step").count()


@pytest.fixture
def accepted(placement: Placement, now: datetime) -> Placement:
    return accept_placement(placement.pk, actor=at_program(placement), now=now)


def test_a_no_show_is_no_alarm_once_they_came(accepted: Placement, now: datetime) -> None:
    desk, later = at_program(accepted), now + timedelta(minutes=1)
    report_visit(accepted.pk, "missed", actor=desk, now=now)
    assert alarms(accepted.referral) == 1
    report_visit(accepted.pk, "came", actor=desk, now=later)
    assert alarms(accepted.referral) == 0
    undo_last(accepted.pk, actor=desk, now=later)
    assert alarms(accepted.referral) == 1, "what they came ended is open again where it was a slip"


def test_a_no_show_is_no_alarm_once_care_has_started(accepted: Placement, now: datetime) -> None:
    report_visit(accepted.pk, "unreached", actor=at_program(accepted), now=now)
    start_placement(accepted.pk, actor=at_program(accepted), now=now + timedelta(minutes=1))
    assert alarms(accepted.referral) == 0


@pytest.fixture
def other(placement: Placement, nora: Actor, now: datetime) -> Placement:
    """A second request of the same family, to another program."""
    program = Program.objects.public().exclude(pk=placement.program_id).earliest("pk")
    return send_to_program(placement.referral_id, program, ["contact"], actor=nora, now=now)


def test_who_records_an_acceptance_reads_what_ends_by_it(
    placement: Placement, other: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    assert [each.pk for each in preview_accept(placement.pk, actor=nora, now=now).ends] == [other.pk]
    typed = {"version": Referral.objects.get(pk=placement.referral_id).version}
    page = staff.post(f"/staff/referral/{placement.referral_id}/placement/{placement.pk}/accept/", typed)
    assert f"The request to {other.program} (Awaiting response). It is canceled" in html.unescape(page.content.decode())


def test_the_first_call_is_the_one_that_tells_of_the_place(placement: Placement, nora: Actor, now: datetime) -> None:
    first, later = placement.referral.tasks.get(kind="call"), now + timedelta(minutes=1)
    accept_placement(placement.pk, actor=at_program(placement), text="We can see him this week", now=later)
    (call,) = placement.referral.tasks.open().filter(kind="call")
    assert call != first and "We can see him this week" in call.text
    undo_last(placement.pk, actor=at_program(placement), now=later + timedelta(minutes=1))
    assert placement.referral.tasks.open().get(kind="call") == first


def test_a_call_ticks_what_was_to_be_called_about_today(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    first = taken.tasks.get(kind="call")
    evening = add_task(taken.pk, kind="call", due_at=now + timedelta(hours=5), actor=nora, now=now)
    add_task(taken.pk, kind="call", due_at=now + timedelta(days=2), actor=nora, now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    ticked = {int(each) for each in re.findall(r'name="done"[^>]*value="(\d+)"[^>]*checked', page)}
    assert ticked == {first.pk, evening.pk}


def test_who_was_canceled_is_asked_again_by_a_button(
    placement: Placement, other: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    again = f"Ask again… : {other.program}"
    assert again not in shown(staff, placement.referral), "while a place stands nobody else is asked"
    fail_placement(placement.pk, "The bed is gone.", actor=nora, now=now)
    assert again in shown(staff, placement.referral)
    page = staff.get(f"/staff/referral/{placement.referral_id}/").content.decode()
    form = page[page.index(f'action="/staff/referral/{placement.referral_id}/send/"') :].partition("</form>")[0]
    fields = re.findall(r'name="(version|program|categories)" value="(\w+)"', form)
    asked = staff.post(f"/staff/referral/{placement.referral_id}/send/", dict(fields))
    assert asked.status_code == 200 and f"Send to {other.program}?" in html.unescape(asked.content.decode())


@pytest.fixture
def quiet(taken: Referral) -> Referral:
    """In work, with nothing open but its check-ins."""
    taken.tasks.all().delete()
    taken.followups.all().delete()
    return taken


def check_in(referral: Referral, at: datetime, kind: str, status: str = "planned") -> FollowUp:
    local = timezone.localtime(at)
    made: FollowUp = FollowUp.objects.create(
        referral=referral, kind=kind, status=status, due_at=at, zone="America/Los_Angeles",
        local_date=local.date(), local_time=local.time(), channel="email" if kind == "message" else "",
    )  # fmt: skip
    return made


CASES = {
    "late call": ("call", "planned", -6, "and record the answer"),
    "late answer": ("message", "sent", -6, "No answer to the check-in of"),
    "call to come": ("call", "planned", 2, "The next check-in is a call on {then}."),
    "message to come": ("message", "planned", 2, "A check-in goes on {day}. Look on {then} if they answered."),
    "message that went": ("message", "sent", -1, "A check-in went on {day}. Look on {then} if they answered."),
}


@pytest.mark.parametrize("case", CASES)
def test_the_next_step_has_the_date_of_its_clock(quiet: Referral, now: datetime, case: str) -> None:
    kind, status, days, words = CASES[case]
    row = check_in(quiet, now + timedelta(days=days), kind, status)
    said = next_step(quiet, [], [row], now)
    assert words.format(day=short_day(row.local_date), then=short_day(row.staff_at)) in said
    assert ("Nothing is open" in said) == (row.staff_at > now)


def test_a_newer_check_in_settles_an_older_one(quiet: Referral, now: datetime) -> None:
    rows = [check_in(quiet, now - timedelta(days=each), "message", "sent") for each in (9, 1)]
    assert next_check_in(rows) == rows[1] and next_check_in([]) is None


def test_a_late_check_in_is_answered_in_the_next_step(quiet: Referral, staff: Client, now: datetime) -> None:
    check_in(quiet, now - timedelta(days=6), "call")
    page = shown(staff, quiet)
    bar, _then, rest = page.partition("Send a check-in now")
    assert "and record the answer." in bar and "Record their answer" in bar and "Record their answer" not in rest


def test_who_is_not_reached_is_late_no_more(
    quiet: Referral, nora: Actor, now: datetime, staff: Client, next_hours: datetime
) -> None:
    row = check_in(quiet, now - timedelta(days=6), "call")
    log_call(quiet.pk, "no_answer", "", next_try=next_hours, actor=nora, now=now)
    row.refresh_from_db()
    assert (row.status, row.answer) == ("answered", "nobody")
    quiet.refresh_from_db()
    assert quiet.due_at == next_hours and "late" not in shown(staff, quiet).partition("Programs")[0]


@pytest.fixture
def next_hours(now: datetime) -> datetime:
    """A time tomorrow at which a family may be called."""

    return call_at(now + timedelta(days=1), (), "America/Los_Angeles", working_time())
