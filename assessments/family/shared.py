"""What one other person sees of a result: as it stands now, to read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assessments.engine.decide import Outcome
from assessments.engine.definition import Definition, Language, SafetyRule
from assessments.engine.explain import Speaker
from assessments.family.result import precautions
from assessments.family.result.given import Given
from assessments.family.result.open_questions import Open
from assessments.family.result.page import result
from assessments.family.result.steps import Plan
from assessments.family.warnings import opening, said_once
from assessments.models import Response, SharedResult
from guides.publishing.helplines import helplines

HIDDEN_NOTE = "violence"
NOW, VIOLENCE_NOW = "danger-now", "violence-now"
"""The question asked of everyone first, and its rule that is not shown: who reads it may be the one who does it."""


def shown(shared: SharedResult, language: Language) -> dict[str, Any]:
    """The whole result, and the answers if they are shared: said about the person, whoever answered.

    What was told of violence is shown with the answers alone: the reader may be the one who does it. So are questions
    of safety that were left open, and their signs to look for: they tell what was asked and answered. What may happen
    right now is asked of everyone, and whoever reads it may be the one who sees it.
    """
    response = shared.response
    response.voice = Response.Voice.LOVED  # Said so here, never saved.
    definition, outcome = response.version.definition, response.outcome()
    if not outcome.complete or outcome.range is None:
        return {"unfinished": True}
    steps = dict.fromkeys((outcome.range[0], (outcome.then or outcome.range)[0]))
    if not shared.with_answers:
        outcome = _told_to_another(definition, outcome)
    page = result(response, outcome, language, words_follow=shared.with_answers)
    opens = opening(response, outcome, language)
    speaker = Speaker(definition, language, "loved", page["names"], response.answers, of_another=True)
    return {
        "summary": speaker.summary(outcome),
        "said_by": shared.said_by or "",
        "reasons": page["why"].first,
        "levels": [(slug, page["names"].get(slug, slug)) for slug in steps],
        "open": page["open"] if shared.with_answers else list(_open_to_another(page["open"], speaker)),
        "answers": [
            (speaker.question(step.question.key), speaker.answer(step.question.key, step.answer))
            for step in outcome.path
        ]
        if shared.with_answers
        else [],
        **{
            key: page[key]
            for key in ("fit", "upto", "first_step", "tonight", "ask", "unwilling", "torn", "uses", "young")
        },
        "plan": said_once(_without_own_safety(page["plan"], outcome, language), opens["urgent"]),
        **opens,
    }


def _without_own_safety(plan: Plan, outcome: Outcome, language: Language) -> Plan:
    """What is to be done, but how to be safe from the person: whoever reads this may be that person."""
    own = set(precautions.own_safety(Given(outcome), "loved", helplines(language)["domestic-violence"]))
    return plan._replace(today=[text for text in plan.today if text not in own])


def _is_told(definition: Definition, question: str) -> bool:
    """Whether a reader who is not shown the answers may learn that this question is open."""
    return question == NOW or definition.by_key[question].role != "safety"


def _open_to_another(questions: Iterable[Open], speaker: Speaker) -> Iterator[Open]:
    """The open questions without those of safety, but for what may happen right now."""
    hidden = speaker.definition.rules.get(VIOLENCE_NOW)
    of_violence = speaker.text(hidden.text) if isinstance(hidden, SafetyRule) else None
    for one in questions:
        if _is_told(speaker.definition, one.key):
            yield one._replace(dangers=[danger for danger in one.dangers if danger.text != of_violence])


def _told_to_another(definition: Definition, outcome: Outcome) -> Outcome:
    """The outcome without the warning and note of violence, and what a safety question leaves only possible."""
    hidden = {
        rule.key
        for rule in definition.rules.values()
        if isinstance(rule, SafetyRule) and (rule.helpline == "domestic-violence" or rule.key == VIOLENCE_NOW)
    }
    return outcome._replace(
        safety=tuple(
            fired
            for fired in outcome.safety
            if fired.rule not in hidden
            and (fired.stated or all(_is_told(definition, one.question) for one in fired.because))
        ),
        notes=tuple(fired for fired in outcome.notes if fired.rule != HIDDEN_NOTE),
    )
