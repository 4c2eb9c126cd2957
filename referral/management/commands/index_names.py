"""Write the keys by which people are found anew: after a restore without them, or another blind-index key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from referral.models import Contact, Patient


class Command(BaseCommand):
    help = "Write the keys by which names are found. Can run beside the live system, and be started again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for model in (Contact, Patient):
            keys, count = model.name_keys.rel.related_model.objects, 0  # type: ignore[attr-defined]
            for person in model.objects.only("pk", *model.FOUND_BY).iterator(chunk_size=500):
                keys.bring_in_line(person)
                count += 1
            self.stdout.write(f"{model._meta.verbose_name_plural}: {count}")
