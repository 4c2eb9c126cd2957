"""A result is shared with one person by a link that ends, can be stopped, and says when it was opened."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from assessments.models import Response, SharedResult
from tests.assessments.test_family_pages import answer_all

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]
KEEP, SHARED = "/assessment/keep/", "/s/"


@pytest.fixture
def finished(family: Client) -> Client:
    """A family that came to the end."""
    answer_all(family, substances=["alcohol"], stopping="mild", mood="most-days")
    return family


def made(family: Client, **data: str) -> str:
    """The path of a new link."""
    return str(
        re.sub("https?://[^/]+", "", family.post(KEEP, {"do": "share", **data}, follow=True).context["new_link"])
    )


def opened(link: str, browser: Client | None = None) -> Any:
    """What the other person sees after pressing the button."""
    browser = browser or Client()
    assert browser.get(link)["Location"] == SHARED
    return browser.post(SHARED, follow=True)


def test_the_other_person_sees_the_result_to_read_only(finished: Client) -> None:
    page = opened(made(finished))
    words = page.content.decode()
    main = words[words.index("<main") : words.index("</main>")]
    assert page.status_code == 200 and page.context["summary"] in main and page.context["reasons"]
    assert not re.search(r"<(form|input|button)|/assessment/", main)
    assert page.headers["X-Robots-Tag"].startswith("noindex") and 'name="robots" content="noindex' in words
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(("page", "theirs", "says"), [("", "es", "Quiero mostrarle algo"), ("/es", "en", "I want to")])
def test_the_other_person_reads_it_in_the_language_chosen(finished: Client, page: str, theirs: str, says: str) -> None:
    shown = finished.post(f"{page}{KEEP}", {"do": "share", "language": theirs}, follow=True)
    link = re.sub("https?://[^/]+", "", shown.context["new_link"])
    assert link.startswith("/es/") is (theirs == "es")
    letter = re.findall(r'href="(sms:[^"]+|mailto:[^"]+)"', shown.content.decode())
    letters = [unquote(html.unescape(each)) for each in letter if "body=" in each]
    assert len([each for each in letters if says in each and link in each]) == 2
    opens = Client().get(Client().get(link)["Location"])
    assert f'lang="{theirs}"' in opens.content.decode()


def test_a_link_ends_by_what_was_chosen_last(finished: Client) -> None:
    made(finished)
    response, link = Response.objects.get(), SharedResult.objects.get()
    assert link.expires_at == response.expires_at, "as long as the answers are kept"
    finished.post(KEEP, {"do": "code"})
    link.refresh_from_db()
    assert link.expires_at == link.created_at + SharedResult.LIFE
    finished.post(KEEP, {"do": "nowhere"})
    link.refresh_from_db()
    assert link.expires_at == Response.objects.get().expires_at


def test_answers_are_shown_only_if_they_are_shared(finished: Client) -> None:
    assert not opened(made(finished)).context["answers"]
    rows = opened(made(finished, with_answers="on")).context["answers"]
    assert len(rows) == len(Response.objects.get().outcome().path)
    assert rows[0][0] == "Is any of this happening to them, or around them, right now?"


def test_the_shared_page_shows_and_changes_nothing_of_its_reader(finished: Client) -> None:
    reader = Client()
    reader.post("/assessment/", {"voice": "me"})
    reader.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    opened(made(finished), reader)
    assert reader.get("/assessment/2/").status_code == 200, "the reader's own answers are still the reader's"
    assert Response.objects.exclude(completed_at=None).count() == 1


def test_a_reader_can_neither_answer_nor_delete(finished: Client) -> None:
    reader = Client()
    opened(made(finished), reader)
    before = Response.objects.get().answers
    for path in ("/assessment/1/", "/assessment/delete/", KEEP):
        reader.post(path, {"question": "mood", "answer": "well", "do": "nowhere"})
    assert reader.get("/assessment/result/")["Location"] == "/assessment/"
    assert Response.objects.get().answers == before


def test_a_preview_of_a_messenger_is_no_opening(finished: Client) -> None:
    link = made(finished)
    assert b"Open it" in Client().get(link, follow=True).content
    assert "Not opened yet" in finished.get(KEEP).content.decode()
    with travel(timezone.now() + timedelta(minutes=5), tick=False):
        opened(link)
    words = finished.get(KEEP).content.decode()
    assert "First opened" in words and "Not opened yet" not in words
    shared = SharedResult.objects.get()
    assert shared.opened_at and shared.opened_at > shared.created_at + timedelta(minutes=4)


def test_a_link_that_is_stopped_opens_nothing_more(finished: Client) -> None:
    link, reader = made(finished), Client()
    opened(link, reader)
    page = finished.post(KEEP, {"do": "stop", "link": SharedResult.objects.get().pk}, follow=True)
    assert "That link no longer works." in page.content.decode()
    for answer in (Client().get(link), reader.get(SHARED)):
        assert answer.status_code == 410 and "Ask the person for a new link." in answer.content.decode()


def test_nobody_stops_the_link_of_another_family(finished: Client) -> None:
    made(finished)
    other = Client()
    other.post("/assessment/", {"voice": "me"})
    for odd in (SharedResult.objects.get().pk, "x", "9" * 30, ""):
        other.post(KEEP, {"do": "stop", "link": odd})
    assert SharedResult.objects.get().revoked_at is None


def test_a_link_ends_after_seven_days_or_with_the_answers(finished: Client) -> None:
    short = made(finished)
    assert SharedResult.objects.get().expires_at == Response.objects.get().expires_at
    finished.post(KEEP, {"do": "code"})
    long = made(finished)
    begun = timezone.now()
    with travel(begun + timedelta(days=6, hours=23), tick=False):
        assert Client().get(short).status_code == 302, "it follows the choice to keep the answers, too"
        assert Client().get(long).status_code == 302
    with travel(begun + timedelta(days=7, minutes=1), tick=False):
        assert Client().get(long).status_code == 410


def test_deleted_answers_are_no_longer_shared(finished: Client) -> None:
    link, reader = made(finished), Client()
    opened(link, reader)
    finished.post("/assessment/delete/")
    assert reader.get(SHARED).status_code == 410 and not SharedResult.objects.exists()


def test_while_answers_are_changed_no_result_is_shown(finished: Client) -> None:
    link = made(finished)
    response = Response.objects.get()
    response.answers = {"danger-now": []}
    response.save()
    assert "There is no result right now" in opened(link).content.decode()


def test_only_a_finished_result_can_be_shared(family: Client) -> None:
    assert family.post(KEEP, {"do": "share"})["Location"] == KEEP
    assert not SharedResult.objects.exists()


def test_a_sixth_link_waits_until_one_is_stopped(finished: Client) -> None:
    for _ in range(5):
        made(finished)
    page = finished.post(KEEP, {"do": "share"}, follow=True)
    assert "You have five links that work." in page.content.decode()
    assert SharedResult.objects.count() == 5


def test_the_shared_page_speaks_spanish(finished: Client) -> None:
    reader = Client()
    link = re.sub("https?://[^/]+", "", finished.post(f"/es{KEEP}", {"do": "share"}, follow=True).context["new_link"])
    assert link.startswith("/es/s/")
    assert reader.get(link)["Location"] == "/es/s/"
    assert "le puede servir" in reader.post("/es/s/", follow=True).content.decode().casefold()


@pytest.mark.parametrize("answers", [{}, {"with_answers": "on"}])
def test_the_reader_sees_the_warning_what_is_open_and_what_to_do(family: Client, answers: dict[str, str]) -> None:
    answer_all(family, self_harm="plan", substances=["alcohol"], stopping="not_sure", body="not_sure")
    words = opened(made(family, **answers)).content.decode()
    assert "Do not leave them alone" in words and "What is still open" in words and 'href="tel:988"' in words
    assert "find out" in words and "What to do next" in words and "Call 911 if this is happening now" in words


def test_violence_is_told_to_the_reader_with_the_answers_alone(family: Client) -> None:
    answer_all(family, violence_home="yes")
    main = opened(made(family)).content.decode().split("<main")[1].split("</main>")[0]
    assert "7233" not in main and "hurting them" not in main
    assert "7233" in opened(made(family, with_answers="on")).content.decode().split("<main")[1].split("</main>")[0]


def test_violence_of_right_now_is_not_told_without_the_answers(family: Client) -> None:
    answer_all(family, danger_now=["violence"])
    page = opened(made(family))
    assert "being hurt" not in page.content.decode().split("<main")[1].split("</main>")[0]
    with_answers = opened(made(family, with_answers="on")).content.decode().split("<main")[1]
    assert "Call 911 if someone is being hurt" in with_answers


@pytest.mark.parametrize("answers", [{}, {"with_answers": "on"}])
def test_the_reader_never_learns_how_to_be_safe_from_them(family: Client, answers: dict[str, str]) -> None:
    """Whoever opens the link may be the one who hits."""
    answer_all(family, mind_signs=["rage"], readiness="no-need")
    assert "Your own safety comes first" in family.get("/assessment/result/").content.decode()
    said = opened(made(family, **answers)).content.decode()
    assert "own safety" not in said and "that you looked here" not in said and "alone if you are afraid" not in said


def test_a_new_link_stands_on_top_and_loading_again_makes_none(finished: Client) -> None:
    page = finished.post(KEEP, {"do": "share"}, follow=True)
    words = page.content.decode()
    assert page.redirect_chain[-1][0] == KEEP and words.index("Your link is ready") < words.index(
        "A code to write down"
    )
    assert "new_link" not in finished.get(KEEP).context and SharedResult.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "theirs", "nobodys"), [("", "your answers", "the answers"), ("/es", "sus resp", "las resp")]
)
def test_the_reader_is_not_told_that_they_answered(finished: Client, path: str, theirs: str, nobodys: str) -> None:
    link = re.sub(
        "https?://[^/]+", "", finished.post(f"{path}{KEEP}", {"do": "share"}, follow=True).context["new_link"]
    )
    reader = Client()
    reader.get(link)
    page = reader.post(f"{path}{SHARED}", follow=True)
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert nobodys in page.context["summary"] and theirs not in main


def test_whose_it_is_is_told_as_far_as_the_sharer_says(finished: Client) -> None:
    page = opened(made(finished, said_by="From Rosa, about Mateo")).content.decode()
    assert "From Rosa, about Mateo" in page and "Whoever sent you the link answered the questions." in page
    assert "about" not in opened(made(finished)).content.decode().split("<main")[1].split("<section")[0]
    browser = Client()
    browser.get(made(finished, said_by="From Rosa"))
    assert "Rosa" not in browser.get(SHARED).content.decode()  # what a messenger reads for its preview
    bad = finished.post(KEEP, {"do": "share", "said_by": "see http://bad.example"})
    assert bad.status_code == 400 and "without a web address" in bad.content.decode()


def test_a_link_is_copied_or_sent_in_words_that_tell_nothing(finished: Client) -> None:
    page = finished.post(KEEP, {"do": "share", "with_answers": "on"}, follow=True).content.decode()
    assert 'data-copy="new-link"' in page and "These can tell what happened, such as an overdose" in page
    text, mail = (re.search(rf'href="({kind}:\?[^"]+)"', page) for kind in ("sms", "mailto"))
    assert text and mail
    for href in (text[1], mail[1]):
        said = unquote(html.unescape(href))
        assert "/s/" in said and not re.search("result|answer|care|treat|waymark.*:", said.split("http")[0], re.I)


def test_no_sign_of_an_open_safety_answer_is_shared(family: Client) -> None:
    answer_all(family, self_harm="not_sure", self_harm_signs="not_sure")
    hidden, told = opened(made(family)), opened(made(family, with_answers="on"))
    assert not hidden.context["look"] and "self-harm" not in {one.key for one in hidden.context["open"]}
    assert "hurt themselves on purpose" not in hidden.content.decode()
    assert told.context["look"] and "not of you." in hidden.content.decode()


def test_what_stays_open_on_health_is_said_beside_the_tick(family: Client) -> None:
    answer_all(family, body="not_sure", self_harm="not_sure", self_harm_signs="not_sure")
    assert "which questions on health are open, with signs to look for" in family.get(KEEP).content.decode()
    page = opened(made(family))
    signs = " ".join(sign for look in page.context["look"] for sign in look.signs)
    assert "chest pain" in signs and "hurt themselves" not in signs and "not to wake" not in signs


THEY_OVERDOSED: dict[str, Any] = {
    "danger_now": "not_sure",
    "substances": ["stimulants", "opioids"],
    "use_signs": ["overdose"],
    "readiness": "no-need",
    "violence_home": "not_sure",
}


@pytest.mark.parametrize("path", ["", "/es"])
def test_the_reader_is_told_the_danger_of_now_as_the_family_is(family: Client, path: str) -> None:
    answer_all(family, **THEY_OVERDOSED)
    link = re.sub("https?://[^/]+", "", family.post(f"{path}{KEEP}", {"do": "share"}, follow=True).context["new_link"])
    reader = Client()
    reader.get(link)
    page = reader.post(f"{path}{SHARED}", follow=True)
    main = html.unescape(page.content.decode().split("<main")[1].split("</main>")[0])
    own = html.unescape(family.get(f"{path}/assessment/result/").content.decode())
    (now,) = [question for question in page.context["open"] if question.key == "danger-now"]
    signs = [sign for look in page.context["look"] for sign in look.signs]
    assert now.text in main and len(now.dangers) == 3 and all(danger.text in main for danger in now.dangers)
    assert [sign for sign in signs if "blue or gray lips" in sign or "labios azules" in sign]
    assert not [sign for sign in signs if "being hurt" in sign or "lastimando a alguien" in sign]
    said = ("#naloxone", "Offer one small step" if not path else "Ofrezca un paso pequeño")
    assert all(one in main and one in own for one in said)
    assert not re.search("hide how drunk|ha bebido la persona", main + own)


def test_alcohol_stays_a_warning_where_it_was_named(family: Client) -> None:
    answer_all(family, **{**THEY_OVERDOSED, "substances": ["stimulants", "alcohol"]})
    assert "They also hide how drunk someone is." in opened(made(family)).content.decode()


def test_the_calls_come_before_whose_result_it_is(family: Client) -> None:
    answer_all(family, self_harm="plan")
    main = opened(made(family, said_by="Ana, about her son")).content.decode().split("<main")[1]
    order = ['href="tel:988"', "Ana, about her son", "Whoever sent you the link"]
    assert [main.index(words) for words in order] == sorted(main.index(words) for words in order)


@pytest.mark.parametrize(("named", "said"), [(["alcohol", "sedatives"], False), (["alcohol", "opioids"], True)])
def test_who_named_no_opioids_is_not_told_of_them(family: Client, named: list[str], said: bool) -> None:
    answer_all(family, substances=named, stopping="severe")
    assert ("If it was opioids" in opened(made(family)).content.decode()) is said
