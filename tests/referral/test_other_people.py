"""Another person to call: known to staff alone, found by them, kept by a merge, and gone with the family."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from messaging.letter import Letter
from privacy.models import User
from referral.actions.common import Actor
from referral.actions.merging import merge_referrals, unmerge_referral
from referral.actions.other_people import Facts, save_person
from referral.actions.placements import accept_placement
from referral.actions.referrals import log_call
from referral.actions.sending import send_to_program
from referral.finding import find
from referral.models import Contact, OtherPerson, Patient, Placement, Referral
from referral.models.sight import Sight
from referral.own_copy import own_copy
from tests.referral.desks import at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
TERESA: dict[str, Any] = {
    "name": "Teresa Example",
    "relation": "sister",
    "phone": "(626) 555-0188",
    "language": "es",
    "voicemail": "name_only",
    "note": "Works nights.",
}


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def version(referral: Referral) -> int:
    return Referral.objects.get(pk=referral.pk).version


@pytest.fixture
def sister(taken: Referral, nora: Actor, now: datetime) -> OtherPerson:
    return save_person(taken.pk, Facts(**TERESA), actor=nora, now=now)


def test_she_stands_where_one_calls_from(taken: Referral, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/"
    assert "Teresa" not in words(staff.get(path))
    assert "Who they are" in words(staff.get(f"{path}form/person/"))
    assert staff.post(f"{path}person/", {"version": version(taken), **TERESA}).status_code == 302
    shown = words(staff.get(path))
    assert "Teresa Example (sister): (626) 555-0188" in shown and "Do not say who calls, or why." in shown
    assert "Another person to call: Teresa Example, (626) 555-0188." in shown


def test_she_is_changed_and_removed_and_history_keeps_her(
    taken: Referral, sister: OtherPerson, staff: Client, navigator: User
) -> None:
    path = f"/staff/referral/{taken.pk}/"
    typed = {**TERESA, "person": str(sister.pk), "phone": "626-555-0189", "knows": "on"}
    staff.post(f"{path}person/", {"version": version(taken), **typed})
    shown = words(staff.get(path))
    assert "Knows of the request." in shown and OtherPerson.objects.get().phone == "+16265550189"
    assert "Was: Teresa Example, (626) 555-0188." in shown
    staff.post(f"{path}person/removed/", {"version": version(taken), "person": str(sister.pk)})
    assert not OtherPerson.objects.exists()
    assert not find("Teresa", Sight.of(navigator))
    assert "No longer to be called: Teresa Example, (626) 555-0189." in words(staff.get(path))
    again = staff.post(f"{path}person/", {"version": version(taken), **typed})
    assert again.status_code == 409 and not OtherPerson.objects.exists()


def test_a_number_that_is_none_is_refused(taken: Referral, staff: Client) -> None:
    typed = {"version": version(taken), **TERESA, "phone": "555"}
    refused = staff.post(f"/staff/referral/{taken.pk}/person/", typed)
    assert refused.status_code == 422 and "Use ten digits, such as 626-555-0142." in words(refused)


def test_a_person_of_another_family_is_not_reached(
    sister: OtherPerson, make_referral: Callable[..., Referral], staff: Client
) -> None:
    other = make_referral(phone="+16265550177", email="")
    typed = {"version": version(other), **TERESA, "person": str(sister.pk), "name": "Somebody Else"}
    assert staff.post(f"/staff/referral/{other.pk}/person/", typed).status_code == 409
    removed = {"version": version(other), "person": str(sister.pk)}
    assert staff.post(f"/staff/referral/{other.pk}/person/removed/", removed).status_code == 409
    assert OtherPerson.objects.get().name == "Teresa Example"


def test_a_call_to_her_is_none_to_the_family(
    taken: Referral, sister: OtherPerson, nora: Actor, staff: Client, now: datetime
) -> None:
    path = f"/staff/referral/{taken.pk}/"
    assert "Whom did you call?" in words(staff.get(path))
    typed = {"version": version(taken), "person": str(sister.pk), "outcome": "reached", "text": "She worries."}
    assert staff.post(f"{path}call/", typed).status_code == 302
    assert "Called Teresa Example (sister): Talked with them." in words(staff.get(path))
    assert Referral.objects.get(pk=taken.pk).contacted_at is None
    log_call(taken.pk, "wrong_number", "", person=sister.pk, actor=nora, now=now)
    assert taken.contact.phone_wrong_at is None and Contact.objects.get(pk=taken.contact_id).phone_wrong_at is None


def test_staff_find_her_by_phone_and_name(taken: Referral, sister: OtherPerson, navigator: User) -> None:
    for text in ("626-555-0188", "0188", "Teresa Example", "Teresa", "Tereza Exampel"):
        assert [each.pk for each in find(text, Sight.of(navigator))] == [taken.pk], text


def test_no_program_and_no_message_reaches_for_her(
    taken: Referral, sister: OtherPerson, nora: Actor, program: Any, post: Callable[..., list[Letter]], now: datetime
) -> None:
    placement: Placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(placement.pk, actor=nora, now=now)
    shown = words(page_of(at_the_desk(placement, now), placement))
    assert "Rosa Sample" in shown and "Teresa" not in shown and "555-0188" not in shown
    assert not [each for each in post(now) if "0188" in str(each)]


def test_the_familys_copy_does_not_tell_of_her_nor_the_database(taken: Referral, sister: OtherPerson) -> None:
    assert sister.name in sister.who and "Teresa" not in str(own_copy(taken)) and "555-0188" not in str(own_copy(taken))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_otherperson")
        lying = str(cursor.fetchall())
    assert not [word for word in ("Teresa", "Example", "0188", "sister", "nights") if word in lying]


def test_she_is_erased_with_the_person_in_care(sister: OtherPerson) -> None:
    patient = Patient.objects.create(name="Somebody")
    OtherPerson.objects.filter(pk=sister.pk).update(patient=patient)
    patient.delete()
    assert not OtherPerson.objects.exists()


def test_a_merge_keeps_whoever_is_not_the_contact(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, navigator: User, now: datetime
) -> None:
    other = make_referral(contact_name="Teresa Example", phone="+16265550188", email="")
    for each in (taken, other):
        log_call(each.pk, "reached", "", actor=nora, now=now)
    save_person(other.pk, Facts(name="Paul Example", phone="6265550199"), actor=nora, now=now)
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    people = {each.name: each for each in taken.patient.other_people.all()}
    assert [each.pk for each in find("Paul Example", Sight.of(navigator))] == [taken.pk]
    assert set(people) == {"Teresa Example", "Paul Example"}
    teresa = people["Teresa Example"]
    assert (teresa.phone, teresa.knows, teresa.came_from) == ("+16265550188", False, other.public_code)
    assert "Teresa" not in str(own_copy(Referral.objects.get(pk=taken.pk)))
    unmerge_referral(other.pk, "Two families.", actor=nora, now=now)
    assert not taken.patient.other_people.exists()
    assert [each.name for each in other.patient.other_people.all()] == ["Paul Example"]


def test_a_merge_does_not_repeat_who_is_known(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    other = make_referral()
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert not taken.patient.other_people.exists()


def test_where_her_contact_is_used_the_one_before_stays(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    other = make_referral(contact_name="Teresa Example", phone="+16265550188", email="")
    for each in (taken, other):
        log_call(each.pk, "reached", "", actor=nora, now=now)
    merge_referrals(taken.pk, other.pk, other_contact=True, actor=nora, now=now)
    assert [each.name for each in taken.patient.other_people.all()] == ["Rosa Sample"]


def test_who_is_called_instead_leads_the_page(
    taken: Referral, sister: OtherPerson, staff: Client, now: datetime
) -> None:
    path = f"/staff/referral/{taken.pk}/"
    typed = {**TERESA, "person": str(sister.pk), "instead": "on", "when": "evenings, after 6", "apart": "on"}
    staff.post(f"{path}person/", {"version": version(taken), **typed})
    page = words(staff.get(path))
    assert f"Call Teresa Example (sister) instead of {taken.contact.name}: evenings, after 6." in page
    assert page.index('href="tel:+16265550188"') < page.index(f'href="tel:{taken.contact.phone}"')
    assert "Call Teresa Example (sister)</" in page and f"Call {taken.contact.name}</" not in page
    warned = "The family must not know that Teresa Example (sister) calls us: do not mention it."
    assert warned in words(staff.get(f"{path}write/"))
    assert "Teresa" not in str(own_copy(taken))
