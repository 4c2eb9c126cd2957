"""Two people at the same referral at the same time: one wins, the other is told, nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from directory.models import Program
from messaging.models import Permission
from referral.actions.common import FAMILY, Actor, CannotMerge, CannotSend, NotYours, Stale
from referral.actions.consents import revoke_consent
from referral.actions.intake import Ask, open_referral
from referral.actions.merging import merge_referrals
from referral.actions.moving import NextStep, step_referral
from referral.actions.placements import accept_placement, reject_placement
from referral.actions.referrals import add_note, take
from referral.actions.sending import send_to_program
from referral.lifecycle import Refused
from referral.models import Placement, Referral, TimelineEntry
from tests.referral.conftest import make_rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start at one moment; return what each gave, or the exception that it raised."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def rows(transactional_db: None, now: datetime) -> None:
    """Committed, so that every thread sees them."""
    make_rows(now)


@pytest.fixture
def two(make_user: Callable[..., Any]) -> list[Actor]:
    return [Actor.of(make_user(name, "Navigators")) for name in ("nora", "ben")]


@pytest.mark.parametrize("with_version", [True, False])
def test_of_two_who_take_a_referral_one_wins_and_the_other_is_told(
    make_referral: Callable[..., Referral], two: list[Actor], now: datetime, with_version: bool
) -> None:
    referral = make_referral()
    seen = referral.version if with_version else None
    results = together(*(lambda who=who: take(referral.pk, actor=who, now=now, seen=seen) for who in two))
    won = [each for each in results if isinstance(each, Referral)]
    lost = [each for each in results if not isinstance(each, Referral)]
    assert len(won) == 1
    assert isinstance(lost[0], Stale | Refused | NotYours)
    referral.refresh_from_db()
    assert referral.assigned_to_id == won[0].assigned_to_id
    assert TimelineEntry.objects.filter(kind="taken").count() == 1


def test_a_program_and_a_navigator_who_answer_together_give_one_answer(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    results = together(
        lambda: accept_placement(placement.pk, actor=Actor.program("A"), now=now),
        lambda: reject_placement(placement.pk, "No openings", actor=nora, now=now),
    )
    assert sorted(type(each).__name__ for each in results) == ["Placement", "Refused"]
    answered = TimelineEntry.objects.filter(kind__in=["accepted", "rejected"])
    assert [entry.kind for entry in answered] == [Placement.objects.get().status]


def test_the_same_program_asked_twice_at_once_is_asked_once(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    send = lambda: send_to_program(taken.pk, program, [], actor=nora, now=now)  # noqa: E731
    results = together(send, send)
    assert sorted(type(each).__name__ for each in results) == ["CannotSend", "Placement"]
    assert isinstance(next(each for each in results if isinstance(each, Exception)), CannotSend)


def test_notes_written_together_are_all_kept(taken: Referral, nora: Actor, now: datetime) -> None:
    version = Referral.objects.get().version
    together(*(lambda text=text: add_note(taken.pk, text, actor=nora, now=now) for text in "abcd"))
    assert sorted(TimelineEntry.objects.filter(kind="note").values_list("text", flat=True)) == list("abcd")
    assert Referral.objects.get().version == version + 4


def test_a_note_sent_twice_at_once_opens_one_request(make_ask: Callable[..., Ask], now: datetime) -> None:
    ask = make_ask()
    results = together(*[lambda: open_referral(ask, actor=FAMILY, now=now)] * 3)
    assert len({each.pk for each in results}) == 1
    assert TimelineEntry.objects.filter(kind="opened").count() == 1


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("note", {"note": "They called at nine."}),
        ("task", {"kind": "other", "text": "Send the list.", "due": f"{timezone.localdate() + timedelta(days=30)}"}),
    ],
)
def test_a_button_pressed_three_times_at_once_works_once(
    taken: Referral, staff: Client, command: str, typed: dict[str, str]
) -> None:
    version = Referral.objects.get().version
    clients = [Client() for _each in range(3)]
    for client in clients:
        client.cookies = staff.cookies
    path, form = f"/staff/referral/{taken.pk}/{command}/", {"version": version, **typed}
    answers = together(*(lambda client=each: client.post(path, form) for each in clients))
    assert [answer.status_code for answer in answers] == [302] * 3
    assert Referral.objects.get().version == version + 1


@pytest.mark.django_db(transaction=True)
def test_two_families_with_one_number_who_ask_together_both_are_kept(
    make_ask: Callable[..., Ask], now: datetime
) -> None:
    asks = [make_ask(contact_name=name, patient_name=name) for name in ("Rosa Sample", "Ana Sample")]
    results = together(*(lambda ask=ask: open_referral(ask, actor=FAMILY, now=now) for ask in asks))
    assert [type(each) for each in results] == [Referral, Referral], results
    assert Referral.objects.count() == 2
    assert sorted(each.contact.name for each in Referral.objects.all()) == ["Ana Sample", "Rosa Sample"]
    assert Permission.objects.filter(revoked_at=None).count() == 2


def test_of_two_who_merge_the_other_way_round_one_is_kept(
    make_referral: Callable[..., Referral], make_user: Callable[..., Any], now: datetime
) -> None:
    sam = Actor.of(make_user("sam", "Supervisors"))
    first, second = (make_referral(email=f"rosa{n}@example.org").pk for n in (1, 2))
    Referral.objects.update(contacted_at=now)
    results = together(
        lambda: merge_referrals(first, second, other_contact=True, actor=sam, now=now),
        lambda: merge_referrals(second, first, other_contact=True, actor=sam, now=now),
    )
    lost = [each for each in results if not isinstance(each, Referral)]
    assert len(lost) == 1 and isinstance(lost[0], CannotMerge | Refused), results
    assert Referral.objects.open().count() == 1


def test_a_signature_withdrawn_in_two_places_at_once_ends_once_in_each(
    make_referral: Callable[..., Referral], two: list[Actor], now: datetime
) -> None:
    last = take(make_referral().pk, actor=two[0], now=now)
    Referral.objects.filter(pk=last.pk).update(status="connected")
    to = NextStep(low=None, high=None, urgency="routine", reason="Ready.")
    after = step_referral(last.pk, to, actor=two[0], now=now)
    own, held = last.consents.get().pk, after.consents.get().pk
    results = together(*(lambda pk=pk: revoke_consent(pk, actor=FAMILY, now=now) for pk in (own, held)))
    assert not [each for each in results if isinstance(each, Exception)]
    ended = TimelineEntry.objects.filter(kind=TimelineEntry.Kind.CONSENT_REVOKED)
    assert sorted(ended.values_list("referral", flat=True)) == sorted([last.pk, after.pk])
