"""The editor's pages, asked for as a browser without JavaScript does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import demo
from assessments.models import Questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(now: datetime) -> Questionnaire:
    demo.load(now)
    return Questionnaire.objects.get(key="level-of-care")


@pytest.fixture
def editor(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("editor", is_superuser=True))


def test_every_page_of_the_editor_opens(editor: Client, shipped: Questionnaire) -> None:
    editor.get(reverse("admin:assessments_questionnaire_change", args=[shipped.pk]))
    draft = shipped.draft
    pages = [
        reverse("admin:assessments_questionnaire_changelist"),
        reverse("admin:assessments_questionnaire_add"),
        *(
            reverse(f"admin:assessments_questionnaire_{name}", args=[shipped.pk])
            for name in ("change", "title", "try", "publish", "versions", "compare", "clone", "history")
        ),
        reverse("admin:assessments_questionnaire_version", args=[shipped.pk, 1]),
        reverse("admin:assessments_questionnaire_json", args=[shipped.pk, 1]),
        *(
            reverse("admin:assessments_questionnaire_part", args=[shipped.pk, section, rows.last().pk])
            for section, rows in {
                "questions": draft.questions,
                "floors": draft.floorrules,
                "safety": draft.safetyrules,
                "notes": draft.notes,
                "dimensions": draft.dimensions,
            }.items()
        ),
        *(
            reverse("admin:assessments_questionnaire_add_part", args=[shipped.pk, section])
            for section in ("questions", "floors", "safety", "notes", "dimensions")
        ),
    ]
    for page in pages:
        assert editor.get(page).status_code == 200, page
