"""The phone rings: write the caller down, part by part, and open the referral."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.actions.common import Actor
from referral.actions.consents import MayNotSign
from referral.actions.drafts import discard_draft, open_call, record_shown, save_draft
from referral.duplicates import Similar, similar
from referral.models import IntakeDraft, Referral
from referral.refusals import sentence
from workspace.intake_forms import IntakeForm, caller_in, draft_key, typed_in
from workspace.views.guard import staff_required, worker


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new(request: HttpRequest) -> HttpResponse:
    """The form: empty, or a draft as it was left; sent, it opens the referral."""
    if request.method == "POST":
        return _open(request)
    asked = draft_key(request.GET.get("draft", ""))
    draft = IntakeDraft.objects.filter(pk=asked, user=worker(request)).first() if asked else None
    initial = _initial(draft) if draft else {"mine": True}
    form = _form(initial={**initial, "key": draft.pk if draft else uuid.uuid4()})
    form.fields["contact_name"].widget.attrs["autofocus"] = True
    return _page(request, form, draft)


def _initial(draft: IntakeDraft) -> dict[str, object]:
    """What was typed, as the fields take it: a list where several may be chosen. A box that was unchecked stays so."""
    several = ("times", "categories")
    typed = {name: values if name in several else values[-1] for name, values in draft.typed.items() if values}
    return {"mine": False, "categories": [], "read_in": typed.get("language", ""), **typed}


def _form(*args: object, **kwargs: Any) -> IntakeForm:
    form = IntakeForm(*args, **kwargs)
    form.wordings(get_language() or "en")
    return form


def _open(request: HttpRequest) -> HttpResponse:
    user, now = worker(request), timezone.now()
    later = "later" in request.POST
    form, actor = _form(request.POST, later=later), Actor.of(worker(request))
    key = draft_key(request.POST.get("key", ""))
    if form.is_valid():
        try:
            referral = open_call(
                form.ask(),
                form.signature(now) if form.is_given and not later else None,
                mine=form.cleaned_data["mine"],
                send_link=form.sends_link and not later,
                missing=form.missing() if later or form.is_unreachable else [],
                actor=actor,
                now=now,
            )
        except MayNotSign as error:
            form.add_error("signed_as", sentence(error))
        else:
            messages.success(request, _("Opened: %(code)s.") % {"code": referral.public_code})
            here = Referral.objects.visible_to(user).filter(pk=referral.pk).exists()
            return redirect("workspace:referral", referral.pk) if here else redirect("workspace:queue")
    draft = save_draft(key, typed_in(request.POST), actor=actor, now=now) if key else None
    return _page(request, form, draft, status=422)


@require_POST
@staff_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the draft as it is typed, and answer with what stands beside the form; or discard it."""
    user, now, key = worker(request), timezone.now(), draft_key(request.POST.get("key", ""))
    actor = Actor.of(user)
    if key is None:
        return redirect("workspace:new")
    if "discard" in request.POST:
        discard_draft(key, actor=actor)
        messages.success(request, _("Draft discarded."))
        return redirect("workspace:new")
    draft = save_draft(key, typed_in(request.POST), actor=actor, now=now)
    if not getattr(request, "htmx", False):
        if draft:
            messages.success(request, _("Draft saved. Only you see it, under “New call”."))
        return redirect(f"{reverse('workspace:new')}?draft={key}" if draft else "workspace:queue")
    context = {"draft": draft, "drafts": _others(request, draft), "alike": _alike(request, draft)}
    answer = render(request, "workspace/_intake_beside.html", context)
    if draft:  # loaded again, the page goes on with this draft and begins no other
        answer.headers["HX-Replace-Url"] = f"{reverse('workspace:new')}?draft={key}"
    return answer


def _others(request: HttpRequest, draft: IntakeDraft | None) -> QuerySet[IntakeDraft]:
    return worker(request).intake_drafts.exclude(pk__in=[draft.pk] if draft else [])


def _alike(request: HttpRequest, draft: IntakeDraft | None) -> list[tuple[Similar, bool]]:
    """Who may be the same family, and whether this member of staff may open it. Each is written down once."""
    if draft is None:
        return []
    user = worker(request)
    found = similar(caller_in(draft.typed), user)
    record_shown(draft, [each.referral for each in found], user=user, now=timezone.now())
    keys = [each.referral.pk for each in found]
    opens = set(Referral.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [(each, each.referral.pk in opens) for each in found]


def _page(request: HttpRequest, form: IntakeForm, draft: IntakeDraft | None, *, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "draft": draft,
        "drafts": _others(request, draft),
        "alike": _alike(request, draft),
        "wide": True,
    }
    return render(request, "workspace/intake.html", context, status=status)
