"""The stories of the sample referrals. Each step does one thing through an action, then waits."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Any

from directory.models import Program
from referral.actions import check_ins, consents, followups, needs, placements, referrals, sending, tasks
from referral.actions.closing import close_referral, withdraw_referral
from referral.actions.common import FAMILY, Actor
from referral.models import FollowUp, FollowUpPlan, Placement, Referral, Task, TimelineEntry
from referral.needs import wish_of

Steps = Generator[timedelta, datetime, None]
ALL_WAYS = ("email", "text", "phone")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


class Teller:
    """One family and the people around it, with short names for what happens to them."""

    def __init__(self, world: Any):
        self.world = world
        self.dice = world.dice
        self.nora: Actor = self.dice.choice(world.staff)
        self.pk = 0
        self.placement = 0

    def asks(self, at: datetime, *, consent: bool = True, ways: tuple[str, ...] = ALL_WAYS) -> None:
        self.pk = self.world.open(at, consent=consent, ways=ways).pk

    def taken(self, at: datetime) -> None:
        if self.dice.random() < 0.2:
            to = self.nora.user
            assert to is not None
            referrals.assign(self.pk, to, actor=self.world.supervisor, now=at)
        else:
            referrals.take(self.pk, actor=self.nora, now=at)
        self.rung(at)

    def rung(self, at: datetime) -> None:
        """Most are called as they are taken; some calls stay on the list."""
        outcome = self.dice.choice(TimelineEntry.Call.values)
        if self.dice.random() < 0.8:
            calls = Task.objects.open().filter(referral=self.pk, kind__in=Task.CALLS)
            done = [each.pk for each in calls] if outcome == "reached" else []
            referrals.log_call(self.pk, outcome, "", done=done, actor=self.nora, now=at)

    def noted(self, at: datetime) -> None:
        referrals.add_note(self.pk, self.dice.choice(self.world.samples["notes"]), actor=self.nora, now=at)

    def settled(self, at: datetime, low: str, high: str) -> None:
        """The level, after a talk."""
        referral = Referral.objects.get(pk=self.pk)
        levels = self.world.levels
        need = needs.Need(
            concern=referral.concern,
            low=levels[low],
            high=levels[high],
            urgency=referral.urgency,
            reason=self.dice.choice(self.world.samples["reasons"]["level"]),
        )
        needs.change_need(self.pk, need, actor=self.nora, now=at)

    def sent(self, at: datetime) -> None:
        reason = self.world.samples["reasons"]["send"]  # is kept only where something speaks against the program
        self.placement = sending.send_to_program(
            self.pk, self._program(at), ["contact"], actor=self.nora, now=at, reason=reason
        ).pk

    def _program(self, at: datetime) -> Program:
        """One that has not been asked, and against which nothing speaks if there is such a one."""
        referral = Referral.objects.get(pk=self.pk)
        asked = set(referral.placements.values_list("program_id", flat=True))
        ranked = Program.objects.public().ranked(wish_of(referral), now=at)
        fits = [fit.program for fit in ranked if fit.program.pk not in asked and not fit.match.missed]
        found: Program = self.dice.choice(fits or [each for each in self.world.programs if each.pk not in asked])
        return found

    def program(self) -> Actor:
        return Actor.program(Placement.objects.select_related("program").get(pk=self.placement).program.name)

    def accepted(self, at: datetime) -> None:
        placements.accept_placement(self.placement, actor=self.program(), now=at)

    def declined(self, at: datetime) -> None:
        reason = self.dice.choice(self.world.samples["reasons"]["reject"])
        placements.reject_placement(self.placement, reason, actor=self.program(), now=at)

    def called(self, at: datetime) -> None:
        """Whatever was to do is done."""
        for task in Referral.objects.get(pk=self.pk).tasks.open():
            tasks.finish_task(task.pk, actor=self.nora, now=at)

    def answered(self, at: datetime, answer: str, text: str = "") -> None:
        """The family answers its latest check-in, if one has gone out."""
        open_ones = FollowUp.objects.filter(referral=self.pk, status=FollowUp.Status.SENT)
        latest = open_ones.order_by("-due_at").first()
        if latest:
            check_ins.answer_check_in(latest.pk, answer, actor=FAMILY, now=at, text=text)

    def answers(self, at: datetime) -> None:
        """Most families answer most check-ins, and staff see to what is due."""
        referral = Referral.objects.get(pk=self.pk)
        if referral.is_open and self.dice.random() < 0.8:
            self.answered(at, "connected" if referral.status == "connected" else "waiting")
        for task in referral.tasks.due(at):
            tasks.finish_task(task.pk, actor=self.nora, now=at)

    def plan(self, at: datetime, name: str) -> None:
        followups.set_plan(self.pk, FollowUpPlan.objects.get(name=name), actor=self.nora, now=at)


def new(t: Teller, at: datetime) -> Steps:
    t.asks(at, consent=t.dice.random() < 0.7)
    yield days(400)


def no_consent(t: Teller, at: datetime) -> Steps:
    t.asks(at, consent=False)
    at = yield hours(2)
    t.taken(at)
    at = yield hours(1)
    consents.ask_for_consent(t.pk, actor=t.nora, now=at)


def in_work(t: Teller, at: datetime) -> Steps:
    t.asks(at)
    at = yield hours(3)
    t.taken(at)
    at = yield hours(1)
    t.noted(at)
    at = yield hours(0.2)
    t.settled(at, "iop", "php")


def requested(t: Teller, at: datetime) -> Steps:
    t.asks(at)
    at = yield hours(1)
    t.taken(at)
    at = yield hours(1.5)
    t.noted(at)
    at = yield hours(0.2)
    t.sent(at)


def two_requested(t: Teller, at: datetime) -> Steps:
    yield from requested(t, at)
    at = yield hours(1)
    t.sent(at)


def waitlisted(t: Teller, at: datetime) -> Steps:
    yield from requested(t, at)
    at = yield hours(5)
    placements.waitlist_placement(t.placement, actor=t.program(), now=at)


def accepted(t: Teller, at: datetime) -> Steps:
    yield from requested(t, at)
    at = yield hours(6)
    t.accepted(at)
    at = yield hours(20)
    t.called(at)
    if t.dice.random() < 0.5:
        t.answered(at, "waiting")
        at = yield hours(2)
        t.called(at)


def connected(t: Teller, at: datetime) -> Steps:
    yield from accepted(t, at)
    at = yield days(4)
    t.answered(at, "connected")
    if Placement.objects.get(pk=t.placement).status == "accepted":
        placements.start_placement(t.placement, actor=t.nora, now=at)
    at = yield hours(3)
    t.plan(at, "After care has started")


def going_on(story: Callable[[Teller, datetime], Steps]) -> Callable[[Teller, datetime], Steps]:
    """The story, and after it the days until the present."""

    def steps(t: Teller, at: datetime) -> Steps:
        yield from story(t, at)
        while True:
            at = yield days(1.5)
            t.answers(at)

    return steps


def care_on_hold(t: Teller, at: datetime) -> Steps:
    yield from connected(t, at)
    at = yield days(5)
    placements.hold_placement(t.placement, "A stay in hospital comes first.", actor=t.nora, now=at)


def declined_then_asked_again(t: Teller, at: datetime) -> Steps:
    yield from requested(t, at)
    at = yield hours(4)
    t.declined(at)
    at = yield hours(18)
    t.called(at)
    at = yield hours(1)
    t.sent(at)


def did_not_work_out(t: Teller, at: datetime) -> Steps:
    yield from connected(t, at)
    at = yield days(6)
    placements.fail_placement(t.placement, t.dice.choice(t.world.samples["reasons"]["fail"]), actor=t.nora, now=at)
    at = yield hours(1)
    t.noted(at)


def consent_taken_back(t: Teller, at: datetime) -> Steps:
    yield from requested(t, at)
    at = yield hours(8)
    consent = Referral.objects.get(pk=t.pk).consents.first()
    assert consent is not None
    consents.revoke_consent(consent.pk, actor=FAMILY, now=at)


def on_hold(t: Teller, at: datetime) -> Steps:
    yield from in_work(t, at)
    at = yield hours(20)
    until = t.world.now + days(t.dice.choice([-1, 6, 12]))
    referrals.hold_referral(t.pk, until=until, reason=t.world.samples["reasons"]["hold"][0], actor=t.nora, now=at)


def needs_help(t: Teller, at: datetime) -> Steps:
    yield from accepted(t, at)
    at = yield hours(4)
    followups.check_in_now(t.pk, actor=t.nora, now=at)
    at = yield hours(20)
    t.answered(at, "help", "We were told to wait another month. I do not know what to do.")


def still_waiting(t: Teller, at: datetime) -> Steps:
    yield from waitlisted(t, at)
    at = yield days(2)
    t.answered(at, "waiting")


def stopped(t: Teller, at: datetime) -> Steps:
    yield from accepted(t, at)
    at = yield days(1)
    t.answered(at, "stop")


def met(t: Teller, at: datetime) -> Steps:
    yield from connected(t, at)
    at = yield days(14)
    t.answered(at, "connected", "It is going well. Thank you.")
    at = yield days(14)
    close_referral(t.pk, closing="met", reason="Doing well in care, family agrees.", actor=t.nora, now=at)


def not_reached(t: Teller, at: datetime) -> Steps:
    t.asks(at, ways=("phone",))
    at = yield hours(4)
    t.taken(at)
    for _each in range(3):
        at = yield days(2)
        t.noted(at)
    close_referral(t.pk, closing="unreachable", reason="Three calls on three days, no answer.", actor=t.nora, now=at)


def went_another_way(t: Teller, at: datetime) -> Steps:
    yield from two_requested(t, at)
    at = yield days(1)
    close_referral(t.pk, closing="declined", reason="They chose a program near an aunt.", actor=t.nora, now=at)


def withdrew(t: Teller, at: datetime) -> Steps:
    yield from in_work(t, at)
    at = yield days(1)
    withdraw_referral(t.pk, actor=FAMILY, now=at)


PLAN: list[tuple[float, Callable[[Teller, datetime], Steps]]] = [
    *((ago, new) for ago in (0.03, 0.1, 0.3, 0.6, 0.9)),
    *((ago, going_on(no_consent)) for ago in (1, 2, 5, 7)),
    *((ago, going_on(in_work)) for ago in (1, 3)),
    *((ago, going_on(requested)) for ago in (1, 1, 2, 4)),
    *((ago, going_on(two_requested)) for ago in (1, 3)),
    *((ago, going_on(waitlisted)) for ago in (2, 6)),
    *((ago, going_on(accepted)) for ago in (2, 2, 3, 5)),
    *((ago, going_on(connected)) for ago in (8, 10, 13, 17, 22, 28, 33, 41)),
    *((ago, going_on(care_on_hold)) for ago in (14, 30)),
    *((ago, going_on(declined_then_asked_again)) for ago in (2, 3, 4, 9)),
    *((ago, going_on(did_not_work_out)) for ago in (15, 24, 38)),
    *((ago, going_on(consent_taken_back)) for ago in (2, 11)),
    *((ago, on_hold) for ago in (5, 9, 16)),
    *((ago, needs_help) for ago in (4, 6)),
    *((ago, going_on(still_waiting)) for ago in (5, 12)),
    *((ago, going_on(stopped)) for ago in (6, 20)),
    *((ago, met) for ago in (44, 58, 66, 73, 85)),
    *((ago, not_reached) for ago in (19, 61)),
    (35, went_another_way),
    (50, withdrew),
]
