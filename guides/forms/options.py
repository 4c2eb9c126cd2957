"""What an editor may choose from: levels, aspects, and every place inside the site that a link may lead to."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guides.content.pictures import widths
from guides.models import Aspect, GlossaryText, GuideEdition, Helpline, LevelOfCare, StoredFile
from guides.publishing.published import file_path
from guides.workflow.linking import doors

Choice = tuple[str, str]


@dataclass(frozen=True)
class Options:
    """Each list is asked of the database once for a page, however many blocks show it."""

    language: str = "en"
    levels: list[Choice] = field(default_factory=list)
    aspects: list[Choice] = field(default_factory=list)
    guides: list[Choice] = field(default_factory=list)
    terms: list[Choice] = field(default_factory=list)
    helplines: list[Choice] = field(default_factory=list)
    pictures: list[Choice] = field(default_factory=list)
    documents: list[Choice] = field(default_factory=list)
    # The address of each picture in its smallest size.
    small: dict[str, str] = field(default_factory=dict)

    @classmethod
    def now(cls, language: str) -> Options:
        levels = LevelOfCare.objects.offered().prefetch_related("texts")
        aspects = Aspect.objects.filter(archived_at=None).prefetch_related("texts")
        terms = GlossaryText.objects.filter(language=language, term_row__archived_at=None).order_by("term")
        files = list(StoredFile.objects.order_by("name").values_list("kind", "key", "name", "width"))
        return cls(
            language=language,
            pictures=[(key, name) for kind, key, name, _width in files if kind == StoredFile.Kind.PICTURE],
            documents=[(key, name) for kind, key, name, _width in files if kind == StoredFile.Kind.DOCUMENT],
            small={key: small_picture(key, width) for _kind, key, _name, width in files if width},
            levels=[(level.slug, str(level)) for level in levels],
            aspects=[(aspect.key, str(aspect)) for aspect in aspects],
            helplines=[(line.key, str(line)) for line in Helpline.objects.offered()],
            guides=_guides(language),
            terms=list(terms.values_list("term_row__key", "term")),
        )

    def destinations(self) -> list[Choice]:
        """Where a block's button may lead."""
        return [*doors(), *((f"guide:{key}", title) for key, title in self.guides)]

    def links(self) -> list[Choice]:
        """Every link that rich text may use inside the site, with what it leads to."""
        found = [(f"guide:{key}", title) for key, title in self.guides]
        found += [(f"level:{slug}", name) for slug, name in self.levels]
        if len(self.levels) > 1:
            found.append((f"compare:{self.levels[0][0]}/{self.levels[1][0]}", _("These levels side by side")))
        found += [(f"{door}:", label) for door, label in doors()]
        found.append(("glossary:", _("Words explained")))
        found += [(f"glossary:{key}", term) for key, term in self.terms]
        return found + [(f"file:{key}", name) for key, name in self.documents]


def small_picture(key: str, width: int) -> str:
    """Return the address of a picture in its smallest size."""
    return file_path(key, widths(width)[0], "webp")


def _guides(language: str) -> list[Choice]:
    """Every guide by its title in this language, else in another."""
    rows = GuideEdition.objects.order_by("guide__order", "language").values_list("guide__key", "language", "title")
    titles: dict[str, str] = {}
    for key, code, title in rows:
        if code == language or key not in titles:
            titles[key] = title
    return list(titles.items())
