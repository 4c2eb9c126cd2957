"""A family answers, keeps, shares and deletes its answers in a real browser: each way of meeting it at least once.

For me or someone I love, in English or Spanish, on a phone or a desktop, with and without script, by keyboard alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browsing import barriers
from tests.journey.test_one_family import ask_for_help, mail_to
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# What is answered; every other question gets its first answer.
ANSWERS = {
    "substances": ["alcohol"],
    "drink-often": ["most-days"],
    "use-signs": ["could-not-stop", "takes-over"],
    "stopping": ["not_sure"],
    "stopping-signs": ["edgy"],
    "staying-off": ["never-alone"],
    "mind-signs": ["trauma"],
}
CANARIES = ("could-not-stop", "takes-over", "never-alone", "edgy")
# Where questionnaires, guides and programs are written; none of it is anybody's.
WRITTEN = re.compile(
    r"questionnaireversion|_draft|_keptdraft|_part|_question|_choice|_floorrule|_note|_tally|modelsearch|guides_|directory_"
)
ATTACHED = """
from referral.models import Referral
print(Referral.objects.latest("opened_at").response_id is not None)
"""
FIRST_VISIT = 60 * 1024


def look(page: Page) -> None:
    """Fail with what axe finds, in the light and in the dark."""
    found = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        found += [f"{theme}: {one}" for one in barriers(page)]
    assert found == []


def no_look(_page: Page) -> None:
    """Without script axe cannot run; the pages are the same."""


def begin(page: Page, system: System, voice: str, *, language: str = "", shared_device: bool = False) -> None:
    page.goto(f"{system.url}{language}/assessment/")
    page.locator(f'main input[name=voice][value="{voice}"]').check()
    if shared_device:
        page.locator("main input[name=is_shared_device]").check()
    page.locator("main form button").first.click()
    page.wait_for_url("**/assessment/1/")


def choose(page: Page) -> None:
    """Answer the question that is shown, with the mouse or a finger."""
    key = page.locator("main input[name=question]").get_attribute("value") or ""
    choices = page.locator("main input[name=answer]")
    several = choices.first.get_attribute("type") == "checkbox"
    for value in ANSWERS.get(key) or ([""] if several else [choices.first.get_attribute("value") or ""]):
        page.locator(f'main input[name=answer][value="{value}"]').check()
    page.locator("main form button").first.click()


def answer(page: Page, *, until: str = "/check/", look: Callable[[Page], None] = no_look) -> int:
    """Answer page by page until one whose address ends so; how many questions there were."""
    asked = 0
    while not page.url.endswith(until):
        if page.url.endswith("/safety/"):
            look(page)
            page.locator("main form button").first.click()
            continue
        if asked in (0, 6):
            look(page)
        choose(page)
        asked += 1
        assert asked < 40, "the questions have no end"
    look(page)
    return asked


def result(page: Page, look: Callable[[Page], None] = no_look) -> None:
    page.goto(re.sub(r"/assessment/.*", "/assessment/result/", page.url))
    expect(page.locator("main h1, main h2").first).to_be_visible()
    look(page)


def weight(page: Page, address: str) -> int:
    """Bytes over the wire of a page with everything that it loads."""
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(address, wait_until="networkidle")
    return sum(sum(request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize")) for request in asked)


@pytest.mark.parametrize("system", ["postgres"], indirect=True)
def test_answers_are_saved_opened_elsewhere_shared_and_deleted(system: System, open_page: Callable[..., Page]) -> None:
    # For someone I love, in English, on a phone, with script.
    family = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    addresses: list[str] = []
    family.on("request", lambda request: addresses.append(request.url))
    assert weight(family, f"{system.url}/assessment/") <= FIRST_VISIT
    look(family)
    begin(family, system, "loved")
    answer(family, until="/8/", look=look)
    family.get_by_role("link", name="Save and come back later").click()
    look(family)
    family.get_by_role("button", name="Get a code").click()
    code = family.locator(".return-code").inner_text()
    look(family)

    # On another device, which goes on from there to the result.
    other = open_page(viewport=DESKTOP)
    other.on("request", lambda request: addresses.append(request.url))
    other.goto(f"{system.url}/assessment/return/")
    look(other)
    other.get_by_label("Your code").fill(code)
    other.get_by_role("button", name="Show my answers").click()
    expect(other.get_by_text("Your answers are here again")).to_be_visible()
    assert other.url.endswith("/assessment/8/")
    answer(other, look=look)
    result(other, look)

    # One other person sees the result, until it is taken back.
    other.get_by_role("link", name="Keep or share").first.click()
    other.get_by_role("button", name="Make a link").click()
    link = other.locator(".shared-link a").get_attribute("href") or ""
    look(other)
    reader = open_page(viewport=PHONE)
    reader.goto(link)
    assert reader.url == f"{system.url}/s/", "the token is gone from the address"
    look(reader)
    reader.locator("main form button").first.click()
    expect(reader.locator("#do")).to_be_visible()
    look(reader)
    assert not reader.locator("#given").count(), "the answers were not shared"
    other.goto(f"{system.url}/assessment/keep/")
    expect(other.get_by_text("First opened")).to_be_visible()
    other.get_by_role("button", name="Stop this link").click()
    expect(other.get_by_text("That link no longer works.")).to_be_visible()
    reader.reload()
    expect(reader.locator("main h1")).to_be_visible()
    expect(reader.locator("#levels")).to_have_count(0)

    # Deleted by the code from a third place: nothing is left anywhere.
    third = open_page(java_script_enabled=False)
    third.goto(f"{system.url}/assessment/return/")
    third.get_by_label("Your code").fill(code)
    third.get_by_role("button", name="Delete these answers").click()
    expect(third.get_by_text("Your answers are deleted.")).to_be_visible()
    family.goto(f"{system.url}/assessment/2/")
    expect(family.get_by_text("There are no answers here.")).to_be_visible()
    assert not [address for address in addresses for canary in (*CANARIES, *code.split()[:1]) if canary in address]


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_a_shared_device_without_script_keeps_nothing(system: System, open_page: Callable[..., Page]) -> None:
    # For me, in Spanish, on a desktop, without script.
    page = open_page(viewport=DESKTOP, java_script_enabled=False)
    begin(page, system, "me", language="/es", shared_device=True)
    answer(page)
    result(page)
    expect(page.locator("main h1")).to_be_visible()
    kept = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert all(cookie["expires"] == -1 for cookie in kept.values()), "they end with the browser"
    assert found_in(system, CANARIES) == []
    page.goto(f"{system.url}/es/assessment/delete/")
    page.locator("main form button").first.click()
    expect(page.get_by_text("Sus respuestas están borradas.")).to_be_visible()
    page.goto(f"{system.url}/es/assessment/result/")
    assert page.url.endswith("/es/assessment/")


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_what_was_answered_is_readable_nowhere_after_all_was_done_with_it(
    system: System, open_page: Callable[..., Page]
) -> None:
    # Saved, mailed by the worker, opened from the email, shared, and attached to a request.
    family, mailbox = open_page(viewport=PHONE), open_page()
    addresses: list[str] = []
    family.on("request", lambda request: addresses.append(request.url))
    begin(family, system, "loved")
    answer(family)
    family.goto(f"{system.url}/assessment/keep/")
    family.get_by_role("button", name="Get a code").click()
    family.locator("input[type=email]").fill("rosa.canary@example.org")
    family.get_by_role("button", name="Send me the link").click()
    expect(family.get_by_text("If we may write to that address, the email comes within minutes.")).to_be_visible()
    family.locator("[name=with_answers]").check()
    family.get_by_role("button", name="Make a link").click()

    link = mail_to(mailbox, system, "rosa.canary@example.org", r"http\S+/a/\S+")
    elsewhere = open_page(viewport=DESKTOP)
    elsewhere.on("request", lambda request: addresses.append(request.url))
    elsewhere.goto(link)
    assert elsewhere.url == f"{system.url}/assessment/result/", "the result comes first, at a clean address"
    look(elsewhere)
    ask_for_help(elsewhere, "Rosa Canary", no_look, with_answers=True)
    assert system.manage("shell", "-c", ATTACHED).strip().endswith("True")

    assert found_in(system, (*CANARIES, "rosa.canary@example.org", "Rosa Canary")) == []
    told = [address for address in addresses if "/assessment/" in address or "/referral/" in address]
    assert told and not [address for address in told for canary in CANARIES if canary in address]


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_wrong_codes_are_slowed_down(system: System, open_page: Callable[..., Page]) -> None:
    # In Spanish, on a phone, without script.
    page = open_page(viewport=PHONE, java_script_enabled=False)
    begin(page, system, "loved", language="/es")
    choose(page)
    page.goto(f"{system.url}/es/assessment/keep/")
    page.locator("button[value=code]").click()
    code = page.locator(".return-code").inner_text().split()
    guesser = open_page(viewport=PHONE, java_script_enabled=False)
    guesser.goto(f"{system.url}/es/assessment/return/")
    tries = 0
    while tries < 12:
        tries += 1
        guesser.locator("input[name=code]").fill(" ".join(reversed(code)))
        guesser.locator("button[value=open]").click()
        if "segundos" in guesser.locator(".error-summary").inner_text():
            break
    assert 4 <= tries <= 10
    guesser.locator("input[name=code]").fill(" ".join(code))
    guesser.locator("button[value=open]").click()
    expect(guesser.locator(".error-summary")).to_be_visible()  # the right one has to wait as well


@pytest.mark.parametrize("system", ["postgres"], indirect=True)
def test_the_questions_are_answered_by_keyboard_alone(system: System, open_page: Callable[..., Page]) -> None:
    # For me, in English, on a desktop, with script: nothing is clicked.
    page = open_page(viewport=DESKTOP)
    page.goto(f"{system.url}/assessment/")
    tab_to(page, "main input[name=voice]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assessment/1/")
    for _ in range(40):
        if page.url.endswith("/check/"):
            break
        asked = page.url
        if asked.endswith("/safety/"):
            tab_to(page, "main form button")
        else:
            tab_to(page, "main input[name=answer]")
            several = page.locator("main input[type=checkbox][name=answer]").count()
            if several:
                tab_to(page, 'main input[name=answer][value=""]')
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(asked)
    tab_to(page, "main a[href$='/result/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assessment/result/")
    tab_to(page, "main summary, main a")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until one of these has the focus."""
    page.wait_for_load_state()  # its scripts may put the focus elsewhere
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached on {page.url}")


