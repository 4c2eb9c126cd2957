"""After any stated safety answer the result opens with who to call, whatever the result, the voice and the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import actions
from assessments.engine.decide import evaluate
from assessments.engine.definition import LANGUAGES, NOT_SURE, VOICES, Definition, Language, SafetyRule, Voice
from assessments.family import session, warnings
from assessments.family.emergencies import MILDER, STOPPING, without_milder
from assessments.models import Response
from tests.engine.building import default_definition
from tests.engine.expected_warnings import SAFETY
from tests.engine.judging import as_answer, filled

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow, pytest.mark.any_database]

DEFINITION = default_definition()
RULES = {key: needed for lines in SAFETY.values() for key, needed in reversed(lines)}
CALM_HEADINGS = ("all right", "A suggestion, not a diagnosis", "está bien")


def needed(definition: Definition, *rules: str) -> dict[str, Any]:
    """Answers that state these rules."""
    answers: dict[str, Any] = {}
    for rule in rules:
        for question, choices in RULES[rule].items():
            given = as_answer(definition, question, choices.split("|")[0])
            held = answers.get(question)
            answers[question] = [*held, *given] if isinstance(held, list) else given
    return answers


def kinds(definition: Definition, rule: str) -> dict[str, dict[str, Any]]:
    """Answers that state the rule, by the kind of result that they lead to: one for each kind that there is."""
    stated = needed(definition, rule)
    found: dict[str, dict[str, Any]] = {}
    rest = [question.key for question in definition.questions if question.key not in stated]
    for unsure in ([], ["means"], ["care-now"], ["mood"], ["home"], ["mood", "daily-life"], rest):
        answers = filled(definition, {**dict.fromkeys(unsure, NOT_SURE), **stated})
        outcome = evaluate(definition, answers)
        if any(fired.rule == rule and fired.stated for fired in outcome.safety):
            kind = {"open": "cannot tell", "at-least": "range", "settled": "level"}
            found.setdefault(kind[outcome.certainty or ""], answers)
    return found


def opened(client: Client, answers: dict[str, Any], voice: Voice, language: Language) -> str:
    """What the main part of the result says, for a family that has seen the crisis pages."""
    response = actions.begin(key="level-of-care", language=language, voice=voice, now=timezone.now())
    response.answers = answers
    response.save()
    store = client.session
    store[session.RESPONSE] = str(response.pk)
    store[session.SEEN] = warnings.interrupting_rules(response, response.outcome())
    store.save()
    page = client.get(f"{'/es' if language == 'es' else ''}/assessment/result/")
    assert page.status_code == 200
    html = unescape(page.content.decode())
    return html[html.index("<main") : html.index("</main>")]


def cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for rule in RULES:
        for kind, answers in kinds(DEFINITION, rule).items():
            yield rule, kind, answers


def test_every_rule_and_every_kind_of_result_is_among_the_cases() -> None:
    found = {(rule, kind) for rule, kind, _ in cases()}
    assert {rule for rule, _ in found} == {rule.key for rule in DEFINITION.safety}
    assert {kind for _, kind in found} == {"level", "range", "cannot tell"}
    assert ("suicide-plan", "cannot tell") in found or ("suicide-plan", "range") in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("voice", VOICES)
def test_every_result_after_a_safety_answer_opens_with_it(client: Client, voice: Voice, language: Language) -> None:
    for rule, kind, answers in cases():
        html = opened(client, answers, voice, language)
        words = DEFINITION.rules[rule]
        assert isinstance(words, SafetyRule)
        sms = "sms:988?body=AYUDA" if language == "es" else 'href="sms:988"'
        said = re.sub(r'<a class="text-nowrap" href="tel:\+1800[^"]*">(.*?)</a>', r"\1", html).replace("<wbr>", "")
        # Who said no to each question on suicide reads no number for it without a reason.
        by_988 = words.urgency == "crisis" or "988" in words.text.say("en", voice)
        calls = ['href="tel:911"', *(['href="tel:988"', sms] if by_988 else [])]
        help_first = [said.index(one) for one in calls]
        text = said.index(words.text.say(language, voice, answers))
        calm = min(said.index(one) for one in ("/referral/", "/programs/", 'class="lead">Based', "<h2>") if one in said)
        assert said.index("<h1") < min(help_first) and max(help_first) < calm, (rule, kind)
        assert text < calm, (rule, kind)
        assert by_988 or "988" not in said[said.index("<h1") : calm], (rule, kind)
        assert not any(soothing in said[:text] for soothing in CALM_HEADINGS), (rule, kind)


@pytest.mark.parametrize("pair", list(combinations(RULES, 2)), ids="+".join)
def test_two_safety_answers_are_both_told_the_graver_first(now: datetime, pair: tuple[str, str]) -> None:
    stated = needed(DEFINITION, *pair)
    outcome = evaluate(DEFINITION, filled(DEFINITION, stated))
    fired = [one.rule for one in without_milder(outcome).safety if one.stated]
    unsaid = {one.rule for one in outcome.safety if one.stated} - {*fired}
    ambulance = [MILDER[one] for one in fired if one in MILDER]
    assert unsaid <= (STOPPING.union(*ambulance) if ambulance else set())
    response = Response(version=actions.begin(key="level-of-care", language="en", voice="me", now=now).version)
    told = warnings.opening(response, outcome, "en")["urgent"]
    assert len(told["texts"]) == len(fired) and not told_again(told["texts"])
    for one, text in zip(fired, told["texts"], strict=True):
        assert sentences(text)[0] == sentences(words(one))[0]
        assert set(sentences(words(one))) <= {each for said in told["texts"] for each in sentences(said)}
    graver = next(level for level, lines in SAFETY.items() if any(key in fired for key, _ in lines))
    by_988 = graver == "crisis" or any("988" in words(one) for one in fired)
    assert {"911"} <= {line.key for line in told["lines"]} and told["by_988"] == by_988
    assert told["urgency"] == graver


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) ", text)


def told_again(texts: list[str]) -> list[str]:
    """What a text says after its first sentence that one before it said."""
    return [one for place, text in enumerate(texts) for one in sentences(text)[1:] if one in " ".join(texts[:place])]


def words(rule: str) -> str:
    said = DEFINITION.rules[rule]
    assert isinstance(said, SafetyRule)
    return said.text.say("en", "loved")


def test_cannot_tell_without_danger_is_calm(client: Client) -> None:
    unsure = ["mood", "daily-life", "support", "care-result", "body"]
    answers = filled(DEFINITION, dict.fromkeys(unsure, NOT_SURE))
    html = opened(client, answers, "me", "en")
    assert "Your answers point to several levels</h1>" in html and "Talk with us" in html
    assert "tel:988" not in html and "tel:911" not in html and "callout-urgent" not in html


def test_money_and_voice_never_change_the_level_or_what_opens(client: Client) -> None:
    plan = {"self-harm": "plan", "means": NOT_SURE}
    results = set()
    for paying in ([], ["no-insurance"], ["private"], ["self-pay"]):
        answers = filled(DEFINITION, {**plan, "paying": paying})
        outcome = evaluate(DEFINITION, answers)
        results.add((outcome.level, outcome.range))
        for voice in VOICES:
            html = opened(client, answers, voice, "en")
            assert html.index("Call 911 or 988 now. This is an emergency.") < html.index("result-title")
    assert len(results) == 1


def test_every_do_not_stop_suddenly_is_on_the_printed_page(client: Client) -> None:
    stated = needed(DEFINITION, "pregnant-and-using", "do-not-stop-suddenly", "withdrawal-danger")
    answers = filled(DEFINITION, stated)
    html = opened(client, answers, "me", "en")
    html = re.sub(r'<a class="text-nowrap" href="tel:[^"]*">(.*?)</a>', r"\1", html).replace("<wbr>", "")
    for rule in ("pregnant-and-using", "do-not-stop-suddenly", "withdrawal-danger"):
        said = DEFINITION.rules[rule]
        assert isinstance(said, SafetyRule)
        for sentence in sentences(said.text.say("en", "me", answers)):
            before = html[: html.index(sentence)]
            block = before[before.rindex("<div") :]
            assert "no-print" not in block and "<details" not in block, rule


def test_seeing_things_without_a_substance_never_speaks_of_stopping(client: Client) -> None:
    for language in LANGUAGES:
        html = opened(client, filled(DEFINITION, {"danger-now": ["withdrawal"]}), "me", language)
        shown = html[: html.index('id="answers-title"')].lower()
        for word in ("stopping", "withdrawal", "dejar de consumir", "abstinencia"):
            assert word not in shown, (language, word)
    named = filled(DEFINITION, {"danger-now": ["withdrawal"], "substances": ["alcohol"]})
    assert "Seizures or confusion from stopping can kill." in opened(client, named, "me", "en")
