"""The passage of a draft to and from documents."""

from __future__ import annotations

from guides.content.documents import Document
from guides.content.drafts import named
from guides.models.editions import GuideEdition


def document_of(edition: GuideEdition) -> Document:
    """Return the draft of `edition` as a document."""
    return edition.document()


def write_document(edition: GuideEdition, document: Document) -> None:
    """Make the draft of `edition` equal `document`, and save it. Raises KeyError for a block it does not know."""
    edition.blocks = named(document["blocks"], edition.blocks)
    edition.slug, edition.title, edition.summary = document["slug"], document["title"], document["summary"]
    edition.save()
