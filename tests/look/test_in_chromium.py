"""The look in a real browser: accessible in every theme, width and language; and what the small script promises."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route

from tests.browsing import CUT_WORDS, barriers
from tests.look.conftest import PAGES

pytestmark = pytest.mark.browser
ELSEWHERE = "https://www.weather.gov/**"


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.route(ELSEWHERE, lambda route: answer_neutrally(route))
    yield page
    context.close()


def answer_neutrally(route: Route) -> None:
    route.fulfill(body="<title>Weather</title>", content_type="text/html")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with opened(browser, viewport={"width": 320, "height": 640}) as page:
        yield page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 320)])
def test_axe_finds_nothing(browser: Browser, gallery: str, name: str, theme: Any, language: str, width: int) -> None:
    size = {"width": width, "height": 800}
    with opened(browser, viewport=size, color_scheme=theme, reduced_motion="reduce") as page:
        said: list[ConsoleMessage] = []
        page.on("console", lambda message: said.append(message))
        page.goto(f"{gallery}/{language}/{name}.html")
        assert barriers(page, "best-practice") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not [message.text for message in said if "Content Security Policy" in message.text]


def test_what_is_tapped_is_large_enough(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/look.html")
    phone.click(".menu > summary")
    small = phone.evaluate(
        """[...document.querySelectorAll(`.btn, .site-top a, .wordmark, .menu a, .menu button, .choice, .pagination a,
            summary, .form-control, .form-select, .number, .site-foot a`)]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
            .map(each => each.outerHTML.slice(0, 90) + ' ' + each.getBoundingClientRect().height)"""
    )
    assert small == []


@pytest.mark.parametrize("percent", [100, 130, 160, 200])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["look", "500"])
def test_every_crisis_link_is_seen_at_any_text_size(
    phone: Page, gallery: str, language: str, percent: int, name: str
) -> None:
    phone.goto(f"{gallery}/{language}/{name}.html")
    phone.evaluate("percent => document.documentElement.style.fontSize = `${percent}%`", percent)
    links = [link for link in phone.locator(".site-top a").all() if link.is_visible()]
    said = [link.get_attribute("aria-label") or link.inner_text().strip() for link in links]
    calls = {
        "en": [("Call 988", "tel:988"), ("Text 988", "sms:988"), ("Call 911", "tel:911")],
        "es": [
            ("Llame al 988 y oprima 2", "tel:988"),
            ("Envíe AYUDA al 988", "sms:988?body=AYUDA"),
            ("Llame al 911", "tel:911"),
        ],
    }[language]
    leads = [link.get_attribute("href") for link in links]
    assert list(zip(said, leads, strict=True))[:3] == calls
    hidden = phone.evaluate(
        """[...document.querySelectorAll('.site-top a')].filter(link => [...link.getClientRects()].some(box => {
            const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
            const spots = [[.1, .2], [.5, .5], [.9, .8]].map(([x, y]) =>
                document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
            const cut = link.scrollWidth > link.clientWidth + 1;
            return !inside || cut || spots.some(found => !found || !link.contains(found));
        })).map(link => link.innerText)"""
    )
    assert hidden == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320 or name == "look"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 280])  # 280: a phone of 560 whose text is twice as large, by its settings
def test_988_911_and_the_way_out_stay_while_reading(phone: Page, gallery: str, language: str, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(f"{gallery}/{language}/look.html")
    phone.evaluate("window.scrollTo(0, 1000)")
    bottoms = phone.evaluate(
        """Object.fromEntries([...document.querySelectorAll('.site-top a')]
            .map(link => [link.getAttribute('href'), link.getBoundingClientRect()])
            .filter(([, box]) => box.width && box.top >= 0 && box.bottom <= innerHeight)
            .map(([href, box]) => [href, box.bottom]))"""
    )
    assert {"tel:988", "tel:911", "/leave/"} <= {href.removeprefix("/es") for href in bottoms}
    assert max(bottoms.values()) <= 640 / 8
    assert phone.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_crisis_bar_of_a_phone_is_one_line_of_cells(phone: Page, gallery: str, language: str) -> None:
    phone.set_viewport_size({"width": 390, "height": 640})
    phone.goto(f"{gallery}/{language}/404.html")
    tops = phone.eval_on_selector_all(
        ".calls a, .exit", "all => [...new Set(all.map(each => each.getBoundingClientRect().top))]"
    )
    assert tops == [0]


def test_large_letters_on_a_phone_cut_no_number_and_no_short_word(phone: Page, gallery: str) -> None:
    """A word of more than 11 letters may be divided: this browser has no dictionary to do it by."""
    phone.goto(f"{gallery}/en/guides/home.html")
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    cut = phone.evaluate(CUT_WORDS)
    assert not cut, cut


@pytest.mark.parametrize(("width", "percent", "levels"), [(320, 200, 3), (320, 200, 2), (390, 100, 4), (390, 100, 6)])
def test_levels_that_have_no_room_beside_stand_below(
    phone: Page, gallery: str, width: int, percent: int, levels: int
) -> None:
    names = [{"slug": f"l-{n}", "short_name": "Residential", "url": "/levels/x/", "stones": []} for n in range(levels)]
    cells = [{"level": level, "short": "Between IOP and residential"} for level in names]
    table = {"brief": True, "columns": names, "rows": [{"label": "How long it lasts", "cells": cells}]}
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(f"{gallery}/en/404.html")
    phone.evaluate(
        """([table, percent]) => {
            document.querySelector('main > div').innerHTML = table;
            document.documentElement.style.fontSize = `${percent}%`;
        }""",
        [render_to_string("guides/parts/comparison.html", {"table": table, "caption": "Levels"}), percent],
    )
    widths = phone.eval_on_selector_all("tbody :is(th, td)", "all => all.map(each => each.offsetWidth)")
    assert len(widths) == levels + 1
    assert min(widths) > 0.8 * phone.evaluate("document.querySelector('.glance-wrap').offsetWidth")


def test_the_other_language_is_one_tap_away_on_a_phone(phone: Page, gallery: str) -> None:
    for language, other in (("en", "Español"), ("es", "English")):
        phone.goto(f"{gallery}/{language}/404.html")
        assert [link.inner_text() for link in phone.get_by_role("link", name=other).all() if link.is_visible()] == [
            other
        ]


def test_a_chosen_theme_stays_chosen(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/look.html")
    light = phone.evaluate("getComputedStyle(document.body).backgroundColor")
    phone.click(".menu > summary")
    switch = phone.locator(".menu [data-theme-switch]")
    assert switch.inner_text() == "Dark"
    switch.click()
    assert switch.inner_text() == "Light"
    phone.goto(f"{gallery}/en/404.html")
    assert phone.evaluate("document.documentElement.dataset.theme") == "dark"
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert phone.evaluate("document.cookie") == ""


def test_the_quick_exit_takes_the_page_out_of_the_history(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/about.html")
    phone.goto(f"{gallery}/en/look.html")
    length = phone.evaluate("history.length")
    phone.click("[data-quick-exit]")
    phone.wait_for_url(ELSEWHERE)
    assert phone.evaluate("history.length") == length
    phone.go_back()
    assert "look.html" not in phone.url


def test_shift_three_times_leaves(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/look.html")
    for key in ("Shift", "Shift", "a", "Shift"):
        phone.keyboard.press(key)
    assert gallery in phone.url
    for _press in range(2):
        phone.keyboard.press("Shift")
    phone.wait_for_url(ELSEWHERE)


def test_without_script_there_is_a_menu_a_way_out_and_no_dead_button(browser: Browser, gallery: str) -> None:
    with opened(browser, viewport={"width": 320, "height": 640}, java_script_enabled=False) as page:
        page.goto(f"{gallery}/en/look.html")
        page.click(".menu > summary")
        assert page.is_visible(".menu .site-nav a >> nth=0")
        assert not page.is_visible(".menu [data-theme-switch]")
        assert not page.is_visible("[data-print]")
        assert page.get_attribute("[data-quick-exit]", "href") == "/leave/"


def test_the_keyboard_reaches_the_page_first_by_the_skip_link(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/look.html")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.className") == "skip"
    phone.keyboard.press("Enter")
    assert phone.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "height", "text"), [(1366, 700, 100), (1280, 500, 100), (1280, 700, 200)])
def test_the_account_menu_opens_within_the_rail(
    browser: Browser, gallery: str, width: int, height: int, text: int
) -> None:
    with opened(browser, viewport={"width": width, "height": height}) as page:
        page.goto(f"{gallery}/en/look_staff.html")
        page.evaluate("text => document.documentElement.style.fontSize = `${text}%`", text)
        rems = "each => each.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize)"
        assert all(each.evaluate(rems) >= 16 for each in page.locator(".split > *").all())  # no text is crushed
        account = page.locator(".side-user > summary")
        before, rail = account.bounding_box(), page.locator(".side").bounding_box()
        assert before and rail and before["y"] + before["height"] <= height
        account.click()
        assert account.bounding_box() == before  # a second click is on the same thing, never on "Sign out"
        for each in page.locator(".side :is(.side-nav, .side-user) :is(a, button)").all():
            if each.is_visible():
                each.scroll_into_view_if_needed()
                box = each.bounding_box()
                assert box and box["x"] + box["width"] <= rail["x"] + rail["width"]
                assert -0.5 <= box["y"] <= height - box["height"] + 0.5
        account.dblclick()
        assert page.url.endswith("look_staff.html")


def test_paper_has_the_words_and_not_the_frame(phone: Page, gallery: str) -> None:
    phone.goto(f"{gallery}/en/look.html")
    phone.emulate_media(media="print", color_scheme="dark")
    assert not phone.is_visible(".site-top")
    assert not phone.is_visible(".site-head")
    assert phone.is_visible("h1")
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert phone.evaluate("getComputedStyle(document.body).color") == "rgb(28, 43, 41)"
    # Browsers print no backgrounds: what was light on dark is dark, and a key keeps its colors.
    assert phone.evaluate("getComputedStyle(document.querySelector('.site-foot')).color") == "rgb(28, 43, 41)"
    phone.evaluate("document.querySelector('main').innerHTML = '<p class=\"week-key\"><span>own time</span></p>'")
    kept = "getComputedStyle(document.querySelector('.week-key span'), '::before').printColorAdjust"
    assert phone.evaluate(kept) == "exact"


def test_the_first_visit_weighs_little(browser: Browser, gallery: str) -> None:
    """Sheet, script, mark, heading font and front page, packed as they are sent."""
    with opened(browser) as page:
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{gallery}/en/guides/home.html", wait_until="networkidle")
        assert any(answer.url.endswith(".woff2") for answer in answers)
        assert sum(len(gzip.compress(answer.body(), 9)) for answer in answers) < 45_000
