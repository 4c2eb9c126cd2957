"""What becomes of a message is on the timeline, and what did not arrive is tried another way, then given to staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Program
from messaging.client import MessageEvent, Withheld
from messaging.declared import declared as all_declared
from messaging.letter import Letter
from messaging.models import Message
from messaging.retry import Refused
from referral.actions.check_ins import answer_check_in
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor
from referral.actions.duty import resolve
from referral.actions.followups import check_in_now
from referral.actions.sending import send_to_program
from referral.models import FollowUp, Referral, Task, TimelineEntry
from referral.outbox import ReferralClient, _follow
from referral.timeline import for_staff
from tests.referral.conftest import Postbox
from workspace.attention import signs

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(taken: Referral) -> Referral:
    """A referral in work, its first call done."""
    taken.tasks.all().delete()
    return taken


def event(kind: str, reference: str, referral: Referral, at: datetime, **more: str) -> MessageEvent:
    values = {"person_key": referral.contact.key, "channel": "email", **more}
    return MessageEvent(kind=kind, reference=reference, at=at, **values)  # type: ignore[arg-type]


@pytest.fixture
def followup(taken: Referral, nora: Actor, now: datetime) -> FollowUp:
    return check_in_now(taken.pk, actor=nora, now=now)


def test_a_check_in_that_fails_by_mail_goes_by_text_and_then_to_staff(
    followup: FollowUp, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now - timedelta(seconds=1))
    Postbox.answers = [Refused("no_such_address")] * 2
    post(now + timedelta(minutes=1), "email")
    followup.refresh_from_db()
    assert (followup.channel, followup.status) == ("sms", "planned")
    Postbox.answers = [Refused("no_such_address")] * 2
    post(now + timedelta(minutes=30), "sms")
    followup.refresh_from_db()
    assert followup.status == "to_staff"
    assert Task.objects.get(kind="check_in").referral == followup.referral


def test_a_closed_referral_says_nothing_more(
    followup: FollowUp, nora: Actor, post: Callable[..., list[Letter]], now: datetime
) -> None:
    close_referral(followup.referral_id, closing="declined", reason="so", actor=nora, now=now)
    assert post(now + timedelta(days=40)) == []
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert type(ReferralClient().contexts([followup.key], now)[followup.key]).__name__ == "Withheld"


def test_an_answered_check_in_is_not_sent_again(followup: FollowUp, now: datetime) -> None:
    FollowUp.objects.update(status="answered")
    assert type(ReferralClient().contexts([followup.key], now)[followup.key]).__name__ == "Withheld"


@pytest.mark.parametrize("late", ["sent", "bounced", "expired"])
def test_message_outcome_never_undoes_a_newer_answer(
    followup: FollowUp, taken: Referral, now: datetime, late: str
) -> None:
    read_before = FollowUp.objects.select_related("referral__contact").get(pk=followup.pk)
    answer_check_in(followup.pk, "connected", actor=FAMILY, now=now, text="All is well.")
    _follow(read_before, event(late, followup.key, taken, now))
    followup.refresh_from_db()
    assert (followup.status, followup.answer) == ("answered", "connected")
    assert not Task.objects.filter(kind="check_in").exists()


def test_a_check_in_that_went_waits_for_its_answer(followup: FollowUp, taken: Referral, now: datetime) -> None:
    ReferralClient().record(event("sent", followup.key, taken, now))
    followup.refresh_from_db()
    assert followup.status == "sent"


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        ("bounced", "not_reached"),
        ("failed", "not_reached"),
        ("expired", "not_reached"),
        ("review", "review"),
        ("reply", "reply"),
    ],
)
def test_what_needs_a_person_becomes_a_task(taken: Referral, now: datetime, kind: str, task: str) -> None:
    later = now + timedelta(hours=2)
    ReferralClient().record(event(kind, taken.key, taken, later, text="Can you call me?" if kind == "reply" else ""))
    found = Task.objects.get()
    assert (found.kind, found.due_at) == (task, later)
    taken.refresh_from_db()
    assert taken.next_action_at == later
    line = TimelineEntry.objects.latest("pk")
    assert (line.kind, line.params["happened"]) == ("message", kind)
    assert for_staff(line)


@pytest.mark.parametrize("kind", ["delivered", "cancelled"])
def test_what_needs_nobody_makes_no_line(taken: Referral, now: datetime, kind: str) -> None:
    lines = TimelineEntry.objects.count()
    ReferralClient().record(event(kind, taken.key, taken, now))
    assert (TimelineEntry.objects.count(), Task.objects.count()) == (lines, 0)


def test_a_request_that_does_not_arrive_is_a_call_to_the_program(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, [], actor=nora, now=now)
    ReferralClient().record(event("bounced", placement.key, taken, now))
    task = Task.objects.get()
    assert (task.kind, task.text) == ("call_program", program.name)


def test_reply_without_reference_reaches_the_latest_referral(taken: Referral, now: datetime) -> None:
    ReferralClient().record(event("reply", "", taken, now, text="Hello?"))
    assert Task.objects.get().referral == taken
    assert TimelineEntry.objects.latest("pk").text == "Hello?"


def test_a_reply_from_an_address_that_we_know_finds_its_family(taken: Referral, now: datetime) -> None:
    for address in (taken.contact.phone, taken.contact.email):
        reply = MessageEvent(kind="reply", reference="", person_key="", channel="sms", at=now, address=address)
        assert ReferralClient().record(reply)
    assert Task.objects.filter(referral=taken, kind="reply").count() == 2


def test_a_stop_from_an_address_that_we_know_is_noted_on_the_contact(taken: Referral, now: datetime) -> None:
    stop = MessageEvent(kind="stopped", reference="", person_key="", channel="sms", at=now, address=taken.contact.phone)
    ReferralClient().record(stop)
    taken.contact.refresh_from_db()
    assert not taken.contact.by_text


def test_a_reply_of_nobody_we_know_is_given_back(taken: Referral, now: datetime) -> None:
    stranger = MessageEvent(kind="reply", reference="", person_key="", channel="sms", at=now, address="+16265550999")
    assert not ReferralClient().record(stranger)


def test_reply_after_closing_returns_the_referral_until_read(taken: Referral, nora: Actor, now: datetime) -> None:
    close_referral(taken.pk, closing="declined", reason="so", actor=nora, now=now)
    assert ReferralClient().record(event("reply", taken.key, taken, now, text="Hello?"))
    due = Referral.objects.overdue(now)
    assert signs(due.for_queue().get(), now)[0].text.startswith("The family wrote back")
    resolve(Task.objects.open().get().pk, "Read.", actor=nora, now=now)
    assert not due.exists()


def test_what_becomes_of_a_message_after_the_end_is_nobody_s_task(taken: Referral, nora: Actor, now: datetime) -> None:
    close_referral(taken.pk, closing="declined", reason="so", actor=nora, now=now)
    for kind in ("bounced", "review"):
        ReferralClient().record(event(kind, taken.key, taken, now))
    assert not Task.objects.open().exists()


def test_a_stop_said_again_is_no_other_line_until_something_changed(taken: Referral, now: datetime) -> None:
    def stops() -> int:
        ReferralClient().record(event("stopped", taken.key, taken, now, channel="sms"))
        return TimelineEntry.objects.filter(kind="stopped").count()

    assert (stops(), stops()) == (1, 1)
    ReferralClient().record(event("resumed", taken.key, taken, now, channel="sms"))
    assert stops() == 2


def test_a_stop_of_what_was_never_allowed_is_on_the_timeline_once(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    by_mail = make_referral(ways=("email",))
    for _each in range(2):
        ReferralClient().record(event("stopped", by_mail.key, by_mail, now, channel="sms"))
    assert TimelineEntry.objects.filter(kind="stopped").count() == 1


def test_a_message_that_waits_for_another_day_is_a_line_with_the_reason(taken: Referral, now: datetime) -> None:
    ReferralClient().record(event("postponed", taken.key, taken, now, reason="daily_cap"))
    assert "It waits for tomorrow" in for_staff(TimelineEntry.objects.latest("pk"))
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("reference", "person"),
    [
        ("referral:999999", "contact:00000000-0000-0000-0000-000000000000"),
        ("erased", ""),
        ("followup:999999", ""),
        ("", "program:1"),
    ],
)
def test_an_event_about_nobody_we_know_changes_nothing(rows: None, now: datetime, reference: str, person: str) -> None:
    ReferralClient().record(
        MessageEvent(kind="bounced", reference=reference, person_key=person, channel="email", at=now)
    )
    assert not Task.objects.exists()


def test_a_stop_by_message_is_noted_on_the_contact(taken: Referral, now: datetime) -> None:
    ReferralClient().record(event("stopped", taken.key, taken, now, channel="sms"))
    taken.contact.refresh_from_db()
    assert (taken.contact.by_text, taken.contact.by_email) == (False, True)


def test_a_program_without_an_address_is_a_call(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    Program.objects.filter(pk=program.pk).update(referral_email="")
    program.refresh_from_db()
    placement = send_to_program(taken.pk, program, [], actor=nora, now=now)
    assert Task.objects.get().kind == "call_program"
    assert not Message.objects.filter(reference=placement.key).exists()


def test_a_family_that_allows_no_message_is_called_instead(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    referral = make_referral(ways=("phone",))
    followup = check_in_now(referral.pk, actor=nora, now=now)
    assert (followup.kind, followup.channel) == ("call", "")
    assert not Message.objects.filter(reference=followup.key).exists()


def several_references(referral: Referral, followup: FollowUp, count: int) -> list[str]:
    """References of every kind that a family's messages have, each `count` times."""
    rows = []
    for number in range(count):
        followup.pk, followup._state.adding, followup.round, followup.status = None, True, 10 + number, "planned"
        followup.save()
        rows.append(followup.key)
    return rows + [f"{kind}:{referral.pk}" for kind in ("referral", "news", "consent")]


