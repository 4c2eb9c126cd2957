"""The questionnaire as families meet it: one question a page, no answer in any address, no JavaScript needed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import actions
from assessments.engine.decide import Outcome
from assessments.engine.definition import Language
from assessments.engine.signs import dangers_of
from assessments.engine.walk import AnswerError
from assessments.family import pages, session, warnings
from assessments.family.forms import QuestionForm, StartForm
from assessments.family.result import page as result_page
from assessments.models import Response
from privacy.limits import seconds_to_wait

View = Callable[..., HttpResponse]
TOO_MANY = "too many"
CHECK = "check"
"""In the address of a question that is opened to change an answer: where its form leads when all are answered."""


def language() -> Language:
    """The language of the page, of those that questionnaires are written in."""
    return "es" if (get_language() or "").startswith("es") else "en"


def with_response(view: View) -> View:
    """Give the view the session's own response and its outcome; without one, say so and begin again."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = session.addressed(request, timezone.now())
        if response is None:
            messages.info(request, _("There are no answers here. They are deleted after a while, or when you ask."))
            return redirect("assessments:start")
        return view(request, response, *args, **kwargs)

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what becomes of the answers, and who it is for."""
    form = StartForm(request.POST if request.method == "POST" else None, initial=_begin_with(request))
    if request.method == "POST" and form.is_valid() and not _too_many(request, form):
        try:
            response = actions.begin(
                key=settings.QUESTIONNAIRE,
                language=language(),
                voice=form.cleaned_data["voice"],
                start_key=form.cleaned_data["key"],
                is_shared_device=form.cleaned_data["is_shared_device"],
                now=timezone.now(),
            )
        except actions.NothingPublished:
            return render(request, "assessments/closed.html", status=503)
        session.own(request, response)
        return redirect("assessments:question", 1)
    now = timezone.now()
    going = session.owned(request, now)
    beside = [(one, pages.going_on(one.outcome())) for one in session.others(request, now)]
    context = {
        "form": form,
        "going": pages.going_on(going.outcome()) if going and going.answers else None,
        "whose": pages.whose(going) if going else "",
        "others": [(one, {**on, "whose": pages.whose(one)}) for one, on in beside],
        "extent": pages.extent(),
    }
    status = 429 if form.has_error(NON_FIELD_ERRORS, TOO_MANY) else 400 if form.errors else 200
    return render(request, "assessments/start.html", context, status=status)


def _begin_with(request: HttpRequest) -> dict[str, Any]:
    """A key for this form; and what was said of this browser before."""
    return {"key": uuid.uuid4(), "is_shared_device": session.is_shared(request)}


def _too_many(request: HttpRequest, form: StartForm) -> bool:
    """Whether this visitor has begun so often in this hour that only a machine would; the form says so."""
    wait = seconds_to_wait(request, "assessment", now=timezone.now(), times=10)
    if wait:
        message = ngettext(
            "The questions were started many times from here. Wait %(count)s second and try again, or call us or 988.",
            "The questions were started many times from here. Wait %(count)s seconds and try again, or call us or 988.",
            wait,
        )
        form.add_error(None, ValidationError(message % {"count": wait}, code=TOO_MANY))
    return bool(wait)


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def question(request: HttpRequest, response: Response, number: int) -> HttpResponse:
    """The question with this number on the family's way, with the answer given before."""
    if number < 1:
        raise Http404
    if request.method == "POST":
        return _answered(request, response, number)
    outcome = response.outcome()
    if warning := _warning(request, response, outcome, number):
        return warning
    asked = pages.asked(response.version.definition, outcome)
    if number > len(asked):
        return _onward(outcome, len(asked))
    return _ask(request, response, outcome, number)


def _ask(
    request: HttpRequest, response: Response, outcome: Outcome, number: int, form: QuestionForm | None = None
) -> HttpResponse:
    voice = response.spoken_to
    asked = pages.asked(response.version.definition, outcome)[number - 1]
    given = pages.initial(asked, response.answers.get(asked.key))
    initial, answers = {"question": asked.key, "answer": given}, response.answers
    follow = response.version.definition.followed.get(asked.key, ())
    blank = SimpleLazyObject(partial(QuestionForm, asked, language(), voice, initial=initial, answers=answers))
    context = {
        "form": form or blank,
        "refused": form is not None,
        "key": asked.key,
        "dangers": sorted(dangers_of(response.version.definition, asked)),
        "follows": tuple(str(answers.get(key)) for key in follow),
        "given": given if isinstance(given, str | None) else tuple(given),
        "version": response.version_id,
        "voice": voice,
        "number": number,
        "kept": pages.kept(response),
        "progress": pages.progress(response, outcome, number),
        "back": CHECK if request.GET.get("then") == CHECK else "",
        "look": [] if form else warnings.hints(response, outcome, number, language()),
        "emergency": bool(warnings.emergency(response, outcome.safety)),
        "only_911": warnings.only_911(response, outcome.safety),
    }
    return render(request, "assessments/question.html", context, status=400 if form else 200)


