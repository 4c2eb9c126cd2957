"""What the beats ask for is done without Redis, too."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from config.beat import EVERY

pytestmark = pytest.mark.django_db
# The task of a beat, and what `manage.py drain --loop` calls in its place; messages and the sweep stand in its loop.
WITHOUT_REDIS = {
    "referral.tasks.call_again": "referral.actions.duty.call_again",
    "referral.tasks.watch_requests": "referral.actions.waiting.watch_requests",
    "referral.tasks.watch_ways": "referral.actions.waiting.watch_ways",
    "referral.tasks.escalate": "referral.actions.escalations.escalate",
    "guides.tasks.publish_due": "guides.tasks.look_after",
}
IN_THE_LOOP = {"messaging.tasks.drain", "messaging.tasks.reap", "messaging.tasks.reconcile", "privacy.tasks.sweep"}


def test_each_beat_has_its_place_in_the_loop_without_redis() -> None:
    assert {each["task"] for each in EVERY.values()} == WITHOUT_REDIS.keys() | IN_THE_LOOP
    assert sorted(settings.WATCHES) == sorted(WITHOUT_REDIS.values())


def test_each_watch_takes_the_time_it_is() -> None:
    for path in settings.WATCHES:
        import_string(path)(timezone.now())
