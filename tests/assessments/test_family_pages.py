"""A family answers the questionnaire that ships with Waymark."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments import actions, demo
from assessments.engine.decide import outcome_to_json
from assessments.models import QuestionnaireVersion, Response

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]


def the_response() -> Response:
    return Response.objects.get()


def question_on(page: Any) -> Any:
    return page.context["form"].asked


def least(question: Any) -> Any:
    return [""] if question.kind == "many" else question.choices[0].key


def answer_all(client: Client, **answers: Any) -> Any:
    """Answer page by page as a browser would, with `answers` by question key, else the least severe; the last page."""
    page = client.get("/assessment/1/", follow=True)
    for _ in range(60):
        if page.request["PATH_INFO"].endswith("/safety/"):
            page = client.post("/assessment/safety/", follow=True)
        elif page.request["PATH_INFO"].endswith("/check/"):
            return client.get("/assessment/result/", follow=True)
        else:
            asked = question_on(page)
            given = answers.get(asked.key.replace("-", "_"), least(asked))
            page = client.post(page.request["PATH_INFO"], {"question": asked.key, "answer": given}, follow=True)
    raise AssertionError("the questions have no end")


def answer_all_until(client: Client, key: str) -> Any:
    """The page of this question, those before it answered in the calmest way."""
    page = client.get("/assessment/1/", follow=True)
    while (question := question_on(page)).key != key:
        data = {"question": question.key, "answer": least(question)}
        page = client.post(page.request["PATH_INFO"], data, follow=True)
    return page


def test_light_answers_lead_to_the_lightest_level(family: Client) -> None:
    page = answer_all(family)
    assert page.status_code == 200
    assert the_response().determination["level"] == "recovery-support"


def test_the_result_shows_every_level_and_marks_the_fit(family: Client) -> None:
    page = answer_all(family, substances=["alcohol"], stopping="dangerous", home="triggers")
    assert len(page.context["every"]) == 6
    marked = {level.slug for level in page.context["every"] if level.stand == "fits"}
    assert marked == {the_response().determination["level"], the_response().determination["then"][0]}
    assert the_response().determination["then"] == ["iop", "iop"]


def test_not_sure_is_an_answer_to_every_question(family: Client) -> None:
    page = client_page = family.get("/assessment/1/")
    seen = 0
    while not page.request["PATH_INFO"].endswith("/result/"):
        if page.request["PATH_INFO"].endswith("/safety/"):
            page = family.post("/assessment/safety/", follow=True)
            continue
        if page.request["PATH_INFO"].endswith("/check/"):
            page = family.get("/assessment/result/")
            continue
        seen += 1
        page = family.post(
            page.request["PATH_INFO"], {"question": question_on(page).key, "answer": "not_sure"}, follow=True
        )
    assert client_page.status_code == 200 and seen > 10
    low, high = the_response().determination["range"]
    assert (low, high) == ("recovery-support", "medically-managed")
    assert page.context["fit"].certainty == "open" and len(page.context["open"]) == 3
    assert not page.context["why"].first and not any(page.context["plan"])


def test_danger_leads_to_the_crisis_page_before_anything_else(family: Client) -> None:
    page = family.post("/assessment/1/", {"question": "danger-now", "answer": ["overdose"]}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/safety/"
    assert b"911" in page.content and b"988" in page.content
    # Another address does not lead past it,
    assert family.get("/assessment/2/")["Location"] == "/assessment/safety/"
    assert family.get("/assessment/result/")["Location"] == "/assessment/safety/"
    # and it lets them go on.
    assert family.post("/assessment/safety/")["Location"] == "/assessment/2/"


def test_a_warning_that_comes_back_is_shown_again(family: Client) -> None:
    for answer in (["overdose"], [""], ["overdose"]):
        page = family.post("/assessment/1/", {"question": "danger-now", "answer": answer})
        shown = page["Location"] == "/assessment/safety/"
        assert shown == (answer == ["overdose"])
        if shown:
            family.post("/assessment/safety/")


def test_going_back_shows_the_answer_and_changing_it_keeps_the_others(family: Client) -> None:
    answer_all(family, substances=["alcohol"])
    place = [step.question.key for step in the_response().outcome().path].index("substances") + 1
    before = dict(the_response().answers)
    page = family.get(f"/assessment/{place}/")
    asked = question_on(page)
    assert asked.key == "substances" and "checked" in page.content.decode()
    family.post(f"/assessment/{place}/", {"question": "substances", "answer": [""]})
    after = the_response().answers
    assert after == {**before, "substances": []}
    assert "drink-often" in after and "drink-often" in the_response().outcome().hidden


def test_hidden_answer_counts_only_while_its_question_is_asked(family: Client) -> None:
    answer_all(family, substances=["alcohol"], stopping="dangerous")
    high = the_response().determination["level"]
    place = [step.question.key for step in the_response().outcome().path].index("substances") + 1
    family.post(f"/assessment/{place}/", {"question": "substances", "answer": [""]}, follow=True)
    assert the_response().outcome().level != high
    family.post(f"/assessment/{place}/", {"question": "substances", "answer": ["alcohol"]}, follow=True)
    assert the_response().determination["level"] == high


def test_an_empty_answer_gets_a_sentence_and_loses_nothing(family: Client) -> None:
    page = family.post("/assessment/2/", {"question": "danger-now"})
    assert page.status_code == 400
    assert "Check all that apply, or choose “None of these” or “Not sure”." in page.content.decode()
    assert the_response().answers == {}


@pytest.mark.parametrize("besides", ["", "not_sure"])
def test_a_contradiction_beside_a_danger_is_left_out_with_a_word(family: Client, besides: str) -> None:
    posted = {"question": "danger-now", "answer": [besides, "overdose"]}
    page = family.post("/assessment/1/", posted, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/safety/" and the_response().answers == {"danger-now": ["overdose"]}
    name = "None of these" if besides == "" else "Not sure"
    assert f"You also chose “{name}”. We left that out." in page.content.decode()


def test_none_of_these_with_another_answer_keeps_what_was_ticked(family: Client) -> None:
    page = answer_all_until(family, "person")
    page = family.post(page.request["PATH_INFO"], {"question": "person", "answer": ["", "veteran"]})
    assert page.status_code == 400
    assert page.content.decode().count("checked") == 2
    assert "person" not in the_response().answers


@pytest.mark.parametrize("posted", [{}, {"question": "no-such"}, {"question": "danger-now", "answer": "no-such"}])
def test_a_post_that_fits_nothing_is_told_and_not_kept(family: Client, posted: dict[str, str]) -> None:
    page = family.post("/assessment/1/", posted, follow=True)
    assert page.status_code in (200, 400)
    assert the_response().answers == {}


def test_answer_to_a_question_no_longer_asked_is_kept(family: Client) -> None:
    page = family.post("/assessment/1/", {"question": "how-often", "answer": "not_sure"}, follow=True)
    assert page.status_code == 200 and "no longer needed" in page.content.decode()
    assert the_response().answers == {"how-often": "not_sure"}


def test_a_number_too_high_leads_to_the_next_question(family: Client) -> None:
    assert family.get("/assessment/99/")["Location"] == "/assessment/1/"
    assert family.get("/assessment/result/")["Location"] == "/assessment/1/"


@pytest.mark.parametrize("number", [1, 40, 10**20])
@pytest.mark.parametrize("asked", ["danger-now", "use-signs"])
def test_the_same_choice_twice_is_told_at_any_number(family: Client, number: int, asked: str) -> None:
    twice = {"danger-now": ["overdose", "overdose"], "use-signs": ["harm", "harm"]}[asked]
    page = family.post(f"/assessment/{number}/", {"question": asked, "answer": twice}, follow=True)
    assert page.status_code == (400 if asked == "danger-now" else 200)
    assert question_on(page).key == "danger-now" and page.context["number"] == 1
    assert the_response().answers == {}


def test_there_is_no_question_zero(family: Client) -> None:
    assert family.get("/assessment/0/").status_code == 404
    posted = family.post("/assessment/0/", {"question": "danger-now", "answer": ["overdose", "overdose"]})
    assert posted.status_code == 404 and the_response().answers == {}


@pytest.mark.parametrize("page", ["/assessment/1/", "/assessment/result/", "/assessment/safety/"])
def test_a_session_without_answers_is_told_and_can_begin(client: Client, page: str) -> None:
    answered = client.get(page, follow=True)
    assert answered.request["PATH_INFO"] == "/assessment/"
    assert "There are no answers here" in answered.content.decode()


def test_nobody_else_can_see_a_response(family: Client) -> None:
    answer_all(family)
    assert Client().get("/assessment/result/")["Location"] == "/assessment/"


def test_answers_are_never_in_an_address_a_log_line_or_a_cache(
    family: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keys = {choice.key for question in the_response().version.definition.questions for choice in question.choices}
    page = family.get("/assessment/1/")
    for _ in range(8):
        if page.request["PATH_INFO"].endswith("/safety/"):
            page = family.post("/assessment/safety/", follow=True)
        asked = question_on(page)
        page = family.post(page.request["PATH_INFO"], {"question": asked.key, "answer": "not_sure"}, follow=True)
        for url, _status in page.redirect_chain:
            assert not any(key in url for key in keys if len(key) > 3) and "?" not in url
        assert "no-store" in page["Cache-Control"]
    assert "not_sure" not in " ".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def test_answers_are_encrypted_at_rest(family: Client) -> None:
    family.post("/assessment/1/", {"question": "danger-now", "answer": "not_sure"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM assessments_response")
        ((from_table,),) = cursor.fetchall()
    assert from_table and "danger" not in from_table


def test_delete_forgets_at_once(family: Client) -> None:
    answer_all(family)
    page = family.post("/assessment/delete/", follow=True)
    assert "deleted" in page.content.decode()
    assert not Response.objects.exists()


def test_responses_expire(family: Client, now: datetime) -> None:
    response = the_response()
    assert actions.forget_expired(now=response.expires_at - timedelta(seconds=1)) == 0
    assert actions.forget_expired(now=response.expires_at) == 1


def test_a_stored_response_gives_the_same_determination_again(family: Client) -> None:
    answer_all(family, substances=["opioids"], mood="cannot")
    response = the_response()
    again = outcome_to_json(response.outcome())
    assert {key: response.determination[key] for key in again} == again


def test_the_spanish_pages_speak_spanish(client: Client) -> None:
    page = client.post("/es/assessment/", {"voice": "me"}, follow=True)
    definition = the_response().version.definition
    assert definition.questions[0].text.say("es", "me") in page.content.decode()


def test_without_a_published_version_the_page_says_so_and_leads_on(client: Client, settings: Any) -> None:
    settings.QUESTIONNAIRE = "none-such"
    page = client.post("/assessment/", {"voice": "me"})
    assert page.status_code == 503 and b"/referral/" in page.content


def test_loading_again_publishes_nothing_new(now: datetime) -> None:
    demo.load(now)
    assert QuestionnaireVersion.objects.count() == 1


def test_an_error_says_only_what_to_do_and_leads_to_the_choices(client: Client) -> None:
    words = client.post("/assessment/", {}).content.decode()
    summary = words[words.index("error-summary") : words.index("</ul>", words.index("error-summary"))]
    assert '<a href="#id_voice">Choose “Me” or “Someone I love”.' in summary and 'id="id_voice"' in words


@pytest.mark.usefixtures("shipped")
def test_the_start_says_how_many_questions_there_really_are(client: Client) -> None:
    assert "5 to 10 minutes: 19 to 30 short questions" in client.get("/assessment/").content.decode()


@pytest.mark.usefixtures("shipped")
def test_begin_limit_stops_a_machine_and_no_family(client: Client) -> None:
    answers = [client.post("/assessment/", {"voice": "loved"}) for _ in range(62)]
    assert [answer.status_code for answer in answers] == [302] * 61 + [429]
    assert Response.objects.count() == 61
    words = answers[-1].content.decode()
    assert "seconds and try again" in words and "checked" in words, "what was chosen is kept"
    assert client.get("/assessment/1/").status_code == 200, "the answers that are there go on"


def test_answers_can_be_opened_until_they_are_deleted(family: Client) -> None:
    """Kept as long as the page says, and by the session that can open them: neither ends before the other."""
    begun = timezone.now()
    with travel(begun + timedelta(hours=11), tick=False):
        family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
        words = family.get("/assessment/2/").content.decode()
        assert "We keep them for 12 hours after your last answer. Then we delete them." in words
    with travel(begun + timedelta(hours=22, minutes=59), tick=False):
        assert family.get("/assessment/2/").status_code == 200
        assert actions.forget_expired(now=timezone.now()) == 0
    with travel(begun + timedelta(hours=23, minutes=1), tick=False):
        assert family.get("/assessment/2/")["Location"] == "/assessment/"
        assert actions.forget_expired(now=timezone.now()) == 1


def test_the_result_says_how_long_answers_are_kept(family: Client) -> None:
    assert "We keep them for 12 hours after your last answer." in answer_all(family).content.decode()
