"""Who may sign is one rule, whichever way a consent comes: by the link, with the request, on the phone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from messaging.letter import Letter
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import MayNotSign, Signature, sign_consent
from referral.actions.referrals import take
from referral.models import Consent, ConsentWording, Referral, TimelineEntry
from referral.signing import Bar
from referral.timeline import for_staff
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows")]
SIGNED = {"consent-agree": "on", "consent-signed_name": "José Sample", "consent-categories": "contact"}


@pytest.fixture
def father(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """A father asks for his son, who is under 18, about drugs."""
    asks = {"relation": "loved_one", "contact_name": "José Sample", "patient_name": "Tomás", "age": "under_18"}
    return take(make_referral(consent=False, **asks).pk, actor=nora, now=now)


@pytest.fixture
def page(father: Referral, post: Callable[..., list[Letter]], now: datetime) -> Client:
    """His own page, by its link."""
    client = Client()
    client.get(link_in(post(now)[0]))
    return client


def test_by_link_a_parent_of_a_minor_is_told_what_happens(page: Client, father: Referral) -> None:
    asks = page.get("/status/").content.decode()
    assert "Who signs?" in asks and "How old is the person" in asks and "18 to 64" not in asks
    assert page.post("/status/consent/", SIGNED).status_code == 422
    told = page.post("/status/consent/", {**SIGNED, "consent-age": "12_17", "consent-signed_as": "parent"}, follow=True)
    assert "From age 12, young people sign for this care themselves." in told.content.decode()
    assert not Consent.objects.exists() and father.tasks.open().filter(kind="ask_consent").exists()
    line = for_staff(father.timeline.filter(kind=TimelineEntry.Kind.CONSENT_ASKED).latest("pk"))
    assert "José Sample wished to sign a consent (as parent of a minor)" in line


def test_by_link_the_young_person_signs_with_their_own_name(page: Client) -> None:
    own = {**SIGNED, "consent-age": "12_17", "consent-signed_as": "self"}
    assert "The name is yours" in page.post("/status/consent/", own, follow=True).content.decode()
    page.post("/status/consent/", {**own, "consent-signed_name": "Tomás Sample"})
    consent = Consent.objects.get()
    assert (consent.signed_as, consent.method) == ("self", "online")


def test_by_link_a_parent_signs_for_a_child_under_12(page: Client) -> None:
    page.post("/status/consent/", {**SIGNED, "consent-age": "under_12", "consent-signed_as": "parent"})
    assert Consent.objects.get().signed_as == "parent"


def test_by_link_a_guardian_says_what_shows_it(page: Client) -> None:
    guards = {**SIGNED, "consent-age": "12_17", "consent-signed_as": "guardian"}
    assert page.post("/status/consent/", guards).status_code == 422
    page.post("/status/consent/", {**guards, "consent-authority": "court order"})
    assert Consent.objects.get().authority == "court order"


def test_by_link_an_age_that_is_not_known_is_asked_and_kept(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    own = make_referral(consent=False, age="")
    client = Client()
    client.get(link_in(post(now)[0]))
    assert "Who signs?" not in client.get("/status/").content.decode()
    assert client.post("/status/consent/", SIGNED).status_code == 422
    client.post("/status/consent/", {**SIGNED, "consent-age": "adult"})
    own.patient.refresh_from_db()
    assert own.consents.get().signed_as == "self" and own.patient.age == "adult"


@pytest.mark.parametrize("age", ["under_18", ""])
def test_with_the_request_nothing_is_lost_but_the_signature(age: str) -> None:
    client = Client()
    asked(client, age=age)
    referral = Referral.objects.get()
    assert not Consent.objects.exists() and referral.tasks.open().filter(kind="ask_consent").exists()
    assert "Age decides who may sign." in client.get("/referral/thanks/").content.decode()
    asked(client, age=age, key="0f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b3c")
    assert Referral.objects.count() == 1, "the same once more is the same request"


@pytest.mark.parametrize("method", Consent.Method.values)
@pytest.mark.parametrize(("born", "found"), [("2010", Bar.MINOR_SIGNS), ("", Bar.AGE_UNKNOWN), ("2018", None)])
def test_one_rule_holds_for_every_way_in(
    father: Referral, nora: Actor, now: datetime, method: str, born: str, found: Bar | None
) -> None:
    father.patient.birth_year, father.patient.age = born, ""
    father.patient.save()
    share = ConsentWording.objects.current("share", "en")
    said = Signature(name="José Sample", signed_as="parent", wording=share, categories=["need"], method=method)
    by: dict[str, Any] = {"actor": FAMILY if method == "online" else nora, "now": now}
    if found is None:
        assert sign_consent(father.pk, said, **by).signed_as == "parent"
        return
    with pytest.raises(MayNotSign) as refused:
        sign_consent(father.pk, said, **by)
    assert refused.value.bar is found
    with pytest.raises(MayNotSign):
        sign_consent(father.pk, replace(said, signed_as="loved_one"), **by)
    assert not Consent.objects.exists()
