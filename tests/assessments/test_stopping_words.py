"""Who has stopped is never told not to stop, nor who can stop without danger; every page says the same."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from assessments.engine.definition import Language, Voice
from assessments.engine.explain import Speaker
from assessments.family.result.given import open_to_another
from assessments.family.result.steps import plan
from assessments.family.tonight import tonight
from assessments.family.warnings import crisis, opening
from assessments.models import QuestionnaireVersion, Response
from tests.assessments.test_family_pages import answer_all
from tests.assessments.test_safety_page import first_page_for
from tests.assessments.test_sharing import made, opened

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]

GO_ON = re.compile(
    r"not stop all at once|until you have talked|do not stop|should not stop|before (they|you) stop\b(?! it)|"
    r"no dej\w+ (de consumir )?de golpe|no debe dejar|antes de (que lo deje|dejarlo)|deje de consumir, pregunt",
    re.IGNORECASE,
)
"""Words for who still uses."""
EASY, HARD = ("opioids", "stimulants", "cannabis"), ("alcohol", "sedatives", "unknown")
SIGNS = ("nothing", "moderate", "severe", "dangerous")


def told(substances: list[str], person: list[str], stopping: str, language: Language, *, follow: bool) -> list[str]:
    """All that the safety page, the result, its paper and a shared page say of stopping after these answers."""
    often = {"drink-often": "daily"} if {"alcohol", "sedatives"} & {*substances} else {}
    used = {"how-often": "daily"} if {"opioids", "stimulants", "unknown"} & {*substances} else {}
    answers: Any = {"substances": substances, "person": person, "stopping": stopping, **often, **used}
    words = []
    for voice in ("me", "loved"):
        response = Response(version=QuestionnaireVersion.objects.get(), voice=voice, answers=answers)
        words += _told(response, voice, language, follow=follow)
    return words


def _told(response: Response, voice: Voice, language: Language, *, follow: bool) -> list[str]:
    definition = response.version.definition
    calm = {
        question.key: [] if question.kind == "many" else question.choices[0].key
        for question in definition.questions
        if question.key != "means"
    }
    response.answers = {**calm, **response.answers}
    outcome = response.outcome()
    answers = response.answers if follow else open_to_another(response.answers)
    with translation.override(language):
        night = tonight(outcome, language, voice)
        todo = plan(outcome, Speaker(definition, language, voice, {}, answers), (), night=night is not None)
        page = crisis(response, outcome, [fired.rule for fired in outcome.safety], language)
        urgent = opening(response, outcome, language, with_answers=follow)["urgent"] or {"texts": []}
        said = [*(page["texts"] if follow else []), *urgent["texts"], *todo.today, *(map(str, night or ()))]
    return [one for one in said if "pregabalin" not in one or "poco a poco" not in one]


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_who_has_stopped_is_never_told_not_to_stop(language: Language, follow: bool) -> None:
    for substance, signs in product((*EASY, *HARD), SIGNS):
        words = told([substance], ["stopped"], signs, language, follow=follow)
        assert not [one for one in words if GO_ON.search(one)], (substance, signs)


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_can_stop_without_danger_is_not_told_to_go_on(language: Language) -> None:
    at_once = re.compile("stop all at once|de golpe")
    for substance, signs in product(EASY, SIGNS):
        words = told([substance], [], signs, language, follow=True)
        assert not [one for one in words if at_once.search(one)], (substance, signs)


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_drinks_or_takes_pills_daily_is_told_not_to_stop(language: Language) -> None:
    for substance, signs, others in product(HARD, SIGNS, ([], ["opioids"])):
        words = told([substance, *others], [], signs, language, follow=True)
        assert [one for one in words if GO_ON.search(one)], (substance, signs)
    pregnant = " ".join(told(["opioids"], ["pregnant"], "severe", language, follow=True))
    assert ("dangerous in pregnancy" if language == "en" else "En el embarazo es peligroso") in pregnant


JULIO: dict[str, Any] = {"person": ["stopped"], "substances": ["opioids"], "how_often": "daily", "stopping": "severe"}


def test_sick_after_opioids_hears_one_order_on_every_page(family: Client) -> None:
    safety = first_page_for(family, "stopping", **JULIO)
    answer_all(family, **JULIO)
    result = family.get("/assessment/result/", follow=True)
    for page in (one.content.decode() for one in (safety, result, opened(made(family)))):
        main = page[page.index("<main") :]
        for words in (
            "Go to an emergency room now",
            "medicine such as buprenorphine can start now",
            "After a break, the old amount can kill. Keep naloxone (Narcan) at hand. They should never use alone",
            "They have stopped and feel sick from it: go to an emergency room now.",
        ):
            assert words in main
        assert main.count("the old amount can kill") == 1
        assert "call first" not in main and "If no one answers" not in main and not GO_ON.search(main)


XANAX: dict[str, Any] = {"person": ["prescribed-sedatives", "stopped"], "substances": [""], "stopping": "dangerous"}


def test_a_seizure_after_a_doctors_pills_leads_to_an_emergency_room(family: Client) -> None:
    """No use worries anybody: what was seen since the pills ended is asked all the same."""
    safety = first_page_for(family, "stopping", **XANAX)
    answer_all(family, **XANAX)
    result = family.get("/assessment/result/", follow=True)
    for page in (one.content.decode() for one in (safety, result, opened(made(family)))):
        main = page[page.index("<main") :]
        assert "Call 911 now for a seizure" in main and "go to an emergency room now" in main
        assert "see a doctor soon" not in main and not GO_ON.search(main)
    assert "opioids" not in result.content.decode().partition('id="levels"')[0].split("<main")[1][:6000]


@pytest.mark.parametrize("person", [["stopped"], ["prescribed-sedatives"], ["prescribed-opioids"]])
def test_who_may_be_used_to_pills_is_asked_about_missing_them(family: Client, person: list[str]) -> None:
    asked = first_page_for(family, "substances", person=person).content.decode()
    assert "What have you seen when they skip the pills or take less, or since they stopped?" in asked
