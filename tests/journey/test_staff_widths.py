"""Every page of staff on a phone, a tablet and a desk, and with letters twice as large: nothing beyond the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page

from tests.browsing import PATIENCE, sign_in
from tests.systems import System
from workspace.urls import urlpatterns

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
# Width of the window in pixels, size of the letters in percent.
SIZES = ((390, 100), (768, 100), (1280, 100), (768, 200), (1280, 200))
# What is wider than the page, and what scrolls sideways inside it. What only a screen reader finds is one pixel wide.
# The table of levels against levels has two dimensions: it scrolls in its own frame.
BEYOND = """letters => {
    document.documentElement.style.fontSize = `${letters}%`;
    const found = [], wide = document.documentElement.clientWidth;
    for (const one of document.querySelectorAll('body *')) {
        const left = 'svg, .visually-hidden, dialog, .skip, thead, .agree-wrap > *';
        if (one.closest(left) || !one.checkVisibility()) continue;
        const box = one.getBoundingClientRect(), words = one.textContent.trim().slice(0, 30);
        if (box.width < 4) continue;
        if (box.right > wide + 1 || box.left < -1) found.push(`${one.tagName} ${one.className}: ${words}`);
        const frame = one.matches('div:not(.agree-wrap), nav');
        const scrolls = ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && frame;
        if (scrolls && one.scrollWidth > one.clientWidth + 1) found.push(`scrolls: ${one.className}`);
    }
    return [...new Set(found)].slice(0, 4);
}"""


def addresses(record: int) -> Iterator[str]:
    """Every address of the workspace that needs no more than a referral. Which are pages, their answer says."""
    for pattern in urlpatterns:
        for arguments in ([], [record]):
            try:
                yield reverse(f"workspace:{pattern.name}", args=arguments)
            except NoReverseMatch:
                continue


def test_no_page_of_staff_is_wider_than_the_screen(system: System, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{system.url}/staff/")
    sign_in(page, system, "supervisor")
    link = page.locator("tbody a.row-link").first
    link.wait_for(timeout=PATIENCE)
    record = int((link.get_attribute("href") or "").strip("/").rpartition("/")[2])
    found, seen = [], 0
    for address in sorted(set(addresses(record))):
        answer = page.request.get(f"{system.url}{address}", max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(f"{system.url}{address}")
        page.evaluate("document.fonts.ready.then(() => true)")
        seen += 1
        for width, letters in SIZES:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{address} {width} px {letters} %: {one}" for one in page.evaluate(BEYOND, letters)]
    assert not found, "\n".join(found)
    assert seen >= 15
