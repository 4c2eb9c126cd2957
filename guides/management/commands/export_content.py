"""Write content to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guides import outgoing


class Command(BaseCommand):
    help = "Write every level, fact, word, person and guide (as drafts) to a folder that import_content reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            count = outgoing.write(folder)
        except OSError as error:
            raise CommandError(f"Cannot write to {folder}: {error.strerror}") from error
        self.stdout.write(f"{count} files written to {folder}.")
