"""Who looked at what, by person and by family, with what is unusual marked; for auditors and supervisors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy.actions import record_access
from privacy.models import AccessEvent, User
from privacy.unusual import Mark, marks, often_taken_back
from referral.looks import acceptances_taken_back, looks, number_of, openings
from referral.models import Referral
from ui.sheets import sheet
from workspace.access_filter import AccessFilter

PAGE, MOST = 100, 100_000
REPORT = "access report"
WORDS: dict[Mark, Promise] = {
    Mark.MANY: _("Many families in an hour"),
    Mark.AWAY: _("Recorded as away"),
    Mark.NIGHT: _("At night, not on duty"),
    Mark.OWN_NAME: _("Same last name"),
    Mark.COVER: _("Covers by their own word"),
}
OWN_NIGHT = frozenset({Mark.OWN_NIGHT})
# What somebody looked for, by how the access was recorded.
PURPOSES: dict[str, Promise] = {
    "workspace": _("Opened the record"),
    "admin": _("Opened in the admin"),
    "search": _("Searched for a family"),
    "same phone or email": _("Same phone or email as a record they opened"),
    "intake, same family?": _("Asked whether a caller is known"),
    "escalations": _("The list of what waits too long"),
    REPORT: _("Read this report"),
}
VIEWS = {"unusual": _("Unusual"), "who": _("By person"), "family": _("By family"), "all": _("Every access")}


@dataclass(frozen=True)
class Line:
    """One access as it is shown: with the code of the family, and why it is unusual."""

    event: AccessEvent
    code: str
    number: int | None
    why: str | Promise
    words: list[Promise]


@dataclass(frozen=True)
class Day:
    """What one person opened of one family on one day: how often, from when to when, and why it is unusual."""

    who: str
    code: str
    number: int | None
    opened: int
    first: datetime
    last: datetime
    words: list[Promise]
    query: str


@dataclass(frozen=True)
class Night:
    """A day on which somebody not on duty opened families of their own at night, and nothing else is unusual."""

    who: str
    day: date
    families: int
    query: str


@dataclass(frozen=True)
class Sum:
    """What one person opened, or who opened one family: openings, of how many others, and how many are unusual."""

    name: str
    opened: int
    others: int
    unusual: int
    query: str


@require_safe
@never_cache
@login_required
def access(request: HttpRequest) -> HttpResponse:
    """The report, or with ``sheet`` in the address all its lines as a file. That it was read is written down."""
    user, now = cast(User, request.user), timezone.now()
    if not user.has_perm("privacy.view_accessevent"):
        raise PermissionDenied
    may_export = user.has_perm("privacy.export_accesses")
    form = AccessFilter(request.GET.dict())
    if not form.is_valid():
        return render(request, "workspace/access.html", {"form": form}, status=422)
    wants_file = "sheet" in request.GET
    if wants_file and not may_export:
        raise PermissionDenied
    since, until = form.ends()
    subject = _subject(form.cleaned_data["code"])
    record_access(
        actor=user,
        subject=subject if number_of(subject) is not None else "accesses",
        action="exported" if wants_file else "viewed",
        purpose=REPORT,
        now=now,
    )
    opened = openings(since, until)
    found = marks(looks(opened))
    who = int(form.cleaned_data["who"]) if form.cleaned_data["who"] else None
    opened = [each for each in opened if who in (None, each.actor_id) and subject in ("", each.subject)]
    rows = _rows(since, until, who, subject)
    if wants_file:
        return sheet(f"access-{form.cleaned_data['since']}-{form.cleaned_data['until']}.csv", _file(rows, found))
    show = request.GET.get("show", "unusual")
    show = show if show in VIEWS else "unusual"
    context = {
        "form": form,
        "show": show,
        "tabs": [(name, label, _query(request, show=name)) for name, label in VIEWS.items()],
        "sheet": _query(request, sheet="1") if may_export else "",
        "takers_back": often_taken_back(acceptances_taken_back(since, until)) if show == "unusual" else [],
        **_shown(request, show, rows, opened, found),
    }
    return render(request, "workspace/access.html", context)


def _shown(
    request: HttpRequest,
    show: str,
    rows: QuerySet[AccessEvent],
    opened: list[AccessEvent],
    found: Mapping[int, frozenset[Mark]],
) -> dict[str, object]:
    if show in ("who", "family"):
        return {"sums": _sums(request, show, opened, found)}
    if show == "unusual":
        days, nights = _days(request, opened, found)
        page = Paginator(days, PAGE).get_page(request.GET.get("page"))
        return {"page": page, "days": list(page), "nights": nights}
    listed = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {"page": listed, "lines": _lines(list(listed), found)}


def _days(
    request: HttpRequest, opened: list[AccessEvent], found: Mapping[int, frozenset[Mark]]
) -> tuple[list[Day], list[Night]]:
    """What is unusual: one row for a person, a family and a day, the most unusual first; and apart from it the nights
    with families of their own."""
    groups: dict[tuple[str, str, date], list[AccessEvent]] = {}
    for event in opened:
        if event.pk in found:
            key = (event.actor_label, event.subject, timezone.localdate(event.at))
            groups.setdefault(key, []).append(event)
    codes, days, nights = _codes(opened), [], Counter[tuple[str, str, date]]()
    for (who, subject, day), events in groups.items():
        number, actor = number_of(subject), str(events[0].actor_id)
        seen = frozenset[Mark]().union(*(found[each.pk] for each in events))
        if seen == OWN_NIGHT:
            nights[who, actor, day] += 1
            continue
        code, first, last = codes.get(number or 0, ""), events[-1].at, events[0].at
        chosen = {"who": actor, "since": str(day), "until": str(day), "code": code}
        days.append(
            Day(who, code, number, len(events), first, last, _words(seen), _query(request, show="all", **chosen))
        )
    days.sort(key=lambda each: (-len(each.words), -each.last.timestamp()))
    return days, [
        Night(who, day, count, _query(request, show="all", who=actor, since=str(day), until=str(day)))
        for (who, actor, day), count in sorted(nights.items(), key=lambda each: each[0][2], reverse=True)
    ]


def _subject(code: str) -> str:
    """The subject of the accesses of a referral, by its code; "" for none."""
    return Referral.objects.get(public_code=code).key if code else ""


def _rows(since: datetime, until: datetime, who: int | None, subject: str) -> QuerySet[AccessEvent]:
    rows = AccessEvent.objects.filter(at__gte=since, at__lt=until)
    rows = rows if who is None else rows.filter(actor=who)
    return rows.filter(subject=subject) if subject else rows


def _codes(events: Iterable[AccessEvent]) -> dict[int, str]:
    keys = {number for event in events if (number := number_of(event.subject)) is not None}
    return dict(Referral.objects.filter(pk__in=keys).values_list("pk", "public_code"))


def _lines(events: list[AccessEvent], found: Mapping[int, frozenset[Mark]]) -> list[Line]:
    codes = _codes(events)
    return [
        Line(
            event, codes.get(number_of(event.subject) or 0, ""), number_of(event.subject), _why(event.purpose),
            _words(found.get(event.pk, frozenset())),
        )
        for event in events
    ]  # fmt: skip


def _why(purpose: str) -> str | Promise:
    return PURPOSES.get(purpose, _("A list of the queue") if purpose.startswith("queue,") else purpose)


def _words(found: frozenset[Mark]) -> list[Promise]:
    return [words for mark, words in WORDS.items() if mark in found]


def _sums(request: HttpRequest, by: str, opened: list[AccessEvent], found: Mapping[int, frozenset[Mark]]) -> list[Sum]:
    """One row for each person or family, the most unusual first."""
    codes = _codes(opened)
    groups: dict[str, list[AccessEvent]] = {}
    for event in opened:
        code = codes.get(number_of(event.subject) or 0, event.subject)
        groups.setdefault(event.actor_label if by == "who" else code, []).append(event)
    sums = []
    for name, events in groups.items():
        others = Counter(event.subject if by == "who" else event.actor_label for event in events)
        chosen = {"who": str(events[0].actor_id)} if by == "who" else {"code": name}
        unusual = sum(found.get(event.pk, OWN_NIGHT) != OWN_NIGHT for event in events)
        sums.append(Sum(name, len(events), len(others), unusual, _query(request, show="all", **chosen)))
    return sorted(sums, key=lambda each: (-each.unusual, -each.opened, each.name))


def _query(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def _file(rows: QuerySet[AccessEvent], found: Mapping[int, frozenset[Mark]]) -> Iterator[list[object]]:
    listed = list(rows[:MOST])
    codes = _codes(listed)
    yield [_("When"), _("Who"), _("Did"), _("To"), _("Code of the family"), _("Why"), _("Unusual")]
    for event in listed:
        yield [
            event.at.isoformat(timespec="seconds"),
            event.actor_label,
            event.get_action_display(),
            event.subject,
            codes.get(number_of(event.subject) or 0, ""),
            event.purpose,
            "; ".join(str(words) for words in _words(found.get(event.pk, frozenset()))),
        ]
