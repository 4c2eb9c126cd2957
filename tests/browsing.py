"""What the browser tests do alike: sign in, and look for barriers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

from tests.systems import System

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Milliseconds: on a busy machine a page may take its time, and slowness is not what is tested here.
PATIENCE = 60_000
# Words of at most 11 letters on two lines; a longer one may be divided: this browser has no dictionary for it.
CUT_WORDS = """(() => {
    const found = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const whole = node.parentElement.closest('svg, .visually-hidden, [href^="mailto:"]');
        if (whole || !node.parentElement.checkVisibility()) continue;
        for (const word of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (word[0].length < 12 && lines.size > 1) found.push(word[0]);
        }
    }
    return found;
})()"""


def press(page: Page, key: str) -> None:
    """Press a key of the workspace once the page listens: before its scripts have run, a key does nothing."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def barriers(page: Page, *more: str) -> list[str]:
    """What axe finds on the page as it stands, by the rules of WCAG 2.2 AA and these besides."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", [*RULES, *more])["violations"]
    return [
        f"{page.url} {one['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


def look_for_barriers(page: Page) -> None:
    """Fail with what axe finds on the page as it stands."""
    found = barriers(page)
    assert not found, found  # said in words: pytest explains no assertion outside test modules


def sign_in(page: Page, system: System, username: str, look: Callable[[Page], None] = lambda _page: None) -> None:
    """On the page that asks for it, give the password and the second factor (after a look at its page)."""
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(system.staff[username]["password"])
    page.locator("main button[type=submit]").first.click()
    code = page.locator("input[name=code]")
    code.wait_for(timeout=PATIENCE)
    look(page)
    code.fill(system.code(username))
    page.locator("main button[type=submit]").first.click()
    code.wait_for(state="detached", timeout=PATIENCE)
    page.wait_for_load_state()


def open_as(page: Page, system: System, username: str, path: str) -> None:
    """Open a page that asks who is there, as one who signed in once for all tests.

    Who is to sign out in a test signs in there by itself: an account has few codes for one half minute.
    """
    page.context.add_cookies(system.cookies.get(username, []))
    page.goto(system.url + path)
    if page.locator("input[name=login]").count():
        sign_in(page, system, username)
        system.cookies[username] = list(page.context.cookies())
