"""The writes of this app: publish a version, begin, answer, finish and forget a response."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from assessments.engine.decide import evaluate
from assessments.engine.definition import ENGINE_VERSION, Definition
from assessments.engine.document import canonical_json, sha256
from assessments.engine.prove import Proof, prove
from assessments.engine.report import report
from assessments.engine.story import proof_to_json
from assessments.engine.walk import Answer, AnswerError, check_answers
from assessments.models import Questionnaire, QuestionnaireVersion, Response
from privacy.actions import delete_in_batches
from privacy.models import User

DOUBLE_PRESS = timedelta(seconds=30)


class NotProved(Exception):
    """The definition does not hold what a published one promises; `proof` tells why."""

    def __init__(self, proof: Proof) -> None:
        super().__init__("the questionnaire is not proved")
        self.proof = proof


class NothingPublished(Exception):
    """There is no version that families could answer."""


def publish(
    questionnaire: Questionnaire, definition: Definition, *, by: User | None, now: datetime
) -> QuestionnaireVersion:
    """Prove the definition and freeze it as the next version; an unchanged one gives the version that is there.

    `by` is None only for what ships with Waymark. Raises `NotProved`.
    """
    proof = prove(definition)
    if not proof.proved:
        raise NotProved(proof)
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        newest = locked.newest()
        digest = sha256(definition)
        if newest and newest.sha256 == digest and newest.engine == ENGINE_VERSION:
            return newest
        return QuestionnaireVersion.objects.create(
            questionnaire=locked,
            number=newest.number + 1 if newest else 1,
            document=canonical_json(definition),
            sha256=digest,
            engine=ENGINE_VERSION,
            proof=proof_to_json(proof),
            published_at=now,
            published_by=by,
        )


def begin(*, key: str, language: str, voice: str, now: datetime, start_key: uuid.UUID | None = None) -> Response:
    """Start a response to the newest version. Raises `NothingPublished`.

    The second press of a start button brings the same `start_key` at once, and gets the response of the first. Later,
    as from the history of a shared computer, or after an answer, it begins anew.
    """
    version = QuestionnaireVersion.objects.asked(key)
    if version is None:
        raise NothingPublished(key)
    values = {
        "version": version,
        "language": language,
        "voice": Response.Voice(voice),
        "created_at": now,
        "updated_at": now,
        "expires_at": now + settings.RESPONSES_KEPT_FOR,
    }
    if start_key is None:
        return Response.objects.create(**values)
    response, is_new = Response.objects.get_or_create(start_key=start_key, defaults=values)
    pressed_twice = now - response.created_at < DOUBLE_PRESS and response.updated_at == response.created_at
    return response if is_new or pressed_twice else Response.objects.create(**values)


def answer(response: Response, *, question: str, answer: Answer, now: datetime) -> Response:
    """Keep one answer, also to a question that is not asked at present, and decide again.

    Raises `assessments.engine.walk.AnswerError` for an answer that the question does not have; then nothing is kept.
    """
    with transaction.atomic():
        kept = Response.objects.select_for_update().select_related("version").get(pk=response.pk)
        definition = kept.version.definition
        wanted = {question: answer}
        problems = check_answers(definition, wanted)
        if problems:
            raise AnswerError(problems)
        kept.answers = {**kept.answers, **wanted}
        outcome = evaluate(definition, kept.answers)
        kept.determination = report(definition, kept.answers) if outcome.complete else None
        kept.completed_at = now if outcome.complete else None
        kept.updated_at = now
        kept.expires_at = now + settings.RESPONSES_KEPT_FOR
        kept.save()
    return kept


def keep_until(response: Response, *, until: datetime) -> None:
    """A response that belongs to a referral is kept as long as the referral, not as an anonymous one."""
    Response.objects.filter(pk=response.pk, expires_at__lt=until).update(expires_at=until)


def forget(response: Response) -> None:
    """Delete a response at the family's wish."""
    Response.objects.filter(pk=response.pk).delete()


def forget_expired(*, now: datetime, batch: int = 1000) -> int:
    """Delete responses whose time is over; return how many."""
    return delete_in_batches(Response.objects.expired(now), batch)
