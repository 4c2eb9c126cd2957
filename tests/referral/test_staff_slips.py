"""Small things that made staff stumble: an age that is known, times as they are read, errors without their field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from directory.models import Program
from referral.models import Referral
from referral.needs import wish_of
from ui.forms import ClockField, CompactForm, picked
from workspace.views.ask_programs import suggestions


@pytest.mark.django_db
def test_a_known_year_of_birth_is_asked_of_no_program(make_referral: Callable[..., Referral], program: Program) -> None:
    referral, year = make_referral(), timezone.localdate().year
    referral.patient.birth_year, referral.patient.age = str(year - 16), "under_18"
    assert wish_of(referral).ages == (15, 16)
    Program.objects.update(age_min=12, age_max=17)
    lines = [line.text for each in suggestions(referral, [], timezone.now()) for line in each.lines]
    assert "Serves this age (12 to 17)." in lines and "Your ZIP code" not in " ".join(lines)
    Program.objects.update(age_min=18, age_max=None)
    assert suggestions(referral, [], timezone.now()) == []  # what is known not to serve this age is not the best for it


@pytest.mark.parametrize("typed", ["6:00 p.m.", "6:00 p. m.", "6 PM", "18:00", "18:00:00", "6:00pm"])
def test_a_time_is_taken_as_pages_write_it(typed: str) -> None:
    assert ClockField().clean(typed) == time(18)


def test_a_time_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match=r"such as 6:00 p\.m\."):
        ClockField().clean("noonish")


def test_the_list_of_errors_says_what_is_to_be_chosen() -> None:
    class Asks(CompactForm):
        outcome = picked("Outcome", [("a", "A")])
        who = picked("For whom?", [("a", "A")])

    said = render_to_string("ui/errors.html", {"form": Asks({})})
    assert "Outcome: Please choose one." in said and "For whom? Please choose one." in said


@pytest.mark.django_db
def test_our_own_ending_is_not_blamed_for_a_longer_text(make_referral: Callable[..., Referral], staff: Client) -> None:
    spanish: Any = make_referral(language="es")
    typed = {"key": "7f5d2a52-6f0f-4c43-8a4e-0d8f3d0f3a11", "channel": "sms", "words": "Le llamo a las 5."}
    page = staff.post(f"/staff/referral/{spanish.pk}/write/", typed).content.decode()
    assert "Le llamo a las 5." in page and "These characters make it longer" not in page
