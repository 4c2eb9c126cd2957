"""What is done by the clock in this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from privacy import actions


@shared_task
def sweep() -> None:
    """Delete what nobody may need any more."""
    actions.sweep(timezone.now())
