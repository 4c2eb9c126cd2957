"""The whole result of one set of answers as plain JSON values, for the command line and for what is stored."""

from __future__ import annotations

from typing import Any

from assessments.engine.decide import evaluate, outcome_to_json
from assessments.engine.definition import Definition
from assessments.engine.document import sha256
from assessments.engine.nearest import NearestChange, nearest_change
from assessments.engine.open_questions import Unknown, unknowns
from assessments.engine.options import options
from assessments.engine.walk import Answers


def report(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Outcome, nearest change, unknowns, options, key and hash. Raises AnswerError as `evaluate` does."""
    outcome = evaluate(definition, answers)
    return {
        **outcome_to_json(outcome),
        "nearest_change": nearest_to_json(nearest_change(definition, answers)),
        "unknowns": [_unknown(unknown) for unknown in unknowns(definition, answers)],
        "options": [{"level": option.level, "fit": option.fit} for option in options(definition, outcome)],
        "questionnaire": definition.key,
        "sha256": sha256(definition),
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    leads = [
        {"choices": list(lead.choices), "range": list(lead.range), "then": list(lead.then), "first": lead.first}
        for lead in unknown.leads
    ]
    return {**unknown._asdict(), "alone": list(unknown.alone), "leads": leads}


def nearest_to_json(nearest: NearestChange | None) -> dict[str, Any] | None:
    """The nearest change as {changes: [{question, before, after}], level}; None stays None."""
    if nearest is None:
        return None
    return {"changes": [change._asdict() for change in nearest.changes], "level": nearest.level}
