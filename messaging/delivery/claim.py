"""Taking due messages in hand: one statement per batch, fenced, whatever else runs beside it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from messaging import clock
from messaging.models import Channel, Message


@dataclass(frozen=True)
class Claim:
    """A message in hand. Only who knows the token may go on with it."""

    message: int
    token: uuid.UUID


# The list is a CTE of its own because PostgreSQL may run a sub-select again, and then claim more than one batch.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM messaging_message
    WHERE state = 'scheduled' AND channel = %s AND due_at <= %s
    ORDER BY due_at, id LIMIT %s {skip_locked}
)
UPDATE messaging_message
SET state = 'claimed', reason = '', claim_token = %s, fence = fence + 1, changed_at = %s
WHERE id IN (SELECT id FROM due) AND state = 'scheduled'
RETURNING id, due_at
"""


def claim(channel: str, most: int) -> list[Claim]:
    """Claim up to `most` due messages of the channel, the oldest first, as far as its bucket allows."""
    now = clock.now()
    if not Message.objects.due(channel, now).exists():
        return []
    with transaction.atomic():
        given = _take(channel, most, now)
        return _claim_rows(channel, given, now) if given else []


def _take(channel: str, most: int, now: datetime) -> int:
    row = Channel.objects.of(channel)
    limited = row.rate_per_s or row.failures or row.paused
    if not limited:
        return most
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel)
    given = row.take(most, now)
    row.save(update_fields=["tokens", "filled_at"])
    return given


def _claim_rows(channel: str, most: int, now: datetime) -> list[Claim]:
    token = uuid.uuid4()
    postgres = connection.vendor == "postgresql"
    ops = connection.ops
    stamp = ops.adapt_datetimefield_value(now)
    stored_token: Any = token if postgres else token.hex
    sql = _CLAIM.format(skip_locked="FOR UPDATE SKIP LOCKED" if postgres else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [channel, stamp, most, stored_token, stamp])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))
    return [Claim(row[0], token) for row in rows]


def release(claims: list[Claim]) -> int:
    """Put back what was claimed and not touched; return how many."""
    if not claims:
        return 0
    return Message.objects.filter(
        pk__in=[claim.message for claim in claims], claim_token=claims[0].token, state="claimed"
    ).update(state="scheduled", claim_token=None, changed_at=clock.now())
