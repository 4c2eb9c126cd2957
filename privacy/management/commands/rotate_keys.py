"""Encrypt everything again under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy.actions import rotate_keys
from privacy.crypto import CannotDecrypt


class Command(BaseCommand):
    help = "Encrypt every encrypted value again under the first of WAYMARK_ENCRYPTION_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            changed = rotate_keys()
        except CannotDecrypt as error:
            raise CommandError(f"Nothing more was changed: {error}. Put the key that is missing back.") from error
        for field, count in sorted(changed.items()):
            self.stdout.write(f"{count:8} {field}")
        self.stdout.write(self.style.SUCCESS(f"{sum(changed.values())} values now lie under the newest key."))
