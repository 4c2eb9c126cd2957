"""A phone or email that others read or hear is not given to programs, and the family's page says so."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from assessments.demo import load
from assessments.models import Response
from messaging.letter import Letter
from referral.actions.common import FAMILY, Actor
from referral.actions.leaving import end_links
from referral.actions.placements import accept_placement, preview_accept
from referral.coverage import Category
from referral.models import Contact, Disclosure, Placement, Referral
from referral.program_rows import program_rows
from tests.referral.desks import at_the_desk, page_of
from tests.referral.test_own_page import come

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
PHONE, MAIL = "(626) 555-0142", "rosa@example.org"
# What tells whoever looks over a shoulder; the offer to say so stands on every page.
TELLS = ("someone else", "someone reads", "Someone else", "hears", "safe")
SAME_FOR_ALL = "Someone else reads my email or texts"
NO_CALLS, NO_MAIL = "Do not call or text.", "Do not write."


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def marks(referral: Referral, now: datetime, *ways: str) -> None:
    for way in ways:
        end_links(referral.pk, way, actor=FAMILY, now=now, link=None)
    referral.contact.refresh_from_db()


def contact_rows(referral: Referral) -> dict[str, str]:
    return {row.label: row.value for row in program_rows(referral, [Category.CONTACT])[Category.CONTACT]}


@pytest.mark.parametrize(
    ("ways", "phone", "email"),
    [((), PHONE, MAIL), (("calls",), NO_CALLS, MAIL), (("sms",), PHONE, MAIL), (("email",), PHONE, NO_MAIL)],
)
def test_only_safe_ways_are_shared(
    taken: Referral, now: datetime, ways: tuple[str, ...], phone: str, email: str
) -> None:
    marks(taken, now, *ways)
    rows = contact_rows(taken)
    assert (rows["Phone"], rows["Email"]) == (phone, email)
    assert ("Text messages" in rows) == (ways == ("sms",))


@pytest.mark.parametrize(
    ("open_ways", "phone", "email"),
    [
        ({"by_phone"}, PHONE, "Do not write."),
        ({"by_text"}, NO_CALLS, "Do not write."),
        ({"by_email"}, NO_CALLS, MAIL),
        ({"by_phone", "by_text", "by_email"}, PHONE, MAIL),
        (set(), NO_CALLS, "Do not write."),
    ],
)
def test_a_program_gets_only_ways_the_family_left_open(
    placement: Placement, nora: Actor, now: datetime, open_ways: set[str], phone: str, email: str
) -> None:
    """On its page, in what staff see before, in the copy of what was shared."""
    ways = {name: name in open_ways for name in ("by_phone", "by_text", "by_email")}
    type(placement.referral.contact).objects.update(**ways)
    accept_placement(placement.pk, actor=nora, now=now)
    placement.referral.contact.refresh_from_db()
    rows, copies = contact_rows(placement.referral), dict(Disclosure.objects.latest("pk").rows)
    desk = words(page_of(at_the_desk(placement, now), placement))
    assert all((each["Phone"], each["Email"]) == (phone, email) for each in (rows, copies))
    assert (PHONE in desk, MAIL in desk) == (phone == PHONE, email == MAIL)
    assert ("How to reach them" in rows) == (open_ways <= {"by_text"})
    assert ("Text messages" in rows) == (open_ways == {"by_phone"})


@pytest.mark.parametrize("way", ["calls", "email"])
def test_a_program_that_had_it_is_told_by_mail_and_by_us(
    placement: Placement, nora: Actor, post: Callable[..., list[Letter]], now: datetime, way: str
) -> None:
    post(now)  # the request goes
    accept_placement(placement.pk, actor=nora, now=now)
    later = now + timedelta(hours=1)
    marks(placement.referral, later, way, way)
    mails = [each for each in post(later) if each.row.template == "program-update"]
    assert len(mails) == 1 and "Rosa" not in mails[0].content.text and "0142" not in mails[0].content.text
    assert placement.tasks.open().filter(kind="tell_program").count() == 1


def test_a_number_that_is_another_now_is_told_too(placement: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    family: Client = come(placement.referral, now)
    same = {"email": MAIL, "by_email": "on", "by_phone": "on", "zip_code": "91101", "language": "en"}
    family.post("/status/reach/", {**same, "phone": PHONE})
    assert not placement.tasks.filter(kind="tell_program").exists()
    family.post("/status/reach/", {**same, "phone": "(626) 555-0177"})
    assert placement.tasks.open().filter(kind="tell_program").exists()


def test_a_program_that_never_had_it_is_told_nothing(placement: Placement, now: datetime) -> None:
    marks(placement.referral, now, "calls", "sms", "email")
    assert not placement.tasks.filter(kind="tell_program").exists()


def test_without_a_safe_way_we_stand_between(taken: Referral, now: datetime) -> None:
    marks(taken, now, "calls", "email")
    assert contact_rows(taken)["How to reach them"] == "Only through Waymark: ask our navigator."


def test_a_program_that_had_it_reads_it_at_once(placement: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    desk = at_the_desk(placement, now)
    assert PHONE in words(page_of(desk, placement))
    marks(placement.referral, now, "calls", "email")
    page = words(page_of(desk, placement))
    assert PHONE not in page and MAIL not in page
    assert NO_CALLS in page and "Ask us under “What is new?” how to reach them." in page


def test_what_an_acceptance_shares_leaves_it_out(placement: Placement, nora: Actor, now: datetime) -> None:
    marks(placement.referral, now, "calls")
    assert preview_accept(placement.pk, actor=nora, now=now).shares
    accept_placement(placement.pk, actor=nora, now=now)
    copies = [value for each in Disclosure.objects.all() for _label, value in each.rows]
    assert NO_CALLS in copies and PHONE not in copies


def test_her_page_says_what_programs_do_not_get(taken: Referral, now: datetime) -> None:
    family: Client = come(taken, now)
    assert "We do not give" not in words(family.get("/status/"))
    family.post("/status/others-read/", {"channel": "calls"})
    assert "We do not give your phone number to programs:" in words(family.get("/status/"))
    assert f"{PHONE}; not given to programs" in words(family.get("/status/download/"))


def test_a_phone_that_gets_our_texts_is_not_called_unused(taken: Referral, now: datetime) -> None:
    Contact.objects.filter(pk=taken.contact_id).update(by_phone=False, by_text=True)
    page = words(come(taken, now).get("/status/download/"))
    assert f"{PHONE}; not given to programs" in page and "not used" not in page


def test_her_page_does_not_betray_what_she_said(taken: Referral, now: datetime) -> None:
    family: Client = come(taken, now)
    family.post("/status/others-read/", {"channel": ["calls", "sms"]}, follow=True)
    page = words(family.get("/status/"))
    assert "About how we reach you" in page
    assert not [each for each in TELLS if each in re.sub(f"<[^>]*>|{SAME_FOR_ALL}", "", page)]
    assert "How we reach you was changed." in page and "You ended the old links to this page." in page


def test_without_a_safe_way_the_page_opens_at_the_form(taken: Referral, now: datetime) -> None:
    family: Client = come(taken, now)
    answer = family.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    assert answer.headers["Location"] == f"/status/?which={taken.pk}#reach"
    page = words(family.get("/status/"))
    assert "Now write another email or phone here" in page and "Give us another email or phone" in page
    safe = {"email": "new@example.org", "by_email": "on", "zip_code": "91101", "language": "en"}
    family.post("/status/reach/", safe)
    assert "Give us another email or phone" not in words(family.get("/status/"))


def test_deleting_all_offers_the_other_answers(taken: Referral, now: datetime) -> None:
    load(now)
    family: Client = come(taken, now)
    for voice in ("loved", "me"):
        family.post("/assessment/", {"voice": voice})
        family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    other = Response.objects.get(voice="loved")
    page = words(family.get("/status/delete/"))
    assert "Delete the answers for someone you love, begun" in page
    family.post("/status/delete/", {"others": str(other.pk)})
    assert not Response.objects.exists()
    back = words(family.post("/status/keep-data/", follow=True))
    assert "Your answers to the questions about care were deleted. They do not come back." in back


def test_other_answers_stay_where_nobody_checked_them(taken: Referral, now: datetime) -> None:
    load(now)
    family: Client = come(taken, now)
    for voice in ("loved", "me"):
        family.post("/assessment/", {"voice": voice})
        family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    said = words(family.post("/status/delete/", follow=True))
    assert [each.voice for each in Response.objects.all()] == ["loved"]
    assert "These answers stay: the answers for someone you love, begun" in said
