"""Load everything that makes a new house worth looking at. Safe to run again."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.staff_accounts import provide

ROOMS = ("guides", "assessments", "directory", "messaging", "referral")


class Command(BaseCommand):
    help = "Load the sample content: roles, staff accounts, guides, questionnaires, programs, referrals."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        if "roles" in get_commands():
            call_command("roles", verbosity=0)
        made = provide(settings.DATA / "staff.json")
        self.stdout.write(f"Staff accounts made: {', '.join(made) or 'none, they are there'}.")
        for room in ROOMS:
            if find_spec(f"{room}.demo"):
                import_module(f"{room}.demo").load(now)
                self.stdout.write(f"{room}: loaded.")
