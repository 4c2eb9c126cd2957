"""The nudges. A task carries the name of a channel, never a person; the database says what there is to do.

A lost nudge costs a second, a repeated one nothing. `manage.py drain --loop` does the same without a broker.
"""

from __future__ import annotations

from celery import shared_task

from messaging.alerts import watch
from messaging.delivery import drain as delivery
from messaging.delivery import rescue


@shared_task
def drain(channel: str) -> None:
    """Send what is due on one channel."""
    delivery.drain(channel)


@shared_task
def reap() -> None:
    """Take back what dead workers held."""
    rescue.reap()


@shared_task
def reconcile() -> None:
    """Settle what is uncertain, and raise an alert where something has waited for too long."""
    rescue.reconcile()
    watch()
