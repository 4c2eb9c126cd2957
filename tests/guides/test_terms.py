"""The first use of a word of the glossary leads to what it means: once, and never inside a link or a heading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from guides.content.terms import MOST, Linker, names_of
from guides.workflow import actions

TERMS = [
    {"key": "detox", "term": "Detox"},
    {"key": "iop", "term": "Intensive outpatient program (IOP)"},
    {"key": "withdrawal-management", "term": "Withdrawal management"},
    {"key": "withdrawal", "term": "Withdrawal"},
]


def linked(html: str, *seen: str) -> str:
    return Linker(names_of(TERMS), "/glossary/", seen).linked(html)


def term(key: str, words: str) -> str:
    return f'<a class="term" href="/glossary/#{key}">{words}</a>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Detox, then detox.</p>", f"<p>{term('detox', 'Detox')}, then detox.</p>"),
        ("<p>Two IOPs.</p>", f"<p>Two {term('iop', 'IOPs')}.</p>"),
        ("<p>withdrawal management</p>", f"<p>{term('withdrawal-management', 'withdrawal management')}</p>"),
        ("<h2>Detox</h2><p>x</p>", "<h2>Detox</h2><p>x</p>"),
        ('<p><a href="/x/">a <em>detox</em> bed</a></p>', '<p><a href="/x/">a <em>detox</em> bed</a></p>'),
        ("<p>detoxing</p>", "<p>detoxing</p>"),
        ('<p><a href="/detox/">x</a></p>', '<p><a href="/detox/">x</a></p>'),
    ],
)
def test_words_are_linked_whole_and_once(before: str, after: str) -> None:
    assert linked(before) == after


def test_what_the_writer_linked_is_not_linked_again() -> None:
    assert linked("<p>Detox</p>", "detox") == "<p>Detox</p>"


def test_a_page_has_no_more_than_a_few() -> None:
    terms = [{"key": f"k{number}", "term": f"word{number}x"} for number in range(MOST + 3)]
    page = Linker(names_of(terms), "/glossary/").linked(" ".join(row["term"] for row in terms))
    assert page.count('class="term"') == MOST


@pytest.mark.django_db
def test_a_published_guide_leads_to_the_glossary(
    site: None, client: Client, edition: Any, rewrite: Any, now: datetime
) -> None:
    blocks = [{"type": "callout", "tone": "note", "heading": "Withdrawal", "html": "<p>Withdrawal can be hard.</p>"}]
    actions.publish([rewrite(edition("paying", "en"), blocks=blocks)], by=None, now=now)
    page = client.get("/guides/paying/").content.decode()
    assert page.count(term("withdrawal", "Withdrawal")) == 1
