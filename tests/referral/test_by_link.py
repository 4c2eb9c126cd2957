"""What somebody does by a link, beside the browser that asked, says whose press it is and can be mended there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from assessments.demo import load
from assessments.models import Response, ReturnCode, SharedResult
from directory.models import Program
from messaging.letter import Letter
from messaging.models import Message
from referral.actions.common import Actor, new_task
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.models import Contact, Referral
from referral.timeline import for_family, for_staff
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
ALL = {"channel": ["email", "sms", "calls"]}
ASK_STAFF = "It was done by a link that we sent: ask whether it was the family."
IF_NOT_YOU = "It was done by a link that we sent you, in another browser. If it was not you, call us."


@pytest.fixture
def family() -> Client:
    client = Client()
    asked(client, by_text="on")
    return client


@pytest.fixture
def opens(family: Client, post: Post, now: datetime) -> str:
    return link_in(post(now)[0])


@pytest.fixture
def came(opens: str) -> Client:
    client = Client()
    client.get(opens)
    return client


def typed(**other: Any) -> dict[str, Any]:
    """The form of how they are reached as it stands, with what is `other`; None takes a box away."""
    kept = Contact.objects.get()
    boxes = {box: "on" for box in ("by_email", "by_text", "by_phone") if getattr(kept, box)}
    same = {"email": kept.email, "phone": kept.phone_shown, "zip_code": kept.zip_code, "language": kept.language}
    found = {**same, **boxes, "voicemail": kept.voicemail, "times": kept.times, **other}
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("path", "said", "kind"),
    [("word/", {"word": "I found help. Do not call me."}, "wrote"), ("stop/", {}, "stopped")],
)
def test_words_and_stops_say_that_they_came_by_a_link(
    family: Client, came: Client, path: str, said: dict[str, str], kind: str
) -> None:
    came.post(f"/status/{path}", said)
    line = Referral.objects.get().timeline.get(kind=kind)
    assert for_staff(line).endswith(ASK_STAFF) and for_family(line).endswith(IF_NOT_YOU)
    if kind == "wrote":
        assert "(Written on a page" in Referral.objects.get().tasks.open().get(kind="reply").text
        assert "From this page, opened by a link that we sent" in words(family.get("/status/"))


def test_the_browser_that_asked_is_not_marked(family: Client) -> None:
    family.post("/status/word/", {"word": "Hello there"})
    line = Referral.objects.get().timeline.get(kind="wrote")
    assert ASK_STAFF not in for_staff(line) and IF_NOT_YOU not in for_family(line)


def test_a_signature_by_a_link_is_marked(came: Client) -> None:
    Referral.objects.get().consents.all().delete()
    came.post("/status/consent/", {"consent-agree": "on", "consent-signed_name": "Tina", "consent-age": "adult"})
    assert for_staff(Referral.objects.get().timeline.get(kind="consent_signed")).endswith(ASK_STAFF)


LOOSER = [
    {"voicemail": "yes"},
    {"by_phone": "on"},
    {"times": ["morning", "evening"]},
    {"zip_code": "10001"},
]


@pytest.mark.parametrize("more", LOOSER)
def test_what_loosens_waits_by_a_link(family: Client, came: Client, more: dict[str, Any]) -> None:
    Contact.objects.update(voicemail="no", by_phone=False, times=["morning"])
    before = Contact.objects.get()
    page = words(came.post("/status/reach/", typed(**more)))
    after = Contact.objects.get()
    assert "This waits until we have asked you:" in page and "Someone on our team asks you first" in page
    for name in ("voicemail", "by_phone", "times", "zip_code", "zone"):
        assert getattr(after, name) == getattr(before, name), name
    assert "in more ways" in Referral.objects.get().tasks.open().get(urgent=True).more
    family.post("/status/reach/", typed(**more))
    name, value = next(iter(more.items()))
    assert str(getattr(Contact.objects.get(), name)).replace("True", "on") == str(value)


def test_what_tightens_counts_at_once_beside_what_waits(came: Client) -> None:
    Contact.objects.update(voicemail="yes", times=["morning", "evening"], by_phone=True)
    page = came.post(
        "/status/reach/", typed(voicemail="no", times=["morning"], by_phone=None, phone="626-555-0199", language="es")
    )
    after = Contact.objects.get()
    assert (after.voicemail, after.times, after.by_phone, after.language) == ("no", ["morning"], False, "es")
    assert "0199" not in after.phone and "0199" in page.content.decode()


def test_what_a_stop_ended_is_not_opened_by_a_link(family: Client, came: Client) -> None:
    family.post("/status/stop/")
    came.post("/status/start/", {"by_email": "on"})
    assert not Contact.objects.get().by_email


def test_own_mail_takes_no_power_from_the_browser_that_asked(family: Client, opens: str) -> None:
    family.post("/status/end/")
    family.get(opens)
    assert "Was this a mistake?" in words(family.get("/status/"))
    family.post("/status/end/take-back/")
    assert Referral.objects.get().is_open
    assert "We ask you first" not in words(family.get("/status/end/"))


def test_own_mail_still_proves_the_mailbox(family: Client, opens: str) -> None:
    """A stop that was said in a message is lifted where the link of one was opened, also in the browser that asked."""
    assert "This counts for the answers that are open here" in words(family.get("/status/others-read/"))
    family.get(opens)
    assert "This counts for the answers that are open here" not in words(family.get("/status/others-read/"))


@pytest.fixture
def place(family: Client, program: Program, post: Post, nora: Actor, now: datetime) -> Any:
    referral = take(Referral.objects.get().pk, actor=nora, now=now)
    sent = send_to_program(referral.pk, program, ["contact"], actor=nora, now=now)
    post(now)
    accept_placement(sent.pk, actor=Actor.program("Sample"), now=now)
    sent.refresh_from_db()
    return sent


def test_a_withdrawal_by_a_link_is_taken_back_where_it_was_asked(
    family: Client, opens: str, place: Any, now: datetime
) -> None:
    came, referral = Client(), Referral.objects.get()
    came.get(opens)
    came.post(f"/status/consent/{referral.consents.get().pk}/revoke/", {"shown": "x"})
    place.refresh_from_db()
    assert not place.is_live
    assert not referral.consents.live(now).exists()
    task = referral.tasks.open().get(urgent=True)
    assert "withdrew the consent" in task.more
    assert for_staff(referral.timeline.get(kind="consent_revoked")).endswith(ASK_STAFF)
    assert Message.objects.get(reference=f"ended:{place.pk}").due_at == now + timedelta(minutes=10)
    came.post("/status/consent/take-back/")
    assert not referral.consents.live(now).exists() and "Did you withdraw your consent?" not in words(
        came.get("/status/")
    )
    assert "Did you withdraw your consent?" in words(family.get("/status/"))
    family.post("/status/consent/take-back/")
    place.refresh_from_db()
    assert place.status == "accepted" and referral.consents.live(now).exists()
    assert "your consent holds again" in words(family.get("/status/"))


def test_a_withdrawal_by_a_link_stands_after_ten_minutes(family: Client, opens: str, place: Any, now: datetime) -> None:
    came, referral = Client(), Referral.objects.get()
    came.get(opens)
    came.post(f"/status/consent/{referral.consents.get().pk}/revoke/", {"shown": "x"})
    with travel(now + timedelta(minutes=11), tick=False):
        family.post("/status/consent/take-back/")
    assert not referral.consents.live(now).exists()


def test_others_read_by_a_link_leaves_the_answers_where_they_are(family: Client, post: Post, now: datetime) -> None:
    load(now)
    family.post("/assessment/", {"voice": "me"})
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    response = Response.objects.get()
    Referral.objects.update(response=response)
    ReturnCode.objects.create(response=response, code_index="sample", created_at=now)
    SharedResult.mint(now=now, expires_at=now + timedelta(days=1), response=response, with_answers=False, said_by="")
    came = Client()
    came.get(link_in(post(now)[0]))
    assert "Only the browser that sent your request can end those" in words(came.get("/status/others-read/"))
    page = words(came.post("/status/others-read/", {"channel": "email"}, follow=True))
    assert "What was kept or shared in another way stays." in page
    assert ReturnCode.objects.exists() and SharedResult.objects.filter(revoked_at=None).exists()
    assert family.get("/assessment/1/").status_code == 200
    line = Referral.objects.get().timeline.get(kind="link_ended")
    assert for_family(line).endswith(IF_NOT_YOU)
    family.post("/status/others-read/", {"channel": "email"})
    assert not ReturnCode.objects.exists() and not SharedResult.objects.filter(revoked_at=None).exists()


def test_what_a_link_said_of_others_is_undone_where_it_was_asked(family: Client, came: Client) -> None:
    came.post("/status/others-read/", ALL)
    referral = Referral.objects.get()
    assert referral.tasks.open().filter(kind="not_reached", urgent=True).exists()
    assert "Use one of these again" in words(family.get("/status/"))
    family.post("/status/safe-again/", {"way": ["email", "sms", "calls"]})
    contact = Contact.objects.get()
    assert (contact.by_email, contact.by_text) == (True, True) and contact.is_reachable


def test_an_end_of_data_is_said_as_people_say_it(family: Client) -> None:
    assert "You asked us to delete your data." in words(family.post("/status/delete/", follow=True))


def test_calls_alone_by_a_link_are_an_urgent_task(came: Client) -> None:
    came.post("/status/others-read/", {"channel": "calls"})
    assert Referral.objects.get().tasks.open().filter(kind="not_reached", urgent=True).exists()


def test_what_the_browser_that_asked_said_itself_stays_with_it(family: Client, came: Client) -> None:
    """Another browser that asked, as after a second request, did not say it: only a link's word is undone there."""
    family.post("/status/others-read/", {"channel": "sms"})
    assert not Referral.objects.get().timeline.was_marked_by_link("sms")


