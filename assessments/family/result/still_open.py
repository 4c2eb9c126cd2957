"""The questions that would settle a result, answered on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import actions
from assessments.engine.definition import Question
from assessments.family import pages, session
from assessments.family.result.forms import OpenForm
from assessments.family.result.open_questions import MOST, most_telling
from assessments.family.views import language, tell_dropped, with_response
from assessments.models import Response


@require_http_methods(["GET", "HEAD", "POST"])
@with_response
def still_open(request: HttpRequest, response: Response) -> HttpResponse:
    """Answer the questions that matter most; what is changed leads back to the result."""
    definition = response.version.definition
    posted = request.method == "POST"
    questions = _named(response, request.POST.getlist("asked")) if posted else _open(response)
    if not questions:
        return redirect("assessments:result")
    initial = {question.key: pages.initial(question, response.answers.get(question.key)) for question in questions}
    form = OpenForm(
        definition,
        questions,
        language(),
        response.spoken_to,
        request.POST if posted else None,
        answers=response.answers,
        initial=initial,
    )
    if posted and form.is_valid():
        now = timezone.now()
        actions.answer_several(response, form.answers(), now=now)
        for one in form.asked.values():
            tell_dropped(request, one)
        session.renew(request, now)
        return redirect("assessments:result")
    context: dict[str, Any] = {"form": form, "kept": pages.kept(response)}
    return render(request, "assessments/result/answer.html", context, status=400 if form.errors else 200)


def _open(response: Response) -> list[Question]:
    definition = response.version.definition
    return [definition.by_key[unknown.question] for unknown in most_telling(definition, response.answers)]


def _named(response: Response, keys: list[str]) -> list[Question]:
    """The questions that the page asked: those open when it was sent may be others by now."""
    on_the_way = {step.question.key: step.question for step in response.outcome().path}
    return [on_the_way[key] for key in dict.fromkeys(keys) if key in on_the_way][:MOST]
