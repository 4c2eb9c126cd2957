"""Which drafts are ahead of what the public sees."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from guides.models import GuideEdition, Revision


def waiting() -> list[int]:
    """The keys of published editions whose draft says something else than the public sees."""
    newest = Revision.objects.filter(edition=OuterRef("pk")).order_by("-id")
    rows = (
        GuideEdition.objects.filter(publication__isnull=False)
        .annotate(newest=Subquery(newest.values("pk")[:1]), why=Subquery(newest.values("reason")[:1]))
        # Documents are large: where publishing was the last thing that happened, there is nothing to compare.
        .exclude(why=Revision.Reason.PUBLISHED)
        .values_list("pk", "newest", "publication__document")
    )
    drafts = Revision.objects.in_bulk([newest for _pk, newest, _document in rows])
    return [pk for pk, newest, document in rows if newest in drafts and drafts[newest].document != document]
