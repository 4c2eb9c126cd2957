"""Search over what is published, in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string
from modelsearch.query import PlainText

from guides.models import SearchEntry, Synonym
from guides.publishing.search import find
from guides.workflow import actions

pytestmark = pytest.mark.django_db


def keys(query: str, language: str) -> list[str]:
    return [entry.key for entry in find(query, language)]


def test_a_word_that_means_the_same_finds_the_page(site: None) -> None:
    assert keys("rehab", "en")[0] == "residential"
    assert keys("internado", "es")[0] == "residential"
    Synonym.objects.all().delete()
    assert keys("internado", "es") == []


def test_an_admin_can_add_words_that_mean_the_same(site: None) -> None:
    assert keys("lodging", "en") == []
    Synonym.objects.create(key="more", language="en", words=["lodging", "stay"])
    assert "staying" in keys("lodging", "en")


def test_accents_and_case_do_not_matter(site: None) -> None:
    assert keys("recuperacion", "es") == keys("RECUPERACIÓN", "es") == ["staying"]


def test_other_forms_of_an_english_word_are_found(site: None) -> None:
    assert "paying" in keys("insurances", "en")


def test_other_names_of_a_level_and_of_a_word_find_it(site: None) -> None:
    assert keys("day groups", "en") == ["iop"]
    assert "withdrawal" in keys("coming off", "en")


def test_each_language_finds_its_own_pages_only(site: None) -> None:
    assert {entry.language for entry in find("residencial", "es")} == {"es"}
    assert keys("insurance", "es") == []


def test_pages_with_every_word_rank_before_pages_with_any(site: None) -> None:
    assert keys("insurance money", "en") == ["paying"]
    assert "paying" in keys("insurance zeppelin", "en")


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", '"', "a AND (", "NOT", "title:x", "a*", "x" * 500, "'; drop table", "\x00"]
)
def test_nothing_that_is_typed_breaks_the_search(site: None, query: str) -> None:
    assert isinstance(find(query, "en"), list)
    assert Client().get("/search/", {"q": query}).status_code == 200


def test_the_page_keeps_what_was_typed_and_offers_a_way_on(site: None) -> None:
    page = Client().get("/es/search/", {"q": "<b>zzz"}).content.decode()
    assert 'value="&lt;b&gt;zzz"' in page and "/es/guides/" in page and 'content="noindex"' in page


@pytest.mark.parametrize("query", ["rehab", "zzz", ""])
@pytest.mark.parametrize(("path", "words"), [("/search/", "call or text"), ("/es/search/", "oprima 2, o envíe AYUDA")])
def test_the_crisis_words_stand_on_top_of_every_search(site: None, path: str, words: str, query: str) -> None:
    main = Client().get(path, {"q": query}).content.decode().split("<main")[1]
    top = main[: main.index("<form")]
    assert words in top and 'href="tel:988"' in top and 'href="tel:911"' in top


def test_a_term_that_was_deleted_is_found_no_more(site: None, now: datetime, django_user_model: Any) -> None:
    from_glossary = [entry for entry in find("withdrawal", "en") if entry.kind == "term"]
    assert from_glossary
    from_glossary[0].delete()
    assert not [entry for entry in find("withdrawal", "en") if entry.kind == "term"]
    actions.publish_reference(by=None, now=now)
    assert [entry for entry in find("withdrawal", "en") if entry.kind == "term"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL ranks by itself")
def test_sqlite_ranks_once_in_the_order_of_modelsearch(site: None) -> None:
    theirs = import_string("modelsearch.backends.database.sqlite.sqlite.SQLiteSearchBackend")({})
    for query in ("insurance", "a day", "recovery or treatment", "stay"):
        wanted = PlainText(query, operator="or")
        entries = SearchEntry.objects.in_language("en")
        assert list(entries.search(wanted, backend="default")) == list(theirs.search(wanted, entries)), query
