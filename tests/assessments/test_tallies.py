"""What became of each question is counted once for each response that ended, and nothing says whose it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import actions
from assessments.editor.counts import about
from assessments.engine.document import parse
from assessments.models import Questionnaire, Response, Tally
from tests.assessments.conftest import small_document

pytestmark = [pytest.mark.django_db]

LIGHT = {"safe": "no", "mood": "well"}


@pytest.fixture
def respond(questionnaire: Questionnaire, now: datetime) -> Callable[..., Response]:
    """A response with these answers, given in order."""

    def answered(**answers: Any) -> Response:
        response = actions.begin(key="small", language="en", voice="me", now=now)
        for question, given in answers.items():
            response, _outcome = actions.answer(response, question=question, answer=given, now=now)
        return response

    return answered


def told(question: str) -> tuple[int, int, int, int, int]:
    tally = Tally.objects.filter(question=question).first() or Tally()
    return tally.seen, tally.answered, tally.not_sure, tally.left, tally.widened


def test_a_completed_response_is_counted_once(respond: Callable[..., Response], now: datetime) -> None:
    respond(**LIGHT)
    respond(safe="no", mood="not_sure", why="known")
    for later in (0, 1, 24):
        actions.tally_completed(now=now + timedelta(hours=later))
    actions.forget_expired(now=now + timedelta(days=60))
    assert not Response.objects.exists()
    assert told("safe") == (2, 2, 0, 0, 0)
    assert told("mood") == (2, 1, 1, 0, 1)
    assert told("why") == (1, 1, 0, 0, 0)


def test_who_left_is_counted_where_they_stopped_when_time_is_over(
    respond: Callable[..., Response], now: datetime
) -> None:
    respond()
    respond(safe="no")
    respond(safe="no", mood="low")
    actions.tally_completed(now=now)
    assert not Tally.objects.exists()
    actions.forget_expired(now=now + timedelta(days=60))
    assert (told("safe"), told("mood"), told("why")) == ((3, 2, 0, 1, 0), (2, 1, 0, 1, 0), (1, 0, 0, 1, 0))


def test_deleted_answers_are_counted_before_they_go_and_only_once(
    respond: Callable[..., Response], now: datetime
) -> None:
    actions.forget(respond(safe="no"), now=now)
    done = respond(**LIGHT)
    actions.tally_completed(now=now)
    actions.forget(done, now=now)
    assert (told("safe"), told("mood")) == ((2, 2, 0, 0, 0), (2, 1, 0, 1, 0))


def test_not_sure_costs_where_an_answer_would_have_narrowed(respond: Callable[..., Response], now: datetime) -> None:
    respond(safe="not_sure", mood="very-low", why="known")
    respond(safe="no", mood="very-low", why="not_sure")
    actions.tally_completed(now=now)
    assert told("why") == (2, 1, 1, 0, 0)
    assert told("safe")[4] == 0


def test_a_step_costs_no_query_for_the_tallies(respond: Callable[..., Response], now: datetime) -> None:
    response = respond(safe="no")
    with CaptureQueriesContext(connection) as queries:
        actions.answer(response, question="mood", answer="well", now=now)
    assert not [query for query in queries if "assessments_tally" in query["sql"]]
    assert not Tally.objects.exists()


def test_no_column_of_a_tally_is_about_a_person() -> None:
    names = {field.name for field in Tally._meta.get_fields()}
    assert names == {"id", "version", "question", "seen", "answered", "not_sure", "left", "widened"}


def test_each_version_has_its_own_tallies(
    respond: Callable[..., Response], questionnaire: Questionnaire, now: datetime
) -> None:
    respond(**LIGHT)
    changed = small_document()
    changed["title"]["en"]["me"] = "Other words"
    second = actions.publish(questionnaire, parse(changed), by=None, now=now)
    respond(**LIGHT)
    actions.tally_completed(now=now)
    assert [tally.seen for tally in Tally.objects.filter(question="safe").order_by("version__number")] == [1, 1]
    assert Tally.objects.filter(version=second).count() == 2


def test_what_no_key_opens_is_deleted_all_the_same(respond: Callable[..., Response], now: datetime) -> None:
    response = respond(safe="no")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_response SET answers = %s", ["broken"])
    assert actions.tally_completed(now=now) == 0
    assert actions.forget_expired(now=now + timedelta(days=60)) == 1
    assert not Response.objects.filter(pk=response.pk).exists()


@pytest.mark.parametrize(("number", "told"), [(0, None), (9, None), (10, 10), (14, 10), (15, 20), (996, 1000)])
def test_numbers_are_told_in_tens_and_small_ones_never(number: int, told: int | None) -> None:
    assert about(number) == told


def test_admins_see_where_people_stop_and_which_not_sure_cost_most(
    publisher: Client, questionnaire: Questionnaire
) -> None:
    version: Any = questionnaire.newest()
    Tally.objects.create(version=version, question="safe", seen=203, answered=187, not_sure=12, left=4)
    Tally.objects.create(version=version, question="mood", seen=199, answered=97, not_sure=82, left=20, widened=61)
    answer = publisher.get(reverse("admin:assessments_questionnaire_counts", args=[questionnaire.pk]))
    counts = answer.context["counts"]
    assert (counts.began, counts.finished) == (200, 180)
    safe, mood, why = counts.lines
    assert safe[2:7] == (200, 190, 10, None, None)
    assert mood[2:7] == (200, 100, 80, 20, 60)
    assert why[2:7] == (None, None, None, None, None)
    assert [line.number for line in counts.costly] == [2]
    assert [(part.kind, part.length) for part in mood.bar] == [("answered", 150), ("not-sure", 120), ("left", 30)]
    html = answer.content.decode()
    assert html.count('class="bar-not-sure" x=') == 2 and "187" not in html and "203" not in html
    assert publisher.get(answer.request["PATH_INFO"], {"version": "7"}).status_code == 404
