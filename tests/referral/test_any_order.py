"""Whatever is done in whatever order, nobody is forgotten and nothing is shared or sent that may not be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from directory.models import Program
from messaging.models import Message
from referral.actions import consents, followups, merging, moving, placements, referrals, sending, stops
from referral.actions.closing import close_referral, withdraw_referral
from referral.actions.common import (
    FAMILY,
    Actor,
    CannotMerge,
    CannotSend,
    Ended,
    NotCovered,
    Stale,
    Unread,
    WantsNothing,
)
from referral.actions.effects import Changed
from referral.actions.intake import open_referral
from referral.lifecycle import Refused
from referral.models import Consent, FollowUpPlan, Placement, Referral
from tests.conftest import staff_account
from tests.referral.conftest import an_ask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REFUSALS = (
    Refused, CannotSend, Ended, NotCovered, Stale, Unread, WantsNothing, Changed, CannotMerge, moving.InOurArea,
)  # fmt: skip
ANY = st.integers(0, 3)
MOST = 4


class Days(RuleBasedStateMachine):
    """A navigator, a family that may ask twice, programs that answer, and days that pass. A refusal changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.now = timezone.now()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.staff = Actor.of(staff_account("sam", "Supervisors"))
        self.programs = list(Program.objects.public().order_by("pk")[:2])
        self.ask()

    def _try(self, action: Any, *args: Any, **kwargs: Any) -> None:
        before = list(Referral.objects.order_by("pk").values_list("pk", "version", "status"))
        try:
            with transaction.atomic():
                action(*args, now=self.now, **kwargs)
        except REFUSALS:
            assert list(Referral.objects.order_by("pk").values_list("pk", "version", "status")) == before

    def _one(self, which: int) -> int:
        keys = list(Referral.objects.order_by("pk").values_list("pk", flat=True))
        return keys[which % len(keys)]

    @precondition(lambda self: Referral.objects.count() < MOST)
    @rule()
    def ask(self) -> None:
        open_referral(an_ask(), actor=FAMILY, now=self.now)

    @rule(days=st.sampled_from([1, 3, 40, 200]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(which=ANY)
    def take(self, which: int) -> None:
        self._try(referrals.take, self._one(which), actor=self.staff)

    @rule(which=ANY, days=st.integers(1, 20))
    def hold(self, which: int, days: int) -> None:
        until = self.now + timedelta(days=days)
        self._try(referrals.hold_referral, self._one(which), until=until, reason="A trip.", actor=self.staff)

    @rule(which=ANY)
    def resume(self, which: int) -> None:
        self._try(referrals.resume_referral, self._one(which), actor=self.staff)

    @rule(which=ANY, program=st.integers(0, 1))
    def send(self, which: int, program: int) -> None:
        self._try(
            sending.send_to_program, self._one(which), self.programs[program], ["contact"], actor=self.staff,
            reason="Asked for it.",
        )  # fmt: skip

    @rule(which=st.integers(0, 9), move=st.sampled_from(["accept", "reject", "start", "complete", "fail"]))
    def answer(self, which: int, move: str) -> None:
        keys = list(Placement.objects.order_by("pk").values_list("pk", flat=True))
        if not keys:
            return
        action, words = getattr(placements, f"{move}_placement"), ["So it is."] if move in ("reject", "fail") else []
        self._try(action, keys[which % len(keys)], *words, actor=self.staff)

    @rule(which=ANY, closing=st.sampled_from(["met", "other"]))
    def close(self, which: int, closing: str) -> None:
        self._try(close_referral, self._one(which), closing=closing, reason="So it is.", actor=self.staff)

    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        self._try(withdraw_referral, self._one(which), actor=FAMILY)

    @rule(which=ANY)
    def reopen(self, which: int) -> None:
        self._try(moving.reopen_referral, self._one(which), "A slip.", actor=self.staff)

    @precondition(lambda self: Referral.objects.count() < MOST)
    @rule(which=ANY)
    def step(self, which: int) -> None:
        to = moving.NextStep(low=None, high=None, urgency="routine", reason="Ready.")
        self._try(moving.step_referral, self._one(which), to, actor=self.staff)

    @rule(keep=ANY, other=ANY, contact=st.booleans())
    def merge(self, keep: int, other: int, contact: bool) -> None:
        pair = self._one(keep), self._one(other)
        self._try(merging.merge_referrals, *pair, other_contact=contact, actor=self.staff)

    @rule(which=ANY)
    def unmerge(self, which: int) -> None:
        self._try(merging.unmerge_referral, self._one(which), "Two families.", actor=self.staff)

    @rule(which=ANY)
    def stop(self, which: int) -> None:
        self._try(stops.stop_messages, self._one(which), actor=FAMILY)

    @rule(which=ANY)
    def plan(self, which: int) -> None:
        plan = FollowUpPlan.objects.get(name="First weeks")
        self._try(followups.set_plan, self._one(which), plan, actor=self.staff)

    @rule(which=ANY)
    def revoke(self, which: int) -> None:
        keys = list(Consent.objects.order_by("pk").values_list("pk", flat=True))
        self._try(consents.revoke_consent, keys[which % len(keys)], actor=FAMILY)

    @invariant()
    def nobody_is_forgotten(self) -> None:
        for each in Referral.objects.open():
            assert each.next_action_at is not None

    @invariant()
    def what_has_ended_has_nothing_live(self) -> None:
        for each in Referral.objects.exclude(pk__in=Referral.objects.open()):
            assert not each.placements.live().exists() and not each.followups.pending().exists()
            assert each.closed_at is not None and each.closing

    @invariant()
    def nothing_goes_to_who_is_on_hold(self) -> None:
        for each in Referral.objects.filter(status="on_hold"):
            keys = [followup.key for followup in each.followups.pending()]
            assert not Message.objects.filter(reference__in=keys).pending().exists()

    @invariant()
    def a_withdrawn_signature_holds_nowhere(self) -> None:
        for each in Consent.objects.exclude(carried_from=None).filter(revoked_at=None).select_related("carried_from"):
            assert each.carried_from is not None and each.carried_from.revoked_at is None

    @invariant()
    def an_undecided_request_has_a_consent(self) -> None:
        for each in Placement.objects.filter(status__in=["requested", "waitlisted", "accepted"]):
            assert Consent.objects.filter(referral=each.referral_id, revoked_at=None).exists()

    @invariant()
    def a_duplicate_is_closed_and_leads_on(self) -> None:
        for each in Referral.objects.exclude(merged_into=None):
            assert each.status == "closed" and each.merged_into_id != each.pk


@pytest.mark.usefixtures("rows")
def test_any_order_of_actions_keeps_what_must_hold() -> None:
    few = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Days, settings=few)
