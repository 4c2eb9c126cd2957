"""What the journeys share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import PATIENCE


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of one person: ``open_page(java_script_enabled=False)``. Colors do not fade while axe looks."""
    contexts = []

    def opened(**options: Any) -> Page:
        contexts.append(browser.new_context(reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()
