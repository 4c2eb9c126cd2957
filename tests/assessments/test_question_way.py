"""One question a page, an honest count, all answers to check before the result, and a start that begins once."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments import actions
from assessments.engine.extent import extent
from assessments.engine.model import modelled
from assessments.engine.walk import left
from assessments.models import Response
from guides.publishing.cache import page_cache
from privacy import keys
from tests.assessments.test_family_pages import answer_all, answer_all_until, least, question_on
from tests.engine.building import default_definition

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]
FOCUSABLE = re.compile(r"<(?:a |button|summary|input(?! type=\"hidden\"))")


def to_check(client: Client) -> str:
    """Answer everything; what the page before the result says."""
    answer_all(client, substances=["alcohol"])
    return client.get("/assessment/check/").content.decode()


def test_all_answers_are_shown_before_the_result(family: Client) -> None:
    page = answer_all_until(family, "language")
    for _ in range(3):
        if not page.request["PATH_INFO"].endswith("/check/"):
            asked = question_on(page)
            page = family.post(page.request["PATH_INFO"], {"question": asked.key, "answer": least(asked)}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/check/"
    outcome = Response.objects.get().outcome()
    groups = page.context["groups"]
    numbers = [row["number"] for group in groups for row in group.answers]
    assert sorted(numbers) == list(range(1, len(outcome.path) + 1)) and len(groups) <= 7
    assert page.content.decode().index("See the result") < page.content.decode().index(groups[0].name)
    assert page.content.decode().count("?then=check") == len(outcome.path)


def test_an_answer_changed_while_checking_leads_back_and_keeps_the_rest(family: Client) -> None:
    to_check(family)
    before = dict(Response.objects.get().answers)
    keys = [step.question.key for step in Response.objects.get().outcome().path]
    page = f"/assessment/{keys.index('mood') + 1}/?then=check"
    assert "Back to your answers" in family.get(page).content.decode()
    assert family.post(page, {"question": "mood", "answer": "most-days"})["Location"] == "/assessment/check/"
    assert Response.objects.get().answers == {**before, "mood": "most-days"}


def test_a_changed_answer_that_opens_questions_asks_them_then_shows_all(family: Client) -> None:
    answer_all(family)
    keys = [step.question.key for step in Response.objects.get().outcome().path]
    address = f"/assessment/{keys.index('substances') + 1}/?then=check"
    page = family.post(address, {"question": "substances", "answer": ["alcohol"]}, follow=True)
    opened = 0
    while not page.request["PATH_INFO"].endswith("/check/"):
        opened += 1
        data = {"question": question_on(page).key, "answer": least(question_on(page))}
        page = family.post(page.request["PATH_INFO"], data, follow=True)
    assert 0 < opened < 10


def test_answers_cannot_be_checked_before_the_last_question(family: Client) -> None:
    assert family.get("/assessment/check/")["Location"] == "/assessment/1/"


def test_a_warning_comes_before_the_answers_are_shown(family: Client) -> None:
    to_check(family)
    family.post("/assessment/1/?then=check", {"question": "danger-now", "answer": ["overdose"]})
    assert family.get("/assessment/check/")["Location"] == "/assessment/safety/"
    # Nothing is left to answer, so the result is one step away.
    assert family.post("/assessment/safety/")["Location"] == "/assessment/result/"


def test_start_pressed_twice_makes_one_response(client: Client) -> None:
    data = {"voice": "loved", "key": client.get("/assessment/").context["form"]["key"].value()}
    other = Client()  # the browser of a double click sends the second request before it has the first answer
    assert client.post("/assessment/", data)["Location"] == other.post("/assessment/", data)["Location"]
    assert Response.objects.count() == 1
    client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    assert other.get("/assessment/2/").status_code == 200


@pytest.mark.parametrize("later", ["answered", "a minute later"])
def test_a_start_sent_again_later_opens_nobodys_answers(client: Client, later: str) -> None:
    data, begun = {"voice": "me", "key": str(uuid.uuid4())}, timezone.now()
    client.post("/assessment/", data)
    if later == "answered":
        client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    with travel(begun + timedelta(minutes=0 if later == "answered" else 1), tick=False):
        Client().post("/assessment/", data)
    assert Response.objects.count() == 2


@pytest.mark.parametrize("key", ["", "no-key", "x" * 200])
def test_a_start_with_an_odd_key_begins_all_the_same(client: Client, key: str) -> None:
    assert client.post("/assessment/", {"voice": "me", "key": key})["Location"] == "/assessment/1/"


def test_the_first_answer_is_few_tabs_away(family: Client) -> None:
    html = family.get("/assessment/1/").content.decode()
    before = html[html.index("<body") : html.index('name="answer"')]
    before = re.sub(
        r'<p class="numbers">.*?</p>', "", before
    )  # in place of the calls before it, where letters are large
    assert len(FOCUSABLE.findall(before)) <= 9 + 1, "the last of them is the answer itself"
    assert html.index('class="skip"') < html.index("site-top")


def test_the_count_at_the_start_is_the_shortest_and_longest_way() -> None:
    definition = default_definition()
    whole = extent(modelled(definition))
    fewest, most = left(definition, {})
    assert fewest == whole.shortest and most >= whole.longest


def test_the_count_narrows_to_the_real_end(family: Client) -> None:
    page, told = family.get("/assessment/1/"), []
    while not page.request["PATH_INFO"].endswith("/check/"):
        progress = page.context["progress"]
        told.append((progress["number"] + progress["fewest"], progress["number"] + progress["most"]))
        data = {"question": question_on(page).key, "answer": least(question_on(page))}
        page = family.post(page.request["PATH_INFO"], data, follow=True)
    real = len(Response.objects.get().outcome().path)
    assert all(fewest <= real <= most for fewest, most in told)
    assert told[-1] == (real, real)


def test_an_answer_and_the_next_page_ask_the_database_little(
    family: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The keys are looked at every few seconds: here once, however long the pages take.
    monkeypatch.setattr(keys, "_fitted", {})
    monkeypatch.setattr(keys, "LOOK_AGAIN", 3600.0)
    # So is whether anything was published.
    monkeypatch.setattr(page_cache, "_next_look", float("inf"))
    data = {"question": "danger-now", "answer": [""]}
    family.post("/assessment/1/", data)
    family.get("/assessment/2/")
    with django_assert_max_num_queries(3):
        family.post("/assessment/1/", data)
        family.get("/assessment/2/")


@pytest.mark.parametrize("what", ["another session", "another response", "an ended session"])
def test_what_is_read_with_a_session_is_never_anothers(family: Client, what: str) -> None:
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    own = Response.objects.get()
    other = actions.begin(key="level-of-care", language="en", voice="me", now=timezone.now())
    if what == "another session":
        actions.open_in_session(own, session_key="x" * 32)
    elif what == "another response":
        actions.open_in_session(own, session_key="x" * 32)
        actions.open_in_session(other, session_key=family.session.session_key or "")
    else:
        family.session.flush()
    page = family.get("/assessment/2/")
    if what == "an ended session":
        assert page["Location"] == "/assessment/"
    else:
        assert page.status_code == 200
        family.post("/assessment/2/", {"question": "self-harm", "answer": "none"})
        own.refresh_from_db()
        assert set(own.answers) == {"danger-now", "self-harm"} and not Response.objects.get(pk=other.pk).answers


def test_two_answers_at_once_are_both_kept(family: Client) -> None:
    stale, now = Response.objects.get(), timezone.now()
    actions.answer(stale, question="danger-now", answer=[], now=now)
    older = Response.objects.get()
    older.answers, older.updated_at = {}, now - timedelta(minutes=1)
    actions.answer(older, question="self-harm", answer="none", now=now)
    assert set(Response.objects.get().answers) == {"danger-now", "self-harm"}
