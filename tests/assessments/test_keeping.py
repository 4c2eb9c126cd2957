"""Answers are kept where and as long as the page says: by a code, an email, on this device, or nowhere."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments import actions
from assessments.family import session
from assessments.models import Response, ReturnCode, ReturnLink
from assessments.return_codes import WORDS, folded, new_code, unknown, words_of
from directory.views import SEARCH
from messaging.letter import Letter
from messaging.models import Message
from privacy.actions import sweep
from tests.assessments.test_family_pages import answer_all
from tests.referral.conftest import link_in
from tests.referral.conftest import post as post  # the fixture that sends what is due

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]
KEEP, RETURN = "/assessment/keep/", "/assessment/return/"
CANARY = "violence-home"
Post = Callable[..., list[Letter]]


@pytest.fixture
def code(family: Client) -> str:
    """The code of a family that has answered one question and saved."""
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    return str(family.post(KEEP, {"do": "code"}, follow=True).context["code"])


def text_of(page: Any) -> str:
    return str(page.content.decode())


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_code_has_fifty_bits_of_words_that_are_told_apart(language: str) -> None:
    words = words_of(language)
    assert WORDS * math.log2(len(words)) >= 50
    assert len({" ".join(folded(word)) for word in words}) == len(words)
    assert all(len(folded(word)) == 1 and not unknown(folded(word)) for word in words)
    assert len({new_code(language) for _ in range(20)}) == 20


def test_a_code_opens_the_answers_on_another_device(code: str) -> None:
    other = Client()
    page = other.post(RETURN, {"code": f" {code.upper().replace(' ', ', ')}. ", "do": "open"}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/2/"
    other.post("/assessment/2/", {"question": page.context["form"].asked.key, "answer": "not_sure"})
    assert set(Response.objects.get().answers) == {"danger-now", "self-harm"}


def test_a_code_opens_the_result_first_also_after_a_danger(family: Client) -> None:
    answer_all(family, danger_now=["violence"], stopping="severe")
    code = family.post(KEEP, {"do": "code"}, follow=True).context["code"]
    page = Client().post(RETURN, {"code": code, "do": "open"}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/result/"
    assert page.context["urgent"]["urgency"] == "emergency"


def test_a_spanish_code_is_read_without_its_accents(family: Client) -> None:
    code = family.post(f"/es{KEEP}", {"do": "code"}, follow=True).context["code"]
    assert set(code.split()) <= set(words_of("es"))
    plain = " ".join(folded(code))
    assert Client().post(RETURN, {"code": plain, "do": "open"})["Location"] == "/assessment/1/"


def test_only_the_keyed_hash_of_a_code_is_stored(code: str, family: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM assessments_returncode")
        stored = str(cursor.fetchall())
    assert len(ReturnCode.objects.get().code_index) == 64
    assert not [word for word in folded(code) if word in stored]
    assert code not in text_of(family.get(KEEP)), "it is shown once"


def test_many_wrong_codes_are_told_how_long_to_wait(code: str, now: datetime) -> None:
    wrong, stranger = {"code": " ".join(words_of("en")[:6]), "do": "open"}, Client()
    with travel(now, tick=False):
        answers = [stranger.post(RETURN, wrong) for _each in range(8)]
        assert {answer.status_code for answer in answers[:7]} == {400} and answers[7].status_code == 429
        assert "This was tried many times from here. Wait 20 seconds and try again." in text_of(answers[7])
        assert answers[7]["Retry-After"] == "20"
    with travel(now + timedelta(seconds=21), tick=False):
        assert stranger.post(RETURN, {"code": code, "do": "open"}).status_code == 302


def test_saved_answers_are_there_for_thirty_days_and_then_swept(code: str) -> None:
    answered = Response.objects.get().updated_at
    with travel(answered + timedelta(days=29, hours=23), tick=False):
        sweep(timezone.now())
        assert Client().post(RETURN, {"code": code, "do": "open"})["Location"] == "/assessment/2/"
    with travel(answered + timedelta(days=30, minutes=1), tick=False):
        page = Client().post(RETURN, {"code": code, "do": "open"})
        assert page.status_code == 400 and "We found no answers for this code" in text_of(page)
        sweep(timezone.now())
    assert not Response.objects.exists() and not ReturnCode.objects.exists()


def test_each_page_says_where_and_how_long_answers_are_kept(code: str, family: Client) -> None:
    assert "We keep your answers for 30 days after your last answer." in text_of(family.get("/assessment/2/"))
    family.post(KEEP, {"do": "nowhere"})
    assert "We keep your answers for 1 hour after your last answer." in text_of(family.get("/assessment/2/"))


def test_a_shared_device_keeps_nothing(client: Client) -> None:
    begun = client.post("/assessment/", {"voice": "me", "is_shared_device": "on"})
    cookie = begun.cookies[settings.SESSION_COOKIE_NAME]
    assert not cookie["max-age"] and not cookie["expires"], "it ends with the browser"
    client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    answered = Response.objects.get().updated_at
    with travel(answered + timedelta(minutes=59), tick=False):
        sweep(timezone.now())
        assert client.get("/assessment/2/").status_code == 200
    with travel(answered + timedelta(minutes=61), tick=False):
        assert client.get("/assessment/2/")["Location"] == "/assessment/"
        sweep(timezone.now())
    assert not Response.objects.exists()


def test_words_do_not_end_that_a_device_is_shared(client: Client) -> None:
    client.post("/assessment/", {"voice": "me", "is_shared_device": "on"})
    client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    page = client.post(KEEP, {"do": "code"}, follow=True)
    assert "Nothing stays on this phone or computer after you close the browser." in text_of(page)
    assert "You chose this. Nothing is kept here after you close the browser." in text_of(page)
    assert client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("is_shared", [True, False])
def test_who_comes_back_by_words_is_asked_of_the_device(code: str, is_shared: bool) -> None:
    shared = {"is_shared_device": "on"} if is_shared else {}
    browser = Client()
    assert "Other people use this phone or computer" in text_of(browser.get(RETURN))
    back = browser.post(RETURN, {"code": code, "do": "open", **shared})
    assert bool(back.cookies[settings.SESSION_COOKIE_NAME]["max-age"]) is not is_shared
    assert ("Nothing stays on this phone" in text_of(browser.get(KEEP))) is is_shared
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 302


def test_a_device_is_shared_while_the_words_stay_good(code: str, family: Client) -> None:
    answer = family.post(KEEP, {"do": "here"})
    assert not answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 302
    assert Response.objects.get().keeping == Response.Keeping.SAVED


def test_choosing_to_keep_nothing_ends_codes_and_links(code: str, family: Client, now: Any) -> None:
    response = Response.objects.get()
    ReturnLink.mint(now=now, expires_at=response.expires_at, response=response)
    answer = family.post(KEEP, {"do": "nowhere"})
    assert not answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 400
    assert not ReturnLink.objects.exists()
    kept = Response.objects.get()
    assert kept.expires_at == kept.updated_at + timedelta(hours=1)


def test_answers_attached_to_a_request_stay_with_it(family: Client) -> None:
    until = timezone.now() + timedelta(days=400)
    actions.keep_until(Response.objects.get(), until=until)
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    for command in ("code", "nowhere"):
        family.post(KEEP, {"do": command})
        assert Response.objects.get().expires_at == until


def test_a_new_code_ends_the_old_one(code: str, family: Client) -> None:
    newer = family.post(KEEP, {"do": "new-code"}, follow=True).context["code"]
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 400
    assert Client().post(RETURN, {"code": newer, "do": "open"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the six words of your code."),
        ("acorn actor album", "A code has six words."),
        ("acorn actr album acorn actor album", "“actr” is not a word of our codes."),
        ("acorn " * 6, "We found no answers for this code."),
        ("<script>" * 30, "characters"),
    ],
)
def test_a_wrong_code_gets_a_sentence_and_is_still_there(client: Client, typed: str, said: str) -> None:
    page = client.post(RETURN, {"code": typed, "do": "open"})
    assert page.status_code == 400 and said in text_of(page)
    assert not typed.strip() or page.context["form"]["code"].value().strip() == typed.strip()


def test_wrong_codes_are_slowed_down(client: Client, code: str) -> None:
    tries = [client.post(RETURN, {"code": "acorn " * 6, "do": "open"}).status_code for _ in range(8)]
    assert tries[:6] == [400] * 6 and tries[-1] == 429
    page = client.post(RETURN, {"code": code, "do": "open"})
    assert page.status_code == 429 and "Wait" in text_of(page) and code in text_of(page)


def test_a_guess_costs_no_more_from_a_new_browser() -> None:
    tries = [Client().post(RETURN, {"code": "acorn " * 6, "do": "open"}).status_code for _ in range(32)]
    assert tries[:30] == [400] * 30 and tries[-1] == 429


def test_answers_are_deleted_from_any_page_and_by_the_code(code: str, family: Client) -> None:
    for page in ("/assessment/2/", KEEP, "/about/"):
        assert "/assessment/delete/" in text_of(family.get(page)), page
    assert "Delete my answers now" in text_of(family.get("/assessment/delete/"))
    done = Client().post(RETURN, {"code": code, "do": "delete"}, follow=True)
    assert "Your answers are deleted." in text_of(done) and not Response.objects.exists()
    assert family.get("/assessment/2/")["Location"] == "/assessment/"


def test_delete_by_this_browser_takes_code_and_links_along(code: str, family: Client) -> None:
    family.post("/assessment/delete/")
    assert not Response.objects.exists() and not ReturnCode.objects.exists()
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 400
    assert family.post("/assessment/delete/")["Location"] == "/assessment/delete/"


def test_deleting_others_answers_by_code_leaves_ones_own(code: str) -> None:
    other = Client()
    other.post("/assessment/", {"voice": "me"})
    other.post(RETURN, {"code": code, "do": "delete"})
    assert other.get("/assessment/1/").status_code == 200


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "x" * 300 + "@example.org"])
def test_a_bad_email_gets_a_sentence_and_sends_nothing(family: Client, typed: str) -> None:
    page = family.post(KEEP, {"do": "email", "email": typed})
    assert page.status_code == 400 and "error-summary" in text_of(page)
    assert not Message.objects.exists()


def send(family: Client, post: Post) -> str:
    """Ask for the email; the link in it."""
    family.post(KEEP, {"do": "email", "email": "rosa@example.org"})
    (letter,) = post(timezone.now())
    assert letter.content.subject == "The link you asked for" and letter.row.address == "rosa@example.org"
    assert not re.search("treat|drug|alcohol|health|answer", letter.content.text, re.IGNORECASE)
    return link_in(letter)


def test_an_email_opens_the_answers_on_another_device(family: Client, post: Post) -> None:
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    link = send(family, post)
    other = Client()
    assert other.get(link)["Location"] == "/assessment/2/"
    assert other.get("/assessment/2/").status_code == 200
    assert Response.objects.get().keeping == "saved"


@pytest.mark.parametrize(("page", "theirs"), [("", "es"), ("/es", "en")])
def test_an_email_to_oneself_is_in_the_language_chosen(family: Client, post: Post, page: str, theirs: str) -> None:
    answer_all(family)
    family.post(f"{page}{KEEP}", {"do": "email", "email": "ana@example.org", "language": theirs})
    letter = post(timezone.now())[0]
    assert ("/es/" in link_in(letter)) is (theirs == "es") and Message.objects.get().language == theirs


def test_an_address_gets_one_email_an_hour_whoever_asks(family: Client, post: Post) -> None:
    typed = {"do": "email", "email": "Rosa@example.org"}
    pages = [text_of(family.post(KEEP, typed, follow=True)) for _press in range(3)]
    other = Client()
    other.post("/assessment/", {"voice": "me"})
    pages.append(text_of(other.post(KEEP, typed, follow=True)))
    assert all("We send one an hour at most." in page for page in pages)
    assert len(post(timezone.now())) == Message.objects.count() == 1
    with travel(timezone.now() + timedelta(minutes=61), tick=False):
        family.post(KEEP, typed)
        assert Message.objects.count() == 2


def test_an_emailed_link_ends_with_the_answers_and_so_does_the_address(family: Client, post: Post) -> None:
    link = send(family, post)
    family.post("/assessment/delete/")
    page = Client().get(link)
    assert page.status_code == 410 and "I have a code" in text_of(page)
    assert {(row.address, row.address_index, row.person_key) for row in Message.objects.all()} == {("", "", "")}


def test_the_sweep_takes_the_address_with_the_answers(family: Client, post: Post) -> None:
    send(family, post)
    with travel(Response.objects.get().expires_at + timedelta(seconds=1), tick=False):
        sweep(timezone.now())
    assert [row.address for row in Message.objects.all()] == [""] and not Response.objects.exists()


def test_an_email_that_waits_is_not_sent_after_the_answers_are_gone(family: Client, post: Post) -> None:
    family.post(KEEP, {"do": "email", "email": "rosa@example.org"})
    family.post("/assessment/delete/")
    assert post(timezone.now()) == []


def test_no_answer_code_or_address_is_in_a_url_log_or_message(
    family: Client, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer_all(family, violence_home="yes")
    code = family.post(KEEP, {"do": "code"}, follow=True).context["code"]
    link = send(family, post)
    shared = family.post(KEEP, {"do": "share", "with_answers": "on"}, follow=True).context["new_link"]
    seen = [family.get(KEEP).request["PATH_INFO"], Client().get(link)["Location"], KEEP]
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    told = " ".join([*seen, *lines])
    token, other = link.split("/")[2], shared.rstrip("/").rpartition("/")[2]
    for secret in (code, "rosa@example.org", CANARY, token, other):
        assert secret.lower() not in told.lower(), secret
    columns = [value for row in Message.objects.values_list("reference", "person_key", "dedupe_key") for value in row]
    assert all(value.startswith("answers:") for value in columns)
    with connection.cursor() as cursor:
        for table in ("returncode", "returnlink", "sharedresult", "response"):
            cursor.execute(f"SELECT * FROM assessments_{table}")
            rows = str(cursor.fetchall())
            assert not [secret for secret in (*code.split(), token, other, CANARY) if f"'{secret}'" in rows], table


def test_deleting_the_answers_clears_the_search_they_began(family: Client) -> None:
    assert session.SEARCH == SEARCH
    family.post("/programs/", {"payment": "insurance"})
    assert family.session[SEARCH]
    family.post("/assessment/delete/")
    assert SEARCH not in family.session


def test_a_form_sent_again_makes_no_other_code(code: str, family: Client) -> None:
    page = family.post(KEEP, {"do": "code"}, follow=True)
    assert page.redirect_chain and "code" not in page.context
    assert Client().post(RETURN, {"code": code, "do": "open"}).status_code == 302
    assert 'value="new-code"' in text_of(page) and "will stop working" in text_of(page)


def test_the_page_of_keeping_says_one_true_time(family: Client) -> None:
    page = " ".join(family.get(KEEP).content.decode().split())
    assert "As long as you have no code and no emailed link, we keep your answers for 12 hours" in page
    assert "We keep them for 12 hours" not in page
    family.post(KEEP, {"do": "code"})
    page = " ".join(family.get(KEEP).content.decode().split())
    assert "12 hours" not in page and "We keep your answers for 30 days after your last answer." in page
