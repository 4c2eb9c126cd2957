"""What one other person sees of a result: as it stands now, to read only."""

from __future__ import annotations

from typing import Any

from assessments.engine.definition import Language
from assessments.engine.explain import Speaker, explain
from assessments.models import SharedResult
from guides.models import LevelOfCare

REASONS = 5


def shown(shared: SharedResult, language: Language) -> dict[str, Any]:
    """The result, its reasons, and the answers if they are shared: said about the person, whoever answered."""
    response = shared.response
    definition, outcome = response.version.definition, response.outcome()
    levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
    names = {slug: level.text(language).name for slug, level in levels.items()}
    if not outcome.complete or outcome.range is None:
        return {"unfinished": True}
    speaker = Speaker(definition, language, "loved", names)
    explanation = explain(definition, outcome, None, language, "loved", names)
    steps = dict.fromkeys((outcome.range[0], (outcome.then or outcome.range)[0]))
    return {
        "summary": explanation.summary,
        "reasons": [reason for reason in explanation.reasons if reason.stated][:REASONS],
        "levels": [
            {"slug": slug, "name": levels[slug].text(language).name, "text": levels[slug].text(language).summary}
            for slug in steps
            if slug in levels
        ],
        "answers": [
            (speaker.question(step.question.key), speaker.answer(step.question.key, step.answer))
            for step in outcome.path
        ]
        if shared.with_answers
        else [],
    }
