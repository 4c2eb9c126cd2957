"""What the tests of this app share: levels, sample programs, staff, and a family that asks for help."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from directory import demo
from directory.models import Program
from guides.models import LevelOfCare, LevelText
from messaging import clock
from messaging.channels.base import Finding
from messaging.delivery.drain import drain
from messaging.letter import Letter
from messaging.retry import Accepted, Answer
from referral import shipped
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import Signature
from referral.actions.intake import Ask, open_referral
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.models import ConsentWording, Placement, Referral
from tests.conftest import SharedDb

SLUGS = ("recovery-support", "outpatient", "iop", "php", "residential", "medically-managed")


@pytest.fixture(scope="module")
def shared_rows(shared_db: SharedDb, now: datetime) -> None:
    with shared_db():
        make_rows(now)


@pytest.fixture
def rows(shared_rows: None, db: None) -> None:
    """Levels, sample programs, shipped wordings, templates and plans."""


def make_rows(now: datetime) -> None:
    for order, slug in enumerate(SLUGS, start=1):
        level, _made = LevelOfCare.objects.get_or_create(slug=slug, defaults={"order": order, "asam_codes": []})
        words = {"name": slug, "short_name": slug, "summary": slug, "also_called": []}
        LevelText.objects.get_or_create(level=level, language="en", defaults=words)
    demo.load(now)
    Program.objects.update(referral_email="admissions@example.org")
    shipped.load()


def an_ask(*, consent: bool = True, ways: tuple[str, ...] = ("email", "text", "phone"), **changed: Any) -> Ask:
    """An ask with every permission and a consent; `an_ask(consent=False, phone="")` changes it."""
    wording = ConsentWording.objects.current("share", "en")
    signature = Signature(
        name="Rosa Sample", signed_as="self", wording=wording, categories=["need", "situation", "contact"]
    )
    values: dict[str, Any] = {
        "relation": "self",
        "concern": "substance_use",
        "contact_name": "Rosa Sample",
        "patient_name": "Rosa Sample",
        "age": "adult",
        "phone": "+16265550142",
        "email": "rosa@example.org",
        "zip_code": "91101",
        "zone": "America/Los_Angeles",
        "language": "en",
        "permissions": {way: ConsentWording.objects.current(way, "en") for way in ways},
        "signature": signature if consent else None,
    }
    return Ask(**{**values, **changed})


@pytest.fixture
def make_ask(rows: None) -> Callable[..., Ask]:
    return an_ask


@pytest.fixture
def make_referral(make_ask: Callable[..., Ask], now: datetime) -> Callable[..., Referral]:
    def make(**changed: Any) -> Referral:
        at = changed.pop("at", now)
        return open_referral(make_ask(**changed), actor=FAMILY, now=at)

    return make


@pytest.fixture
def navigator(make_user: Callable[..., Any]) -> Any:
    return make_user("navigator", "Navigators", first_name="Nora", last_name="Navigator")


@pytest.fixture
def supervisor(make_user: Callable[..., Any]) -> Any:
    return make_user("supervisor", "Supervisors", first_name="Sam", last_name="Supervisor")


@pytest.fixture
def nora(navigator: Any) -> Actor:
    return Actor.of(navigator)


@pytest.fixture
def taken(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """A referral in work, with a consent that covers any program."""
    return take(make_referral().pk, actor=nora, now=now)


@pytest.fixture
def program(rows: None) -> Program:
    found: Program = Program.objects.public().earliest("pk")
    return found


@pytest.fixture
def placement(taken: Referral, nora: Actor, program: Program, now: datetime) -> Placement:
    """The request of `taken` to `program`, which waits for its answer."""
    return send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)


@pytest.fixture
def at_now(now: datetime) -> Iterator[None]:
    """The clock of the whole process stands at `now`."""
    with travel(now, tick=False):
        yield


@pytest.fixture
def staff(navigator: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(navigator)


class Postbox:
    """What left the system: every letter that passed the gate, in memory. `answers` say what the provider says."""

    letters: list[Letter] = []
    answers: list[Answer] = []

    def send(self, letter: Letter) -> Answer:
        Postbox.letters.append(letter)
        return Postbox.answers.pop(0) if Postbox.answers else Accepted("provider-1")

    def look_up(self, _message: Any) -> Finding:
        return Finding.UNKNOWN

    def close(self) -> None:
        return


@pytest.fixture
def post(settings: Any) -> Callable[..., list[Letter]]:
    """Send what is due at an instant, through the real gate, and return those letters: ``post(now)``."""
    settings.MESSAGING_COURIERS = dict.fromkeys(["email", "sms"], f"{__name__}.Postbox")
    Postbox.letters, Postbox.answers = [], []

    def send(at: datetime, *channels: str) -> list[Letter]:
        before = len(Postbox.letters)
        with clock.set_to(at):
            for channel in channels or ("email", "sms"):
                drain(channel)
        return Postbox.letters[before:]

    return send


def link_in(letter: Letter) -> str:
    """The path of the secret link in a letter."""
    found = re.search(r"http://[^/]+(/(?:es/)?[rpcas]/[\w-]+/)", letter.content.text)
    assert found, letter.content.text
    return found[1]


def hidden(page: str) -> dict[str, list[str]]:
    """What the form of a page that asks carries along, beside its token."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(html.unescape(value))
    return found


def confirmed(client: Client, path: str, typed: dict[str, Any] | None = None) -> Any:
    """Press a button that asks first, and confirm what it shows."""
    asked = client.post(path, typed or {})
    assert asked.status_code == 200, asked.content.decode()
    return client.post(path, hidden(asked.content.decode()))
