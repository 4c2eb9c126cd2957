"""The result page: honest when it is wide, short when it is not, and it takes what it knows to the programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE
from assessments.family import pages
from assessments.family.search import FIELDS
from assessments.models import Response
from directory.forms import SearchForm

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]


PLAN: dict[str, Any] = {
    "substances": ["alcohol"],
    "how_often": "daily",
    "mood": "every-day",
    "home": "triggers",
    "self_harm": "plan",
}


def result(client: Client, unsure: bool = False, **answers: Any) -> Any:
    """The result of these answers, the rest least severe (or all "not sure")."""
    page = client.get("/assessment/1/", follow=True)
    while not page.request["PATH_INFO"].endswith("/result/"):
        if page.request["PATH_INFO"].endswith("/safety/"):
            page = client.post("/assessment/safety/", follow=True)
            continue
        if page.request["PATH_INFO"].endswith("/check/"):
            page = client.get("/assessment/result/", follow=True)
            continue
        asked = page.context["form"].asked
        least = NOT_SURE if unsure else [""] if asked.kind == "many" else asked.choices[0].key
        data = {"question": asked.key, "answer": answers.get(asked.key.replace("-", "_"), least)}
        page = client.post(page.request["PATH_INFO"], data, follow=True)
    return page


def test_wide_range_asks_at_most_three_answerable_questions(family: Client) -> None:
    page = result(family, unsure=True)
    words = page.content.decode()
    assert "Your answers point to several levels" in words
    assert "May fit" not in words and "Suggested" not in words and "If so</span>" not in words
    assert len(page.context["narrowing"]) == 3
    first = page.context["narrowing"][0]["number"]
    key = family.get(f"/assessment/{first}/").context["form"].asked.key
    assert key == "danger-now"
    # An answer leads straight back to the result.
    assert family.post(f"/assessment/{first}/", {"question": key, "answer": [""]})["Location"] == "/assessment/result/"


def test_a_wide_range_tells_what_the_answers_do_state(family: Client) -> None:
    page = result(family, unsure=True, mood="most-days", home="no-home")
    assert {reason.rule for reason in page.context["reasons"]} >= {"moderate-and-strain"}
    assert all(reason.stated for reason in [*page.context["reasons"], *page.context["more_reasons"]])
    assert any("211" in note for note in page.context["notes"])


def test_at_most_five_reasons_are_open(family: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "REASONS_OPEN", 1)
    page = result(family, **PLAN, means="no")
    assert len(page.context["reasons"]) == 1 and page.context["more_reasons"]
    levels = Response.objects.get().version.definition.levels
    places = [levels.index(reason.level) for reason in [*page.context["reasons"], *page.context["more_reasons"]]]
    assert places == sorted(places, reverse=True)


@pytest.mark.parametrize("means", ["yes", "no", NOT_SURE])
def test_reasons_are_only_those_of_the_levels_shown(family: Client, means: str) -> None:
    page = result(family, **PLAN, means=means)
    outcome = Response.objects.get().outcome()
    levels = Response.objects.get().version.definition.levels
    shown = [*page.context["reasons"], *page.context["more_reasons"]]
    assert outcome.range and {reason.level for reason in shown} <= set(levels[levels.index(outcome.range[0]) :])
    assert shown[0].level in outcome.range
    assert any(reason.level not in outcome.range for reason in page.context["explanation"].reasons)
    assert "several times a week" not in page.content.decode().split('id="why"')[1].split("</section>")[0]


def test_the_next_step_stands_before_the_reasons(family: Client) -> None:
    words = result(family).content.decode()
    assert words.index("Ask for help</a>\n") < words.index('id="all-levels"')


def test_wishes_are_shown_only_when_there_are_some(family: Client) -> None:
    assert 'id="wishes"' not in result(family, distance="hour").content.decode()
    family.post("/assessment/", {"voice": "me"})
    words = result(family, distance="hour", duties=["work"]).content.decode()
    assert 'id="wishes"' in words and "None named" not in words


def test_what_the_answers_know_goes_with_the_search(family: Client) -> None:
    page = result(
        family, substances=["alcohol"], how_often="daily", paying=["medi-cal"], language="spanish", person=["older"]
    )
    assert page.context["search"] == [
        ("concern", "substance_use"),
        ("populations", "older_adults"),
        ("payment", "medi_cal"),
        ("languages", "es"),
    ]
    assert page.content.decode().count('name="payment" value="medi_cal"') == 2


def test_every_answer_passed_on_exists_in_the_search(family: Client) -> None:
    definition = Response.objects.get().version.definition
    for (question, choice), fields in FIELDS.items():
        assert definition.by_key[question].choice(choice)
        for name, value in fields:
            assert value in dict(SearchForm().fields[name].choices), (name, value)  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ["substance_use", "mental_health", "both"])
def test_the_search_knows_each_concern(value: str) -> None:
    assert value in dict(SearchForm().fields["concern"].choices)  # type: ignore[attr-defined]


def test_the_last_question_says_so(family: Client) -> None:
    result(family)
    last = len(Response.objects.get().outcome().path)
    assert "The last question" in family.get(f"/assessment/{last}/").content.decode()
    assert "1 more after this" in family.get(f"/assessment/{last - 1}/").content.decode()
