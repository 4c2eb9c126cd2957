"""Who may open the workspace. Sign-in and second factor are asked for before any of its pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from privacy.actions import record_access
from privacy.models import User
from referral.models import Referral
from referral.models.sight import Sight
from workspace.views.with_colleague import colleague_page

P = ParamSpec("P")


class WithColleague(Http404):
    """An open referral that somebody else has: found by search, and not to be opened."""

    def __init__(self, referral: Referral) -> None:
        super().__init__()
        self.referral = referral


def staff_required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in whoever may work on referrals, and say who has what they may not open. The page is kept in no cache."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.has_perm("referral.work_referrals"):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except WithColleague as found:
            return colleague_page(request, found.referral, status=404)

    return never_cache(login_required(guarded))


def worker(request: HttpRequest) -> User:
    """The signed-in member of staff, behind `staff_required`."""
    return cast(User, request.user)


def sight_of(request: HttpRequest) -> Sight:
    """What the signed-in member of staff may see, asked once for a request."""
    kept: Sight | None = getattr(request, "sight", None)
    if kept is None:
        kept = Sight.of(worker(request))
        request.sight = kept  # type: ignore[attr-defined]
    return kept


def visible(request: HttpRequest, pk: int) -> Referral:
    """The referral.

    Raises `WithColleague` where it is open and this member of staff may not see it, else Http404 where there is none.
    """
    rows = Referral.objects.within(sight_of(request)).select_related(
        "contact",
        "patient",
        "assigned_to",
        "level_low",
        "level_high",
        "service_area",
        "based_on",
        "response__version",
        "computed_low",
        "computed_high",
    )
    found = rows.filter(pk=pk).first()
    if found is not None:
        return found
    raise WithColleague(with_colleague(request, pk))


def with_colleague(request: HttpRequest, pk: int) -> Referral:
    """An open referral, whoever has it; the look is written down. Raises Http404 where it is nobody's, or ended."""
    held = Referral.objects.open().exclude(assigned_to=None).select_related("assigned_to").filter(pk=pk).first()
    if held is None:
        raise Http404
    record_access(actor=worker(request), subject=held.key, action="searched", purpose="workspace", now=timezone.now())
    return held
