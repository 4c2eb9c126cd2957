"""Content from files. What comes in goes out the same again (`guides.outgoing`), value for value."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from guides.content.html import clean
from guides.content.pictures import BadPicture, check_picture
from guides.content.takeaways import BadTakeaway, check_takeaway
from guides.models import (
    SITE_WORDS,
    Aspect,
    GlossaryTerm,
    Guide,
    GuideEdition,
    Helpline,
    LevelFact,
    LevelOfCare,
    Person,
    Revision,
    SiteDetails,
    Source,
    StoredFile,
    Synonym,
)
from guides.models.base import LANGUAGES
from guides.outgoing import Files, guide_out, site_values, site_words
from guides.workflow import actions, library

BY_HAND = (Revision.Reason.SAVED, Revision.Reason.RESTORED)


class BadContent(Exception):
    """A content file cannot be used; the message names the file and says what is wrong."""


@dataclass
class Report:
    """What an import did: names of files or rows."""

    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def read(folder: Path) -> Files:
    """Return every content file of `folder` by its name without ".json". Raises `BadContent`."""
    if not folder.is_dir():
        raise BadContent(f"{folder} is not a folder.")
    files: Files = {}
    for path in sorted(folder.rglob("*.json")):
        name = str(path.relative_to(folder).with_suffix(""))
        try:
            files[name] = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise BadContent(f"{path} cannot be read as JSON: {error}") from error
    for path in sorted((folder / "files").glob("*.*")):
        files[f"files/{path.name}"] = path.read_bytes()
    if not files:
        raise BadContent(f"{folder} holds no content file.")
    return files


@transaction.atomic
def load(files: Files, *, now: datetime, replace: bool = False) -> Report:
    """Write `files` into the database, all or nothing. Rows that a person changed here are kept unless `replace`."""
    report = Report()
    name = ""
    try:
        for name, step in _steps().items():
            if name in files:
                step(files[name], report, replace)
        name = "files"
        for entry in files.get(name, ()):
            _file(entry, files, report, replace, now)
        for name in (name for name in files if name.startswith("guides/")):
            _guide(files[name], report, replace, now)
    except (BadPicture, BadTakeaway) as error:
        raise BadContent(f"{name}.json names a file that cannot be taken: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadContent(f"{name}.json is not in the format: {error!r} is missing or has the wrong shape.") from error
    except (LevelOfCare.DoesNotExist, Aspect.DoesNotExist, Person.DoesNotExist) as error:
        raise BadContent(f"{name}.json names something that does not exist: {error}") from error
    return report


def _steps() -> dict[str, Callable[[Any, Report, bool], None]]:
    return {
        "levels": _levels,
        "aspects": _aspects,
        "facts": _facts,
        "glossary": _glossary,
        "people": _people,
        "site": _site,
        "synonyms": _synonyms,
        "helplines": _helplines,
    }


def put_entry(name: str, entry: Any) -> None:
    """Write what the content file `name` would say of one row over what it says here."""
    _steps()[name](entry if name in ("facts", "site") else [entry], Report(), True)


def put_guide(entry: dict[str, Any], *, now: datetime) -> None:
    """Write a guide as its content file has it."""
    _guide(entry, Report(), True, now)


def put_file(entry: dict[str, Any], data: bytes, *, now: datetime) -> None:
    """Bring a file of the library back, byte for byte."""
    _file(entry, {f"files/{entry['key']}.{entry['suffix']}": data}, Report(), True, now)


def _may(row: Any, name: str, report: Report, replace: bool) -> bool:
    if row.pk and row.changed_here and not replace:
        report.kept.append(name)
        return False
    return True


def _put(model: Any, name: str, find: dict[str, Any], values: dict[str, Any], report: Report, replace: bool) -> Any:
    """Create or update one row; return it, or None where a person's change is kept."""
    row = model.objects.filter(**find).first() or model(**find)
    if not _may(row, name, report, replace):
        return None
    before = {key: getattr(row, key) for key in values}
    if not row.pk or before != values or row.changed_here:
        for key, value in values.items():
            setattr(row, key, value)
        row.changed_here = False
        row.save()
        report.changed.append(name)
    return row


