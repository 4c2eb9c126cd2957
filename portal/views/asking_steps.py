"""Asking for help in short steps: one topic a page. What was typed waits in the session until it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.forms.asking import AskForm
from portal.views import asking
from portal.views.own import in_our_time, our_hours, outside_our_area
from referral.hours import promised_by
from referral.models import Contact
from referral.models.hours import working_time
from referral.models.people import WAYS

ASKING = "referral.asking"
# Each step: its name, its heading, and what it asks.
STEPS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("who", _("Let us begin"), ("relation", "concern", "age")),
    ("place", _("Your name and area"), ("contact_name", "patient_name", "zip_code", "language")),
    (
        "reach",
        _("Your phone or email"),
        ("phone", "email", "by_email", "by_text", "by_phone", "ways", "times", "voicemail"),
    ),
    ("more", _("Anything else?"), ("message", "share_answers", "answers_of")),
    (
        "sharing",
        _("May we contact programs for you?"),
        ("share", "signing_age", "signed_as", "authority", "signed_name", "website", "again"),
    ),
)
SEVERAL = ("times",)
BOXES = {f"by_{way}": label for way, label in WAYS.items()}
Kept = dict[str, list[str]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Begin to ask for help, with the first step; whoever has asked here already is led to that request."""
    if request.method != "POST" and "another" not in request.GET and (sent := asking.open_here(request)):
        return render(request, "portal/asked_already.html", {"sent": sent, "address": "portal:status"})
    if request.method == "POST" or "all" in request.GET:
        return asking.ask(request)
    return show(request, 1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Show a step, or keep what it was sent with and go on; the last one sends all of it."""
    if not 1 <= number <= len(STEPS):
        return redirect("portal:ask")
    if request.method != "POST":
        return show(request, number)
    kept = _keep(request, number)
    if "back" in request.POST and number > 1:
        return redirect("portal:ask-step", number - 1)
    form = _bound(kept, asking.families_here(request))
    asking.tell_whose(form, asking.all_finished(request, timezone.now()))
    if set(form.errors) & set(STEPS[number - 1][2]):
        return show(request, number, form=_only(form, number), status=422)
    if number < len(STEPS):
        return redirect("portal:ask-step", number + 1)
    if faulty := _first_faulty(form):
        return redirect("portal:ask-step", faulty)
    return _send(request, form, number)


def show(
    request: HttpRequest, number: int, *, form: AskForm | None = None, status: int = 200, wait: int = 0
) -> HttpResponse:
    """The page of one step, with what was typed before."""
    name, heading, _names = STEPS[number - 1]
    kept: Kept = request.session.get(ASKING, {})
    response = asking.finished(request, timezone.now())
    if form is None:
        initial = {"language": get_language() or "en", **asking.known(response), **_initial(kept)}
        form = AskForm(initial=initial)
    form.wordings(get_language() or "en")
    answers = asking.all_finished(request, timezone.now())
    asking.tell_whose(form, answers)
    work = working_time()
    context: dict[str, Any] = {
        "form": form,
        "name": name,
        "heading": heading,
        "number": number,
        "count": len(STEPS),
        "last": number == len(STEPS),
        "words": form.words,
        "loved": kept.get("relation") != ["self"],
        "has_answers": bool(answers),
        "wait": wait,
        "by": in_our_time(promised_by(timezone.now(), work)),
        "our_hours": our_hours(work),
        "given": given(kept, form) if number == len(STEPS) else [],
        "looked_at": request.GET.get("program", "") or request.POST.get("program", ""),
        "outside": name == "reach" and outside_our_area((kept.get("zip_code") or [""])[-1]),
    }
    return render(request, "portal/ask_step.html", context, status=status)


@dataclass(frozen=True)
class Given:
    """What was said to one question, to be looked at before it is sent, and the step where it can be changed."""

    question: str | Promise
    words: str
    step: int


def given(kept: Kept, form: AskForm) -> list[Given]:
    """All that was said in the steps before the last, in its order and in the reader's words."""
    rows = []
    # Of calls nothing is said to who gave no phone.
    without = set() if any(kept.get("phone", ())) else {"times", "voicemail"}
    without |= set() if "share_answers" in kept and "answers_of" in form.fields else {"answers_of"}
    for number, (_name, _heading, names) in enumerate(STEPS[:-1], start=1):
        for name in names:
            if name in BOXES or name in without:
                continue
            words = ", ".join(_in_words(form, name, value) for value in kept.get(name, []) if value)
            if words:
                rows.append(Given(form.fields[name].label or "", words, number))
        if ways := [str(label) for box, label in BOXES.items() if box in names and box in kept]:
            rows.append(Given(_("How may we contact you?"), ", ".join(ways), number))
    return rows


def _in_words(form: AskForm, name: str, value: str) -> str:
    field = form.fields[name]
    if isinstance(field, BooleanField):
        return gettext("Yes")
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _send(request: HttpRequest, form: AskForm, number: int) -> HttpResponse:
    if form.once_more():
        form.add_error(None, asking.HIDDEN_BOX)
        return show(request, number, form=_only(form, number), status=422)
    if wait := asking.seconds_until(request, timezone.now(), form):
        return show(request, number, form=_only(form, number), status=429, wait=wait)
    answer = asking.take(request, form)
    request.session.pop(ASKING, None)
    return answer


def _keep(request: HttpRequest, number: int) -> Kept:
    """What was typed in this step beside what the session holds; what was unchecked is gone."""
    names = STEPS[number - 1][2]
    kept: Kept = request.session.get(ASKING, {"key": [str(uuid.uuid4())]})
    kept = {name: values for name, values in kept.items() if name not in names}
    kept |= {name: request.POST.getlist(name) for name in names if name in request.POST}
    if words := asking.looked_at(request.POST):
        kept.setdefault("message", [words])
    request.session[ASKING] = kept
    if not request.user.is_authenticated:
        request.session.set_expiry(0)  # the next who uses this browser finds nothing
    return kept


def _bound(kept: Mapping[str, list[str]], known: Collection[Contact]) -> AskForm:
    data = QueryDict(mutable=True)
    own = kept.get("relation") == ["self"]
    for name, values in kept.items():
        if not (own and name == "patient_name"):  # is not asked then; it stays for when they choose otherwise again
            data.setlist(name, values)
    form = AskForm(data)
    form.known = known
    form.wordings(get_language() or "en")
    return form


def _only(form: AskForm, number: int) -> AskForm:
    """The form with the errors of this step alone: the others are not asked yet."""
    names = {*STEPS[number - 1][2], "__all__"}
    for name in [each for each in form.errors if each not in names]:
        del form.errors[name]
    return form


def _first_faulty(form: AskForm) -> int:
    """The first step with a fault in it, as where one was left out; 0 where there is none."""
    for number, (_name, _heading, names) in enumerate(STEPS, start=1):
        if set(form.errors) & set(names):
            return number
    return 0


def _initial(kept: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: values if name in SEVERAL else values[-1] for name, values in kept.items() if values}
