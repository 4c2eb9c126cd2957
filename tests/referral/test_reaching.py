"""However a family changes its mind about being reached: nothing comes twice, nothing goes to the wrong place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from messaging import actions as messaging
from messaging import clock
from messaging.delivery.claim import claim
from messaging.delivery.gate import pass_gate
from messaging.delivery.result import finish
from messaging.inbound import Report, resume_from, stop_from, take_reply
from messaging.letter import Letter
from messaging.models import Message
from messaging.people import address_index
from messaging.retry import Accepted
from messaging.retry import Refused as ProviderRefused
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, WantsNothing, new_task
from referral.actions.contacts import Reach, change_contact
from referral.actions.duty import resolve
from referral.actions.followups import check_in_now, set_plan
from referral.actions.notices import NEWS, tell_family
from referral.actions.referrals import take
from referral.actions.stops import listen_again, silence, start_messages, stop_messages
from referral.lifecycle import Refused
from referral.models import CheckInLink, Contact, FamilyLink, FollowUp, FollowUpPlan, Referral, Task
from referral.timeline import for_staff
from tests.referral.conftest import Postbox

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Post = Callable[..., list[Letter]]


@pytest.fixture
def followup(taken: Referral, nora: Actor, now: datetime) -> FollowUp:
    taken.followups.all().delete()
    messaging.cancel(*Message.objects.values_list("reference", flat=True), reason="test", now=now)
    return check_in_now(taken.pk, actor=nora, now=now)


@pytest.fixture
def reach(taken: Referral) -> Reach:
    contact = taken.contact
    return Reach(
        phone=str(contact.phone),
        email=contact.email,
        zip_code=contact.zip_code,
        zone=contact.zone,
        language=contact.language,
        times=contact.times,
        voicemail=contact.voicemail,
        by_email=True,
        by_text=True,
        by_phone=True,
        wordings={"email": "Write to me.", "sms": "Text me."},
    )


def being_sent(at: datetime) -> Letter:
    """The letter of the one message that is due: past the gate, its answer still to come."""
    with clock.set_to(at):
        (one,) = claim("email", 1)
        letter = pass_gate(one)
    assert letter is not None
    return letter


def waiting() -> list[tuple[str, str]]:
    rows = Message.objects.filter(state="scheduled").order_by("reference")
    return [(message.reference.partition(":")[0], message.address) for message in rows]


def test_a_check_in_that_is_being_sent_is_not_planned_again(
    followup: FollowUp, reach: Reach, taken: Referral, now: datetime
) -> None:
    letter = being_sent(now + timedelta(minutes=1))
    change_contact(taken.pk, replace(reach, language="es"), actor=FAMILY, now=now)
    assert waiting() == []
    finish(letter, Accepted())
    followup.refresh_from_db()
    assert followup.status == "sent"


def test_new_address_moves_waiting_messages_and_ends_old_links(
    followup: FollowUp, reach: Reach, taken: Referral, now: datetime
) -> None:
    taken.refresh_from_db()
    tell_family(taken, NEWS, now=now, occasion="test")
    phone = address_index("sms", str(taken.contact.phone))
    kept, _ = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken, sent_to=phone)
    FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    CheckInLink.mint(now=now, expires_at=now + timedelta(days=1), followup=followup)
    change_contact(taken.pk, replace(reach, email="new@example.org"), actor=FAMILY, now=now, link=kept)
    assert waiting() == [("followup", "new@example.org"), ("news", "new@example.org")]
    assert list(FamilyLink.objects.live(now).filter(referral=taken)) == [kept]
    assert not CheckInLink.objects.live(now).exists()


def test_a_saved_phone_sends_no_news_and_leaves_the_mailed_link(
    followup: FollowUp, reach: Reach, taken: Referral, now: datetime
) -> None:
    mailed = address_index("email", taken.contact.email)
    kept, _ = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken, sent_to=mailed)
    own, _ = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    change_contact(taken.pk, replace(reach, phone="+16265550177"), actor=FAMILY, now=now, link=own)
    assert waiting() == [("followup", taken.contact.email)]
    assert list(FamilyLink.objects.live(now).filter(referral=taken)) == [kept]


def test_a_new_mailbox_is_sent_the_new_link_and_no_news(reach: Reach, taken: Referral, now: datetime) -> None:
    messaging.cancel(*Message.objects.values_list("reference", flat=True), reason="test", now=now)
    change_contact(taken.pk, replace(reach, email="new@example.org"), actor=FAMILY, now=now)
    assert Message.objects.get(state="scheduled", reference=f"link:{taken.pk}").template == "referral-link"
    assert not Message.objects.filter(state="scheduled", reference=f"news:{taken.pk}").exists()


def test_who_stops_mail_by_one_click_gets_the_check_in_by_text(
    followup: FollowUp, taken: Referral, now: datetime
) -> None:
    message = Message.objects.get(state="scheduled")
    stop_from(message, everything=False, until=None, source="one-click", now=now)
    taken.contact.refresh_from_db()
    assert (taken.contact.by_email, taken.contact.by_text) == (False, True)
    assert waiting() == [("followup", str(taken.contact.phone))]
    assert not Task.objects.open().filter(kind="check_in").exists()


def test_who_stops_everything_gets_nothing_and_is_not_chased(
    followup: FollowUp, taken: Referral, now: datetime
) -> None:
    message = Message.objects.get(state="scheduled")
    before = set(Task.objects.open().values_list("kind", flat=True))
    for channel, address in (("email", taken.contact.email), ("sms", str(taken.contact.phone))):
        messaging.stop(address=address, channel=channel, until=None, source="page", now=now)
    stop_from(message, everything=True, until=None, source="page", now=now)
    assert waiting() == []
    assert set(Task.objects.open().values_list("kind", flat=True)) == before


def only_writes(referral: Referral) -> None:
    Contact.objects.filter(pk=referral.contact_id).update(by_phone=False)
    referral.contact.refresh_from_db()


def test_who_wants_nothing_is_left_alone(followup: FollowUp, taken: Referral, nora: Actor, now: datetime) -> None:
    only_writes(taken)
    for kind in (Task.Kind.WRITE, Task.Kind.NOT_REACHED, Task.Kind.REPLY):
        new_task(taken, kind, due_at=now, now=now)
    FollowUp.objects.create(
        referral=taken, kind="call", local_date=now.date(), local_time=now.time(), zone="UTC", due_at=now
    )
    stop_messages(taken.pk, actor=FAMILY, now=now)
    assert waiting() == []
    assert not taken.followups.pending().exists()
    assert set(Task.objects.open().values_list("kind", flat=True)) == {"reply"}
    line = taken.timeline.get(kind="stopped")
    assert {"write", "not_reached"} <= set(line.params["ended"])
    assert "No longer to do:" in for_staff(line)
    with pytest.raises(WantsNothing):
        check_in_now(taken.pk, actor=nora, now=now)
    plan = FollowUpPlan.objects.get(is_default=True)
    assert set_plan(taken.pk, plan, actor=nora, now=now) == []


def test_who_may_be_called_keeps_the_calls(followup: FollowUp, taken: Referral, now: datetime) -> None:
    FollowUp.objects.create(
        referral=taken, kind="call", local_date=now.date(), local_time=now.time(), zone="UTC", due_at=now
    )
    new_task(taken, Task.Kind.CALL, due_at=now, now=now)
    stop_messages(taken.pk, actor=FAMILY, now=now)
    assert [each.kind for each in taken.followups.pending()] == ["call"]
    assert Task.objects.open().filter(kind="call").exists()


def test_taking_who_wants_nothing_makes_no_task(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    referral = make_referral(ways=("email",))
    stop_messages(referral.pk, actor=FAMILY, now=now)
    taken = take(referral.pk, actor=nora, now=now)
    assert not taken.tasks.open().exists()
    assert not taken.followups.exists()


@pytest.mark.parametrize("how", ["page", "link", "text"])
def test_a_stop_is_one_line_however_many_messages_waited(
    followup: FollowUp, taken: Referral, nora: Actor, now: datetime, how: str
) -> None:
    tell_family(taken, NEWS, now=now, occasion="test")
    check_in_now(taken.pk, actor=nora, now=now + timedelta(hours=1))
    Message.objects.update(channel="sms", address=str(taken.contact.phone))
    Message.objects.update(address_index=address_index("sms", str(taken.contact.phone)))
    before = set(taken.timeline.values_list("pk", flat=True))
    if how == "page":
        stop_messages(taken.pk, actor=FAMILY, now=now)
    elif how == "link":
        stop_from(Message.objects.earliest("pk"), everything=True, until=None, source="page", now=now)
    else:
        report = Report("twilio", "SM1:inbound", "inbound", {})
        take_reply(channel="sms", address=str(taken.contact.phone), text="STOP", event=report, now=now)
    (line,) = taken.timeline.exclude(pk__in=before)
    assert line.kind == "stopped"
    # The other way that they allowed may still go; none by text.
    assert {message.channel for message in Message.objects.filter(state="scheduled")} <= (
        {"email"} if how == "text" else set()
    )


def test_a_stop_holds_in_the_familys_other_referral(
    followup: FollowUp, taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    other = make_referral()
    Referral.objects.filter(pk=other.pk).update(contact=taken.contact_id)
    take(other.pk, actor=nora, now=now)
    stop_messages(taken.pk, actor=FAMILY, now=now)
    assert not FollowUp.objects.pending().filter(kind="message").exists()
    assert [each.timeline.filter(kind="stopped").count() for each in (taken, other)] == [1, 1]


def test_staff_lift_a_stop_when_the_family_says_so(
    followup: FollowUp, taken: Referral, nora: Actor, post: Post, now: datetime
) -> None:
    post(now - timedelta(hours=1))
    stop_messages(taken.pk, actor=FAMILY, now=now)
    start_messages(taken.pk, "sms", words="She called: please text me again.", actor=nora, now=now)
    taken.contact.refresh_from_db()
    assert (taken.contact.by_email, taken.contact.by_text) == (False, True)
    check_in_now(taken.pk, actor=nora, now=now)
    assert len(post(now + timedelta(minutes=1), "sms")) == 1
    line = taken.timeline.get(kind="message", actor=nora.user)
    assert for_staff(line) == "The family told us: it wants messages by text again."
    assert line.text == "She called: please text me again."


def test_both_ways_start_again_and_none_they_never_agreed_to(
    make_referral: Callable[..., Referral], staff: Client, nora: Actor, now: datetime
) -> None:
    taken = take(make_referral(ways=("email", "phone"), language="es").pk, actor=nora, now=now)
    stop_messages(taken.pk, actor=FAMILY, now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/form/listen/").content.decode()
    form = page[page.index("What do they want again?") :]
    form = form[: form.index("</form>")]
    assert 'value="email"' in form and 'value="sms"' not in form
    assert "Pueden escribirme por correo electrónico sobre esta solicitud." in form
    with pytest.raises(Refused):
        start_messages(taken.pk, "email", "sms", words="send me texts", actor=nora, now=now)
    taken.contact.refresh_from_db()
    assert not taken.contact.by_email and not taken.contact.by_text, "all of it or nothing"
    other = take(make_referral(phone="+16265550143", email="other@example.org").pk, actor=nora, now=now)
    stop_messages(other.pk, actor=FAMILY, now=now)
    other.refresh_from_db()
    both = {"channel": ["email", "sms"], "words": "Write again.", "version": other.version}
    staff.post(f"/staff/referral/{other.pk}/listen/", both)
    other.contact.refresh_from_db()
    assert other.contact.by_email and other.contact.by_text


def test_start_by_who_never_had_a_text_lifts_the_stop(taken: Referral, now: datetime) -> None:
    stop_messages(taken.pk, actor=FAMILY, now=now)
    assert not messaging.reached(address=str(taken.contact.phone), channel="sms")
    report = Report("twilio", "SM1:inbound", "inbound", {})
    take_reply(channel="sms", address=str(taken.contact.phone), text="START", event=report, now=now)
    taken.contact.refresh_from_db()
    assert taken.contact.by_text


def test_staff_lift_no_stop_that_was_not_made(taken: Referral, nora: Actor, now: datetime) -> None:
    with pytest.raises(Refused):
        start_messages(taken.pk, "sms", words="They want it.", actor=nora, now=now)


def test_a_pause_shuts_no_channel(followup: FollowUp, taken: Referral, now: datetime) -> None:
    message = Message.objects.get(state="scheduled")
    stop_from(message, everything=False, until=now + timedelta(days=2), source="page", now=now)
    taken.contact.refresh_from_db()
    assert taken.contact.by_email
    assert taken.timeline.filter(kind="message").about(happened="paused")


def test_who_starts_again_is_written_to_again(followup: FollowUp, taken: Referral, now: datetime) -> None:
    message = Message.objects.get(state="scheduled")
    stop_from(message, everything=False, until=None, source="one-click", now=now)
    resume_from(message, source="page", wording="Write to me.", now=now)
    taken.contact.refresh_from_db()
    assert taken.contact.by_email
    assert waiting() == [("followup", taken.contact.email)]


def test_when_an_address_came_back_the_next_check_in_goes_another_way(
    followup: FollowUp, taken: Referral, nora: Actor, post: Post, now: datetime
) -> None:
    post(now - timedelta(hours=1))
    Postbox.answers = [ProviderRefused("no_such_address", "550 5.1.1", address_bad=True)]
    post(now + timedelta(minutes=1), "email")
    again = check_in_now(taken.pk, actor=nora, now=now + timedelta(minutes=30))
    Postbox.answers = []
    post(now + timedelta(minutes=31), "email")
    again.refresh_from_db()
    assert again.channel == "sms"


def test_a_failure_after_the_end_brings_no_check_in_back(
    followup: FollowUp, taken: Referral, nora: Actor, now: datetime
) -> None:
    letter = being_sent(now + timedelta(minutes=1))
    close_referral(taken.pk, closing="unreachable", reason="No answer.", actor=nora, now=now)
    finish(letter, ProviderRefused("no_such_address", "550 5.1.1", address_bad=True))
    followup.refresh_from_db()
    assert followup.status == "cancelled"
    assert waiting() == []


def test_newer_reply_is_not_ticked_off_with_the_one_before(taken: Referral, nora: Actor, now: datetime) -> None:
    first = new_task(taken, Task.Kind.REPLY, due_at=now, now=now, text="All is well.")
    new_task(taken, Task.Kind.REPLY, due_at=now, now=now, text="He took pills, what now?")
    resolve(first.pk, "Read.", actor=nora, now=now)
    assert taken.tasks.open().get(kind="reply").text == "He took pills, what now?"


@pytest.mark.parametrize("note", [silence, listen_again])
def test_choice_of_messages_leaves_the_rest_of_the_contact(
    followup: FollowUp, reach: Reach, taken: Referral, now: datetime, note: Callable[..., object]
) -> None:
    read_before = Referral.objects.select_related("contact").get(pk=taken.pk)
    change_contact(taken.pk, replace(reach, zip_code="90012", by_email=False), actor=FAMILY, now=now)
    note(read_before, "sms", now=now)
    taken.contact.refresh_from_db()
    assert (taken.contact.zip_code, taken.contact.by_email) == ("90012", False)
    assert taken.contact.by_text == (note is listen_again)
