"""Publishing less care than before, or other words of safety, takes two people: who asks, naming a clinician and a
reason, and who approves."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from assessments.engine.definition import Definition
from assessments.engine.document import sha256
from assessments.engine.safety_changes import safety_changes
from assessments.history import write_line
from assessments.models import Approval, Draft, Questionnaire, QuestionnaireVersion
from assessments.proofs import gives_less
from privacy.models import User

CHANGE_IT = "assessments.change_questionnaire"
PUBLISH_IT = "assessments.publish_questionnaire"


# Two words of letters for a name, and the number of a license, such as "Ana Ruiz, LCSW 12345".
_NAMED = re.compile(r"(?=.*[^\W\d_]{2,}[.,]?\s+(?:[^\W\d_]+[.,]?\s+)*[^\W\d_]{2,})(?=.*\d{3,})")
LEAST_REASON = 20


class NotNamed(ValueError):
    """The request names no clinician with a license, or gives no reason in a sentence."""


class NotAsked(Exception):
    """Nobody has asked to publish this text in place of the version that families answer now."""


class SamePerson(Exception):
    """Who asked, or wrote last, cannot be the second person."""


def names_a_clinician(text: str) -> bool:
    """Whether the text has the shape of a name and the number of a license."""
    return _NAMED.match(" ".join(text.split())) is not None


def needed(questionnaire: Questionnaire, definition: Definition) -> bool:
    """Whether somebody would get a lower level, or a milder warning, than from the version that families answer now, or
    what safety rests on says something else."""
    newest = questionnaire.newest()
    if newest is None:
        return False
    return any(safety_changes(newest.definition, definition)) or gives_less(newest.definition, definition)


def standing(questionnaire: Questionnaire, digest: str, newest: QuestionnaireVersion | None) -> Approval | None:
    """The request for the text with this hash in place of this version: one that is approved, else the newest."""
    asked = Approval.objects.of(questionnaire, digest, newest).filter(published=None)
    found = asked.select_related("asked_by", "approved_by")
    return found.exclude(approved_by=None).first() or found.first()


def may_approve(approval: Approval, by: User) -> bool:
    """Whether this person can be the second one."""
    writer = Draft.objects.filter(questionnaire=approval.questionnaire_id).values_list("edited_by", flat=True).first()
    return by.has_perm(PUBLISH_IT) and by.pk not in (approval.asked_by_id, writer)


def ask(
    questionnaire: Questionnaire, definition: Definition, *, clinician: str, reason: str, by: User, now: datetime
) -> Approval:
    """Ask a second person to approve this text. Raises `NotNamed`."""
    if not (by.has_perm(CHANGE_IT) or by.has_perm(PUBLISH_IT)):
        raise PermissionDenied
    if not names_a_clinician(clinician) or len(reason.strip()) < LEAST_REASON:
        raise NotNamed
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        newest = locked.newest()
        if newest is None:
            raise NotAsked
        approval = Approval.objects.create(
            questionnaire=locked,
            sha256=sha256(definition),
            replaces=newest,
            clinician=clinician.strip(),
            reason=reason.strip(),
            asked_by=by,
            asked_at=now,
        )
        write_line(locked, by, gettext_noop("Asked for approval to publish the draft."))
    return approval


def approve(questionnaire: Questionnaire, definition: Definition, *, by: User, now: datetime) -> Approval:
    """Be the second person for this text. Raises `NotAsked` and `SamePerson`."""
    if not by.has_perm(PUBLISH_IT):
        raise PermissionDenied
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        approval = standing(locked, sha256(definition), locked.newest())
        if approval is None:
            raise NotAsked
        if approval.approved_by_id is not None:
            return approval
        if not may_approve(approval, by):
            raise SamePerson
        approval.approved_by, approval.approved_at = by, now
        approval.save(update_fields=["approved_by", "approved_at"])
        write_line(locked, by, gettext_noop("Approved the draft."))
    return approval
