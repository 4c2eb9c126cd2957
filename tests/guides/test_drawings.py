"""Level cards and drawn pictures say what the published facts say, in the language of the page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from guides.models import LevelOfCare
from guides.publishing.published import Published
from guides.publishing.rendering import prepared
from guides.workflow.checks import edition_problems
from tests.guides.test_helplines import TODAY
from ui.pictures import day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [[(9, 12), (13, 17)], [(7, 22)], [(10, 11)]])
def test_a_day_has_no_gap_and_ends_with_the_night(hours: list[tuple[int, int]]) -> None:
    parts = day(hours)
    edges = [(part.x, part.x + part.width) for part in parts]
    assert all(end == begin for (_from, end), (begin, _to) in pairwise(edges))
    assert sum(part.what == "there" for part in parts) == len(hours) and parts[-1].what == "night"


def test_a_drawing_is_told_in_the_language_of_the_page(site: None) -> None:
    LevelOfCare.objects.filter(slug="iop").update(week=["mon wed 9-12"])
    told = {code: Published(code).drawing("iop-week")["week"].words for code in ("en", "es")}
    assert "Monday" in told["en"] and "lunes" in told["es"].lower()


def test_level_cards_lead_to_each_level_with_its_facts(site: None, client: Client) -> None:
    page = client.get("/guides/staying-there/").content.decode()
    cards = page.partition("Near to it</h2>")[2].partition("</section>")[0]
    assert cards.index("/levels/iop/") < cards.index("/levels/php/")
    assert "One of many." in page and "A week can look like this" in page


def test_nothing_is_drawn_where_nobody_told_the_hours(site: None) -> None:
    block = {"type": "drawing", "drawing": "residential-day", "heading": "A day", "caption": ""}
    levels = [{**level, "week": []} for level in Published("en").reference["levels"]]
    bare = Published("en", {**Published("en").reference, "levels": levels})
    assert prepared(block, bare)["heading"] == "" and prepared(block, Published("en"))["heading"] == "A day"


def test_a_drawing_that_is_none_stops_publishing(site: None, edition: Any) -> None:
    draft = edition("paying", "en")
    draft.blocks = [
        {"id": "a", "type": "drawing", "drawing": "moon", "heading": "A", "caption": ""},
        {"id": "b", "type": "level_cards", "heading": "B", "levels": ["gone"]},
    ]
    stops = [problem for problem in edition_problems(draft, draft.document(), TODAY) if problem.stops]
    assert [problem.block for problem in stops] == [1, 2]
    assert "moon" in stops[0].sentence and "gone" in stops[1].sentence
