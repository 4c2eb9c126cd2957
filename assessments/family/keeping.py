"""Saving answers without an account, coming back to them, sharing the result, and deleting all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import actions, keeping
from assessments.family import pages, session, warnings
from assessments.family.keeping_forms import CodeForm, ReturnEmailForm, ShareForm
from assessments.family.views import language, with_response
from assessments.models import Response, ReturnCode
from privacy.limits import seconds_to_wait
from ui.forms import Form

MOST_SHARED = 5
Shown = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def keep(request: HttpRequest, response: Response) -> HttpResponse:
    """Every way to keep or share these answers, one form for each."""
    handlers: dict[str, Callable[[HttpRequest, Response, datetime], Shown | None]] = {
        "code": _code,
        "new-code": _new_code,
        "email": _email,
        "here": _here,
        "nowhere": _nowhere,
        "share": _share,
        "stop": _stop,
    }
    shown: Shown | None = session.told_once(request) if request.method == "GET" else {}
    if request.method == "POST" and (handler := handlers.get(request.POST.get("do", ""))):
        shown = handler(request, response, timezone.now())
        if shown is None:
            return redirect("assessments:keep")
    status = int(shown.pop("status", 200)) if shown else 200
    context = {
        "response": response,
        "kept": pages.kept(response),
        "complete": response.completed_at is not None,
        "has_code": hasattr(response, "return_code"),
        "email_form": ReturnEmailForm(initial={"language": language()}),
        "share_form": ShareForm(initial={"language": language()}),
        "shared": response.shared_results.all(),
        "now": timezone.now(),
        "saved_days": settings.RESPONSES_KEPT_FOR["saved"].days,
        **(shown or {}),
    }
    context["shared_device"] = session.is_shared(request)
    return render(request, "assessments/keep.html", context, status=status)


def _code(request: HttpRequest, response: Response, now: datetime) -> None:
    """The first code. Sent again it makes no other: the one that was written down stays good."""
    if not ReturnCode.objects.filter(response=response).exists():
        _new_code(request, response, now)


def _new_code(request: HttpRequest, response: Response, now: datetime) -> None:
    """The code stands on the one page that follows: afterwards nobody can read it here, also not from the history."""
    session.tell_once(request, {"code": keeping.save_answers(response, language=language(), now=now)})


def _email(request: HttpRequest, response: Response, now: datetime) -> Shown | None:
    form = ReturnEmailForm(request.POST)
    if form.is_valid() and not _waits(request, form, "answers-email", "email", now=now):
        keeping.send_return_link(
            response,
            address=form.cleaned_data["email"],
            wording=str(form.fields["email"].help_text),
            language=form.cleaned_data["language"] or language(),
            now=now,
        )
        messages.info(
            request,
            _(
                "If we may write to that address, the email comes within minutes. We send one an hour at most. If none"
                " comes, look in your spam folder, or get six words here."
            ),
        )
        return None
    return {"email_form": form, "bad": form, "status": 429 if form.has_error("email", TOO_MANY) else 400}


def _nowhere(request: HttpRequest, response: Response, now: datetime) -> None:
    keeping.keep_nowhere(response, now=now)
    session.end_with_the_browser(request)
    messages.success(request, _("This phone or computer now keeps nothing after you close the browser."))


def _here(request: HttpRequest, response: Response, now: datetime) -> None:
    """The device is shared, and the words or the link stay good elsewhere."""
    session.end_with_the_browser(request)
    messages.success(request, _("This phone or computer now keeps nothing after you close the browser."))


def _share(request: HttpRequest, response: Response, now: datetime) -> Shown | None:
    form = ShareForm(request.POST)
    if response.completed_at is None:
        return None
    if not form.is_valid():
        return {"share_form": form, "bad": form, "status": 400}
    if response.shared_results.live(now).count() >= MOST_SHARED:
        messages.warning(request, _("You have five links that work. Stop one of them before you make a new one."))
        return None
    told = dict(form.cleaned_data)
    theirs = told.pop("language") or language()
    _link, token = keeping.share_result(response, now=now, **told)
    with override(theirs):
        address = settings.BASE_URL + reverse("portal:open-shared", args=[token])
    session.tell_once(request, {"new_link": address, "link_language": theirs})
    return None


def _stop(request: HttpRequest, response: Response, now: datetime) -> None:
    pk = request.POST.get("link", "")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        keeping.stop_sharing(response, int(pk), now=now)
        messages.success(request, _("That link no longer works."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Open saved answers on this device by their code, or delete them."""
    now = timezone.now()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not _waits(request, form, "return-code", "code", now=now):
        response = keeping.find_by_code(form.words, now=now)
        if response is None:
            form.add_error("code", _("We found no answers for this code. Check each word and the order of the words."))
        elif request.POST.get("do") == "delete":
            return _delete(request, response, now)
        else:
            messages.success(request, _("Your answers are here again. You can go on."))
            if form.cleaned_data["is_shared_device"]:
                session.end_with_the_browser(request)
            return open_again(request, response)
    status = 429 if form.has_error("code", TOO_MANY) else 400 if form.errors else 200
    days = settings.RESPONSES_KEPT_FOR["saved"].days
    return render(request, "assessments/come_back.html", {"form": form, "days": days}, status=status)


def open_again(request: HttpRequest, response: Response) -> HttpResponse:
    """Let this browser go on with saved answers: at the next question, or at the result.

    The result opens with all that safety asks for, so nothing stands before it.
    """
    session.own(request, response)
    outcome = response.outcome()
    if outcome.complete:
        session.saw(request, warnings.interrupting_rules(response, outcome))
    return redirect(pages.going_on(outcome)["url"])


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def resume(request: HttpRequest, response: Response) -> HttpResponse:
    """Where these answers go on: the next question, or the result."""
    return redirect(pages.going_on(response.outcome())["url"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask once, then delete the answers of this browser. Answers of another device are deleted by their code."""
    now = timezone.now()
    response = session.addressed(request, now)
    if request.method == "POST":
        if response is None:
            return redirect("assessments:delete")
        return _delete(request, response, now)
    context = {"here": response is not None, "kept": pages.kept(response) if response else {}}
    return render(request, "assessments/delete.html", context)


def _delete(request: HttpRequest, response: Response, now: datetime) -> HttpResponse:
    actions.forget(response, now=now)
    own = session.owned(request, now)
    if own is None or own.pk == response.pk:
        session.disown(request)
    messages.success(request, _("Your answers are deleted."))
    return redirect("assessments:start")


TOO_MANY = "too many"


def _waits(request: HttpRequest, form: Form, what: str, field: str, *, now: datetime) -> bool:
    """Whether this was tried so often that the next try has to wait; the form says for how long."""
    wait = seconds_to_wait(request, what, now=now)
    if wait:
        words = ngettext(
            "This was tried many times from here. Wait %(count)s second and try again.",
            "This was tried many times from here. Wait %(count)s seconds and try again.",
            wait,
        )
        form.add_error(field, ValidationError(words % {"count": wait}, code=TOO_MANY))
    return bool(wait)
