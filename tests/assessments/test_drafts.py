"""Drafts as rows: exact both ways, and no edit is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.editor import drafts, editing
from assessments.engine.definition import HELPLINES
from assessments.engine.document import DefinitionError, canonical_json, parse, sha256
from assessments.models import Choice, Draft, FloorRule, KeptDraft, Question, Questionnaire
from tests.engine.building import Document, default_document, documents

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00{}"), max_size=12)
TEXT = st.fixed_dictionaries(dict.fromkeys(("en", "es"), st.fixed_dictionaries(dict.fromkeys(("me", "loved"), WORDS))))


@st.composite
def worded(draw: st.DrawFn) -> Document:
    """Generated questionnaires with every optional part, and any words."""
    made = draw(documents())
    made["title"] = draw(TEXT)
    for question in made["questions"]:
        question["text"] = draw(TEXT)
        if draw(st.booleans()):
            question["help"] = draw(TEXT)
        for choice in question["choices"]:
            choice["text"] = draw(TEXT)
            if question["role"] == "preference" and draw(st.booleans()):
                choice["favours"] = draw(st.permutations(made["levels"]))
    for rule in made["safety"]:
        if draw(st.booleans()):
            rule["helpline"] = draw(st.sampled_from(HELPLINES))
    for floor in made["floors"]:
        floor["source"] = draw(WORDS)
    return made


def test_the_default_questionnaire_comes_back_from_its_rows_exactly(now: datetime) -> None:
    definition = parse(default_document())
    draft = editing.import_document(default_document(), by=None, now=now)
    assert drafts.written(drafts.document(draft)) == canonical_json(definition)
    assert sha256(parse(drafts.document(draft))) == sha256(definition)


@pytest.mark.slow
@settings(max_examples=40)
@given(made=worded())
def test_any_questionnaire_comes_back_from_its_rows_exactly(now: datetime, made: Document) -> None:
    draft = editing.import_document(made, by=None, now=now)
    read_again = Draft.objects.get(pk=draft.pk)
    assert sha256(parse(drafts.document(read_again))) == sha256(parse(made))


def test_a_draft_takes_a_fixed_number_of_queries(
    questionnaire: Questionnaire, draft: Draft, now: datetime, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):
        drafts.document(draft)
    large = editing.import_document(default_document(), by=None, now=now)
    with django_assert_num_queries(6):
        drafts.document(large)


def test_a_first_draft_says_what_families_answer(questionnaire: Questionnaire, draft: Draft) -> None:
    newest = questionnaire.newest()
    assert newest is not None
    assert drafts.written(drafts.document(draft)) == newest.document
    assert not drafts.has_news(questionnaire)


def test_a_document_with_faults_changes_nothing(draft: Draft, now: datetime) -> None:
    before = drafts.document(draft)
    with pytest.raises(DefinitionError):
        editing.import_document({**before, "levels": []}, by=None, now=now)
    assert drafts.document(Draft.objects.get()) == before


def test_letters_that_no_database_keeps_are_refused(draft: Draft, now: datetime) -> None:
    for letter in ("\x00", "\ud800"):
        broken = drafts.document(draft)
        broken["title"]["en"]["me"] = f"A{letter}B"
        with pytest.raises(editing.Unstorable):
            editing.import_document(broken, by=None, now=now)


def test_replacing_a_draft_keeps_its_news_and_brings_it_back(
    questionnaire: Questionnaire, draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    by = make_editor("view", "change")
    published = drafts.document(draft)
    FloorRule.objects.filter(key="much").update(en_me="Because of much")
    edited = drafts.document(Draft.objects.get())
    editing.import_document(published, by=None, now=now)
    kept = KeptDraft.objects.get()
    assert drafts.document(Draft.objects.get()) == published
    editing.go_back(questionnaire, kept, by=by, now=now)
    assert drafts.document(Draft.objects.get()) == edited


def test_only_the_last_twenty_earlier_drafts_stay(draft: Draft, now: datetime) -> None:
    for _each in range(drafts.MOST_KEPT + 3):
        drafts.keep(draft, now=now)
    assert KeptDraft.objects.count() == drafts.MOST_KEPT


def test_a_new_key_of_a_question_reaches_every_condition(
    draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    mood = Question.objects.get(key="mood")
    mood.key = "feeling"
    editing.save(mood, by=make_editor("change"), now=now, choices=list(mood.choices.all()))
    assert Question.objects.get(key="why").shows_when == {"in": ["feeling", ["low", "very-low"]]}
    parse(drafts.document(Draft.objects.get()))


def test_a_new_key_of_a_choice_and_of_a_dimension_reach_what_names_them(
    draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    by, mood = make_editor("change"), Question.objects.get(key="mood")
    choices = list(mood.choices.all())
    choices[1].key = "down"
    editing.save(mood, by=by, now=now, choices=choices)
    assert Question.objects.get(key="why").shows_when == {"in": ["mood", ["down", "very-low"]]}
    dimension = draft.dimensions.get()
    dimension.key = "mind"
    editing.save(dimension, by=by, now=now)
    assert FloorRule.objects.get(key="much").when == {"rating": ["mind", 3]}
    assert Choice.objects.get(key="very-low").rates == {"mind": 3}
    parse(drafts.document(Draft.objects.get()))


def test_a_new_key_reaches_the_words_that_follow_an_answer(
    draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    by, mood = make_editor("change"), Question.objects.get(key="mood")
    rule = FloorRule.objects.get(key="much")
    rule.en_me = "Care for {mood: low / well = some | * = all} days"
    editing.save(rule, by=by, now=now)
    Choice.objects.filter(question__key="why").update(en_me="Because {mood: low = low | * = any}")
    choices = list(mood.choices.all())
    next(one for one in choices if one.key == "low").key = "down"
    editing.save(mood, by=by, now=now, choices=choices)
    mood = Question.objects.get(key="mood")
    mood.key = "feeling"
    editing.save(mood, by=by, now=now, choices=list(mood.choices.all()))
    kept = FloorRule.objects.get(key="much")
    assert kept.en_me == "Care for {feeling: down / well = some | * = all} days" and kept.revision == rule.revision + 2
    words = set(Choice.objects.filter(question__key="why").values_list("en_me", flat=True))
    assert words == {"Because {feeling: down = low | * = any}"}
    parse(drafts.document(Draft.objects.get()))


def test_nobody_overwrites_what_somebody_else_has_just_saved(
    draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    by = make_editor("change")
    mine, theirs = FloorRule.objects.get(key="much"), FloorRule.objects.get(key="much")
    theirs.en_me = "Theirs"
    editing.save(theirs, by=by, now=now)
    mine.en_me = "Mine"
    with pytest.raises(editing.Stale):
        editing.save(mine, by=by, now=now)
    assert FloorRule.objects.get(key="much").en_me == "Theirs"


@pytest.mark.parametrize(("to", "order"), [(0, "why safe mood"), (1, "safe why mood"), (99, "safe mood why")])
def test_a_part_moves_to_a_place(
    draft: Draft, now: datetime, make_editor: Callable[..., Any], to: int, order: str
) -> None:
    editing.move(Question.objects.get(key="why"), to=to, by=make_editor("change"), now=now)
    assert [question["key"] for question in drafts.document(draft)["questions"]] == order.split()


def test_removing_a_question_keeps_the_draft_and_shows_what_named_it(
    draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    editing.remove(Question.objects.get(key="mood"), by=make_editor("change"), now=now)
    with pytest.raises(DefinitionError) as refused:
        parse(drafts.document(draft))
    assert [problem.where for problem in refused.value.problems] == [("questions", 1, "shows_when")]
    assert KeptDraft.objects.count() == 1


def test_every_write_asks_for_the_permission(draft: Draft, now: datetime, make_editor: Callable[..., Any]) -> None:
    by, rule = make_editor("view", "publish"), FloorRule.objects.get(key="much")
    version: Any = draft.questionnaire.newest()
    for write in (
        lambda: editing.save(rule, by=by, now=now),
        lambda: editing.move(rule, to=0, by=by, now=now),
        lambda: editing.remove(rule, by=by, now=now),
        lambda: editing.save_title(draft, by=by, now=now),
        lambda: editing.create("other", by=by, now=now),
        lambda: editing.clone(draft.questionnaire, "other", by=by, now=now),
        lambda: editing.archive(draft.questionnaire, by=by, at=now),
        lambda: editing.go_back(draft.questionnaire, version, by=by, now=now),
        lambda: editing.import_document(drafts.document(draft), by=by, now=now),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_every_write_leaves_a_line_of_history(draft: Draft, now: datetime, make_editor: Callable[..., Any]) -> None:
    by = make_editor("view", "add", "change")
    rule = FloorRule.objects.get(key="much")
    editing.save(rule, by=by, now=now)
    editing.move(rule, to=0, by=by, now=now)
    editing.clone(draft.questionnaire, "other", by=by, now=now)
    editing.archive(draft.questionnaire, by=by, at=now)
    assert LogEntry.objects.filter(user=by).count() == 4


def test_a_copy_is_its_own(draft: Draft, now: datetime, make_editor: Callable[..., Any]) -> None:
    copy = editing.clone(draft.questionnaire, "other", by=make_editor("add"), now=now)
    assert drafts.current(copy) == {**drafts.document(draft), "key": "other"}
    FloorRule.objects.filter(draft__questionnaire=copy).delete()
    assert len(drafts.document(draft)["floors"]) == 2
