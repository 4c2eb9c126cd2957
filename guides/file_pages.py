"""What visitors' browsers are given of the library: bytes that never change at their address."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from guides.models import Rendition, StoredFile
from guides.models.files import CLEAR_NAME

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
FOR_A_YEAR = "public, max-age=31536000, immutable"
_name = re.compile(rf"([0-9a-f]{{{CLEAR_NAME}}})(?:-([0-9]{{1,4}}))?\.([a-z]{{3,4}})")


@require_safe
def stored_file(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a picture in one size (``KEY-800.avif``), or with a PDF to be saved (``KEY.pdf``)."""
    found = _name.fullmatch(name)
    if found is None:
        raise Http404
    key, width, suffix = found.groups()
    headers = {"Cache-Control": FOR_A_YEAR, "ETag": f'"{name}"', "X-Content-Type-Options": "nosniff"}
    if width:
        row: Rendition | StoredFile | None = Rendition.objects.filter(
            file__key=key, width=int(width), suffix=suffix
        ).first()
    else:
        row = StoredFile.objects.filter(key=key, suffix=suffix, kind=StoredFile.Kind.DOCUMENT).first()
    if row is None:
        raise Http404
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    if isinstance(row, StoredFile):
        headers["Content-Disposition"] = f'attachment; filename="{slugify(row.name) or key}.pdf"'
    return HttpResponse(bytes(row.data), content_type=TYPES[suffix], headers=headers)
