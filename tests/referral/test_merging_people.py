"""After a merge, whoever is reached from now on agreed to nothing yet, and did not write what another one wrote."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from referral.actions.common import FAMILY, SYSTEM, Actor
from referral.actions.duty import ring
from referral.actions.merging import merge_referrals, unmerge_referral
from referral.actions.placements import accept_placement, preview_accept
from referral.actions.referrals import take
from referral.actions.replies import hear_family
from referral.models import Consent, Contact, Placement, Referral, Task
from tests.referral.desks import at_the_desk, page_of
from tests.referral.test_own_page import come

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
HUGO = {"contact_name": "Hugo Ensayo", "email": "hugo@example.org", "phone": "+16265550172", "signature": None}


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def brother(make_referral: Callable[..., Referral], taken: Referral, nora: Actor, now: datetime) -> Referral:
    """A brother asks for the same person, and signs nothing; we have talked with both."""
    asked = make_referral(**HUGO)
    Contact.objects.filter(pk=asked.contact_id).update(zip_code="")
    Referral.objects.filter(pk__in=[taken.pk, asked.pk]).update(contacted_at=now)
    return take(asked.pk, actor=nora, now=now)


def to_him(taken: Referral, brother: Referral, nora: Actor, now: datetime) -> Referral:
    merge_referrals(taken.pk, brother.pk, other_contact=True, actor=nora, now=now)
    found: Referral = Referral.objects.select_related("contact").get(pk=taken.pk)
    return found


def test_a_program_is_told_of_nobody_who_did_not_consent(
    placement: Placement, taken: Referral, brother: Referral, nora: Actor, now: datetime
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    before = words(page_of(at_the_desk(placement, now), placement))
    assert taken.contact.name in before and taken.contact.phone_shown in before
    keep = to_him(taken, brother, nora, now)
    page = words(page_of(at_the_desk(placement, now), placement))
    assert "Hugo" not in page and "(626) 555-0172" not in page and "hugo@example.org" not in page
    assert "We ask the family whom you may contact." in page and "Area" in page and "Pasadena, CA" in page
    assert keep.tasks.open().get(kind=Task.Kind.ASK_CONSENT).text == "Hugo Ensayo"
    unmerge_referral(brother.pk, "Two families.", actor=nora, now=now)
    assert taken.contact.name in words(page_of(at_the_desk(placement, now), placement))
    assert Contact.objects.get(pk=brother.contact_id).zip_code == ""


def test_an_acceptance_after_it_shares_no_name_either(
    placement: Placement, taken: Referral, brother: Referral, nora: Actor, now: datetime
) -> None:
    to_him(taken, brother, nora, now)
    assert preview_accept(placement.pk, actor=nora, now=now).shares == set()
    accept_placement(placement.pk, actor=nora, now=now)
    assert not any("contact" in each.categories for each in placement.disclosures.all())


def test_the_same_person_with_another_phone_stays_known(
    placement: Placement, taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    again = make_referral(phone="+16265550173", ways=("text", "phone"))
    Referral.objects.update(contacted_at=now)
    keep = to_him(taken, take(again.pk, actor=nora, now=now), nora, now)
    assert all(each.shares(keep.contact) == frozenset(each.categories) for each in Consent.objects.all())
    assert "(626) 555-0173" in words(page_of(at_the_desk(placement, now), placement))


def test_the_new_one_reads_nothing_that_another_wrote(
    taken: Referral, brother: Referral, nora: Actor, now: datetime
) -> None:
    hear_family(taken.pk, "I can not do this anymore.", actor=FAMILY, now=now)
    keep = to_him(taken, brother, nora, now + timedelta(minutes=1))
    for path in ("/status/", "/status/download/"):
        assert "I can not do this anymore." not in words(come(keep, now).get(path)), path
    unmerge_referral(brother.pk, "Two families.", actor=nora, now=now + timedelta(minutes=2))
    back = Referral.objects.get(pk=taken.pk)
    assert "I can not do this anymore." in words(come(back, now).get("/status/"))


def test_words_of_danger_say_whom_to_call_about_them(
    taken: Referral, brother: Referral, nora: Actor, now: datetime, staff: Client
) -> None:
    hear_family(taken.pk, "He took all his pills.", actor=FAMILY, now=now)
    keep = to_him(taken, brother, nora, now)
    crisis = keep.tasks.crises().get()
    said = f"(Said by {taken.contact.name}, {taken.contact.phone_shown}, who was reached before the merge."
    assert said in crisis.text and said in words(staff.get(f"/staff/referral/{keep.pk}/"))


def test_parted_each_has_its_own_call_for_help(taken: Referral, brother: Referral, nora: Actor, now: datetime) -> None:
    for each, said in ((taken, "She will jump."), (brother, "He stands on the bridge.")):
        ring(Referral.objects.get(pk=each.pk), said, actor=SYSTEM, now=now)
    merge_referrals(taken.pk, brother.pk, other_contact=False, actor=nora, now=now)
    both = taken.tasks.crises().get()
    assert "She will jump." in both.text and "He stands on the bridge." in both.text
    unmerge_referral(brother.pk, "Two families.", actor=nora, now=now + timedelta(minutes=1))
    assert taken.tasks.crises().get().text == "She will jump."
    assert brother.tasks.crises().get().text == "He stands on the bridge."
