"""The quick exit where no script runs: the session ends, and going back shows nothing of anybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_without_script_leaving_ends_the_session(system: System, browser: Browser) -> None:
    led: list[tuple[int, str]] = []

    def stay_here(route: Route) -> None:
        """Nothing is asked of another host: what the system answers is taken down, and a page stands for the other."""
        answer = route.fetch(max_redirects=0)
        led.append((answer.status, answer.headers["location"]))
        route.fulfill(body="Weather")

    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        context.route("**/leave/", stay_here)
        page.goto(f"{system.url}/assessment/")
        page.locator("main input[name=voice]").first.check()
        page.locator("main form button").first.click()
        page.wait_for_url("**/assessment/1/")
        page.locator("[data-quick-exit]").click()
        expect(page.get_by_text("Weather")).to_be_visible()
        assert led == [(303, "https://www.weather.gov/")]
        assert not [cookie for cookie in context.cookies(system.url) if cookie["name"] == "sessionid"]
        page.go_back()
        expect(page.locator("main input[name=question]")).to_have_count(0)
