"""The figures of a period, counted in the database. What of them may be shown is for `referral.small_counts`.

A figure is about the requests that came in the period; that of follow-ups, about those that were due in it; the load
of navigators, about now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q

from privacy.models import User
from referral.lifecycle import STAFF, PlacementStatus
from referral.milestones import ACCEPTED, CONTACTED, STARTED, STEPS
from referral.models import FollowUp, Placement, Referral, TimelineEntry
from referral.models.conditions import late
from referral.reasons import DECLINED, NO_ANSWER

# Days after the request within which a step was made; what took longer is a part of its own.
WITHIN = (1, 3, 7, 14)
TIMED = (CONTACTED, ACCEPTED, STARTED)
# Days after the request at which we look where it stands.
LOOKS = (30, 60, 90)
STANDS = ("in_care", "accepted", "ended", "searching")
# What became of requests to programs: each is exactly one of these.
ANSWERS = ("accepted", "waitlisted", "waiting", "silent", "cancelled", *DECLINED)
# Without a word of ours for so long, a family is called silent.
SILENCE = timedelta(days=7)
FOLLOWED = ("answered", "staff", "silent")


class Held(NamedTuple):
    """How many open families somebody has, and how many of them are urgent."""

    open: int
    urgent: int


def held_now() -> dict[int, Held]:
    """By the key of whoever has any."""
    rows = Referral.objects.open().exclude(assigned_to=None).order_by().values_list("assigned_to")
    urgent = Count("pk", filter=Q(urgency=Referral.Urgency.URGENT))
    return {who: Held(count, pressing) for who, count, pressing in rows.annotate(n=Count("pk"), n_urgent=urgent)}


@dataclass(frozen=True)
class Scope:
    """Which requests: those from `since` until before `until`, for a level, at a program, of a navigator (keys)."""

    since: datetime
    until: datetime
    level: int | None = None  # the order of the level
    program: int | None = None
    navigator: int | None = None

    def requests(self, prefix: str = "") -> Q:
        """The condition on a referral; `prefix` leads to it from another model. The period is not in it."""
        wanted = Q()
        if self.level is not None:
            within = {f"{prefix}level_low__order__lte": self.level, f"{prefix}level_high__order__gte": self.level}
            wanted &= Q(**within)
        if self.navigator is not None:
            wanted &= Q(**{f"{prefix}assigned_to": self.navigator})
        return wanted

    def came(self, prefix: str = "") -> Q:
        """Of a referral: that it came in the period. A duplicate is counted with the one it is a duplicate of."""
        first = ~Q(**{f"{prefix}closing": Referral.Closing.DUPLICATE})
        return first & Q(**{f"{prefix}opened_at__gte": self.since, f"{prefix}opened_at__lt": self.until})

    def asked(self, prefix: str = "") -> Q:
        """Of a referral: that the program was asked."""
        if self.program is None:
            return Q()
        return Q(Exists(Placement.objects.filter(referral=OuterRef(f"{prefix}pk"), program=self.program)))


@dataclass(frozen=True)
class Way:
    """How many came, made each step, and made it within so many days; where they stood at each look.

    `within` has, for each step that is timed, the counts per stretch of `WITHIN` and that of longer. `looks` has, for
    each day of `LOOKS` that has passed for some, the counts by `STANDS`.
    """

    came: int
    steps: dict[str, int]
    within: dict[str, list[int]]
    looks: dict[int, list[int]]


def _by(step: str, days: int) -> Q:
    return Q(**{f"{step}__lte": F("opened_at") + timedelta(days=days)})


def way(scope: Scope, now: datetime) -> Way:
    """Count the requests of the period, in one query."""
    # Names of their own: one that is that of a column would stand for the count in those after it.
    asked: dict[str, Count] = {"came": Count("pk")} | {f"n_{step}": Count(step) for step in STEPS}
    for step in TIMED:
        asked |= {f"{step}_{days}": Count("pk", filter=_by(step, days)) for days in WITHIN}
    for days in LOOKS:
        old = Q(opened_at__lte=now - timedelta(days=days))
        care, place, end = _by(STARTED, days), _by(ACCEPTED, days), _by("closed_at", days)
        asked[f"look_{days}"] = Count("pk", filter=old)
        asked[f"in_care_{days}"] = Count("pk", filter=old & care)
        asked[f"accepted_{days}"] = Count("pk", filter=old & _not(care, STARTED) & place)
        asked[f"ended_{days}"] = Count("pk", filter=old & _not(care, STARTED) & _not(place, ACCEPTED) & end)
    rows = Referral.objects.filter(scope.came(), scope.requests(), scope.asked())
    found: dict[str, int] = rows.aggregate(**asked)
    return Way(
        found["came"],
        {step: found[f"n_{step}"] for step in STEPS},
        {step: apart([found[f"{step}_{days}"] for days in WITHIN], found[f"n_{step}"]) for step in TIMED},
        {days: _stands(found, days) for days in LOOKS},
    )


def _not(made: Q, step: str) -> Q:
    """The opposite, also where the step was never made: SQL knows of no answer there."""
    return Q(**{f"{step}__isnull": True}) | ~made


def _stands(found: Mapping[str, int], days: int) -> list[int]:
    known = [found[f"{name}_{days}"] for name in STANDS[:-1]]
    return [*known, found[f"look_{days}"] - sum(known)]


def apart(within: Sequence[int], total: int) -> list[int]:
    """From counts that grow, up to `total`, the count of each stretch alone."""
    ends = [*within, total]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _answers() -> dict[str, Count]:
    status = PlacementStatus
    given = Q(status__in=[status.ACCEPTED, status.IN_PROGRESS, status.ON_HOLD, status.COMPLETED, status.FAILED])
    given |= Q(status=status.CANCELLED, was__in=[status.ACCEPTED, status.ON_HOLD])
    silent = Q(status=status.CANCELLED, was=status.REQUESTED, reason_code=NO_ANSWER)
    rejected = Q(status=status.REJECTED)
    coded = Q(reason_code__in=[code for code in DECLINED if code != "other"])
    asked = {
        "accepted": given,
        "waitlisted": Q(status=status.WAITLISTED),
        "waiting": Q(status=status.REQUESTED),
        "silent": silent,
        "cancelled": Q(status=status.CANCELLED) & ~given & ~silent,
        **{code: rejected & Q(reason_code=code) for code in DECLINED},
        "other": rejected & ~coded,
    }
    return {f"n_{name}": Count("pk", filter=asked[name]) for name in ANSWERS}


def answers_by_program(scope: Scope) -> dict[str, list[int]]:
    """For each program, by its name, how many requests became what, in the order of `ANSWERS`."""
    return _answers_by(scope, "program__name")


def answers_by_level(scope: Scope) -> dict[int | None, list[int]]:
    """The same for each level, by its order: the least that the person needs; None where it is not known."""
    return _answers_by(scope, "referral__level_low__order")


def _answers_by(scope: Scope, by: str) -> dict[Any, list[int]]:
    rows = Placement.objects.filter(scope.came("referral__"), scope.requests("referral__"))
    if scope.program is not None:
        rows = rows.filter(program=scope.program)
    found = rows.order_by().values(by).annotate(**_answers())
    return {row[by]: [row[f"n_{name}"] for name in ANSWERS] for row in found}


def follow_ups(scope: Scope) -> list[int]:
    """Of the check-ins that were sent and due in the period: answered, given to staff, neither; see `FOLLOWED`."""
    status = FollowUp.Status
    rows = FollowUp.objects.filter(
        scope.requests("referral__"), scope.asked("referral__"), due_at__gte=scope.since, due_at__lt=scope.until
    )
    found: dict[str, int] = rows.aggregate(
        answered=Count("pk", filter=Q(status=status.ANSWERED)),
        staff=Count("pk", filter=Q(status=status.TO_STAFF)),
        silent=Count("pk", filter=Q(status=status.SENT)),
    )
    return [found[name] for name in FOLLOWED]


class Load(NamedTuple):
    """What one member of staff has now: open, late, and without a word of ours for `SILENCE`, and put off to a
    later day."""

    user: int
    name: str
    open: int
    late: int
    silent: int
    snoozed: int


def loads(now: datetime) -> list[Load]:
    """Who has how much, the most first, and who has nothing. Late is what the queue calls so, and
    a call for help as well."""
    words = TimelineEntry.objects.filter(at__gt=now - SILENCE, role__in=sorted(STAFF)).order_by()
    rows = (
        Referral.objects.open()
        .exclude(assigned_to=None)
        .order_by()
        .values("assigned_to", "assigned_to__first_name", "assigned_to__last_name", "assigned_to__username")
        .annotate(
            n=Count("pk"),
            n_late=Count("pk", filter=late(now)),
            n_snoozed=Count("pk", filter=Q(snoozed_until__gt=now)),
            n_quiet=Count("pk", filter=~Q(pk__in=words.values("referral"))),
        )
    )
    found = [
        Load(
            row["assigned_to"],
            f"{row['assigned_to__first_name']} {row['assigned_to__last_name']}".strip() or row["assigned_to__username"],
            row["n"],
            row["n_late"],
            row["n_quiet"],
            row["n_snoozed"],
        )
        for row in rows
    ]
    busy = {each.user for each in found}
    staff = User.objects.with_perm(
        "referral.work_referrals", is_active=True, backend="django.contrib.auth.backends.ModelBackend"
    )  # all whom a family may be assigned to
    free = staff.exclude(pk__in=busy)
    found += [Load(each.pk, each.get_full_name() or each.get_username(), 0, 0, 0, 0) for each in free]
    return sorted(found, key=lambda each: (-each.open, each.name))
