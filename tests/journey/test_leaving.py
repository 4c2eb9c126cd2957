"""The quick exit where no script runs: the session ends, and going back shows nothing of anybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_without_script_leaving_ends_the_session(system: System, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="Weather"))
        page.goto(f"{system.url}/assessment/")
        page.locator("main input[name=voice]").first.check()
        page.locator("main form button").first.click()
        page.wait_for_url("**/assessment/1/")
        page.locator("[data-quick-exit]").click()
        page.wait_for_url("https://www.weather.gov/**")
        assert not [cookie for cookie in context.cookies(system.url) if cookie["name"] == "sessionid"]
        page.go_back()
        expect(page.locator("main input[name=question]")).to_have_count(0)
