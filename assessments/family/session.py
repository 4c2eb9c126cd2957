"""What a browser session remembers of an assessment: which response is its own, and which warnings it has seen.

No answer, question or result is ever part of an address: pages are numbered, and the rest is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from assessments import actions
from assessments.models import Response
from assessments.models.versions import version_of
from privacy.session_store import SessionStore

RESPONSE = "assessment_response"
SEEN = "assessment_warnings_told"
RENEWED = "assessment_renewed"
SEARCH = "directory.search"
"""Where the search of programs keeps what a result began it with (directory.views, which nothing here imports)."""
ONCE = "assessment_told_once"
"""A code or a link that was just made, until the page that shows it: encrypted, as all of the session is."""
OTHERS = "assessment_others"
"""Other responses of this session: {id: the warnings seen of it}."""
SHARED = "assessment_shared_device"
"""Whether others use this browser, as was said in it: it holds for the browser, however the answers are kept."""
TURNS = "assessment_turns"
"""Of the responses of this session {id: the `Response.turn` in which it opened it}; none for the first."""
FIELD = "of"
"""The field of a form that says whose answers it holds."""
MOST_OTHERS = 3
BESIDE = "assessment_beside_session"
# SESSION_COOKIE_AGE is longer than the answers are kept by more than this.
RENEWAL = timedelta(minutes=5)


class ReadTogether:
    """Middleware: on these pages, reads a session and the response that it opened by one statement.

    It only saves a statement: the session says what is its own, and where nothing is found both are read as ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("assessments:start")) and isinstance(request.session, SessionStore):
            self.read(request, request.session)
        return self.get_response(request)

    @staticmethod
    def read(request: HttpRequest, session: SessionStore) -> None:
        found = Response.objects.opened_in(session.session_key, timezone.now()) if session.session_key else None
        if found:
            session.take(found.session_data)
            setattr(request, BESIDE, found)


def own(request: HttpRequest, response: Response) -> None:
    """Let this session answer `response`, under a session key that nobody knew before.

    What it answered until now stays its own, with the warnings that were seen of it: another tab may still be at it.
    """
    pk, before = str(response.pk), request.session.get(RESPONSE)
    others: dict[str, dict[str, bool]] = request.session.get(OTHERS, {})
    if before:
        others = {**others, before: request.session.get(SEEN, {})}
    seen = others.pop(pk, {})
    request.session.cycle_key()
    request.session[RESPONSE] = pk
    request.session[SEEN] = seen
    request.session[OTHERS] = dict(list(others.items())[-MOST_OTHERS:])
    _note_turns(request, [response])
    request.session[RENEWED] = timezone.now().timestamp()
    actions.open_in_session(response, session_key=request.session.session_key or "")
    if response.keeping == Response.Keeping.NOWHERE:
        end_with_the_browser(request)


def _note_turns(request: HttpRequest, opened: Iterable[Response]) -> None:
    turns = {**request.session.get(TURNS, {}), **{str(each.pk): each.turn for each in opened}}
    here = {request.session.get(RESPONSE), *request.session.get(OTHERS, {})}
    request.session[TURNS] = {pk: turn for pk, turn in turns.items() if turn and pk in here}


def _is_open(request: HttpRequest, response: Response) -> bool:
    """Whether nothing has ended what this session opened."""
    return bool(request.session.get(TURNS, {}).get(str(response.pk)) == response.turn)


def opened_here(request: HttpRequest, now: datetime) -> list[Response]:
    """All that this session may open."""
    kept = [request.session.get(RESPONSE), *request.session.get(OTHERS, {})]
    found = Response.objects.live(now).filter(pk__in=[each for each in kept if each])
    return [response for response in found if _is_open(request, response)]


def stay_open(request: HttpRequest, responses: Iterable[Response]) -> None:
    """What was open here stays so, after everything that opens it was ended from here."""
    _note_turns(request, Response.objects.filter(pk__in=[each.pk for each in responses]))


def end_with_the_browser(request: HttpRequest) -> None:
    """The device is shared: the next who uses this browser finds nothing."""
    request.session.set_expiry(0)
    request.session[SHARED] = True


def is_shared(request: HttpRequest) -> bool:
    return bool(request.session.get(SHARED))


def others(request: HttpRequest, now: datetime) -> list[Response]:
    """Responses with answers that this session began or opened before its own one, the newest first."""
    kept: dict[str, object] = request.session.get(OTHERS, {})
    found = Response.objects.live(now).filter(pk__in=kept).order_by("-updated_at") if kept else ()
    return [response for response in found if response.answers and _is_open(request, response)]


def addressed(request: HttpRequest, now: datetime) -> Response | None:
    """The response that a form names, if this session may answer it; else the session's own one.

    A form says whose answers it holds, so that two tabs never write into each other's. What it names and is no longer
    here is nobody's: None.
    """
    named = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if not named or named == request.session.get(RESPONSE):
        return owned(request, now)
    if named not in request.session.get(OTHERS, {}):
        return None
    response = Response.objects.live(now).filter(pk=named).first()
    if response is None or not _is_open(request, response):
        return None
    own(request, response)
    return owned(request, now)


def owned(request: HttpRequest, now: datetime) -> Response | None:
    """The session's own response, if it is still kept."""
    pk = request.session.get(RESPONSE)
    response: Response | None = getattr(request, BESIDE, None)
    if response is None or str(response.pk) != pk:
        response = Response.objects.live(now).filter(pk=pk).first() if pk else None
    if response is None or not _is_open(request, response):
        return None
    response.version = version_of(response.version_id)
    return response


def renew(request: HttpRequest, now: datetime) -> None:
    """Let the session last as long as the answers that were just kept: they are kept as long as they can be opened.

    Written down every few minutes: it lasts that much longer than the answers.
    """
    if now.timestamp() - request.session.get(RENEWED, 0) > RENEWAL.total_seconds():
        request.session[RENEWED] = now.timestamp()


def disown(request: HttpRequest) -> None:
    """Forget which response was the session's, and the search that may hold what it said."""
    for name in (RESPONSE, SEEN, SEARCH, ONCE):
        request.session.pop(name, None)


def tell_once(request: HttpRequest, told: dict[str, str]) -> None:
    """Let the next page show what was just made. The form is answered elsewhere: loaded again, it makes nothing."""
    request.session[ONCE] = told


def told_once(request: HttpRequest) -> dict[str, str]:
    """What the page shows this one time."""
    told: dict[str, str] = request.session.pop(ONCE, {}) if ONCE in request.session else {}
    return told


def unseen(request: HttpRequest, warnings: Mapping[str, bool]) -> list[str]:
    """Which of these safety rules this session has not been shown and gone on from.

    The rules are given with whether they were stated. One that was shown as possible is shown again when it is stated;
    one that is no longer there, or no longer stated, is forgotten as such, so that it is shown again if it comes back.
    """
    seen = request.session.get(SEEN, {})
    kept = {rule: stated and warnings[rule] for rule, stated in seen.items() if rule in warnings}
    if kept != seen:
        request.session[SEEN] = kept
    return [rule for rule, stated in warnings.items() if rule not in kept or (stated and not kept[rule])]


def saw(request: HttpRequest, warnings: Mapping[str, bool]) -> None:
    """Remember that the crisis page was shown for these rules."""
    request.session[SEEN] = dict(warnings)
