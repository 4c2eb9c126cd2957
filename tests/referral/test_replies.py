"""Who wrote back: a number that several families share, a program, and in which language a reason is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from messaging.inbound import Report, take_reply
from messaging.letter import Letter
from messaging.models import Message
from portal.forms.desk import DeclineForm
from referral.actions.common import Actor
from referral.actions.notices import NEWS, tell_family
from referral.actions.placements import reject_placement
from referral.actions.sending import send_to_program
from referral.models import Referral, TimelineEntry
from referral.reasons import in_words
from referral.timeline import for_family, for_staff

Post = Callable[..., list[Letter]]
SHARED = "+16265550142"


@pytest.fixture
def families(make_referral: Callable[..., Referral]) -> list[Referral]:
    """Two families with one phone, who are texted."""
    return [make_referral(contact_name=name, email="", ways=("text",)) for name in ("Rosa Sample", "Ana Sample")]


def text(words: str, now: datetime, sid: str = "1", address: str = SHARED, channel: str = "sms") -> str:
    event = Report("twilio", f"{sid}:inbound", "inbound", {})
    return take_reply(channel=channel, address=address, text=words, event=event, now=now)


def tasks_of(referral: Referral) -> list[tuple[str, str]]:
    return [(task.kind, task.text) for task in referral.tasks.filter(kind__in=["reply", "unsure_reply"])]


def test_a_text_from_a_shared_number_is_for_who_was_written_to_last(
    families: list[Referral], post: Post, now: datetime
) -> None:
    first, second = families
    post(now + timedelta(hours=1))
    post(now + timedelta(hours=2))
    assert Message.objects.filter(state="sent").count() == 2
    later = now + timedelta(hours=3)
    tell_family(first, NEWS, now=later)
    post(later)
    text("Thank you, we will call them", later)
    assert tasks_of(first) == [("reply", "Thank you, we will call them")]
    assert tasks_of(second) == []


@pytest.mark.parametrize("state", ["scheduled", "uncertain", "dead", "suppressed"])
def test_a_text_from_a_shared_number_is_for_all_where_not_certain(
    families: list[Referral], now: datetime, state: str
) -> None:
    sent_at = now if state in ("uncertain", "dead") else None
    Message.objects.update(state=state, sending_at=sent_at)
    text("He is not at home", now)
    for family in families:
        assert tasks_of(family) == [("unsure_reply", "He is not at home")]
        line = family.timeline.latest("pk")
        assert line.text == "He is not at home"
        assert "the same number" in for_staff(line)


def test_a_family_that_has_ended_gets_no_uncertain_reply(families: list[Referral], now: datetime) -> None:
    first, second = families
    Referral.objects.filter(pk=first.pk).update(status="closed")
    text("Hello", now)
    assert tasks_of(first) == []
    assert tasks_of(second) == [("reply", "Hello")]


def test_stop_from_a_shared_number_is_noted_for_each_family(
    families: list[Referral], post: Post, now: datetime
) -> None:
    post(now)
    text("STOP", now)
    for family in families:
        family.contact.refresh_from_db()
        assert family.contact.channels() == []
        assert family.timeline.filter(kind="stopped").count() == 1
    text("INICIAR", now, sid="2")
    for family in families:
        family.contact.refresh_from_db()
        assert family.contact.channels() == ["sms"]


@pytest.fixture
def placed(taken: Referral, program: Any, nora: Actor, post: Post, now: datetime) -> Any:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    post(now)
    return placement


def test_a_programs_stop_is_told_as_the_programs(taken: Referral, placed: Any, post: Post, now: datetime) -> None:
    text("stop", now, address=placed.program.referral_email, channel="email")
    line = taken.timeline.latest("pk")
    assert for_staff(line) == f"{placed.program} asked us to stop messages by email. Call the program instead."
    told = [for_family(each) for each in taken.timeline.for_family()]
    assert not [each for each in told if "stop" in each]
    taken.contact.refresh_from_db()
    assert taken.contact.channels() == ["email", "sms"]


def test_a_programs_reply_is_not_given_out_as_the_familys(taken: Referral, placed: Any, now: datetime) -> None:
    text("What insurance is it?", now, address=placed.program.referral_email, channel="email")
    task = taken.tasks.get(kind="program_asks")
    assert task.text == f"{placed.program}: What insurance is it?"
    assert not taken.tasks.filter(kind="reply").exists()


def test_a_program_declines_in_english_and_staff_read_spanish(placed: Any, now: datetime) -> None:
    form = DeclineForm({"reason": "full", "more": "Ask in May."})
    assert form.is_valid()
    reject_placement(placed.pk, form.kept(), actor=Actor.program("A"), now=now)
    placed.refresh_from_db()
    line = TimelineEntry.objects.get(kind="rejected")
    with translation.override("es"):
        assert placed.reason_words == line.words == "No hay lugares disponibles. Ask in May."
    with translation.override("en"):
        assert line.words == "No openings. Ask in May."


@pytest.mark.parametrize(
    ("kept", "spanish"),
    [
        ("The family withdrew.", "La familia cerró su solicitud"),
        ("The family took back its consent", "La familia retiró su consentimiento"),
        ("#met", "La necesidad está atendida"),
        ("They moved away.", "They moved away."),
        ("#unknown words", "#unknown words"),
    ],
)
def test_a_kept_reason_is_read_in_spanish(kept: str, spanish: str) -> None:
    with translation.override("es"):
        assert in_words(kept) == spanish


def test_reasons_that_people_write_stay_as_written(placed: Any, nora: Actor, now: datetime) -> None:
    reject_placement(placed.pk, "#1 choice is full", actor=nora, now=now)
    placed.refresh_from_db()
    assert placed.reason_words == "#1 choice is full"
