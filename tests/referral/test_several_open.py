"""One browser with the pages of several families or requests: each form acts on the one that it shows, or on none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from privacy.models import SecretLink
from referral.actions.common import Actor
from referral.actions.followups import check_in_now
from referral.actions.referrals import take
from referral.models import CheckInLink, FamilyLink, FollowUp, Referral

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
PREFIX: dict[type[SecretLink], str] = {FamilyLink: "r", CheckInLink: "c"}


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
