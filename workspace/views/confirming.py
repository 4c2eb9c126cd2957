"""The page that shows what a step shares with whom, or what it ends, and asks before it is taken."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from privacy.actions import record_access
from referral.actions.effects import Effect
from referral.models import Disclosure, Referral
from referral.program_rows import Row, program_rows
from workspace.forms import VersionForm
from workspace.views.guard import worker
from workspace.views.one_referral import OPENED, refused
from workspace.views.referral_forms import note_form


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

    `kind` is send, accept, cancel or revoke; `changed` says that something else was shown before.
    """
    now = timezone.now()
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=now)
    asks_why = kind == "send" and bool(effect.against.keys)
    apart = {"version", "shown", *(["reason"] if asks_why else [])}
    context: dict[str, object] = {
        "referral": referral,
        "kind": kind,
        "effect": effect,
        "changed": changed,
        "form": form,
        "asks_why": asks_why,
        "hidden": [(name, value) for name in form.fields if name not in apart for value in request.POST.getlist(name)],
        "rows": _rows(referral, effect.shares),
        "later": _rows(referral, effect.later),
        "shared": shared_before(effect),
        "reason": request.POST.get("reason", "") if kind == "cancel" else "",
        "note": note_form(request, referral),
    }
    return refused(request, "workspace/confirm.html", context, status)


def shared_before(effect: Effect) -> list[Disclosure]:
    """What programs have already had of what ends: it stays with them."""
    placements = Disclosure.objects.filter(placement__in=[each.pk for each in effect.ends])
    consents = Disclosure.objects.filter(consent__in=[each.pk for each in effect.consents])
    return list(consents if effect.consents else placements)


def _rows(referral: Referral, categories: Collection[str]) -> list[Row]:
    return [row for rows in program_rows(referral, categories).values() for row in rows]
