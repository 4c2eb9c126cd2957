"""A draft for somebody who has no account: by a link that ends, is found by nobody and kept by no cache."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guides.workflow import previews

UNSEEN = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@require_safe
def shared_draft(request: HttpRequest, token: str) -> HttpResponse:
    edition = previews.shared(token, timezone.now())
    if edition is None:
        raise Http404
    return HttpResponse(previews.draft_page(edition), headers=UNSEEN)
