"""One family's whole way, through the pages and the gate: asked, taken, sent, accepted, followed up, connected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter
from privacy.models import AccessEvent
from referral.models import Disclosure, FollowUp, Referral
from referral.timeline import for_staff
from tests.referral.conftest import confirmed, link_in
from tests.referral.desks import answers, by_code, page_of

ASK = {
    "relation": "loved_one",
    "concern": "substance_use",
    "contact_name": "Rosa Sample",
    "patient_name": "Leo",
    "age": "adult",
    "phone": "626-555-0142",
    "email": "rosa@example.org",
    "zip_code": "91101",
    "times": ["evening"],
    "voicemail": "no",
    "language": "en",
    "by_email": "on",
    "by_phone": "on",
    "share": "on",
    "signed_name": "Rosa Sample",
    "key": "7f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b3c",
}


@pytest.mark.django_db
def test_a_family_is_followed_from_its_note_to_care(
    rows: None, staff: Client, program: Program, post: Callable[..., list[Letter]], now: datetime
) -> None:
    family = Client()
    with travel(now, tick=False):
        assert family.get("/referral/").status_code == 200
        assert family.post("/referral/", ASK).status_code == 302
        assert "We received your request" in family.get("/referral/thanks/").content.decode()
        referral = Referral.objects.get()
        welcome = post(now)[0]
        assert Client().get(link_in(welcome)).status_code == 302

    with travel(now + timedelta(hours=1), tick=False):
        assert "Rosa Sample" in staff.get("/staff/").content.decode()
        page = staff.get(f"/staff/referral/{referral.pk}/").content.decode()
        assert "Take it" in page
        staff.post(f"/staff/referral/{referral.pk}/take/", {"version": referral.version})
        referral.refresh_from_db()
        assert referral.status == "active"
        sent = {"version": referral.version, "program": program.pk, "categories": ["contact"]}
        assert confirmed(staff, f"/staff/referral/{referral.pk}/send/", sent).status_code == 302

        request_letter = post(now + timedelta(hours=1))[0]

    with travel(now + timedelta(hours=2), tick=False):
        admissions = Client()
        assert admissions.get(link_in(request_letter)).status_code == 302
        assert "Open your requests" in admissions.get("/p/").content.decode()
        by_code(admissions, post, now + timedelta(hours=2))
        placement = referral.placements.get()
        before = page_of(admissions, placement).content.decode()
        assert "Rosa" not in before and "5550142" not in before and "91101" not in before
        assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in before
        assert answers(admissions, placement, "accept").status_code == 302
        assert "Rosa Sample" in page_of(admissions, placement).content.decode()
        post(now + timedelta(hours=2))

    due = FollowUp.objects.filter(kind="message").first()
    assert due is not None
    with travel(due.due_at + timedelta(minutes=1), tick=False):
        check_in = post(due.due_at + timedelta(minutes=1))[0]
        path = link_in(check_in)

    with travel(due.due_at + timedelta(hours=1), tick=False):
        assert family.get(path).status_code == 302
        assert "How are things going?" in family.get("/c/").content.decode()
        due.refresh_from_db()
        assert due.answer == ""  # looking answers nothing
        assert family.post("/c/", {"answer": "connected"}).status_code == 302

    referral.refresh_from_db()
    assert referral.status == "connected"
    assert referral.placements.get().status == "in_progress"
    kinds = list(referral.timeline.values_list("kind", flat=True))
    assert kinds == [
        "opened", "message", "taken", "sent", "message", "accepted", "message", "message", "check_in_answered",
    ]  # fmt: skip
    assert all(for_staff(entry) for entry in referral.timeline.all())
    assert [each.categories for each in Disclosure.objects.all()] == [["need", "situation"], ["contact"]]
    assert AccessEvent.objects.filter(subject=referral.key, action="disclosed").count() == 2


def test_nothing_about_care_or_a_person_is_in_a_subject_or_a_text(
    rows: None, make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime, settings: Any
) -> None:
    make_referral()
    make_referral(email="", ways=("text",))
    letters = post(now)
    assert {each.row.channel for each in letters} == {"email", "sms"}
    for letter in letters:
        visible = f"{letter.content.subject} {letter.content.text if letter.row.channel == 'sms' else ''}".lower()
        for word in ("rosa", "treatment", "rehab", "recovery", "alcohol", "drug", "mental", "program", "care"):
            assert word not in visible
