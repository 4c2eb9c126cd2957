"""Stories after published cases get a level that a careful clinician accepts, as often as the documentation says."""

from __future__ import annotations

import re
from collections import Counter

from tests.assessments.vignettes import LEVELS, MUST_SAY, Vignette, read

WORKING = read("working")
STORIES: tuple[Vignette, ...] = WORKING


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


def test_each_story_is_a_few_plain_sentences_and_says_what_is_open() -> None:
    odd = [
        story.key
        for story in STORIES
        if not 2 <= len(re.findall(r"[.?!](?:\s|$)", story.story)) <= 5 or not story.silent or not story.why
    ]
    assert odd == []
    assert {said for story in STORIES for said in story.must_say} <= MUST_SAY


def test_accepted_levels_are_one_or_two_neighbors_or_three_with_a_reason() -> None:
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
