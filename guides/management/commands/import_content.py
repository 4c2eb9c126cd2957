"""Bring content in from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from guides import transfer


class Command(BaseCommand):
    help = "Bring in the content files of a folder as drafts. What a person changed here is kept, unless --replace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="overwrite what was changed here, too")

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:
        try:
            report = transfer.load(transfer.read(folder), now=timezone.now(), replace=replace)
        except transfer.BadContent as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(report.changed)} changed, {len(report.kept)} kept because they were changed here.")
        for name in report.kept:
            self.stdout.write(f"  kept: {name}")
