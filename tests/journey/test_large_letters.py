"""Letters twice as large on a small phone: no page scrolls sideways, no short word is cut, the bar leaves room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browsing import CUT_WORDS
from tests.journey.test_a_questionnaire import begin
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = (
    "/",
    "/guides/",
    "/crisis/",
    "/glossary/",
    "/levels/residential/",
    "/levels/iop/",
    "/compare/iop/residential/",
    "/programs/",
    "/search/?q=fentanyl",
    "/referral/",
    "/status/",
    "/assessment/",
    "/privacy/",
    "/about/",
    "/nowhere/",
)
# What of the bar stays on the screen while somebody reads, and whether it leads to all three.
STAYS = """(() => {
    scrollTo(0, 1000);
    const seen = [...document.querySelectorAll('.site-top a')].map(link => [link, link.getBoundingClientRect()])
        .filter(([, box]) => box.width && box.bottom > 0 && box.top < innerHeight);
    const names = seen.map(([link]) => link.pathname.slice(-7)).sort().join(' ');
    return [names, Math.max(...seen.map(([, box]) => box.bottom))];
})()"""


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "language"), [(320, "/es"), (360, "/es"), (320, "")])
def test_every_public_page_can_be_read_with_letters_twice_as_large(
    system: System, open_page: Callable[..., Page], width: int, language: str
) -> None:
    page = open_page(viewport={"width": width, "height": 640})
    begin(page, system, "loved", language=language)
    found = []
    for address in (*PUBLIC, "/assessment/1/", "/assessment/delete/"):
        page.goto(f"{system.url}{language}{address}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("document.fonts.ready.then(() => true)")
        if cut := page.evaluate(CUT_WORDS):
            found.append(f"{address}: cut {cut}")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{address}: {wide} px wide")
        stays, height = page.evaluate(STAYS)
        if stays != "/leave/ 911 988" or height > 640 / 5:
            found.append(f"{address}: {stays} stays, {height} px")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_an_error_is_read_from_its_first_word(system: System, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 360, "height": 640})
    page.add_init_script("addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '200%')")
    page.goto(f"{system.url}/es/referral/")
    page.locator("main form button").last.click()
    heading = page.locator(".error-summary h2")
    heading.wait_for()
    page.wait_for_function("document.activeElement.matches('.error-summary h2')")
    bar = page.locator(".site-top .stay").bounding_box()
    box = heading.bounding_box()
    assert bar and box and bar["y"] + bar["height"] <= box["y"] and box["y"] + box["height"] <= 640
