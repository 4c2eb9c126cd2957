"""Several referrals of the queue at once: assign, snooze, close. What is needed is asked on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from privacy.models import User
from referral.actions import closing, referrals, slips
from referral.actions.common import Actor, Again, NotYours
from referral.hours import due_on
from referral.models import Placement, Referral
from referral.models.hours import working_time
from referral.models.sight import Sight
from referral.refusals import sentence
from ui.dates import short_day
from workspace.bulk_forms import BULK_FORMS, BulkForm
from workspace.filters import KEPT, levels_by_key
from workspace.lines import lines_for
from workspace.views.actions.base import REFUSED, By, Data
from workspace.views.guard import staff_required, worker
from workspace.views.queue import CHECKED, UNDO, done_just_now, record_listed

MOST = 200


class Picked(NamedTuple):
    """A row that was checked, and the version that the queue showed."""

    pk: int
    seen: int


def picked(values: Sequence[str]) -> list[Picked]:
    """The rows that were checked, each once as "key:version"; anything else is passed over."""
    pairs = [value.split(":") for value in dict.fromkeys(values[:MOST])]
    return [Picked(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(map(_is_key, pair))]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def back_to(query: str) -> str:
    """The queue as it was filtered; nothing but its own filters is taken from what was sent."""
    asked, kept = QueryDict(query[:500]), QueryDict(mutable=True)
    for name in (*KEPT, "page"):
        if name in asked:
            kept[name] = asked[name]
    return f"{reverse('workspace:queue')}?{kept.urlencode()}" if kept else reverse("workspace:queue")


@require_POST
@staff_required
def bulk(request: HttpRequest) -> HttpResponse:
    """First shows whom it is about and asks for what it needs; sent with that, does it for each of them alone."""
    rows, do = picked(request.POST.getlist("row")), request.POST.get("do", "")
    back = back_to(request.POST.get("back", ""))
    if "again" in request.POST:  # back from the page that asks: the queue has the same rows checked
        request.session[CHECKED] = [f"{row.pk}:{row.seen}" for row in rows]
        return redirect(back)
    if do not in BULK_FORMS or not rows:
        messages.warning(request, _("Check at least one referral first."))
        return redirect(back)
    if "confirmed" not in request.POST:
        return _ask(request, do, rows, BULK_FORMS[do](worker=worker(request)), status=200)
    form = BULK_FORMS[do](request.POST, worker=worker(request))
    if not form.is_valid():
        return _ask(request, do, rows, form, status=422)
    _do(request, do, rows, form)
    return redirect(back)


@require_safe
@staff_required
def all_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks to whom all families go that a colleague still has, as many as may go at once."""
    held = Referral.objects.visible_to(worker(request)).open().filter(assigned_to=get_object_or_404(User, pk=pk))
    rows = [Picked(*each) for each in held.order_by("pk").values_list("pk", "version")[:MOST]]
    if not rows:
        return redirect("workspace:queue")
    return _ask(request, "assign", rows, BULK_FORMS["assign"](worker=worker(request)), status=200)


def _ask(request: HttpRequest, do: str, rows: Sequence[Picked], form: BulkForm, *, status: int) -> HttpResponse:
    user, now = worker(request), timezone.now()
    keys = [row.pk for row in rows]
    shown = Referral.objects.visible_to(user).filter(pk__in=keys).most_pressing_first(now).for_queue()
    listed = list(shown.prefetch_related(Prefetch("placements", Placement.objects.live(), to_attr="live_placements")))
    record_listed(user, listed, action="viewed", purpose=f"queue, {do} several", now=now)
    lines = lines_for(Sight.of(user), listed, now, working_time(), levels_by_key())
    awake = [each for each in listed if do == "snooze" and _urgent(each)]
    context = {
        "do": do,
        "awake": awake,
        "rows": rows,
        "lines": lines,
        "form": form,
        "back": request.POST.get("back", "")[:500],
    }
    return render(request, "workspace/bulk.html", context, status=status)


def _urgent(referral: Referral) -> bool:
    """Whether something in it shows through a snooze, of what `for_queue` has fetched."""
    return any(task.urgent for task in referral.open_tasks)  # type: ignore[attr-defined]


