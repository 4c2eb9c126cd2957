"""Who may sign is one rule, whichever way a consent comes: by the link, with the request, on the phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Program
from messaging.letter import Letter
from referral.actions.common import FAMILY, Actor, NotCovered
from referral.actions.consents import MayNotSign, Signature, WithdrawnSince, revoke_consent, sign_consent
from referral.actions.contacts import CHANGEABLE, Reach, change_contact
from referral.actions.needs import Need, change_need
from referral.actions.people import People
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.coverage import Gap
from referral.models import Consent, ConsentWording, Contact, Placement, Referral, TimelineEntry
from referral.program_rows import shared_with
from referral.refusals import sentence
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
    ("loved_one", "loved_one", "12_17", "", "Whoever may sign can do it on your page, with their own name."),
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
    asks_programs = "You signed a consent, so we ask programs for you."
    assert (says in thanks, says in own, asks_programs in thanks) == (True, True, not says)
    assert referral.tasks.open().filter(kind="ask_consent").exists() is bool(says)
    assert not says or re.search(f'value="{finer}"[^>]*checked', own), "the age is not asked twice"
    assert ask(client, **given).status_code == 302 and Referral.objects.count() == 1, "the same once more is the same"


RULE = {
    "mental_health": "For mental health alone, a parent signs for anyone under 18. From age 12 they may sign",
    "substance_use": "they sign for themselves from age 12. For a younger child a parent signs.",
}
RULE |= {"both": RULE["substance_use"], "not_sure": RULE["substance_use"]}
SIGNERS = ("self", "parent", "guardian", "loved_one")


def may_sign(concern: str, age: str, signer: str) -> bool:
    """The rule, as the form tells it."""
    mental, young = concern == "mental_health", age == "under_12"
    return {"self": not young, "parent": young or mental, "guardian": True, "loved_one": False}[signer]


@pytest.mark.parametrize("signer", SIGNERS)
@pytest.mark.parametrize("age", FINER)
@pytest.mark.parametrize("concern", RULE)
def test_every_page_says_of_a_signature_what_becomes_of_it(
    make_referral: Callable[..., Referral], concern: str, age: str, signer: str
) -> None:
    client, own_name = Client(), "Tomás Sample" if signer == "self" else "José Sample"
    given = {"contact_name": "José Sample", "patient_name": "Tomás", "relation": "loved_one", "concern": concern}
    young = {**given, "age": "under_18", "signed_name": own_name, "authority": "court order, seen"}
    assert RULE[concern] in asked(client, **young).content.decode(), "asks who signs, and says who may"
    asked(client, **young, signing_age=age, signed_as=signer)
    referral, counts = Referral.objects.get(), may_sign(concern, age, signer)
    assert referral.consents.live(timezone.now()).exists() is counts
    thanks, own = (client.get(path).content.decode() for path in ("/referral/thanks/", "/status/"))
    assert ("You signed a consent, so we ask programs for you." in thanks) is counts
    assert ("and signed a consent to share with programs." in own) is counts
    assert ("Your consent" in own) is counts
    for page in (thanks, own):
        assert ("and we share nothing yet." in page and "on your page, with their own name." in page) is not counts
    assert ("This signature does not count, so we shared nothing by it." in own) is not counts
    assert RULE[concern] in own or counts


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


def people(**changed: str) -> People:
    """A mother and her adult son, and what is corrected of them."""
    return People(
        **{"contact_name": "Ana Example", "patient_name": "Leo Example", "birth_year": "", "age": "adult", **changed}
    )


@pytest.fixture
def mother(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """A mother asks for her son, an adult, and has signed for what she told us."""
    share = ConsentWording.objects.current("share", "en")
    signs = Signature(name="Ana Example", signed_as="loved_one", wording=share, categories=["need", "situation"])
    asks = {"relation": "loved_one", "contact_name": "Ana Example", "patient_name": "Leo Example", "signature": signs}
    return take(make_referral(**{**asks, "age": "adult"}).pk, actor=nora, now=now)


@pytest.fixture
def correct(mother: Referral, nora: Actor, now: datetime) -> Callable[..., None]:
    """Staff correct who they are."""

    def change(**changed: str) -> None:
        contact: Contact = Contact.objects.get(pk=mother.contact_id)
        reach = Reach(**{name: getattr(contact, name) for name in CHANGEABLE}, wordings={"email": "x", "sms": "x"})
        change_contact(mother.pk, reach, people=people(**changed), actor=nora, now=now)

    return change


def test_a_corrected_age_stops_a_consent_until_it_is_undone(
    mother: Referral, correct: Callable[..., None], nora: Actor, program: Program, now: datetime
) -> None:
    sent = send_to_program(mother.pk, program, [], actor=nora, now=now)
    assert shared_with([program.pk], now), "the program reads it"
    correct(birth_year=str(now.year - 14), age="under_18")
    assert not mother.consents.live(now).exists() and mother.consents.get().revoked_at is None
    assert not shared_with([program.pk], now) and Placement.objects.get(pk=sent.pk).is_live
    other = Program.objects.public().exclude(pk=program.pk)[0]
    with pytest.raises(NotCovered) as refused:
        send_to_program(mother.pk, other, [], actor=nora, now=now)
    assert refused.value.gap is Gap.BARRED and "may not consent" in sentence(refused.value)
    with pytest.raises(NotCovered):
        accept_placement(sent.pk, actor=nora, now=now)
    assert mother.tasks.open().filter(kind="ask_consent").exists()
    weighed = mother.timeline.filter(kind=TimelineEntry.Kind.CONSENT_WEIGHED)
    assert "Ana Example (for someone they love) no longer counts" in for_staff(weighed.latest("pk"))
    correct()
    assert mother.consents.live(now).exists() and shared_with([program.pk], now)
    assert "counts again" in for_staff(weighed.latest("pk")) and weighed.count() == 2


def test_a_consent_that_was_withdrawn_meanwhile_stays_ended(
    mother: Referral, correct: Callable[..., None], now: datetime
) -> None:
    correct(birth_year=str(now.year - 14), age="under_18")
    revoke_consent(mother.consents.get().pk, actor=FAMILY, now=now)
    correct()
    assert not mother.consents.live(now).exists()


def test_another_correction_leaves_a_consent_as_it_is(
    father: Referral, nora: Actor, now: datetime, page: Client
) -> None:
    page.post("/status/consent/", {**SIGNED, "consent-age": "under_12", "consent-signed_as": "parent"})
    contact = father.contact
    reach = Reach(**{name: getattr(contact, name) for name in CHANGEABLE}, wordings={"email": "x", "sms": "x"})
    named = people(contact_name="José Sample", patient_name="Tomás Sample", age="under_18")
    change_contact(father.pk, reach, people=named, actor=nora, now=now)
    assert father.consents.live(now).exists(), "the age that was said with it still tells who signs"
    change_contact(father.pk, reach, people=replace(named, birth_year=str(now.year - 15)), actor=nora, now=now)
    assert not father.consents.live(now).exists()


def test_another_concern_asks_again_who_may_sign(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    share = ConsentWording.objects.current("share", "en")
    signs = Signature(name="Ana Example", signed_as="parent", wording=share, categories=["need"], age="12_17")
    asks = {"relation": "loved_one", "contact_name": "Ana Example", "patient_name": "Leo", "signature": signs}
    child = take(make_referral(**asks, age="under_18", concern="mental_health").pk, actor=nora, now=now)
    assert child.consents.live(now).exists()
    need = Need(concern="both", low=None, high=None, urgency="routine", reason="", age="under_18")
    change_need(child.pk, need, actor=nora, now=now)
    assert not child.consents.live(now).exists()


def of_marco(**changed: str) -> dict[str, str]:
    given = {"relation": "loved_one", "contact_name": "Ana Example", "patient_name": "Marco", "age": "adult"}
    return {**given, "signed_name": "Ana Example", **changed}


@pytest.mark.parametrize("ask", [asked, in_steps])
def test_of_an_adult_every_page_says_whose_signature_it_is(ask: Any) -> None:
    client, theirs = Client(), "Their own health records need their own signature. They can sign on your page, with"
    ask(client, **of_marco(share="", signed_name=""))
    assert f"If you sign for an adult whom you love, we share only what you told us. {theirs}" in (
        client.get("/status/").content.decode()
    )
    other = Client()
    ask(other, **of_marco(key="7f1f9d4e-9a4f-4c0c-9d1f-7a4f6a1d2b4d"))
    for path in ("/referral/thanks/", "/status/"):
        assert f"Your consent covers only what you told us. {theirs}" in other.get(path).content.decode(), path


def test_the_form_says_it_of_an_adult_and_of_nobody_else() -> None:
    says = "If you sign for an adult whom you love, we share only what you told us."
    for changed, said in [({}, True), ({"age": "under_18"}, False), ({"relation": "self"}, False)]:
        shown = asked(Client(), **{**of_marco(contact_name=""), **changed})
        assert (says in shown.content.decode()) is said, changed


def test_an_adult_signs_for_themselves_on_the_page_of_who_loves_them() -> None:
    client = Client()
    asked(client, **of_marco())
    assert Consent.objects.get().signed_as == "loved_one"
    page = client.get("/status/").content.decode()
    assert "Who signs?" in page and "I am someone who loves them" in page and "I am a parent" not in page
    signs = {**SIGNED, "consent-signed_name": "Marco Example"}
    assert re.search('value="loved_one"[^>]*checked', page), "the least is what stands there"
    assert "they choose “I am the person who needs care”. Their consent then takes the place of yours" in page
    hers = {**signs, "consent-signed_as": "self", "consent-signed_name": "Ana Example"}
    assert "The name is yours" in client.post("/status/consent/", hers, follow=True).content.decode()
    client.post("/status/consent/", {**signs, "consent-signed_as": "self"})
    live = Consent.objects.live(timezone.now()).get()
    assert (live.signed_as, live.signed_name) == ("self", "Marco Example")
    assert "Your consent covers only what you told us." not in client.get("/status/").content.decode()


@pytest.mark.parametrize("method", Consent.Method.values)
def test_who_loves_an_adult_signs_the_same_whichever_way(
    mother: Referral, nora: Actor, now: datetime, method: str
) -> None:
    Consent.objects.all().delete()
    share = ConsentWording.objects.current("share", "en")
    said = Signature(name="Ana Example", signed_as="loved_one", wording=share, categories=["need"], method=method)
    assert sign_consent(mother.pk, said, actor=nora, now=now).signed_as == "loved_one"
    with pytest.raises(MayNotSign) as refused:
        sign_consent(mother.pk, replace(said, signed_as="parent"), actor=nora, now=now)
    assert refused.value.bar is Bar.NOT_A_MINOR and "choose that right" in sentence(refused.value)


def test_nobody_shares_for_who_asked_for_themselves(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    own = take(make_referral(consent=False).pk, actor=nora, now=now)
    share = ConsentWording.objects.current("share", "en")
    with pytest.raises(MayNotSign):
        signs = Signature(name="Ana Example", signed_as="loved_one", wording=share, categories=["need"])
        sign_consent(own.pk, signs, actor=nora, now=now)


def test_the_desk_says_who_signed_and_why_it_does_not_count(
    mother: Referral, correct: Callable[..., None], staff: Client, now: datetime
) -> None:
    path = f"/staff/referral/{mother.pk}/"
    assert "Given by someone who loves them, not by the person" in staff.get(path).content.decode()
    correct(birth_year=str(now.year - 14), age="under_18")
    told = staff.get(path).content.decode()
    assert "does not count" in told and "Nothing is shared under it." in told


@pytest.mark.parametrize(("before", "counts"), [(1, False), (0, False), (-1, True)])
def test_a_paper_from_before_a_withdrawal_does_not_revive_it(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime, before: int, counts: bool
) -> None:
    gone = now - timedelta(days=2)
    taken = take(make_referral(at=now - timedelta(days=3)).pk, actor=nora, now=gone)
    revoke_consent(taken.consents.get().pk, actor=FAMILY, now=gone)
    share = ConsentWording.objects.current("share", "en")
    paper = Signature(
        name="Rosa Sample",
        signed_as="self",
        wording=share,
        categories=["need"],
        method="paper",
        given_at=gone - timedelta(days=before),
    )
    if counts:
        assert sign_consent(taken.pk, paper, actor=nora, now=now).is_live(now)
        return
    with pytest.raises(WithdrawnSince) as refused:
        sign_consent(taken.pk, paper, actor=nora, now=now)
    assert "withdrew its consent on" in sentence(refused.value) and not taken.consents.live(now).exists()
