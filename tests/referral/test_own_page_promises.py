"""A page promises what its family allows, says what changed, and lets a wish to be deleted be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from time_machine import travel

from assessments.actions import begin
from assessments.demo import load
from assessments.models import Response
from messaging.letter import Letter
from referral.actions.common import Actor
from referral.actions.followups import check_in_now, wake_follow_ups
from referral.models import FollowUp, Placement, Referral
from tests.referral.conftest import link_in
from tests.referral.test_own_page import come, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
BY = "A navigator will contact you by"
REACH = {"phone": "(626) 555-0142", "email": "rosa@example.org", "zip_code": "91101", "language": "en"}


@pytest.fixture
def new(make_referral: Callable[..., Referral], now: datetime) -> Client:
    """The page of a request that nobody has read yet, asked on a Wednesday."""
    return come(make_referral(), now)


def promise(family: Client) -> str:
    return words(family.get("/status/")).split(BY)[1].split("</li>")[0]


def test_the_promise_follows_what_the_family_sets(new: Client) -> None:
    assert "Thursday" in promise(new)
    new.post("/status/reach/", {**REACH, "by_text": "on", "by_phone": "on", "times": ["weekend"]})
    assert "Thursday" in promise(new)  # a text may still come
    new.post("/status/hours/", {"pause": "1", "until": "2026-03-20"})
    assert "Saturday" in promise(new)  # paused: only the call at the weekend is left
    new.post("/status/reach/", {**REACH, "by_text": "on"})
    assert "5:00 p.m. on Friday, Mar 20" in promise(new)  # no call: after the pause, in our hours
    new.post("/status/stop/")
    assert BY not in words(new.get("/status/"))


def test_hours_for_messages_move_the_promise(new: Client) -> None:
    new.post("/status/reach/", {**REACH, "by_text": "on"})
    new.post("/status/hours/", {"hours": "1", "days": ["5"], "start": "9", "until": "17"})
    assert "5:00 p.m. on Monday" in promise(new)  # what is written in our hours comes from Saturday on


def test_a_request_that_rests_says_when_we_come_back(taken: Referral, now: datetime) -> None:
    family = come(taken, now)
    family.post("/status/pause/", {"weeks": "2"})
    page = words(family.get("/status/"))
    assert "We come back to your request on Mar 18, 2026" in page and "A navigator will contact you" not in page


def test_a_wish_to_be_deleted_is_what_comes_next_and_is_taken_back(
    taken: Referral, nora: Actor, post: Post, now: datetime
) -> None:
    family = come(taken, now)
    check_in_now(taken.pk, actor=nora, now=now)
    FollowUp.objects.update(due_at=now + timedelta(days=1))
    family.post("/status/delete/")
    page = words(family.get("/status/"))
    next_up = page[page.index("What happens next") :].split("</ul>")[0]
    assert "Someone on our team reads that by" in next_up and "to ask how things are going" not in next_up
    assert "This consent holds until that is done, or until you withdraw it." in page
    assert "check-in" not in " ".join(letter.row.template for letter in post(now + timedelta(days=2)))
    assert "We keep your data." in words(family.post("/status/keep-data/", follow=True))
    assert not taken.tasks.open().filter(kind="erase").exists()
    page = words(family.get("/status/"))
    assert "You decided that we keep your data." in page and "Delete all my data" in page


def test_it_is_not_taken_back_once_somebody_did_it(taken: Referral, now: datetime) -> None:
    family = come(taken, now)
    family.post("/status/delete/")
    taken.tasks.filter(kind="erase").update(done_at=now)
    assert "Nothing of yours waits to be deleted." in words(family.post("/status/keep-data/", follow=True))


def test_check_ins_rest_until_it_is_taken_back(taken: Referral, nora: Actor, post: Post, now: datetime) -> None:
    family = come(taken, now)
    planned = taken.followups.pending().filter(kind="message").count()
    family.post("/status/delete/")
    assert [letter for letter in post(now + timedelta(days=40)) if "check-in" in letter.row.template] == []
    family.post("/status/keep-data/")
    wake_follow_ups(taken, now=now)
    assert taken.followups.pending().filter(kind="message").count() == planned


def test_where_nothing_was_shared_the_page_says_so(taken: Referral, now: datetime) -> None:
    assert "We have shared nothing about you with a program yet." in words(come(taken, now).get("/status/"))


def test_what_was_shared_takes_its_place(placement: Placement, now: datetime) -> None:
    page = words(come(placement.referral, now).get("/status/"))
    assert placement.referral.timeline.filter(kind="sent").exists()
    assert ("What was shared with whom" in page) != ("We have shared nothing about you" in page)


def test_each_change_says_what_it_was(new: Client) -> None:
    both = {**REACH, "by_email": "on", "by_text": "on", "by_phone": "on"}
    new.post("/status/reach/", {**both, "phone": "(626) 555-0177"})
    new.post("/status/reach/", {**both, "phone": "(626) 555-0177", "times": ["weekend"], "by_text": ""})
    page = words(new.get("/status/"))
    assert "Changed: your phone number." in page
    assert "Changed: when we may call, text messages: no." in page
    assert "How we reach you was changed." not in page


def test_saved_says_where_the_new_link_goes_and_that_old_ones_end(new: Client, post: Post, now: datetime) -> None:
    post(now)
    saved = words(new.post("/status/reach/", {**REACH, "email": "safe@example.org", "by_email": "on"}, follow=True))
    assert (
        "a new link to your page, to your new email" in saved
        and "that we no longer use have ended. Other links still work." in saved
    )
    with travel(now + timedelta(minutes=1), tick=False):
        assert link_in(post(now + timedelta(minutes=1))[-1])
    same = words(
        new.post(
            "/status/reach/",
            {**REACH, "email": "safe@example.org", "by_email": "on", "times": ["weekend"]},
            follow=True,
        )
    )
    assert "new link" not in same.split("<h1")[0]


def test_what_was_signed_in_the_form_stands_in_what_happened(new: Client) -> None:
    assert "You asked for help, and signed a consent to share with programs." in words(new.get("/status/"))


def test_the_saved_answers_go_with_the_wish_and_the_page_says_so(taken: Referral, now: datetime) -> None:
    family = come(taken, now)
    load(now)
    response = begin(key="level-of-care", language="en", voice="me", now=now)
    assert "We find no answers to the questions about care here." in words(family.get("/status/delete/"))
    Referral.objects.filter(pk=taken.pk).update(response=response)
    assert "are deleted at once, with the six words" in words(family.get("/status/delete/"))
    family.post("/status/delete/")
    assert not Response.objects.exists()
    assert "Your answers to the questions about care are deleted." in words(family.get("/status/"))
