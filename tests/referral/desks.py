"""How tests come to a program's desk: by its link and the code that goes to its mailbox, or straight in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from messaging.letter import Letter
from portal.views.desk import DAY, DESK
from referral.actions.desk import mailbox
from referral.models import Placement, ProgramLink


def at_the_desk(placement: Placement, now: datetime, client: Client | None = None) -> Client:
    """A browser that has shown its code already."""
    client = client or Client()
    _row, token = ProgramLink.mint(now=now, expires_at=now + timedelta(days=1), placement=placement)
    client.get(f"/p/{token}/")
    session = client.session
    program = placement.program
    session[DESK] = {"program": program.pk, "mailbox": mailbox(program), "until": (now + DAY).isoformat()}
    session.save()
    return client


def by_code(client: Client, post: Callable[..., list[Letter]], now: datetime) -> Any:
    """Ask for a code, read it in the mailbox, and enter it; the answer to that."""
    client.post("/p/code/")
    return client.post("/p/enter/", {"code": code_in(post(now, "email"))})


def code_in(letters: list[Letter]) -> str:
    found = [re.search(r"\d{3} \d{3}", each.content.text) for each in letters]
    return next(each[0] for each in found if each)


def page_of(client: Client, placement: Placement, language: str = "") -> Any:
    return client.get(f"{language}/p/request/{placement.pk}/")


def answers(client: Client, placement: Placement, deed: str, *, follow: bool = False, **typed: str) -> Any:
    """Press one of the buttons of a request."""
    data = {f"{deed}-{name}": value for name, value in typed.items()}
    return client.post(f"/p/request/{placement.pk}/{deed}/", data, follow=follow)
