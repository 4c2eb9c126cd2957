"""What whoever may not open a family can do when it calls: leave a word for its navigator, or take it over."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from referral.actions.referrals import may_take_over
from referral.models import IntakeDraft, Referral
from workspace.forms import TakeOverForm, VersionForm, WordForm
from workspace.intake_forms import draft_key
from workspace.views.refusing import refused


def colleague_page(
    request: HttpRequest, referral: Referral, *, status: int = 200, bound: Mapping[str, VersionForm] | None = None
) -> HttpResponse:
    """Who has the family, and the two forms; one that was sent and refused in place of the empty one."""
    shown = {"version": referral.version}
    forms: dict[str, VersionForm] = {
        "word": WordForm(initial=shown | _of_the_call(request), auto_id="word_%s"),
        "take_over": TakeOverForm(initial=shown, auto_id="take_over_%s"),
    } | dict(bound or {})
    context = {
        "referral": referral,
        "forms": forms,
        "may_take_over": may_take_over(referral, timezone.localdate()),
        "faulty": next((form for form in forms.values() if form.errors), None),
    }
    return refused(request, "workspace/with_colleague.html", context, status)


def _of_the_call(request: HttpRequest) -> dict[str, str]:
    """What has been typed of the call so far, where the page was opened from it."""
    key = draft_key(request.GET.get("draft", ""))
    draft = IntakeDraft.objects.filter(pk=key, user=request.user.pk).first() if key else None
    typed = draft.typed if draft else {}
    return {mine: typed[name][-1] for mine, name in (("said", "message"), ("number", "phone")) if typed.get(name)}
