"""Who may open the workspace. Sign-in and second factor are asked for before any of its pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from privacy.models import User
from referral.models import Referral
from referral.models.sight import Sight

P = ParamSpec("P")
T = TypeVar("T", bound=HttpResponseBase)


def staff_required(
    view: Callable[Concatenate[HttpRequest, P], T],
) -> Callable[Concatenate[HttpRequest, P], T]:
    """Let in whoever may work on referrals; keep the page out of every cache."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not request.user.has_perm("referral.work_referrals"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

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
    """The referral, or 404 where this member of staff may not see it."""
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
    return get_object_or_404(rows, pk=pk)
