"""A folded form of a referral's page is fetched when it is opened: by a key, after a reload, and where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import look_for_barriers, open_as, press
from tests.journey.test_typed_text import KEPT, OFFER, wait_until_kept
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
WORDS = "They are with an aunt until Friday."


def opened(page: Page, system: System) -> Page:
    open_as(page, system, "supervisor", "/staff/?who=all&show=active")
    page.locator(".dense a.row-link").first.click()
    page.wait_for_url("**/staff/referral/**")
    page.wait_for_load_state()
    return page


def unreachable(route: Route) -> None:
    route.abort()


def test_a_key_opens_a_folded_form_and_fills_it_in(system: System, open_page: Callable[..., Page]) -> None:
    page = opened(open_page(), system)
    assert page.locator("#hold_until").count() == 0
    page.locator("h1").click()
    press(page, "z")
    expect(page.locator("#hold_until")).to_be_focused()
    page.locator("#hold_reason").fill(WORDS)
    wait_until_kept(page)
    look_for_barriers(page)
    page.reload()  # what was typed opens its form again, and is offered
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#hold_reason")).to_have_value(WORDS)
    page.locator("form:has(#hold_until) .actions button").last.click()
    expect(page.locator("#hold_until_error, .error-summary").first).to_be_visible()
    expect(page.locator("#hold_reason")).to_have_value(WORDS)


def test_a_form_that_cannot_be_fetched_says_so(system: System, open_page: Callable[..., Page]) -> None:
    page = opened(open_page(), system)
    page.route("**/form/close/**", unreachable)
    page.locator("h1").click()
    press(page, "c")
    expect(page.get_by_role("alert").filter(has_text="This form could not be opened here.")).to_be_visible()
    page.unroute("**/form/close/**")
    page.locator("a[href*='/form/close/']").click()
    expect(page.locator("h1")).to_contain_text("Close")
    expect(page.locator("form[action$='/close/']")).to_be_visible()


def test_without_scripts_a_link_opens_the_form(system: System, open_page: Callable[..., Page]) -> None:
    page = opened(open_page(java_script_enabled=False), system)
    page.locator("summary", has_text="Add a task").click()
    page.locator("a[href*='/form/task/']").click()
    expect(page.locator("form[action$='/task/'] select[name=kind]")).to_be_visible()


def by_keys(page: Page, key: str, field: str) -> None:
    """Open a form by its key, fill it in and send it, no hand on the mouse."""
    page.locator("h1").click()
    press(page, key)
    expect(page.locator(field)).to_be_focused()
    page.keyboard.type(WORDS)
    wait_until_kept(page)
    press(page, "Control+Enter")


def test_what_keys_have_sent_is_no_draft_any_more(system: System, open_page: Callable[..., Page]) -> None:
    page = opened(open_page(), system)
    address = page.url
    by_keys(page, "n", "textarea[data-key=n]")
    expect(page.locator(".timeline")).to_contain_text(WORDS)
    wait_until_kept(page, 0)
    page.locator("h1").click()
    press(page, "z")
    expect(page.locator("#hold_until")).to_be_focused()
    page.locator("#hold_until").fill(f"{date.today() + timedelta(days=9)}")
    page.locator("#hold_reason").click()
    page.keyboard.type(WORDS)
    wait_until_kept(page)
    press(page, "Control+Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    wait_until_kept(page, 0)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Resume")).to_have_count(0)
    page.goto(address)
    expect(page.locator("summary[data-key=z]")).to_be_visible()
    expect(page.locator("#hold_until")).to_have_count(0)
    assert page.evaluate(KEPT) == []
