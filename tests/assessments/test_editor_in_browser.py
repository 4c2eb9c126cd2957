"""Editors and publishers at work in a running system: a question is written, tried and published; less care by two."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import PATIENCE, look_for_barriers, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]

LIST = "/admin/assessments/questionnaire/"
WORDS = {
    "English, to the person": "Do you sleep well?",
    "English, to someone who loves them": "Do they sleep well?",
    "Spanish, to the person": "¿Duerme bien?",
    "Spanish, to someone who loves them": "¿Duerme bien su ser querido?",
}


def write_a_question(page: Page) -> None:
    """A rated question with two answers, of which the worse rates daily life."""
    page.get_by_role("link", name="+ Add a question").click()
    look_for_barriers(page)
    texts = page.locator(".desk-card").first
    for label, words in WORDS.items():
        texts.get_by_label(label, exact=True).first.fill(words)
    for number, words in (("1", "Yes"), ("2", "No")):
        answer = page.get_by_role("group", name=f"Answer {number}", exact=True)
        for label in WORDS:
            answer.get_by_label(label, exact=True).first.fill(words)  # then comes what it is as a sign
    worse = page.get_by_role("group", name="Answer 2", exact=True)
    worse.get_by_label("Rates").select_option(label="Daily life")
    worse.get_by_label("How much").select_option(label="mild (1)")
    page.get_by_role("button", name="Save", exact=True).last.click()


def move_up_by_keyboard(page: Page, times: int) -> None:
    """Press the same button again and again: the keyboard stays on it."""
    page.get_by_role("button", name="Do you sleep well?").first.focus()
    for _each in range(times):
        before = page.locator("#questions .sheet-item h3").all_inner_texts()
        place = next(at for at, words in enumerate(before) if "Do you sleep well?" in words)
        page.keyboard.press("Enter")
        expect(page.locator("#questions .sheet-item h3").nth(place - 1)).to_contain_text("Do you sleep well?")
        expect(page.locator(":focus")).to_have_attribute("aria-label", f"Move up: {place}, Do you sleep well?")


def test_a_question_is_written_ordered_by_keyboard_tried_and_published(system: System, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(system.url + LIST)
    sign_in(page, system, "publisher")
    page.get_by_role("link", name="level-of-care").click()
    expect(page.get_by_text("This draft says the same.")).to_be_visible()
    look_for_barriers(page)

    write_a_question(page)
    expect(page.locator("#questions .sheet-item h3").last).to_contain_text("Do you sleep well?")
    expect(page.get_by_text("This draft is not what they answer.")).to_be_visible()
    move_up_by_keyboard(page, 2)

    page.get_by_role("group", name="1. Is any of this happening right now?").get_by_label("None of these").check()
    expect(page.locator("[data-try]")).to_contain_text("2. ")
    look_for_barriers(page)

    page.get_by_role("link", name="See what changes, and publish").click()
    expect(page.get_by_text("The draft is proved")).to_be_visible()
    expect(page.locator(".changes").first).to_contain_text("Do you sleep well?")
    look_for_barriers(page)
    page.get_by_role("button", name="Publish this draft").click()
    expect(page.get_by_text("Published as version 2.")).to_be_visible()
    look_for_barriers(page)
    assert refused == []
    assert "do-you-sleep-well" in system.manage("export_questionnaire", "level-of-care")
    context.close()


def test_less_care_is_asked_for_by_one_and_published_by_another(system: System, browser: Browser) -> None:
    pages = {}
    for username in ("editor", "admin"):
        pages[username] = browser.new_context().new_page()
        pages[username].set_default_timeout(PATIENCE)
        pages[username].goto(system.url + LIST)
        sign_in(pages[username], system, username)
        pages[username].get_by_role("link", name="level-of-care").click()
    editor, second = pages["editor"], pages["admin"]
    editor.locator("#floors").get_by_role("link", name="Edit").first.click()
    editor.get_by_label("At least this level").select_option("iop")
    editor.get_by_role("button", name="Save", exact=True).last.click()
    editor.get_by_role("link", name="Publish", exact=True).click()
    expect(editor.get_by_role("heading", name="A second person has to approve this")).to_be_visible()
    look_for_barriers(editor)
    editor.get_by_label("Clinician who agrees").fill("Ana Ruiz, LCSW 12345")
    editor.get_by_label("Reason").fill("Half of them did well with less.")
    editor.get_by_role("button", name="Ask for approval").click()
    expect(editor.get_by_role("heading", name="Waiting for a second person")).to_be_visible()

    second.goto(system.url + "/admin/")
    second.get_by_role("link", name="waits for your approval").click()
    look_for_barriers(second)
    second.get_by_role("button", name="Approve this draft").click()
    second.get_by_role("button", name="Publish this draft").click()
    expect(second.get_by_text("Published as version")).to_be_visible()
    expect(second.get_by_text("Ana Ruiz, LCSW 12345")).to_be_visible()
    look_for_barriers(second)
    for page in pages.values():
        page.context.close()
