"""The content that ships: whole, balanced, readable and kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from guides.content import documents, html
from guides.content.reading import MOST_GRADE, hurtful, reading
from tests.guides.shipped_content import CONTENT, KEYS, LANGUAGES, LEVELS, guide, load, strings, texts, words

ASPECTS = {"living", "time", "structure", "cost", "support", "daily_life", "best_for", "medical", "length"}
MAIN = [
    "levels-of-care",
    "residential",
    "intensive-outpatient",
    "key-differences",
    "choosing",
    "stepping-down",
    "first-step",
    "close-to-home",
    "families-and-friends",
    "paying-for-care",
    "get-help-now",
]
LINE_LIMITS = {"heading": 150, "text": 400, "label": 80, "title": 150}

each_guide = pytest.mark.parametrize("key", KEYS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def shape(block: dict[str, Any]) -> Any:
    """Return what must be the same in every language: kind, counts, targets, numbers and headings by size."""
    rich = [value for cell, value in documents.cells(block) if cell.kind in ("html", "inline")]
    links = [link for piece in rich for link in html.links(piece)]
    fixed = {name: block[name] for name in ("to", "tone", "levels", "aspects", "lines", "drawing") if name in block}
    rows = [item for item in block.get("items", ()) if isinstance(item, dict)]
    items = [[item.get(name) for name in ("number", "tel", "sms")] for item in rows]
    sizes = [size for size, _words in html.headings(block.get("html", ""))]
    return block["type"], fixed, len(block.get("items", ())), items, Counter(links), sizes


# ---- whole ----


def test_every_section_has_its_guide_and_every_level_too() -> None:
    assert set(MAIN) <= set(KEYS)
    assert {guide(key)["level"] for key in KEYS} - {None} == set(LEVELS)
    orders = [guide(key)["order"] for key in KEYS]
    assert len(set(orders)) == len(orders)


@each_guide
def test_a_guide_holds_every_field(key: str) -> None:
    found = guide(key)
    assert found["key"] == key
    people = {person["key"] for person in load("people.json")}
    assert {found["author"], found["reviewer"]} <= people
    last, due = date.fromisoformat(found["last_reviewed"]), date.fromisoformat(found["review_due"])
    assert last < due <= last + timedelta(days=366)
    for language in LANGUAGES:
        assert set(found[language]) == {"slug", "title", "summary", "blocks"}
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found[language]["slug"])


@each_guide
@each_language
def test_a_block_holds_its_values_and_nothing_else(key: str, language: str) -> None:
    for block in guide(key)[language]["blocks"]:
        kind = documents.BLOCKS[block["type"]]
        expected = {"type", *(cell.name for cell in kind.cells)} | ({"items"} if kind.items else set())
        assert set(block) == expected
        for cell, value in documents.cells(block):
            assert value or not cell.required or cell.name == "aspects"
        for name, most in LINE_LIMITS.items():
            assert len(block.get(name, "")) <= most


@each_guide
def test_both_languages_have_the_same_blocks_items_links_and_numbers(key: str) -> None:
    english, spanish = ([shape(block) for block in guide(key)[language]["blocks"]] for language in LANGUAGES)
    assert [kind for kind, *_ in english] == [kind for kind, *_ in spanish]
    for ours, theirs in zip(english, spanish, strict=True):
        assert ours == theirs


@each_guide
@each_language
def test_a_guide_is_as_long_as_its_subject_needs_and_answers_questions(key: str, language: str) -> None:
    document = guide(key)[language]
    assert words(documents.text(document)) >= (550 if key in MAIN else 350)
    questions = [block for block in document["blocks"] if block["type"] == "questions"]
    assert len(questions) == 1
    assert 3 <= len(questions[0]["items"]) <= 6
    assert document["blocks"][-1]["type"] == "call_to_action"


def test_no_two_guides_share_an_address() -> None:
    for language in LANGUAGES:
        slugs = [guide(key)[language]["slug"] for key in KEYS]
        assert len(set(slugs)) == len(slugs)


@each_guide
@each_language
def test_every_link_leads_somewhere(key: str, language: str) -> None:
    targets = {
        "guide": set(KEYS),
        "level": set(LEVELS),
        "glossary": {"", *(term["key"] for term in load("glossary.json"))},
        "assessment": {""},
        "directory": {""},
        "help": {""},
        "crisis": {"", "naloxone"},
    }
    for link in documents.links(guide(key)[language]):
        kind, target = html.inside(link) or ("", link)
        assert target in targets[kind], link


@each_guide
def test_every_source_is_a_public_page(key: str) -> None:
    sources = guide(key)["sources"]
    assert len(sources) >= 2
    for source in sources:
        address = urlsplit(source["url"])
        assert address.scheme == "https"
        assert "." in address.netloc
        assert source["title"]
        assert source["publisher"]


def test_rich_text_uses_only_plain_tags_and_one_entity() -> None:
    for path in CONTENT.rglob("*.json"):
        for text in strings(json.loads(path.read_text(encoding="utf-8"))):
            tags = set(re.findall(r"</?([a-z0-9]+)", text))
            assert tags <= html.TAGS, path.name
            assert "style=" not in text
            assert set(re.findall(r"&[#\w]+;", text)) <= {"&amp;"}, path.name
            if "<" in text:
                assert html.clean(text) == text, path.name


# ---- levels and facts ----


def test_the_levels_rise_in_order_with_their_codes() -> None:
    levels = load("levels.json")
    assert [level["slug"] for level in sorted(levels, key=lambda row: row["order"])] == LEVELS
    codes = [float(code) for level in levels for code in level["asam_codes"]]
    assert codes == sorted(codes) == [1.0, 1.5, 1.7, 2.1, 2.5, 2.7, 3.1, 3.5, 3.7, 4.0]
    assert {level["asam_edition"] for level in levels} == {4}
    for level in levels:
        for language in LANGUAGES:
            assert set(level[language]) == {"name", "short_name", "also_called", "summary"}
            assert len(level[language]["also_called"]) >= 3


def test_every_level_has_a_fact_for_every_aspect_in_both_languages() -> None:
    facts = load("facts.json")
    assert {aspect["key"] for aspect in load("aspects.json")} == ASPECTS
    assert list(facts) == LEVELS
    for cells in facts.values():
        assert set(cells) == ASPECTS
        for cell in cells.values():
            assert set(cell) == {*LANGUAGES, "short"}
            assert all(words(cell[language]) >= 15 for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_facts_fit_three_beside_each_other(language: str) -> None:
    """At most 34 letters, and 42 of whom it may fit: more is not read in a column of a phone."""
    for cells in load("facts.json").values():
        for aspect, cell in cells.items():
            assert 3 <= len(cell["short"][language]) <= (42 if aspect == "best_for" else 34), (aspect, cell["short"])


@pytest.mark.parametrize("aspect", sorted(ASPECTS))
@each_language
def test_no_level_is_told_at_greater_length_than_another(aspect: str, language: str) -> None:
    lengths = [words(facts[aspect][language]) for facts in load("facts.json").values()]
    assert max(lengths) <= 1.6 * min(lengths)


@each_language
def test_no_fact_tells_the_reader_which_level_to_take(language: str) -> None:
    advice = r"\b(best|better|should choose|recommend\w*|mejor|debería elegir|recomend\w*)\b"
    for slug, facts in load("facts.json").items():
        for cell in facts.values():
            assert re.search(advice, cell[language], re.IGNORECASE) is None, slug


# ---- readable ----


@each_guide
def test_a_guide_reads_at_grade_eight_or_below(key: str) -> None:
    document = guide(key)["en"]
    whole = reading(documents.text(document), "en")
    assert whole is not None
    assert whole.score <= MOST_GRADE
    for block in document["blocks"]:
        part = reading(documents.block_text(block), "en")
        assert part is None or part.score <= MOST_GRADE, block


@each_guide
def test_the_spanish_of_a_guide_is_easy_to_read(key: str) -> None:
    document = guide(key)["es"]
    for text in [documents.text(document), *(documents.block_text(block) for block in document["blocks"])]:
        part = reading(text, "es")
        assert part is None or not part.hard, (part, text)


def test_the_facts_and_the_glossary_read_at_grade_eight_or_below() -> None:
    pieces = ["\n".join(html.plain(cell["en"]) for cell in facts.values()) for facts in load("facts.json").values()]
    pieces.append("\n".join(term["en"]["definition"] for term in load("glossary.json")))
    for piece in pieces:
        found = reading(piece, "en")
        assert found is not None
        assert found.score <= MOST_GRADE


# ---- kind ----

BLAMING = {
    "en": r"addicts?|abus(?:e[drs]?|ers?|ing|ive)|junk(?:ie|y)s?|dirty|clean|alcoholics?|drunks?|drug habits?|users?"
    r"|relaps\w+|non-?complian\w+|committed suicide|crazy|victims?|denial|fault of",
    "es": r"(?:drog)?adict[oa]s?|abus\w+|drogadic\w+|alcohólic[oa]s?|borrach[oa]s?|vicios?|viciosos?"
    r"|limpi[oa]s?|suci[oa]s?|reca[íi]\w+|toxicóman\w+|loc[oa]s?|víctimas?|usuari[oa]s?",
}


@each_language
def test_no_word_blames_a_person(language: str) -> None:
    for where, text in texts(language):
        found = re.search(rf"\b(?:{BLAMING[language]})\b", text, re.IGNORECASE)
        assert found is None, (where, found)
        assert not hurtful(text, language), where


@each_language
def test_nothing_is_promised_that_care_cannot_keep(language: str) -> None:
    promise = {
        "en": r"guarantee\w*|100 ?%|always works|will cure|cures|success rate|never fails",
        "es": r"garantiza(?:mos|do|da|rá)|100 ?%|siempre funciona|curará|tasa de éxito|nunca falla",
    }[language]
    for where, text in texts(language):
        assert re.search(rf"\b(?:{promise})", text, re.IGNORECASE) is None, where


def test_the_spanish_speaks_to_the_reader_as_usted() -> None:
    familiar = r"\b(?:tú|ti|tienes|puedes|debes|eres|estás|quieres|necesitas|contigo|tuy[oa]s?|tus?|te)\b"
    for where, text in texts("es"):
        spoken_aside = re.sub(r"“[^”]*”", "", text)
        found = re.search(familiar, spoken_aside, re.IGNORECASE)
        assert found is None, (where, found, spoken_aside[max(0, found.start() - 40) : found.end() + 40])


def test_places_are_named_only_where_they_are_data() -> None:
    site = load("site.json")
    assert site["sample"] is True
    places = "|".join(map(re.escape, site["service_area_places"]))
    for language in LANGUAGES:
        assert "Pasadena" in site["service_area"][language]
        for where, text in texts(language):
            assert where == "close-to-home" or re.search(places, text) is None, where


def test_people_and_phone_are_plainly_samples() -> None:
    for person in load("people.json"):
        assert person["sample"] is True
        assert person["name"].endswith("Sample")
        assert "sample" in person["en"]["role"].lower()
        assert "muestra" in person["es"]["role"].lower()
    assert re.fullmatch(r"626-555-01\d\d", load("site.json")["help_phone"])
    assert load("site.json")["email"].endswith("@example.org")


# ---- glossary ----


def test_the_glossary_explains_the_words_people_meet() -> None:
    terms = load("glossary.json")
    keys = {term["key"] for term in terms}
    assert len(keys) == len(terms) >= 35
    assert set(LEVELS) <= keys
    assert keys >= {
        "asam-criteria",
        "rehab",
        "detox",
        "sober-living",
        "medications",
        "accreditation",
        "co-occurring",
        "step-down",
        "naloxone",
        "medi-cal",
        "sliding-scale",
        "withdrawal",
        "return-to-use",
    }
    for term in terms:
        for language in LANGUAGES:
            assert term[language]["term"]
            assert 8 <= words(term[language]["definition"]) <= 60, term["key"]
            assert term[language]["also_called"]


def test_the_old_names_are_found_under_their_new_ones() -> None:
    names = {term["key"]: {name.lower() for name in term["en"]["also_called"]} for term in load("glossary.json")}
    assert {"rehab", "inpatient rehab"} <= names["residential"]
    assert "mat" in names["medications"]
    assert "relapse" in names["return-to-use"]
    assert "narcan" in names["naloxone"]
    assert "dual diagnosis" in names["co-occurring"]
