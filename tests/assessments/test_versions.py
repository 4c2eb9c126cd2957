"""What is published stays as it is, and a response gives the same determination for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from assessments import actions, demo
from assessments.editor import drafts, editing
from assessments.engine.document import canonical_json, parse, sha256
from assessments.engine.report import report
from assessments.models import Choice, Draft, Questionnaire, QuestionnaireVersion, Response
from tests.assessments.conftest import hiding_document, small_document
from tests.engine.building import default_definition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_questionnaireversion SET document = '{}'",
        "UPDATE assessments_questionnaireversion SET number = 7",
        "DELETE FROM assessments_questionnaireversion",
    ],
)
def test_the_database_refuses_to_change_a_version(questionnaire: Questionnaire, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        connection.cursor().execute(statement)
    version = QuestionnaireVersion.objects.get()
    assert (version.number, version.document) == (1, canonical_json(parse(small_document())))


def test_a_version_says_its_hash_its_proof_and_its_engine(questionnaire: Questionnaire) -> None:
    version = QuestionnaireVersion.objects.get()
    assert version.sha256 == sha256(version.definition)
    assert version.proof["proved"] is True
    assert version.engine


def test_a_response_keeps_its_version_and_its_determination(
    questionnaire: Questionnaire, draft: Draft, now: datetime
) -> None:
    response = actions.begin(key="small", language="en", voice="me", now=now)
    for question, answer in {"safe": "no", "mood": "low", "why": "not_sure"}.items():
        response, _outcome = actions.answer(response, question=question, answer=answer, now=now)
    assert response.determination["range"] == ["mid", "high"]

    Choice.objects.filter(key="known").update(rates={"d": 2})
    actions.publish(questionnaire, parse(drafts.document(draft)), by=None, now=now)

    kept = Response.objects.get(pk=response.pk)
    assert kept.version.number == 1
    assert report(kept.version.definition, kept.answers) == kept.determination
    newest: Any = questionnaire.newest()
    assert newest.number == 2
    assert report(newest.definition, kept.answers)["range"] == ["mid", "mid"]


def test_a_definition_that_is_not_proved_is_not_published(questionnaire: Questionnaire, now: datetime) -> None:
    worse = hiding_document()
    with pytest.raises(actions.NotProved) as refused:
        actions.publish(questionnaire, parse(worse), by=None, now=now)
    assert refused.value.proof.properties["worse_never_lower"] is False
    assert questionnaire.versions.count() == 1


def test_publishing_the_same_again_makes_no_new_version(questionnaire: Questionnaire, now: datetime) -> None:
    actions.publish(questionnaire, parse(small_document()), by=None, now=now)
    assert questionnaire.versions.count() == 1


def test_an_archived_questionnaire_cannot_be_started(
    questionnaire: Questionnaire, now: datetime, make_editor: Any
) -> None:
    by = make_editor("change")
    begun = actions.begin(key="small", language="en", voice="me", now=now)
    editing.archive(questionnaire, by=by, at=now)
    with pytest.raises(actions.NothingPublished):
        actions.begin(key="small", language="en", voice="me", now=now)
    for question, answer in {"safe": "no", "mood": "low", "why": "not_sure"}.items():
        begun, _outcome = actions.answer(begun, question=question, answer=answer, now=now)
    assert begun.completed_at, "who has begun can finish"
    editing.archive(questionnaire, by=by, at=None)
    assert actions.begin(key="small", language="en", voice="me", now=now).version.number == 1


def test_new_words_that_ship_become_a_new_version(now: datetime) -> None:
    shipped = Questionnaire.objects.create(key="level-of-care")
    actions.publish(shipped, parse({**small_document(), "key": "level-of-care"}), by=None, now=now)
    demo.load(now)
    demo.load(now)
    newest: Any = shipped.newest()
    assert (newest.number, newest.sha256) == (2, sha256(default_definition()))


def test_what_an_admin_has_published_stays_when_new_words_ship(now: datetime, make_editor: Any) -> None:
    shipped = Questionnaire.objects.create(key="level-of-care")
    actions.publish(shipped, parse({**small_document(), "key": "level-of-care"}), by=make_editor("publish"), now=now)
    demo.load(now)
    assert shipped.versions.count() == 1
