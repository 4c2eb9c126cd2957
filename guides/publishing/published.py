"""What the public sees in one language: the published facts, the published guides, and where every link leads."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from guides.content import html, pictures
from guides.content.weeks import BadWeek, Week, week_of
from guides.models import (
    Aspect,
    GlossaryTerm,
    Guide,
    LevelFact,
    LevelOfCare,
    Publication,
    Reference,
    SiteDetails,
    StoredFile,
)
from guides.publishing.helplines import entries, told
from ui.pictures import STRETCH_WIDTH, WeekPicture, cairn, day, stretch, week

CRISIS = "get-help-now"
MIDWEEK = 2
AT_THE_HEAD = ("time", "living", "length", "cost")
# The way down that most stays end with.
STEPS_DOWN = ("residential", "iop", "outpatient", "recovery-support")
EMPTY: dict[str, Any] = {"levels": [], "aspects": [], "terms": [], "helplines": [], "site": {}}
FIELDS = ("key", "path", "title", "summary", "section", "order", "level", "slug")


def address(name: str, language: str, *args: Any) -> str | None:
    """Return the path of a named page in `language`, None where this installation has no such page."""
    with override(language):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            return None


def file_path(key: str, width: int | None, suffix: str) -> str:
    """Return the address of a file of the library; what it answers never changes, in any language."""
    return reverse("stored_file", args=[f"{key}-{width}.{suffix}" if width else f"{key}.{suffix}"])


def path_of(key: str, slug: str, language: str) -> str:
    """Return the path of a guide's page. The guide for a crisis has a short address of its own."""
    with override(language):
        return reverse("guides:crisis") if key == CRISIS else reverse("guides:guide", args=[slug])


def reference_of(language: str) -> dict[str, Any]:
    """Return levels, facts, words and site details as they lie in the database now, ready for JSON."""
    facts: dict[str, dict[str, str]] = {}
    short: dict[str, dict[str, str]] = {}
    for level, aspect, text, words in LevelFact.objects.filter(language=language).values_list(
        "level__slug", "aspect__key", "html", "short"
    ):
        facts.setdefault(level, {})[aspect] = text
        if words:
            short.setdefault(level, {})[aspect] = words
    site = SiteDetails.current()
    return {
        "levels": [
            {
                **_level(level, language),
                "facts": facts.get(level.slug, {}),
                "short_facts": short.get(level.slug, {}),
            }
            for level in LevelOfCare.objects.offered()
        ],
        "aspects": [
            {"key": aspect.key, "label": text.label}
            for aspect in Aspect.objects.filter(archived_at=None).prefetch_related("texts")
            for text in aspect.texts.all()
            if text.language == language
        ],
        "terms": [
            {"key": row.key, "term": text.term, "definition": text.definition, "also_called": text.also_called}
            for row in GlossaryTerm.objects.filter(archived_at=None).prefetch_related("texts")
            for text in row.texts.all()
            if text.language == language
        ],
        "helplines": entries(language),
        "site": {
            **site.said(language),
            "places": site.places,
            "help_phone": site.help_phone.as_national if site.help_phone else "",
            "help_phone_tel": site.help_phone.as_e164 if site.help_phone else "",
            "email": site.email,
            "sample": site.sample,
        },
    }


def _level(level: LevelOfCare, language: str) -> dict[str, Any]:
    text = level.text(language)
    return {
        "slug": level.slug,
        "asam_codes": level.asam_codes,
        "asam_edition": level.asam_edition,
        "week": level.week or [],
        "name": text.name,
        "short_name": text.short_name,
        "also_called": text.also_called,
        "summary": text.summary,
    }


def public_paths(published: Published) -> list[str]:
    """Return the address of every page that is the same for everyone, the crisis page first; comparisons by choice."""
    names = ("guides:crisis", "home", "guides:index", "guides:glossary", "guides:compare_index")
    paths = [address(name, published.language) for name in names]
    paths += [guide["path"] for guide in published.guides.values()]
    paths += [level["url"] for level in published.all_levels()]
    return [path for path in dict.fromkeys(paths) if path]


