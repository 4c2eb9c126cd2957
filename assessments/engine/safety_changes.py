"""Which changes between two versions touch what safety rests on: its rules, and the questions that they ask."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.engine.conditions import questions_of
from assessments.engine.definition import Definition
from assessments.engine.differences import Difference, differences


def safety_changes(old: Definition, new: Definition) -> Iterator[Difference]:
    """Every change of a safety rule, or of a question that is about safety or that a safety rule rests on, with its
    answers, helps and signs, in any language and voice: who no longer finds their answer gets no warning."""
    asked = {question.key for each in (old, new) for question in each.questions if question.role == "safety"}
    asked |= {key for each in (old, new) for rule in each.safety for key in questions_of(rule.when)}
    for one in differences(old, new):
        if one.where[0] == "safety" or (one.where[0] == "questions" and one.where[1] in asked):
            yield one
