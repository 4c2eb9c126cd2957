"""Several programs are asked at once: chosen with reasons, shown in one preview, each under a consent."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from directory.models import Program
from referral.actions.common import Actor, Mismatch
from referral.actions.consents import Signature, sign_consent
from referral.actions.placements import accept_placement, cancel_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program, send_to_programs
from referral.models import ConsentWording, Placement, Referral
from tests.referral.conftest import confirmed, hidden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


@pytest.fixture
def two(rows: None) -> list[Program]:
    for_all = {"concern": "both", "age_min": None, "age_max": None, "payment": [], "languages": ["en", "es"]}
    Program.objects.update(only_for="", **for_all)
    return list(Program.objects.public().order_by("pk")[:2])


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def ask(referral: Referral, *programs: Program, **more: Any) -> dict[str, Any]:
    version = Referral.objects.values_list("version", flat=True).get(pk=referral.pk)
    return {"version": version, "program": [each.pk for each in programs], "categories": ["contact"], **more}


def url(referral: Referral, name: str = "send") -> str:
    return f"/staff/referral/{referral.pk}/{name}/"


def test_two_are_asked_by_one_preview_and_one_press(taken: Referral, staff: Client, two: list[Program]) -> None:
    page = words(staff.post(url(taken), ask(taken, *two)))
    assert "Send to these 2 programs?" in page and all(each.name in page for each in two)
    first, then = page.split("Once it accepts, it also sees")
    assert "Each of them sees now" in first and "Pasadena" in first
    assert "(626) 555-0142" not in first and "(626) 555-0142" in then
    assert not Placement.objects.exists()
    assert confirmed(staff, url(taken), ask(taken, *two)).status_code == 302
    assert set(taken.placements.values_list("program", flat=True)) == {each.pk for each in two}
    assert taken.timeline.filter(kind="sent").count() == 2


def test_each_that_does_not_match_takes_a_reason_of_its_own(taken: Referral, staff: Client, two: list[Program]) -> None:
    Program.objects.filter(pk__in=[each.pk for each in two]).update(concern="mental_health")
    asked = staff.post(url(taken), ask(taken, *two))
    assert words(asked).count("Why this program anyway?") == 2
    shown = hidden(asked.content.decode())
    one, other = (f"reason_{each.pk}" for each in two)
    refused = staff.post(url(taken), {**shown, one: "They know it."})
    assert refused.status_code == 409 and "They know it." in words(refused) and not Placement.objects.exists()
    assert staff.post(url(taken), {**shown, one: "They know it.", other: "It is near."}).status_code == 302
    assert {line.text for line in taken.timeline.filter(kind="sent")} == {"They know it.", "It is near."}


def test_all_are_asked_or_none(taken: Referral, nora: Actor, two: list[Program], now: datetime) -> None:
    Program.objects.filter(pk=two[1].pk).update(concern="mental_health")
    with pytest.raises(Mismatch):
        send_to_programs(taken.pk, two, [], actor=nora, now=now)
    assert not Placement.objects.exists()


def test_more_than_three_at_once_are_refused(taken: Referral, staff: Client, two: list[Program]) -> None:
    four = Program.objects.public().order_by("pk")[:4]
    answer = staff.post(url(taken), ask(taken, *four))
    assert answer.status_code == 409 and "Three programs already have it." in words(answer)


def test_any_program_is_found_by_its_name_and_stays_checked(taken: Referral, staff: Client, two: list[Program]) -> None:
    last = Program.objects.public().order_by("name").last()
    assert last is not None
    page = words(staff.post(url(taken, "ask"), ask(taken, two[0], last, find=last.name[:9].upper())))
    for each in (two[0], last):
        assert f'id="program_{each.pk}" value="{each.pk}" checked' in page
    assert f"Programs with “{last.name[:9].upper()}”" in page and 'class="reasons"' in page


def test_a_search_fills_no_other_box_and_says_no_lie_of_what_is_left(
    taken: Referral, staff: Client, two: list[Program]
) -> None:
    Program.objects.exclude(pk=two[0].pk).update(status="archived")
    name = two[0].name[:9]
    page = staff.post(url(taken, "ask"), ask(taken, find=name)).content.decode()
    search = re.search(r'<input[^>]*id="side-search"[^>]*>', page)
    assert search and f'value="{name}"' not in search[0]
    assert f"Programs with “{name}”" in words(staff.post(url(taken, "ask"), ask(taken, find=name)))
    assert "No program is left to suggest." not in page


def test_what_became_of_an_earlier_request_stands_beside_the_offer(
    taken: Referral, staff: Client, nora: Actor, two: list[Program], now: datetime
) -> None:
    for each in two:
        send_to_program(taken.pk, each, ["contact"], actor=nora, now=now, reason="They asked for it.")
    first, second = Placement.objects.order_by("pk")
    cancel_placement(first.pk, "The family changed its mind.", actor=nora, now=now)
    accept_placement(second.pk, actor=nora, now=now)
    page = words(staff.post(url(taken, "ask"), ask(taken, find=two[0].name[:9])))
    assert f"Asked before. Canceled on {now:%b} {now.day}. The family changed its mind." in page
    assert f"Accepted already: {two[1].name}." in page


def test_a_box_that_no_consent_covers_is_greyed_with_the_reason(
    make_referral: Callable[..., Referral], staff: Client, nora: Actor, now: datetime, two: list[Program]
) -> None:
    referral = take(make_referral(consent=False).pk, actor=nora, now=now)
    wording = ConsentWording.objects.current("share", "en")
    page = words(staff.get(url(referral, "ask")))
    assert "The family has not signed a consent." in page and f'id="program_{two[0].pk}"' in page
    narrow = Signature(
        name="Rosa Sample", signed_as="self", wording=wording, categories=["need", "situation"], recipients=[two[0]]
    )
    sign_consent(referral.pk, narrow, actor=nora, now=now)
    page = words(staff.get(url(referral, "ask")))
    assert page.count("The consent does not cover this.") == 2  # contact and answers
    assert "The consent names other programs, not this one." in page
    assert f'value="{two[0].pk}" disabled' not in page


def test_an_old_page_sends_nothing(taken: Referral, staff: Client, two: list[Program]) -> None:
    answer = staff.post(url(taken), {**ask(taken, *two), "version": 1})
    assert answer.status_code == 409 and "Someone changed this referral" in words(answer)
    assert f'id="program_{two[0].pk}" value="{two[0].pk}" checked' in words(answer)


def test_what_is_for_one_gender_is_not_first_where_none_was_said(
    taken: Referral, staff: Client, two: list[Program]
) -> None:
    best = [each.item.program for each in staff.get(url(taken, "ask")).context["best"]]
    Program.objects.filter(pk=best[0].pk).update(only_for="women")
    moved = [each.item.program.pk for each in staff.get(url(taken, "ask")).context["best"]]
    assert moved[-1] == best[0].pk or best[0].pk not in moved
    taken.patient.gender = "women"
    taken.patient.save()
    assert staff.get(url(taken, "ask")).context["best"][0].item.program.pk == best[0].pk


def test_each_program_says_its_levels_until_one_is_wished(taken: Referral, staff: Client, two: list[Program]) -> None:
    choices = staff.get(url(taken, "ask")).context["best"]
    assert all(each.levels for each in choices)
    first = choices[0].item.program.offers.first()
    assert str(first.level) in choices[0].levels
    Referral.objects.filter(pk=taken.pk).update(level_low=first.level, level_high=first.level)
    assert not any(each.levels for each in staff.get(url(taken, "ask")).context["best"])