class Published:
    """The published site in one language, read once. What is given stands in the place of what is published."""

    def __init__(
        self,
        language: str,
        reference: dict[str, Any] | None = None,
        *,
        guides: dict[str, dict[str, Any]] | None = None,
    ):
        self.language = language
        if reference is None:
            row = Reference.objects.filter(language=language).first()
            reference = row.document if row else EMPTY
        self.reference = reference
        self.levels = {level["slug"]: level for level in reference["levels"]}
        self.site = reference["site"]
        self.helplines = told(reference, language)
        if guides is None:
            rows = Publication.objects.shown(timezone.now()).filter(language=language)
            rows = rows.order_by("order", "key").values(*FIELDS)
            guides = {row["key"]: row for row in rows}
        self.guides = guides

    def href(self, link: str) -> str | None:
        """Return where a link leads; None if it leads nowhere that the public can see. An outside link is itself."""
        found = html.inside(link)
        if found is None:
            return link
        kind, key = found
        if kind == "guide":
            return self.guides[key]["path"] if key in self.guides else None
        if kind == "level":
            return address("guides:level", self.language, key) if key in self.levels else None
        if kind == "compare":
            return self.compare_path(key.split("/"))
        if kind in ("glossary", "crisis"):
            page = address(f"guides:{kind}", self.language)
            return f"{page}#{key}" if key else page
        if kind == "file":
            takeaway = self.takeaway(key)
            return takeaway["url"] if takeaway else None
        if kind in settings.GUIDE_DESTINATIONS_OF_ONE:
            return address(settings.GUIDE_DESTINATIONS_OF_ONE[kind], self.language, key)
        return address(settings.GUIDE_DESTINATIONS[kind], self.language)

    def compare_path(self, slugs: list[str]) -> str | None:
        """Return the page that compares these levels, None for fewer than two known ones."""
        known = [slug for slug in slugs if slug in self.levels]
        if len(known) < 2 or len(known) != len(slugs):
            return None
        return address("guides:compare", self.language, *known[:2], *(["/".join(known[2:])] if known[2:] else []))

    def rich(self, text: str) -> SafeString:
        """Return cleaned rich text with its links resolved and its tables framed, safe to put into a page."""
        with override(self.language):
            label = gettext("Table")
        return mark_safe(html.framed(html.resolved(text, self.href), label))  # noqa: S308 - it was sanitised just now

    @cached_property
    def files(self) -> dict[str, StoredFile]:
        """The library, asked for once and only by pages that show something of it."""
        return {row.key: row for row in StoredFile.objects.without_bytes()}

    def picture(self, key: str) -> dict[str, Any] | None:
        """Return how a picture is shown: ``{"src", "width", "height", "alt", "sources": [{"type", "srcset"}]}``."""
        row = self.files.get(key)
        if row is None or not row.width or not row.height:
            return None
        sizes = pictures.widths(row.width)
        kinds = pictures.suffixes(row.suffix)
        addresses = {kind: [f"{file_path(key, width, kind)} {width}w" for width in sizes] for kind in kinds}
        widest = sizes[-1]
        return {
            "src": file_path(key, widest, kinds[-1]),
            "width": widest,
            "height": round(row.height * widest / row.width),
            "alt": row.alt(self.language),
            "sources": [{"type": f"image/{kind}", "srcset": ", ".join(addresses[kind])} for kind in kinds[:-1]],
            "srcset": ", ".join(addresses[kinds[-1]]),
        }

    def takeaway(self, key: str) -> dict[str, Any] | None:
        """Return a PDF to take along: ``{"url", "size"}``, the size in bytes."""
        row = self.files.get(key)
        return {"url": file_path(key, None, row.suffix), "size": row.size} if row else None

    def comparison(self, slugs: list[str], aspects: list[str] | str = "all") -> dict[str, Any]:
        """Return ``{"columns": [level], "rows": [{"key", "label", "cells": [{"level", "html", "short"}]}]}``."""
        columns = [self.level(slug) for slug in slugs if slug in self.levels]
        known = {aspect["key"]: aspect for aspect in self.reference["aspects"]}
        keys = list(known) if aspects == "all" else [key for key in aspects if key in known]
        rows = [
            {
                **known[key],
                "cells": [
                    {
                        "level": column,
                        "html": self.rich(column["facts"].get(key, "")),
                        # Facts published before there were short forms have none.
                        "short": column.get("short_facts", {}).get(key, ""),
                    }
                    for column in columns
                ],
            }
            for key in keys
        ]
        brief = bool(rows) and all(cell["short"] for row in rows for cell in row["cells"])
        return {"columns": columns, "rows": rows, "brief": brief}

    def level(self, slug: str) -> dict[str, Any]:
        """Return a level with the address of its page, its place from the lightest, and its cairn: a stone for each
        place, all alike in ``stones``, the last one marked in ``marked``.

        Raises KeyError for one that is not published.
        """
        place = list(self.levels).index(slug) + 1
        url = address("guides:level", self.language, slug)
        stones, marked = cairn(place, here=False), cairn(place)
        return {**self.levels[slug], "url": url, "place": place, "stones": stones, "marked": marked}

    def brief(self, slug: str) -> list[dict[str, str]]:
        """The short facts of a level that stand at the head of its pages: ``[{"key", "label", "text"}]``."""
        said = self.levels[slug].get("short_facts", {})
        labels = {aspect["key"]: aspect["label"] for aspect in self.reference["aspects"]}
        keys = [key for key in AT_THE_HEAD if key in said and key in labels]
        return [{"key": key, "label": labels[key], "text": said[key]} for key in keys]

    def week(self, slug: str) -> WeekPicture | None:
        """What a week at a level can look like; None where nobody has told."""
        told = self._told(slug)
        with override(self.language):
            return week(told.hours, live_in=told.live_in) if told.live_in or told.hours else None

    def _told(self, slug: str) -> Week:
        try:
            return week_of(self.levels.get(slug, {}).get("week", []))
        except BadWeek:
            return Week(False, ())

    def drawing(self, key: str) -> dict[str, Any]:
        """What a drawing is made of: ``{"week"}``, ``{"day"}`` or ``{"down": [level]}``; {} where nobody has told."""
        if key == "step-down":
            down = [self.level(slug) for slug in STEPS_DOWN if slug in self.levels]
            hills = [stretch(place, len(down), falls=True) for place in range(len(down))]
            steps = [
                {**level, "hill": hill, "x": place * STRETCH_WIDTH // 2}
                for place, (level, hill) in enumerate(zip(down, hills, strict=True))
            ]
            return {"down": steps, "width": len(down) * STRETCH_WIDTH // 2} if steps else {}
        if key == "residential-day":
            hours = [(each.start, each.end) for each in self._told("residential").hours if each.day == MIDWEEK]
            with override(self.language):
                return {"day": day(hours)} if hours else {}
        shown = self.week("iop") if key == "iop-week" else None
        return {"week": shown} if shown else {}

    def beside(self, slug: str) -> dict[str, Any]:
        """The comparison of a level with the one lighter and the one of more support."""
        slugs = list(self.levels)
        place = slugs.index(slug)
        return self.comparison(slugs[max(place - 1, 0) : place + 2], [*AT_THE_HEAD, "daily_life"])

    def all_levels(self) -> list[dict[str, Any]]:
        return [self.level(slug) for slug in self.levels]

    def sections(self) -> list[dict[str, Any]]:
        """Return the parts of the site that have a published guide, in order, each with its guides.

        With a guide about a level comes the cairn of that level, as ``stones``.
        """
        found = []
        for key, label in Guide.Section.choices:
            guides = [self._with_stones(guide) for guide in self.guides.values() if guide["section"] == key]
            if guides:
                found.append({"key": key, "label": label, "guides": guides})
        return found

    def _with_stones(self, guide: dict[str, Any]) -> dict[str, Any]:
        return {**guide, "stones": self.level(guide["level"])["stones"] if guide["level"] in self.levels else ()}

    def destinations(self) -> dict[str, str | None]:
        """Return where the next steps lead: assessment, directory, help, crisis, and this app's own lists."""
        own = {"guides": "guides:index", "glossary": "guides:glossary", "compare": "guides:compare_index"}
        names = {**settings.GUIDE_DESTINATIONS, **own, "search": "guides:search"}
        return {key: address(name, self.language) for key, name in names.items()}
