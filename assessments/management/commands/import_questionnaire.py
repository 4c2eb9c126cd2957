"""`manage.py import_questionnaire`: makes a JSON file the draft of a questionnaire."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assessments.editor import editing
from assessments.engine.document import DefinitionError
from assessments.management.definitions import read_json, wrong


class Command(BaseCommand):
    help = "Makes a JSON file the draft of the questionnaire that it names. Families see it once it is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file as export_questionnaire writes it")

    def handle(self, *_args: Any, **options: Any) -> None:
        document = read_json(options["file"])
        try:
            draft = editing.import_document(document, by=None, now=timezone.now())
        except DefinitionError as error:
            raise wrong(f"{options['file']} is no questionnaire:", *map(str, error.problems)) from error
        except editing.Unstorable as error:
            raise wrong(f"{options['file']} holds characters that cannot be kept (zero or half a letter).") from error
        self.stdout.write(
            f"Imported as the draft of “{draft.questionnaire.key}”. If it had a draft with news, that is kept."
        )