def _put_texts(row: Any, parent: str, model: Any, texts: dict[str, dict[str, Any]]) -> None:
    for language, values in texts.items():
        text, _made = model.objects.get_or_create(**{parent: row, "language": language}, defaults=values)
        if any(getattr(text, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(text, name, value)
            text.save()


def _by_language(entry: dict[str, Any], *names: str) -> dict[str, dict[str, Any]]:
    return {code: {name: entry[code][name] for name in names} for code in LANGUAGES if code in entry}


def _levels(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        values = {name: entry[name] for name in ("order", "asam_codes", "asam_edition")}
        # Files written before levels had one say nothing of it.
        values["week"] = entry.get("week", [])
        row = _put(LevelOfCare, f"levels {entry['slug']}", {"slug": entry["slug"]}, values, report, replace)
        if row:
            texts = _by_language(entry, "name", "short_name", "also_called", "summary")
            _put_texts(row, "level", row.texts.model, texts)


def _aspects(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        find = {"key": entry["key"]}
        row = _put(Aspect, f"aspects {entry['key']}", find, {"order": entry["order"]}, report, replace)
        if row:
            _put_texts(row, "aspect", row.texts.model, _by_language(entry, "label"))


def _facts(entries: dict[str, dict[str, dict[str, Any]]], report: Report, replace: bool) -> None:
    """Put the cells in: ``{level: {aspect: {language: html, "short": {language: text}}}}``, a short form or none."""
    levels, aspects = LevelOfCare.objects.in_bulk(field_name="slug"), Aspect.objects.in_bulk(field_name="key")
    for slug, by_aspect in entries.items():
        for key, cell in by_aspect.items():
            short = cell.get("short", {})
            for language in (code for code in cell if code != "short"):
                find = {"level": levels[slug], "aspect": aspects[key], "language": language}
                values = {"html": clean(cell[language]), "short": short.get(language, "")}
                _put(LevelFact, f"facts {slug} {key} {language}", find, values, report, replace)


def _glossary(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        find = {"key": entry["key"]}
        row = _put(GlossaryTerm, f"glossary {entry['key']}", find, {"order": entry["order"]}, report, replace)
        if row:
            texts = _by_language(entry, "term", "definition", "also_called")
            for text in texts.values():
                text["definition"] = clean(text["definition"])
            _put_texts(row, "term_row", row.texts.model, texts)


def _people(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        values = {"name": entry["name"], "sample": entry["sample"]}
        row = _put(Person, f"people {entry['key']}", {"key": entry["key"]}, values, report, replace)
        if row:
            _put_texts(row, "person", row.texts.model, _by_language(entry, "role"))


def _site(entry: dict[str, Any], report: Report, replace: bool) -> None:
    values = {
        "places": entry["service_area_places"],
        "help_phone": entry["help_phone"],
        "email": entry["email"],
        "sample": entry["sample"],
    }
    row = SiteDetails.objects.first() or SiteDetails(pk=1)
    if not _may(row, "site", report, replace):
        return
    # A file from before a text existed says nothing of it, and what is here stays.
    words = {**site_words(row), **{name: entry[name] for name in SITE_WORDS if name in entry}}
    if not row.pk or site_values(row) != values or site_words(row) != words:
        report.changed.append("site")
    for key, value in values.items():
        setattr(row, key, value)
    row.changed_here = False
    row.save()
    texts = {
        code: {name: by_language.get(code, "") for name, by_language in words.items()} for code in words["service_area"]
    }
    _put_texts(row, "details", row.texts.model, texts)


def _synonyms(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        for code in LANGUAGES:
            if code in entry:
                find = {"key": entry["key"], "language": code}
                _put(Synonym, f"synonyms {entry['key']} {code}", find, {"words": entry[code]}, report, replace)


def _helplines(entries: list[dict[str, Any]], report: Report, replace: bool) -> None:
    for entry in entries:
        values = {name: entry[name] for name in ("order", "number", "tel", "sms", "word", "urgent")}
        values["checked_on"] = _day(entry["checked_on"])
        row = _put(Helpline, f"helplines {entry['key']}", {"key": entry["key"]}, values, report, replace)
        if row:
            _put_texts(row, "line", row.texts.model, _by_language(entry, "name", "how"))


def _file(entry: dict[str, Any], files: Files, report: Report, replace: bool, now: datetime) -> None:
    """Bring a file of the library in, byte for byte; its sizes are made anew, what is said of it is updated."""
    key, suffix = entry["key"], entry["suffix"]
    data: bytes = files[f"files/{key}.{suffix}"]
    if library.key_of(data) != key:
        raise BadContent(f"files/{key}.{suffix} is not the file that files.json names.")
    said = {
        "name": entry["name"],
        "alt_en": entry["alt"]["en"],
        "alt_es": entry["alt"]["es"],
        "decorative": entry["decorative"],
    }
    if StoredFile.objects.filter(key=key).exists():
        _put(StoredFile, f"files {key}", {"key": key}, said, report, replace)
    elif suffix == "pdf":
        library.keep_takeaway(StoredFile(**said), check_takeaway(data), by=None, now=now)
        report.changed.append(f"files {key}")
    else:
        library.keep_picture(StoredFile(**said), check_picture(data), by=None, now=now)
        report.changed.append(f"files {key}")


def _guide(entry: dict[str, Any], report: Report, replace: bool, now: datetime) -> None:
    name = f"guides {entry['key']}"
    guide = Guide.objects.filter(key=entry["key"]).first() or Guide(key=entry["key"])
    editions = {edition.language: edition for edition in guide.editions.all()} if guide.pk else {}
    if not replace and (by_hand(guide) or any(by_hand(edition) for edition in editions.values())):
        report.kept.append(name)
        return
    before = guide_out(guide) if guide.pk else None
    if before == entry:
        return
    _put_about(guide, entry)
    for language in LANGUAGES:
        if language in entry:
            edition = editions.get(language) or GuideEdition(guide=guide, language=language)
            actions.replace_draft(edition, entry[language], by=None, now=now, reason=Revision.Reason.IMPORTED)
    report.changed.append(name)


def by_hand(row: Guide | GuideEdition) -> bool:
    """Whether a person changed this here, so that files must not."""
    if isinstance(row, Guide):
        return row.changed_here
    return row.revisions.filter(reason__in=BY_HAND).exists()


def _put_about(guide: Guide, entry: dict[str, Any]) -> None:
    for name in ("section", "audience", "order"):
        setattr(guide, name, entry[name])
    guide.level = LevelOfCare.objects.get(slug=entry["level"]) if entry["level"] else None
    guide.author = Person.objects.get(key=entry["author"]) if entry["author"] else None
    guide.reviewer = Person.objects.get(key=entry["reviewer"]) if entry["reviewer"] else None
    guide.last_reviewed = _day(entry["last_reviewed"])
    guide.review_due = _day(entry["review_due"])
    guide.changed_here = False
    guide.save()
    guide.sources.all().delete()
    Source.objects.bulk_create(
        Source(guide=guide, order=order, title=source["title"], publisher=source["publisher"], url=source["url"])
        for order, source in enumerate(entry["sources"])
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
