"""The writes of this app that belong together: one transaction, one permission check, one line of history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guides.content.documents import Document, digest, links
from guides.content.drafts import named
from guides.models import (
    Aspect,
    Generation,
    GlossaryTerm,
    Guide,
    GuideEdition,
    Helpline,
    LevelOfCare,
    Moved,
    Person,
    Publication,
    Reference,
    Revision,
)
from guides.models.base import LANGUAGES
from guides.models.blocks import document_of, write_document
from guides.publishing.page_cache import Page
from guides.publishing.published import Published, path_of, reference_of
from guides.publishing.rendering import publication_page, render_fingerprint
from guides.publishing.search import forget_publication, index_publications, index_reference
from guides.workflow.checks import Known, Problem, stopping
from guides.workflow.moves import MOVES, PUBLISH
from privacy.models import User

Archived = Guide | LevelOfCare | Aspect | GlossaryTerm | Person | Helpline
BEST = 11


class Refused(Exception):
    """The draft cannot be published; `problems` say why, in sentences."""

    def __init__(self, edition: GuideEdition, problems: list[Problem]):
        self.edition, self.problems = edition, problems
        super().__init__(f"{edition}: " + " ".join(problem.sentence for problem in problems))


def _may_publish(by: User | None) -> None:
    """Nobody (None) is a command on the server, which may."""
    if by is not None and not by.has_perm(PUBLISH):
        raise PermissionDenied(_("You may change drafts here. Someone with permission to publish makes them public."))


def _one_publisher_at_a_time() -> None:
    """Lock the generation before anything is read, so that pages are rendered with all that was published before."""
    Generation.objects.get_or_create(pk=1)
    Generation.objects.select_for_update().get(pk=1)


@transaction.atomic
def keep_revision(
    edition: GuideEdition, *, by: User | None, now: datetime, reason: str = Revision.Reason.SAVED, note: str = ""
) -> Revision | None:
    """Keep the draft as it lies in the database; None if it is the same as the last one kept."""
    document = document_of(edition)
    last = edition.revisions.first()
    if last and last.document == document and reason in (Revision.Reason.SAVED, Revision.Reason.IMPORTED):
        return None
    return Revision.objects.create(edition=edition, at=now, by=by, reason=reason, note=note[:200], document=document)


@transaction.atomic
def replace_draft(
    edition: GuideEdition, document: Document, *, by: User | None, now: datetime, reason: str
) -> Revision | None:
    """Make the draft equal `document` and keep that as a revision. A save in the admin waits for it, and is told."""
    GuideEdition.objects.select_for_update().filter(pk=edition.pk).values_list("pk").first()
    write_document(edition, document)
    return keep_revision(edition, by=by, now=now, reason=reason)


def restore(revision: Revision, *, by: User | None, now: datetime) -> Revision | None:
    """Bring back the draft of an earlier revision, exactly. What the public sees does not change."""
    return replace_draft(revision.edition, revision.document, by=by, now=now, reason=Revision.Reason.RESTORED)


@transaction.atomic
def restore_block(revision: Revision, place: int, *, by: User | None, now: datetime) -> Revision | None:
    """Bring back one block (from 1) of an earlier revision: over what became of it, or where it stood if it is gone."""
    edition = GuideEdition.objects.select_for_update().get(pk=revision.edition_id)
    block = named(revision.document["blocks"], edition.blocks)[place - 1]
    names = [other["id"] for other in edition.blocks]
    if block["id"] in names:
        edition.blocks[names.index(block["id"])] = block
    else:
        edition.blocks.insert(place - 1, block)
    edition.save()
    return keep_revision(edition, by=by, now=now, reason=Revision.Reason.RESTORED)


@transaction.atomic
def publish(editions: Iterable[GuideEdition], *, by: User | None, now: datetime) -> list[Publication]:
    """Show these drafts to the public, all of them or none.

    Raises PermissionDenied, or `Refused` for the first draft with something wrong.
    """
    _may_publish(by)
    _one_publisher_at_a_time()
    published = []
    known = {language: Known.now(language) for language in LANGUAGES}
    for edition in editions:
        document = document_of(edition)
        if by is not None and edition.stage not in MOVES["publish"].origins:
            unapproved = _("It is not approved yet. Submit it for review; someone who did not write it approves it.")
            raise Refused(edition, [Problem(unapproved, True)])
        if edition.guide.archived_at:
            raise Refused(edition, [Problem(_("This guide is archived. Restore it before you publish it."), True)])
        if stops := stopping(document, known[edition.language]):
            raise Refused(edition, stops)
        keep_revision(edition, by=by, now=now, reason=Revision.Reason.PUBLISHED)
        published.append(_publish(edition, document, by, now))
        edition.stage, edition.publish_at = GuideEdition.Stage.PUBLISHED, None
        GuideEdition.objects.filter(pk=edition.pk).update(stage=edition.stage, publish_at=None)
    _show(published)
    return list(Publication.objects.filter(pk__in=[row.pk for row in published]))


def _show(published: list[Publication]) -> None:
    index_publications(published)
    _render(_touched(published))
    Generation.advance()


def _publish(edition: GuideEdition, document: Document, by: User | None, now: datetime) -> Publication:
    about = edition.about()
    path = path_of(about["key"], document["slug"], edition.language)
    before = Publication.objects.filter(edition=edition).first()
    if before and before.path != path:
        Moved.objects.update_or_create(path=before.path, defaults={"edition": edition})
    Moved.objects.filter(path=path).delete()
    publication, _made = Publication.objects.update_or_create(
        edition=edition,
        defaults={
            "language": edition.language,
            "key": about["key"],
            "slug": document["slug"],
            "path": path,
            "section": about["section"],
            "order": about["order"],
            "level": about["level"] or "",
            "title": document["title"],
            "summary": document["summary"],
            "document": document,
            "digest": digest(document),
            "about": about,
            "links": f" {' '.join(dict.fromkeys(links(document)))} ",
            "published_at": now,
            "published_by": by,
        },
    )
    return publication


@transaction.atomic
def unpublish(edition: GuideEdition, *, by: User | None, now: datetime) -> None:
    """Take a guide off the site. Its address says that it is gone, until it is published again."""
    _may_publish(by)
    _one_publisher_at_a_time()
    publication = Publication.objects.filter(edition=edition).first()
    if publication is None:
        return
    touched = [row for row in _touched([publication]) if row.pk != publication.pk]
    Moved.objects.update_or_create(path=publication.path, defaults={"edition": edition})
    forget_publication(publication)
    publication.delete()
    keep_revision(edition, by=by, now=now, reason=Revision.Reason.UNPUBLISHED)
    GuideEdition.objects.filter(pk=edition.pk).update(stage=GuideEdition.Stage.DRAFT, publish_at=None)
    _render(touched)
    Generation.advance()


@transaction.atomic
def publish_reference(*, by: User | None, now: datetime, languages: Sequence[str] = LANGUAGES) -> None:
    """Show levels, facts, words and site details as they are now, on their own pages and in every guide."""
    _may_publish(by)
    _one_publisher_at_a_time()
    for language in languages:
        values = {"document": reference_of(language), "published_at": now, "published_by": by}
        Reference.objects.update_or_create(language=language, defaults=values)
        index_reference(Published(language))
    _render(Publication.objects.filter(language__in=languages))
    Generation.advance()


@transaction.atomic
def render_again() -> int:
    """Make every stored page again that an upgrade left stale; return how many."""
    stale = list(Publication.objects.exclude(look=render_fingerprint()))
    _render(stale)
    if stale:
        Generation.advance()
    return len(stale)


@transaction.atomic
def set_archived(row: Archived, archived: bool, *, by: User | None, now: datetime) -> None:
    """Put a row out of the way, or bring it back. A guide that is published is unpublished first; it is public again as
    it was when somebody who may publish brings it back.

    Levels, aspects and words go from the public pages with the next publishing of the facts.
    """
    if archived and isinstance(row, Guide):
        for edition in row.editions.filter(publication__isnull=False):
            unpublish(edition, by=by, now=now)
    gone = taken_off(row) if isinstance(row, Guide) and not archived else []
    row.archived_at = now if archived else None
    row.changed_here = True
    row.save(update_fields=["archived_at", "changed_here"])
    if gone and (by is None or by.has_perm(PUBLISH)):
        _publish_again(gone, by, now)


def taken_off(guide: Guide) -> list[GuideEdition]:
    """Return the editions whose pages went from the site when the guide was archived."""
    rows = guide.editions.select_related("guide").filter(publication=None)
    return [
        edition
        for edition in rows
        if (last := edition.revisions.filter(reason=Revision.Reason.UNPUBLISHED).first())
        and last.at == guide.archived_at
    ]


def _publish_again(editions: Iterable[GuideEdition], by: User | None, now: datetime) -> None:
    """Show the public what it saw last. A draft that moved on since then stays a draft."""
    _one_publisher_at_a_time()
    published = []
    for edition in editions:
        last = edition.revisions.filter(reason=Revision.Reason.PUBLISHED).first()
        if last is None or stopping(last.document, Known.now(edition.language)):
            continue
        published.append(_publish(edition, last.document, by, now))
        # Were it noted for a draft that moved on, whoever wrote that could approve it: it would seem to be older.
        if edition.digest == digest(last.document):
            keep_revision(edition, by=by, now=now, reason=Revision.Reason.PUBLISHED)
            GuideEdition.objects.filter(pk=edition.pk).update(stage=GuideEdition.Stage.PUBLISHED)
    _show(published)


def _touched(published: Sequence[Publication]) -> list[Publication]:
    """Return the pages that show something of these: themselves, their other languages, and those that link to them."""
    shows = Q()
    for row in published:
        near = Q(section=row.section) | Q(links__contains=f" guide:{row.key} ")
        shows |= Q(key=row.key) | (Q(language=row.language) & near)
    return list(Publication.objects.filter(shows)) if published else []


def _render(publications: Iterable[Publication]) -> None:
    """Render and pack; a page that comes out the same is not packed again."""
    sites: dict[str, Published] = {}
    for publication in publications:
        if publication.language not in sites:
            sites[publication.language] = Published(publication.language)
        published = sites[publication.language]
        made = publication_page(publication, published)
        if made == publication.html and publication.look == render_fingerprint():
            continue
        if made != publication.html:
            page = Page.of(made, publication.language, effort=BEST)
            publication.html, publication.etag = made, page.etag
            publication.gzip, publication.brotli = page.gzip, page.brotli
        publication.look = render_fingerprint()
        publication.save(update_fields=["html", "etag", "gzip", "brotli", "look"])
