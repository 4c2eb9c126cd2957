"""A supervisor's day by keyboard: the figures, who is told, who looked, and a filter that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers, press, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]


def look(page: Page) -> None:
    """No barrier in either theme, and nothing beyond the edge of a phone."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        assert barriers(page) == []
    wide = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size(wide or {"width": 1280, "height": 800})


def follow(page: Page, name: str) -> None:
    """A place of the side bar, reached by Tab's order and opened with Enter."""
    place = page.get_by_role("navigation", name="Workspace").get_by_role("link", name=name, exact=True)
    address = place.get_attribute("href")
    place.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.wait_for_load_state()


def test_a_supervisors_day_by_keyboard(system: System, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{system.url}/staff/figures/")
    sign_in(page, system, "supervisor")
    expect(page.get_by_role("heading", name="From request to care")).to_be_visible()
    summary = page.locator("main summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main table").first).to_be_visible()
    look(page)

    follow(page, "Waiting too long")
    first = page.locator("details.rule").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    amount = first.locator("[name=amount]")
    amount.fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("nothing can wait for no time").first).to_be_visible()
    look(page)
    again = page.locator("details.rule[open] [name=amount]")
    again.fill("30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("after 30 minutes")).to_be_visible()

    follow(page, "Work queue")
    press(page, "]")
    page.wait_for_url("**show=new**")
    page.wait_for_load_state()
    press(page, "f")
    page.locator("#filter-name").fill("New ones")
    page.keyboard.press("Enter")
    kept = page.locator("#saved-list li", has_text="New ones")
    expect(kept.locator(".count")).to_be_visible()
    press(page, "o")
    assert page.evaluate("document.activeElement.name") == "sort"
    press(page, "w")
    assert page.evaluate("document.activeElement.name") == "who"
    expect(page).not_to_have_url(re.compile("sort="))
    press(page, "j")
    press(page, "x")
    press(page, "a")
    expect(page.get_by_label("Assign to")).to_be_focused()
    page.keyboard.press("Escape")
    follow(page, "Work queue")
    press(page, "?")
    expect(page.locator("#keys")).to_contain_text("Save this filter; saved filters")
    page.keyboard.press("Escape")
    look(page)

    follow(page, "Who looked")
    page.get_by_role("link", name="By person").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who looked at what")).to_be_visible()
    look(page)
