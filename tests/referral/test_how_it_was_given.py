"""A consent is told of as it was given, online, on paper or by word, on every page that tells of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from directory.models import Program
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import sign_consent
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.models import Consent, FamilyLink, Referral
from tests.referral.conftest import an_ask
from tests.referral.desks import at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
# What must not be said of a consent of each kind. The form to sign another one says "If you sign" and "Sign".
NEVER = {
    "online": r"said yes to sharing|signed on paper|by phone or in person",
    "paper": r"[Yy]ou signed|signed online|said yes to sharing|by phone or in person",
    "verbal": r"[Yy]ou signed|[Yy]ou have signed|[Ss]igned (?:by|a consent|online|on paper)|written consent",
}


@pytest.fixture(params=Consent.Method.values)
def given(
    request: pytest.FixtureRequest, make_referral: Callable[..., Referral], nora: Actor, program: Program, now: datetime
) -> Consent:
    """A consent of each kind, under which a program has accepted."""
    ask, method = an_ask(), str(request.param)
    assert ask.signature is not None
    referral = take(make_referral(consent=False).pk, actor=nora, now=now)
    signature = replace(ask.signature, method=method, witness="Sam Example" if method == "verbal" else "")
    actor = FAMILY if method == "online" else nora
    consent = sign_consent(referral.pk, signature, actor=actor, now=now)
    placement = send_to_program(referral.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(placement.pk, actor=nora, now=now)
    return consent


@pytest.fixture
def family(given: Consent, now: datetime) -> Client:
    client = Client()
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=given.referral)
    client.get(f"/r/{token}/")
    return client


@pytest.mark.parametrize("page", ["own", "copy", "data", "staff", "program"])
def test_every_page_says_how_it_was_given(
    given: Consent, family: Client, staff: Client, now: datetime, page: str
) -> None:
    placement = given.referral.placements.get()
    pages: dict[str, Callable[[], Any]] = {
        "own": lambda: family.get("/status/"),
        "copy": lambda: family.get(f"/status/consent/{given.pk}/"),
        "data": lambda: family.get("/status/download/"),
        "staff": lambda: staff.get(f"/staff/referral/{given.referral_id}/"),
        "program": lambda: page_of(at_the_desk(placement, now), placement),
    }
    shown = pages[page]()
    assert shown.status_code == 200
    whole = shown.content.decode().partition("</head>")[2]
    words = " ".join(html.unescape(re.sub(r"<form.*?</form>|<[^>]*>", " ", whole, flags=re.DOTALL)).split())
    assert re.findall(NEVER[given.method], words) == []
    if page in ("own", "staff"):
        told = {
            "online": "igned a consent to share with programs",
            "paper": f"{given.signed_name} signed on paper to share",
            "verbal": f"{given.signed_name} said yes to sharing with programs",
        }
        assert told[given.method] in words
    if page == "staff" and given.method == "verbal":
        assert "witness: Sam Example" in words
