"""Mail to a program's mailbox is not stopped by whoever has it forwarded, at least not without a word to staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from messaging.channels.mail import build
from messaging.letter import Letter, choices_url
from messaging.models import Suppression
from referral.models import Placement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows")]
Post = Callable[..., list[Letter]]


def letter_to(post: Post, now: datetime, who: str) -> Letter:
    return next(each for each in post(now) if each.row.person_key.startswith(who))


def test_mail_at_work_has_no_single_click(placement: Placement, post: Post, now: datetime) -> None:
    letter = letter_to(post, now, "program:")
    assert "List-Unsubscribe-Post" not in build(letter).extra_headers
    url = choices_url(letter.row).removeprefix(settings.BASE_URL)
    assert Client().post(url, {"List-Unsubscribe": "One-Click"}).status_code == 400
    assert not Suppression.objects.exists()


def test_a_stop_at_work_needs_a_box_and_is_told(placement: Placement, post: Post, now: datetime) -> None:
    reader = Client()
    reader.get(choices_url(letter_to(post, now, "program:").row).removeprefix(settings.BASE_URL))
    asked = reader.post("/messages/", {"choice": "stop"})
    assert asked.status_code == 400 and "Check the box" in asked.content.decode()
    assert not Suppression.objects.exists()
    reader.post("/messages/", {"choice": "stop", "sure": "on"})
    assert Suppression.objects.exists()
    task = placement.referral.tasks.open().get(kind="call_program")
    assert "stopped our emails. Ask the program if that was meant." in task.more


def test_mail_to_a_family_keeps_its_single_click(placement: Placement, post: Post, now: datetime) -> None:
    assert "List-Unsubscribe-Post" in build(letter_to(post, now, "contact:")).extra_headers
