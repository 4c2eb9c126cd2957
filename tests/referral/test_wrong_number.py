"""A number that reaches somebody else is marked: nothing goes there, and what was planned waits for a correction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Message
from referral.actions.common import Actor, WantsNothing
from referral.actions.contacts import Reach, change_contact
from referral.actions.followups import check_in_now
from referral.actions.placements import accept_placement
from referral.actions.referrals import log_call, take
from referral.models import ConsentWording, Contact, FollowUp, Placement, Referral, Task
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OTHER = "+16265550177"


def page(client: Client, referral: Referral) -> str:
    return client.get(reverse("workspace:referral", args=[referral.pk])).content.decode()


@pytest.fixture
def by_text(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """In work, of a family that allows texts and calls."""
    return take(make_referral(email="", ways=("text", "phone")).pk, actor=nora, now=now)


@pytest.fixture
def wrong(by_text: Referral, nora: Actor, now: datetime) -> Referral:
    """The same, after a call that reached somebody else."""
    log_call(by_text.pk, "wrong_number", "A stranger answered.", actor=nora, now=now)
    return Referral.objects.get(pk=by_text.pk)


def to_text(referral: Referral) -> list[str]:
    return [each.reference for each in Message.objects.pending() if each.person_key == referral.contact.key]


def reach(contact: Contact, **changed: object) -> Reach:
    names = ("phone", "email", "zip_code", "zone", "language", "times", "voicemail", "by_email", "by_text", "by_phone")
    words = {way: ConsentWording.objects.current(key, "en").body for way, key in (("email", "email"), ("sms", "text"))}
    return Reach(**{name: getattr(contact, name) for name in names} | {"wordings": words} | changed)


def open_kinds(referral: Referral) -> set[str]:
    return {*referral.tasks.open().values_list("kind", flat=True)}


def test_no_text_goes_to_a_wrong_number(by_text: Referral, nora: Actor, now: datetime) -> None:
    assert to_text(by_text)
    line = log_call(by_text.pk, "wrong_number", "", actor=nora, now=now)
    assert to_text(by_text) == []
    referral = Referral.objects.get(pk=by_text.pk)
    assert referral.contact.phone_wrong_at == now and referral.contact.channels() == []
    assert Task.Kind.FIND_NUMBER in open_kinds(referral)
    assert "marked as wrong" in for_staff(line)
    with pytest.raises(WantsNothing):
        check_in_now(referral.pk, actor=nora, now=now)


def test_check_ins_wait_and_go_to_the_new_number(wrong: Referral, nora: Actor, now: datetime) -> None:
    planned = [each.pk for each in wrong.followups.pending()]
    assert planned
    change_contact(wrong.pk, reach(wrong.contact, phone=OTHER), actor=nora, now=now + timedelta(hours=1))
    assert [each.pk for each in wrong.followups.pending()] == planned
    sent = Message.objects.pending().filter(reference__startswith="followup:")
    assert {each.address for each in sent} == {OTHER}
    assert Contact.objects.get(pk=wrong.contact_id).phone_wrong_at is None
    assert Task.Kind.FIND_NUMBER not in open_kinds(wrong)


def test_a_change_beside_the_number_leaves_it_wrong(wrong: Referral, nora: Actor, now: datetime) -> None:
    planned = wrong.followups.pending().count()
    change_contact(wrong.pk, reach(wrong.contact, times=["morning"]), actor=nora, now=now)
    assert Contact.objects.get(pk=wrong.contact_id).phone_wrong_at == now
    assert to_text(wrong) == [] and wrong.followups.pending().count() == planned
    assert Task.Kind.FIND_NUMBER in open_kinds(wrong)


def test_a_check_in_whose_day_passed_is_not_made_up(wrong: Referral, nora: Actor, now: datetime) -> None:
    last = max(each.due_at for each in wrong.followups.pending())
    change_contact(wrong.pk, reach(wrong.contact, phone=OTHER), actor=nora, now=last + timedelta(days=1))
    assert not Message.objects.pending().filter(reference__startswith="followup:").exists()
    assert {each.status for each in wrong.followups.filter(kind="message")} == {FollowUp.Status.CANCELLED}


def test_with_email_all_goes_by_email(taken: Referral, nora: Actor, now: datetime) -> None:
    log_call(taken.pk, "wrong_number", "", actor=nora, now=now)
    pending = [each for each in Message.objects.pending() if each.person_key == taken.contact.key]
    assert pending and {each.channel for each in pending} == {"email"}


def test_a_program_reads_no_wrong_number(placement: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(placement.pk, actor=nora, now=now)
    log_call(placement.referral_id, "wrong_number", "", actor=nora, now=now)
    referral = Referral.objects.get(pk=placement.referral_id)
    assert referral.contact.not_given(()) == {"phone"}
    assert Task.Kind.TELL_PROGRAM in open_kinds(referral)


@pytest.mark.usefixtures("at_now")
def test_the_page_says_it_and_links_no_wrong_number(staff: Client, wrong: Referral) -> None:
    shown = page(staff, wrong)
    assert "is a wrong number: no calls and no texts" in shown
    assert f'href="tel:{wrong.contact.phone}"' not in shown
    assert "Find another number" in shown and 'data-key="w"' not in shown
    write = staff.get(reverse("workspace:write", args=[wrong.pk])).content.decode()
    assert "is a wrong number" in write and 'id="write"' not in write
    listed = staff.get(reverse("workspace:queue")).content.decode()
    assert f'href="tel:{wrong.contact.phone}"' not in listed


@pytest.mark.usefixtures("at_now")
def test_staff_may_say_that_it_is_right_after_all(staff: Client, wrong: Referral) -> None:
    contact = wrong.contact
    typed = {
        "version": wrong.version, "contact_name": contact.name, "patient_name": wrong.patient.name, "birth_year": "",
        "age": "adult", "phone": contact.phone, "zip_code": "91101", "language": "en", "voicemail": "no",
        "by_text": "on", "by_phone": "on", "right": "right",
    }  # fmt: skip
    assert staff.post(reverse("workspace:correct", args=[wrong.pk]), typed).status_code == 302
    contact.refresh_from_db()
    assert contact.phone_wrong_at is None and to_text(wrong)
    shown = page(staff, wrong)
    assert "is right: texts may go there again" in shown
    assert "It is right after all" not in shown
