"""`manage.py prove`: the proof of a definition, or what is wrong with it."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.engine.prove import prove
from assessments.engine.story import proof_to_json
from assessments.management.definitions import definition

KEYS = ("proved", "properties", "counterexamples", "cases", "ms")


class Command(BaseCommand):
    help = "Proves a questionnaire for all answers, or tells what breaks it. Exit code 1 when it is not proved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the questionnaire's key, such as level-of-care")
        parser.add_argument("--draft", action="store_true", help="the draft instead of the newest published version")
        parser.add_argument("--json", action="store_true", help=f"one JSON object: {', '.join(KEYS)}")

    def handle(self, *_args: Any, **options: Any) -> None:
        asked, version = definition(options["key"], draft=options["draft"])
        proof = proof_to_json(prove(asked))
        if options["json"]:
            self.stdout.write(json.dumps({key: proof[key] for key in KEYS}, ensure_ascii=False))
        else:
            for name, holds in proof["properties"].items():
                self.stdout.write(f"{'holds' if holds else 'FAILS':6} {name.replace('_', ' ')}")
            for example in proof["counterexamples"]:
                self.stdout.write(f"\n{example['story']}")
            which = f"version {version.number}" if version else "the draft"
            verdict = f"proved for {proof['cases']} different walks" if proof["proved"] else "NOT proved"
            self.stdout.write(f"\n{options['key']}, {which}: {verdict} ({proof['ms']} ms).")
        if proof["refused"]:
            self.stderr.write(proof["refused"])
        if not proof["proved"]:
            sys.exit(1)
