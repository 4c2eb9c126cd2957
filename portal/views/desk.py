"""The desk of a program: whoever reads its mailbox sees all its requests on one page, for a working day.

The link in an email says which program it was sent to, and nothing more. A code that goes to the same mailbox opens the
desk, in the browser that asked for it; so a link that was forwarded shows nothing of a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.models import Program
from portal.forms.desk import CodeForm
from portal.views.links import WORDS, ended, fresh_session, without_link
from privacy.limits import seconds_to_wait
from referral.actions.desk import ask_for_code, mailbox, show_code
from referral.actions.notices import writes_to
from referral.models import ProgramLink

DAY = timedelta(hours=10)
MOST_NAMED = 3
# In the session: the link that this browser came by, its own secret, and the desk that is open in it.
CAME, BROWSER, DESK = "program.came", "program.browser", "program.desk"
P = ParamSpec("P")


@dataclass(frozen=True)
class Desk:
    """The programs that read one mailbox, and until when this browser stands at their desk."""

    programs: tuple[Program, ...]
    until: datetime

    @property
    def keys(self) -> list[int]:
        return [program.pk for program in self.programs]

    @property
    def names(self) -> str:
        """Whose desk it is; of many the first few."""
        few = [program.name for program in self.programs[:MOST_NAMED]]
        return " · ".join([*few, "…"] if self.programs[MOST_NAMED:] else few)

    @property
    def address(self) -> str:
        return self.programs[0].referral_email


@never_cache
@require_safe
def open_program(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an email: it leads to the request where the desk is open, else to the code."""
    link = ProgramLink.objects.for_token(token).filter(expires_at__gt=timezone.now()).first()
    if link is None or not mailbox(link.placement.program):
        return ended(request, ProgramLink)
    desk = _desk(request)
    fresh_session(request)
    request.session[CAME] = link.pk
    if desk and link.placement.program_id in desk.keys:
        return redirect("portal:program-request", link.placement_id)
    return redirect(_asks_for_code(request, link))


def _other_desk(request: HttpRequest, link: ProgramLink | None) -> Desk | None:
    """The desk that is open, where it is that of another program than the link is for."""
    desk = _desk(request)
    return desk if desk and link and link.placement.program_id not in desk.keys else None


def _asks_for_code(request: HttpRequest, link: ProgramLink) -> str:
    """The page that asks for a code; while the desk of another program is open, one that says so."""
    return "portal:program-other" if _other_desk(request, link) else "portal:program"


@never_cache
@require_safe
def other_program(request: HttpRequest) -> HttpResponse:
    """A link to one program came in while the desk of another is open: whose it is, and a code for it."""
    other = _other_desk(request, _came_by(request))
    return _code_page(request, CodeForm()) if other else redirect("portal:program")


def at_desk(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the desk that is open in this browser; whoever has none is asked for a code."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        desk = _desk(request)
        if desk is None:
            return _closed(request)
        return view(request, desk, *args, **kwargs)

    return never_cache(opened)


def _desk(request: HttpRequest) -> Desk | None:
    """The open desk, as long as its mailbox is still the one that showed the code."""
    kept = request.session.get(DESK)
    if not kept or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    first = Program.objects.filter(pk=kept["program"]).first()
    if first is None or mailbox(first) != kept["mailbox"]:
        return None
    same = Program.objects.filter(referral_email__iexact=first.referral_email).exclude(pk=first.pk)
    return Desk((first, *same.order_by("name", "pk")), datetime.fromisoformat(kept["until"]))


def _came_by(request: HttpRequest) -> ProgramLink | None:
    found: ProgramLink | None = (
        ProgramLink.objects.select_related("placement__program")
        .filter(pk=request.session.get(CAME), expires_at__gt=timezone.now())
        .first()
    )
    return found


def _closed(request: HttpRequest) -> HttpResponse:
    """No desk is open: what was typed is kept on the page that asks for a code."""
    if _came_by(request) is None:
        return without_link(request, ProgramLink)
    return _code_page(request, CodeForm(), status=401 if request.method == "POST" else 200)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200, wait: int = 0) -> HttpResponse:
    link = _came_by(request)
    if link is None:
        return without_link(request, ProgramLink)
    typed = [value for name, value in request.POST.items() if name.split("-")[-1] in (*WORDS, "more") and value]
    context = {
        "form": form,
        "wait": wait,
        "typed": typed,
        "program_name": link.placement.program.name,
        "where": _hinted(link.placement.program.referral_email),
        "asked": bool(request.session.get(BROWSER)),
        "minutes": 15,
        "open_desk": _other_desk(request, link),
        "stopped": not writes_to(link.placement.program, timezone.now()),
    }
    return render(request, "portal/program_code.html", context, status=status)


def _hinted(address: str) -> str:
    """Enough of the mailbox to know which one to look into: a•••@example.org."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_code(request: HttpRequest) -> HttpResponse:
    """A code, to the mailbox that the link was sent to."""
    link = _came_by(request)
    if request.method != "POST" or link is None:
        return redirect(_asks_for_code(request, link)) if link else without_link(request, ProgramLink)
    now = timezone.now()
    if wait := seconds_to_wait(request, "program-code", now=now):
        return _code_page(request, CodeForm(), status=429, wait=wait)
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(24))
    if ask_for_code(link.placement.program, browser, language=get_language() or "en", now=now):
        messages.success(request, _("We sent a code to your mailbox. It works for 15 minutes, in this browser."))
    else:
        messages.warning(request, _("We cannot send a code there now. Try again in ten minutes, or call us."))
    return redirect(_asks_for_code(request, link))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The code opens the desk in this browser, until it closes or the working day is over."""
    link, form, now = _came_by(request), CodeForm(request.POST), timezone.now()
    if request.method != "POST" or link is None:
        return redirect(_asks_for_code(request, link)) if link else without_link(request, ProgramLink)
    if not form.is_valid():
        return _code_page(request, form, status=422)
    if wait := seconds_to_wait(request, "program-try", now=now, times=2):
        return _code_page(request, form, status=429, wait=wait)
    program, browser = link.placement.program, request.session.get(BROWSER, "")
    if not browser or not show_code(program, browser, form.cleaned_data["code"], now=now):
        form.add_error("code", _("This code does not work. Check the digits, or send yourself a new one."))
        return _code_page(request, form, status=422)
    fresh_session(request)
    request.session.pop(BROWSER, None)
    request.session[DESK] = {"program": program.pk, "mailbox": mailbox(program), "until": (now + DAY).isoformat()}
    return redirect("portal:program-request", link.placement_id)


@never_cache
@require_POST
def leave_desk(request: HttpRequest) -> HttpResponse:
    """Sign out: this browser shows nothing more."""
    for key in (DESK, CAME, BROWSER):
        request.session.pop(key, None)
    return render(request, "portal/program_left.html")
