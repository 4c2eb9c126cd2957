"""What a link ends beside the browser that asked is guarded as one; what it opens or renews waits for one of us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.inbound import Report, take_reply
from messaging.letter import Letter
from messaging.models import Message
from referral.actions.followups import check_in_now
from referral.models import Consent, Contact, Placement, Referral
from referral.timeline import for_family, for_staff
from tests.referral.conftest import link_in
from tests.referral.test_by_link import ASK_STAFF
from tests.referral.test_by_link import came as came
from tests.referral.test_by_link import family as family
from tests.referral.test_by_link import opens as opens
from tests.referral.test_by_link import place as place
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
SIGN = {"consent-agree": "on", "consent-signed_name": "Somebody Else", "consent-age": "adult"}


def sign(client: Client, **more: Any) -> str:
    return words(client.post("/status/consent/", {**SIGN, **more}, follow=True))


def told(referral: Referral) -> list[Message]:
    return [each for each in Message.objects.pending() if each.template == "referral-by-link"]


def revoke(client: Client) -> None:
    pk = Referral.objects.get().consents.latest("pk").pk
    client.post(f"/status/consent/{pk}/revoke/", {"shown": "x"})


def test_a_narrower_signature_by_a_link_is_guarded_as_a_withdrawal(
    family: Client, opens: str, place: Any, now: datetime
) -> None:
    came, referral = Client(), Referral.objects.get()
    came.get(opens)
    sign(came)
    place.refresh_from_db()
    assert not place.is_live
    assert Message.objects.get(reference=f"ended:{place.pk}").due_at == now + timedelta(minutes=10)
    task = referral.tasks.open().get(urgent=True)
    assert "signed a consent to share less" in task.more and "By the link in our email of" in task.more
    assert [each.channel for each in told(referral)] == ["sms"]
    page = words(family.get("/status/"))
    assert "Did you sign to share less?" in page and "programs hear nothing" in page
    came.post("/status/consent/take-back/")
    assert not any("contact" in each.categories for each in Consent.objects.filter(revoked_at=None))
    family.post("/status/consent/take-back/")
    place.refresh_from_db()
    held = referral.consents.live(now).get()
    assert place.status == "accepted" and held.signed_name != "Somebody Else" and "contact" in held.categories
    assert not Message.objects.filter(reference=f"ended:{place.pk}").pending().exists()
    line = referral.timeline.filter(kind="consent_revoked").latest("pk")
    assert "signed for less" in for_staff(line) and "what you had signed before" in for_family(line)


def test_all_that_a_link_ended_is_taken_back_at_once(family: Client, opens: str, place: Any, now: datetime) -> None:
    came, referral = Client(), Referral.objects.get()
    came.get(opens)
    sign(came)
    with travel(now + timedelta(minutes=1), tick=False):
        revoke(came)
        family.post("/status/consent/take-back/")
    place.refresh_from_db()
    held = referral.consents.live(now + timedelta(minutes=1)).get()
    assert place.status == "accepted" and "contact" in held.categories


def test_a_narrower_signature_by_a_link_lasts_no_longer(came: Client, now: datetime) -> None:
    until = now + timedelta(days=20)
    Consent.objects.update(expires_at=until)
    sign(came)
    assert Consent.objects.latest("pk").expires_at == until


@pytest.mark.parametrize("withdrawn", [True, False])
def test_signing_again_by_a_link_waits_for_one_of_us(family: Client, came: Client, withdrawn: bool) -> None:
    if withdrawn:
        revoke(came)
    before = list(Consent.objects.values_list("pk", "revoked_at"))
    page = sign(came, **{"consent-categories": "contact"})
    referral = Referral.objects.get()
    assert "Someone on our team asks you first" in page
    assert list(Consent.objects.values_list("pk", "revoked_at")) == before
    tasks = "\n".join(task.more for task in referral.tasks.open().filter(urgent=True))
    assert "It does not count yet." in tasks and "Somebody Else" in tasks
    assert "a consent was signed. It counts after we ask you." in words(family.get("/status/"))
    assert told(referral)


def test_the_browser_that_asked_signs_again_at_once(family: Client, now: datetime) -> None:
    revoke(family)
    sign(family, **{"consent-categories": "contact"})
    assert Referral.objects.get().consents.live(now).exists()


def test_the_first_signature_by_a_link_counts_and_is_marked(came: Client, now: datetime) -> None:
    referral = Referral.objects.get()
    referral.consents.all().delete()
    sign(came)
    assert referral.consents.live(now).exists()
    line = referral.timeline.get(kind="consent_signed")
    assert for_staff(line).endswith(ASK_STAFF) and for_family(line).startswith("A consent to share")


@pytest.fixture
def checks_in(family: Client, place: Any, nora: Any, post: Post, now: datetime) -> Client:
    """Who came by the link of a check-in, in a browser that has no page of the family."""
    check_in_now(place.referral_id, actor=nora, now=now)
    client = Client()
    client.get(link_in(post(now + timedelta(minutes=5), "email")[-1]))
    return client


def test_we_have_a_program_by_a_link_ends_no_other_request(
    family: Client, checks_in: Client, place: Any, now: datetime
) -> None:
    other = Program.objects.exclude(pk=place.program_id).earliest("pk")
    Placement.objects.create(referral=place.referral, program=other, status="requested", sent_at=now)
    page = words(checks_in.post("/c/", {"answer": "connected", "text": "Stop looking."}, follow=True))
    referral = Referral.objects.get()
    place.refresh_from_db()
    assert "Someone on our team asks you first" in page
    assert (referral.status, place.status) == ("active", "accepted")
    assert "answered “We have a program”" in referral.tasks.open().get(urgent=True).more
    assert referral.timeline.get(kind="wrote").text == "Stop looking."
    assert "Your request goes on as before." in words(family.get("/status/"))
    assert told(referral)
    family.post("/status/check-in/")
    family.post("/c/", {"answer": "connected"})
    referral.refresh_from_db()
    assert referral.status == "connected"


def test_an_answer_by_the_link_of_a_check_in_is_marked(checks_in: Client) -> None:
    checks_in.post("/c/", {"answer": "waiting"})
    line = Referral.objects.get().timeline.get(kind="check_in_answered")
    assert for_staff(line).endswith(ASK_STAFF) and "Our check-in was answered" in for_family(line)


def test_we_have_a_program_by_a_link_is_marked_where_it_ends_nothing(checks_in: Client, place: Any) -> None:
    checks_in.post("/c/", {"answer": "connected"})
    referral = Referral.objects.get()
    assert referral.status == "connected" and referral.placements.get().status == "in_progress"
    assert for_staff(referral.timeline.get(kind="check_in_answered")).endswith(ASK_STAFF)


SILENT = [("stop/", {}), ("hours/", {"pause": "1", "until": "2026-03-20"}), ("hours/", {"hours": "1", "days": ["6"]})]


@pytest.mark.parametrize(("path", "typed"), SILENT)
def test_word_of_a_withdrawal_passes_what_a_link_silenced(
    family: Client, came: Client, post: Post, now: datetime, path: str, typed: dict[str, Any]
) -> None:
    Contact.objects.update(times=[])
    came.post(f"/status/{path}", {**typed, "start": "8", "until": typed.get("until", "9")})
    revoke(came)
    with travel(now + timedelta(minutes=2), tick=False):
        letters = post(now + timedelta(minutes=2))
    sent = [each.row for each in letters if each.row.template == "referral-by-link"]
    assert "sms" in [each.channel for each in sent]


def test_word_of_a_withdrawal_never_passes_a_texted_stop(
    family: Client, came: Client, post: Post, now: datetime
) -> None:
    contact = Contact.objects.get()
    take_reply(channel="sms", address=contact.phone, text="STOP", event=Report("sms", "1", "reply", {}), now=now)
    came.post("/status/stop/")
    revoke(came)
    with travel(now + timedelta(minutes=2), tick=False):
        letters = post(now + timedelta(minutes=2))
    assert "sms" not in [each.row.channel for each in letters if each.row.template == "referral-by-link"]


def test_word_of_a_link_waits_for_the_morning(family: Client, opens: str, post: Post, now: datetime) -> None:
    night, came = now.replace(hour=9) + timedelta(days=1), Client()  # before dawn in Los Angeles
    with travel(night, tick=False):
        came.get(opens)
        revoke(came)
        assert not [each for each in post(night) if each.row.template == "referral-by-link"]
        assert told(Referral.objects.get())
