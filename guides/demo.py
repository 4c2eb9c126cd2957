"""The content that comes with Waymark, brought in and published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db.models import Q

from guides import transfer
from guides.models import GuideEdition, Reference, Revision
from guides.workflow import actions

CONTENT = Path(__file__).resolve().parent / "shipped"


def load(now: datetime) -> None:
    """Bring in the content files and publish what nobody has changed, published or taken off here.

    Run again, it changes nothing; run after an upgrade, it publishes what came new with it and makes stale pages again.
    """
    report = transfer.load(transfer.read(CONTENT), now=now)
    if report.changed or not Reference.objects.exists():
        actions.publish_reference(by=None, now=now)
    by_people = Revision.objects.filter(
        Q(by__isnull=False) | Q(reason__in=[*transfer.BY_HAND, Revision.Reason.UNPUBLISHED])
    )
    untouched = GuideEdition.objects.exclude(revisions__in=by_people).select_related("guide")
    waiting = [edition for edition in untouched if not _is_published(edition)]
    if waiting:
        actions.publish(waiting, by=None, now=now)
    actions.render_again()


def _is_published(edition: GuideEdition) -> bool:
    publication = getattr(edition, "publication", None)
    last = edition.revisions.first()
    return publication is not None and (last is None or last.document == publication.document)
