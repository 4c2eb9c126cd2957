"""What a family needs goes into the match; a program that does not meet it takes a reason, held in the action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import demo as questionnaires
from assessments.actions import begin
from assessments.models import Response
from directory.models import Program
from directory.views import listed_programs
from guides.models import LevelOfCare
from referral.actions.common import Actor, Mismatch
from referral.actions.needs import Need, change_need
from referral.actions.sending import send_to_program
from referral.models import Placement, Referral
from referral.needs import against, wish_of
from referral.timeline import for_family, for_staff
from workspace.views.ask_programs import suggestions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def settle(taken: Referral, nora: Actor, now: datetime) -> Callable[..., Referral]:
    """Let staff settle the need, with what is known of the person."""

    def settled(**known: Any) -> Referral:
        need = {"concern": "substance_use", "low": None, "high": None, "urgency": "routine", "reason": "We talked."}
        change_need(taken.pk, Need(**{**need, **known}), actor=nora, now=now)
        return Referral.objects.get(pk=taken.pk)

    return settled


def limited(program: Program, **limits: Any) -> Program:
    for name, value in limits.items():
        setattr(program, name, value)
    program.save()
    return program


# What the person needs, what the program is limited to, and the need that speaks against it.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "age": ({"age": "adult"}, {"age_min": 12, "age_max": 17}),
    "only_for": ({"gender": "women"}, {"only_for": "men"}),
    "payment": ({"payment": ["medi_cal"]}, {"payment": ["self_pay"]}),
    "languages": ({}, {"languages": ["hy"]}),
    "concern": ({}, {"concern": "mental_health"}),
    "level": ({"low": "medically-managed", "high": "medically-managed"}, {}),
}


@pytest.fixture
def case(settle: Callable[..., Referral], program: Program, request: pytest.FixtureRequest) -> Referral:
    known, limits = CASES[request.param]
    levels = {name: LevelOfCare.objects.get(slug=known[name]) for name in ("low", "high") if name in known}
    limits = {"concern": "both", "languages": ["en"], "payment": [], **limits}
    limited(program, **limits)
    known = known | levels
    return settle(**known)


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_a_need_that_is_not_met_takes_a_reason(case: Referral, program: Program, nora: Actor, now: datetime) -> None:
    for reason in ("", "  \n"):
        with pytest.raises(Mismatch):
            send_to_program(case.pk, program, [], actor=nora, now=now, reason=reason)
    assert not Placement.objects.exists()
    send_to_program(case.pk, program, [], actor=nora, now=now, reason="The family asked for it.")
    line = case.timeline.get(kind="sent")
    assert line.text == "The family asked for it."
    assert "Does not match" in for_staff(line)
    assert "match" not in for_family(line) and "asked for it" not in for_family(line)


@pytest.mark.parametrize(("case", "key"), [(key, key) for key in CASES], indirect=["case"])
def test_the_need_that_is_not_met_is_named(case: Referral, program: Program, now: datetime, key: str) -> None:
    found = against(case, program, now=now)
    assert key in found.keys
    assert len(found.sentences) == len(found.keys) and all(found.sentences)


def test_what_is_not_known_speaks_against_nothing(taken: Referral, program: Program, now: datetime) -> None:
    limited(program, age_min=12, age_max=17, only_for="men", payment=["self_pay"], concern="both", languages=["en"])
    taken.patient.age = ""
    assert against(taken, program, now=now).keys == ()


def test_a_program_that_meets_every_need_takes_no_reason(
    settle: Callable[..., Referral], program: Program, nora: Actor, now: datetime
) -> None:
    referral = settle(age="adult", gender="women", payment=["medi_cal"])
    limited(program, age_min=18, only_for="women", payment=["medi_cal"], concern="both", languages=["en"])
    send_to_program(referral.pk, program, [], actor=nora, now=now, reason="typed before, not needed")
    line = referral.timeline.get(kind="sent")
    assert (line.text, line.params["against"]) == ("", [])


def test_a_program_for_teens_is_not_suggested_for_an_adult_and_says_why(settle: Callable[..., Referral]) -> None:
    referral = settle(age="adult", payment=["medi_cal"])
    three = list(Program.objects.public().order_by("name")[:3])
    Program.objects.exclude(pk__in=[each.pk for each in three]).update(status="archived")
    for each in three:
        limited(each, concern="both", age_min=18, age_max=None, payment=["medi_cal"], languages=["en"])
    limited(three[0], age_min=12, age_max=17)
    assert {each.program for each in suggestions(referral, [], timezone.now())} == set(three[1:])
    fits = Program.objects.filter(pk=three[0].pk).ranked(wish_of(referral), now=timezone.now(), reach=None)
    [by_name] = listed_programs(fits, {})
    assert [line.text for line in by_name.lines if line.answer == "no" and line.kind == "fact"] == [
        "Serves ages 12 to 17, not 18 to 64."
    ]


def test_the_answers_of_the_family_go_into_the_match(
    taken: Referral, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    questionnaires.load(now)
    taken.response = begin(key="level-of-care", language="en", voice="me", now=now)
    given = {"paying": ["medi-cal"], "language": ["spanish"], "person": ["pregnant"]}
    path = [SimpleNamespace(question=SimpleNamespace(key=key), answer=answer) for key, answer in given.items()]
    monkeypatch.setattr(Response, "outcome", lambda _self: SimpleNamespace(path=path, ratings={}))
    wish = wish_of(taken)
    assert [set(each) for each in (wish.payment, wish.languages, wish.populations)] == [
        {"medi_cal"},
        {"es"},
        {"pregnancy"},
    ]


def test_what_staff_settled_counts_before_the_answers(settle: Callable[..., Referral]) -> None:
    wish = wish_of(settle(age="65_up", gender="women", payment=["medicare"]))
    assert (wish.ages, wish.gender, set(wish.payment)) == ((65, 120), "women", {"medicare"})


def test_timeline_names_changed_fields_and_not_their_values(settle: Callable[..., Referral]) -> None:
    line = settle(age="65_up", gender="women", payment=["medi_cal"]).timeline.latest("pk")
    assert "Changed: age group, gender, ways to pay." in for_staff(line)
    assert "medi_cal" not in str(line.params) and "women" not in str(line.params)


def test_the_need_form_shows_what_is_known(settle: Callable[..., Referral], staff: Client) -> None:
    referral = settle(gender="women", payment=["medi_cal"])
    page = staff.get(f"/staff/referral/{referral.pk}/form/need/").content.decode()
    assert '<option value="women" selected>' in page
    assert 'name="payment" value="medi_cal" id="need_payment_1" checked' in page
