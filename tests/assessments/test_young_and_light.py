"""What a family reads today: for a child, for a wish not to wake up, for light drinking, uppers, and no insurance."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE, Language
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import shown, words

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]
CHILD: dict[str, Any] = {"person": ["under-18"], "substances": ["cannabis"], "weed-often": "all-day"}
WINE: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "light-daily"}
WARNS = "Stopping alcohol all at once can be dangerous"


def open_part(page: Any) -> str:
    """What is seen before anything is unfolded: the page without its closed folds and its paper."""
    html = page.content.decode().split("<main")[1].split("</main>")[0]
    html = re.sub(r'<div class="only-print paper">.*?<div class="no-print">', "", html, count=1, flags=re.DOTALL)
    return re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["programs made for them", "pediatrician", "504", "Medi-Cal", "judge’s papers", "refuse"]),
        ("es", ["programas hechos para ellos", "pediatra", "504", "Medi-Cal", "papeles del juez", "Si no quiere ir"]),
    ],
)
def test_a_child_s_family_reads_today_what_it_needs(client: Client, language: Language, told: list[str]) -> None:
    page = shown(client, {**CHILD, "paying": NOT_SURE}, language=language)
    assert [one for one in told if one not in open_part(page)] == []
    assert ("payment", "medi_cal") in page.context["search"] and ("ages", "0-17") in page.context["search"]
    assert 'name="age"' in page.content.decode()
    insured = shown(client, {**CHILD, "paying": ["private"]}, language=language)
    assert not any("Medi-Cal" in step.text for step in insured.context["young"])
    assert not shown(client, {"substances": ["cannabis"]}, language=language).context["young"]


@pytest.mark.parametrize(
    ("substances", "signs"), [([], "a parent signs. From age 12"), (["cannabis"], "they sign for")]
)
def test_the_result_of_a_child_says_who_signs_as_the_form_does(
    client: Client, substances: list[str], signs: str
) -> None:
    given: dict[str, Any] = {"person": ["under-18"], "substances": substances}
    assert signs in open_part(shown(client, given))


def test_a_wish_not_to_wake_up_says_tonight_and_asks_of_means(client: Client) -> None:
    page = shown(client, {**CHILD, "self-harm": "passing", "means": "yes"})
    today = page.context["plan"].today
    assert today[0].startswith("Tonight, stay with them.") and "away tonight" in today[1]
    assert "Are you thinking about suicide?" in open_part(page)
    assert "What to do until help comes" not in words(page)
    own = shown(client, {"self-harm": "passing"}, voice="me").context["plan"].today
    assert own[0].startswith("Tonight, ask someone to stay with you")
    es = shown(client, {**CHILD, "self-harm": "passing"}, language="es").context["plan"].today
    assert "¿Estás pensando en el suicidio?" in es[0]


@pytest.mark.parametrize(
    ("answers", "warned"),
    [
        ({"stopping": "nothing"}, False),
        ({"stopping": "mild"}, False),
        ({"stopping": NOT_SURE}, True),
        ({"stopping": "moderate"}, True),
        ({"drink-often": NOT_SURE, "stopping": "nothing"}, True),
        ({"drink-often": "some-days", "stopping": "mild"}, True),
        ({"drink-often": "most-days", "stopping": "nothing"}, True),
        ({"person": ["older"], "stopping": "nothing"}, True),
    ],
)
def test_the_warning_of_stopping_follows_amount_and_signs(
    client: Client, answers: dict[str, Any], warned: bool
) -> None:
    page = shown(client, {**WINE, **answers}, voice="me")
    told = " ".join(page.context["plan"].today)
    assert (WARNS in told or page.context["tonight"] is not None) == warned


def test_uppers_and_panic_are_named_and_whom_to_go_to(client: Client) -> None:
    mixed = {**WINE, "substances": ["alcohol", "stimulants"], "how-often": "some-days", "mood": "most-days"}
    page = shown(client, {**mixed, "mind-signs": ["panic"], "paying": ["no-insurance"]}, voice="me")
    assert "Adderall" in open_part(page) and "chest pain" in open_part(page) and "how drunk you are" in open_part(page)
    assert "panic" in " ".join(" ".join(reason.because) for reason in page.context["why"].first)
    assert "insurance card" not in " ".join([*page.context["plan"].today, *page.context["say"]])
    assert "My insurance" not in " ".join(page.context["say"])
    assert "how drunk" not in words(shown(client, {"substances": ["stimulants"], "how-often": "some-days"}))


def test_the_search_asks_for_both_where_the_result_says_both(client: Client) -> None:
    page = shown(client, {"substances": ["alcohol"], "drink-often": "most-days", "mood": "most-days"})
    assert "substance use and mental health as one" in words(page)
    assert ("concern", "both") in page.context["search"]
    child = shown(client, {**CHILD, "self-harm": "passing"})
    assert ("concern", "both") in child.context["search"]
    assert ("concern", "substance_use") in shown(client, CHILD).context["search"]
    paid = shown(client, {**CHILD, "paying": ["no-insurance"]}).context["search"]
    assert {("payment", "medi_cal"), ("payment", "sliding_scale")} <= set(paid)
