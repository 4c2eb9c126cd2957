"""`manage.py roles`: groups with their permissions, and what ships with the referrals."""

from django.core.management.base import BaseCommand

from referral import shipped
from referral.roles import set_up


class Command(BaseCommand):
    help = "Make the groups and what they may do, and add the shipped wordings, messages and plans. Safe to repeat."

    def handle(self, *_args: object, **_options: object) -> None:
        for group, count in set_up().items():
            self.stdout.write(f"{group}: {count} permissions")
        added = shipped.load()
        self.stdout.write("Added: " + ", ".join(f"{count} {what}" for what, count in added.items()))
