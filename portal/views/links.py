"""Secret links: the first visit swaps the token for a session and goes on to a clean address.

One browser may have the pages of several families or requests open. Its session remembers a link for each; every form
says which of them it shows, and never acts on another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import ReturnLink, SharedResult
from privacy.actions import record_access
from privacy.models import SecretLink
from referral.models import CheckInLink, FamilyLink, ProgramLink

Link = FamilyLink | CheckInLink | SharedResult
# Under what a session remembers its links, and the page that they lead to.
PAGES: dict[type[SecretLink], tuple[str, str]] = {
    FamilyLink: ("referral.families", "portal:status"),
    ProgramLink: ("referral.requests", "portal:program"),
    CheckInLink: ("referral.check_ins", "portal:check-in"),
    SharedResult: ("answers.shared", "portal:shared"),
}
# A page that was opened without a message stays open for as long as this.
OWN_PAGE_AFTER_ASKING = timedelta(hours=12)
# Of what the browser that asked is told: somebody opened the page by a link that we sent, in another one.
OPENED_BY_LINK = "opened by a link"
# What a family or a program writes in its own words: it is shown again where it could not be taken.
WORDS = ("word", "more", "text")


@never_cache
@require_safe
def open_link(request: HttpRequest, token: str, kind: type[SecretLink]) -> HttpResponse:
    """Open a link. One that has ended says so, with a way forward; nothing tells it from one that never was."""
    link = _still(kind._default_manager.live(timezone.now()).for_token(token).first())
    if link is None:
        return ended(request, kind)
    if isinstance(link, FamilyLink) and link.opened_at is None:
        link.opened_at = timezone.now()
        link.save(update_fields=["opened_at"])
    if not (isinstance(link, FamilyLink) and _opened_beside(request, link)):
        remember(request, link)
        if isinstance(link, FamilyLink) and not link.asked:
            subject, now = link.referral.key, timezone.now()
            record_access(actor=None, subject=subject, action="viewed", purpose=OPENED_BY_LINK, now=now)
    return redirect(PAGES[kind][1])


# The links of messages that this browser opened beside the one by which it sent the request: of each page their keys.
BESIDE = "referral.beside"


def _opened_beside(request: HttpRequest, link: FamilyLink) -> bool:
    """Where this browser sent the request, its own link stays: to open its own mail takes no power from it, and adds
    what only whoever reads there may do."""
    which = str(link.which)
    mine = _row_of(request, FamilyLink, link.which)
    if link.asked or not isinstance(mine, FamilyLink) or not mine.asked:
        return False
    beside: dict[str, list[int]] = request.session.get(BESIDE, {})
    pks = [*(pk for pk in beside.get(which, ()) if pk != link.pk), link.pk]
    fresh_session(request)
    request.session[BESIDE] = {**beside, which: pks}
    _turn_to(request, FamilyLink, which, mine.pk)
    return True


def _with_beside(request: HttpRequest, link: Any | None) -> Any | None:
    """The link of the browser that asked, with where the others went that it opened and that still live. Where two
    requests became one that goes on here, and this browser sent only this one, it has to open a link that went to where
    they are reached before it is more than a link: whoever asks in somebody's name has the same."""
    if isinstance(link, FamilyLink) and link.asked:
        pks = request.session.get(BESIDE, {}).get(str(link.which), ())
        rows = FamilyLink.objects.live(timezone.now()).filter(pk__in=pks) if pks else ()
        link.sent_beside = [each.sent_to for each in rows if each.sent_to]
        link.asked = link.reads_there or link.is_all_that_came({int(pk) for pk in _links(request, FamilyLink)})
    return link


def remember(request: HttpRequest, link: Link) -> None:
    """Let this session open what the link opens, under a session key that nobody knew before."""
    fresh_session(request)
    _turn_to(request, type(link), str(link.which), link.pk)


# What this browser said that others read or hear: of each page, by way, the blind indexes of the addresses.
MARKED_HERE = "referral.marked"


def marked_here(request: HttpRequest, which: int) -> dict[str, list[str]]:
    """The ways that this browser itself said others read or hear."""
    found: dict[str, dict[str, list[str]]] = request.session.get(MARKED_HERE, {})
    return found.get(str(which), {})


def note_mark(request: HttpRequest, which: int, way: str, index: str) -> None:
    """Keep that this browser said so: it may say that it is safe again."""
    here = marked_here(request, which)
    all_here = request.session.get(MARKED_HERE, {})
    request.session[MARKED_HERE] = {**all_here, str(which): {**here, way: [*here.get(way, ()), index]}}


def fresh_session(request: HttpRequest) -> None:
    """Give the session a key that nobody knew before.

    Whoever knew the old key has no more than before. It is left to run out, not deleted: a second request that is on
    its way with it, as after a double click, must not fail. Only of staff nothing may outlive the signing out.
    """
    if request.user.is_authenticated:
        request.session.cycle_key()
    else:
        known = dict(request.session.items())
        request.session.create()
        request.session.update(known)
        request.session.set_expiry(0)  # the next who uses this browser finds nothing


