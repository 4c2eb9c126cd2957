"""Which drafts wait, and for whom: for a review, for going out, for changes, with comments that stand open."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from guides.models import Comment, GuideEdition, Revision, StageChange
from guides.workflow.checks import BY_HAND
from privacy.models import User

# What `GuideEdition.about` reads, from an edition.
ABOUT = ("guide__level", "guide__author", "guide__reviewer")
ABOUT_LISTS = ("guide__sources", "guide__author__texts", "guide__reviewer__texts")


def is_ahead(edition: GuideEdition) -> bool:
    """Whether the draft of a published edition, or what is said about its guide, is not what the public sees."""
    return bool(edition.digest != edition.publication.digest or edition.about() != edition.publication.about)


def waiting() -> QuerySet[GuideEdition]:
    """The published editions whose draft, or what is said about them, is something else than the public sees."""
    public = GuideEdition.objects.filter(publication__isnull=False).select_related("publication", *ABOUT)
    heavy = ("blocks", *(f"publication__{name}" for name in ("html", "gzip", "brotli", "document", "links")))
    rows = public.prefetch_related(*ABOUT_LISTS).defer(*heavy)
    return GuideEdition.objects.filter(pk__in=[edition.pk for edition in rows if is_ahead(edition)])


def to_approve(user: User) -> QuerySet[GuideEdition]:
    """What is in review and has no words of this person since it was last published."""
    published = Revision.objects.filter(
        edition=OuterRef("edition"), reason=Revision.Reason.PUBLISHED, pk__gt=OuterRef("pk")
    )
    own = Revision.objects.filter(by=user, reason__in=BY_HAND).exclude(Exists(published))
    return GuideEdition.objects.filter(stage=GuideEdition.Stage.REVIEW).exclude(pk__in=own.values("edition"))


def to_publish() -> QuerySet[GuideEdition]:
    return GuideEdition.objects.filter(stage=GuideEdition.Stage.APPROVED)


def came_back(user: User) -> QuerySet[GuideEdition]:
    """Drafts that this person wrote in, and that the last move sent back."""
    last = StageChange.objects.filter(edition=OuterRef("pk")).order_by("-id")
    written = Revision.objects.filter(by=user).values("edition")
    drafts = GuideEdition.objects.filter(stage=GuideEdition.Stage.DRAFT, pk__in=written)
    return drafts.annotate(last=Subquery(last.values("move")[:1])).filter(last="send_back")


def open_comments() -> QuerySet[Comment]:
    return Comment.objects.filter(resolved_at=None)