def test_owner_answers_for_a_batch_with_as_many_queries(taken: Referral, followup: FollowUp, now: datetime) -> None:
    seen = []
    for count in (2, 6):
        references = several_references(taken, followup, count)
        with CaptureQueriesContext(connection) as queries:
            found = ReferralClient().contexts(references, now)
        assert list(found) == references
        links = [values["link"] for values in found.values() if not isinstance(values, Withheld)]
        assert len(set(links)) == len(references)
        events = [event("sent", reference, taken, now) for reference in references]
        with CaptureQueriesContext(connection) as more:
            ReferralClient().record_sent(events)
        seen.append((len(queries), len(more)))
    assert seen[0] == seen[1]
    assert set(FollowUp.objects.filter(round__gte=10).values_list("status", flat=True)) == {"sent"}


def test_what_was_sent_together_reads_as_if_sent_one_by_one(taken: Referral, followup: FollowUp, now: datetime) -> None:
    references = [followup.key, f"news:{taken.pk}"]
    lines = []
    before = set(TimelineEntry.objects.values_list("pk", flat=True))
    for together in (True, False):
        events = [event("sent", reference, taken, now) for reference in references]
        if together:
            ReferralClient().record_sent(events)
        else:
            assert all(ReferralClient().record(each) for each in events)
        new = TimelineEntry.objects.exclude(pk__in=before).order_by("pk")
        lines.append([(line.referral_id, line.at, line.kind, line.role, line.params, line.text) for line in new])
        before |= {line.pk for line in new}
    assert lines[0] == lines[1]
    assert len(lines[0]) == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_email_to_a_family_says_988_and_911(language: str) -> None:
    theirs = {key: each for key, each in all_declared().items() if key.startswith(("referral-", "answers-"))}
    del theirs["referral-request"]  # to a program
    assert len(theirs) == 9
    for key, each in theirs.items():
        text = each.texts["email", language].text
        assert "988" in text and "911" in text, key
        assert language == "en" or "oprima 2" in text, key


def test_every_message_has_a_name_of_its_own_in_each_language() -> None:
    for language, _label in settings.LANGUAGES:
        names = [each.names.get(language, "") for each in all_declared().values()]
        assert all(names) and len(set(names)) == len(names)
