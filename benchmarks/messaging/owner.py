"""The owner of the benchmark's references: gives two variables and keeps nothing."""

from __future__ import annotations

from datetime import datetime

from messaging.client import MessageEvent, Withheld


class Owner:
    def context(self, reference: str, _now: datetime) -> dict[str, str] | Withheld:
        return {"first_name": "Sample", "link": f"https://waymark.example/c/{reference.replace(':', '')}/"}

    def record(self, _event: MessageEvent) -> bool:
        return True