def _do(request: HttpRequest, do: str, rows: Sequence[Picked], form: BulkForm) -> None:
    user, now = worker(request), timezone.now()
    codes = dict(
        Referral.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", "public_code")
    )
    chosen = Referral.objects.visible_to(user).filter(pk__in=list(codes)).exclude(assigned_to=None)
    holders, done, changed = set(chosen.values_list("assigned_to", flat=True)), 0, []
    for row in rows:
        if row.pk not in codes:
            continue
        try:
            act(do, row.pk, form.cleaned_data, By(actor=Actor.of(user), now=now, seen=row.seen))
            done += 1
            changed.append(row.pk)
        except Again:
            done += 1
        except (*REFUSED, NotYours) as error:
            messages.warning(request, f"{codes[row.pk]}: {sentence(error)}")
    due = _still_due(changed) if do == "snooze" else []
    done -= len(due)
    if changed:
        request.session[UNDO] = {"do": do, "rows": changed, "at": now.isoformat()}
    if done and changed:
        messages.success(request, _said(do, changed, form.cleaned_data))
    if due:
        messages.warning(
            request, _("Not put off, as something in it is urgent: %(names)s.") % {"names": ", ".join(due)}
        )
    if do == "assign" and done:
        _say_what_is_left(request, holders - {form.cleaned_data["to"].pk})


def _still_due(changed: Sequence[int]) -> list[str]:
    """What is urgent is not put off: which of those that were snoozed are due all the same, by name and code."""
    due = Referral.objects.filter(pk__in=changed, next_action_at__lte=timezone.now())
    return [f"{each.contact} ({each.public_code})" for each in due.select_related("contact").order_by("pk")]


def _said(do: str, changed: Sequence[int], data: Data) -> SafeString:
    """What was done with which families, each a link: a wrong one is found at once."""
    rows = Referral.objects.filter(pk__in=changed).select_related("contact").order_by("pk")
    if do == "snooze":
        rows = rows.filter(next_action_at__gt=timezone.now())
        said = _("Snoozed until %(day)s:") % {"day": short_day(data["until"])}
    elif do == "assign":
        said = _("Assigned to %(name)s:") % {"name": data["to"].get_full_name() or data["to"].get_username()}
    else:
        said = _("Closed, %(why)s:") % {"why": Referral.Closing(data["closing"]).label}
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((reverse("workspace:referral", args=[each.pk]), str(each.contact)) for each in rows),
    )
    return format_html("{} {}", said, links)


@require_POST
@staff_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just done with several, for each of them alone."""
    now, actor = timezone.now(), Actor.of(worker(request))
    done = done_just_now(request, now)
    request.session.pop(UNDO, None)
    if done is None:
        messages.warning(request, _("It is too late to take that back here. Open each family, and change it there."))
        return redirect("workspace:queue")
    back = []
    for pk, code in Referral.objects.filter(pk__in=done["rows"]).order_by("pk").values_list("pk", "public_code"):
        try:
            slips.take_back(pk, actor=actor, now=now)
            back.append(code)
        except REFUSED:
            messages.warning(request, _("%(code)s: something was done with it since. It stays.") % {"code": code})
    if back:
        messages.success(request, _("Taken back: %(codes)s.") % {"codes": ", ".join(back)})
    return redirect("workspace:queue")


def _say_what_is_left(request: HttpRequest, holders: set[int]) -> None:
    """How many more are still with whom these were taken from, under any tab, and how many of them ask for help."""
    for colleague in User.objects.filter(pk__in=holders).order_by("pk"):
        left = Referral.objects.visible_to(worker(request)).open().filter(assigned_to=colleague)
        count, name = left.count(), colleague.get_full_name() or colleague.username
        if not count:
            continue
        line = _("Still with %(name)s, under all tabs: %(count)d. Of them ask for help now: %(urgent)d.")
        line %= {"name": name, "count": count, "urgent": left.in_crisis().count()}
        link = ngettext("Assign this one, too", "Assign all %(count)d", min(count, MOST)) % {"count": min(count, MOST)}
        address = reverse("workspace:bulk-all", args=[colleague.pk])
        messages.warning(request, format_html('{} <a href="{}">{}</a>', line, address, link))


def act(do: str, pk: int, data: Data, by: By) -> None:
    """One of the three, on one referral: each is a transaction and a line of history of its own."""
    match do:
        case "assign":
            referrals.pass_on(pk, data["to"], data["note"], **by)
        case "snooze":
            until = due_on(data["until"], by["now"], working_time())
            referrals.snooze_referral(pk, until=until, note=data["note"], **by)
        case "close":
            closing.close_referral(pk, closing=data["closing"], reason=data["reason"], **by)
