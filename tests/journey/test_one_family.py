"""One family's whole way through a running system, in a real browser, on both stacks, with nothing replaced."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import look_for_barriers, sign_in
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOLD = [
    "Asked for help",
    "Took the referral",
    "by email. May be shared",
    "Request sent to",
    "accepted, and now also sees",
    "A check-in goes out now",
    "Check-in sent by email",
    "Check-in: “We have a program”",
]
PHONE = {"width": 390, "height": 844}
# What the family answers; every other question gets its first answer.
ANSWERS = {
    "substances": ["alcohol"],
    "drink-often": ["most-days"],
    "stopping": ["mild"],
    "home": ["triggers"],
    "time-for-care": ["evenings"],
}


Look = Callable[[Page], None]


def enter(page: Page, system: System, username: str, path: str) -> None:
    """Open a page that asks who is there, and sign in, past pages without barriers."""
    page.goto(system.url + path)
    look_for_barriers(page)
    sign_in(page, system, username, look=look_for_barriers)
    expect(page).to_have_url(system.url + path)


def change_and_publish(writer: Page, reviewer: Page, publisher: Page, system: System, title: str) -> None:
    """An editor changes the title of a guide, a reviewer approves it, and a publisher publishes it."""
    for page, who, before, button in (
        (writer, "editor", "Levels of care", "[name=_move][value=submit]"),
        (reviewer, "reviewer", title, "[name=_move][value=approve]"),
        (publisher, "publisher", title, "[name=_publish]"),
    ):
        enter(page, system, who, "/admin/guides/guideedition/")
        page.locator("#result_list").get_by_role("link", name=re.compile(f"^{before}")).first.click()
        if who == "editor":
            page.locator("#id_title").fill(title)
            page.locator("[name=_draft]").click()
            expect(page.locator(".messagelist .success").first).to_be_visible()
        page.locator(button).first.click()
        expect(page.locator(".messagelist .success").first).to_be_visible()


def read_in(page: Page, language: str) -> None:
    """Switch the language on a phone, where its name stands beside the menu."""
    page.locator(f"a.tongue[hreflang={language}]").click()


def answer_the_questions(page: Page, look: Look = look_for_barriers) -> None:
    """Go through the questionnaire for a loved one, past the crisis page if it comes, to the result."""
    page.get_by_label("Someone I love").check()
    page.get_by_role("button", name="Start").click()
    for number in range(40):
        if page.url.endswith("/result/"):
            look(page)
            return
        if page.url.endswith("/safety/"):
            look(page)
            page.locator("main form button").click()
            continue
        if page.url.endswith("/check/"):
            look(page)
            page.get_by_role("link", name="See the result").first.click()
            continue
        if number in (0, 6):
            look(page)
        key = page.locator("input[name=question]").get_attribute("value") or ""
        choices = page.locator("main input[name=answer]")
        several = page.locator("main input[type=checkbox][name=answer]").count()
        wanted = ANSWERS.get(key) or ([""] if several else [choices.first.get_attribute("value") or ""])
        for value in wanted:
            page.locator(f'main input[name=answer][value="{value}"]').check()
        page.get_by_role("button", name="Next").click()
    raise AssertionError("the questions have no end")


def ask_for_help(page: Page, name: str, look: Look = look_for_barriers, *, with_answers: bool = False) -> None:
    """Leave a name, ways to be reached, times, and each consent by itself."""
    page.get_by_role("link", name="Ask for help").first.click()
    look(page)
    page.locator("main").get_by_label("Someone I love").check()
    page.get_by_label("Alcohol or drug use").check()
    page.locator("#id_age").select_option("adult")
    go_on(page)
    page.get_by_label("What should we call you?").fill(name)
    page.get_by_label("ZIP code").fill("91101")
    go_on(page)
    page.get_by_label("Phone", exact=True).fill("626-555-0142")
    page.locator("#id_email").fill(address_of(name))
    page.locator("#id_by_email").check()
    page.get_by_label("Weekday evenings").check()
    go_on(page)
    if with_answers:
        page.locator("#id_share_answers").check()
    go_on(page)
    look(page)
    page.locator("#id_share").check()
    page.get_by_label("Your name, as your signature").fill(name)
    page.get_by_role("button", name="Send my request").click()
    expect(page).to_have_url(re.compile(r"/referral/thanks/$"))
    look(page)


def go_on(page: Page) -> None:
    """To the next step of asking for help."""
    page.get_by_role("button", name="Next").click()


def address_of(name: str) -> str:
    """An address of somebody invented."""
    return f"{name.replace(' ', '.').lower()}@example.org"


def enter_code(program: Page, mailbox: Page, system: System) -> None:
    """Ask for the code that opens a program's desk, read it in its mailbox, and enter it."""
    before = mails_to(mailbox, system, "Your code for Waymark")
    program.get_by_role("button", name="Send a code to our mailbox").click()
    code = mail_to(mailbox, system, "Your code for Waymark", r"\d{3} \d{3}", besides=before)
    program.get_by_label("Code from the email").fill(code)
    program.get_by_role("button", name="Open", exact=True).click()


def mails_to(page: Page, system: System, whom: str) -> list[str]:
    """The addresses of the emails whose address or subject is `whom`."""
    page.goto(f"{system.url}/demo/mail/")
    links = page.locator("main li", has_text=whom).locator("h2 a").all()
    return [href for each in links if (href := each.get_attribute("href"))]


