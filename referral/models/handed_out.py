"""What set-ups have handed out, so that each thing comes once: what an admin took away since stays away."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models


class HandedOutManager(models.Manager["HandedOut"]):
    def names(self, kind: str) -> set[str]:
        """What of this kind was handed out."""
        return set(self.filter(kind=kind).values_list("name", flat=True))

    def note(self, kind: str, names: Iterable[str]) -> set[str]:
        """Write down that these are handed out now; return those that never were."""
        new = set(names) - self.names(kind)
        self.bulk_create([HandedOut(kind=kind, name=name) for name in sorted(new)])
        return new


class HandedOut(models.Model):
    """One thing that a release ships and a set-up has added to this database."""

    kind = models.CharField(max_length=120)
    name = models.CharField(max_length=200)

    objects = HandedOutManager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="handed_out_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
