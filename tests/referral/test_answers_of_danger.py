"""Answers that send to 988 or 911 at once ring the same alarm as words of danger, where the family shows them to us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from assessments import demo as questionnaires
from assessments.actions import answer, begin
from assessments.family.warnings import calls_now, doctor_today
from assessments.models import Response
from referral.models import Referral
from tests.referral.test_asking import asked, own
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
ORDINARY: dict[str, Any] = {"danger-now": [], "self-harm": "none", "violence-home": "no", "body": "good", "person": []}


@pytest.fixture
def definition() -> None:
    questionnaires.load(timezone.now())


def finished(client: Client, told: dict[str, Any]) -> Response:
    """Answers to the end, the rest "not sure", in this browser."""
    response = begin(key="level-of-care", language="en", voice="loved", now=timezone.now())
    own(client, response)
    while step := response.outcome().next_question:
        response, _outcome = answer(response, question=step, answer=told.get(step, "not_sure"), now=timezone.now())
    return response


SIGN = {"self-harm": "passing"}


@pytest.mark.usefixtures("definition")
@pytest.mark.parametrize(
    ("told", "first", "button"),
    [(SIGN, "988", "988"), ({"danger-now": ["overdose"]}, "911", "911"), ({"self-harm": "plan"}, "988", "988")],
)
def test_answers_of_danger_call_for_help(told: dict[str, Any], first: str, button: str, staff: Client) -> None:
    family = Client()
    assert calls_now(finished(family, told)) == first
    asked(family, share_answers="on", key="")
    referral = Referral.objects.get()
    task = referral.tasks.crises().get()
    assert task.called_at and referral.urgency == "urgent" and referral.timeline.filter(kind="duty_called").exists()
    for path in ("/referral/thanks/", "/status/"):
        page = words(family.get(path))
        assert "Someone needs help now" in page.partition("<h1")[0], path
        assert f'class="btn btn-urgent" href="tel:{button}"' in page.partition("<h1")[0], path
        assert "A navigator will contact you by" not in page and "and only in the ways you chose" not in page
    for path in ("/staff/", f"/staff/referral/{referral.pk}/"):
        shown = words(staff.get(path))
        assert "Their answers to the questions show danger" in shown and "answers_9" not in shown
        assert "“Their answers" not in shown, "nobody wrote it"


@pytest.mark.usefixtures("definition")
def test_answers_that_are_not_shown_call_nobody() -> None:
    family = Client()
    finished(family, SIGN)
    asked(family, key="")
    assert not Referral.objects.get().tasks.crises().exists()


@pytest.mark.usefixtures("definition")
@pytest.mark.parametrize("told", [{}, {"use-signs": ["overdose"]}, {"violence-home": "afraid"}])
def test_answers_that_send_elsewhere_first_call_nobody(told: dict[str, Any]) -> None:
    """Not sure, an overdose of the last year, the hotline on violence: no 988 or 911 leads their result."""
    family = Client()
    assert calls_now(finished(family, {**ORDINARY, **told})) is None
    asked(family, share_answers="on", key="")
    assert not Referral.objects.get().tasks.crises().exists()


@pytest.mark.usefixtures("definition")
def test_words_and_answers_of_danger_call_once() -> None:
    family = Client()
    finished(family, SIGN)
    asked(family, share_answers="on", key="", message="She says she wants to die.")
    assert Referral.objects.get().tasks.crises().get().text == "She says she wants to die."


@pytest.mark.usefixtures("definition")
def test_with_answers_of_danger_nobody_waits() -> None:
    family = Client()
    finished(family, SIGN)
    for number in range(12):
        sent = asked(family, share_answers="on", key=str(uuid4()), contact_name=f"Rosa {number}")
        assert sent.status_code == 302


@pytest.mark.usefixtures("definition")
def test_answers_that_need_a_doctor_today_say_so_after_asking() -> None:
    family = Client()
    shaking = {"substances": ["alcohol"], "drink-often": "all-day", "stopping": "severe"}
    assert doctor_today(finished(family, {**ORDINARY, **shaking}))
    asked(family, share_answers="on", key="")
    referral = Referral.objects.get()
    assert referral.urgency == "urgent" and not referral.tasks.crises().exists()
    for path in ("/referral/thanks/", "/status/"):
        above = words(family.get(path)).partition("<h1")[0]
        assert "Get medical advice today" in above or "Go to an emergency room now" in above, path
        assert "Do not wait until we contact you." in above, path
    Referral.objects.update(opened_at=timezone.now() - timedelta(hours=25))
    assert "Do not wait until we contact you." not in words(family.get("/status/"))


@pytest.mark.usefixtures("definition")
def test_ordinary_answers_send_nobody_to_a_doctor_today() -> None:
    family = Client()
    assert doctor_today(finished(family, {**ORDINARY, "substances": ["cannabis"], "stopping": "nothing"})) == ""
    asked(family, share_answers="on", key="")
    assert "Do not wait until we contact you." not in words(family.get("/referral/thanks/"))
