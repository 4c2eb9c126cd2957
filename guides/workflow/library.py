"""Files into the library: checked, written anew, kept once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from guides.content.pictures import Picture, renditions
from guides.models import Rendition, StoredFile
from guides.models.files import CLEAR_NAME
from privacy.models import User


def key_of(data: bytes) -> str:
    """Return the name that these bytes, and no others, have."""
    return hashlib.sha256(data).hexdigest()[:CLEAR_NAME]


@transaction.atomic
def keep_picture(row: StoredFile, picture: Picture, *, by: User | None, now: datetime) -> StoredFile:
    """Keep a picture in all its sizes under what `row` says of it; the one that is there already if it is the same."""
    row.kind, row.suffix = StoredFile.Kind.PICTURE, picture.suffix
    row.width, row.height = picture.width, picture.height
    kept, is_new = _keep(row, picture.data, by=by, now=now)
    if is_new:
        Rendition.objects.bulk_create(
            Rendition(file=kept, width=width, suffix=suffix, data=data) for width, suffix, data in renditions(picture)
        )
    return kept


@transaction.atomic
def keep_takeaway(row: StoredFile, data: bytes, *, by: User | None, now: datetime) -> StoredFile:
    """Keep a PDF under what `row` says of it; the one that is there already if it is the same."""
    row.kind, row.suffix = StoredFile.Kind.DOCUMENT, "pdf"
    return _keep(row, data, by=by, now=now)[0]


def _keep(row: StoredFile, data: bytes, *, by: User | None, now: datetime) -> tuple[StoredFile, bool]:
    key = key_of(data)
    there = StoredFile.objects.without_bytes().filter(key=key).first()
    if there:
        return there, False
    row.key, row.data, row.size, row.at, row.by = key, data, len(data), now, by
    row.save()
    return row, True
