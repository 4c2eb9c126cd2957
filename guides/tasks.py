"""The nudges of this app. They carry no data: the database says what there is to do."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from guides.workflow import stages, telling


def look_after(now: datetime) -> None:
    """What the beat asks for, for where there is no broker."""
    stages.run_due(now)
    telling.tell_next()
    telling.tell_reviews(timezone.localdate(now))


@shared_task
def publish_due() -> None:
    """Publish and unpublish what is due, and tell whoever a draft or a review waits for."""
    look_after(timezone.now())
