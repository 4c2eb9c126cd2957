"""The rows of the queue and of a search, ready to be shown: what takes long is done once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import formats, timezone

from guides.models import LevelOfCare
from referral.hours import Work, late_before
from referral.lifecycle import ReferralStatus
from referral.models import Referral, Task
from referral.models.conditions import GRACE
from referral.models.sight import Sight
from ui.dates import short_day
from workspace.attention import Due, Sign, due, due_at, signs

CHIPS = {"new": "chip-open", "connected": "chip-go", "met": "chip-go", "on_hold": "chip-wait"}


@dataclass(frozen=True)
class Instant:
    """A moment as a machine reads it, and as people do."""

    iso: str
    words: str


@dataclass(frozen=True)
class Line:
    """One row of a list. Of a referral that this member of staff may not open it says who has it and its status."""

    referral: Referral
    may_open: bool
    covers: bool  # its navigator is away, and this member of staff covers
    name: str
    address: str  # of its page
    beside: str  # of what can be done where a colleague has it
    patient: str  # where it is somebody else, whose name is known
    phone: str
    signs: list[Sign]
    due: Due | None
    due_at: Instant | None
    status: str
    chip: str
    urgent: bool  # its need, or one of its open tasks
    level: str
    holder: str
    opened: Instant

    @property
    def pick(self) -> str:
        """How its box names it: its key, and the version that is shown."""
        return f"{self.referral.pk}:{self.referral.version}"


def lines_for(
    sight: Sight, rows: Iterable[Referral], now: datetime, work: Work, levels: Mapping[int, LevelOfCare]
) -> list[Line]:
    """The rows of `ReferralQuerySet.for_queue` as they are shown to whom `sight` is of; asks the database nothing."""
    late, address, days = late_before(now, GRACE, work), reverse("workspace:referral", args=[0]), _Days()
    return [_line(each, sight, now, late, levels, address.replace("/0/", f"/{each.pk}/"), days) for each in rows]


def _line(
    referral: Referral,
    sight: Sight,
    now: datetime,
    late: datetime,
    levels: Mapping[int, LevelOfCare],
    address: str,
    days: _Days,
) -> Line:
    name_levels(referral, levels)
    contact, opens, at = referral.contact, sight.sees(referral.pk, referral.assigned_to_id), due_at(referral, now)
    who, local = referral.assigned_to, timezone.localtime(at) if at else None
    urgent = referral.urgency == Referral.Urgency.URGENT and referral.status not in (
        ReferralStatus.MET,
        ReferralStatus.CLOSED,
    )
    tasks: list[Task] = referral.open_tasks  # type: ignore[attr-defined]
    return Line(
        referral=referral,
        may_open=opens,
        covers=referral.assigned_to_id in sight.covered,
        name=str(contact),
        address=address if opens else "",
        beside="" if opens or not referral.is_open else address.replace("/referral/", "/colleague/"),
        patient=str(referral.patient.name) if opens and referral.relation != Referral.Relation.SELF else "",
        phone=contact.phone_shown if opens else "",
        signs=signs(referral, now) if opens else [],
        due=due(at, now, late_of(referral, late)) if opens else None,
        due_at=Instant(local.isoformat(), formats.date_format(local, "DATETIME_FORMAT")) if local else None,
        status=str(Referral.Status(referral.status).label),
        chip=CHIPS.get(referral.status, "chip-done"),
        urgent=urgent or (opens and any(task.urgent for task in tasks)),
        level=referral.level_range if opens else "",
        holder=(who.get_full_name() or who.get_username()) if who else "–",
        opened=days.instant(referral.opened_at),
    )


def name_levels(referral: Referral, levels: Mapping[int, LevelOfCare]) -> None:
    """Put the levels that are known already, with their texts, where the referral would fetch its own."""
    for name in ("level_low", "level_high", "computed_low", "computed_high"):
        if level := levels.get(getattr(referral, f"{name}_id")):
            setattr(referral, name, level)


class _Days:
    """Days in words, each put into them once."""

    def __init__(self) -> None:
        self._said: dict[date, str] = {}

    def instant(self, at: datetime) -> Instant:
        local = timezone.localtime(at)
        day = local.date()
        if day not in self._said:
            self._said[day] = short_day(day)
        return Instant(local.isoformat(), self._said[day])


def late_of(referral: Referral, late: datetime) -> datetime | None:
    """What is due after this is not late yet; None where it is urgent, and the clock alone says."""
    tasks: list[Task] = referral.open_tasks  # type: ignore[attr-defined]
    return None if any(task.urgent for task in tasks) else late
