"""A merge never brings the page of a family to whom it said reads its messages, nor to an address nobody has proved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from messaging.models import Message
from referral.actions.common import FAMILY, Actor, CannotMerge
from referral.actions.leaving import end_links
from referral.actions.merging import merge_referrals, preview_merge, unmerge_referral
from referral.actions.referrals import log_call, take
from referral.models import FamilyLink, Referral
from referral.timeline import for_family
from tests.referral.conftest import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


@pytest.fixture
def theirs(taken: Referral, now: datetime) -> Referral:
    """The family's own: others read its email, and it is reached at a phone."""
    return end_links(taken.pk, "email", actor=FAMILY, now=now, link=None)


@pytest.fixture
def twice(theirs: Referral, make_referral: Callable[..., Referral]) -> Referral:
    """In its name, from whoever reads there."""
    return make_referral(phone="", ways=("email",), consent=False)


def refusal(keep: Referral, other: Referral, nora: Actor, now: datetime, *, other_contact: bool) -> str:
    with pytest.raises(CannotMerge) as refused:
        merge_referrals(keep.pk, other.pk, other_contact=other_contact, actor=nora, now=now)
    return refused.value.why


def fresh(referral: Referral) -> Referral:
    found: Referral = Referral.objects.select_related("contact").get(pk=referral.pk)
    return found


def test_an_address_that_others_read_never_goes_on(
    theirs: Referral, twice: Referral, nora: Actor, now: datetime
) -> None:
    one, two = fresh(theirs), fresh(twice)
    assert refusal(one, two, nora, now, other_contact=True) == "other_others"
    assert refusal(two, one, nora, now, other_contact=False) == "keep_others"
    assert refusal(two, one, nora, now, other_contact=True) == "keep_others"


def test_staff_read_why_and_are_offered_the_other_contact_only(
    staff: Client, theirs: Referral, twice: Referral
) -> None:
    path = f"/staff/referral/{twice.pk}/same/{theirs.pk}/"
    page = staff.get(path)
    assert [each.pk for each in page.context["pair"]] == [theirs.pk, twice.pk]
    said = page.content.decode()
    assert "The family said that others read or hear" in said and 'value="other"' not in said
    assert "Keep the other one. The family said" in staff.get(f"{path}?so=1").content.decode()
    one, two = fresh(theirs), fresh(twice)
    typed = {"version": one.version, "other_version": two.version, "contact": "other", "sure": "on"}
    answer = staff.post(f"/staff/referral/{theirs.pk}/same/{twice.pk}/merge/", typed)
    assert answer.status_code == 409 and "It cannot be used." in answer.content.decode()
    assert fresh(twice).merged_into_id is None


def test_who_asked_in_its_name_reads_of_no_other_request(
    theirs: Referral, twice: Referral, nora: Actor, now: datetime
) -> None:
    sent = set(Message.objects.filter(person_key=twice.contact.key).values_list("pk", flat=True))
    merge_referrals(theirs.pk, twice.pk, other_contact=False, actor=nora, now=now)
    line = for_family(twice.timeline.latest("pk"))
    assert line == "This request is closed. You can ask for help again at any time."
    unmerge_referral(twice.pk, "Two people.", actor=nora, now=now)
    assert "another" not in for_family(twice.timeline.latest("pk"))
    assert not Message.objects.filter(person_key=twice.contact.key, reference__startswith="link").exclude(pk__in=sent)


def test_an_address_that_nobody_proved_gets_no_link(
    taken: Referral, make_referral: Callable[..., Referral], post: Callable[..., Any], nora: Actor, now: datetime
) -> None:
    other = make_referral(email="reader@example.org", at=now)
    assert refusal(taken, other, nora, now, other_contact=True) == "other_unproved"
    for letter in post(now):  # the family opens its own
        if letter.row.person_key == taken.contact.key:
            Client().get(link_in(letter))
    assert FamilyLink.objects.exclude(opened_at=None).filter(referral=taken).exists()
    with pytest.raises(CannotMerge, match="keep_unproved"):
        preview_merge(fresh(other), fresh(taken), now)
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert "two requests together" in for_family(taken.timeline.latest("pk"))
    assert "Your other request" not in for_family(other.timeline.latest("pk"))


@pytest.fixture
def wrong(taken: Referral, nora: Actor, now: datetime) -> Referral:
    log_call(taken.pk, "wrong_number", "", actor=nora, now=now)
    return fresh(taken)


@pytest.fixture
def right(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """The same family, at a number that is known to be theirs."""
    return take(make_referral(phone="+16265550199", consent=False).pk, actor=nora, now=now)


@pytest.mark.parametrize("proved", [True, False])
def test_a_wrong_number_never_wins_unseen(
    staff: Client, wrong: Referral, right: Referral, nora: Actor, now: datetime, proved: bool
) -> None:
    Referral.objects.filter(pk__in=[right.pk, wrong.pk] if proved else [wrong.pk]).update(contacted_at=now)
    page = staff.get(f"/staff/referral/{wrong.pk}/same/{right.pk}/?so=1")
    said = page.content.decode()
    assert "(626) 555-0142 is a wrong number." in said and "has another: (626) 555-0199." in said
    assert "(626) 555-0142 (wrong number)" in said and "Wrong number" in said
    assert page.context["form"].initial["contact"] == ("other" if proved else "keep")
    merge_referrals(wrong.pk, right.pk, other_contact=False, actor=nora, now=now)
    assert "which has (626) 555-0199." in wrong.tasks.open().get(kind="find_number").text


def test_a_good_number_that_is_kept_asks_for_nothing(
    wrong: Referral, right: Referral, nora: Actor, now: datetime
) -> None:
    Referral.objects.filter(pk__in=[right.pk, wrong.pk]).update(contacted_at=now)
    wrong.tasks.all().delete()
    merge_referrals(wrong.pk, right.pk, other_contact=True, actor=nora, now=now)
    assert not wrong.tasks.open().filter(kind="find_number").exists()
