"""A guide in one language beside the same guide in the other: what it follows, and whether that moved on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guides.content.drafts import thin, unwritten, with_structure
from guides.models import GuideEdition, Revision
from guides.workflow import actions
from guides.workflow.checks import never_compared_with
from privacy.models import User


def original_of(edition: GuideEdition) -> GuideEdition | None:
    """Return the same guide in the other language; None where it is not written there."""
    others = [other for other in edition.guide.editions.all() if other.pk != edition.pk]
    return others[0] if others else None


def is_behind(edition: GuideEdition, original: GuideEdition) -> bool:
    """Whether the original says something else than when somebody last said that this edition follows it."""
    return bool(edition.follows_digest) and edition.follows_digest != original.digest


def never_compared(edition: GuideEdition, original: GuideEdition) -> bool:
    """Whether a text was written here beside another, and nobody ever said that the two say the same."""
    return never_compared_with([original], edition)


class StillUnwritten(Exception):
    """The edition cannot follow its original yet: so many of its blocks are missing or empty."""

    def __init__(self, blocks: int):
        self.blocks = blocks
        super().__init__(f"{blocks} blocks are not written")


class SaysLess(Exception):
    """These blocks of the edition say far less than their originals: (place, words here, words there)."""

    def __init__(self, blocks: list[tuple[int, int, int]]):
        self.blocks = blocks
        super().__init__(f"blocks say less: {blocks}")


@transaction.atomic
def mark_followed(
    edition: GuideEdition, original: GuideEdition, *, by: User | None, now: datetime, less: bool = False
) -> None:
    """Note that the edition says what the draft of the original says now.

    Raises `StillUnwritten`, and `SaysLess` unless somebody said that it says `less` on purpose.
    """
    if blocks := unwritten(edition.blocks, original.blocks):
        raise StillUnwritten(blocks)
    if (short := thin(edition.blocks, original.blocks)) and not less:
        raise SaysLess(short)
    actions.keep_revision(original, by=by, now=now)
    last = original.revisions.first()
    GuideEdition.objects.filter(pk=edition.pk).update(follows=last, follows_digest=original.digest)


@transaction.atomic
def copy_structure(edition: GuideEdition, original: GuideEdition, *, by: User | None, now: datetime) -> Revision | None:
    """Give the edition an empty block for each block of the original that it lacks. What is written stays."""
    locked = GuideEdition.objects.select_for_update().get(pk=edition.pk)
    locked.blocks = with_structure(locked.blocks, original.blocks)
    locked.save()
    return actions.keep_revision(locked, by=by, now=now)
