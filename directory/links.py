"""Programs as other apps link to them: found by name, and whether the public sees them."""

from __future__ import annotations

from directory.models import Program


def find(words: str, most: int) -> list[tuple[str, str]]:
    """Return (slug, name) of public programs whose name has each of these words."""
    programs = Program.objects.public()
    for word in words.split()[:6]:
        programs = programs.filter(name__icontains=word)
    return list(programs.order_by("name").values_list("slug", "name")[:most])


def is_public(slug: str) -> bool:
    return Program.objects.public().filter(slug=slug).exists()
