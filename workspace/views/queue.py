"""Who needs what today."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from privacy.actions import record_accesses
from privacy.models import AccessEvent, User
from referral.finding import find
from referral.lifecycle import UNDO_TIME
from referral.models import Absence, Referral, SavedFilter, Task
from referral.models.hours import working_time
from referral.models.sight import Sight
from workspace.filters import (
    EVERYBODY,
    SORTS,
    TABS,
    QueueFilter,
    kept_query,
    levels_by_key,
    ordered,
    tab_counts,
    under_tab,
)
from workspace.lines import lines_for
from workspace.views.guard import staff_required, worker

PAGE = 50
CHECKED = "queue-checked"  # the rows that whoever comes back from several at once had checked
UNDO = "bulk-undo"  # what was just done with several, and when
ONE_LOOK = timedelta(hours=1)
LONGEST_SEARCH = 254  # as long as an e-mail address can be
LOCAL_PHONE = re.compile(r"(?:[\s.()-]*[0-9]){7}[\s.()-]*")  # no area code
NOBODY = "referral:none"
MOST_COUNTED = 1000


@require_safe
@staff_required
def queue(request: HttpRequest) -> HttpResponse:
    """One tab of the queue, narrowed by the filters."""
    user, now = worker(request), timezone.now()
    away = list(Absence.objects.on(timezone.localdate(now)).select_related("user", "cover"))
    sight = Sight.of(user, away)
    everybody = request.GET.get("who") == EVERYBODY
    base = Referral.objects.findable_within(sight) if everybody else Referral.objects.within(sight)
    tab = request.GET.get("show", "today")
    tab = tab if tab in dict(TABS) else "today"
    levels = levels_by_key()
    narrowed = QueueFilter(request.GET, queryset=base, user=user, sight=sight, levels=levels)
    sort, work = request.GET.get("sort", ""), working_time()
    counts = tab_counts(narrowed.qs, now, work)
    page = page_of(ordered(under_tab(narrowed.qs, tab, now), sort, tab, now), request.GET.get("page"), counts.get(tab))
    shown = rows_of([*sight.calling, *page])
    calling = (shown[pk] for pk in sight.calling if pk in shown and sight.sees(pk, shown[pk].assigned_to_id))
    crises = crises_of(calling, user, now, {each.user_id for each in away})
    shown = {each.referral.pk: each.referral for each in crises} | {pk: shown[pk] for pk in page if pk in shown}
    listed, purpose = list(shown.values()), f"queue, {tab}"
    if "Waymark-Refresh" in request.headers:
        listed = not_shown_lately(user, listed, purpose=purpose, now=now)
    if listed or "Waymark-Refresh" not in request.headers:
        record_listed(user, listed, action="viewed", purpose=purpose, now=now)
    context: dict[str, object] = {
        "filter": narrowed,
        "show": tab,
        "tabs": _tabs(request, counts, tab),
        "page": page,
        "crises": crises,
        "lines": lines_for(sight, [shown[pk] for pk in page if pk in shown], now, work, levels),
        "now": now,
        "checked": request.session.pop(CHECKED, ()),
        "undo": done_just_now(request, now),
        "away": away,
        "pickable": tab != "ended",
        "sorted": sort in SORTS,
        "drafts": user.intake_drafts.count(),
        "saved": list(SavedFilter.objects.of(user)),
        "kept": kept_query(request.GET),
    }
    return render(request, "workspace/queue.html", context)


def done_just_now(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    """What was done with several referrals, while it can be taken back: `do`, and `rows`, their keys."""
    done: dict[str, Any] | None = request.session.get(UNDO)
    return done if done and datetime.fromisoformat(done["at"]) > now - UNDO_TIME else None


class Keys(Paginator[int]):
    """Pages of keys. Of a list that only grows no more are counted than somebody would leaf through."""

    more = False  # whether there are more than were counted


def page_of(rows: QuerySet[Referral], number: str | None, count: int | None) -> Page[int]:
    """The keys of one page of `rows`, in their order, in one query; `count` says how many they are, if it is known."""
    keys = rows.values_list("pk", flat=True)
    if count is not None:
        pages = Keys(keys, PAGE)
        pages.count = count
        return pages.get_page(number)
    wanted = int(number) if number and number.isdecimal() and len(number) < 6 else 1
    most = max(MOST_COUNTED, (wanted + 1) * PAGE)
    found = list(keys[: most + 1])
    pages = Keys(found[:most], PAGE)
    pages.more = len(found) > most
    return pages.get_page(number)


def crises_of(rows: Iterable[Referral], user: User, now: datetime, away: Collection[int]) -> list[Crisis]:
    """The calls for help, as they stand above every list: the newest that nobody has answered first, then the longest
    waiting. `rows` are of families that call, as `ReferralQuerySet.for_queue` has fetched them; `away` are the keys of
    who is away today."""
    crises = [crisis for crisis in map(crisis_of, rows) if crisis.tasks]
    for task in (task for crisis in crises for task in crisis.tasks):
        task.say_who_has(user.pk, now, away)
    crises.sort(key=lambda crisis: (min(task.created_at for task in crisis.tasks), crisis.referral.pk))
    return sorted(crises, key=lambda crisis: -crisis.waits.created_at.timestamp() if crisis.waits else 0)


def rows_of(keys: Iterable[int]) -> dict[int, Referral]:
    """The referrals with these keys, by their keys, with all that a line shows."""
    wanted = set(keys)
    return {each.pk: each for each in Referral.objects.filter(pk__in=wanted).for_queue()}


def not_shown_lately(user: User, rows: Iterable[Referral], *, purpose: str, now: datetime) -> list[Referral]:
    """Those that the same list did not show to `user` within the hour: a page that fetches itself anew is one look."""
    listed = list(rows)
    known = AccessEvent.objects.filter(
        actor=user, purpose=purpose, at__gte=now - ONE_LOOK, subject__in=[each.key for each in listed]
    )
    keys = set(known.values_list("subject", flat=True))
    return [each for each in listed if each.key not in keys]


def record_listed(user: User, rows: Iterable[Referral], *, action: str, purpose: str, now: datetime) -> None:
    """Write down who was shown to whom; that nobody was shown is written down, too."""
    subjects = [each.key for each in rows] or [NOBODY]
    record_accesses(actor=user, subjects=subjects, action=action, purpose=purpose, now=now)


@dataclass(frozen=True)
class Crisis:
    """A family that asks for help now: its calls, what else it wrote that waits, the first call that nobody has
    answered, and whether one was answered."""

    referral: Referral
    tasks: list[Task]
    unread: list[Task]
    waits: Task | None
    answered: bool

    @property
    def to_take_over(self) -> Task | None:
        """The first that `Task.say_who_has` says can be taken over."""
        return next((task for task in self.tasks if task.to_take_over), None)


def crisis_of(referral: Referral) -> Crisis:
    """Reads what `ReferralQuerySet.for_queue` has fetched. The newest call that nobody has answered comes first."""
    tasks: list[Task] = [task for task in referral.open_tasks if task.is_crisis]  # type: ignore[attr-defined]
    tasks.sort(key=lambda task: task.created_at, reverse=True)
    tasks.sort(key=lambda task: task.acknowledged_at is not None)
    waits = next((task for task in tasks if not task.acknowledged_at), None)
    unread = [task for task in referral.open_tasks if task.is_word]  # type: ignore[attr-defined]
    unread.sort(key=lambda task: task.created_at, reverse=True)
    return Crisis(referral, tasks, unread, waits, any(task.acknowledged_at for task in tasks))


@dataclass(frozen=True)
class Tab:
    """A tab of the queue. Of what has ended nobody needs the count. `key` is the one that leads there from the tab that
    is open: ``[`` to the one before, ``]`` to the next."""

    label: str | Promise
    count: int | None
    late: int
    here: bool
    query: str
    key: str


def _tabs(request: HttpRequest, counts: Mapping[str, int], here: str) -> list[Tab]:
    query = request.GET.copy()
    query.pop("page", None)
    names, tabs = [name for name, _label in TABS], []
    for place, (name, label) in enumerate(TABS):
        query["show"] = name
        late = counts["late"] if name == "today" else 0
        key = {names.index(here) - 1: "[", names.index(here) + 1: "]"}.get(place, "")
        tabs.append(Tab(label, counts.get(name), late, name == here, query.urlencode(), key))
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def search(request: HttpRequest) -> HttpResponse:
    """Look a person up, and write down that somebody looked.

    The form posts, so that no name stands in a URL; a question that stands in one all the same is not answered.
    """
    user, now = worker(request), timezone.now()
    text = request.POST.get("q", "").replace("\0", "").strip()
    if not text:
        return redirect("workspace:queue")
    if len(text) > LONGEST_SEARCH:
        return render(request, "workspace/search.html", {"text": text, "too_long": LONGEST_SEARCH}, status=422)
    sight = Sight.of(user)
    found = lines_for(sight, find(text, sight), now, working_time(), levels_by_key())
    record_listed(user, [line.referral for line in found], action="searched", purpose="search", now=now)
    return render(
        request,
        "workspace/search.html",
        {"lines": found, "text": text, "now": now, "short": bool(LOCAL_PHONE.fullmatch(text))},
    )
