"""The page that shows what a step shares with whom, or what it ends, and asks before it is taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from privacy.actions import record_access
from referral.actions.effects import Effect, mark_of
from referral.models import Disclosure, Referral
from referral.program_rows import Row, program_rows, unopened
from workspace.forms import SendForm, VersionForm
from workspace.views.guard import worker
from workspace.views.one_referral import OPENED
from workspace.views.referral_forms import note_form
from workspace.views.refusing import refused


def confirm(
    request: HttpRequest,
    referral: Referral,
    form: VersionForm,
    effect: Effect,
    kind: str,
    *,
    changed: bool,
    status: int,
) -> HttpResponse:
    """Ask. The form as it was typed goes along, with the version and the mark of what is shown here.

    `kind` is accept, cancel, close or revoke; `changed` says that something else was shown before.
    """
    now = timezone.now()
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=now)
    apart = {"version", "shown"}
    context: dict[str, object] = {
        "referral": referral,
        "kind": kind,
        "effect": effect,
        "changed": changed,
        "form": form,
        "hidden": [(name, value) for name in form.fields if name not in apart for value in request.POST.getlist(name)],
        "rows": _rows(referral, effect.shares),
        **shared_before(effect),
        "reason": request.POST.get("reason", "") if kind in ("cancel", "close") else "",
        "note": note_form(request, referral),
    }
    return refused(request, "workspace/confirm.html", context, status)


def confirm_send(
    request: HttpRequest, referral: Referral, form: SendForm, effects: Sequence[Effect], *, changed: bool, status: int
) -> HttpResponse:
    """Ask before programs are asked: what each sees now and later, and why one that does not match is chosen."""
    now = timezone.now()
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=now)
    first = effects[0]
    context: dict[str, object] = {
        "referral": referral,
        "effects": [(each, form.reason(each.asked)) for each in effects],
        "mark": mark_of(effects),
        "changed": changed,
        "form": form,
        "asks_why": any(each.against.keys for each in effects),
        # All of them see the same: the limited part, and later the categories that were chosen.
        "rows": _rows(referral, first.shares),
        "later": _rows(referral, first.later),
        "programs": form.typed("program"),
        "categories": form.typed("categories"),
        "note": note_form(request, referral),
    }
    return refused(request, "workspace/confirm_send.html", context, status)


def shared_before(effect: Effect) -> dict[str, list[Disclosure]]:
    """What programs have already had of what ends, and stays with them; and what none of them has opened so far."""
    placements = Disclosure.objects.filter(placement__in=[each.pk for each in effect.ends])
    consents = Disclosure.objects.filter(consent__in=[each.pk for each in effect.consents])
    found = list((consents if effect.consents else placements).select_related("placement__program"))
    closed = unopened(found)
    return {
        "shared": [each for each in found if each.pk not in closed],
        "unopened": [each for each in found if each.pk in closed],
    }


def _rows(referral: Referral, categories: Collection[str]) -> list[Row]:
    return [row for rows in program_rows(referral, categories).values() for row in rows]