def read_again(request: HttpRequest) -> bool:
    """Read the session anew, as another click of this browser may have written it meanwhile. False where it is gone."""
    key = request.session.session_key
    if not key or not request.session.exists(key):
        return False
    request.session = type(request.session)(key)
    return True


def _turn_to(request: HttpRequest, kind: type[SecretLink], which: str, pk: int) -> None:
    """Remember a link as the one that was used last."""
    others = {each: other for each, other in _links(request, kind).items() if each != which}
    request.session[PAGES[kind][0]] = {**others, which: pk}


def go_on(request: HttpRequest, link: FamilyLink, *, now: datetime) -> None:
    """Whoever changed their address stays on their page, by a link that was never sent, where the old one ended.

    The session keeps its key: it opens no more than before, and the second click of two must find the new link.
    """
    link.refresh_from_db(fields=["revoked_at"])
    if link.revoked_at or link.is_over:
        until = min(link.expires_at, now + OWN_PAGE_AFTER_ASKING)
        own, _token = FamilyLink.mint(now=now, expires_at=until, referral=link.referral)
        _turn_to(request, FamilyLink, str(own.which), own.pk)
        request.session.save()  # a second click that is on its way finds it


def _links(request: HttpRequest, kind: type[SecretLink]) -> dict[str, int]:
    """The keys of this session's links by what each opens, the one that was used last at the end."""
    links: dict[str, int] = request.session.get(PAGES[kind][0], {})
    return links


def remembered(request: HttpRequest, kind: type[SecretLink]) -> Any | None:
    """The live link of the page that this request is about, checked anew on every request."""
    links = _links(request, kind)
    which = _which(request, links)
    if which not in links:
        return None
    if which != next(reversed(links)):
        _turn_to(request, kind, which, links[which])
    return _still(kind._default_manager.live(timezone.now()).filter(pk=links[which]).first())


def _still(link: Any | None) -> Any | None:
    """The link, unless others have read where it went."""
    return None if link is None or getattr(link, "is_over", False) else link


def _which(request: HttpRequest, links: dict[str, int]) -> str:
    """What the form or the address names, else the page that was used last; a form may leave out only what is clear."""
    if request.method == "POST":
        return request.POST.get("which") or ("" if len(links) > 1 else next(iter(links), ""))
    named = request.GET.get("which", "")
    return named if named in links else next(reversed(links), "")


def held(request: HttpRequest, kind: type[SecretLink], which: int) -> Any:
    """This session's live link to one family or request, or None."""
    return _with_beside(request, _row_of(request, kind, which))


def _row_of(request: HttpRequest, kind: type[SecretLink], which: int) -> Any | None:
    pk = _links(request, kind).get(str(which))
    return kind._default_manager.live(timezone.now()).filter(pk=pk).first() if pk else None


def all_held(request: HttpRequest, kind: type[SecretLink]) -> list[Any]:
    """All live links of this session, the one that was used last at the end."""
    order = list(_links(request, kind).values())
    found = kind._default_manager.live(timezone.now()).filter(pk__in=order)
    return [_with_beside(request, each) for each in sorted(found, key=lambda link: order.index(link.pk))]


def page_of(request: HttpRequest, kind: type[SecretLink], which: int) -> dict[str, Any]:
    """What every page behind a link tells its template: which it is, and what else this browser has open."""
    others = [each for each in all_held(request, kind) if each.which != which]
    return {"which": str(which), "others": others, "address": PAGES[kind][1]}


def ended(request: HttpRequest, kind: type[SecretLink]) -> HttpResponse:
    """The page for a link that opens nothing any more."""
    return render(request, "portal/link_ended.html", _context(request, kind), status=410)


def without_link(request: HttpRequest, kind: type[SecretLink]) -> HttpResponse:
    """The clean address without a live link: told is who sent a form of another page, who had a link, and others."""
    links = _links(request, kind)
    if links and _which(request, links) not in links:
        return render(request, "portal/link_other.html", _context(request, kind), status=409)
    if links:
        return ended(request, kind)
    return render(request, "portal/link_needed.html", _context(request, kind))


def _context(request: HttpRequest, kind: type[SecretLink]) -> dict[str, Any]:
    if kind is SharedResult or kind is ReturnLink:
        return {"shared": kind is SharedResult, "answers": kind is ReturnLink}
    typed = [request.POST[name] for name in WORDS if request.POST.get(name)]
    shown = _which(request, _links(request, kind))
    others = [each for each in all_held(request, kind) if str(each.which) != shown]
    frame = "portal/desk_base.html" if kind is ProgramLink else "base.html"
    return {
        "program": kind is ProgramLink,
        "typed": typed,
        "others": others,
        "address": PAGES[kind][1],
        "frame": frame,
    }
