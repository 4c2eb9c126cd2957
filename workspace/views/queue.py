"""Who needs what today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from privacy.actions import record_accesses
from privacy.models import AccessEvent, User
from referral.finding import find
from referral.hours import late_before
from referral.models import Absence, Referral, SavedFilter, Task
from referral.models.hours import working_time
from referral.models.referrals import GRACE, ReferralQuerySet
from workspace.attention import Due, Sign, due, due_at, signs
from workspace.filters import EVERYBODY, SORTS, TABS, QueueFilter, kept_query, ordered, under_tab
from workspace.views.guard import staff_required, worker

PAGE = 50
CHECKED = "queue-checked"  # the rows that whoever comes back from several at once had checked
ONE_LOOK = timedelta(hours=1)
LONGEST_SEARCH = 254  # as long as an e-mail address can be
LOCAL_PHONE = re.compile(r"(?:[\s.()-]*[0-9]){7}[\s.()-]*")  # no area code
NOBODY = "referral:none"
# Tabs that are one status each: they are counted together.
STATUS_OF = {"new": "new", "active": "active", "hold": "on_hold", "connected": "connected"}


@require_safe
@staff_required
def queue(request: HttpRequest) -> HttpResponse:
    """One tab of the queue, narrowed by the filters."""
    user, now = worker(request), timezone.now()
    visible = Referral.objects.visible_to(user)
    everybody = request.GET.get("who") == EVERYBODY
    base = Referral.objects.findable_by(user) if everybody else visible
    tab = request.GET.get("show", "today")
    tab = tab if tab in dict(TABS) else "today"
    narrowed = QueueFilter(request.GET, queryset=base, user=user)
    sort = request.GET.get("sort", "")
    rows = ordered(under_tab(narrowed.qs, tab, now), sort, tab, now)
    page = Paginator(rows.for_queue(), PAGE).get_page(request.GET.get("page"))
    crises = list(visible.in_crisis().for_queue())
    listed, purpose = [*crises, *page], f"queue, {tab}"
    if "Waymark-Refresh" in request.headers:
        listed = not_shown_lately(user, listed, purpose=purpose, now=now)
    if listed or "Waymark-Refresh" not in request.headers:
        record_listed(user, listed, action="viewed", purpose=purpose, now=now)
    context: dict[str, object] = {
        "filter": narrowed,
        "show": tab,
        "tabs": _tabs(request, narrowed.qs, tab, now),
        "page": page,
        "crises": [crisis_of(each) for each in crises],
        "lines": lines_for(user, page, now),
        "now": now,
        "checked": request.session.pop(CHECKED, ()),
        "away": Absence.objects.on(timezone.localdate(now)).select_related("user", "cover"),
        "pickable": tab != "ended",
        "sorted": sort in SORTS,
        "saved": list(SavedFilter.objects.of(user)),
        "kept": kept_query(request.GET),
    }
    return render(request, "workspace/queue.html", context)


@dataclass(frozen=True)
class Line:
    """One row of a list. Of a referral that this member of staff may not open it says who has it and its status."""

    referral: Referral
    signs: list[Sign]
    due_at: datetime | None
    due: Due | None
    may_open: bool
    covers: bool  # its navigator is away, and this member of staff covers

    @property
    def pick(self) -> str:
        """How its box names it: its key, and the version that is shown."""
        return f"{self.referral.pk}:{self.referral.version}"


def lines_for(user: User, rows: Iterable[Referral], now: datetime) -> list[Line]:
    """The rows as they are shown to `user`."""
    listed = list(rows)
    late = late_before(now, GRACE, working_time())
    opens = set(
        Referral.objects.visible_to(user).filter(pk__in=[each.pk for each in listed]).values_list("pk", flat=True)
    )
    covered = set(Absence.objects.covered_by(user).values_list("user", flat=True))
    return [
        Line(
            each,
            signs(each, now),
            at,
            due(at, now, late_of(each, late)),
            each.pk in opens,
            each.assigned_to_id in covered,
        )
        for each in listed
        for at in [due_at(each, now)]
    ]


def late_of(referral: Referral, late: datetime) -> datetime | None:
    """What is due after this is not late yet; None where it is urgent, and the clock alone says."""
    tasks: list[Task] = referral.open_tasks  # type: ignore[attr-defined]
    return None if any(task.urgent for task in tasks) else late


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
    """A family that asks for help now: its calls, the first that nobody has answered, and whether one was answered."""

    referral: Referral
    tasks: list[Task]
    waits: Task | None
    answered: bool


def crisis_of(referral: Referral) -> Crisis:
    """Reads what `ReferralQuerySet.for_queue` has fetched. The newest call that nobody has answered comes first."""
    tasks: list[Task] = [task for task in referral.open_tasks if task.is_crisis]  # type: ignore[attr-defined]
    tasks.sort(key=lambda task: task.created_at, reverse=True)
    tasks.sort(key=lambda task: task.acknowledged_at is not None)
    waits = next((task for task in tasks if not task.acknowledged_at), None)
    return Crisis(referral, tasks, waits, any(task.acknowledged_at for task in tasks))


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


def _tabs(request: HttpRequest, visible: ReferralQuerySet, here: str, now: datetime) -> list[Tab]:
    query = request.GET.copy()
    query.pop("page", None)
    by_status = visible.open().order_by().values_list("status").annotate(count=Count("pk"))
    counts: dict[str, int] = {str(status): count for status, count in by_status}
    names, tabs = [name for name, _label in TABS], []
    for place, (name, label) in enumerate(TABS):
        query["show"] = name
        count = None if name == "ended" else _count(visible, name, counts, now)
        late = visible.late(now).calm().count() if name == "today" else 0
        key = {names.index(here) - 1: "[", names.index(here) + 1: "]"}.get(place, "")
        tabs.append(Tab(label, count, late, name == here, query.urlencode(), key))
    return tabs


def _count(visible: ReferralQuerySet, tab: str, by_status: dict[str, int], now: datetime) -> int:
    status = STATUS_OF.get(tab)
    return under_tab(visible, tab, now).count() if status is None else by_status.get(status, 0)


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
    found = lines_for(user, find(text, user), now)
    record_listed(user, [line.referral for line in found], action="searched", purpose="search", now=now)
    return render(
        request,
        "workspace/search.html",
        {"lines": found, "text": text, "now": now, "short": bool(LOCAL_PHONE.fullmatch(text))},
    )
