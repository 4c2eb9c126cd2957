"""Nothing goes to a program without a live consent that covers it, at no point of the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter
from messaging.models import Message
from referral.actions.common import FAMILY, Actor, CannotSend, NotCovered
from referral.actions.consents import revoke_consent
from referral.actions.placements import accept_placement, reject_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.coverage import Gap
from referral.lifecycle import Refused
from referral.models import Disclosure, Placement, ProgramLink, Referral
from referral.models.consents import CONSENT_LIFE
from tests.referral.conftest import link_in
from tests.referral.desks import answers, at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def nothing_was_sent() -> bool:
    planned = Message.objects.filter(reference__startswith="placement:")
    return not (Placement.objects.exists() or Disclosure.objects.exists() or planned.exists())


def test_without_a_consent_nothing_is_sent(
    make_referral: Callable[..., Referral], nora: Actor, program: Program, now: datetime
) -> None:
    referral = take(make_referral(consent=False).pk, actor=nora, now=now)
    with pytest.raises(NotCovered) as refused:
        send_to_program(referral.pk, program, [], actor=nora, now=now)
    assert refused.value.gap is Gap.NONE_SIGNED
    assert nothing_was_sent()


def test_a_supervisor_cannot_override_it(
    make_referral: Callable[..., Referral], supervisor: Any, program: Program, now: datetime
) -> None:
    sam = Actor.of(supervisor)
    referral = take(make_referral(consent=False).pk, actor=sam, now=now)
    with pytest.raises(NotCovered):
        send_to_program(referral.pk, program, [], actor=sam, now=now)
    assert nothing_was_sent()


def test_a_category_that_is_not_covered_is_not_sent(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    with pytest.raises(NotCovered) as refused:
        send_to_program(taken.pk, program, ["contact", "answers"], actor=nora, now=now)
    assert refused.value.gap is Gap.OTHER_CATEGORIES
    assert nothing_was_sent()


def test_a_consent_that_names_another_program_does_not_cover(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    consent = taken.consents.get()
    consent.any_program = False
    consent.save()
    consent.recipients.set(Program.objects.exclude(pk=program.pk)[:1])
    with pytest.raises(NotCovered) as refused:
        send_to_program(taken.pk, program, [], actor=nora, now=now)
    assert refused.value.gap is Gap.OTHER_RECIPIENT


@pytest.mark.parametrize(("late", "gap"), [(timedelta(0), Gap.EXPIRED), (timedelta(days=-1), None)])
def test_a_consent_ends_at_its_hour(
    taken: Referral, nora: Actor, program: Program, now: datetime, late: timedelta, gap: Gap | None
) -> None:
    when = now + CONSENT_LIFE + late
    if gap is None:
        assert send_to_program(taken.pk, program, [], actor=nora, now=when).status == "requested"
        return
    with pytest.raises(NotCovered) as refused:
        send_to_program(taken.pk, program, [], actor=nora, now=when)
    assert refused.value.gap is gap


def test_taken_back_between_planning_and_sending_the_mail_does_not_go(
    taken: Referral, nora: Actor, program: Program, now: datetime, post: Callable[..., list[Letter]]
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    # Without the action: even if the message were not cancelled, the gate asks again.
    taken.consents.update(revoked_at=now)
    assert [letter for letter in post(now) if "/p/" in letter.content.text] == []
    message = Message.objects.get(reference=placement.key)
    assert (message.state, message.reason) == ("cancelled", "withheld")
    assert message.detail == "no_consent"
    assert not ProgramLink.objects.exists()


def test_taking_it_back_cancels_what_is_undecided_and_shuts_its_page(
    taken: Referral, nora: Actor, program: Program, now: datetime, post: Callable[..., list[Letter]]
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    letter = next(each for each in post(now) if "/p/" in each.content.text)
    admissions = Client()
    with_link = link_in(letter)
    with travel(now, tick=False):
        assert admissions.get(with_link).status_code == 302
        at_the_desk(placement, now, admissions)
        assert page_of(admissions, placement).status_code == 200
        revoke_consent(taken.consents.get().pk, actor=FAMILY, now=now)
        placement.refresh_from_db()
        assert (placement.status, placement.reason_words) == ("cancelled", "The family withdrew its consent")
        assert page_of(admissions, placement).status_code == 410
        assert answers(admissions, placement, "accept").status_code == 410
        assert "Pasadena" not in Client().get(with_link, follow=True).content.decode()


def test_care_that_has_begun_is_not_ended_by_it(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    placement = send_to_program(taken.pk, program, [], actor=nora, now=now)
    accept_placement(placement.pk, actor=Actor.program("A"), now=now)
    Placement.objects.update(status="in_progress")
    revoke_consent(taken.consents.get().pk, actor=FAMILY, now=now)
    placement.refresh_from_db()
    assert placement.status == "in_progress"


def test_accepting_after_the_consent_has_ended_shares_nothing(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    with pytest.raises(NotCovered):
        accept_placement(placement.pk, actor=Actor.program("A"), now=now + CONSENT_LIFE)
    placement.refresh_from_db()
    assert placement.status == "requested"
    assert [each.categories for each in Disclosure.objects.all()] == [["need", "situation"]]


def test_a_declined_program_is_asked_again_only_by_a_new_placement(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    first = send_to_program(taken.pk, program, [], actor=nora, now=now)
    reject_placement(first.pk, "No openings", actor=Actor.program("A"), now=now)
    with pytest.raises(Refused):
        accept_placement(first.pk, actor=Actor.program("A"), now=now)
    second = send_to_program(taken.pk, program, [], actor=nora, now=now)
    assert second.pk != first.pk
    assert Placement.objects.get(pk=first.pk).status == "rejected"


def test_one_program_is_not_asked_twice_at_once_nor_four_together(taken: Referral, nora: Actor, now: datetime) -> None:
    programs = list(Program.objects.public()[:4])
    send_to_program(taken.pk, programs[0], [], actor=nora, now=now)
    with pytest.raises(CannotSend, match="already"):
        send_to_program(taken.pk, programs[0], [], actor=nora, now=now)
    for each in programs[1:3]:
        send_to_program(taken.pk, each, [], actor=nora, now=now)
    with pytest.raises(CannotSend, match="too_many"):
        send_to_program(taken.pk, programs[3], [], actor=nora, now=now)


def test_with_the_consent_goes_the_news_of_an_answer_that_it_covered(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(placement.pk, actor=Actor.program(program.name), now=now)
    news = Message.objects.get(reference=f"news:{taken.pk}")
    revoke_consent(taken.consents.get().pk, actor=FAMILY, now=now)
    news.refresh_from_db()
    assert news.state == "cancelled"
