"""The nudges of this app. They carry no data: the database says what there is to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from referral.actions import duty, escalations, waiting


@shared_task
def call_again() -> None:
    """Call whoever is on duty once more for what nobody has answered."""
    duty.call_again(timezone.now())


@shared_task
def watch_requests() -> None:
    """See to the requests that no program has answered in time."""
    waiting.watch_requests(timezone.now())


@shared_task
def watch_ways() -> None:
    """Ask staff to see to who can be reached by no way that they allowed."""
    waiting.watch_ways(timezone.now())


@shared_task
def escalate() -> None:
    """Tell of what has waited for as long as the rules say."""
    escalations.escalate(timezone.now())
