"""Two families that were merged in error: separated, nothing of the one is read with the other."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import MayNotSign, carry, sign_consent
from referral.actions.merging import merge_referrals, preview_merge, unmerge_referral
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.replies import hear_family
from referral.actions.sending import send_to_program
from referral.models import Consent, FamilyLink, Patient, Referral
from referral.refusals import sentence
from tests.referral.conftest import an_ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def stranger(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """Somebody else, who wrote the same name for the person in care."""
    signature = an_ask().signature
    assert signature is not None
    other = make_referral(
        contact_name="Daniel Example",
        email="daniel@example.org",
        signature=replace(signature, name="Daniel Example"),
    )
    return take(other.pk, actor=nora, now=now)


def together_and_apart(keep: Referral, other: Referral, nora: Actor, now: datetime, *, contact: bool = False) -> None:
    Referral.objects.update(contacted_at=now)
    merge_referrals(keep.pk, other.pk, other_contact=contact, actor=nora, now=now)
    if contact:
        hear_family(keep.pk, "Said by Daniel.", actor=FAMILY, now=now + timedelta(minutes=1))
    unmerge_referral(other.pk, "Two people.", actor=nora, now=now + timedelta(minutes=2))


def test_another_signers_consent_does_not_go_over(
    taken: Referral, stranger: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    request = send_to_program(stranger.pk, program, ["contact"], actor=nora, now=now)
    merge = preview_merge(Referral.objects.get(pk=taken.pk), stranger, now)
    assert not merge.carried and merge.left == [stranger.consents.get()]
    merge_referrals(taken.pk, stranger.pk, other_contact=False, actor=nora, now=now)
    assert [each.signed_name for each in taken.consents.all()] == ["Rosa Sample"]
    request.refresh_from_db()
    assert request.referral_id in (taken.pk, stranger.pk)


@pytest.mark.parametrize("contact", [False, True])
def test_separated_the_family_reads_nothing_of_the_other(
    taken: Referral, stranger: Referral, nora: Actor, now: datetime, *, contact: bool
) -> None:
    together_and_apart(taken, stranger, nora, now, contact=contact)
    copy = carry(stranger.consents.get(), taken)  # as merges made them before signers were compared
    Consent.objects.filter(pk=copy.pk).update(revoked_at=now)
    later = now + timedelta(minutes=3)
    with travel(later, tick=False):
        family = Client()
        _row, token = FamilyLink.mint(now=later, expires_at=later + timedelta(days=1), referral=taken)
        family.get(f"/r/{token}/")
        page, data = words(family.get("/status/")), words(family.get("/status/download/"))
        for shown in (page, data):
            assert "Rosa" in shown
            assert "Daniel" not in shown and "two requests together" not in shown and "apart" not in shown
        assert "Consents that have ended" not in page
        assert family.get(f"/status/consent/{copy.pk}/").status_code == 404


def test_staff_see_the_valid_consent_first_and_only_its_own(
    staff: Client, taken: Referral, stranger: Referral, nora: Actor, now: datetime
) -> None:
    together_and_apart(taken, stranger, nora, now)
    copy = carry(stranger.consents.get(), taken)
    Consent.objects.filter(pk=copy.pk).update(revoked_at=now)
    page = words(staff.get(f"/staff/referral/{taken.pk}/"))
    assert "Daniel" not in page.partition("Consent to share")[2].partition("History")[0]
    old = carry(taken.consents.get(carried_from=None), taken)
    Consent.objects.filter(pk=old.pk).update(revoked_at=now, signed_at=now - timedelta(days=9))
    shown = staff.get(f"/staff/referral/{taken.pk}/").context["consents"]
    assert [live for _consent, live, _why in shown] == [True, False]


def test_a_program_that_answered_meanwhile_is_not_told_to_the_other(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, program: Program, now: datetime
) -> None:
    twin = take(make_referral(email="rosa.s@example.org").pk, actor=nora, now=now)
    request = send_to_program(twin.pk, program, ["contact"], actor=nora, now=now)
    merge_referrals(taken.pk, twin.pk, other_contact=False, actor=nora, now=now)
    accept_placement(request.pk, actor=Actor.program("A program"), now=now + timedelta(minutes=1))
    unmerge_referral(twin.pk, "Two people.", actor=nora, now=now + timedelta(minutes=2))
    read = [line.kind for line in taken.timeline.read_by_family(taken)]
    assert "accepted" not in read and "merged" not in read and "unmerged" not in read


def test_two_who_differ_are_warned_of_and_merged_only_when_sure(
    staff: Client, taken: Referral, stranger: Referral
) -> None:
    Patient.objects.filter(pk=taken.patient_id).update(birth_year="2010", age="under_18")
    Patient.objects.filter(pk=stranger.patient_id).update(age="adult")
    path = f"/staff/referral/{taken.pk}/same/{stranger.pk}/"
    page = words(staff.get(path))
    assert "These may be two people." in page and "no age fits both" in page and "18 to 64" in page
    typed = {"version": taken.version, "other_version": stranger.version, "contact": "keep", "age": "keep"}
    assert "check the box if you are sure" in words(staff.post(f"{path}merge/", typed))
    assert not Referral.objects.get(pk=stranger.pk).merged_into_id
    assert staff.post(f"{path}merge/", {**typed, "sure": "on"}).status_code == 302
    assert taken.consents.count() == 1


def test_duplicates_say_whose_name_is_the_same(
    staff: Client, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    asks = {"relation": "loved_one", "patient_name": "Leo", "signature": None}
    one = take(make_referral(contact_name="Maribel Ortega", phone="", **asks).pk, actor=nora, now=now)
    make_referral(contact_name="Daniel Example", email="d@example.org", phone="", **asks)
    page = words(staff.get(f"/staff/referral/{one.pk}/same/"))
    assert "same first name of the person in care" in page and "same name" not in page


def test_a_callers_name_is_no_consent_of_the_person_in_care(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    asks = {"relation": "loved_one", "patient_name": "Leo", "signature": None}
    asked = take(make_referral(contact_name="Maribel Ortega", **asks).pk, actor=nora, now=now)
    Patient.objects.filter(pk=asked.patient_id).update(birth_year="1990")
    signature = an_ask().signature
    assert signature is not None
    said = replace(signature, method="verbal", name="Maribel  ORTEGA")
    with pytest.raises(MayNotSign) as refused:
        sign_consent(asked.pk, said, actor=nora, now=now)
    assert "not of the person in care" in sentence(refused.value) and "later" in sentence(refused.value)
    assert not asked.consents.exists()
    assert sign_consent(asked.pk, replace(said, name="Leo Ortega"), actor=nora, now=now).signed_as == "self"
