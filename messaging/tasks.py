"""The nudges. A task carries the name of a channel, never a person; the database says what there is to do.

A lost nudge costs a second, a repeated one nothing. `manage.py drain --loop` does the same without a broker.
"""

from __future__ import annotations

import logging
from functools import partial

from celery import shared_task
from kombu.exceptions import OperationalError

from messaging.alerts import watch
from messaging.delivery import drain as delivery
from messaging.delivery import rescue

log = logging.getLogger(__name__)


@shared_task
def drain(channel: str, *, ahead: bool = True) -> None:
    """Send what is due on one channel. A nudge by beat also looks `ahead` to the next: what falls due before that is
    nudged for in its time."""
    for wait in delivery.soon(channel) if ahead else []:
        _nudge(channel, wait)
    delivery.drain(channel, call_help=partial(_call_help, channel))


def _nudge(channel: str, wait: float = 0.0) -> None:
    """Ask for a drain in `wait` seconds, by whoever is free then."""
    try:
        drain.apply_async((channel,), {"ahead": False}, countdown=wait, expires=wait + 60)
    except OperationalError as error:
        # The next tick says the same.
        log.warning("messaging: a nudge is lost: %s", type(error).__name__)


def _call_help(channel: str) -> None:
    # Twice: a worker that held a nudge for its time has asked Redis for one more by then, and takes one itself.
    for _each in range(2):
        _nudge(channel)


@shared_task
def reap() -> None:
    """Take back what dead workers held."""
    rescue.reap()


@shared_task
def reconcile() -> None:
    """Settle what is uncertain, and raise an alert where something has waited for too long."""
    rescue.reconcile()
    watch()
