"""What the page of a draft says at once of its changes."""

from __future__ import annotations

from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from assessments.editor import editing
from assessments.models import Draft, FloorRule, Question, Questionnaire

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page(client: Client, draft: Draft, name: str = "change") -> str:
    return unescape(
        client.get(reverse(f"admin:assessments_questionnaire_{name}", args=[draft.questionnaire_id])).content.decode()
    )


def test_a_draft_that_says_the_same_asks_nothing(publisher: Client, draft: Draft) -> None:
    told = page(publisher, draft)
    assert "data-lower" not in told and "changed in one language" not in told


def test_a_lower_level_is_told_on_the_page_of_the_draft(publisher: Client, draft: Draft) -> None:
    FloorRule.objects.filter(draft=draft, key="much").update(level="mid")
    assert reverse("admin:assessments_questionnaire_lower", args=[draft.questionnaire_id]) in page(publisher, draft)
    assert "some people get a lower level" in page(publisher, draft, "lower")
    FloorRule.objects.filter(draft=draft, key="much").update(level="high")
    FloorRule.objects.filter(draft=draft, key="some").update(level="high")
    assert "no one gets a lower level" in page(publisher, draft, "lower")


def test_people_of_stories_with_less_are_told_at_once(publisher: Client, shipped: None, now: datetime) -> None:
    draft = editing.draft_of(Questionnaire.objects.get(key="level-of-care"), now=now)
    FloorRule.objects.filter(draft=draft, key="plan-and-means").update(level="outpatient")
    assert "people in our stories would get a lower level than now." in page(publisher, draft)


def test_a_text_changed_in_one_voice_alone_is_told(publisher: Client, draft: Draft) -> None:
    question = Question.objects.get(draft=draft, key="mood")
    Question.objects.filter(pk=question.pk).update(en_me="On how many days?")
    told = page(publisher, draft)
    assert "“On how many days?”: only “English, to the person” changed." in told
    assert f'/change/#questions-part-{question.pk}"' in told and "data-lower" not in told
    Question.objects.filter(pk=question.pk).update(en_loved="How many?", es_me="¿Cuántos?", es_loved="¿Cuántos días?")
    assert "only “" not in page(publisher, draft)
