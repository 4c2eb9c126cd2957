"""What waits too long is told: after how long and to whom is data; once for each step, until somebody sees to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from time_machine import travel

from config.beat import EVERY
from directory.models import Program
from messaging.letter import Letter
from privacy.models import AccessEvent
from referral import tasks
from referral.actions.absences import record_absence
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.duty import AGAIN, call_again
from referral.actions.escalations import acknowledge, delete_rule, escalate, save_rule
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.actions.waiting import watch_requests
from referral.lifecycle import Refused
from referral.models import DutyShift, EscalationNotice, EscalationRule, FollowUp, Placement, Referral, Task
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _rules(rows: None, now: datetime) -> Iterator[None]:
    """The shipped rules, made before anything began to wait."""
    EscalationRule.objects.update(since=now - DAY)
    with travel(now, tick=False):
        yield


@pytest.fixture
def asked(taken: Referral, program: Program, nora: Actor, now: datetime) -> Placement:
    return send_to_program(taken.pk, program, {"need"}, actor=nora, now=now)


def told(letters: list[Letter]) -> list[str]:
    return [each.row.address for each in letters if each.row.reference.startswith("escalation:")]


def rule(**changed: Any) -> EscalationRule:
    values = {"about": "program", "amount": 2, "unit": "hours", "tell_supervisors": True}
    return EscalationRule(**{**values, **changed})


def address(key: object) -> str:
    """Where the form of a rule is sent: each has its own, so that what is typed in one is never put into another."""
    return reverse("workspace:escalation-rule", args=[key])


def test_the_shipped_rules_do_as_was_done_before(rows: None) -> None:
    crisis, new, first, second, family = EscalationRule.objects.order_by("pk")
    assert (crisis.after, crisis.tell_supervisors) == (2 * AGAIN, True)
    assert (new.after, first.after, second.after) == (DAY, DAY, 2 * DAY)
    assert family.after == FollowUp.PATIENCE
    assert EVERY["escalate"]["task"] == tasks.escalate.name


def test_whoever_has_it_hears_of_a_silent_program_then_supervisors(
    asked: Placement, supervisor: Any, navigator: Any, post: Callable[..., list[Letter]], now: datetime
) -> None:
    assert escalate(now + DAY - timedelta(minutes=1)) == 0
    for hours, whom in ((24, navigator.email), (48, supervisor.email)):
        at = now + timedelta(hours=hours)
        assert (escalate(at), escalate(at)) == (1, 0)
        letters = post(at)
        assert told(letters) == [whom]
        text = next(each.content.text for each in letters if each.row.reference.startswith("escalation:"))
        assert "/staff/" in text and not {"Rosa", "Sample", asked.referral.public_code} & set(text.split())
    lines = [for_staff(line) for line in asked.referral.timeline.filter(kind="escalated")]
    assert lines == [f"A program has not answered. Told: {name}." for name in ("Nora Navigator", "Sam Supervisor")]


def test_an_answer_keeps_the_message_from_going(
    asked: Placement, program: Program, post: Callable[..., list[Letter]], now: datetime
) -> None:
    assert escalate(now + DAY) == 1
    accept_placement(asked.pk, actor=Actor.program(program.name), now=now + DAY)
    assert told(post(now + DAY)) == []
    assert escalate(now + 2 * DAY) == 0


def test_who_sees_to_it_stops_the_steps_after(
    asked: Placement, supervisor: Any, post: Callable[..., list[Letter]], now: datetime
) -> None:
    escalate(now + DAY)
    notice = EscalationNotice.objects.get()
    first = acknowledge(notice.pk, actor=Actor.of(supervisor), now=now + DAY)
    again = acknowledge(notice.pk, actor=Actor.of(supervisor), now=now + 2 * DAY)
    assert first.acknowledged_at == again.acknowledged_at == now + DAY
    assert told(post(now + DAY)) == [] and escalate(now + 2 * DAY) == 0
    assert asked.referral.timeline.filter(kind="escalated").count() == 2


def test_a_new_request_is_told_in_our_hours_alone(
    make_referral: Callable[..., Referral],
    supervisor: Any,
    nora: Actor,
    post: Callable[..., list[Letter]],
    now: datetime,
) -> None:
    at = now + timedelta(hours=14)  # at night
    new = make_referral(at=at)
    assert escalate(at + DAY) == 0
    morning = now + 2 * DAY
    assert escalate(morning) == 1 and told(post(morning)) == [supervisor.email]
    taken = make_referral(at=at, email="b@example.org")
    take(taken.pk, actor=nora, now=morning)
    assert escalate(morning) == 0
    assert EscalationNotice.objects.waiting().get().referral == new


def test_a_check_in_without_an_answer_goes_to_who_covers(
    taken: Referral, navigator: Any, make_user: Callable[..., Any], now: datetime, post: Callable[..., list[Letter]]
) -> None:
    cover = make_user("cora", "Navigators")
    today = (now + 5 * DAY).date()
    record_absence(navigator, cover, today, today, actor=Actor.of(navigator))
    sent = taken.followups.earliest("pk")
    FollowUp.objects.filter(pk=sent.pk).update(status="sent", due_at=now)
    at = now + 5 * DAY
    assert escalate(at) == 1 and told(post(at)) == [cover.email]
    answer_check_in(sent.pk, "waiting", actor=FAMILY, now=at)
    assert not EscalationNotice.objects.waiting().exists()


def test_what_waited_before_the_rule_was_made_is_not_told(asked: Placement, now: datetime) -> None:
    EscalationRule.objects.update(since=now + timedelta(minutes=1))
    assert escalate(now + 2 * DAY) == 0


def test_a_program_is_called_after_the_first_step_of_its_rules(asked: Placement, now: datetime) -> None:
    EscalationRule.objects.filter(about="program", amount=24).update(amount=2)
    assert watch_requests(now + timedelta(hours=1)) == (0, 0)
    assert watch_requests(now + timedelta(hours=2)) == (1, 0)
    EscalationRule.objects.filter(about="program").delete()
    assert Task.objects.filter(kind="call_program").count() == 1


@pytest.mark.parametrize(("amount", "call"), [(10, 2), (30, 4), (25, 4)])
def test_a_call_for_help_reaches_supervisors_when_the_rule_says(
    taken: Referral, supervisor: Any, make_user: Callable[..., Any], amount: int, call: int, now: datetime,
    post: Callable[..., list[Letter]],
) -> None:  # fmt: skip
    dora = make_user("dora", "Navigators")
    DutyShift.objects.create(user=dora, channel="email", starts_at=now - DAY, ends_at=now + DAY)
    EscalationRule.objects.filter(about="crisis").update(amount=amount)
    answer_check_in(taken.followups.earliest("pk").pk, "help", actor=FAMILY, now=now)
    for number in range(1, call + 1):
        at = now + (number - 1) * AGAIN
        assert number == 1 or call_again(at) == 1
        to = {each.row.address for each in post(at) if each.row.reference.startswith("duty:")}
        at_once = {dora.email, "navigator@example.org"}  # on duty, and who has the family
        assert to == ({*at_once, supervisor.email} if number == call else at_once)


def test_without_any_rule_supervisors_still_hear_of_a_call_for_help(
    taken: Referral, supervisor: Any, make_user: Callable[..., Any], now: datetime, post: Callable[..., list[Letter]]
) -> None:
    dora = make_user("dora", "Navigators")
    DutyShift.objects.create(user=dora, channel="email", starts_at=now - DAY, ends_at=now + DAY)
    EscalationRule.objects.all().delete()
    answer_check_in(taken.followups.earliest("pk").pk, "help", actor=FAMILY, now=now)
    for number in (1, 2):
        call_again(now + number * AGAIN)
    assert supervisor.email in {each.row.address for each in post(now + 2 * AGAIN)}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": 0}, "Enter at least 1: nothing can wait for no time."),
        ({"tell_supervisors": False}, "Choose at least one who is told."),
        ({"amount": 24}, "There is a step after this time already. Change that one, or enter another time."),
        ({"amount": 1, "unit": "days"}, "There is a step after this time already."),
        ({"amount": 61, "unit": "days"}, "Enter at most 60 days."),
        ({"about": "crisis", "amount": 5}, "waits at most 4 hours"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_a_sentence(
    supervisor: Any, sign_in: Callable[[Any], Client], changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        save_rule(rule(**changed), actor=Actor.of(supervisor))
    wrong = rule(**changed)
    typed = {"about": wrong.about, "amount": wrong.amount, "unit": wrong.unit, "active": "on"}
    typed |= {"tell": ["supervisors"]} if wrong.tell_supervisors else {}
    answer = sign_in(supervisor).post(address("new"), typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert EscalationRule.objects.count() == 5


def test_a_supervisor_changes_adds_and_deletes_steps(supervisor: Any, sign_in: Callable[[Any], Client]) -> None:
    browser, page = sign_in(supervisor), reverse("workspace:escalations")
    typed = {"about": "new", "amount": 45, "unit": "minutes", "tell": ["duty", "holder"], "active": "on"}
    assert browser.post(address("new"), typed).status_code == 302
    made = EscalationRule.objects.get(amount=45)
    assert (made.tell_duty, made.tell_holder, made.tell_supervisors) == (True, True, False)
    assert browser.post(address(made.pk), {**typed, "active": ""}).status_code == 302
    assert not EscalationRule.objects.get(amount=45).active
    assert "after 45 minutes" in browser.get(page).content.decode()
    assert browser.post(reverse("workspace:escalation-delete", args=[made.pk])).status_code == 302
    assert browser.post(address(made.pk), typed).status_code == 302  # gone: a sentence, and no error
    assert not EscalationRule.objects.filter(amount=45).exists()


def test_calls_for_help_are_never_left_without_a_step(supervisor: Any, sign_in: Callable[[Any], Client]) -> None:
    browser, page = sign_in(supervisor), reverse("workspace:escalations")
    last, other = EscalationRule.objects.get(about="crisis"), EscalationRule.objects.get(about="new")
    shown = browser.get(page).content.decode()
    assert reverse("workspace:escalation-delete", args=[last.pk]) not in shown
    asks = shown.index("Delete this step?")
    assert asks < shown.index(reverse("workspace:escalation-delete", args=[other.pk]), asks)  # asked before it is sent
    answer = browser.post(reverse("workspace:escalation-delete", args=[last.pk]), follow=True)
    assert "A call for help needs a step in force." in answer.content.decode()
    typed = {"about": "crisis", "amount": 20, "unit": "minutes", "tell": ["supervisors"]}
    assert browser.post(address(last.pk), typed).status_code == 422  # nor may it be put out of force
    assert browser.post(address(last.pk), {**typed, "about": "new", "active": "on"}).status_code == 422
    save_rule(rule(about="crisis", amount=30, unit="minutes"), actor=Actor.of(supervisor))
    delete_rule(last.pk, actor=Actor.of(supervisor))
    assert EscalationRule.objects.get(about="crisis").amount == 30


def test_calls_for_help_that_wait_stand_first_on_the_page(
    taken: Referral, supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    answer_check_in(taken.followups.earliest("pk").pk, "help", actor=FAMILY, now=now)
    shown = sign_in(supervisor).get(reverse("workspace:escalations")).content.decode()
    assert "Someone asks for help now" in shown and taken.public_code in shown
    assert "Nothing has waited too long." not in shown
    assert AccessEvent.objects.filter(actor=supervisor, subject=taken.key, purpose="escalations").exists()


def test_the_page_shows_what_still_waits_and_takes_it(
    asked: Placement, supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    escalate(now + DAY)
    browser, page = sign_in(supervisor), reverse("workspace:escalations")
    assert asked.referral.public_code in browser.get(page).content.decode()
    assert AccessEvent.objects.filter(actor=supervisor, subject=asked.referral.key, purpose="escalations").exists()
    notice = EscalationNotice.objects.get()
    assert browser.post(reverse("workspace:escalation-have", args=[notice.pk])).status_code == 302
    shown = browser.get(page).content.decode()
    assert "Sam Supervisor has it since" in shown and "/have/" not in shown


def test_who_has_the_family_sees_to_it_on_its_page_or_in_the_list(
    asked: Placement, staff: Client, supervisor: Any, now: datetime
) -> None:
    escalate(now + DAY)
    notice, page = EscalationNotice.objects.get(), reverse("workspace:referral", args=[asked.referral_id])
    for address_ in (page, reverse("workspace:escalations")):
        shown = staff.get(address_).content.decode()
        assert "A program has not answered" in shown and "I have it" in shown
        assert "The steps" not in shown
    done = staff.post(reverse("workspace:escalation-have", args=[notice.pk]), {"page": "1"}, follow=True)
    assert done.redirect_chain[-1][0] == page
    assert "Nora Navigator has it since" in done.content.decode()
    assert escalate(now + 2 * DAY) == 0  # nothing is told again


def test_of_a_colleagues_family_only_who_is_on_duty_sees_to_it(
    asked: Placement, make_user: Callable[..., Any], sign_in: Callable[[Any], Client], now: datetime
) -> None:
    escalate(now + DAY)
    notice, olga = EscalationNotice.objects.get(), make_user("olga", "Navigators")
    browser, page = sign_in(olga), reverse("workspace:escalations")
    assert asked.referral.public_code not in browser.get(page).content.decode()
    browser.post(reverse("workspace:escalation-have", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.acknowledged_at is None
    DutyShift.objects.create(user=olga, starts_at=now, ends_at=now + DAY, channel="email")
    shown = browser.get(page).content.decode()
    assert asked.referral.public_code in shown and str(asked.referral.contact) not in shown
    browser.post(reverse("workspace:escalation-have", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.acknowledged_by == olga


def test_the_admin_keeps_the_last_step_for_calls_for_help(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    browser = sign_in(make_user("root", is_superuser=True))
    crisis, every = EscalationRule.objects.get(about="crisis").pk, EscalationRule.objects.count()
    several = reverse("admin:referral_escalationrule_changelist")
    sent = {"action": "delete_selected", "post": "yes"}
    for chosen in ([crisis], list(EscalationRule.objects.values_list("pk", flat=True))):
        refused = browser.post(several, {**sent, "_selected_action": chosen}, follow=True)
        assert "A call for help needs a step in force." in refused.content.decode()
    one = reverse("admin:referral_escalationrule_delete", args=[crisis])
    assert "A call for help needs a step in force." in browser.post(one, sent, follow=True).content.decode()
    assert EscalationRule.objects.count() == every
    other = EscalationRule.objects.get(about="new").pk
    browser.post(several, {**sent, "_selected_action": [other]})
    assert not EscalationRule.objects.filter(about="new").exists()


def test_rules_are_for_supervisors(staff: Client, nora: Actor) -> None:
    assert staff.get(address("new")).status_code == 403
    assert staff.post(reverse("workspace:escalations")).status_code == 403
    assert staff.post(reverse("workspace:escalation-delete", args=[1])).status_code == 403
    with pytest.raises(Refused):
        save_rule(rule(), actor=nora)
    with pytest.raises(Refused):
        delete_rule(1, actor=nora)
