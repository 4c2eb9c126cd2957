"""What the tests of the editor share: a small questionnaire that is proved, and people who may do different things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from assessments import actions, demo
from assessments.editor import editing
from assessments.engine.document import parse
from assessments.models import Draft, Questionnaire
from tests.conftest import SharedDb
from tests.engine.building import choice, document, floor, question, rating, safety, taken


def small_document() -> dict[str, Any]:
    """Three questions, a floor rule for each level above the lowest, a safety rule: all properties hold."""
    return document(
        question("safe", choice("no"), choice("yes", d=4), role="safety"),
        question("mood", choice("well"), choice("low", d=2), choice("very-low", d=3)),
        question("why", choice("unknown"), choice("known", d=3), when=taken("mood", "low", "very-low")),
        floors=(floor("some", "mid", rating("d", 2)), floor("much", "high", rating("d", 3))),
        safety=(safety("danger", taken("safe", "yes")),),
    )


def hiding_document() -> dict[str, Any]:
    """The same with the trap: the worst mood hides the question that would have raised the rating."""
    made = small_document()
    made["questions"][1]["choices"][2]["rates"] = {"d": 2}
    made["questions"][2]["shows_when"] = taken("mood", "low")
    return made


@pytest.fixture(scope="module")
def shipped_rows(shared_db: SharedDb, now: datetime) -> None:
    with shared_db():
        demo.load(now)


@pytest.fixture
def shipped(shipped_rows: None, db: None) -> None:
    """The questionnaire that ships with Waymark, published."""


@pytest.fixture
def family(shipped: None, client: Client) -> Client:
    """A family that has begun to answer it for someone they love."""
    client.post("/assessment/", {"voice": "loved"})
    return client


@pytest.fixture
def questionnaire(db: None, now: datetime) -> Questionnaire:
    """The small questionnaire, published as version 1."""
    made = Questionnaire.objects.create(key="small")
    actions.publish(made, parse(small_document()), by=None, now=now)
    return made


@pytest.fixture
def draft(questionnaire: Questionnaire, now: datetime) -> Draft:
    return editing.draft_of(questionnaire, now=now)


@pytest.fixture
def make_editor(make_user: Callable[..., Any]) -> Callable[..., Any]:
    """An account with exactly these permissions on questionnaires: ``make_editor("view", "change", "publish")``."""

    def make(*verbs: str, username: str = "ed") -> Any:
        user = make_user(username)
        codes = [f"{verb}_questionnaire" for verb in verbs]
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
        return type(user).objects.get(pk=user.pk)

    return make


@pytest.fixture
def publisher(make_editor: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_editor("view", "add", "change", "publish"))
