"""A new guide begins with its title: key and address follow from it."""

from __future__ import annotations

from collections.abc import Container

from django.utils.text import slugify

from guides.models import Guide, GuideEdition

KEY, ADDRESS = 50, 80
"""How long a key and an address may be."""


def free(title: str, taken: Container[str], most: int) -> str:
    """Return the title as a name in addresses, with a number behind it where that is taken."""
    plain = slugify(title)[: most - 3].strip("-") or "guide"
    names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, 100))
    return next(name for name in names if name not in taken)


def key_of(title: str) -> str:
    """Return the key of a new guide."""
    return free(title, set(Guide.objects.values_list("key", flat=True)), KEY)


def begin(guide: Guide, title: str, language: str) -> GuideEdition:
    """Make the empty draft of a new guide in the language that it is written in first."""
    taken = set(GuideEdition.objects.filter(language=language).values_list("slug", flat=True))
    return GuideEdition.objects.create(
        guide=guide, language=language, title=title, slug=free(title, taken, ADDRESS), summary=""
    )
