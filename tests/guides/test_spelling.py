"""A word that was misspelled is read as the one that was meant."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guides.content.spelling import Vocabulary, corrected
from guides.content.words import pieces

KNOWN = Vocabulary({"residential": 9, "opioid": 4, "withdrawal": 5, "insurance": 7, "care": 20, "cure": 1, "iop": 3})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("residental", "residential"),
        ("opiod", "opioid"),
        ("withdrawl", "withdrawal"),
        ("insurence", "insurance"),
        ("insruance", "insurance"),
        ("caer", "care"),
        ("iip", None),  # too short to be sure of
        ("zeppelin", None),
        ("insurance", None),
        ("2026", None),
    ],
)
def test_the_nearest_known_word_is_meant(typed: str, meant: str | None) -> None:
    assert KNOWN.nearest(typed) == meant


def test_of_equally_near_words_the_commoner_is_meant() -> None:
    assert KNOWN.nearest("cxre") == "care"


@given(st.text(alphabet="abcdefghilmnoprstuw", max_size=14))
def test_a_word_with_no_known_one_near_stays_as_typed(word: str) -> None:
    [kept] = corrected([word], KNOWN, [])
    assert kept == word or (kept in KNOWN.counts and abs(len(kept) - len(word)) <= 2)


def test_words_that_pages_have_are_left_alone() -> None:
    assert corrected(["residental", "opiod"], KNOWN, {"opiod"}) == ["residential", "opiod"]


@pytest.mark.slow
@given(st.text(max_size=60), st.sets(st.text(alphabet="abcdeé", min_size=1, max_size=5), max_size=4))
def test_pieces_of_a_text_are_the_text(text: str, wanted: set[str]) -> None:
    assert "".join(piece for piece, _hit in pieces(text, wanted, "en")) == text


def page(path: str) -> str:
    return Client().get(path).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "meant", "found"),
    [
        ("/search/?q=residental", "residential", "/levels/residential/"),
        ("/search/?q=insurence", "insurance", "/guides/paying/"),
        ("/es/search/?q=residensial", "residencial", "/es/levels/residential/"),
    ],
)
def test_a_search_with_a_slip_finds_what_was_meant(site: Any, address: str, meant: str, found: str) -> None:
    html = page(address)
    assert f"“{meant}”" in re.search(r'role="status">(.*?)</div>', html, re.S)[1]  # type: ignore[index]
    assert f'href="{found}"' in html
    assert "exact=1" in html


@pytest.mark.django_db
def test_a_search_can_insist_on_what_was_typed(site: Any) -> None:
    html = page("/search/?q=residental&exact=1")
    assert "Nothing found for “residental”" in html
    assert "instead" not in html


@pytest.mark.django_db
def test_what_was_looked_for_is_marked(site: Any) -> None:
    assert "<mark>Paying</mark> for <mark>care</mark>" in page("/search/?q=care+paying")
