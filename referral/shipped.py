"""What this app ships as rows: words of consents, first follow-up plans, hours, holidays, who is told of what waits.

Rows that exist are left alone, and what was deleted stays away: an admin's change survives every set-up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any

from django.db import transaction

from referral.models import ConsentWording, EscalationRule, FollowUpPlan, HandedOut, Holiday, OfficeHours

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


def _new(kind: str, rows: Iterable[str], *, used: bool) -> set[str]:
    """Which of these rows are to be added: those that no set-up has added before.

    `used` says whether there are rows of the kind already. Where no set-up has written down what it added, they are
    what it added, as an admin left them.
    """
    first = not HandedOut.objects.names(kind)
    new = HandedOut.objects.note(kind, rows)
    return set() if first and used else new


def _hours() -> int:
    (row,) = _read("hours")
    used = OfficeHours.objects.exists()
    new = _new("hours", [str(weekday) for weekday, *_times in row["hours"]], used=used)
    added = 0
    for weekday, opens, closes in row["hours"]:
        if str(weekday) in new:
            times = {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
            added += OfficeHours.objects.get_or_create(weekday=weekday, defaults=times)[1]
    new = _new("holidays", [day for day, _name in row["holidays"]], used=used)
    for day, name in row["holidays"]:
        if day in new:
            Holiday.objects.get_or_create(day=date.fromisoformat(day), defaults={"name": name})
    return added


def _plans() -> int:
    rows = _read("plans")
    used = FollowUpPlan.objects.exists()
    new = _new("plans", [row["name"] for row in rows], used=used)
    for row in rows:
        if row["name"] in new:
            first = row["is_default"] and not used  # which one is the default is the admin's choice from then on
            plan = FollowUpPlan.objects.create(
                name=row["name"], is_default=first, after_care=row.get("after_care", False)
            )
            for days, at, kind in row["steps"]:
                plan.steps.create(offset_days=days, local_time=time.fromisoformat(at), kind=kind)
    return len(new)


def _escalations() -> int:
    found = _read("escalations")
    rows = {" ".join([row["about"], str(row["amount"]), row["unit"], *row["tell"]]): row for row in found}
    new = _new("escalation rules", rows, used=EscalationRule.objects.exists())
    for name, row in rows.items():
        if name in new:
            told = {f"tell_{who}": True for who in row.pop("tell")}
            EscalationRule.objects.create(**row, **told)
    return len(new)
