"""A program's day at its desk by keyboard alone, and a family's day on its page in Spanish, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.journey.test_one_family import mail_to
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A live request of the demo, and a link to it as our email has one.
LINK = """
import json
from datetime import timedelta
from django.utils import timezone
from referral.models import Placement, ProgramLink
asked = Placement.objects.filter(status="requested").latest("sent_at")
_row, token = ProgramLink.mint(now=timezone.now(), expires_at=timezone.now() + timedelta(days=1), placement=asked)
print(json.dumps({"token": token, "pk": asked.pk, "email": asked.program.referral_email}))
"""
# What happens to a new family elsewhere: it is taken, a program accepts and proposes two times, somebody answers it.
DAY = """
from datetime import timedelta
from django.utils import timezone
from directory.models import Program
from privacy.models import User
from referral.actions import appointments, placements, referrals, replies, sending
from referral.actions.common import Actor
from referral.models import Referral
now, nora = timezone.now(), Actor.of(User.objects.get(username="navigator"))
referral = Referral.objects.get(public_code="%s")
referrals.take(referral.pk, actor=nora, now=now)
program = Program.objects.public().exclude(referral_email="").earliest("pk")
asked = sending.send_to_program(referral.pk, program, ["contact"], actor=nora, now=now, reason="They asked for it.")
admissions = Actor.program(program.name)
placements.accept_placement(asked.pk, actor=admissions, now=now)
times = [now + timedelta(days=day) for day in (2, 3)]
appointments.propose_times(asked.pk, times, "America/Los_Angeles", actor=admissions, now=now)
"""
ANSWER = """
from django.utils import timezone
from privacy.models import User
from referral.actions import replies
from referral.actions.common import Actor
from referral.models import Referral
referral = Referral.objects.get(public_code="%s")
nora = Actor.of(User.objects.get(username="navigator"))
replies.tell_the_family(referral.pk, "Sí, su hermana puede ir.", actor=nora, now=timezone.now())
"""


def look(page: Page) -> None:
    """For barriers, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_timeout(300)  # colors fade from one to the other
        found = barriers(page)
        assert not found, found


FOCUSED = """() => { const each = document.activeElement
  if (each === document.body) return ""
  return (each.labels?.[0] ?? each).innerText.trim() || (each.type === "submit" ? each.value : "") }"""


def reach(page: Page, words: str) -> None:
    """Come to a button, link, field or summary with the Tab key, as far as it is on the page."""
    page.wait_for_load_state()  # its scripts may put the focus elsewhere
    for _each in range(120):
        page.keyboard.press("Tab")
        if re.match(words, page.evaluate(FOCUSED)):
            return
    raise AssertionError(f"Tab never comes to {words}")


def test_a_programs_day_by_keyboard(system: System, open_page: Callable[..., Page]) -> None:
    known = json.loads(system.manage("shell", "-c", LINK).splitlines()[-1])
    desk, mailbox = open_page(), open_page()
    desk.goto(f"{system.url}/p/{known['token']}/")
    look(desk)
    reach(desk, "Send a code")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Code from the email")).to_be_visible()
    code = mail_to(mailbox, system, known["email"], r"\d{3} \d{3}")
    reach(desk, "Code from the email")
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(f"{system.url}/p/request/{known['pk']}/")
    look(desk)

    # A slip: accepted, and taken back.
    reach(desk, "Accept$")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Accepted")
    look(desk)
    reach(desk, "Undo")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Do you have an opening?")

    # A question, then a no with its reason.
    reach(desk, "Ask a question")
    desk.keyboard.press("Enter")
    reach(desk, "Your question")
    desk.keyboard.type("Is it for two?")
    reach(desk, "Send the question")
    desk.keyboard.press("Enter")
    expect(desk.locator(".timeline")).to_contain_text("Is it for two?")
    reach(desk, "Decline$")
    desk.keyboard.press("Enter")
    reach(desk, "Reason")
    desk.keyboard.type("No op")
    reach(desk, "Decline this request")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Declined")
    reach(desk, "All requests")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(f"{system.url}/p/")
    look(desk)
    reach(desk, "Sign out")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("You are signed out")


def test_a_familys_day_in_spanish(system: System, open_page: Callable[..., Page]) -> None:
    family = open_page(viewport={"width": 390, "height": 844})
    family.goto(f"{system.url}/es/referral/")
    look(family)
    family.locator("[name=relation][value=loved_one]").check()
    family.locator("[name=concern][value=substance_use]").check()
    family.locator("#id_age").select_option("adult")
    _next(family)
    family.locator("#id_contact_name").fill("Rosa Prueba")
    family.locator("#id_zip_code").fill("91101")
    _next(family)
    family.locator("#id_email").fill("rosa.prueba@example.org")
    family.locator("#id_by_email").check()
    _next(family)
    _next(family)
    family.locator("#id_share").check()
    family.locator("#id_signed_name").fill("Rosa Prueba")
    family.get_by_role("button", name="Enviar mi solicitud").click()
    expect(family).to_have_url(re.compile(r"/es/referral/thanks/$"))
    family.goto(f"{system.url}/es/status/")
    look(family)
    code = family.locator(".eyebrow").inner_text().split("·")[-1].strip()

    # It chooses one of the times that a program proposes, and asks something.
    system.manage("shell", "-c", DAY % code)
    family.reload()
    look(family)
    family.locator("[name=time]").first.check()
    family.get_by_role("button", name="Avisar al programa").click()
    expect(family.get_by_role("heading", name="Su primera visita")).to_be_visible()
    expect(family.get_by_role("link", name="Guardarla en mi calendario")).to_be_visible()
    family.locator("#id_word").fill("¿Puede ir mi hermana?")
    family.get_by_role("button", name="Enviar", exact=True).click()
    system.manage("shell", "-c", ANSWER % code)
    family.reload()
    expect(family.get_by_text("Sí, su hermana puede ir.")).to_be_visible()
    look(family)

    # It rests, goes on, reads what is kept, and shuts its page to others.
    family.get_by_text("Hacer una pausa").click()
    family.get_by_role("button", name="2 semanas").click()
    family.get_by_role("button", name="Continuar con mi solicitud ahora").click()
    family.get_by_role("link", name="Ver y descargar todos mis datos").click()
    expect(family.get_by_text("rosa.prueba@example.org", exact=True)).to_be_visible()
    look(family)
    family.goto(f"{system.url}/es/status/others-read/")
    look(family)
    family.locator("[name=channel][value=email]").check()
    family.get_by_role("button", name="Ya no usar lo que marqué").click()
    expect(family).to_have_url(re.compile(r"/es/status/.*#reach$"))


def _next(page: Page) -> None:
    page.get_by_role("button", name="Siguiente").click()
