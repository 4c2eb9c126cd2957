"""Programs as other apps link to them: found by name, and whether the public sees them."""

from __future__ import annotations

from collections.abc import Sequence, Set

from django.db.models import QuerySet
from django.db.models.functions import Length

from directory.models import Program


def find(words: str, most: int) -> list[tuple[str, str]]:
    """Return (slug, name) of public programs whose name has each of these words."""
    return list(_named(words.split()[:6]).order_by("name").values_list("slug", "name")[:most])


def described(words: Sequence[str], language: str, most: int) -> list[tuple[str, str, str, str]]:
    """Return (slug, address, name, summary in the language) of such programs, the shortest name first."""
    programs = _named(words[:6]).prefetch_related("texts").order_by(Length("name"), "name")[:most]
    return [(each.slug, each.get_absolute_url(), each.name, str(each.text(language) or "")) for each in programs]


def names() -> list[str]:
    """Return the names of all public programs, for words that are misspelled."""
    return list(Program.objects.public().values_list("name", flat=True))


def _named(words: Sequence[str]) -> QuerySet[Program]:
    programs = Program.objects.public()
    for word in words:
        programs = programs.filter(name__icontains=word)
    return programs


def is_public(slug: str) -> bool:
    return Program.objects.public().filter(slug=slug).exists()


def phones(numbers: Set[str]) -> set[str]:
    """Return those of these numbers of ten digits that are the phone of a public program."""
    rows = Program.objects.public().filter(phone__in=[f"+1{number}" for number in numbers if len(number) == 10])
    return {str(phone.national_number) for phone in rows.values_list("phone", flat=True)}
