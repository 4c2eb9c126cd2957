"""What nobody may need any more goes away by itself."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from privacy.actions import sweep
from privacy.sessions import forget_sessions
from privacy.tasks import sweep as by_the_clock

pytestmark = pytest.mark.django_db


def make_sessions(number: int, *, expire: datetime) -> None:
    Session.objects.bulk_create(
        Session(session_key=f"{expire:%m%d}{each:028}", session_data="", expire_date=expire) for each in range(number)
    )


def test_sessions_whose_time_is_over_go_in_batches_and_others_stay(now: datetime) -> None:
    make_sessions(7, expire=now - timedelta(seconds=1))
    make_sessions(2, expire=now + timedelta(days=1))
    assert forget_sessions(now=now, batch=3) == 7
    assert Session.objects.count() == 2


def test_every_function_of_the_settings_is_called_and_counted(now: datetime) -> None:
    make_sessions(1, expire=now - timedelta(seconds=1))
    counted = sweep(now)
    assert list(counted) == settings.SWEEPS
    assert counted["privacy.sessions.forget_sessions"] == 1


def test_the_clock_sweeps() -> None:
    make_sessions(1, expire=timezone.now() - timedelta(seconds=1))
    by_the_clock()
    assert not Session.objects.exists()
    assert by_the_clock.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
