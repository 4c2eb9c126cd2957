"""Every button of a referral's page: parse its form, call its action, answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from privacy.fields import blind_index
from referral.actions.common import Actor, Again, Ended, NoRole, NotYours, Stale, has_done
from referral.actions.effects import Changed
from referral.actions.placements import CannotSend, Mismatch, NotCovered
from referral.lifecycle import Refused
from referral.models import Referral
from referral.refusals import sentence
from workspace.commands import CONSENT_DEEDS, DEEDS, FOLLOWUP_DEEDS, PLACEMENT_DEEDS, TASK_DEEDS, Deed
from workspace.forms import UNKNOWN
from workspace.views.confirming import confirm
from workspace.views.guard import staff_required, worker
from workspace.views.one_referral import page, refused, visible

REFUSED = (Stale, Ended, NoRole, Refused, NotCovered, CannotSend, Mismatch)
# A kind of row, where it hangs on the referral, and what can be done with it.
ROWS: Mapping[str, tuple[str, Mapping[str, Deed]]] = {
    "placement": ("placements", PLACEMENT_DEEDS),
    "followup": ("followups", FOLLOWUP_DEEDS),
    "task": ("tasks", TASK_DEEDS),
    "consent": ("consents", CONSENT_DEEDS),
}


@require_POST
@staff_required
def on_referral(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    get_object_or_404(Referral, pk=pk)
    return _do(request, pk, pk, DEEDS[deed], deed)


@require_POST
@staff_required
def on_row(request: HttpRequest, pk: int, kind: str, row: int, deed: str) -> HttpResponse:
    """A deed on a placement, a follow-up, a task or a consent of this referral."""
    where, deeds = ROWS.get(kind, ("", {}))
    if deed not in deeds:
        raise Http404
    rows: QuerySet[Any] = getattr(get_object_or_404(Referral, pk=pk), where)
    get_object_or_404(rows, pk=row)
    return _do(request, pk, row, deeds[deed], f"{kind}-{row}-{deed}")


def _do(request: HttpRequest, pk: int, key: int, deed: Deed, name: str) -> HttpResponse:
    form = deed.form(request.POST, auto_id=f"{name}_%s")
    try:
        referral = visible(request, pk)
    except Http404:
        return _lost(request)
    if "back" in request.POST:
        return page(request, referral, **{name: _at(form, referral)})
    if not form.is_valid():
        return page(request, referral, status=422, **{name: form})
    try:
        asked, result = _ask_or_do(request, referral, key, deed, name, form)
    except REFUSED as error:
        form.add_error(None, sentence(error))
    except NotYours:
        return _lost(request)
    else:
        if asked:
            return asked
        messages.success(request, deed.said(result))
        if Referral.objects.visible_to(worker(request)).filter(pk=pk).exists():
            return redirect("workspace:referral", pk)
        return redirect("workspace:queue")
    try:
        referral = visible(request, pk)
    except Http404:
        return _lost(request)
    return page(request, referral, status=409, **{name: _at(form, referral)})


def _ask_or_do(
    request: HttpRequest, referral: Referral, key: int, deed: Deed, name: str, form: Any
) -> tuple[HttpResponse | None, Any]:
    """(the page that asks, None) where what would happen has not been shown as it is now, else (None, the result)."""
    data, now, kind = form.cleaned_data, timezone.now(), name.rpartition("-")[2]
    actor = Actor.of(worker(request), press=_press(form, name))
    if deed.preview and not data["shown"] and not has_done(referral, actor):
        if data["version"] != referral.version:
            raise Stale
        if effect := deed.preview(key, data, actor, now):
            return confirm(request, referral, form, effect, kind, changed=False, status=200), None
    result = None
    try:
        with suppress(Again):  # answered as the first time
            result = deed.do(key, data, actor, now)
    except (Stale, Changed, Mismatch) as error:
        effect = deed.preview(key, data, actor, now) if deed.preview and data["shown"] else None
        if effect is None:
            raise
        if isinstance(error, Mismatch):
            form.add_error("reason", sentence(error))
        changed = not isinstance(error, Mismatch)
        return confirm(request, visible(request, referral.pk), form, effect, kind, changed=changed, status=409), None
    return None, result


def _press(form: Any, name: str) -> str:
    """What tells this press of button `name` from every other: the page that it was made on, and all that was typed.

    It is written down beside what it did, and words may be in it: so a keyed hash.
    """
    if form.cleaned_data["version"] == UNKNOWN:
        return ""
    typed = [(field, form.data.getlist(field)) for field in form.fields]
    return blind_index(json.dumps([name, typed]), purpose="press")[:32]


def _at(form: Any, referral: Referral) -> Any:
    """The refused form as it was typed, with the version that its page shows now, so that a second press works."""
    form.data = form.data.copy()
    if "version" in form.fields:
        form.data["version"] = str(referral.version)
    return form


def _lost(request: HttpRequest) -> HttpResponse:
    """Somebody else has it now. What was typed is shown once more, so that it can be passed on."""
    hidden = {"csrfmiddlewaretoken", "version"}
    typed = [value for name, value in request.POST.items() if name not in hidden and str(value).strip()]
    messages.warning(request, sentence(NotYours()))
    return refused(request, "workspace/lost.html", {"typed": typed}, 409)
