"""What this app ships as rows: words of consents, first follow-up plans, hours, holidays, who is told of what waits.

Rows that exist are left alone: an admin's change survives every set-up.
"""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path
from typing import Any

from django.db import transaction

from referral.models import ConsentWording, EscalationRule, FollowUpPlan, Holiday, OfficeHours

FOLDER = Path(__file__).parent / "defaults"
LANGUAGES = ("en", "es")


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; return how many rows of each kind were added."""
    return {
        "wordings": _wordings(),
        "plans": _plans(),
        "escalation rules": _escalations(),
        "hours": _hours(),
    }


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _wordings() -> int:
    added = 0
    for row in _read("wordings"):
        for language in LANGUAGES:
            same = {"key": row["key"], "version": row["version"], "language": language}
            added += ConsentWording.objects.get_or_create(**same, defaults=row[language])[1]
    return added


def _hours() -> int:
    if OfficeHours.objects.exists():
        return 0
    (row,) = _read("hours")
    for weekday, opens, closes in row["hours"]:
        times = {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
        OfficeHours.objects.create(weekday=weekday, **times)
    for day, name in row["holidays"]:
        Holiday.objects.get_or_create(day=date.fromisoformat(day), defaults={"name": name})
    return len(row["hours"])


def _plans() -> int:
    if FollowUpPlan.objects.exists():
        return 0
    rows = _read("plans")
    for row in rows:
        plan = FollowUpPlan.objects.create(
            name=row["name"], is_default=row["is_default"], after_care=row.get("after_care", False)
        )
        for days, at, kind in row["steps"]:
            plan.steps.create(offset_days=days, local_time=time.fromisoformat(at), kind=kind)
    return len(rows)


def _escalations() -> int:
    if EscalationRule.objects.exists():
        return 0
    rows = _read("escalations")
    for row in rows:
        told = {f"tell_{who}": True for who in row.pop("tell")}
        EscalationRule.objects.create(**row, **told)
    return len(rows)
