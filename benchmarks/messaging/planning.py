"""Messages for a run, put into the tables by the thousand. Import only after `django.setup()`."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from messaging.calendar import is_quiet
from messaging.models import Channel, Message, Permission
from messaging.people import address_index

ZONES = [
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Honolulu",
]
LATER = timedelta(days=30)


def prepare() -> None:
    """The rows of the channels."""
    Channel.objects.of("email")
    Channel.objects.of("sms")


def awake_zone(now: datetime) -> str:
    """A zone in which it is day now and stays so for a while."""
    channel = Channel.objects.of("email")
    for hours in range(-11, 13):
        zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
        local = now.astimezone(ZoneInfo(zone)).hour
        if 9 <= local <= 15 and not is_quiet(now, zone, channel.quiet_from, channel.quiet_to):
            return zone
    raise RuntimeError("it is night everywhere")


def plan(
    count: int, *, due: Iterator[datetime], now: datetime, zones: list[str], seed: int, start: int = 0
) -> list[int]:
    """Plan `count` messages to as many people who all agreed; return their ids."""
    chance = random.Random(seed)
    ids: list[int] = []
    for first in range(start, start + count, 1000):
        rows, permissions = [], []
        for number in range(first, min(first + 1000, start + count)):
            address = f"sample{number}@example.org"
            index, public_id, at = address_index("email", address), uuid.UUID(int=chance.getrandbits(128)), next(due)
            rows.append(
                Message(
                    public_id=public_id,
                    channel="email",
                    template="check-in",
                    language="en",
                    zone=zones[number % len(zones)],
                    person_key=f"contact:{number}",
                    reference=f"followup:{number}",
                    dedupe_key=f"followup:{number}",
                    address=address,
                    address_index=index,
                    due_at=at,
                    not_after=at + timedelta(days=3),
                    created_at=now,
                    changed_at=now,
                    message_id=f"<{public_id}@bench.example>",
                )
            )
            permissions.append(
                Permission(address_index=index, channel="email", wording="yes", source="bench", given_at=now)
            )
        Permission.objects.bulk_create(permissions)
        ids += [row.pk for row in Message.objects.bulk_create(rows)]
    return ids


def backlog(count: int, *, now: datetime, start: int = 0) -> None:
    """Add `count` messages that are due in a month, by copying one row inside the database."""
    model = plan(1, due=iter([now + LATER]), now=now, zones=["UTC"], seed=987 + start, start=90_000_000 + start)[0]
    names = [field.column for field in Message._meta.concrete_fields if field.column and field.column != "id"]
    if connection.vendor == "postgresql":
        numbers = f"generate_series({start + 1}, {start + count}) AS n"
        made = {
            "public_id": "gen_random_uuid()",
            "dedupe_key": "'later:' || n",
            "message_id": "'<later-' || n || '@bench.example>'",
            "reference": "'followup:later-' || n",
            "due_at": "due_at + n * interval '100 milliseconds'",
        }
    else:
        last = start + count
        counted = f"SELECT {start + 1} UNION ALL SELECT n + 1 FROM c WHERE n < {last}"
        numbers = f"(WITH RECURSIVE c(n) AS ({counted}) SELECT n FROM c)"
        made = {
            "public_id": "lower(hex(randomblob(16)))",
            "dedupe_key": "'later:' || n",
            "message_id": "'<later-' || n || '@bench.example>'",
            "reference": "'followup:later-' || n",
            "due_at": "strftime('%Y-%m-%d %H:%M:%f', due_at, '+' || (n / 10) || ' seconds')",
        }
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(made.get(name, f'"{name}"') for name in names)
    source = f"messaging_message, {numbers} WHERE id = {model}"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO messaging_message ({columns}) SELECT {values} FROM {source}")
        cursor.execute("VACUUM ANALYZE messaging_message" if connection.vendor == "postgresql" else "ANALYZE")
