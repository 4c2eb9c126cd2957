"""Pages that Django's admin draws by itself have no barrier, in the light and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browsing import barriers, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
PAGES = ["directory/program", "referral/followupplan", "directory/servicearea", "privacy/user", "auth/group"]


def test_forms_with_tables_and_long_lists_have_no_barrier(system: System, page: Page) -> None:
    page.goto(f"{system.url}/admin/")
    sign_in(page, system, "admin")
    found = []
    for path in PAGES:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.goto(f"{system.url}/admin/{path}/")
            page.locator("#result_list tbody th a").first.click()
            page.locator("#content-main form").first.wait_for()
            page.wait_for_timeout(300)  # names are given as lists of choices are drawn
            found += [f"{theme} {each}" for each in barriers(page)]
    assert found == []
