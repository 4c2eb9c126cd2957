"""Who may sign is one rule, whichever way a consent comes: by the link, with the request, on the phone, on paper."""

from __future__ import annotations

import re
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
from referral.signing import FINER, Bar
from referral.timeline import for_staff
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked
from tests.referral.test_one_family import ASK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
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


STEPS = [
    ("relation", "concern", "age"),
    ("contact_name", "patient_name", "zip_code", "language"),
    ("phone", "email", "times", "voicemail", "by_email", "by_phone"),
    (),
    ("share", "signed_name", "signing_age", "signed_as", "authority"),
]


def in_steps(client: Client, **changed: str) -> Any:
    """Ask step by step; return what the last one answers."""
    given = {**ASK, **changed}
    for number, names in enumerate(STEPS, start=1):
        answer = client.post(f"/referral/step/{number}/", {name: given[name] for name in names if name in given})
    return answer


# relation, by what right, the age beside the signature; what it counts as, or what is said instead
SIGNED_AS = [
    ("loved_one", "parent", "under_12", "parent", ""),
    ("loved_one", "parent", "12_17", "", "From age 12, young people sign for this care themselves."),
    ("loved_one", "guardian", "12_17", "guardian", ""),
    ("loved_one", "loved_one", "12_17", "", "the young person, a parent or a guardian signs."),
    ("loved_one", "parent", "adult", "loved_one", ""),
    ("loved_one", "", "adult", "loved_one", ""),
    ("self", "", "12_17", "self", ""),
    ("self", "", "under_12", "", "For a child under 12, a parent or guardian signs."),
    ("self", "", "65_up", "self", ""),
]
CASES = [(age, *case) for case in SIGNED_AS for age in ("", "under_18") if not age or case[2] in FINER]


@pytest.mark.parametrize("ask", [asked, in_steps])
@pytest.mark.parametrize(("age", "relation", "signed_as", "finer", "counts_as", "says"), CASES)
def test_with_the_request_a_signature_counts_or_it_says_what_happens(
    ask: Any, age: str, relation: str, signed_as: str, finer: str, counts_as: str, says: str
) -> None:
    client, signs = Client(), {"signed_as": signed_as, "signing_age": finer, "authority": "court order, seen"}
    given = {
        "age": age,
        "relation": relation,
        "patient_name": "",
        **{name: each for name, each in signs.items() if each},
    }
    assert ask(client, **given).headers["Location"] == "/referral/thanks/"
    referral = Referral.objects.get()
    assert [each.signed_as for each in Consent.objects.all()] == ([counts_as] if counts_as else [])
    assert referral.patient.age == ("under_18" if finer in FINER else finer)
    thanks, own = (client.get(path).content.decode() for path in ("/referral/thanks/", "/status/"))
    asks_who = "First we talk with you about who may sign."
    assert (says in thanks, says in own, asks_who in thanks) == (True, True, bool(says))
    assert referral.tasks.open().filter(kind="ask_consent").exists() is bool(says)
    assert not says or re.search(f'value="{finer}"[^>]*checked', own), "the age is not asked twice"
    assert ask(client, **given).status_code == 302 and Referral.objects.count() == 1, "the same once more is the same"


@pytest.mark.parametrize(("path", "said"), [("/referral/", "Choose the age."), ("/es/referral/", "Elija la edad.")])
def test_whoever_signs_is_asked_the_age_beside_the_signature(path: str, said: str) -> None:
    page = asked(path=path, age="").content.decode()
    assert said in page and 'name="signing_age"' in page[page.index('name="share"') :] and 'id="id_age"' not in page
    assert not Referral.objects.exists()
    young = asked(path=path, age="", signing_age="12_17")
    assert young.status_code == 422 and 'name="signed_as"' in young.content.decode()
    assert asked(path=path, age="", share=None, signed_name="").status_code == 302, "who does not sign is not asked"


def test_a_form_corrected_after_a_signature_that_does_not_count_is_taken() -> None:
    client = Client()
    given = {"age": "", "signing_age": "12_17", "signed_as": "parent"}
    asked(client, **given)
    asked(client, **{**given, "signed_as": "guardian", "authority": "court order"})
    assert Consent.objects.get().signed_as == "guardian" and Referral.objects.count() == 1


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


def test_an_age_changed_after_a_refusal_waits_for_a_person(page: Client, father: Referral) -> None:
    parent = {**SIGNED, "consent-signed_as": "parent"}
    page.post("/status/consent/", {**parent, "consent-age": "12_17"})
    for _press in range(2):
        told = page.post("/status/consent/", {**parent, "consent-age": "under_12"}, follow=True).content.decode()
        assert "Someone on our team will talk with you about who may sign." in told
    assert not Consent.objects.exists() and father.tasks.open().filter(kind="ask_consent").exists()
    page.post(
        "/status/consent/",
        {**SIGNED, "consent-age": "12_17", "consent-signed_as": "self", "consent-signed_name": "Tomás Sample"},
    )
    assert Consent.objects.get().signed_as == "self"  # the young person, as was said first
