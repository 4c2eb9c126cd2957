"""`manage.py assess`: the result of answers in a file, as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.engine.decide import evaluate
from assessments.engine.definition import Definition
from assessments.engine.explain import explain
from assessments.engine.nearest import nearest_change
from assessments.engine.report import report
from assessments.engine.walk import Answers, check_answers, replay
from assessments.management.definitions import definition, read_json, wrong
from guides.models import LevelOfCare

KEYS = (
    *("level", "range", "then", "first", "certainty", "safety", "ratings", "fired", "unknowns", "nearest_change"),
    *("version", "sha256"),
)


class Command(BaseCommand):
    help = "Says which level of care fits a file of answers, and why. Exit code 2 when the answers cannot be used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the questionnaire's key, such as level-of-care")
        parser.add_argument(
            "--answers", required=True, help='a JSON file: {question: choice | [choices] | "not_sure", …}'
        )
        parser.add_argument("--draft", action="store_true", help="the draft instead of the newest published version")
        parser.add_argument("--json", action="store_true", help=f"one JSON object: {', '.join(KEYS)}")

    def handle(self, *_args: Any, **options: Any) -> None:
        asked, version = definition(options["key"], draft=options["draft"])
        answers = usable(asked, read_json(options["answers"]))
        if not options["json"]:
            self._tell(asked, answers)
            return
        answer = {**report(asked, answers), "version": version.number if version else None}
        answer["fired"] = [{"rule": fired["rule"], "because": fired["because"]} for fired in answer["fired"]]
        self.stdout.write(json.dumps({key: answer[key] for key in KEYS}, ensure_ascii=False))

    def _tell(self, asked: Definition, answers: Answers) -> None:
        outcome = evaluate(asked, answers)
        levels = {level.slug: level.text("en").name for level in LevelOfCare.objects.in_order()}
        explanation = explain(asked, outcome, nearest_change(asked, answers), "en", "me", levels, answers)
        for fired in outcome.safety:
            self.stdout.write(f"Safety: {fired.rule}")
        self.stdout.write(f"{explanation.summary}\n{explanation.sureness}")
        if explanation.first:
            self.stdout.write(explanation.first)
        for reason in explanation.reasons:
            self.stdout.write(f"\n{reason.rule} ({levels.get(reason.level, reason.level)}): {reason.text}")
            for sentence in reason.because:
                self.stdout.write(f"  {sentence}")
        if explanation.change:
            self.stdout.write(f"\n{explanation.change}")


def usable(asked: Definition, answers: Any) -> Answers:
    """The answers, if each of them counts and none is missing; otherwise an error with a sentence for each fault."""
    problems = check_answers(asked, answers)
    if problems:
        raise wrong(*(f"{one.question}: {one.message}" if one.question else one.message for one in problems))
    given: Answers = answers
    way = replay(asked, given)
    left = way[-1]
    if left.key not in given:
        raise wrong(f"{left.key}: This question comes next and has no answer: “{left.text.say('en', 'me')}”")
    return given
