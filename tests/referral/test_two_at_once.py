"""Two people at the same referral at the same time: one wins, the other is told, nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from directory.models import Program
from referral.actions.common import FAMILY, Actor, NotYours, Stale
from referral.actions.intake import Ask, open_referral
from referral.actions.placements import CannotSend, accept, reject, send_to_program
from referral.actions.referrals import add_note, hold, take
from referral.lifecycle import Refused
from referral.models import Placement, Referral, TimelineEntry


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
def two(make_user: Callable[..., Any]) -> list[Actor]:
    return [Actor.of(make_user(name, "Navigators")) for name in ("nora", "ben")]


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
def test_a_program_and_a_navigator_who_answer_together_give_one_answer(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    results = together(
        lambda: accept(placement.pk, actor=Actor.program("A"), now=now),
        lambda: reject(placement.pk, "No openings", actor=nora, now=now),
    )
    assert sorted(type(each).__name__ for each in results) == ["Placement", "Refused"]
    answered = TimelineEntry.objects.filter(kind__in=["accepted", "rejected"])
    assert [entry.kind for entry in answered] == [Placement.objects.get().status]


@pytest.mark.django_db(transaction=True)
def test_the_same_program_asked_twice_at_once_is_asked_once(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    send = lambda: send_to_program(taken.pk, program, [], actor=nora, now=now)  # noqa: E731
    results = together(send, send)
    assert sorted(type(each).__name__ for each in results) == ["CannotSend", "Placement"]
    assert isinstance(next(each for each in results if isinstance(each, Exception)), CannotSend)


@pytest.mark.django_db(transaction=True)
def test_notes_written_together_are_all_kept(taken: Referral, nora: Actor, now: datetime) -> None:
    version = Referral.objects.get().version
    together(*(lambda text=text: add_note(taken.pk, text, actor=nora, now=now) for text in "abcd"))
    assert sorted(TimelineEntry.objects.filter(kind="note").values_list("text", flat=True)) == list("abcd")
    assert Referral.objects.get().version == version + 4


@pytest.mark.django_db(transaction=True)
def test_a_note_sent_twice_at_once_opens_one_request(make_ask: Callable[..., Ask], now: datetime) -> None:
    ask = make_ask()
    results = together(*[lambda: open_referral(ask, actor=FAMILY, now=now)] * 3)
    assert len({each.pk for each in results}) == 1
    assert TimelineEntry.objects.filter(kind="opened").count() == 1


@pytest.mark.django_db
def test_a_stale_page_is_answered_with_a_sentence_and_keeps_what_was_typed(
    taken: Referral, nora: Actor, staff: Client, now: datetime
) -> None:
    stale = Referral.objects.get().version
    hold(taken.pk, until=now, reason="away", actor=nora, now=now)
    typed = {"version": stale, "closing": "declined", "reason": "They found a bed elsewhere."}
    answer = staff.post(f"/staff/referral/{taken.pk}/close/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone changed this referral while you were looking at it." in page
    assert "They found a bed elsewhere." in page
    assert Referral.objects.get().status == "on_hold"
    # The page now carries the version it shows, so pressing again does it.
    again = staff.post(f"/staff/referral/{taken.pk}/close/", {**typed, "version": Referral.objects.get().version})
    assert again.status_code == 302
    assert Referral.objects.get().status == "closed"


@pytest.mark.django_db
def test_who_lost_the_referral_gets_back_what_they_typed(
    taken: Referral, supervisor: Any, staff: Client, now: datetime
) -> None:
    Referral.objects.update(assigned_to=supervisor)
    answer = staff.post(f"/staff/referral/{taken.pk}/note/", {"note": "They called back at nine."})
    assert answer.status_code == 409
    assert "They called back at nine." in answer.content.decode()
    assert not TimelineEntry.objects.filter(kind="note").exists()


@pytest.mark.django_db
def test_a_refused_form_keeps_its_page_where_htmx_swaps_it(taken: Referral, staff: Client) -> None:
    typed = {"version": Referral.objects.get().version, "closing": "met", "reason": "All is well."}
    plain = staff.post(f"/staff/referral/{taken.pk}/close/", typed)
    assert (plain.status_code, "HX-Push-Url" in plain.headers) == (409, False)
    assert "You cannot do this in the current status." in plain.content.decode()
    swapped = staff.post(f"/staff/referral/{taken.pk}/close/", typed, headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Push-Url"]) == (200, "false")
    assert "All is well." in swapped.content.decode()
