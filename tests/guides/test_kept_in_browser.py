"""What an editor typed up to a sign-out in another tab is kept, and who stays on the page sees it again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
LIST = "/admin/guides/guideedition/"
TYPED = re.compile(r"Typed just now\.")
SIGN_OUT = "form[action*='/accounts/logout/']"


def open_first_guide(page: Page, system: System) -> None:
    page.goto(system.url + LIST)
    sign_in(page, system, "editor")
    page.locator("#result_list tbody th a").first.click()
    page.locator("[data-ready]").wait_for()


def sign_out_elsewhere(page: Page, system: System) -> None:
    other = page.context.new_page()
    other.goto(system.url + LIST)
    other.on("dialog", lambda dialog: dialog.accept())
    page.locator("#id_summary").press_sequentially(" Typed just now.")
    with other.expect_navigation():
        other.locator(SIGN_OUT).first.evaluate("each => each.requestSubmit()")
    other.close()


def test_words_typed_a_moment_before_a_sign_out_elsewhere_are_kept(system: System, page: Page) -> None:
    open_first_guide(page, system)
    where = page.url
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks: leave the page
    sign_out_elsewhere(page, system)
    expect(page.locator("input[name=password]")).to_be_visible()
    page.goto(where)
    sign_in(page, system, "editor")
    page.goto(where)
    expect(page.locator("body")).not_to_contain_text("in another browser too")
    page.get_by_role("link", name="Put it back").first.click()
    expect(page.locator("#id_summary")).to_have_value(TYPED)


def test_who_stays_after_a_sign_out_elsewhere_sees_the_page_again(system: System, page: Page) -> None:
    open_first_guide(page, system)
    page.on("dialog", lambda dialog: dialog.dismiss())  # the browser asks: stay
    sign_out_elsewhere(page, system)
    expect(page.get_by_text("You signed out in another tab.")).to_be_visible()
    expect(page.locator("#id_summary")).to_have_value(TYPED)
    expect(page.locator(".kept-when")).to_contain_text("Sign in in another tab, then save.")
    assert page.title() != "…"
    other = page.context.new_page()
    other.goto(system.url + LIST)
    sign_in(other, system, "editor")
    page.keyboard.press("Control+s")
    expect(page.locator("main")).to_contain_text("You signed in again after you had opened the page.")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".messagelist")).to_contain_text("The draft is saved")