def mail_to(
    page: Page, system: System, whom: str, link: str, *, seconds: int = 120, besides: Collection[str] = ()
) -> str:
    """Wait for an email whose address or subject is `whom` and return the first `link` (a pattern) in any of them.

    `besides` are the emails that were there before, as other tests on this system got them.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for mail in mails_to(page, system, whom):
            if mail in besides:
                continue
            page.goto(f"{system.url}{mail}")
            if found := re.search(link, page.locator("article").inner_text()):
                return found.group(0)
        time.sleep(0.5)
    raise AssertionError(f"no email for {whom} with {link} within {seconds} seconds")


def test_one_family_finds_its_way(system: System, open_page: Callable[..., Page]) -> None:
    # The time of day decides when a follow-up may go, and this test runs at any time of day.
    system.manage(
        "shell",
        "-c",
        "from messaging.models import Channel; Channel.objects.update(quiet_from='03:00', quiet_to='03:00')",
    )

    # An admin changes a guide and publishes it.
    title = f"Levels of care, changed {time.time_ns()}"
    change_and_publish(open_page(), open_page(), open_page(), system, title)

    # A visitor reads it, and its Spanish version.
    family = open_page(viewport=PHONE)
    family.goto(f"{system.url}/guides/levels-of-care/")
    expect(family.get_by_role("heading", level=1)).to_have_text(title)
    look_for_barriers(family)
    read_in(family, "es")
    look_for_barriers(family)
    expect(family.locator("html")).to_have_attribute("lang", "es")
    expect(family.get_by_role("heading", level=1)).not_to_have_text(title)
    read_in(family, "en")

    # The family answers the questions for a loved one, and sees the fit and why.
    family.goto(f"{system.url}/assessment/")
    answer_the_questions(family)
    expect(family.get_by_role("heading", name="Why", exact=True)).to_be_visible()
    assert family.locator(".every > li").count() == 6 and family.locator(".every > .is-here").count() == 1
    assert family.locator(".reasons-led > li").count() >= 1
    look_for_barriers(family)
    assert len(re.findall(rb"/Type\s*/Page\b", family.pdf(format="Letter"))) <= 2

    # It asks for help.
    name = f"Rosa {time.time_ns()}"
    ask_for_help(family, name)

    # Staff sign in, find the referral in the queue, and take it.
    staff = open_page(viewport={"width": 1280, "height": 900})
    enter(staff, system, "navigator", "/staff/")
    look_for_barriers(staff)
    staff.goto(f"{system.url}/staff/?show=new")
    staff.get_by_role("link", name=name).first.click()
    referral = staff.url
    look_for_barriers(staff)
    staff.get_by_role("button", name="Take it", exact=True).click()
    expect(staff.locator("#line")).to_be_visible()

    # They send it to a program, which opens its link and accepts.
    staff.get_by_role("link", name="Ask a program").first.click()
    staff.locator("[name=program]:not(:disabled)").first.check()
    look_for_barriers(staff)
    staff.get_by_role("button", name="Look at it, then send").click()
    expect(staff.get_by_role("heading", level=1)).to_contain_text("Send to")
    look_for_barriers(staff)
    for why in staff.get_by_label("Why this program anyway").all():
        why.fill("The family asked for it.")
    program, mailbox = open_page(), open_page()
    before = mails_to(mailbox, system, "A request from Waymark")
    staff.get_by_role("button", name="Send", exact=True).click()
    expect(staff.locator(".placement .chip").first).to_be_visible()
    request = mail_to(mailbox, system, "A request from Waymark", rf"{system.url}/p/[^\s/]+/", besides=before)
    program.goto(request)
    look_for_barriers(program)
    enter_code(program, mailbox, system)
    look_for_barriers(program)
    assert "Rosa" not in program.locator("main").inner_text(), "a program sees no name before it accepts"
    program.get_by_role("button", name="Accept", exact=True).click()

    # A follow-up falls due while Redis is away and forgets everything. Nothing is lost: it arrives as a real email,
    # and the family answers that they connected.
    with system.redis_away():
        staff.goto(referral)
        staff.get_by_role("button", name="Send a check-in now").click()
        expect(staff.locator(".timeline")).to_contain_text("A check-in goes out now.")
        time.sleep(5)  # beat and worker meet the missing Redis
    family.goto(mail_to(family, system, address_of(name), rf"{system.url}/c/[^\s/]+/"))
    assert family.url == f"{system.url}/c/", "the token is gone from the address"
    look_for_barriers(family)
    family.get_by_role("button", name="We have a program").click()
    look_for_barriers(family)

    # Staff see all of it on the timeline, in order, and each thing once.
    staff.goto(referral)
    look_for_barriers(staff)
    newest_first = staff.locator(".timeline li").all_inner_texts()
    told = iter(reversed(newest_first))
    for wanted in TOLD:
        assert any(wanted in line for line in told), f"{wanted!r} is missing or out of order:\n" + "\n".join(
            newest_first
        )
    assert sum("Check-in sent by email" in line for line in newest_first) == 1
    assert newest_first.count(newest_first[0]) == 1


def test_a_family_needs_no_javascript(system: System, open_page: Callable[..., Page]) -> None:
    def look(_page: Page) -> None:
        """Without JavaScript axe cannot run; the pages are the same that it looked at above."""

    family = open_page(java_script_enabled=False, viewport=PHONE)
    family.goto(f"{system.url}/es/")
    read_in(family, "en")
    family.goto(f"{system.url}/compare/iop/residential/")
    expect(family.locator("table.glance-table").first).to_be_visible()
    family.goto(f"{system.url}/assessment/")
    answer_the_questions(family, look)
    ask_for_help(family, "Rosa Scriptless", look)
