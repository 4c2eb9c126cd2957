"""What is typed into a form outlives whatever stops it from arriving, in the browser where it was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from tests.browsing import open_as, sign_in
from tests.systems import System

# What the browser keeps is the same on either stack.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
WORDS = "Rosa called: he is safe tonight, ask again on Friday."
OFFER = "We kept what you typed here before."
KEPT = """async () => {
    const done = (asked) => new Promise((yes, no) => {
        asked.onsuccess = () => yes(asked.result);
        asked.onerror = no;
    });
    const database = await done(indexedDB.open("kept"));
    if (!database.objectStoreNames.contains("texts")) return [];
    const read = (name) => done(database.transaction(name).objectStore(name).getAll());
    const [texts, keys] = [await read("texts"), await read("keys")];
    database.close();
    return texts.map((each) => [new TextDecoder().decode(each.data), ...keys.map((key) => key.extractable)]);
}"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def wait_until_kept(page: Page, number: int = 1) -> None:
    for _each in range(300):
        if len(page.evaluate(KEPT)) == number:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(KEPT))


def open_referral(page: Page, system: System, *, alone: bool = False) -> None:
    if alone:  # in a session that ends in the test
        page.goto(system.url + "/staff/")
        sign_in(page, system, "navigator")
    else:
        open_as(page, system, "navigator", "/staff/")
    page.locator("a.row-link").first.click()
    page.wait_for_url("**/staff/referral/**")


def type_a_note(page: Page) -> Any:
    note = page.locator("form[action$='/note/'] textarea")
    note.fill(WORDS)
    wait_until_kept(page)
    return note


def expect_offer(page: Page) -> None:
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("form[action$='/note/'] textarea")).to_have_value(WORDS)


def send(page: Page) -> None:
    page.locator("form[action$='/note/'] button:not([type=button])").first.click()


def test_a_note_typed_while_the_session_ended_is_offered_after_sign_in(
    system: System, context: BrowserContext, page: Page
) -> None:
    open_referral(page, system)
    where = page.url
    type_a_note(page)
    context.clear_cookies(name="sessionid")
    send(page)
    page.get_by_role("link", name="Sign in and go on").click()
    expect(page.locator("input[name=login]")).to_be_visible()
    sign_in(page, system, "navigator")
    expect(page).to_have_url(where)
    expect_offer(page)
    send(page)
    expect(page.locator("main").get_by_text(WORDS).first).to_be_visible()
    page.goto(where)
    wait_until_kept(page, 0)
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_a_note_survives_a_reload_encrypted_under_a_key_no_script_reads(system: System, page: Page) -> None:
    open_referral(page, system)
    type_a_note(page)
    [(stored, extractable)] = page.evaluate(KEPT)
    assert "Rosa" not in stored
    assert not extractable
    page.reload()
    expect_offer(page)
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    wait_until_kept(page, 0)
    page.reload()
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_a_half_typed_note_stays_out_of_addresses_and_is_there_after_back(system: System, page: Page) -> None:
    open_referral(page, system)
    where = page.url
    type_a_note(page)
    page.locator("main a[href$='/same/']").click()
    page.wait_for_url("**/same/**")
    assert page.url == f"{where.split('?')[0]}same/"
    page.go_back()
    expect(page).to_have_url(where)
    expect_offer(page)


ANSWERS: dict[str, tuple[Callable[[Route], Any], str]] = {
    "offline": (lambda route: route.abort(), "Not saved: you are offline."),
    "500": (lambda route: route.fulfill(status=500, body="broken"), "Not saved: something went wrong on our side."),
    "403": (lambda route: route.fulfill(status=403, body="no"), "Not saved: you may no longer be signed in"),
    "405": (lambda route: route.fulfill(status=405, body="no"), "Not saved: you may no longer be signed in"),
}


@pytest.mark.parametrize("failure", ANSWERS)
def test_what_htmx_could_not_send_is_told_beside_the_button(system: System, page: Page, failure: str) -> None:
    answer, sentence = ANSWERS[failure]
    open_referral(page, system)
    note = type_a_note(page)
    page.route("**/note/", answer)
    send(page)
    told = page.locator("form[action$='/note/'] .not-saved")
    expect(told).to_contain_text(sentence)
    assert told.evaluate("each => each.previousElementSibling.matches('button')")
    assert note.input_value() == WORDS
    page.unroute("**/note/")
    page.reload()
    expect_offer(page)


def test_a_server_too_slow_is_told_in_spanish(system: System, page: Page) -> None:
    open_referral(page, system)
    page.goto(page.url.replace("/staff/", "/es/staff/"))
    type_a_note(page)
    page.evaluate("htmx.config.timeout = 300")
    page.route("**/note/", lambda _route: None)
    send(page)
    expect(page.locator(".not-saved")).to_contain_text("No se guardó: el servidor no contestó a tiempo.")


