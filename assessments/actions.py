"""The writes of this app: publish a version; begin, answer, save, share and forget a response."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from assessments import approvals, keeping, tallies
from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import ENGINE_VERSION, Definition
from assessments.engine.document import canonical_json, sha256
from assessments.engine.prove import Proof
from assessments.engine.report import report
from assessments.engine.story import proof_to_json
from assessments.engine.walk import Answer, AnswerError, check_answers
from assessments.history import write_line
from assessments.models import Questionnaire, QuestionnaireVersion, Response
from assessments.models.versions import ResponseQuerySet, session_index, version_of
from assessments.proofs import proof_of
from privacy.actions import delete_in_batches
from privacy.crypto import CannotDecrypt
from privacy.models import User

logger = logging.getLogger(__name__)

DOUBLE_PRESS = timedelta(seconds=30)


class NotProved(Exception):
    """The definition does not hold what a published one promises; `proof` tells why."""

    def __init__(self, proof: Proof) -> None:
        super().__init__("the questionnaire is not proved")
        self.proof = proof


class NotApproved(Exception):
    """No second person approved this very text, which gives less care than before, or says other words of safety."""


class Overtaken(Exception):
    """Another version was published while this one was being looked at."""


class NothingPublished(Exception):
    """There is no version that families could answer."""


def publish(
    questionnaire: Questionnaire, definition: Definition, *, by: User | None, now: datetime
) -> QuestionnaireVersion:
    """Prove the definition and freeze it as the next version; an unchanged one gives the version that is there.

    `by` is None only for what ships with Waymark. Raises `NotProved`, `NotApproved` and `Overtaken`.
    """
    if by is not None and not by.has_perm(approvals.PUBLISH_IT):
        raise PermissionDenied
    proof = proof_of(definition)
    if not proof.proved:
        raise NotProved(proof)
    # Both take their time, so nothing is locked meanwhile.
    newest, falls = questionnaire.newest(), by is not None and approvals.needed(questionnaire, definition)
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        if locked.newest() != newest:
            raise Overtaken
        digest = sha256(definition)
        if newest and newest.sha256 == digest and newest.engine == ENGINE_VERSION:
            return newest
        approval = approvals.standing(locked, digest, newest) if falls else None
        if falls and (approval is None or approval.approved_by_id is None):
            raise NotApproved
        version = QuestionnaireVersion.objects.create(
            questionnaire=locked,
            number=newest.number + 1 if newest else 1,
            document=canonical_json(definition),
            sha256=digest,
            engine=ENGINE_VERSION,
            proof=proof_to_json(proof),
            published_at=now,
            published_by=by,
        )
        if approval:
            approval.published = version
            approval.save(update_fields=["published"])
        write_line(locked, by, gettext_noop("Published the draft."))
        return version


def begin(
    *,
    key: str,
    language: str,
    voice: str,
    now: datetime,
    start_key: uuid.UUID | None = None,
    is_shared_device: bool = False,
) -> Response:
    """Start a response to the newest version. Raises `NothingPublished`.

    The second press of a start button brings the same `start_key` at once, and gets the response of the first. Later,
    as from the history of a shared computer, or after an answer, it begins anew.
    """
    version = QuestionnaireVersion.objects.asked(key)
    if version is None:
        raise NothingPublished(key)
    kept = Response.Keeping.NOWHERE if is_shared_device else Response.Keeping.DEVICE
    values = {
        "version": version,
        "language": language,
        "voice": Response.Voice(voice),
        "created_at": now,
        "updated_at": now,
        "keeping": kept,
        "expires_at": now + settings.RESPONSES_KEPT_FOR[kept],
    }
    if start_key is None:
        return Response.objects.create(**values)
    response, is_new = Response.objects.get_or_create(start_key=start_key, defaults=values)
    pressed_twice = now - response.created_at < DOUBLE_PRESS and response.updated_at == response.created_at
    return response if is_new or pressed_twice else Response.objects.create(**values)


def open_in_session(response: Response, *, session_key: str) -> None:
    """Let one statement find the response and the session that just opened it."""
    Response.objects.filter(pk=response.pk).update(session_index=session_index(session_key))


def answer(response: Response, *, question: str, answer: Answer, now: datetime) -> tuple[Response, Outcome]:
    """Keep one answer: see `answer_several`."""
    return answer_several(response, {question: answer}, now=now)


def answer_several(response: Response, wanted: Mapping[str, Answer], *, now: datetime) -> tuple[Response, Outcome]:
    """Keep answers by question, also to questions that are not asked at present, and decide again: all or none.

    Raises `assessments.engine.walk.AnswerError` for an answer that its question does not have; then nothing is kept.
    """
    if problems := check_answers(response.version.definition, wanted):
        raise AnswerError(problems)
    changed, outcome = _with_answers(response, wanted, now)
    # One statement does where nothing happened since the row was read; else it is read again, and held.
    unchanged = {name: getattr(response, name) for name in ("updated_at", "expires_at", "keeping")}
    if not Response.objects.filter(pk=response.pk, **unchanged).update(**changed):
        with transaction.atomic():
            response = Response.objects.select_for_update().get(pk=response.pk)
            response.version = version_of(response.version_id)
            changed, outcome = _with_answers(response, wanted, now)
            Response.objects.filter(pk=response.pk).update(**changed)
    for name, value in changed.items():
        setattr(response, name, value)
    return response, outcome


def _with_answers(response: Response, wanted: Mapping[str, Answer], now: datetime) -> tuple[dict[str, Any], Outcome]:
    """The columns as they are with these answers, and what the engine makes of it."""
    definition, answers = response.version.definition, {**response.answers, **wanted}
    outcome = evaluate(definition, answers)
    return {
        "answers": answers,
        "determination": report(definition, answers) if outcome.complete else None,
        "completed_at": now if outcome.complete else None,
        "updated_at": now,
        "expires_at": max(response.expires_at, now + response.kept_for),
    }, outcome


def keep_until(response: Response, *, until: datetime) -> None:
    """A response that belongs to a referral is kept as long as the referral, not as an anonymous one."""
    Response.objects.filter(pk=response.pk, expires_at__lt=until).update(expires_at=until)


def forget(response: Response, *, now: datetime) -> None:
    """Delete a response at the family's wish, with every code, link and address that leads to it.

    What it says of its questions is counted, without whose it was.
    """
    with transaction.atomic():
        keeping.forget_address(response.pk, now=now)
        kept = Response.objects.select_for_update().select_related("version").filter(pk=response.pk)
        tallies.count(each for each in kept if not each.tallied)
        Response.objects.filter(pk=response.pk).delete()


def tally_completed(*, now: datetime, batch: int = 200) -> int:
    """Count the responses that were completed since the last time. Returns 0: nothing is deleted."""
    _tally(Response.objects.untallied(), batch)
    return 0


def forget_expired(*, now: datetime, batch: int = 1000) -> int:
    """Delete responses whose time is over, counted before they go; return how many rows went."""
    for pk in Response.objects.expired(now).filter(keeping=Response.Keeping.SAVED).values_list("pk", flat=True):
        keeping.forget_address(pk, now=now)
    _tally(Response.objects.expired(now).filter(tallied=False), batch)
    return delete_in_batches(Response.objects.expired(now), batch)


def _tally(rows: ResponseQuerySet, batch: int) -> None:
    """Count these rows. What no key opens is not counted, and still deleted when its time is over."""
    try:
        while _tally_some(rows, batch):
            pass
    except CannotDecrypt:
        logger.warning("some responses cannot be decrypted, so they are not counted")


@transaction.atomic
def _tally_some(rows: ResponseQuerySet, batch: int) -> int:
    found = list(rows.select_for_update(of=("self",)).select_related("version")[:batch])
    tallies.count(found)
    return Response.objects.filter(pk__in=[each.pk for each in found]).update(tallied=True)