def found_in(system: System, canaries: tuple[str, ...]) -> list[str]:
    """Where one of these words lies readable: in a log, or in a column of a table that is somebody's."""
    found = [
        f"{path.name}: {canary}"
        for path in Path(system.data).rglob("*.log*")
        for canary in canaries
        if canary in path.read_text(errors="replace")
    ]
    with sqlite3.connect(f"file:{system.data / 'waymark.sqlite3'}?mode=ro", uri=True) as line:
        tables = [name for (name,) in line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if not WRITTEN.search(table):
                rows = str(line.execute(f'SELECT * FROM "{table}"').fetchall())
                found += [f"{table}: {canary}" for canary in canaries if canary in rows]
    return found


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_none_of_these_and_not_sure_stand_alone(system: System, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=PHONE)

    def tap(value: str) -> list[str | None]:
        page.wait_for_load_state()
        page.locator(f'main input[name=answer][value="{value}"]').check()
        return [box.get_attribute("value") for box in page.locator("main input[name=answer]:checked").all()]

    begin(page, system, "loved")
    assert tap("overdose") == ["overdose"]
    assert tap("not_sure") == ["overdose", "not_sure"], "no tap takes a danger back"
    page.reload()
    while page.locator("main input[name=question]").get_attribute("value") != "substances":
        choose(page)
        page.wait_for_load_state()
    assert [tap("cannabis"), tap("other-drugs"), tap("")] == [["cannabis"], ["cannabis", "other-drugs"], [""]]
    assert [tap("not_sure"), tap(""), tap("cannabis")] == [["not_sure"], [""], ["cannabis"]]
