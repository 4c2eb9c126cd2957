"""Letters twice as large on a small phone: no page is wider than the screen, no word, number or label is cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page

from guides.content.html import framed
from tests.browsing import look_for_barriers
from tests.journey.test_a_questionnaire import begin
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Beside every address of the map of the site.
MORE = ("/programs/", "/search/?q=fentanyl", "/status/", "/assessment/return/", "/accounts/login/", "/nowhere/")
URGENT = {
    "self-harm": "passing",
    "means": "yes",
    "person": "under-18",
    "substances": "alcohol",
    "drink-often": "daily",
    "stopping": "severe",
    "paying": "not_sure",
}
# What is larger than its box, and words of at most 16 letters on two lines: no browser has to know where to divide one.
CUT_OFF = """(() => {
    const found = [], wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) found.push(`${wide} px wide`);
    for (const one of document.querySelectorAll('main *, .site-top *, .site-head *, .site-foot *')) {
        const apart = one.closest('svg, .visually-hidden, thead, .table-wrap, input, select, textarea');
        if (apart || !one.checkVisibility()) continue;
        const words = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!words || one.clientWidth < 4) continue;
        const over = one.scrollWidth > one.clientWidth + 2 || one.scrollHeight > one.clientHeight + 12;
        if (over || one.getBoundingClientRect().right > innerWidth + 1)
            found.push(`${one.tagName} is cut off: ${one.textContent.trim().slice(0, 30)}`);
    }
    for (const step of document.querySelectorAll('.steps > li')) {
        const circle = getComputedStyle(step, '::before');
        if (parseFloat(circle.height) < parseFloat(circle.lineHeight)) found.push('a number is cut');
    }
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const parent = node.parentElement;
        const apart = 'svg, [aria-hidden], .visually-hidden, thead, [href^="mailto:"]';
        if (!parent.checkVisibility() || parent.closest(apart)) continue;
        for (const word of node.data.matchAll(/(?<![.\\p{L}\\d])[\\p{L}\\d]+/gu)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (lines.size > 1 && word[0].length <= 16) found.push(`${word[0]} is cut in ${parent.tagName}`);
        }
    }
    return [...new Set(found)];
})()"""
# What lies above the first word of a page, what of it stays on the screen while somebody reads, and where that leads.
BARS = """(() => {
    scrollTo(0, 0);
    const head = document.querySelector('.site-head').getBoundingClientRect().bottom;
    scrollTo(0, 1000);
    const seen = [...document.querySelectorAll('.site-top a')].map(link => [link, link.getBoundingClientRect()])
        .filter(([, box]) => box.width && box.bottom > 0 && box.top < innerHeight);
    const names = seen.map(([link]) => link.pathname.slice(-7)).sort().join(' ');
    return [names, head, Math.max(...seen.map(([, box]) => box.bottom))];
})()"""


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "language"), [(320, "/es"), (360, "/es"), (320, "")])
def test_every_public_page_can_be_read_with_letters_twice_as_large(
    system: System, open_page: Callable[..., Page], width: int, language: str
) -> None:
    page = open_page(viewport={"width": width, "height": 640})
    begin(page, system, "loved", language=language)
    found = []
    for address in addresses(page, system, language):
        page.goto(address)
        found += cut_off(page, address)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_asking_for_help_can_be_read_with_letters_twice_as_large(
    system: System, open_page: Callable[..., Page]
) -> None:
    """Each step of the form, the thanks page and the own page."""
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(f"{system.url}/es/referral/")
    found = cut_off(page, "step 1")
    page.locator("main [name=relation]").nth(1).check()
    page.locator("main [name=concern]").first.check()
    page.locator("#id_age").select_option("adult")
    onward(page)
    found += cut_off(page, "step 2")
    page.locator("#id_contact_name").fill("Guadalupe")
    page.locator("#id_zip_code").fill("91101")
    onward(page)
    found += cut_off(page, "step 3")
    page.locator("#id_email").fill("guadalupe.twice@example.org")
    page.locator("#id_by_email").check()
    onward(page)
    found += cut_off(page, "step 4")
    onward(page)
    found += cut_off(page, "step 5")
    onward(page)
    found += cut_off(page, "thanks")
    page.goto(f"{system.url}/es/status/")
    found += cut_off(page, "own page")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["not sure", "urgent"])
def test_a_result_can_be_read_with_letters_twice_as_large(
    system: System, open_page: Callable[..., Page], kind: str
) -> None:
    """Nothing is known; and a child who is sick from stopping and wishes not to wake up."""
    page = open_page(viewport={"width": 320, "height": 640})
    begin(page, system, "loved", language="/es")
    answer(page, lambda key, first: ("not_sure",) if kind == "not sure" else (URGENT.get(key, first),))
    page.goto(f"{system.url}/es/assessment/result/")
    found = cut_off(page, kind)
    assert not found, "\n".join(found)


SON = {
    "substances": ("alcohol", "opioids"),
    "drink-often": ("some-days",),
    "how-often": ("daily",),
    "use-signs": ("harm", "overdose"),
    "stopping": ("moderate",),
    "readiness": ("no-need",),
    "paying": ("no-insurance",),
}
"""A son with an overdose behind him, whose body needs what he takes: much is to be said before the level."""
WHERE = "(name) => document.querySelector(name).getBoundingClientRect().top + scrollY"


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["", "/es"])
def test_the_next_step_leads_and_the_level_is_on_ten_screens(
    system: System, open_page: Callable[..., Page], language: str
) -> None:
    """After a danger, with letters twice as large on a small phone; what can wait is folded, but not what can stop the
    breathing tonight: alcohol and opioids together."""
    page = open_page(viewport={"width": 360, "height": 740})
    begin(page, system, "loved", language=language)
    answer(page, lambda key, first: SON.get(key, (first,)))
    page.goto(f"{system.url}{language}/assessment/result/")
    enlarge(page)
    assert page.evaluate(WHERE, ".page-head .lead strong") < 1.5 * 740
    assert page.evaluate(WHERE, ".result-title") < 10 * 740


def answer(page: Page, chosen: Callable[[str, str], Sequence[str]]) -> None:
    """Answer every question: `chosen` gives the choices to check, by the key of the question and its first choice."""
    for _ in range(60):
        if page.url.endswith("/check/"):
            return
        if not page.url.endswith("/safety/"):
            key = page.locator("main input[name=question]").get_attribute("value") or ""
            first = page.locator("main input[name=answer]").first.get_attribute("value") or ""
            for value in chosen(key, first):
                page.locator(f'main input[name=answer][value="{value}"]').check()
        page.locator("main form button").first.click()


def onward(page: Page) -> None:
    """To the next step, or to send."""
    before = page.url
    page.locator("form.ask .btn-primary").click()
    page.wait_for_url(lambda address: address != before)


def enlarge(page: Page) -> None:
    """Letters twice as large, as a phone's setting makes them."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate("document.fonts.ready.then(() => true)")


