"""Content to files: everything as `guides.transfer` reads it, drafts included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guides.content.documents import Document
from guides.models import (
    SITE_WORDS,
    Aspect,
    GlossaryTerm,
    Guide,
    Helpline,
    LevelFact,
    LevelOfCare,
    Person,
    SiteDetails,
    StoredFile,
    Synonym,
)
from guides.models.blocks import document_of

Files = dict[str, Any]
Row = LevelOfCare | Aspect | GlossaryTerm | Person | SiteDetails | Synonym | LevelFact | Helpline


def write(folder: Path) -> int:
    """Write every content file into `folder`; return how many. A file of the library is written as it is."""
    files = exported()
    for name, value in files.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, bytes):
            (folder / name).write_bytes(value)
            continue
        path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return len(files)


def site_values(row: SiteDetails) -> dict[str, Any]:
    """Return the site details as their file has them, the texts apart."""
    phone = row.help_phone.format_as(0).removeprefix("+1") if row.help_phone else ""
    shown = f"{phone[:3]}-{phone[3:6]}-{phone[6:]}" if len(phone) == 10 else phone
    return {"places": row.places, "help_phone": shown, "email": row.email, "sample": row.sample}


def site_words(row: SiteDetails) -> dict[str, dict[str, str]]:
    """Return the texts of the site details as their file has them: by name, then by language."""
    texts = list(row.texts.all()) if row.pk else []
    return {name: {text.language: getattr(text, name) for text in texts} for name in SITE_WORDS}


def exported() -> Files:
    """Return everything as `read` would return it."""
    files: Files = {
        "levels": [_level_out(level) for level in LevelOfCare.objects.in_order()],
        "aspects": _rows_out(Aspect, "label"),
        "facts": facts_out(),
        "glossary": _rows_out(GlossaryTerm, "term", "definition", "also_called"),
        "people": [_person_out(person) for person in Person.objects.order_by("id").prefetch_related("texts")],
        "synonyms": _synonyms_out(),
        "helplines": [_helpline_out(line) for line in Helpline.objects.prefetch_related("texts")],
    }
    files |= _library_out()
    site = SiteDetails.objects.prefetch_related("texts").first()
    if site:
        files["site"] = _site_out(site)
    for guide in Guide.objects.order_by("key"):
        files[f"guides/{guide.key}"] = guide_out(guide)
    return files


def _library_out() -> Files:
    """Return what is said of the files of the library, and their bytes by their names; nothing where there is none."""
    rows = list(StoredFile.objects.order_by("key"))
    said = [file_out(row) for row in rows]
    return {"files": said, **{f"files/{row.key}.{row.suffix}": bytes(row.data) for row in rows}} if rows else {}


def file_out(row: StoredFile) -> dict[str, Any]:
    """Return what is said of a file of the library, its bytes apart."""
    return {
        "key": row.key,
        "suffix": row.suffix,
        "name": row.name,
        "alt": {"en": row.alt_en, "es": row.alt_es},
        "decorative": row.decorative,
    }


def _texts_out(row: Any, *names: str) -> dict[str, Any]:
    return {text.language: {name: getattr(text, name) for name in names} for text in row.texts.all()}


def _level_out(level: LevelOfCare) -> dict[str, Any]:
    return {
        "slug": level.slug,
        "order": level.order,
        "asam_codes": level.asam_codes,
        "asam_edition": level.asam_edition,
        "week": level.week or [],
        **_texts_out(level, "name", "short_name", "also_called", "summary"),
    }


def _person_out(person: Person) -> dict[str, Any]:
    return {"key": person.key, "sample": person.sample, "name": person.name, **_texts_out(person, "role")}


def _helpline_out(line: Helpline) -> dict[str, Any]:
    checked = line.checked_on.isoformat() if line.checked_on else None
    values = {name: getattr(line, name) for name in ("key", "order", "number", "tel", "sms", "word", "urgent")}
    return {**values, "checked_on": checked, **_texts_out(line, "name", "how")}


def _row_out(row: Any, *names: str) -> dict[str, Any]:
    return {"key": row.key, "order": row.order, **_texts_out(row, *names)}


def _rows_out(model: Any, *names: str) -> list[dict[str, Any]]:
    return [_row_out(row, *names) for row in model.objects.prefetch_related("texts")]


def entry_of(row: Row) -> tuple[str, str, dict[str, Any]]:
    """Return (name of its content file, key, what the file would say of it) for one row, as it lies in the database."""
    row = type(row)._default_manager.get(pk=row.pk)
    if isinstance(row, LevelOfCare):
        return "levels", row.slug, _level_out(row)
    if isinstance(row, Aspect):
        return "aspects", row.key, _row_out(row, "label")
    if isinstance(row, GlossaryTerm):
        return "glossary", row.key, _row_out(row, "term", "definition", "also_called")
    if isinstance(row, Person):
        return "people", row.key, _person_out(row)
    if isinstance(row, Helpline):
        return "helplines", row.key, _helpline_out(row)
    if isinstance(row, SiteDetails):
        return "site", "site", _site_out(row)
    if isinstance(row, Synonym):
        return "synonyms", f"{row.key}/{row.language}", {"key": row.key, row.language: row.words}
    cell: dict[str, Any] = {row.language: row.html, "short": {row.language: row.short}}
    return "facts", f"{row.level.slug}/{row.aspect.key}/{row.language}", {row.level.slug: {row.aspect.key: cell}}


def facts_out() -> dict[str, Any]:
    """Return every cell of the comparison: ``{level: {aspect: {language: html, "short": {language: text}}}}``."""
    out: dict[str, Any] = {}
    for fact in LevelFact.objects.select_related("level", "aspect"):
        cell = out.setdefault(fact.level.slug, {}).setdefault(fact.aspect.key, {})
        cell[fact.language] = fact.html
        if fact.short:
            cell.setdefault("short", {})[fact.language] = fact.short
    return out


def _synonyms_out() -> list[dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for row in Synonym.objects.order_by("id"):
        out.setdefault(row.key, {"key": row.key})[row.language] = row.words
    return list(out.values())


def _site_out(site: SiteDetails) -> dict[str, Any]:
    values = site_values(site)
    return {**site_words(site), "service_area_places": values.pop("places"), **values}


def guide_out(guide: Guide) -> dict[str, Any]:
    """Return a guide as its file has it."""
    editions: dict[str, Document] = {edition.language: document_of(edition) for edition in guide.editions.all()}
    return {
        "key": guide.key,
        "order": guide.order,
        "section": guide.section,
        "audience": guide.audience,
        "author": guide.author.key if guide.author else None,
        "reviewer": guide.reviewer.key if guide.reviewer else None,
        "last_reviewed": guide.last_reviewed.isoformat() if guide.last_reviewed else None,
        "review_due": guide.review_due.isoformat() if guide.review_due else None,
        "level": guide.level.slug if guide.level else None,
        "sources": [{"title": s.title, "publisher": s.publisher, "url": s.url} for s in guide.sources.all()],
        **editions,
    }
