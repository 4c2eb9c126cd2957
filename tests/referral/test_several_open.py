"""One browser with the pages of several families or requests: each form acts on the one that it shows, or on none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from privacy.models import SecretLink
from referral.actions.common import Actor
from referral.actions.followups import check_in_now
from referral.actions.placements import send_to_program
from referral.actions.referrals import take
from referral.models import CheckInLink, FamilyLink, FollowUp, Placement, ProgramLink, Referral

pytestmark = pytest.mark.django_db
PREFIX = {FamilyLink: "r", ProgramLink: "p", CheckInLink: "c"}


@pytest.fixture(autouse=True)
def _at_now(now: datetime) -> Iterator[None]:
    with travel(now, tick=False):
        yield


@pytest.fixture
def other(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    other = make_referral(contact_name="Other Sample", phone="+16265550199", email="other@example.org")
    return take(other.pk, actor=nora, now=now)


@pytest.fixture
def browser(now: datetime) -> Client:
    return Client()


def come(client: Client, kind: type[SecretLink], now: datetime, **opens: Any) -> str:
    """Come by a link; return what the forms of its page say they show."""
    _row, token = kind.mint(now=now, expires_at=now + timedelta(days=1), **opens)
    page = client.get(f"/{PREFIX[kind]}/{token}/", follow=True).content.decode()
    shown: set[str] = set(re.findall(r'name="which" value="(\d+)"', page))
    assert len(shown) == 1 and page.count("<form") == page.count('name="which"')
    return shown.pop()


@pytest.fixture
def two_requests(
    browser: Client, taken: Referral, other: Referral, nora: Actor, program: Program, now: datetime
) -> list[tuple[str, Placement]]:
    """Two tabs of an admissions desk: what the forms of each say, and the request that it shows."""
    asked = [send_to_program(each.pk, program, ["contact"], actor=nora, now=now) for each in (taken, other)]
    return [(come(browser, ProgramLink, now, placement=each), each) for each in asked]


def statuses(*rows: Placement) -> list[str]:
    return [Placement.objects.get(pk=each.pk).status for each in rows]


def test_a_program_with_two_requests_answers_the_one_it_sees(
    browser: Client, two_requests: list[tuple[str, Placement]]
) -> None:
    (tab, first), (_tab, second) = two_requests
    answer = browser.post("/p/", {"which": tab, "answer": "accept"}, follow=True).content.decode()
    assert statuses(first, second) == ["accepted", "requested"]
    assert "(626) 555-0142" in answer and "Other Sample" not in answer


def test_question_goes_to_the_navigator_of_its_request(
    browser: Client, two_requests: list[tuple[str, Placement]], taken: Referral, other: Referral
) -> None:
    browser.post("/p/ask/", {"which": two_requests[0][0], "word": "Can they travel?"})
    assert taken.tasks.filter(kind="program_asks").exists()
    assert not other.tasks.filter(kind="program_asks").exists()


@pytest.mark.parametrize("which", ["", "999999", "nothing", None])
def test_answer_without_its_request_changes_nothing_and_keeps_words(
    browser: Client, two_requests: list[tuple[str, Placement]], which: str | None
) -> None:
    form = {"answer": "accept", "more": "We have a bed from Monday."}
    refused = browser.post("/p/", form if which is None else {**form, "which": which})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Nothing was changed" in page and "We have a bed from Monday." in page
    assert statuses(*[placement for _tab, placement in two_requests]) == ["requested", "requested"]
    for _tab, placement in two_requests:
        assert placement.referral.public_code in page


def test_an_answer_from_a_tab_whose_session_is_gone_changes_nothing(
    browser: Client, two_requests: list[tuple[str, Placement]], now: datetime
) -> None:
    (tab, first), (_tab, second) = two_requests
    later = Client()
    come(later, ProgramLink, now, placement=second)
    assert later.post("/p/", {"which": tab, "answer": "accept"}).status_code == 409
    assert statuses(first, second) == ["requested", "requested"]


def test_the_other_request_is_one_tap_away(browser: Client, two_requests: list[tuple[str, Placement]]) -> None:
    (tab, first), (_tab, second) = two_requests
    assert f'href="/p/?which={tab}"' in browser.get("/p/").content.decode()
    page = browser.get(f"/p/?which={tab}").content.decode()
    assert f'name="which" value="{tab}"' in page
    assert page.index(first.referral.public_code) < page.index(second.referral.public_code)
    assert f'name="which" value="{tab}"' in browser.get("/p/").content.decode()


def test_unopened_request_is_not_shown_by_its_number(
    browser: Client, two_requests: list[tuple[str, Placement]], now: datetime
) -> None:
    (tab, _first), (_tab, second) = two_requests
    stranger = Client()
    come(stranger, ProgramLink, now, placement=second)
    assert f'name="which" value="{tab}"' not in stranger.get(f"/p/?which={tab}").content.decode()


def test_a_family_signs_and_ends_the_request_that_it_sees(
    browser: Client, make_referral: Callable[..., Referral], now: datetime
) -> None:
    own, loved = (make_referral(consent=False, email=f"{each}@example.org") for each in "ab")
    tab, _other_tab = (come(browser, FamilyLink, now, referral=each) for each in (own, loved))
    signed = {"consent-signed_name": "Rosa", "consent-agree": "on", "consent-categories": "contact", "which": tab}
    browser.post("/status/consent/", signed)
    assert (own.consents.count(), loved.consents.count()) == (1, 0)
    come(browser, FamilyLink, now, referral=loved)
    assert f'name="which" value="{tab}"' in browser.get(f"/status/end/?which={tab}").content.decode()
    come(browser, FamilyLink, now, referral=loved)
    browser.post("/status/end/", {"which": tab})
    assert [Referral.objects.get(pk=each.pk).status for each in (own, loved)] == ["closed", "new"]


def test_form_without_its_request_does_nothing_where_two_are_open(
    browser: Client, taken: Referral, other: Referral, now: datetime
) -> None:
    for each in (taken, other):
        come(browser, FamilyLink, now, referral=each)
    for button in ("stop", "word", "consent", "end", "reach", "nobody-called"):
        assert browser.post(f"/status/{button}/", {"word": "Hello"}).status_code == 409
    assert all(each.contact.channels() for each in Referral.objects.select_related("contact"))


def test_a_check_in_is_answered_for_the_family_it_was_sent_to(
    browser: Client, taken: Referral, other: Referral, nora: Actor, now: datetime
) -> None:
    sent = [check_in_now(each.pk, actor=nora, now=now) for each in (taken, other)]
    tab, _other_tab = (come(browser, CheckInLink, now, followup=each) for each in sent)
    browser.post("/c/", {"which": tab, "answer": "waiting"})
    assert [FollowUp.objects.get(pk=each.pk).answer for each in sent] == ["waiting", ""]
    assert taken.public_code in browser.get("/status/").content.decode()


def test_link_session_ends_with_the_browser_under_a_new_key(browser: Client, taken: Referral, now: datetime) -> None:
    session = browser.session  # as if somebody had planted it
    session["known"] = True
    session.save()
    planted = str(session.session_key)
    come(browser, FamilyLink, now, referral=taken)
    cookie = browser.cookies["sessionid"]
    assert cookie["max-age"] == "" and cookie.value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert "Rosa" not in thief.get("/status/").content.decode()


def test_nothing_outlives_the_signing_out_of_staff_who_open_a_link(
    staff: Client, taken: Referral, now: datetime
) -> None:
    before = staff.cookies["sessionid"].value
    come(staff, FamilyLink, now, referral=taken)
    again = Client()
    again.cookies["sessionid"] = before
    assert again.get("/staff/").status_code == 302
    assert staff.get("/staff/").status_code == 200
