"""What providers answer, and when a message is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.addresses import BadAddress, masked, normal
from messaging.daily_cap import Cap
from messaging.reasons import REASONS
from messaging.retry import (
    MAILBOX_FULL,
    Deferred,
    Policy,
    Refused,
    http_unclear,
    policy_for,
    smtp_answer,
    twilio_answer,
)


@pytest.mark.parametrize(
    ("code", "text", "reason", "kind"),
    [
        (421, "4.3.2 closing", "provider_closing", Deferred),
        (450, "4.2.1 busy", "try_later", Deferred),
        (451, "4.7.1 greylisted", "try_later", Deferred),
        (452, "4.2.2 Mailbox full", "mailbox_full", Deferred),
        (552, "5.2.2 Over quota", "mailbox_full", Deferred),
        (535, "5.7.8 bad password", "not_signed_in", Deferred),
        (550, "5.1.1 no such user", "no_such_address", Refused),
        (550, "5.7.1 blocked", "refused_by_policy", Refused),
        (551, "moved", "no_such_address", Refused),
        (553, "5.1.3 bad address", "no_such_address", Refused),
        (554, "transaction failed", "refused_by_policy", Refused),
        (501, "syntax", "refused", Refused),
    ],
)
def test_an_smtp_code_becomes_an_answer(code: int, text: str, reason: str, kind: type) -> None:
    answer = smtp_answer(code, text)
    assert isinstance(answer, kind)
    assert answer.reason == reason
    assert reason in REASONS


@pytest.mark.parametrize(
    ("answer", "of_the_provider"),
    [
        (smtp_answer(421, "4.7.0 too many connections"), True),
        (smtp_answer(452, "4.3.1 insufficient system storage"), True),
        (smtp_answer(450, "4.3.2 not now"), True),
        (smtp_answer(451, "4.7.1 greylisted"), False),
        (smtp_answer(452, "4.2.2 mailbox full"), False),
        (twilio_answer(429, 20429), True),
        (twilio_answer(503, 0), True),
    ],
)
def test_a_not_now_is_of_the_provider_or_of_the_message(answer: Deferred, of_the_provider: bool) -> None:
    assert answer.line is of_the_provider


def test_only_a_clear_word_about_the_address_blocks_it() -> None:
    unknown, bare = smtp_answer(550, "5.1.1 x"), smtp_answer(550, "go away")
    assert isinstance(unknown, Refused)
    assert isinstance(bare, Refused)
    assert unknown.address_bad
    assert not bare.address_bad


@given(st.integers(400, 599), st.text(max_size=60))
def test_every_smtp_code_has_a_reason_in_words(code: int, text: str) -> None:
    answer = smtp_answer(code, text)
    assert answer.reason in REASONS
    assert len(answer.code) <= 60


@given(st.integers(400, 599), st.integers(0, 99999))
def test_every_twilio_error_has_a_reason_in_words(status: int, code: int) -> None:
    if not http_unclear(status):
        assert twilio_answer(status, code).reason in REASONS


def test_twilio_saying_that_the_person_stopped_is_a_stop() -> None:
    answer = twilio_answer(400, 21610)
    assert isinstance(answer, Refused)
    assert answer.stopped


@given(st.integers(1, 20), st.text(max_size=10))
def test_waits_grow_stay_bounded_and_end(tries: int, seed: str) -> None:
    waits = [Policy().wait(tried, seed=seed) for tried in range(1, tries + 1)]
    given_waits = [wait for wait in waits if wait is not None]
    assert len(given_waits) == min(tries, Policy().tries - 1)
    assert all(wait <= Policy().most * (1 + Policy().jitter) for wait in given_waits)
    assert given_waits == [Policy().wait(tried, seed=seed) for tried in range(1, len(given_waits) + 1)]


def test_a_full_mailbox_gets_hours_and_not_minutes() -> None:
    wait = policy_for(Deferred("mailbox_full"), Policy()).wait(1, seed="a")
    assert wait is not None
    assert wait >= timedelta(hours=2)
    assert policy_for(Deferred("mailbox_full"), Policy()) is MAILBOX_FULL


def test_a_policy_of_one_try_never_waits() -> None:
    assert Policy(tries=1).wait(1, seed="a") is None


@pytest.mark.parametrize(
    ("channel", "address", "form"),
    [
        ("email", "  Sample.Person@Example.ORG ", "sample.person@example.org"),
        ("email", "a+b@example.co.uk", "a+b@example.co.uk"),
        ("sms", "(626) 555-0142", "+16265550142"),
        ("sms", "+1 626 555 0142", "+16265550142"),
        ("sms", "626.555.0142", "+16265550142"),
    ],
)
def test_an_address_has_one_form(channel: str, address: str, form: str) -> None:
    assert normal(channel, address) == form


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", ""),
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@example.org"),
        ("email", "x@example.org\nBcc: y@example.org"),
        ("email", "<x@example.org>"),
        ("sms", ""),
        ("sms", "call me"),
        ("sms", "12"),
        ("sms", "626-555-0142 ext 5"),
        ("sms", "99999999999999999999"),
    ],
)
def test_what_cannot_be_written_to_is_refused_without_repeating_it(channel: str, address: str) -> None:
    with pytest.raises(BadAddress) as error:
        normal(channel, address)
    assert not address.strip() or address.strip() not in str(error.value)


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [("email", "sample@example.org", "s…@e….org"), ("sms", "+16265550142", "…0142"), ("email", "", "")],
)
def test_staff_see_only_enough_of_an_address_to_know_it_again(channel: str, address: str, shown: str) -> None:
    assert masked(channel, address) == shown


def test_a_day_is_the_persons_own_day() -> None:
    late = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    assert Cap(3).day(late, "America/Los_Angeles").isoformat() == "2026-03-04"
    assert Cap(3).try_again(late, "America/Los_Angeles") == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
