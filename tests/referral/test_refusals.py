"""Each reason for which an action is refused has one exception and one sentence, and none stands for another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from referral.actions import consents, followups, referrals, replies
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, Ended, NoRole, NotYours, require
from referral.lifecycle import Refused, Role, Why
from referral.models import FollowUpPlan, Referral, TimelineEntry
from referral.refusals import sentence

pytestmark = pytest.mark.django_db
CLOSED = "This referral is closed."
LOST = "Someone else has taken this referral."


@pytest.fixture
def closed(taken: Referral, nora: Actor, now: datetime) -> Referral:
    return close_referral(taken.pk, closing="declined", reason="They moved away.", actor=nora, now=now)


@pytest.mark.parametrize("button", ["check-in", "ask-consent", "plan"])
def test_a_closed_referral_says_closed_not_taken(closed: Referral, staff: Client, button: str) -> None:
    plan = FollowUpPlan.objects.earliest("pk")
    lines = TimelineEntry.objects.count()
    answer = staff.post(f"/staff/referral/{closed.pk}/{button}/", {"version": closed.version, "plan": plan.pk})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert CLOSED in page and LOST not in page
    assert TimelineEntry.objects.count() == lines


def test_what_is_planned_or_heard_after_the_end_raises_ended(closed: Referral, nora: Actor, now: datetime) -> None:
    plan = FollowUpPlan.objects.earliest("pk")
    for act in (
        lambda: followups.check_in_now(closed.pk, actor=nora, now=now),
        lambda: followups.set_plan(closed.pk, plan, actor=nora, now=now),
        lambda: consents.ask_for_consent(closed.pk, actor=nora, now=now),
        lambda: replies.hear_family(closed.pk, "Hello?", actor=FAMILY, now=now),
        lambda: replies.nobody_called(closed.pk, actor=FAMILY, now=now),
    ):
        with pytest.raises(Ended):
            act()


def test_a_colleagues_referral_raises_not_yours(
    taken: Referral, supervisor: Any, make_user: Callable[..., Any], now: datetime
) -> None:
    referrals.assign(taken.pk, supervisor, actor=Actor.of(supervisor), now=now)
    ben = Actor.of(make_user("ben", "Navigators"))
    with pytest.raises(NotYours):
        referrals.add_note(taken.pk, "x", actor=ben, now=now)


def test_an_account_without_a_role_cannot_be_assigned(
    taken: Referral, supervisor: Any, make_user: Callable[..., Any], now: datetime
) -> None:
    editor = make_user("editor", "Editors")
    with pytest.raises(NoRole):
        referrals.assign(taken.pk, editor, actor=Actor.of(supervisor), now=now)


def test_the_wrong_role_is_refused_as_such() -> None:
    with pytest.raises(Refused) as refused:
        require(FAMILY, Role.NAVIGATOR)
    assert refused.value.why is Why.NOT_YOU


def test_every_reason_has_a_sentence_of_its_own() -> None:
    errors = [Ended(), NoRole(), NotYours(), Refused(Why.NOT_YOU, "x", None), Refused(Why.NOT_FROM_HERE, "x", "new")]
    said = [sentence(error) for error in errors]
    assert len(set(said)) == len(errors)


def test_a_referral_that_never_was_is_not_found(staff: Client) -> None:
    assert staff.post("/staff/referral/999999/note/", {"note": "Hello."}).status_code == 404
