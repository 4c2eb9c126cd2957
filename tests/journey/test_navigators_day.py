"""A navigator's day from morning to evening by keyboard alone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import press, sign_in
from tests.journey.test_desk_and_own_page import look, reach
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]

# A family of the navigator asks for help now.
CRISIS = """
from django.utils import timezone
from privacy.models import User
from referral.models import Referral
now, nora = timezone.now(), User.objects.get(username="navigator")
referral = Referral.objects.filter(status="active", assigned_to=nora).latest("opened_at")
referral.tasks.create(kind="needs_help", due_at=now, created_at=now, urgent=True, text="I cannot do this alone.")
print(referral.pk)
"""


def choose(page: Page, field: str, value: str) -> None:
    """Come to a group of choices with the Tab key, and take one of them as the keyboard does."""
    for _each in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == field:
            break
    else:
        raise AssertionError(f"Tab never comes to {field}")
    for _each in range(10):
        if page.evaluate("document.activeElement.value") == value:
            page.keyboard.press("Space")
            return
        page.keyboard.press("Tab" if page.evaluate("document.activeElement.type") == "checkbox" else "ArrowDown")
    raise AssertionError(f"{field} has no {value}")


def typed(page: Page, label: str, words: str) -> None:
    reach(page, label)
    page.keyboard.type(words)


def test_a_navigators_day_by_keyboard(system: System, open_page: Callable[..., Page]) -> None:
    crisis = system.manage("shell", "-c", CRISIS).split()[-1]
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{system.url}/staff/")
    sign_in(page, system, "navigator")

    # Morning: who asks for help now comes first. The search is left again with Esc, and the keys are keys.
    press(page, "/")
    page.keyboard.press("Escape")
    press(page, "i")
    expect(page.get_by_role("button", name="I have it").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{system.url}/staff/referral/{crisis}/")
    expect(page.locator(".next")).to_contain_text("has it since")

    # The phone rings: a caller is written down, and says yes to sharing.
    page.locator("h1").click()  # no field has the focus
    press(page, "N")
    expect(page.get_by_label("Name of whom we talk with")).to_be_focused()
    page.keyboard.type("Marta Prueba")
    typed(page, "Phone", "6265550177")
    choose(page, "relation", "self")
    typed(page, "Year of birth", "1988")
    choose(page, "concern", "substance_use")
    typed(page, "ZIP code", "91101")
    choose(page, "language", "en")
    choose(page, "by_phone", "on")
    choose(page, "by_text", "on")
    expect(page.locator("#intake .spoken:lang(es)").first).to_be_hidden()
    choose(page, "method", "verbal")
    expect(page.locator("[name=read_in][value=en]")).to_be_checked()
    expect(page.get_by_label("Said: who else heard it")).to_be_visible()
    for needless in ("Paper: where it is kept", "Guardian or agent: what shows it"):
        expect(page.get_by_label(needless)).to_be_hidden()
    choose(page, "read_aloud", "on")
    typed(page, "Who consents", "Marta Prueba")
    reach(page, "By what right")
    page.keyboard.press("ArrowDown")
    typed(page, "Said: who else heard it", "Nora")
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marta Prueba")
    look(page)

    # Two programs are asked by one preview.
    press(page, "p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask a program")
    look(page)
    boxes = page.locator("[name=program]:not(:disabled)")
    for at in range(2):
        choose(page, "program", boxes.nth(at).input_value())
    reach(page, "Look at it, then send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Send to these 2 programs?")
    look(page)
    for _each in range(page.locator("textarea").count()):
        typed(page, "Why this program anyway", "They asked for it.")
    reach(page, "Send$")
    page.keyboard.press("Enter")
    expect(page.locator(".placement")).to_have_count(2)

    # The family is written to: shown as it reads and when it goes, sent, and undone.
    press(page, "w")
    expect(page.locator("#id_words")).to_be_focused()
    page.keyboard.type("We asked two programs. We call you tomorrow.")
    expect(page.locator("#beside")).to_contain_text("When it goes")
    look(page)
    reach(page, "Send$")
    page.keyboard.press("Enter")
    expect(page.locator(".going")).to_contain_text("We asked two programs.")
    expect(page.locator(".timeline")).to_contain_text("Wrote to the family by text.")

    # A note: the key leads into its box, where every letter is a letter.
    page.locator("h1").click()
    press(page, "n")
    page.keyboard.type("new plan, will wait")
    expect(page.locator("textarea[data-key=n]")).to_have_value("new plan, will wait")
    press(page, "Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("new plan, will wait")
    expect(page.locator("textarea[data-key=n]")).not_to_be_focused()  # else the next key is a letter of a note
    press(page, "h")
    expect(page.get_by_label("Assign to")).to_be_focused()
    page.keyboard.press("Escape")

    # A call is logged: no answer, and when the next try is.
    press(page, "l")
    choose(page, "outcome", "no_answer")
    press(page, "Control+Enter")
    expect(page.locator(".timeline")).to_contain_text(re.compile(r"Called: No answer\. Next try: "))

    # The end of the day: the queue says what is next, and nothing of it is late.
    press(page, "/")
    page.keyboard.type("Marta Prueba")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{system.url}/staff/search/")
    reach(page, "Marta Prueba")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marta Prueba")
    expect(page.locator(".next .due-late")).to_have_count(0)