@pytest.mark.parametrize("typed", [{"end": "1"}, {"pause": "1", "until": "2026-03-10"}])
def test_a_pause_of_the_browser_that_asked_is_not_ended_by_a_link(
    family: Client, came: Client, typed: dict[str, Any]
) -> None:
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-12"})
    page = words(came.post("/status/hours/", typed, follow=True))
    assert "asks you first" in page and "the pause of our messages ends" in page
    assert "Messages are paused until Mar 12, 2026." in words(family.get("/status/hours/"))
    assert "the pause of our messages ends" in Referral.objects.get().tasks.open().get(urgent=True).more
    came.post("/status/hours/", {"pause": "1", "until": "2026-03-17"})  # longer: at once
    assert "Messages are paused until Mar 17, 2026." in words(family.get("/status/hours/"))
    assert "The pause is over." in words(family.post("/status/hours/", {"end": "1"}, follow=True))


def test_what_a_link_paused_a_link_ends_and_both_are_marked(family: Client, came: Client) -> None:
    came.post("/status/hours/", {"pause": "1", "until": "2026-03-12"})
    assert "The pause is over." in words(came.post("/status/hours/", {"end": "1"}, follow=True))
    for happened in ("paused", "resumed"):
        (line,) = Referral.objects.get().timeline.filter(kind="message").about(happened=happened)
        assert IF_NOT_YOU in for_family(line) and ASK_STAFF in for_staff(line)


