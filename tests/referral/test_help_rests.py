"""While a family asks for help nothing asks it how things are; a decline is not taken back once another accepted."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
from django.test import Client

from directory.models import Program
from messaging.models import Message
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.duty import resolve
from referral.actions.placements import accept_placement
from referral.actions.sending import send_to_program
from referral.models import Placement, Referral
from tests.referral.desks import answers, at_the_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def planned(referral: Referral) -> int:
    return Message.objects.filter(reference__in=[each.key for each in referral.followups.pending()]).pending().count()


def test_check_ins_wait_while_help_is_asked_for(staff: Client, taken: Referral, nora: Actor, now: datetime) -> None:
    first, *rest = taken.followups.pending().order_by("due_at")
    assert planned(taken) > 1
    answer_check_in(first.pk, "help", actor=FAMILY, now=now)
    assert planned(taken) == 0 and taken.followups.pending().count() == len(rest)
    sentence = "Check-ins wait until the call for help is done"
    assert sentence in staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    later = rest[0].due_at + timedelta(minutes=1)
    resolve(taken.tasks.crises().get().pk, "Spoke with her.", actor=nora, now=later)
    assert planned(taken) == taken.followups.pending().filter(kind="message").count() == 2
    assert taken.followups.pending().count() == len(rest) - 1
    assert sentence not in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


def test_a_decline_stands_once_another_program_accepted(placement: Placement, nora: Actor, now: datetime) -> None:
    desk = at_the_desk(placement, now)
    answers(desk, placement, "decline", reason="full")
    assert Placement.objects.get(pk=placement.pk).status == "rejected"
    other = Program.objects.public().exclude(pk=placement.program_id).earliest("pk")
    asked = send_to_program(placement.referral_id, other, ["contact"], actor=nora, now=now)
    accept_placement(asked.pk, actor=Actor.program("Another"), now=now)
    assert "Your answer stands" in html.unescape(answers(desk, placement, "undo", follow=True).content.decode())
    assert Placement.objects.get(pk=placement.pk).status == "rejected"
