"""The folded forms of a referral's page: each is fetched when it is opened, and is a page of its own, too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from privacy.actions import record_access
from privacy.models import AccessEvent, User
from referral.actions.common import Actor
from referral.models import Referral
from workspace.forms import KEY_DIGITS
from workspace.views.guard import staff_required, visible, worker
from workspace.views.one_referral import MOVES, OPENED, moves_of
from workspace.views.referral_forms import FOLDED, folded_form

A_WORKING_DAY = timedelta(hours=12)
ALWAYS = ("correct",)  # also once the referral has ended


@require_safe
@staff_required
def form_of(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One form: by itself where the referral's page fetches it, else on a page of its own. 404 where it has none."""
    referral, user = visible(request, pk), worker(request)
    moves = moves_of(referral, Actor.of(user).role)
    if name not in FOLDED or not (name in moves if name in MOVES else referral.is_open or name in ALWAYS):
        raise Http404
    form = folded_form(name, referral, moves)
    if name == "listen" and not cast(ChoiceField, form.fields["channel"]).choices:
        raise Http404
    form.initial["version"] = _seen(request, referral)
    context = {"referral": referral, "name": name, "form": form, "folded": FOLDED[name]}
    now, fetched = timezone.now(), bool(getattr(request, "htmx", False))
    if not (fetched and _has_opened_page(user, referral, now)):
        record_access(actor=user, subject=referral.key, action="viewed", purpose=OPENED, now=now)
    return render(request, "workspace/_one_form.html" if fetched else "workspace/one_form.html", context)


def _has_opened_page(user: User, referral: Referral, now: datetime) -> bool:
    """Whether the page that fetches a form has written down who looks."""
    looks = AccessEvent.objects.filter(actor=user, subject=referral.key, action="viewed", purpose=OPENED)
    return looks.filter(at__gt=now - A_WORKING_DAY).exists()


def _seen(request: HttpRequest, referral: Referral) -> int:
    """The version of the page on which the form was opened: what changed since is not overwritten unseen."""
    typed = request.GET.get("seen", "")
    known = typed.isascii() and typed.isdecimal() and len(typed) < KEY_DIGITS
    return int(typed) if known else referral.version
