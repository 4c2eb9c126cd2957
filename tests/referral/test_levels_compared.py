"""The level that the answers gave, the one that staff settled and the one of admission are kept apart and compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions import answer, begin, forget
from assessments.demo import load
from assessments.models import Response
from directory.models import Program
from guides.models import LevelOfCare
from privacy.models import AccessEvent
from referral.actions.common import Actor
from referral.actions.needs import Need, change_need
from referral.actions.placements import accept_placement, start_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.agreement import Case, Moved, admitted, by_month, settled
from referral.lifecycle import Refused
from referral.models import Placement, Referral

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("computed", "now", "moved"),
    [
        ((3, 4), (3, 4), Moved.SAME),
        ((3, 4), (2, 4), Moved.LOWER),
        ((3, 4), (3, 3), Moved.LOWER),
        ((3, 4), (4, 4), Moved.HIGHER),
        ((3, 3), (3, 5), Moved.HIGHER),
    ],
)
def test_staff_keep_lower_or_raise_what_the_answers_gave(
    computed: tuple[int, int], now: tuple[int, int], moved: Moved
) -> None:
    assert settled(computed, now) == moved


@pytest.mark.parametrize(("level", "moved"), [(2, Moved.LOWER), (3, Moved.SAME), (4, Moved.SAME), (5, Moved.HIGHER)])
def test_admission_is_in_the_range_or_beside_it(level: int, moved: Moved) -> None:
    assert admitted((3, 4), level) == moved


def test_months_count_each_case_once_the_newest_first() -> None:
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    months = by_month(
        [Case(june, (3, 3), None, None), Case(july, (3, 3), (4, 4), 3), Case(july, (3, 4), (3, 4), 5)],
    )
    assert [(month.month, month.computed, month.overridden) for month in months] == [(july, 2, 1), (june, 1, 0)]
    assert months[0].admitted == {Moved.SAME: 1, Moved.HIGHER: 1, Moved.LOWER: 0}
    assert months[1].settled == {Moved.SAME: 1, Moved.HIGHER: 0, Moved.LOWER: 0}
    assert sum(months[1].admitted.values()) == 0


@pytest.fixture
def response(rows: None, now: datetime) -> Response:
    """Answers to the shipped questionnaire, up to their end, with the mildest choice everywhere but two."""
    load(now)
    begun = begin(key="level-of-care", language="en", voice="me", now=now)
    given: Any = begun
    while (key := given.outcome().next_question) is not None:
        asked = given.version.definition.by_key[key]
        least: Any = [] if asked.kind == "many" else asked.choices[0].key
        given, _outcome = answer(given, question=key, answer="not_sure" if key == "daily-life" else least, now=now)
    return begun.__class__.objects.get(pk=begun.pk)


@pytest.fixture
def shared(make_referral: Callable[..., Referral], response: Response, nora: Actor, now: datetime) -> Referral:
    """A referral whose family shared its answers, taken by Nora."""
    low, high = LevelOfCare.objects.get(slug="outpatient"), LevelOfCare.objects.get(slug="iop")
    return take(make_referral(response=response, level_low=low, level_high=high).pk, actor=nora, now=now)


def need(referral: Referral, level: str, reason: str) -> Need:
    found = LevelOfCare.objects.get(slug=level)
    return Need(concern=referral.concern, low=found, high=found, urgency=referral.urgency, reason=reason)


def test_an_override_needs_a_reason_and_keeps_what_was_computed(shared: Referral, nora: Actor, now: datetime) -> None:
    with pytest.raises(Refused):
        change_need(shared.pk, need(shared, "php", " "), actor=nora, now=now)
    change_need(shared.pk, need(shared, "php", "Cannot get through a day."), actor=nora, now=now)
    kept = Referral.objects.get(pk=shared.pk)
    assert (kept.level_range, kept.computed_range) == ("php", "outpatient – iop")
    assert kept.level_reason == "Cannot get through a day."


def test_without_answers_nothing_is_computed(make_referral: Callable[..., Referral]) -> None:
    level = LevelOfCare.objects.get(slug="iop")
    made = make_referral(level_low=level, level_high=level)
    assert made.computed_low is None and not Referral.objects.with_levels().exists()


def in_care(referral: Referral, program: Program, level: str | None, actor: Actor, now: datetime) -> Placement:
    placed = send_to_program(referral.pk, program, [], reason="They know it.", actor=actor, now=now)
    accept_placement(placed.pk, actor=actor, now=now)
    found = LevelOfCare.objects.get(slug=level) if level else None
    return start_placement(placed.pk, found, actor=actor, now=now)


def test_a_program_with_one_level_admits_to_that_one(
    shared: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    only = LevelOfCare.objects.get(slug="php")
    program.offers.all().delete()
    program.offers.create(level=only)
    assert in_care(shared, program, None, nora, now).level == only


def test_supervisors_see_the_agreement_as_picture_and_table(
    shared: Referral, program: Program, nora: Actor, now: datetime, supervisor: Any, sign_in: Callable[[Any], Client]
) -> None:
    change_need(shared.pk, need(shared, "php", "Cannot get through a day."), actor=nora, now=now)
    in_care(Referral.objects.get(pk=shared.pk), program, "iop", nora, now)
    answer = sign_in(supervisor).get(reverse("workspace:agreement"))
    ((month, staff_bar, care_bar),) = answer.context["lines"]
    assert (month.computed, month.settled[Moved.HIGHER], month.admitted[Moved.SAME]) == (1, 1, 1)
    assert (staff_bar, care_bar) == ([("higher", 0, 200)], [("same", 0, 200)])
    html = answer.content.decode()
    assert (
        html.count('<svg class="agree-bar"') == 2 and "Of 1 request with answers, staff kept the level for 0." in html
    )
    assert shared.public_code not in html and str(shared.contact) not in html


def test_navigators_do_not_see_the_agreement(staff: Client) -> None:
    assert staff.get(reverse("workspace:agreement")).status_code == 403


def test_the_page_shows_ratings_rules_and_range_of_shared_answers(shared: Referral, staff: Client) -> None:
    html = staff.get(reverse("workspace:referral", args=[shared.pk])).content.decode()
    assert "What the questionnaire found" in html
    definition = Response.objects.get().version.definition
    for dimension in definition.dimensions:
        assert dimension.name.say("en", "me") in html
    found = staff.get(reverse("workspace:referral", args=[shared.pk])).context["found"]
    assert {one.name for one in found.ratings if one.low != one.high}
    assert all(rule.reason and rule.because for rule in [*found.rules, *found.lower])
    assert {rule.level for rule in found.rules}.isdisjoint({rule.level for rule in found.lower})


def test_the_determination_has_a_page_of_its_own(shared: Referral, staff: Client, nora: Actor, now: datetime) -> None:
    change_need(shared.pk, need(shared, "php", "Cannot get through a day."), actor=nora, now=now)
    page = staff.get(reverse("workspace:determination", args=[shared.pk]))
    html = page.content.decode()
    assert all(words in html for words in ("outpatient – iop", "php", "Cannot get through a day.", "not known yet"))
    assert all(rule.reason in html for rule in [*page.context["found"].rules, *page.context["found"].lower])
    assert "<details" not in html.split('id="main"')[1] and len(page.context["answers"]) >= 19
    assert AccessEvent.objects.filter(subject=shared.key, action="viewed").exists()


def test_a_determination_is_shown_only_to_whom_may_see_the_referral(
    shared: Referral, taken: Referral, staff: Client, client: Client
) -> None:
    assert client.get(reverse("workspace:determination", args=[shared.pk])).status_code in (302, 403)
    assert staff.get(reverse("workspace:determination", args=[taken.pk])).status_code == 404


def test_without_shared_answers_nothing_is_found(taken: Referral, staff: Client) -> None:
    assert (
        "What the questionnaire found" not in staff.get(reverse("workspace:referral", args=[taken.pk])).content.decode()
    )


def test_deleted_answers_leave_the_request_as_it_is(shared: Referral, response: Response, now: datetime) -> None:
    forget(response, now=now)
    kept = Referral.objects.get(pk=shared.pk)
    assert kept.response is None and (kept.status, kept.level_high) == (shared.status, shared.level_high)
