"""What search engines, feed readers and pages that are shared say of the guides."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Organization, Program
from guides.publishing.structured import structured

pytestmark = pytest.mark.django_db
HOST = "http://127.0.0.1:8000"


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def data_of(html: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    graph: list[dict[str, Any]] = json.loads(found[1])["@graph"]
    return graph


@pytest.mark.parametrize("path", ["/", "/guides/", "/guides/paying/", "/levels/iop/", "/compare/iop/php/", "/crisis/"])
def test_each_page_names_its_languages_by_full_addresses(site: None, path: str) -> None:
    html = read(path)
    found = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', html))
    assert found == {"en": f"{HOST}{path}", "es": found["es"]} and found["es"].startswith(f"{HOST}/es/")
    assert f'<link rel="canonical" href="{HOST}{path}">' in html
    assert f'<meta property="og:url" content="{HOST}{path}">' in html
    assert re.search(rf'<meta property="og:image" content="{HOST}/static/img/share[^"]*\.png">', html)
    assert re.search(r'<meta property="og:title" content="[^"]+">', html)


def test_a_guide_says_what_it_is_and_who_checked_it(site: None) -> None:
    [page, *_others] = data_of(read("/guides/paying/"))
    assert (page["@type"], page["url"], page["inLanguage"]) == ("MedicalWebPage", f"{HOST}/guides/paying/", "en")
    assert page["name"] == "Paying for care"


ABOUT: dict[str, Any] = {"last_reviewed": "2026-10-15", "author": None, "reviewer": None, "sources": []}


def test_an_invented_reviewer_is_told_to_nobody() -> None:
    document = {"title": "A", "summary": "B", "slug": "a", "blocks": []}
    person = {"name": "Alex", "role": "Nurse", "sample": True}
    for sample, told in ((True, None), (False, {"@type": "Person", "name": "Alex", "jobTitle": "Nurse"})):
        about = {**ABOUT, "reviewer": {**person, "sample": sample}}
        [page] = data_of(structured(document, about, url="https://x.example/a/", language="en"))
        assert page.get("reviewedBy") == told


def test_questions_of_a_guide_are_told_with_their_answers() -> None:
    item = {"question": "Is <it> private?", "html": "<p>Yes &amp; always.</p>"}
    document = {"title": "A", "summary": "B", "slug": "a", "blocks": [{"type": "questions", "items": [item]}]}
    html = structured(document, ABOUT, url="https://x.example/a/", language="en")
    assert "<it>" not in html
    [_page, questions] = data_of(html)
    [told] = questions["mainEntity"]
    assert (told["name"], told["acceptedAnswer"]["text"]) == ("Is <it> private?", "Yes & always.")


def test_the_sitemap_names_every_pair_of_levels_once(site: None) -> None:
    pairs = re.findall(rf"<loc>{HOST}/compare/(\w[\w-]*)/(\w[\w-]*)/</loc>", read("/sitemap.xml"))
    assert pairs and len({frozenset(pair) for pair in pairs}) == len(pairs)


def test_robots_find_where_the_questions_begin_and_no_answer(site: None) -> None:
    robots = read("/robots.txt").splitlines()
    for prefix in ("", "/es"):
        assert f"Disallow: {prefix}/assessment/" in robots and f"Allow: {prefix}/assessment/$" in robots


def test_robots_are_led_to_the_programs_but_to_no_sample(site: None) -> None:
    organization = Organization.objects.create(slug="o", name="O")
    for slug, status, sample in (("real", "public", False), ("sample", "public", True), ("draft", "draft", False)):
        Program.objects.create(slug=slug, name=slug, organization=organization, status=status, sample=sample)
    assert f"Sitemap: {HOST}/programs.xml" in read("/robots.txt")
    found = re.findall(rf"<loc>{HOST}/(?:es/)?programs/(\w+)/</loc>", read("/programs.xml"))
    assert found == ["real", "real"]


def test_feed_readers_get_the_guides_in_each_language(site: None) -> None:
    feed = read("/guides/feed/")
    assert "<feed" in feed and "Paying for care" in feed and "/guides/paying/" in feed
    assert "/es/" in read("/es/guides/feed/")