def test_signing_out_clears_what_was_typed(system: System, page: Page) -> None:
    open_referral(page, system, alone=True)
    where = page.url
    type_a_note(page)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator("form[action*='/accounts/logout/']").evaluate("each => each.requestSubmit()")
    expect(page.locator("form[action$='/note/'] textarea")).to_have_value(WORDS)
    page.wait_for_timeout(500)
    assert len(page.evaluate(KEPT)) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.locator("form[action*='/accounts/logout/']").evaluate("each => each.requestSubmit()")
    assert [words[:53] for words in asked] == ["Words that you typed in this browser are not saved, h"]
    page.goto(system.url + "/about/")
    wait_until_kept(page, 0)
    page.goto(where)
    sign_in(page, system, "navigator")
    page.goto(where)
    expect(page.locator("form[action$='/note/'] textarea")).to_have_value("")
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_signing_out_empties_the_other_tabs_at_once(system: System, page: Page) -> None:
    open_referral(page, system, alone=True)
    other = page.context.new_page()
    other.goto(page.url)
    page.evaluate("sessionStorage.setItem('htmx-current-path-for-history', '/staff/')")
    with page.expect_navigation():
        page.locator("form[action*='/accounts/logout/']").evaluate("each => each.requestSubmit()")
    expect(other.locator("main")).not_to_be_visible()
    expect(other.locator("input[name=password]")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('htmx-current-path-for-history')") is None


def test_newer_words_leave_what_is_still_offered(system: System, page: Page) -> None:
    open_referral(page, system)
    where = page.url
    type_a_note(page)
    page.goto(where)
    offers = page.locator("form[action$='/note/'] > .kept")
    expect(offers).to_have_count(1)
    expect(offers).to_contain_text(f"“{WORDS[:20]}")
    note = page.locator("form[action$='/note/'] textarea")
    note.fill("Typed before choosing.")
    wait_until_kept(page, 2)
    page.goto(where)
    expect(offers).to_have_count(2)
    note.fill("A third one.")
    wait_until_kept(page, 3)
    offers.last.get_by_role("button", name="Put it back").click()
    expect(note).to_have_value(WORDS)
    expect(offers).to_have_count(2)
    send(page)
    expect(page.locator("main").get_by_text(WORDS).first).to_be_visible()
    page.goto(where)
    expect(offers).to_have_count(2)
    for left in ("A third one.", "Typed before choosing."):
        offers.first.get_by_role("button", name="Put it back").click()
        expect(note).to_have_value(left)


def test_a_search_is_never_kept(system: System, page: Page) -> None:
    open_referral(page, system)
    typed = "each => { each.value = 'Rosa'; each.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator("#side-search").evaluate(typed)
    page.wait_for_timeout(600)
    assert page.evaluate(KEPT) == []


def ask(page: Page, system: System) -> Any:
    page.goto(system.url + "/referral/?all=1")
    words = page.locator("main form textarea").first
    words.fill(WORDS)
    wait_until_kept(page)
    return words


def test_a_familys_words_survive_an_error_and_stay_in_their_tab(system: System, page: Page) -> None:
    ask(page, system)
    page.route(
        "**/referral/", lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>Broken</h1>")
    )
    page.locator("main form:has(textarea)").first.evaluate("each => each.submit()")
    expect(page.get_by_role("heading", name="Broken")).to_be_visible()
    page.unroute("**/referral/")
    page.goto(system.url + "/referral/?all=1")
    expect(page.get_by_text(OFFER)).to_be_visible()
    other = page.context.new_page()
    other.goto(system.url + "/referral/?all=1")
    expect(other.locator("main form textarea").first).to_be_visible()
    expect(other.get_by_text(OFFER)).not_to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("main form textarea").first).to_have_value(WORDS)


def test_a_message_stays_when_another_form_of_the_page_is_sent(system: System, page: Page) -> None:
    page.goto(system.url + "/referral/?all=1")
    page.locator("[name=relation][value=self]").check()
    page.locator("[name=concern]").first.check()
    page.locator("#id_contact_name").fill("Rosa Sample")
    page.locator("#id_zip_code").fill("91101")
    page.locator("#id_email").fill("rosa.kept@example.org")
    page.locator("#id_by_email").check()
    page.locator("main form button").last.click()
    page.get_by_role("link", name="Go to my page").click()
    page.get_by_text("How we reach you", exact=True).first.click()
    page.locator("#id_word").fill(WORDS)
    page.locator("form[action$='/status/reach/'] button").first.click()
    expect(page.get_by_text("From now on we reach you by")).to_be_visible()
    expect(page.locator("#id_word")).to_have_value(WORDS)
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_the_quick_exit_clears_what_was_typed(system: System, page: Page) -> None:
    ask(page, system)
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="Weather"))
    page.locator("[data-quick-exit]").click()
    page.wait_for_url("https://www.weather.gov/**")
    page.goto(system.url + "/about/")
    wait_until_kept(page, 0)
    page.goto(system.url + "/referral/?all=1")
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_an_editors_text_survives_an_error_of_the_admin(system: System, page: Page) -> None:
    open_as(page, system, "publisher", "/admin/guides/glossaryterm/add/")
    field = page.locator("main form input[type=text], #content form input[type=text]").first
    field.fill(WORDS[:40])
    wait_until_kept(page)
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(field).to_have_value(WORDS[:40])


OLDER = """async () => {
    const done = (asked) => new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
    const database = await done(indexedDB.open("kept"));
    const texts = database.transaction("texts", "readwrite").objectStore("texts");
    const [[name], [entry]] = [await done(texts.getAllKeys()), await done(texts.getAll())];
    await done(texts.put({ ...entry, at: entry.at - 12 * 60 * 60 * 1000 }, name));
    database.close();
}"""


def test_after_half_a_day_a_familys_text_is_deleted_and_not_offered(system: System, page: Page) -> None:
    ask(page, system)
    page.evaluate(OLDER)
    page.reload()
    wait_until_kept(page, 0)
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_a_password_or_a_code_is_never_kept(system: System, page: Page) -> None:
    page.goto(system.url + "/staff/")
    page.locator("input[name=login]").fill("navigator")
    page.locator("input[name=password]").fill(system.staff["navigator"]["password"])
    page.wait_for_timeout(600)
    assert page.evaluate(KEPT) == []
    page.locator("main button[type=submit]").first.click()
    page.locator("input[name=code]").fill("123456")
    page.wait_for_timeout(600)
    assert page.evaluate(KEPT) == []
