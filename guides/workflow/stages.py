"""Moving a draft through review, and what is published or ends at its time: one transaction, the table of moves, one
line of history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guides.models import Generation, GuideEdition, Revision, StageChange
from guides.workflow import actions
from guides.workflow.checks import BY_HAND, edition_problems, labels_left
from guides.workflow.moves import MOVES, PUBLISH, REVIEW, WRITE, obstacle, possible
from guides.workflow.translating import is_behind, original_of
from privacy.models import User


class NotNow(Exception):
    """A move cannot be made; the message is a sentence for the person who tried."""


def permissions_of(user: User) -> frozenset[str]:
    return frozenset(name for name in (WRITE, REVIEW, PUBLISH) if user.has_perm(name))


def wrote(edition: GuideEdition, user: User) -> bool:
    """Whether any words since the last publishing are this person's."""
    rows = edition.revisions.filter(reason__in=BY_HAND, by=user)
    last = edition.revisions.filter(reason=Revision.Reason.PUBLISHED).values_list("pk", flat=True).first()
    return (rows.filter(pk__gt=last) if last else rows).exists()


def moves_for(edition: GuideEdition, user: User) -> list[str]:
    """Return the moves that this person may make now."""
    return possible(edition.stage, permissions_of(user), wrote=wrote(edition, user))


@transaction.atomic
def make_move(
    edition: GuideEdition,
    name: str,
    *,
    by: User,
    now: datetime,
    note: str = "",
    at: datetime | None = None,
    read: bool = False,
    comments_stay: bool = False,
    behind: bool = False,
    labels_stay: Sequence[str] = (),
) -> StageChange:
    """Make one move of the table besides publishing. Raises `NotNow` with a sentence.

    Who approves has `read` the suggestions that stand, names by their sentences those whose words label a person and
    stay (`labels_stay`), and says that open `comments_stay`; all are kept with the approval. Who schedules a text whose
    original changed since says that it may go out `behind` it.
    """
    locked = GuideEdition.objects.select_for_update().get(pk=edition.pk)
    future = at is not None and at > now
    reason = obstacle(
        name, locked.stage, permissions_of(by), wrote=wrote(locked, by), note=bool(note.strip()), time=future
    )
    if reason:
        raise NotNow(sentence(reason))
    if MOVES[name].time and at is not None and locked.expire_at is not None and locked.expire_at <= at:
        raise NotNow(sentence("end"))
    if name == "schedule" and not behind and falls_behind(locked):
        raise NotNow(sentence("behind"))
    accepted = _accepted(locked, now, read, comments_stay, labels_stay) if name == "approve" else []
    change = _moved(locked, edition, name, by, now, note, at)
    if accepted:
        change.accepted = accepted
        change.save(update_fields=["accepted"])
    return change


def falls_behind(edition: GuideEdition) -> bool:
    """Whether the text in the other language changed since somebody said that both say the same."""
    original = original_of(edition)
    return original is not None and is_behind(edition, original)


def _accepted(
    edition: GuideEdition, now: datetime, read: bool, comments_stay: bool, labels_stay: Sequence[str]
) -> list[str]:
    """Return what an approval accepts: suggestions, then the comments that stay open. Errors keep from it, and so does
    what nobody said they have read.
    """
    problems = edition_problems(edition, edition.document(), now.date())
    if any(problem.stops for problem in problems):
        raise NotNow(_("Fix the errors first, or ask for changes."))
    if problems and not read:
        raise NotNow(_("Read the suggestions first, and check “I have read the suggestions”."))
    if labels := labels_left([problem for problem in problems if problem.sentence not in labels_stay]):
        raise NotNow(_("Write %(words)s in other words, or check that they stay.") % {"words": labels})
    comments = [
        _("Open comment: %(text)s") % {"text": comment.text} for comment in edition.comments.filter(resolved_at=None)
    ]
    if comments and not comments_stay:
        raise NotNow(sentence("comment"))
    return [*(problem.sentence for problem in problems), *comments]


def _moved(
    locked: GuideEdition,
    edition: GuideEdition,
    name: str,
    by: User | None,
    now: datetime,
    note: str,
    at: datetime | None,
) -> StageChange:
    stage, publish_at = MOVES[name].to, at if MOVES[name].time else None
    GuideEdition.objects.filter(pk=locked.pk).update(stage=stage, publish_at=publish_at)
    edition.stage, edition.publish_at = stage, publish_at
    Generation.note_turn()
    return StageChange.objects.create(
        edition=edition, move=name, by=by, at=now, note=note.strip(), digest=locked.digest
    )


@transaction.atomic
def set_end(edition: GuideEdition, at: datetime | None, *, now: datetime) -> None:
    """Say when a page ends by itself, None for never. Pages in memory are made anew, each with its end.

    Raises `NotNow` where it would end before it begins, or is over already.
    """
    begins = GuideEdition.objects.select_for_update().values_list("publish_at", flat=True).get(pk=edition.pk)
    if at is not None and at <= now:
        raise NotNow(sentence("time"))
    if at is not None and begins is not None and at <= begins:
        raise NotNow(sentence("end"))
    GuideEdition.objects.filter(pk=edition.pk).update(expire_at=at)
    Generation.advance()


def sentence(reason: str) -> str:
    sentences = {
        "stage": _("This cannot be done at the stage that the draft has now. Look at its stage and choose again."),
        "permission": _("You do not have the permission for this. Ask a colleague who has it."),
        "own text": _("You wrote part of this text. Someone else approves it."),
        "comment": _(
            "Not approved yet. A comment is open. "
            "Resolve it, ask for changes, or check “Approve and leave the comments open”."
        ),
        "behind": _(
            "Not done yet. The text in the other language changed since this one was compared with it. "
            "Open “Translate beside”, or check “Publish it as it is”."
        ),
        "note": _("Write what should change, so that the author knows."),
        "end": _("The end must be after the start. Choose a later end."),
        "time": _("Enter a day and time that are still to come, such as tomorrow at 9:00."),
    }
    return sentences[reason]


def run_due(now: datetime) -> tuple[int, int]:
    """Publish what is scheduled for now or earlier, unpublish what ends; return how many of each.

    Any number of workers may run it: each draft is locked and looked at again before it goes out.
    """
    begin = GuideEdition.objects.filter(stage="scheduled", publish_at__lte=now).values_list("pk", flat=True)
    end = GuideEdition.objects.filter(expire_at__lte=now, publication__isnull=False).values_list("pk", flat=True)
    done = sum(_begin(pk, now) for pk in list(begin)), sum(_end(pk, now) for pk in list(end))
    _number, turns_at = Generation.now()
    if turns_at and turns_at <= now:
        Generation.note_turn()  # what was planned was changed meanwhile
    return done


@transaction.atomic
def _begin(pk: int, now: datetime) -> bool:
    edition = GuideEdition.objects.select_for_update().filter(pk=pk, stage="scheduled", publish_at__lte=now).first()
    if edition is None:
        return False
    try:
        with transaction.atomic():
            actions.publish([edition], by=None, now=now)
    except actions.Refused as refused:
        _moved(edition, edition, "send_back", None, now, refused.problems[0].sentence, None)
        return False
    return True


@transaction.atomic
def _end(pk: int, now: datetime) -> bool:
    edition = GuideEdition.objects.select_for_update().filter(pk=pk, expire_at__lte=now).first()
    if edition is None or not hasattr(edition, "publication"):
        return False
    GuideEdition.objects.filter(pk=pk).update(expire_at=None)
    actions.unpublish(edition, by=None, now=now)
    return True
