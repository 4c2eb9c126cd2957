"""News of one family: bundled where it comes at once, and never in the way of what a person writes or takes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter
from messaging.models import Message
from messaging.steering import UNDO
from referral.actions.common import Actor
from referral.actions.notices import NEWS, NEWS_APART, tell_family
from referral.actions.placements import accept_placement
from referral.actions.replies import tell_the_family
from referral.actions.undoing import undo_last
from referral.actions.writing import Letter as Words
from referral.actions.writing import when_to_family, write_to_family
from referral.models import Placement, Referral

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
Post = Callable[..., list[Letter]]
SECOND = timedelta(seconds=1)


@pytest.fixture
def full(taken: Referral, post: Post, now: datetime) -> Referral:
    """A family that got three messages today which went by themselves."""
    for number in range(3):
        at = now - timedelta(hours=1) + number * NEWS_APART
        with travel(at, tick=False):
            tell_family(taken, NEWS, now=at, occasion=str(number))
            post(at)
    post(now)
    assert Message.objects.filter(reference=f"{NEWS}:{taken.pk}", state="sent").count() == 3
    return taken


def test_news_that_comes_at_once_is_two_messages_at_most(taken: Referral, post: Post, now: datetime) -> None:
    post(now)
    for number in range(6):
        tell_family(taken, NEWS, now=now + number * SECOND, occasion=str(number))
        if number == 0:
            assert len(post(now)) == 1  # the first goes at once
    assert not post(now + timedelta(minutes=1))
    assert len(post(now + NEWS_APART)) == 1
    tell_family(taken, NEWS, now=now + timedelta(hours=2), occasion="later")
    assert len(post(now + timedelta(hours=2))) == 1


def test_what_staff_write_goes_on_a_full_day(full: Referral, post: Post, nora: Actor, now: datetime) -> None:
    assert when_to_family(full, "sms", now=now).waits == ()
    write_to_family(full.pk, Words(key=uuid4(), channel="sms", words="Call me when you can."), actor=nora, now=now)
    (written,) = post(now + UNDO)
    assert "Call me when you can." in written.content.text
    tell_the_family(full.pk, "Bring your card.", actor=nora, now=now)
    assert len(post(now + UNDO)) == 1


def test_an_acceptance_told_and_taken_back_is_told_at_once(
    taken: Referral, placement: Placement, program: Program, post: Post, settings: Any, now: datetime
) -> None:
    settings.MESSAGING_DAILY_CAP = 1
    post(now)
    admissions = Actor.program(program.name)
    accept_placement(placement.pk, actor=admissions, now=now)
    assert len(post(now, "email")) + len(post(now, "sms")) == 1
    for number in range(2):
        tell_family(taken, NEWS, now=now + SECOND, occasion=str(number))  # more, which waits
    later = now + timedelta(minutes=2)
    with travel(later, tick=False):
        undo_last(placement.pk, actor=admissions, now=later)
        assert len(post(later)) == 1
