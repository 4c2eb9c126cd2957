"""Search over what is published, in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string
from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText

from guides.models import SearchEntry, Synonym
from guides.publishing.search import BACKENDS, find
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


QUERIES = "insurance", "a day", "recovery or treatment", "stay", "how much does it cost", "zeppelin"


@pytest.mark.parametrize("query", QUERIES)
def test_both_databases_rank_in_the_order_of_modelsearch(site: None, query: str) -> None:
    module = f"{connection.vendor}.{connection.vendor}" if connection.vendor == "sqlite" else "postgres.postgres"
    theirs = import_string(f"modelsearch.backends.database.{module}.SearchBackend")({"SEARCH_CONFIG": "english"})
    entries = SearchEntry.objects.in_language("en")
    for wanted in (PlainText(query, operator="or"), PlainText(query, operator="and") | PlainText("day")):
        assert list(entries.search(wanted, backend="default")[:30]) == list(theirs.search(wanted, entries)[:30])


def test_of_very_many_matches_the_likely_ones_are_ranked(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        index_one("en", f"by-{number}", heading="Zeppelin" + " and more" * number, text="a zeppelin" * (9 - number))
    index_one("en", "text-only", heading="Another way", text="zeppelin " * 9)
    searched = SearchEntry.objects.in_language("en")
    everything = list(searched.search(PlainText("zeppelin"), backend="default")[:30])
    monkeypatch.setattr(f"{module()}.LIKELY", 4)
    likely = list(searched.search(PlainText("zeppelin"), backend="default")[:3])
    assert len(everything) == 7 and likely == everything[:3]


def test_matches_in_another_language_hide_none(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        index_one("es", f"es-{number}", heading="Zeppelin", text="zeppelin " * 9)
    index_one("en", "en", heading="A long way to travel", text="by zeppelin")
    monkeypatch.setattr(f"{module()}.LIKELY", 2)
    found = SearchEntry.objects.in_language("en").search(PlainText("zeppelin"), backend="default")[:2]
    assert [entry.key for entry in found] == ["en"]


def test_other_names_read_the_texts_of_no_guide_but_those_shown(site: None) -> None:
    find("rehab", "en")
    with CaptureQueriesContext(connection) as asked:
        assert "residential" in keys("rehab", "en")
    texts = [each["sql"] for each in asked if '"guides_searchentry"."text"' in each["sql"]]
    assert texts and all('"id" IN (' in sql for sql in texts)


def module() -> str:
    return str(settings.MODELSEARCH_BACKENDS["default"]["BACKEND"])


def index_one(language: str, key: str, *, heading: str, text: str) -> None:
    entry = SearchEntry.objects.create(language=language, kind="guide", key=key, heading=heading, text=text)
    get_search_backend(BACKENDS[language]).add(entry)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its full text in a table of its own")
def test_the_words_are_looked_up_in_one_index_over_heading_and_text(site: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM modelsearch_indexentry WHERE (title || body) @@ 'zeppelin'::tsquery")
        assert "guides_search_heading_and_text" in str(cursor.fetchall())
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%title || body%'")
        assert cursor.fetchall() == [("guides_search_heading_and_text",)], "modelsearch makes it by itself now"
