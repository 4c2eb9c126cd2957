"""The frame: the same on every page, kept without a visitor, in both languages."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from ui.site_tags import NAVIGATION


def frame(language: str = "en", **context: object) -> str:
    with override(language):
        return render_to_string("base.html", context)


def test_the_frame_needs_no_visitor_and_carries_nothing_of_one() -> None:
    page = frame()
    for word in ("csrf", "nonce", "sessionid"):
        assert word not in page


def test_help_and_the_way_out_stand_before_everything_else() -> None:
    page = frame()
    assert page.index('href="tel:988"') < page.index("<main")
    assert page.index('href="tel:911"') < page.index("<main")
    exit_link = re.search(r"<a [^>]*data-quick-exit[^>]*>", page)
    assert exit_link
    assert 'rel="noreferrer' in exit_link[0]
    assert 'href="/leave/"' in exit_link[0] and 'data-quick-exit="https://' in exit_link[0]


def test_every_entry_of_the_navigation_leads_somewhere() -> None:
    page = frame()
    assert page.count('class="site-nav') == 2
    for _name, label in NAVIGATION:
        with override("en"):
            assert f">{label}</a>" in page
    assert 'href=""' not in page


def test_the_page_one_is_on_is_marked() -> None:
    assert page_of("/guides/").count('aria-current="page"') == 2
    assert page_of("/guides/some-guide/").count('aria-current="true"') == 2
    assert "aria-current" not in page_of("/")


def page_of(path: str) -> str:
    return frame(page_path=path)


@pytest.mark.parametrize(
    ("language", "path", "other"),
    [("en", "/guides/", "/es/guides/"), ("es", "/es/guides/", "/guides/"), ("en", "/nowhere/", "/es/")],
)
def test_the_language_switch_keeps_the_page(language: str, path: str, other: str) -> None:
    assert f'<link rel="alternate" hreflang="{"es" if language == "en" else "en"}" href="{other}">' in frame(
        language, page_path=path
    )


def test_a_page_whose_address_differs_says_where_its_translation_is() -> None:
    page = frame(page_path="/guides/first-step/", alternate_url="/es/guides/primer-paso/")
    assert page.count('href="/es/guides/primer-paso/"') == 3


def test_the_switch_names_the_other_language_in_its_own_words() -> None:
    assert re.search(r'lang="es" hreflang="es">Español</a>', frame("en"))
    assert re.search(r'lang="en" hreflang="en">English</a>', frame("es", page_path="/es/"))


@pytest.mark.django_db
def test_the_language_switch_keeps_the_filters(client: Client) -> None:
    page = client.get("/demo/look/", {"level": "iop"}).content.decode()
    assert 'href="/es/demo/look/?level=iop"' in page


def test_a_sample_site_says_so() -> None:
    assert "foot-sample" in frame(site={"sample": True})
    assert "foot-sample" not in frame(site={"sample": False})
    assert "foot-sample" not in frame()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/about/", "/privacy/", "/es/about/", "/es/privacy/", "/accounts/login/", "/es/accounts/login/"]
)
def test_the_pages_of_the_frame_answer(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "data-quick-exit" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Nov 1, 2026, 12:00 a.m.", "12:00 a.m.", "Nov 1, 12:00 a.m."]),
     ("es", ["1 de noviembre de 2026, 12:00 a.m.", "12:00 a.m.", "1 nov, 12:00 a.m."])],
)  # fmt: skip
def test_times_are_written_in_one_way(language: str, words: list[str]) -> None:
    with override(language):
        names = ("DATETIME_FORMAT", "TIME_FORMAT", "SHORT_DATETIME_FORMAT")
        assert [date_format(datetime(2026, 11, 1), name) for name in names] == words
