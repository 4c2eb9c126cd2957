"""What an editor may link to, found by what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from guides.content.words import folded
from guides.models import GlossaryText, GuideEdition, LevelText, StoredFile

MOST = 12


@dataclass(frozen=True)
class Target:
    """A link by its name (``guide:residential``), what it leads to, and which kind of thing that is."""

    link: str
    label: str
    kind: str


def find(words: str, language: str) -> list[Target]:
    """Return what is called so in this language; nothing for no words. Capitals and accents do not matter."""
    wanted = folded(words).split()
    if not wanted:
        return []
    found = [
        target for target in _all(language) if all(word in folded(f"{target.label} {target.link}") for word in wanted)
    ]
    starts = [target for target in found if folded(target.label).startswith(wanted[0])]
    programs = [
        Target(f"program:{slug}", name, _("program"))
        for slug, name in import_string(f"{settings.GUIDE_PROGRAMS}.find")(words, MOST)
    ]
    return list(dict.fromkeys([*starts, *found, *programs]))[:MOST]


def is_program(slug: str) -> bool:
    """Whether the public sees a program of this name."""
    return bool(import_string(f"{settings.GUIDE_PROGRAMS}.is_public")(slug))


def program_phones(numbers: Set[str]) -> frozenset[str]:
    """Return those of these numbers (`guides.content.phones.digits`) that programs have which the public sees."""
    return frozenset(import_string(f"{settings.GUIDE_PROGRAMS}.phones")(numbers))


def _all(language: str) -> Iterator[Target]:
    guides = GuideEdition.objects.filter(language=language, guide__archived_at=None)
    for key, title in guides.order_by("guide__order").values_list("guide__key", "title"):
        yield Target(f"guide:{key}", title, _("guide"))
    levels = LevelText.objects.filter(language=language, level__archived_at=None).order_by("level__order")
    for slug, name in levels.values_list("level__slug", "name"):
        yield Target(f"level:{slug}", name, _("level of care"))
    terms = GlossaryText.objects.filter(language=language, term_row__archived_at=None).order_by("term")
    for key, term in terms.values_list("term_row__key", "term"):
        yield Target(f"glossary:{key}", term, _("word"))
    for key, name in StoredFile.objects.filter(kind=StoredFile.Kind.DOCUMENT).values_list("key", "name"):
        yield Target(f"file:{key}", name, _("PDF to take along"))
    for door, label in doors():
        yield Target(f"{door}:", label, _("page"))


def doors() -> list[tuple[str, str]]:
    """The pages of the whole site that a guide may send to."""
    return [
        ("assessment", _("The questionnaire")),
        ("directory", _("The list of programs")),
        ("help", _("Ask for help")),
        ("crisis", _("Get help now")),
    ]
