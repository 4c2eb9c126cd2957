"""The nudges of this app. They carry no data: the database says what there is to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from guides.workflow import stages, telling


@shared_task
def publish_due() -> None:
    """Publish and unpublish what is due, and tell whoever a draft waits for."""
    stages.run_due(timezone.now())
    telling.tell_next()
