"""The owner of the benchmark's references: gives two variables, and knows only, where it matters, what is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from messaging import actions, clock
from messaging.client import Context, MessageEvent, Withheld
from messaging.declared import Declared, Text
from messaging.models import AlertNotice, Message

TEXT = "Hello {{ first_name }}, how are things going? Choose one answer here:\n\n{{ link }}"
NAMES = frozenset({"first_name", "link"})


def templates() -> dict[str, Declared]:
    return {"check-in": Declared("check-in", NAMES, NAMES, {("email", "en"): Text("A note from Waymark", TEXT)})}


class Owner:
    def contexts(self, references: Sequence[str], _now: datetime) -> dict[str, Context]:
        return {
            each: {"first_name": "Sample", "link": f"https://waymark.example/c/{each.replace(':', '')}/"}
            for each in references
        }

    def sample(self, _template: str, _language: str) -> dict[str, str]:
        return {"first_name": "Sample", "link": "https://waymark.example/c/sample/"}

    def alert(self, _notice: AlertNotice, _now: datetime) -> None:
        return

    def alert_open(self, _notice: AlertNotice) -> None:
        return

    def longest_pause(self, _person_key: str, _now: datetime) -> timedelta | None:
        return None

    def asks_first(self, _message: Message, _now: datetime) -> bool:
        return False

    def record_sent(self, _events: Sequence[MessageEvent]) -> None:
        return

    def record(self, _event: MessageEvent) -> bool:
        return True


class Closing(Owner):
    """Also knows which references were closed, as referrals are: what had left the gate by then, and is to go once more
    after a crash, goes no more."""

    def contexts(self, references: Sequence[str], now: datetime) -> dict[str, Context]:
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(references))
            cursor.execute(f"SELECT reference FROM bench_closed WHERE reference IN ({places})", list(references))
            closed: dict[str, Context] = {reference: Withheld("closed") for (reference,) in cursor.fetchall()}
        return {**super().contexts(references, now), **closed}


def prepare_closing() -> None:
    """Where `Closing` keeps what is closed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_closed (reference varchar(100) PRIMARY KEY)")


def close(reference: str) -> None:
    """Close it and take back its messages, in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_closed VALUES (%s) ON CONFLICT DO NOTHING", [reference])
        actions.cancel(reference, reason="closed", now=clock.now())
