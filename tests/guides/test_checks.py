"""What keeps a draft from being published, and what is only said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guides.workflow.checks import Known, Problem, broken, problems

KNOWN = Known(
    guides=frozenset({"a", "b"}),
    published=frozenset({"a"}),
    levels=frozenset({"iop", "php"}),
    aspects=frozenset({"cost"}),
    terms=frozenset({"detox"}),
)
ABOUT = {
    "key": "a",
    "reviewer": {"name": "R"},
    "last_reviewed": "2026-01-01",
    "review_due": "2027-01-01",
    "sources": [{"title": "S"}],
}
GOOD = {"type": "prose", "html": "<h2>Words</h2><p>Call us.</p>"}


def found(*blocks: dict[str, Any], language: str = "en", languages: str = "en es", **about: Any) -> list[Problem]:
    document = {"title": "T", "summary": "S", "slug": "t", "blocks": list(blocks)}
    return problems(document, {**ABOUT, **about}, language, KNOWN, date(2026, 6, 1), frozenset(languages.split()))


def test_a_good_draft_has_no_problem() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "prose", "html": ""}, "empty"),
        ({"type": "prose", "html": "<h2></h2><p>a</p>"}, "heading has no words"),
        ({"type": "prose", "html": '<p><a href="guide:a"> </a>b</p>'}, "link has no words"),
        ({"type": "prose", "html": "<h3>Small</h3><p>a</p>"}, "small heading"),
        ({"type": "prose", "html": '<p><a href="guide:zzz">a</a></p>'}, "guide:zzz"),
        ({"type": "prose", "html": '<p><a href="/guides/a/">a</a></p>'}, "/guides/a/"),
        ({"type": "prose", "html": '<p><a href="level:zzz">a</a></p>'}, "level:zzz"),
        ({"type": "prose", "html": '<p><a href="glossary:zzz">a</a></p>'}, "glossary:zzz"),
        ({"type": "prose", "html": '<p><a href="compare:iop">a</a></p>'}, "two levels"),
        ({"type": "fits", "heading": "", "items": ["a"]}, "Heading"),
        ({"type": "checklist", "heading": "H", "items": []}, "no items"),
        ({"type": "checklist", "heading": "H", "items": [" "]}, "empty"),
        ({"type": "comparison", "heading": "H", "levels": ["iop"], "aspects": "all"}, "two different"),
        ({"type": "comparison", "heading": "H", "levels": ["iop", "zzz"], "aspects": "all"}, "level:zzz"),
        ({"type": "level_cards", "heading": "H", "levels": ["iop", "php", "iop"]}, "the same one twice"),
        ({"type": "comparison", "heading": "H", "levels": ["iop", "php"], "aspects": ["zzz"]}, "zzz"),
        ({"type": "call_to_action", "to": "guide:zzz", "heading": "H", "text": "T", "label": "L"}, "guide:zzz"),
        ({"type": "call_to_action", "to": "moon", "heading": "H", "text": "T", "label": "L"}, "moon"),
        (
            {
                "type": "contacts",
                "heading": "H",
                "items": [{"name": "N", "number": "9-8-8", "tel": "nine", "sms": None, "how": "H"}],
            },
            "cannot be dialed",
        ),
    ],
)
def test_what_would_harm_a_reader_stops_it(block: dict[str, Any], words: str) -> None:
    sentences = [problem.sentence for problem in found(GOOD, block) if problem.stops]
    if "small heading" in words:
        sentences = [problem.sentence for problem in found(block) if problem.stops]
    assert any(words in sentence for sentence in sentences), sentences


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("guide:a", True),
        ("level:iop", True),
        ("glossary:", True),
        ("glossary:detox", True),
        ("compare:iop/php", True),
        ("assessment:", True),
        ("https://example.org/", True),
        ("tel:988", True),
        ("https:", False),
        ("", False),
        ("example.org", False),
    ],
)
def test_a_link_leads_somewhere_or_says_that_it_does_not(link: str, good: bool) -> None:
    assert (broken(link, KNOWN) == "") is good


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"languages": "en"}, "Spanish"),
        ({"review_due": "2026-05-31"}, "due for 1 day"),
        ({"review_due": "2031-01-01"}, "three years"),
        ({"review_due": None}, "not both set"),
        ({"reviewer": None}, "reviewer"),
        ({"sources": []}, "no source"),
    ],
)
def test_what_can_wait_is_said_and_stops_nothing(options: dict[str, Any], words: str) -> None:
    (problem,) = found(GOOD, **options)
    assert words in problem.sentence and not problem.stops


def test_an_empty_choice_of_a_link_is_told_once() -> None:
    block = {"type": "call_to_action", "to": "", "heading": "H", "text": "T", "label": "L"}
    (problem,) = [each for each in found(GOOD, block) if each.stops]
    assert "is empty" in problem.sentence


def test_a_block_of_sources_without_any_names_none() -> None:
    empty = {"type": "sources", "heading": "H", "items": []}
    assert "It names no source." in [problem.sentence for problem in found(GOOD, empty, sources=[])]


def test_hard_reading_hurtful_words_and_unpublished_links_are_only_said() -> None:
    hard = "Multidisciplinary institutional pharmacological interventions necessitate comprehensive evaluation. " * 8
    block = {"type": "prose", "html": f'<h2>H</h2><p>{hard} An addict. <a href="guide:b">b</a></p>'}
    listed = found(block)
    assert not any(problem.stops for problem in listed)
    together = " ".join(problem.sentence for problem in listed)
    assert "grade" in together and "addict" in together and "guide:b" in together


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<p><a href="guide:zzz">a</a></p>', "guide:zzz"),
        ('<p><a href="guide:b">b</a></p>', "not published yet"),
        ("<p>He is an addict.</p>", "person with a substance use disorder"),
        (f"<p>{'and then ' * 16}.</p>", "32 words. Make two of it"),
    ],
)
def test_a_problem_leads_to_its_block(html: str, words: str) -> None:
    (problem,) = [each for each in found(GOOD, {"type": "prose", "html": html}) if words in each.sentence]
    assert problem.block == 2 and problem.sentence.startswith("Block 2: ")
