"""Load everything that makes a new system worth looking at, into a database that holds nothing yet."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.utils import timezone

from assessments import demo as assessments
from config.staff_accounts import provide
from directory import demo as directory
from directory.models import ZipCode
from guides import demo as guides
from guides.models import Generation
from privacy.models import KeyCheck
from referral import demo as referral
from referral.models import (
    ConsentWording,
    EscalationRule,
    FollowUpPlan,
    FollowUpStep,
    HandedOut,
    Holiday,
    OfficeHours,
)

# By the migrations, and by `roles`, which follows them.
FILLED = (
    *(ContentType, Permission, ZipCode, KeyCheck, Generation),
    *(Group, HandedOut, ConsentWording, FollowUpPlan, FollowUpStep, EscalationRule, OfficeHours, Holiday),
)


def _has_rows(model: type[models.Model]) -> bool:
    return model._meta.managed and model._base_manager.exists()


class Command(BaseCommand):
    help = "Load the sample content: roles, staff accounts, guides, questionnaires, programs, referrals."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.HOSTED:
            raise CommandError("The demo content is for the embedded mode: real families must meet no invented people.")
        if held := next((model for model in apps.get_models() if model not in FILLED and _has_rows(model)), None):
            # Somebody works with it: an account that was deleted or renamed must not come back.
            self.stdout.write(f"Nothing loaded: the database is in use, it holds {held._meta.verbose_name_plural}.")
            return
        now = timezone.now()
        # All or nothing, and one write to the disk instead of thousands.
        with transaction.atomic():
            call_command("roles", verbosity=0)
            made = provide(settings.DATA / "staff.json")
            self.stdout.write(f"Staff accounts made: {', '.join(made)}.")
            for load in (guides.load, assessments.load, directory.load, referral.load):
                load(now)
                self.stdout.write(f"{load.__module__}: loaded.")
