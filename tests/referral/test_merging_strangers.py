"""A merge leaves no family with the browser, or the consent, of whoever asked in its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from time_machine import travel

from messaging.letter import Letter
from referral.actions.common import FAMILY, CannotMerge
from referral.actions.intake import open_referral
from referral.actions.merging import merge_referrals, preview_merge
from referral.actions.proved import is_backed
from referral.actions.referrals import take
from referral.models import Consent, Contact, FamilyLink, Referral
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
CLOSED = "This request is closed. You can ask for help again at any time."


@pytest.fixture
def her(post: Post, now: datetime) -> Client:
    """She asked, signed nothing, and opened her link in another browser than the one that asked."""
    client = Client()
    asked(client, share=None, signed_name=None)
    client.get(link_in(post(now)[0]))
    return client


@pytest.fixture
def hers(her: Client) -> Referral:
    return Referral.objects.get()


@pytest.fixture
def stranger(hers: Referral, now: datetime) -> Client:
    """Somebody else, in her name, who signed; one of us has called her phone since."""
    client = Client()
    with travel(now + timedelta(minutes=5), tick=False):
        asked(client, key=str(uuid4()))
    Referral.objects.update(contacted_at=now)
    return client


@pytest.fixture
def theirs(stranger: Client, hers: Referral) -> Referral:
    return Referral.objects.exclude(pk=hers.pk).get()


def reach(**changed: str) -> dict[str, str]:
    contact = Contact.objects.latest("pk")
    same = {"email": contact.email, "phone": contact.phone_shown, "by_email": "on", "zip_code": contact.zip_code}
    return {**same, "language": "en", **changed}


def test_the_request_whose_link_was_opened_is_proposed(staff: Client, hers: Referral, theirs: Referral) -> None:
    for one, two in ((hers, theirs), (theirs, hers)):
        page = staff.get(f"/staff/referral/{one.pk}/same/{two.pk}/")
        assert [each.pk for each in page.context["pair"]] == [hers.pk, theirs.pk]
        assert "No one has opened a link" not in words(page)


def test_an_own_mailbox_entered_since_makes_no_family(
    staff: Client, stranger: Client, hers: Referral, theirs: Referral, post: Post, now: datetime
) -> None:
    """The stranger puts an email of their own in, and opens the link that comes there."""
    with travel(now + timedelta(minutes=10), tick=False):
        stranger.post("/status/reach/", reach(email="ex@evil.example"))
    came = [each for each in post(now + timedelta(hours=3), "email") if each.row.address == "ex@evil.example"]
    with travel(now + timedelta(hours=4), tick=False):
        Client().get(link_in(came[-1]))
    assert FamilyLink.objects.filter(referral=theirs, sent_to__isnull=False).exclude(opened_at=None).exists()
    assert not is_backed(Referral.objects.get(pk=theirs.pk))
    answer = staff.get(f"/staff/referral/{hers.pk}/same/{theirs.pk}/")
    page = words(answer)
    assert [each.pk for each in answer.context["pair"]] == [hers.pk, theirs.pk]
    assert "Each was sent from a browser with its own email" in page


def test_to_keep_the_other_one_is_warned_of_and_asked(staff: Client, hers: Referral, theirs: Referral) -> None:
    path = f"/staff/referral/{theirs.pk}/same/{hers.pk}/"
    assert "No one has opened a link that we sent for the one that goes on." in words(staff.get(f"{path}?so=1"))
    typed = {"version": theirs.version, "other_version": hers.version, "contact": "keep"}
    assert staff.post(f"{path}merge/", typed).status_code in (409, 422)
    assert not Referral.objects.exclude(merged_into=None).exists()


def test_a_browser_that_showed_nothing_changes_nothing_at_once(
    stranger: Client, hers: Referral, theirs: Referral, nora: Any, now: datetime
) -> None:
    merge_referrals(theirs.pk, hers.pk, other_contact=False, actor=nora, now=now)
    before = Contact.objects.get(pk=theirs.contact_id).email
    page = words(stranger.post("/status/reach/", reach(email="reader@evil.example")))
    assert "asks you first" in page and Contact.objects.get(pk=theirs.contact_id).email == before
    stranger.post("/status/end/")
    theirs.refresh_from_db()
    assert theirs.is_open and "reader@evil.example" in theirs.tasks.open().get(urgent=True).more


def test_a_browser_that_opened_our_mail_keeps_its_rights(
    stranger: Client, hers: Referral, theirs: Referral, post: Post, nora: Any, now: datetime
) -> None:
    merge_referrals(theirs.pk, hers.pk, other_contact=False, actor=nora, now=now)
    (letter,) = [each for each in post(now + timedelta(minutes=1)) if each.row.reference == f"link:{theirs.pk}"]
    stranger.get(link_in(letter))
    assert "We ask you first" not in words(stranger.get("/status/end/"))


def test_one_browser_that_sent_both_keeps_its_rights(nora: Any, now: datetime) -> None:
    client = Client()
    asked(client)
    asked(client, path="/referral/?another=1", key=str(uuid4()), email="second@example.org")
    one, two = Referral.objects.order_by("pk")
    Referral.objects.update(contacted_at=now)
    merge_referrals(one.pk, two.pk, other_contact=False, actor=nora, now=now)
    assert "We ask you first" not in words(client.get(f"/status/end/?which={one.pk}"))


def test_who_is_not_reached_for_it_hears_that_its_request_closed(
    hers: Referral, post: Post, nora: Any, now: datetime
) -> None:
    with travel(now + timedelta(minutes=5), tick=False):
        asked(Client(), key=str(uuid4()), email="second@example.org")
    Referral.objects.update(contacted_at=now)
    theirs = Referral.objects.exclude(pk=hers.pk).get()
    take(theirs.pk, actor=nora, now=now)
    merge_referrals(theirs.pk, hers.pk, other_contact=False, actor=nora, now=now)
    with travel(now + timedelta(hours=4), tick=False):
        (letter,) = [each for each in post(now + timedelta(hours=4)) if each.row.reference == f"news:{hers.pk}"]
        assert CLOSED in words(Client().get(link_in(letter), follow=True))


def test_a_signature_that_nobody_backed_is_not_carried(
    hers: Referral, theirs: Referral, nora: Any, now: datetime
) -> None:
    merge = preview_merge(hers, theirs, now + timedelta(minutes=6))
    assert not merge.carried and len(merge.left) == 1
    merge_referrals(hers.pk, theirs.pk, other_contact=False, actor=nora, now=now + timedelta(minutes=6))
    assert not hers.consents.exists() and hers.tasks.open().filter(kind="ask_consent").exists()


@pytest.fixture
def withdrew(post: Post, now: datetime) -> Referral:
    client = Client()
    asked(client)
    client.get(link_in(post(now)[0]))
    referral = Referral.objects.get()
    client.post(f"/status/consent/{referral.consents.get().pk}/revoke/", {"shown": "x"})
    assert not referral.consents.live(now).exists()
    return referral


def test_a_withdrawn_consent_is_not_brought_back_by_another(
    withdrew: Referral, post: Post, nora: Any, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    with travel(later, tick=False):
        asked(Client(), key=str(uuid4()))
        theirs = Referral.objects.exclude(pk=withdrew.pk).get()
        for letter in post(later):
            Client().get(link_in(letter))
        Referral.objects.update(contacted_at=now)
        assert not preview_merge(withdrew, theirs, later).carried
        with pytest.raises(CannotMerge, match="withdrawn"):
            merge_referrals(theirs.pk, withdrew.pk, other_contact=False, actor=nora, now=later)
        merge_referrals(withdrew.pk, theirs.pk, other_contact=False, actor=nora, now=later)
        assert not withdrew.consents.live(later).exists()


def test_what_one_of_us_wrote_down_since_counts(withdrew: Referral, now: datetime, navigator: Any) -> None:
    later = now + timedelta(hours=3)
    with travel(later, tick=False):
        asked(Client(), key=str(uuid4()))
    theirs = Referral.objects.exclude(pk=withdrew.pk).get()
    theirs.consents.update(recorded_by=navigator)
    Referral.objects.update(contacted_at=now)
    assert len(preview_merge(withdrew, theirs, later).carried) == 1


def test_a_wider_signature_does_not_replace_a_narrower_one(
    taken: Referral, make_ask: Callable[..., Any], nora: Any, now: datetime
) -> None:
    """She signed for less here; what somebody signed for more in another request is left there."""
    own = taken.consents.get()
    Consent.objects.filter(pk=own.pk).update(categories=["need", "situation"])
    other = take(open_referral(make_ask(key=uuid4()), actor=FAMILY, now=now).pk, actor=nora, now=now)
    Referral.objects.update(contacted_at=now)
    FamilyLink.objects.filter(referral=other).delete()  # it came without a browser: backed
    merge = preview_merge(Referral.objects.get(pk=taken.pk), Referral.objects.get(pk=other.pk), now)
    assert not merge.carried and [each.referral_id for each in merge.left] == [other.pk]
    Consent.objects.filter(referral=other).update(categories=["need"])
    again = preview_merge(Referral.objects.get(pk=taken.pk), Referral.objects.get(pk=other.pk), now)
    assert len(again.carried) == 1
