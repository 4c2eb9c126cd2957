"""An editor's day in Chromium: the first block, moving, adding and saving, with a mouse and with keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import barriers, open_as, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]
LIST = "/admin/guides/guideedition/"

# Whether a mouse at the middle of the element meets it, and nothing that lies over it or cuts it off.
MEETS = """element => { element.scrollIntoView({block: "center"}); const box = element.getBoundingClientRect();
  const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return element === met || element.contains(met) }"""


def begin_an_empty_guide(page: Page, system: System, key: str) -> None:
    page.goto(f"{system.url}/admin/guides/guide/add/")
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type(key)
    page.locator("#id_section").select_option("paying")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.locator("[data-ready]").wait_for()


def save(page: Page) -> None:
    """Save the draft by its key, and come to the page that follows, when its scripts listen."""
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("The draft is saved")
    page.locator("[data-ready]").wait_for()


def at_rest(box: Locator) -> float:
    """How far down it stands, once half a second nothing above it is scrolled any more, or built."""
    last, same = -1.0, 0
    for _each in range(200):
        now: float = box.evaluate("box => box.getBoundingClientRect().top")
        same, last = (same + 1, now) if now == last else (0, now)
        if same == 5:
            return now
        box.page.wait_for_timeout(100)
    raise AssertionError("it never comes to rest")


def lines(page: Page) -> list[str]:
    return page.locator("[data-card] summary b").all_inner_texts()


def test_first_blocks_and_their_problems_with_a_mouse(system: System, page: Page) -> None:
    page.set_viewport_size({"width": 768, "height": 800})
    open_as(page, system, "publisher", LIST)
    begin_an_empty_guide(page, system, "with-a-mouse")
    kinds = page.locator("[data-add]:visible")
    assert [kinds.nth(at).inner_text() for at in range(kinds.count()) if not kinds.nth(at).evaluate(MEETS)] == []
    kinds.filter(has_text="Checklist").click()
    page.locator("#id_title").fill("With a mouse")
    page.locator("#id_summary").fill("A guide that is not finished.")
    page.locator("input[name$='.heading']").fill("To bring")
    kinds.filter(has_text="Callout").click()
    page.locator("[data-card=callout] [contenteditable]").fill("Stay a while.")
    page.locator("[data-card=callout] input[name$='.heading']").fill("Calm")
    page.locator("[data-card=callout] [data-do=up]").click()
    expect(page.locator("[data-status]")).to_have_text("Moved to place 1 of 2.")
    page.locator("[data-card=checklist] [data-do=remove]").click()
    page.locator(".undo button").click()
    assert lines(page) == ["Callout", "Checklist"]
    assert barriers(page) == []
    page.locator("input[name=_draft]").click()
    expect(page.locator("#problems")).to_be_visible()
    page.locator("[data-ready]").wait_for()
    assert lines(page) == ["Callout", "Checklist"]
    page.locator("#problems").get_by_role("link", name="Block 2").first.click()
    expect(page.locator("[data-card=checklist] details")).to_have_attribute("open", "")
    expect(page.locator("[data-card=checklist]")).to_be_in_viewport()


def test_blocks_are_written_moved_and_saved_with_keys_alone(system: System, page: Page) -> None:
    open_as(page, system, "editor", LIST)
    begin_an_empty_guide(page, system, "with-keys")
    expect(page.locator("#id_summary")).to_be_focused()
    page.keyboard.type("Written without a mouse.")
    for kind, words in (("fits", "Who"), ("steps", "How")):
        page.locator(f"[data-add={kind}]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-card={kind}] input[name$='.heading']")).to_be_focused()
        page.keyboard.type(words)
    page.keyboard.press("Alt+ArrowUp")
    assert lines(page) == ["Steps", "Who it may fit"]
    save(page)
    assert page.locator("[data-line]").all_inner_texts() == ["How", "Who"]


def test_a_session_that_ended_costs_no_word_of_an_evening(system: System, page: Page) -> None:
    open_as(page, system, "editor", LIST)
    begin_an_empty_guide(page, system, "signed-out")
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_summary").fill("A whole evening.")
    page.locator("#comment-text").fill("Who checks the fees?")
    expect(page.locator(".kept-when")).to_contain_text("Sign in in another tab, then save.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Sign in again, then send")).to_be_visible()
    expect(page.locator("main")).to_contain_text("A whole evening.")
    expect(page.locator("main")).to_contain_text("Who checks the fees?")
    assert barriers(page) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    sign_in(opened.value, system, "editor")
    # Who signs in gets a new form key; the page is taken at the first press all the same.
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".messagelist")).to_contain_text("The draft is saved")
    expect(page.locator("#id_summary")).to_have_value("A whole evening.")
    expect(page.locator("#comment-text")).to_have_value("Who checks the fees?")
    expect(page.locator(".messagelist")).to_contain_text("Your comment is not sent yet.")


def test_comments_and_saves_leave_words_and_place_as_they_were(system: System, page: Page) -> None:
    open_as(page, system, "editor", LIST)
    page.locator("#result_list tbody th a").first.click()
    page.locator("[data-ready]").wait_for()
    page.locator("#comment-text").fill("Say it shorter.")
    page.get_by_role("button", name="Add comment").click()
    page.locator("#id_summary").fill("Typed, and not saved.")
    page.get_by_role("button", name="Resolve", exact=True).first.click()
    expect(page.locator(".comment").first).to_contain_text("Resolved by")
    expect(page.locator("#id_summary")).to_have_value("Typed, and not saved.")
    card = page.locator("[data-card]:has(textarea[data-rich])").last
    card.locator("summary").click()
    text = card.locator("[contenteditable]").first
    text.click()
    before = at_rest(text)
    save(page)
    expect(text).to_be_focused()
    assert abs(at_rest(text) - before) < 2
    expect(page.locator("#id_summary")).to_have_value("Typed, and not saved.")
    text.press_sequentially(" More")
    expect(page.locator(".kept-when")).to_contain_text("Kept at")
    page.goto(page.url.partition("#")[0])
    page.locator("[data-ready]").wait_for()
    expect(page.get_by_role("link", name="Put it back")).to_be_visible()
    page.wait_for_timeout(500)  # a second offer would come after the page
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


def test_words_cursor_and_presses_outlive_a_save(system: System, page: Page) -> None:
    open_as(page, system, "editor", LIST)
    page.locator("#result_list tbody th a").first.click()
    page.locator("[data-ready]").wait_for()
    page.locator("#comment-text").fill("Say it shorter.")
    page.wait_for_timeout(400)  # kept in this browser a moment after the last key
    page.locator("#id_summary").fill("One two.")
    save(page)
    expect(page.locator("#comment-text")).to_have_value("Say it shorter.")
    expect(page.locator("#id_summary")).to_be_focused()
    page.keyboard.type(" Three.")
    expect(page.locator("#id_summary")).to_have_value("One two. Three.")
    # A press on the list takes the focus out of a card first; the entry is there still when the mouse is released.
    for at in (0, 1, 2):
        entry = page.locator("[data-outline] a").nth(at)
        entry.click()
        card = page.locator(f"[data-card]{entry.get_attribute('href')}")
        expect(card.locator("summary")).to_be_focused()
        expect(card.locator("details")).to_have_attribute("open", "")
        card.locator("summary").click()
    text = page.locator("[data-card]:has(textarea[data-rich])").last
    page.locator(f"[data-outline] a[href='#{text.get_attribute('id')}']").click()
    for at in (0, 1, 0, 1):
        text.locator("[contenteditable]").first.press_sequentially(" More")
        entry = page.locator("[data-outline] a").nth(at)
        entry.hover()
        page.mouse.down()
        page.wait_for_timeout(50)  # as long as a hand holds a button
        page.mouse.up()
        expect(page.locator(f"[data-card]{entry.get_attribute('href')} summary")).to_be_focused()


def test_the_preview_beside_outlives_a_save_and_says_when_it_is_old(system: System, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    open_as(page, system, "editor", LIST)
    begin_an_empty_guide(page, system, "seen-beside")
    page.locator("#id_summary").fill("Seen while it is written.")
    page.locator("[data-add=quote]").click()
    page.locator("textarea[name$='.quote']").fill("We called first.")
    save(page)
    page.get_by_role("button", name="Preview beside").click()
    shown, old = page.frame_locator(".beside iframe"), page.locator("[data-old]")
    expect(shown.locator("main")).to_contain_text("We called first.")
    page.get_by_role("button", name="Desktop").click()
    page.locator("textarea[name$='.quote']").fill("We called the day before.")
    expect(old).to_have_text("Older than what you typed. Wait a moment.")
    expect(shown.locator("main")).to_contain_text("We called the day before.")
    expect(old).to_be_empty()
    save(page)
    expect(shown.locator("main")).to_contain_text("We called the day before.")
    expect(page.get_by_role("button", name="Desktop")).to_have_attribute("aria-pressed", "true")
    assert page.get_by_role("button", name="Desktop").evaluate(
        "button => button.getBoundingClientRect().top - button.closest('.beside').getBoundingClientRect().top >= 0"
    )
    framed = "main => { main.focus(); return getComputedStyle(main).outlineStyle }"
    assert page.locator("#content-start").evaluate(framed) == "none"
    page.context.clear_cookies(name="sessionid")
    page.locator("textarea[name$='.quote']").fill("We called twice.")
    expect(old).to_contain_text("you are signed out")


def test_what_is_typed_into_a_new_block_stands_in_its_text(system: System, page: Page) -> None:
    open_as(page, system, "editor", LIST)
    begin_an_empty_guide(page, system, "typed-at-once")
    page.locator("[data-add=callout]").click()
    expect(page.locator("[data-card=callout] input[name$='.heading']")).to_be_focused()
    page.locator("[data-card=callout] [contenteditable]").fill("Call first.")
    page.locator("[data-card=callout] [contenteditable]").press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+k")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Add a link")
    expect(dialog.locator("input[name=title]")).to_be_hidden()
    dialog.locator("input[name=href]").fill("https://example.org")
    dialog.get_by_role("button", name="Save link").click()
    expect(page.locator("[data-card=callout] a")).to_have_attribute("href", "https://example.org")
    # The way from an error to the box that it names, past a row of other boxes.
    page.locator("[data-add=sources]").click()
    page.locator("[data-card=sources] input[name$='.title']").first.fill("Find help")
    page.locator("[data-card=sources] input[name$='.url']").first.fill("www.findtreatment.gov")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.locator("[data-ready]").wait_for()
    page.locator("#problems").get_by_role("link", name="has no https://").click()
    expect(page.locator("[data-card=sources] input[name$='.url']").first).to_be_focused()
