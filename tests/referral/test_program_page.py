"""A program's page shows what the consent covers and its own words; nothing that staff wrote, in no status."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.utils import formats, timezone

from referral.lifecycle import PLACEMENT_ENDS, PlacementStatus
from referral.models import Placement, Referral, Task, TimelineEntry
from tests.referral.conftest import link_in
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
KNOWS_ALL = {PlacementStatus.ACCEPTED, PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD}
# What "my name, phone and email" says, of who gives the consent: no one else is named.
CONTACT = {"contact.name", "contact.phone", "contact.email"}
# Columns of the family that hold no free words: keys, codes and indexes.
NO_WORDS = {"public_code", "zone", "zip_code", "language"}


def word_fields(model: type[models.Model]) -> list[str]:
    """Every column in which somebody can write words, found in the model, so that a new one is tried too."""
    return [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in NO_WORDS
        and not field.name.endswith(("_index", "_words"))
    ]


def plant(placement: Placement, now: datetime) -> dict[str, str]:
    """A canary in every field of words of the referral and all that hangs on it; return {where: canary}."""
    referral = placement.referral
    Task.objects.create(referral=referral, kind="other", due_at=now, created_at=now)
    rows: dict[str, list[models.Model]] = {
        "referral": [referral],
        "placement": [placement],
        "contact": [referral.contact],
        "patient": [referral.patient],
        "consent": [referral.consents.get()],
        "task": list(referral.tasks.all()),
        "staff": [referral.assigned_to] if referral.assigned_to else [],
    }
    planted = {}
    for kind, found in rows.items():
        for row in found:
            for name in word_fields(type(row)):
                # No words: a name to sign in with, a secret, the role that moved it, and the code of a reason.
                if (kind, name) in {
                    ("staff", "username"),
                    ("staff", "password"),
                    ("placement", "moved_by"),
                    ("placement", "reason_code"),
                    ("consent", "barred"),
                    ("consent", "age_said"),
                }:
                    continue
                where = f"{kind}.{name}"
                planted[where] = {"contact.phone": "+16265550177", "contact.email": "canary@example.org"}.get(
                    where, f"canary {kind} {name}"
                )
                setattr(row, name, planted[where])
            row.save()
    planted["timeline.text"] = "canary timeline text"
    TimelineEntry.objects.create(
        referral=referral, at=now, kind="note", role="navigator", actor_label="canary timeline label",
        text=planted["timeline.text"],
    )  # fmt: skip
    planted["timeline.label"] = "canary timeline label"
    return planted


def test_the_fields_that_staff_write_in_are_planted(placement: Placement, now: datetime) -> None:
    planted = plant(placement, now)
    assert {"placement.reason", "referral.level_reason", "referral.message", "task.text", "staff.last_name"} <= set(
        planted
    )


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("status", [each.value for each in PlacementStatus])
def test_no_staff_word_shows_in_any_status(placement: Placement, now: datetime, status: str, language: str) -> None:
    admissions = at_the_desk(placement, now)
    planted = plant(placement, now)
    Placement.objects.filter(pk=placement.pk).update(status=status)
    pages = [
        page_of(admissions, placement, language),
        admissions.post(f"{language}/p/request/{placement.pk}/decline/", {}),
        admissions.post(f"{language}/p/request/{placement.pk}/ask/", {"ask-word": ""}),
    ]
    desk = html.unescape(admissions.get(f"{language}/p/").content.decode())
    covered = CONTACT if status in KNOWS_ALL else set()
    for page in pages:
        shown = html.unescape(page.content.decode())
        assert (page.status_code == 410) is (status in PLACEMENT_ENDS)
        found = {where for where, canary in planted.items() if canary in shown}
        assert found <= covered
        assert ("contact.name" in found) is (status in KNOWS_ALL)
        assert "91101" not in shown and "Urgen" not in shown
    assert {where for where, canary in planted.items() if canary in desk} <= covered
    assert "91101" not in desk and "Urgen" not in desk


def test_an_accepted_request_shows_who_to_contact(placement: Placement, now: datetime) -> None:
    admissions = at_the_desk(placement, now)
    assert "When you accept, you see who to contact." in page_of(admissions, placement).content.decode()
    answers(admissions, placement, "accept")
    page = page_of(admissions, placement).content.decode()
    assert "Rosa Sample" in page and "tel:+16265550142" in page


def test_no_one_but_who_consents_is_named_to_a_program(placement: Placement, now: datetime) -> None:
    patient = placement.referral.patient
    patient.name = "Leo Canary"
    patient.save()
    Referral.objects.update(relation=Referral.Relation.LOVED_ONE)
    admissions = at_the_desk(placement, now)
    answers(admissions, placement, "accept")
    page = page_of(admissions, placement).content.decode()
    assert "Rosa Sample" in page and "someone close to them" in page and "Leo Canary" not in page
    copies = [each.copy for each in placement.disclosures.all()]
    assert copies and "Leo Canary" not in str(copies)


def test_a_hold_keeps_its_reason_to_staff(placement: Placement, staff: Client, now: datetime) -> None:
    admissions = at_the_desk(placement, now)
    answers(admissions, placement, "accept")
    version = Referral.objects.get().version
    path = f"/staff/referral/{placement.referral_id}/placement/{placement.pk}/hold/"
    staff.post(path, {"version": version, "reason": "Her husband hit her."})
    assert Placement.objects.get().status == "on_hold"
    assert "husband" not in page_of(admissions, placement).content.decode()
    assert "husband" in staff.get(f"/staff/referral/{placement.referral_id}/").content.decode()


def test_only_what_is_shown_is_listed_under_the_consent(placement: Placement, now: datetime) -> None:
    page = page_of(at_the_desk(placement, now), placement).content.decode()
    listed = page[page.index("This page shows:") :]
    assert "Name, phone" not in listed
    assert len(re.findall("<li>", listed.split("</ul>")[0])) == 2


def test_a_declined_request_reaches_the_navigator(placement: Placement, now: datetime) -> None:
    done = answers(at_the_desk(placement, now), placement, "decline", follow=True, reason="full")
    assert "The navigator has your answer." in done.content.decode()
    assert placement.referral.tasks.filter(kind="next_step").exists()
    assert placement.referral.timeline.filter(kind="rejected").exists()


def test_a_question_reaches_the_navigator_and_leaves_the_request_open(placement: Placement, now: datetime) -> None:
    admissions = at_the_desk(placement, now)
    said = answers(admissions, placement, "ask", follow=True, word="Is it for two?").content.decode()
    assert "The navigator has your question." in said and said.count("Is it for two?") == 1
    assert placement.referral.tasks.get(kind="program_asks").text.endswith("Is it for two?")
    assert answers(admissions, placement, "accept").status_code == 302
    assert Placement.objects.get().status == "accepted"


def test_the_consent_date_on_the_page_is_the_day_it_shuts(placement: Placement, now: datetime) -> None:
    consent = placement.referral.consents.get()
    page = page_of(at_the_desk(placement, now), placement).content.decode()
    day = formats.date_format(timezone.localtime(consent.expires_at), "DATE_FORMAT")
    assert f"valid until {day} unless" in page
    consent.expires_at = now
    consent.save()
    assert page_of(at_the_desk(placement, now), placement).status_code == 410


def test_the_letter_with_the_link_says_nothing_of_the_family(placement: Placement, post: Any, now: datetime) -> None:
    planted = plant(placement, now)
    letter = next(each for each in post(now, "email") if "/p/" in each.content.text)
    assert link_in(letter).startswith("/p/")
    said = f"{letter.content.subject} {letter.content.text}"
    assert not [where for where, canary in planted.items() if canary in said]
