"""`manage.py roles`: groups with their permissions, and what ships with the referrals."""

from django.core.management.base import BaseCommand, CommandParser

from referral import shipped
from referral.roles import add_new, set_up


class Command(BaseCommand):
    help = (
        "Add what this release ships and no set-up added before: groups, what they may do, wordings, plans, escalation "
        "rules, office hours. What admins changed stays. `migrate` does the same at its end. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="bring the shipped groups back to what ships: what admins gave or took is undone",
        )

    def handle(self, *_args: object, **options: object) -> None:
        for group, count in (set_up if options["reset"] else add_new)().items():
            self.stdout.write(f"{group}: {count} permissions")
        if added := [f"{count} {what}" for what, count in shipped.load().items() if count]:
            self.stdout.write(f"Added: {', '.join(added)}")
