"""The reviewer's and the publisher's day by keyboard alone: from what waits for them to what readers see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import look_for_barriers, sign_in
from tests.journey.test_desk_and_own_page import reach
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]

# Guides that an editor wrote, as far on their way as `moves` carry them: (who, which) after each other.
WRITTEN = """
from django.utils import timezone
from guides.models import Guide
from guides.workflow import actions, beginning, stages
from privacy.models import User
now = timezone.now()
people = dict((user.username, user) for user in User.objects.all())
moves = {moves!r}
for title in {titles!r}:
    guide = Guide.objects.create(key=beginning.key_of(title), section="paying", order=90)
    edition = beginning.begin(guide, title, "en")
    blocks = [dict(id="one", type="prose", html="<p>Ask the program what it costs.</p>"),
              dict(id="two", type="checklist", heading="To bring", items=["Your card"])]
    document = dict(edition.document(), summary="What to ask, and whom.", blocks=blocks)
    actions.replace_draft(edition, document, by=people["editor"], now=now, reason="saved")
    for who, move in moves:
        stages.make_move(edition, move, by=people[who], now=now, read=True)
    print(edition.pk)
"""
SUBMITTED = [("editor", "submit")]


def written(system: System, moves: list[tuple[str, str]], *titles: str) -> list[str]:
    """Return the addresses of the change forms of new guides."""
    made = system.manage("shell", "-c", WRITTEN.format(titles=titles, moves=moves)).split()[-len(titles) :]
    return [f"{system.url}/admin/guides/guideedition/{key}/change/" for key in made]


def press(page: Page, words: str) -> None:
    """Come to something with the Tab key, and press Enter on it."""
    reach(page, words)
    page.keyboard.press("Enter")


def what_waits(system: System, page: Page, who: str, words: str, state: str) -> None:
    """Sign in, and come from what is to do to the list of guides in this state."""
    page.goto(f"{system.url}/admin/")
    sign_in(page, system, who)
    expect(page.get_by_role("heading", name="To do", exact=True)).to_be_visible()
    press(page, words)
    page.wait_for_url(f"**/guideedition/?state={state}")


def test_a_reviewers_day_by_keyboard(system: System, open_page: Callable[..., Page]) -> None:
    first, second = written(system, SUBMITTED, "Asked to change", "Good as it is")
    page = open_page(viewport={"width": 1280, "height": 800})
    what_waits(system, page, "reviewer", r"\d+ guides? waits? for your approval", "review")
    press(page, "Asked to change")
    page.wait_for_url(f"{first}*")
    look_for_barriers(page)

    # A word on one block, and then on the whole.
    reach(page, "About$")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Name a sum.")
    press(page, "Add comment")
    expect(page.locator(".comment")).to_contain_text("Block 1: Ask the program what it costs.")
    press(page, "Skip to main content")
    press(page, "Ask for changes")
    expect(page.locator(".messagelist")).to_contain_text("Write what should change")
    reach(page, "What should change")
    page.keyboard.type("See my comment.")
    press(page, "Ask for changes")
    expect(page.locator(".messagelist")).to_contain_text("The draft is now: draft")
    expect(page.locator(".stage")).to_contain_text("See my comment.")

    # The other one is approved, after its suggestions were read.
    page.goto(second)
    reach(page, "I have read the suggestions")
    page.keyboard.press("Space")
    press(page, "Approve$")
    expect(page.locator(".messagelist")).to_contain_text("The draft is now: approved")
    look_for_barriers(page)


def test_a_publishers_day_by_keyboard(system: System, open_page: Callable[..., Page]) -> None:
    (form,) = written(system, [*SUBMITTED, ("reviewer", "approve")], "Out into the world")
    page, reader = open_page(viewport={"width": 1280, "height": 800}), open_page(viewport={"width": 390, "height": 844})
    what_waits(system, page, "publisher", r"\d+ approved guides?", "approved")
    press(page, "Out into the world")
    page.wait_for_url(f"{form}*")

    # Later, by itself; a day that is over is refused; and not later, but now.
    press(page, "Schedule")
    expect(page.locator(".messagelist")).to_contain_text("Enter a day and time that are still to come")
    reach(page, "Publish at")
    page.keyboard.type("12312099")
    page.keyboard.press("Tab")
    page.keyboard.type("0900AM")
    press(page, "Schedule")
    expect(page.locator(".stage")).to_contain_text("It will be published")
    press(page, "Do not publish by itself")
    expect(page.locator(".messagelist")).to_contain_text("The draft is now: approved")
    press(page, "Save and publish")
    expect(page.locator(".messagelist")).to_contain_text("Published. Visitors see it at")
    look_for_barriers(page)
    reader.goto(f"{system.url}/guides/out-into-the-world/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Out into the world")

    # Taken back: the address says so, and the draft is still there.
    press(page, "Unpublish")
    expect(page.locator(".messagelist")).to_contain_text("is unpublished. The draft is still here.")
    assert reader.goto(f"{system.url}/guides/out-into-the-world/").status == 410  # type: ignore[union-attr]
