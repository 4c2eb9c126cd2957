"""Which drafts are ahead of what the public sees."""

from __future__ import annotations

from django.db.models import F, QuerySet

from guides.models import GuideEdition


def waiting() -> QuerySet[GuideEdition]:
    """The published editions whose draft says something else than the public sees."""
    return GuideEdition.objects.filter(publication__isnull=False).exclude(publication__digest=F("digest"))