def _answered(request: HttpRequest, response: Response, number: int) -> HttpResponse:
    definition = response.version.definition
    asked = definition.by_key.get(request.POST.get("question", ""))
    if asked is None:
        messages.warning(request, _("This page was out of date. Nothing is lost; please answer here."))
        return redirect("assessments:question", number)
    dangers = dangers_of(definition, asked)
    form = QuestionForm(asked, language(), response.spoken_to, request.POST, dangers=dangers, answers=response.answers)
    was_complete = response.completed_at is not None
    told = None
    if form.is_valid():
        try:
            told = actions.answer(response, question=asked.key, answer=form.cleaned_data["answer"], now=timezone.now())
        except AnswerError as error:
            form.add_error("answer", " ".join(problem.say(language()) for problem in error.problems))
    if told is None:
        outcome = response.outcome()
        on_the_way = [question.key for question in pages.asked(definition, outcome)]
        if asked.key not in on_the_way:
            return redirect("assessments:question", len(on_the_way))
        return _ask(request, response, outcome, on_the_way.index(asked.key) + 1, form)
    response, outcome = told
    tell_dropped(request, form)
    session.renew(request, timezone.now())
    if warning := _warning(request, response, outcome):
        return warning
    keys = [question.key for question in pages.asked(definition, outcome)]
    if asked.key not in keys:
        messages.info(request, _("Because of another answer, that question is no longer needed."))
        return _onward(outcome, len(keys))
    place = keys.index(asked.key) + 2
    # Whoever changes an answer of a finished walk wants to be where they came from, or at what the change brings up.
    if was_complete and outcome.complete and request.GET.get("then") != CHECK:
        return redirect("assessments:result")
    if was_complete or outcome.complete:
        return _onward(outcome, len(keys))
    return redirect("assessments:question", place)


def tell_dropped(request: HttpRequest, form: QuestionForm) -> None:
    """Say which answer was left out, because it cannot stand beside a danger."""
    for words in form.dropped:
        messages.info(request, _("You also chose %(choice)s. We left that out.") % {"choice": words})


def _onward(outcome: Outcome, last: int) -> HttpResponse:
    return redirect("assessments:check") if outcome.complete else redirect("assessments:question", last)


def _warning(
    request: HttpRequest, response: Response, outcome: Outcome, number: int | None = None
) -> HttpResponse | None:
    """The crisis page, before anything else, when a safety rule has fired that was not shown yet.

    Only the way back stays open: to the answers that the new rules rest on, and to those before them.
    """
    new = session.unseen(request, warnings.interrupting_rules(response, outcome))
    if not new or (number and number <= max(warnings.places(outcome, new), default=0)):
        return None
    return redirect("assessments:safety")


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def safety(request: HttpRequest, response: Response) -> HttpResponse:
    """Who to call now, for what was just answered; then a way to go on."""
    outcome = response.outcome()
    interrupting = warnings.interrupting_rules(response, outcome)
    if request.method == "POST":
        session.saw(request, interrupting)
        if outcome.complete and request.POST.get("then") != CHECK:
            return redirect("assessments:result")
        return _onward(outcome, len(pages.asked(response.version.definition, outcome)))
    if not outcome.safety:
        return redirect("guides:crisis")
    new = session.unseen(request, interrupting)
    context = {**warnings.crisis(response, outcome, new, language()), "kept": pages.kept(response)}
    return render(request, "assessments/safety.html", context)


@require_safe
@with_response
def check(request: HttpRequest, response: Response) -> HttpResponse:
    """All answers before the result; each can be changed, and the others are kept."""
    outcome = response.outcome()
    if warning := _warning(request, response, outcome):
        return warning
    if not outcome.complete:
        return _onward(outcome, len(pages.asked(response.version.definition, outcome)))
    groups = pages.grouped(response, outcome, language())
    context = {"groups": groups, "kept": pages.kept(response), "then": CHECK}
    return render(request, "assessments/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def result(request: HttpRequest, response: Response) -> HttpResponse:
    """The fit: every level, why, how sure, what would change it, and what to do next."""
    outcome = response.outcome()
    if warning := _warning(request, response, outcome):
        return warning
    if not outcome.complete:
        messages.info(request, _("A few questions are left before we can say what may fit."))
        return _onward(outcome, len(pages.asked(response.version.definition, outcome)))
    opens = warnings.opening(response, outcome, language(), with_answers=True)
    context = result_page.result(response, outcome, language()) | opens
    context["plan"] = warnings.said_once(context["plan"], opens["urgent"])
    context["kept"] = pages.kept(response)
    return render(request, "assessments/result.html", context)
