"""The owner of the benchmark's references: gives two variables and keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from messaging.client import Context, MessageEvent
from messaging.declared import Declared, Text
from messaging.models import AlertNotice

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

    def record_sent(self, _events: Sequence[MessageEvent]) -> None:
        return

    def record(self, _event: MessageEvent) -> bool:
        return True
