"""The published helplines: the one place where pages get numbers to call and to text."""

from __future__ import annotations

from typing import Any

from guides.content.helplines import ROW, Helpline, in_danger, shipped
from guides.models import Helpline as Row
from guides.models import Reference
from guides.models.base import LANGUAGES
from guides.publishing.cache import page_cache


def entries(language: str) -> list[dict[str, Any]]:
    """Return the rows as they lie in the database now, as the published facts keep them."""
    return [
        {**{name: getattr(row, name) for name in ROW}, "name": text.name, "how": text.how}
        for row in Row.objects.offered()
        for text in row.texts.all()
        if text.language == language
    ]


def uncalled(reference: dict[str, Any]) -> list[Row]:
    """Return the rows whose number is not the published one, and that nobody has called or looked up."""
    public = {entry["key"]: (entry["tel"], entry["sms"]) for entry in reference.get("helplines", ())}
    return [row for row in Row.objects.offered().filter(checked_on=None) if public.get(row.key) != (row.tel, row.sms)]


def told(reference: dict[str, Any], language: str) -> dict[str, Helpline]:
    """Return the lines of published facts by key, and those that ship where none were published."""
    published = {entry["key"]: Helpline(**entry) for entry in reference.get("helplines", ())}
    return published or shipped(language)


def helplines(language: str | None) -> dict[str, Helpline]:
    """Return every published line by key, in order; kept while nothing new is published.

    Those that rules of questionnaires name are there always: what ships stands in for one that is gone. For any other
    it stands in until there is a row, as after an upgrade; one that editors archived stays away.
    """
    code = language if language in LANGUAGES else "en"
    found: dict[str, Helpline] = page_cache.value(("helplines", code), lambda: _read(code))
    return found


def _read(language: str) -> dict[str, Helpline]:
    row = Reference.objects.filter(language=language).first()
    known = told(row.document if row else {}, language)
    archived = set(Row.objects.exclude(archived_at=None).values_list("key", flat=True))
    missing = {
        key: line
        for key, line in shipped(language).items()
        if key not in known and (line.urgent or key not in archived)
    }
    return {**known, **missing}


def lines(first: str, language: str | None) -> list[Helpline]:
    """Return the lines for danger, this one first."""
    return in_danger(helplines(language).values(), first)
