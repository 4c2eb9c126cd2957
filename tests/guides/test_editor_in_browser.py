"""The first block of an empty guide, and a refused publish, with a mouse in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import PATIENCE, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]
LIST = "/admin/guides/guideedition/"

# Whether a mouse at the middle of the element meets it, and nothing that lies over it or cuts it off.
MEETS = """element => { element.scrollIntoView({block: "nearest"}); const box = element.getBoundingClientRect();
  const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return element === met || element.contains(met) }"""


def begin_an_empty_guide(page: Page, system: System, key: str) -> None:
    page.goto(f"{system.url}/admin/guides/guide/add/")
    page.locator("#id_key").fill(key)
    page.locator("#id_section").select_option("paying")
    page.locator("input[name=_continue]").click()
    page.get_by_role("link", name="English").first.click()


def test_first_block_and_refused_publish_with_a_mouse(system: System, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(system.url + LIST)
    sign_in(page, system, "publisher")
    begin_an_empty_guide(page, system, "with-a-mouse")
    page.locator(".order-machine-insert-target.last").click()
    kinds = page.locator(".plugin-button[data-plugin-prefix]:visible")
    expect(kinds).to_have_count(9)
    assert [kinds.nth(at).inner_text() for at in range(9) if not kinds.nth(at).evaluate(MEETS)] == []
    kinds.filter(has_text="Checklist").click()
    expect(page.locator(".order-machine .inline-related:not(.empty-form)")).to_have_count(1)
    page.locator("#id_title").fill("With a mouse")
    page.locator("#id_summary").fill("A guide that is not finished.")
    page.locator("#id_guides_checklist_set-0-heading").fill("To bring")
    page.locator("input[name=_publish]").click()
    expect(page.locator("#problems")).to_be_focused(timeout=PATIENCE)
    expect(page.locator("#problems")).to_be_in_viewport()
    page.locator("#problems").get_by_role("link", name="Block 1").first.click()
    expect(page.locator("#guides_checklist_set-0")).to_be_in_viewport()
