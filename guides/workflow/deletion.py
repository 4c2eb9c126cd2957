"""Why a row of content cannot be deleted: it is, or was, published, or guides name it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guides.content.documents import Document, files, links
from guides.content.helplines import shipped
from guides.models import (
    Aspect,
    GlossaryTerm,
    Guide,
    GuideEdition,
    Helpline,
    Language,
    LevelOfCare,
    Moved,
    Person,
    Publication,
    Reference,
    Revision,
    StoredFile,
)

SHOWN = 3  # titles in a sentence


def edition_kept(edition: GuideEdition) -> str:
    """Return why an edition cannot be deleted, "" if it can."""
    if _was_published(edition):
        return _(
            "It is or was published, so it cannot be deleted: its history would be lost. Archive the guide instead."
        )
    return ""


def guide_kept(guide: Guide) -> str:
    if any(_was_published(edition) for edition in guide.editions.all()):
        return _("It is or was published, so it cannot be deleted: its history would be lost. Archive it instead.")
    return _named([f"guide:{guide.key}"], but=guide)


def level_kept(level: LevelOfCare) -> str:
    if any(level.slug == row["slug"] for document in _references() for row in document["levels"]):
        return _published()
    return _named([f"level:{level.slug}"])


def aspect_kept(aspect: Aspect) -> str:
    if any(aspect.key == row["key"] for document in _references() for row in document["aspects"]):
        return _published()
    return _named([f"aspect:{aspect.key}"])


def term_kept(term: GlossaryTerm) -> str:
    if any(term.key == row["key"] for document in _references() for row in document["terms"]):
        return _published()
    return _named([f"glossary:{term.key}"])


def helpline_needed(line: Helpline) -> str:
    """Return why a line cannot be archived, "" if it can: safety pages and rules of questionnaires send there."""
    if any(each.urgent and each.key == line.key for each in shipped(Language.EN).values()):
        return _("The pages for danger send people here, so it stays. If its number changes, change it here.")
    return ""


def helpline_kept(line: Helpline) -> str:
    if needed := helpline_needed(line):
        return needed
    if any(line.key == row["key"] for document in _references() for row in document.get("helplines", ())):
        return _published()
    return _named([f"helpline:{line.key}"])


def person_kept(person: Person) -> str:
    guides = [str(guide) for guide in (person.written.all() | person.reviewed.all()).distinct()]
    return _by_guides(guides)


def file_kept(file: StoredFile) -> str:
    titles = used_by(file)
    if not titles:
        return ""
    listed = ", ".join(titles[:SHOWN]) + (" …" if len(titles) > SHOWN else "")
    return _("These guides use it, so it cannot be deleted: %(titles)s.") % {"titles": listed}


def used_by(file: StoredFile) -> list[str]:
    """Return the titles of the guides that show a file or hand it out, as drafts or to the public."""
    return list(dict.fromkeys(title for _key, title, document in _documents() if file.key in files(document)))


def _published() -> str:
    return _("It is published, so it cannot be deleted. Archive it instead: it goes with the next publishing.")


def _was_published(edition: GuideEdition) -> bool:
    of_edition = {"edition": edition}
    return (
        hasattr(edition, "publication")
        or Moved.objects.filter(**of_edition).exists()
        or Revision.objects.filter(**of_edition, reason=Revision.Reason.PUBLISHED).exists()
    )


def _references() -> list[Document]:
    return list(Reference.objects.values_list("document", flat=True))


def named_by(name: str) -> list[str]:
    """Return the titles of the guides that name a row, such as "helpline:samhsa", as drafts or to the public."""
    return list(dict.fromkeys(title for _key, title, document in _documents() if _names(document, [name])))


def _named(names: list[str], but: Guide | None = None) -> str:
    titles = [
        title for key, title, document in _documents() if (but is None or key != but.key) and _names(document, names)
    ]
    return _by_guides(titles)


def _by_guides(titles: list[str]) -> str:
    if not titles:
        return ""
    shown = list(dict.fromkeys(titles))
    listed = ", ".join(shown[:SHOWN]) + (" …" if len(shown) > SHOWN else "")
    return _("These guides name it, so it cannot be deleted: %(titles)s. Archive it instead.") % {"titles": listed}


def _names(document: Document, names: list[str]) -> bool:
    found = {name for link in links(document) for name in _parts(link)}
    found |= {
        f"aspect:{key}"
        for block in document["blocks"]
        if block["type"] == "comparison" and block["aspects"] != "all"
        for key in block["aspects"]
    }
    found |= {f"helpline:{key}" for block in document["blocks"] for key in block.get("lines", ())}
    return bool(found & set(names))


def _parts(link: str) -> Iterator[str]:
    kind, _colon, rest = link.partition(":")
    yield from (f"level:{slug}" for slug in rest.split("/")) if kind == "compare" else [link]


def _documents() -> Iterator[tuple[str, str, Document]]:
    """Yield (key of its guide, title, document) of every published page and of every draft."""
    yield from Publication.objects.values_list("key", "title", "document")
    for edition in GuideEdition.objects.select_related("guide"):
        yield edition.guide.key, edition.title, edition.document()
