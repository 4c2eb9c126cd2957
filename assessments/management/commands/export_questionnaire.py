"""`manage.py export_questionnaire`: a questionnaire as canonical JSON."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.engine.document import canonical_json
from assessments.management.definitions import definition


class Command(BaseCommand):
    help = "Writes a questionnaire as canonical JSON: the bytes (without the last newline) that its SHA-256 is of."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the questionnaire's key, such as level-of-care")
        parser.add_argument("--draft", action="store_true", help="the draft instead of the newest published version")

    def handle(self, *_args: Any, **options: Any) -> None:
        asked, _version = definition(options["key"], draft=options["draft"])
        self.stdout.write(canonical_json(asked))
