"""Load everything that makes a new system worth looking at. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from assessments import demo as assessments
from config.staff_accounts import provide
from directory import demo as directory
from guides import demo as guides
from referral import demo as referral


class Command(BaseCommand):
    help = "Load the sample content: roles, staff accounts, guides, questionnaires, programs, referrals."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.HOSTED:
            raise CommandError("The demo content is for the embedded mode: real families must meet no invented people.")
        now = timezone.now()
        # All or nothing, and one write to the disk instead of thousands.
        with transaction.atomic():
            call_command("roles", verbosity=0)
            made = provide(settings.DATA / "staff.json")
            self.stdout.write(f"Staff accounts made: {', '.join(made) or 'none, they are there'}.")
            for load in (guides.load, assessments.load, directory.load, referral.load):
                load(now)
                self.stdout.write(f"{load.__module__}: loaded.")
