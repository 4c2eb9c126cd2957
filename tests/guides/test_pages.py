"""The public pages: what is on them, and that they can be read by everyone."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guides.models import Publication
from guides.workflow import actions

pytestmark = pytest.mark.django_db


def read(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


class Outline(HTMLParser):
    """Headings in order, ids, links."""

    def __init__(self, page: str):
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a" and values.get("href"):
            self.hrefs.append(str(values["href"]))


def test_the_guide_shows_every_kind_of_block(site: None) -> None:
    page = read("/guides/staying-there/")
    for words in (
        "It may fit someone who",
        "needs <strong>calm</strong>",
        "Do not stop at once",
        "callout-urgent",
        "How long?",
        "Warm clothes",
        'href="tel:988"',
        "cost of residential",
        'href="/guides/paying/">Go</a>',
    ):
        assert words in page, words


def test_links_lead_to_where_things_are_in_the_language_of_the_page(site: None) -> None:
    page = read("/guides/staying-there/")
    assert '<a href="/guides/paying/"' in page and '<a href="/levels/residential/"' in page
    assert 'href="guide:' not in page and 'href="level:' not in page


def test_it_says_who_wrote_and_checked_it_and_that_they_are_samples(site: None) -> None:
    page = read("/guides/staying-there/")
    assert "Robin Sample" in page and "Alex Sample" in page and page.count('tag-sample">Sample') == 2
    assert '<time datetime="2026-02-01">' in page and '<time datetime="2027-02-01">' in page
    assert 'href="https://example.org/source"' in page


def test_a_comparison_has_heads_on_both_sides_in_the_order_asked_for(site: None) -> None:
    page = read("/compare/residential/iop/php/")
    assert re.findall(r'(?s)scope="col">.*?<a[^>]*>([^<]+)', page) == [
        "Residential treatment",
        "Intensive outpatient",
        "Partial hospitalization",
    ]
    assert re.findall(r'scope="row">([^<]+)', page) == ["Time each week", "Cost"]
    assert page.index("time of residential") < page.index("time of iop") < page.index("time of php")
    assert 'rel="canonical" href="http://127.0.0.1:8000/compare/iop/residential/php/"' in page


def test_a_choice_of_levels_leads_to_a_clean_address(site: None) -> None:
    chosen = Client().get("/es/compare/?level=php&level=iop&level=nonsense")
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/es/compare/iop/php/")
    assert "Choose at least two levels" in read("/compare/?compare=1"), (
        "the button alone is sent where nothing is chosen"
    )
    assert "no-print" not in read("/compare/").split("<main")[1].split("</main>")[0], "the levels stand on paper, too"
    alone = read("/compare/?level=iop")
    assert "Choose at least two levels" in alone and re.search(r'value="iop" checked', alone)


@pytest.mark.parametrize(
    "path", ["/compare/iop/nowhere/", "/levels/nowhere/", "/guides/nowhere/", "/compare/iop/php/x/"]
)
def test_what_does_not_exist_is_a_404(site: None, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_guide_is_found_by_the_address_it_has_in_another_language(site: None) -> None:
    spanish = Publication.objects.get(language="es", key="staying")
    english = Publication.objects.get(language="en", key="staying")
    assert spanish.slug != english.slug
    response = Client().get(f"/es/guides/{english.slug}/")
    assert (response.status_code, response["Location"]) == (302, spanish.path)


def test_browsers_that_ask_for_an_icon_get_ours() -> None:
    response = Client().get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].startswith("/static/img/icon")


def test_a_level_named_twice_is_shown_once(site: None) -> None:
    assert Client().get("/compare/iop/iop/php/").headers["Location"] == "/compare/iop/php/"
    assert Client().get("/compare/iop/iop/").headers["Location"] == "/compare/"
    assert Client().get("/compare/iop/php/residential//").headers["Location"] == "/compare/iop/php/residential/"


def test_a_level_has_its_facts_its_guide_and_the_other_levels(site: None) -> None:
    page = read("/es/levels/residential/")
    assert "cost de residential" in page and "/es/guides/vivir-alli/" in page and "/es/levels/iop/" in page


def test_the_glossary_has_an_anchor_for_each_word(site: None) -> None:
    assert 'id="withdrawal"' in read("/glossary/") and "Abstinencia" in read("/es/glossary/")


@pytest.mark.parametrize("path", ["/", "/es/", "/guides/", "/es/guides/", "/compare/", "/glossary/", "/search/"])
def test_pages_answer_before_anything_is_published(db: None, path: str) -> None:
    read(path)


@pytest.mark.parametrize("path", ["/crisis/", "/es/crisis/"])
def test_the_crisis_page_is_there_even_when_nothing_is_published(db: None, path: str) -> None:
    page = read(path)
    text = "sms:988?body=AYUDA" if path.startswith("/es/") else "sms:988"
    assert 'href="tel:988"' in page and f'href="{text}"' in page and 'href="tel:911"' in page


@pytest.mark.parametrize("path", ["/es/", "/es/crisis/", "/es/guides/", "/es/programs/", "/es/about/"])
def test_every_spanish_page_says_how_988_speaks_spanish(db: None, path: str) -> None:
    page = read(path)
    bar, rest = page.split("<main", 1)
    assert "oprima 2" in bar and 'href="sms:988?body=AYUDA"' in bar
    assert 'href="sms:988"' not in page, "no text that gets an answer in English"
    assert rest.count("988</a> y oprima 2") == 1, "and so on paper"


def test_the_sitemap_names_every_published_page_in_both_languages(site: None) -> None:
    sitemap = read("/sitemap.xml")
    paths = Publication.objects.values_list("path", flat=True)
    assert all(f"<loc>http://127.0.0.1:8000{path}</loc>" in sitemap for path in paths)
    assert "/es/levels/iop/" in sitemap and "Sitemap: http://127.0.0.1:8000/sitemap.xml" in read("/robots.txt")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("home", []),
        ("guides:index", []),
        ("guides:level", ["iop"]),
        ("guides:compare", ["iop", "php"]),
        ("guides:crisis", []),
    ],
)
def test_the_names_that_other_apps_use_lead_here(site: None, name: str, args: list[Any]) -> None:
    read(reverse(name, args=args))


def test_the_list_of_parts_has_the_headings_inside_a_text(
    site: None, client: Client, edition: Any, rewrite: Any, now: datetime
) -> None:
    blocks = [
        {"type": "prose", "html": '<p>x</p><h2>What &amp; <em>why</em></h2><p>y</p><h2 lang="es">Cómo</h2><p>z</p>'}
    ]
    actions.publish([rewrite(edition("paying", "en"), blocks=blocks)], by=None, now=now)
    page = client.get("/guides/paying/").content.decode()
    assert '<h2 id="part-1-1">What &amp; <em>why</em></h2>' in page
    assert '<h2 id="part-1-2" lang="es">Cómo</h2>' in page
    assert page.count('<a href="#part-1-1">What &amp; why</a>') == 2  # beside the text, and folded above it
    assert page.count('<a href="#part-1-2">Cómo</a>') == 2
