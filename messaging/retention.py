"""What of old messages is deleted: each kind has its time, and what something may still happen to is never touched.

Keys are given in the order of time, so where a table's old part ends is found by halving: no index is written for it,
and a sweep costs what it deletes, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction

from messaging.models import Attempt, InboundReply, Message, ProviderEvent, SendBudget, Sweeping, WrittenWords
from messaging.states import State

BATCH = 1000
MOST = 50_000  # of a kind in one sweep: the next one goes on
AT_REST = (
    State.SENT,
    State.DELIVERED,
    State.BOUNCED,
    State.CANCELLED,
    State.SUPPRESSED,
    State.EXPIRED,
    State.DEAD,
)
# A day's count matters until that day is over everywhere.
BUDGETS_KEPT = 7


@dataclass(frozen=True)
class Kind:
    """Rows that are deleted when they are `days` old; `written` is the column that says when they were made."""

    name: str
    days: int
    model: type[models.Model]
    written: str
    rows: Callable[[datetime], models.QuerySet[Any]]


def kinds() -> list[Kind]:
    """Every kind, with the time that the settings give it."""
    keep: Mapping[str, int] = settings.MESSAGING_KEEP_DAYS
    return [
        Kind("messages", keep["messages"], Message, "created_at", _messages),
        Kind(
            "reports", keep["reports"], ProviderEvent, "at", lambda before: ProviderEvent.objects.filter(at__lt=before)
        ),
        Kind("replies", keep["replies"], InboundReply, "at", lambda before: _replies().filter(at__lt=before)),
        Kind("days", BUDGETS_KEPT, SendBudget, "day", lambda before: SendBudget.objects.filter(day__lt=before.date())),
    ]


def forget_old(*, now: datetime) -> int:
    """Delete what is older than its kind is kept; return how many rows that were, without the tries of messages."""
    return sum(_delete(_old(kind, now)) for kind in kinds())


def would_forget(now: datetime) -> dict[str, int]:
    """How many rows of each kind the next sweeps will delete."""
    return {kind.name: _old(kind, now).count() for kind in kinds()}


def _messages(before: datetime) -> models.QuerySet[Any]:
    return Message.objects.in_state(*AT_REST).filter(created_at__lt=before, changed_at__lt=before)


def _replies() -> models.QuerySet[Any]:
    return InboundReply.objects.filter(waits=False)


def _old(kind: Kind, now: datetime) -> models.QuerySet[Any]:
    before = now - timedelta(days=kind.days)
    edge: datetime | date = before.date() if kind.written == "day" else before
    return kind.rows(before).filter(pk__lt=_first_since(kind.model, kind.written, edge)).order_by("pk")


def _first_since(model: type[models.Model], written: str, edge: datetime | date) -> int:
    """The key from which on rows are not older than that."""
    keys = model._default_manager.order_by("pk").values_list("pk", written)
    last = keys.last()
    low, high = 0, last[0] + 1 if last else 0
    while low < high:
        middle = (low + high) // 2
        row = keys.filter(pk__gte=middle).first()
        if row is not None and row[1] < edge:
            low = row[0] + 1
        else:
            high = middle
    return low


def _delete(rows: models.QuerySet[Any]) -> int:
    total = 0
    while total < MOST:
        with transaction.atomic():
            # What is locked is in somebody's hand: it is old enough for the next sweep, too.
            free = rows.select_for_update(skip_locked=True) if _can_skip() else rows
            keys = list(free.values_list("pk", flat=True)[:BATCH])
            if not keys:
                return total
            if rows.model is Message:
                _delete_messages(keys)
            else:
                rows.model._default_manager.filter(pk__in=keys)._raw_delete("default")
        total += len(keys)
    return total


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def _delete_messages(keys: list[int]) -> None:
    for model in (InboundReply, ProviderEvent):
        model._default_manager.filter(message__in=keys).update(message=None)
    # The log of tries lets this pass only where such a row is seen.
    sweeping = Sweeping.objects.create()
    Attempt.objects.filter(message__in=keys)._raw_delete("default")
    sweeping.delete()
    WrittenWords.objects.filter(message__in=keys)._raw_delete("default")
    Message.objects.filter(pk__in=keys)._raw_delete("default")
