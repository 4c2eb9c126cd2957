"""The owner of the benchmark's references: gives two variables and keeps nothing."""

from __future__ import annotations

from datetime import datetime

from messaging.client import MessageEvent, Withheld
from messaging.declared import Declared, Text

TEXT = "Hello {{ first_name }}, how are things going? Choose one answer here:\n\n{{ link }}"
NAMES = frozenset({"first_name", "link"})


def templates() -> dict[str, Declared]:
    return {"check-in": Declared("check-in", NAMES, NAMES, {("email", "en"): Text("A note from Waymark", TEXT)})}


class Owner:
    def context(self, reference: str, _now: datetime) -> dict[str, str] | Withheld:
        return {"first_name": "Sample", "link": f"https://waymark.example/c/{reference.replace(':', '')}/"}

    def record(self, _event: MessageEvent) -> bool:
        return True
