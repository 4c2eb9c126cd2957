"""Links to answers: one's own on another device, and a result that somebody shared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.family.keeping import open_again
from assessments.family.shared import shown
from assessments.family.views import language
from assessments.keeping import note_opened
from assessments.models import ReturnLink, SharedResult
from portal.views.links import ended, remembered, without_link

OPENED = "answers.opened"


@never_cache
@require_safe
def open_answers(request: HttpRequest, token: str) -> HttpResponse:
    """The emailed link: this browser may open and change the answers from now on, at a clean address."""
    now = timezone.now()
    link = ReturnLink.objects.live(now).for_token(token).filter(response__expires_at__gt=now).first()
    if link is None:
        return ended(request, ReturnLink)
    return open_again(request, link.response)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """The result that somebody shared, to read only, and nothing of who reads it.

    Messengers open each link for a preview. So the result is shown, and noted as opened, when somebody presses.
    """
    link = remembered(request, SharedResult)
    if link is None:
        return without_link(request, SharedResult)
    opened: list[int] = request.session.get(OPENED, [])
    if request.method == "POST":
        note_opened(link, now=timezone.now())
        request.session[OPENED] = [*{*opened, link.pk}]
        return redirect("portal:shared")
    context = shown(link, language()) if link.pk in opened else {"cover": True}
    page = render(request, "portal/shared.html", {**context, "which": link.which, "until": link.expires_at})
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return page
