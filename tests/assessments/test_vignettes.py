"""Stories after published cases get a level that a careful clinician accepts, as often as the documentation says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from assessments.engine.decide import evaluate, outcome_to_json
from tests.assessments.vignettes import LEVELS, MUST_SAY, Vignette, Way, read, recorded
from tests.engine.building import default_definition

WORKING, FRESH = read("working"), read("fresh")
STORIES: tuple[Vignette, ...] = WORKING + FRESH
DEFINITION = default_definition()
ANSWERS = recorded()
SAID = {
    "do-not-stop-suddenly": {
        "do-not-stop-suddenly",
        "pregnant-and-using",
        "alcohol-sedatives",
        "slow-taper",
        "withdrawal-danger",
        "keep-taking",
    },
    "benzodiazepines": {"do-not-stop-suddenly", "alcohol-sedatives", "slow-taper", "withdrawal-danger", "keep-taking"},
    "overdose": {"overdose", "overdose-last-year", "overdose-now"},
    "keep-medicine": {"on-medicine", "keep-taking"},
    "pregnancy": {"pregnancy"},
    "after-birth": {"new-baby"},
    "under-18": {"under-18"},
    "65-plus": {"older-adult"},
    "veterans": {"veteran"},
}
"""The notes and safety rules that say what a story must be told; any one of them does."""
DOCUMENTATION = Path(settings.BASE_DIR) / "docs" / "vignettes.md"


@dataclass(frozen=True)
class Shown:
    """What the result leads with, how far it may reach, and whether a safety rule that is stated opens it."""

    certainty: str
    lead: str
    first: bool
    highest: str
    safety: bool

    def words(self) -> str:
        if self.certainty == "open":
            return "cannot tell"
        level = f"at least {self.lead}" if self.certainty == "at-least" else self.lead
        return f"first medically-managed, then {level}" if self.first else level

    def leads_with_accepted(self, story: Vignette) -> bool:
        if self.certainty == "open":
            return False
        if self.first and "medically-managed" in story.accepted:
            return True
        if self.first and story.first_medical_step == "not due":
            return False
        return self.lead in story.accepted

    def is_safe_at_least(self, story: Vignette) -> bool:
        """Nothing above what is accepted is called sure, and the level that is accepted stays open."""
        return (
            self.certainty == "at-least"
            and not self.first
            and LEVELS.index(self.lead) < LEVELS.index(story.accepted[0]) <= LEVELS.index(self.highest)
        )

    def holds_accepted(self, story: Vignette) -> bool:
        if self.first and "medically-managed" in story.accepted:
            return True
        low = 0 if self.certainty == "open" else LEVELS.index(self.lead)
        return any(low <= LEVELS.index(level) <= LEVELS.index(self.highest) for level in story.accepted)


@cache
def shown(story: Vignette, way: Way) -> Shown:
    outcome = evaluate(DEFINITION, ANSWERS[story.key][way])
    told = outcome_to_json(outcome)
    assert told["complete"], f"{story.key}: {told['next_question']} is not answered: rate it again through the pages"
    return Shown(
        certainty=told["certainty"],
        lead=told["then"][0],
        first=any(step["certain"] for step in told["first"]),
        highest=told["range"][1],
        safety=any(fired.stated for fired in outcome.safety),
    )


def rate(stories: tuple[Vignette, ...], way: Way) -> dict[str, int]:
    seen = [(story, shown(story, way)) for story in stories]
    return {
        "leads": sum(what.leads_with_accepted(story) for story, what in seen),
        "leads or safe": sum(what.leads_with_accepted(story) or what.is_safe_at_least(story) for story, what in seen),
        "inside": sum(what.holds_accepted(story) for story, what in seen),
        "open": sum(what.certainty == "open" for _story, what in seen),
    }


def figures(stories: tuple[Vignette, ...]) -> list[str]:
    """As the documentation tells them; a dash where there is no story yet."""
    if not stories:
        return ["–"] * 5
    known, unsure = rate(stories, "known"), rate(stories, "unsure")
    count = len(stories)
    counts = (known["leads"], unsure["leads"], unsure["leads or safe"], unsure["inside"], unsure["open"])
    return [f"{number} of {count} ({round(100 * number / count)} %)" for number in counts]


def misses(stories: tuple[Vignette, ...], way: Way) -> dict[str, str]:
    """Each miss as the documentation lists it: what was accepted, and what was shown."""
    missed = {}
    for story in stories:
        what = shown(story, way)
        fine = what.leads_with_accepted(story) or (way == "unsure" and what.is_safe_at_least(story))
        if not fine or not what.holds_accepted(story):
            missed[story.key] = f"{', '.join(story.accepted)} | {what.words()}"
    return missed


def listed(heading: str) -> dict[str, str]:
    """The rows under a heading of the documentation: story, accepted, shown."""
    section = DOCUMENTATION.read_text(encoding="utf-8").split(f"### {heading}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]+) \|", section, re.MULTILINE)
    return {key: f"{accepted} | {seen}" for key, accepted, seen in rows if key != "story"}


@pytest.mark.slow
def test_the_documentation_tells_how_often_stories_and_result_agree() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    told = re.findall(r"^\| .+ \| (\d+ of \d+ \(\d+ %\)|–) \| (\d+ of \d+ \(\d+ %\)|–) \|$", text, re.MULTILINE)
    assert told == list(zip(figures(FRESH), figures(WORKING), strict=True))


def test_the_documentation_lists_every_miss_by_name() -> None:
    assert listed("With everything known") == misses(STORIES, "known")
    assert listed("With “Not sure” wherever the story is silent") == misses(STORIES, "unsure")


def test_stories_of_danger_or_of_a_doctor_first_are_told_it() -> None:
    ways: tuple[Way, ...] = ("known", "unsure")
    lacking = [
        (story.key, way)
        for story in STORIES
        if story.needs_safety_first
        for way in ways
        if not shown(story, way).safety
    ]
    section = DOCUMENTATION.read_text(encoding="utf-8").split("### Without a doctor first\n")[1].split("\n#")[0]
    told = re.findall(r"^\| ([a-z0-9-]+) \| ([a-z, ]+) \|", section, re.MULTILINE)
    assert lacking == [(key, way) for key, both in told if key != "story" for way in both.split(", ")]


def test_what_a_story_must_be_told_stands_on_its_result() -> None:
    ways: tuple[Way, ...] = ("known", "unsure")
    lacking = []
    for story in STORIES:
        for way in ways:
            outcome = evaluate(DEFINITION, ANSWERS[story.key][way])
            stated = {fired.rule for fired in (*outcome.safety, *outcome.notes) if fired.stated}
            lacking += [(story.key, said) for said in story.must_say & SAID.keys() if not SAID[said] & stated]
    section = DOCUMENTATION.read_text(encoding="utf-8").split("### Not told\n")[1].split("\n#")[0]
    told = re.findall(r"^\| ([a-z0-9-]+) \| ([a-z0-9-]+) \|", section, re.MULTILINE)
    assert set(lacking) == {row for row in told if row[0] != "story"}


def test_every_story_was_filled_in_both_ways() -> None:
    assert {key: sorted(ways) for key, ways in ANSWERS.items()} == {story.key: ["known", "unsure"] for story in STORIES}


def test_each_story_names_the_published_case_it_is_written_from() -> None:
    lacking = [
        story.key
        for story in STORIES
        if not (
            story.source.title
            and story.source.publisher
            and re.match(r"https?://\S+$", story.source.address)
            and (story.source.year is None or 1980 <= story.source.year <= 2026)
        )
    ]
    assert lacking == []
    assert [key for key, times in Counter(story.key for story in STORIES).items() if times > 1] == []


def test_each_story_is_short_and_says_what_is_open() -> None:
    odd = [
        story.key
        for story in STORIES
        if not 2 <= len(re.findall(r"[.?!](?:\s|$)", story.story)) <= 12 or not story.silent or not story.why
    ]
    assert odd == []
    assert {said for story in STORIES for said in story.must_say} <= MUST_SAY


def test_accepted_levels_are_neighbors_and_three_have_a_reason() -> None:
    odd = []
    for story in STORIES:
        places = [LEVELS.index(level) for level in story.accepted]
        neighbors = places == list(range(places[0], places[0] + len(places))) if places else False
        if not neighbors or len(places) > 3 or (len(places) == 3) != bool(story.why_three):
            odd.append(story.key)
    assert odd == []


def test_the_stories_are_of_many_kinds_of_people() -> None:
    tags = Counter(tag for story in STORIES for tag in story.tags)
    kinds = Counter(story.kind for story in STORIES)
    assert kinds["mental-health"] * 3 >= len(STORIES)
    groups = ("teen", "65+", "pregnant", "veteran", "after-birth", "mild", "step-down", "on-medicine")
    assert {group: tags[group] for group in groups if tags[group] < 2} == {}
    assert {teller: Counter(story.teller for story in STORIES)[teller] >= 10 for teller in ("me", "loved-one")} == {
        "me": True,
        "loved-one": True,
    }
    assert {level for story in STORIES for level in story.accepted} == set(LEVELS)