def test_a_request_that_rests_does_not_go_on_by_a_link(
    family: Client, came: Client, nora: Actor, now: datetime
) -> None:
    referral = take(Referral.objects.get().pk, actor=nora, now=now)
    family.post("/status/pause/", {"weeks": "2"})
    assert "asks you first" in words(came.post("/status/go-on/", follow=True))
    referral.refresh_from_db()
    assert referral.status == "on_hold" and referral.tasks.open().filter(urgent=True).exists()
    family.post("/status/go-on/")
    referral.refresh_from_db()
    assert referral.status == "active"


def test_an_address_wished_by_a_link_is_settled_by_the_browser_that_asked(family: Client, came: Client) -> None:
    for _twice in range(2):
        came.post("/status/reach/", typed(email="reader@example.org"))
    referral = Referral.objects.get()
    assert referral.tasks.open().get(urgent=True).more.count("reader@example.org") == 1
    family.post("/status/reach/", typed(email="safe@example.org"))
    assert Contact.objects.get().email == "safe@example.org"
    assert not [task for task in referral.tasks.open() if task.urgent or "reader@example.org" in task.text]
    page = words(family.get("/status/"))
    assert page.count("a new phone or email was entered. We do not use it unless you tell us to.") == 1


def test_a_call_that_was_due_before_outlasts_the_wish(family: Client, came: Client, now: datetime) -> None:
    referral = Referral.objects.get()
    first = new_task(referral, "call", due_at=now, now=now - timedelta(hours=1))
    came.post("/status/reach/", typed(email="reader@example.org"))
    family.post("/status/reach/", typed(email="safe@example.org"))
    first.refresh_from_db()
    assert first.done_at is None and not first.text
