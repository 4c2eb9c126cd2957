"""Deletes old messages and what belongs to them, or says what would be deleted."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from messaging import clock
from messaging.retention import forget_old, kinds, would_forget


class Command(BaseCommand):
    help = (
        "Delete messages, reports, replies and days' counts that are older than they are kept. The clock does it, too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many rows of each kind would go")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = clock.now()
        counts = would_forget(now)
        for kind in kinds():
            self.stdout.write(f"{kind.name}: {counts[kind.name]} older than {kind.days} days")
        if not options["dry_run"]:
            total = 0
            while count := forget_old(now=now):
                total += count
            self.stdout.write(f"{total} deleted")
