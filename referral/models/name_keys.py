"""The keys by which people are found by a part of their name or number."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from privacy.fields import blind_index


class Keyed(Protocol):
    """Somebody who is found by keys."""

    pk: Any

    def search_keys(self) -> set[str]: ...


def key_number(key: str) -> int:
    """A key of a name as it lies in the database: a number that only our key can make."""
    return int(blind_index(key, purpose="name part")[:16], 16) - 2**63


class NameKeyQuerySet(models.QuerySet[Any]):
    """The keys of names, by which they are found."""

    def bring_in_line(self, person: Keyed) -> None:
        """Write the keys by which a person is found, where they are not those that lie there."""
        wanted = {key_number(key) for key in person.search_keys()}
        own = self.filter(person=person.pk)
        if wanted != set(own.values_list("key", flat=True)):
            own.delete()
            self.bulk_create([self.model(person_id=person.pk, key=key) for key in sorted(wanted)])


class NameKey(models.Model):
    """One key of a person's name, hashed: see `referral.names`. Tells nothing without the key of blind indexes."""

    key = models.BigIntegerField()

    objects = NameKeyQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.key:x}"