def cut_off(page: Page, where: str) -> list[str]:
    """What of the page that is open is too wide or cut with letters twice as large, and what of the bar is gone."""
    enlarge(page)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    found = [f"{where}: {one}" for one in page.evaluate(CUT_OFF)]
    leads, head, stays = page.evaluate(BARS)
    if leads != "/leave/ 911 988 988":
        found.append(f"{where}: {leads} stays")
    if max(head, stays) > 740 / 5:
        found.append(f"{where}: bars of {head} px, of which {stays} px stay")
    return found


def addresses(page: Page, system: System, language: str) -> list[str]:
    """Every page of the map of the site in one language, every program, and what neither names."""
    mapped = re.findall(r"<loc>[^<]*?//[^/<]+(/[^<]*)</loc>", page.request.get(f"{system.url}/sitemap.xml").text())
    own = [path for path in mapped if path.startswith("/es/") == bool(language)]
    assert len(own) > 30, own
    listed = page.request.get(f"{system.url}{language}/programs/").text()
    programs = sorted(set(re.findall(rf'href="({language}/programs/[\w-]+/)"', listed)))
    assert len(programs) > 5, programs
    return [
        system.url + path
        for path in (*own, *programs, *(language + more for more in (*MORE, "/assessment/1/", "/assessment/delete/")))
    ]


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_a_table_in_a_guide_breaks_into_lines(system: System, open_page: Callable[..., Page]) -> None:
    """No guide that ships has one: two short columns as they come from a text program, as a guide shows them."""
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(f"{system.url}/guides/first-step/")
    rows = "".join(
        f"<tr><td><p>{paper}</p></td><td><p>{where}</p></td></tr>"
        for paper, where in (("Vaccination record", "Doctor or school"), ("Confidentiality", "Responsabilidades"))
    )
    table = framed(f"<table><tbody>{rows}</tbody></table>", "Table")
    page.evaluate("html => document.querySelector('.prose').insertAdjacentHTML('afterbegin', html)", table)
    assert not cut_off(page, "table")
    frame = page.get_by_role("region", name="Table")
    assert frame.evaluate("one => one.scrollWidth <= one.clientWidth")
    paper, where = (frame.get_by_text(words).bounding_box() for words in ("Vaccination record", "Doctor or school"))
    assert paper and where and where["y"] >= paper["y"] + paper["height"]
    look_for_barriers(page)


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
def test_an_error_is_read_from_its_first_word(system: System, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 360, "height": 640})
    # As soon as there is a page, as letters of the system are large before the first thing is drawn.
    page.add_init_script(
        """new MutationObserver(() => document.documentElement.style.fontSize = '200%')
            .observe(document, {childList: true})"""
    )
    page.goto(f"{system.url}/es/referral/")
    page.locator("main form button").last.click()
    heading = page.locator(".error-summary h2")
    heading.wait_for()
    page.wait_for_function("document.activeElement.matches('.error-summary h2')")
    bar = page.locator(".site-top").bounding_box()
    box = heading.bounding_box()
    assert bar and box and bar["y"] + bar["height"] <= box["y"] and box["y"] + box["height"] <= 640


@pytest.mark.parametrize("system", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["", "/es"])
def test_the_front_page_shows_a_button_without_scrolling(
    system: System, open_page: Callable[..., Page], language: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(f"{system.url}{language}/")
    enlarge(page)
    button = page.locator(".hero-home .btn-primary").bounding_box()
    assert button and button["y"] + button["height"] <= 740
    page.locator(".menu > summary").click()
    ask = page.locator(".menu .nav-ask").bounding_box()
    assert ask and ask["x"] + ask["width"] <= 360
