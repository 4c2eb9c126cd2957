"""Levels, facts, words and site details, and the page that publishes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guides.admin.common import ArchivedAdmin, KeptAdmin
from guides.content.differences import words
from guides.content.html import plain
from guides.models import (
    Aspect,
    AspectText,
    GlossaryTerm,
    GlossaryText,
    Language,
    LevelFact,
    LevelOfCare,
    LevelText,
    Person,
    PersonText,
    Reference,
    SiteDetails,
    SiteText,
    Synonym,
)
from guides.publishing.helplines import uncalled
from guides.publishing.published import EMPTY, reference_of
from guides.row_history import labels_of
from guides.workflow import actions, deletion
from guides.workflow.calling import Uncalled, uncalled_words
from guides.workflow.moves import PUBLISH
from ui.admin import ReadOnly


def texts_inline(model: Any, **values: Any) -> type[admin.StackedInline[Any, Any]]:
    """Return an inline with one form for each language, beside each other."""
    most = {"extra": 0, "min_num": len(Language.values), "max_num": len(Language.values), "classes": ["side-by-side"]}
    return type(f"{model.__name__}Inline", (admin.StackedInline,), {"model": model, **most, **values})


class FactInline(admin.StackedInline[LevelFact, LevelOfCare]):
    model = LevelFact
    extra = 0
    # So that English and Spanish of one aspect stand beside each other.
    ordering = ["aspect__order", "language"]
    classes = ["side-by-side"]


@admin.register(LevelOfCare)
class LevelAdmin(ArchivedAdmin):
    why_kept = staticmethod(deletion.level_kept)
    list_display = ["__str__", "order", "slug", "codes"]
    inlines = [texts_inline(LevelText), FactInline]

    @admin.display(description=gettext_lazy("ASAM codes"))
    def codes(self, level: LevelOfCare) -> str:
        return ", ".join(level.asam_codes)


@admin.register(Aspect)
class AspectAdmin(ArchivedAdmin):
    why_kept = staticmethod(deletion.aspect_kept)
    list_display = ["__str__", "order", "key"]
    inlines = [texts_inline(AspectText)]


@admin.register(GlossaryTerm)
class TermAdmin(ArchivedAdmin):
    why_kept = staticmethod(deletion.term_kept)
    list_display = ["__str__", "order", "key"]
    search_fields = ["key", "texts__term", "texts__definition"]
    inlines = [texts_inline(GlossaryText)]


@admin.register(Person)
class PersonAdmin(ArchivedAdmin):
    why_kept = staticmethod(deletion.person_kept)
    list_display = ["name", "sample", "key"]
    inlines = [texts_inline(PersonText)]


@admin.register(Synonym)
class SynonymAdmin(KeptAdmin):
    list_display = ["__str__", "language", "key"]
    list_filter = ["language"]


@admin.register(SiteDetails)
class SiteAdmin(KeptAdmin):
    inlines = [texts_inline(SiteText)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SiteDetails.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Reference)
class ReferenceAdmin(ReadOnly, admin.ModelAdmin[Reference]):
    """One page instead of a list: what would change for visitors, and the button that publishes it."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = {row.language: row for row in Reference.objects.select_related("published_by")}
        numbers = uncalled(next((row.document for row in rows.values()), {}))
        in_words = _uncalled_words(rows)
        apart = one_sided(rows)
        if request.method == "POST":
            new = [*(line.tel for line in numbers), *(each.dials for each in in_words)]
            return self._publish(request, new, [each.mark for each in apart])
        languages = [
            {"label": label, "row": rows.get(code), "changes": facts_changed(rows.get(code), code)}
            for code, label in Language.choices
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("Published facts"),
            "opts": self.opts,
            "languages": languages,
            "uncalled": numbers,
            "uncalled_words": in_words,
            "one_sided": apart,
            "changed": any(language["changes"] for language in languages),
            "may_publish": request.user.has_perm(PUBLISH),
        }
        return TemplateResponse(request, "guides/admin/facts.html", context)

    def _publish(self, request: HttpRequest, uncalled: list[str], apart: list[str]) -> HttpResponse:
        """Publish; what nobody has called or compared goes out only if the publisher was asked about this one."""
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        here = HttpResponseRedirect(reverse("admin:guides_reference_changelist"))
        if not set(uncalled) <= set(request.POST.getlist("uncalled")):
            said = _("Nothing is published yet. Call the new number first, or check the box beside it.")
            self.message_user(request, said, messages.ERROR)
            return here
        if not set(apart) <= set(request.POST.getlist("stays")):
            said = _("Nothing is published yet. Change the other language too, or check the box beside it.")
            self.message_user(request, said, messages.ERROR)
            return here
        actions.publish_reference(by=request.user, now=timezone.now())  # type: ignore[arg-type]
        self.message_user(request, _("Published. Every page that shows these facts was made again."))
        return here


def _uncalled_words(rows: dict[str, Reference]) -> list[Uncalled]:
    """The numbers that the words of the facts would give for the first time; helplines are asked about by row."""
    public = [text for row in rows.values() for _name, text in _flat(row.document).values()]
    new = (
        each
        for code in Language.values
        for path, each in _flat(reference_of(code)).items()
        if not path.startswith("helpline/") and path != "site/help_phone_tel"
    )
    return uncalled_words(public, new, Language.EN)


@dataclass(frozen=True)
class OneSided:
    """A text of the facts that was changed in one place alone, and what stands where it is said, too: in the other
    language, or in full beside the few words."""

    name: str
    where: str
    text: str
    numbers_differ: bool
    mark: str  # of exactly these words: no box checked for others lets them through


def one_sided(rows: dict[str, Reference]) -> list[OneSided]:
    """Return the texts that would go out with something new in one place, and nothing new where it is said, too."""
    if len(rows) < len(Language.values):
        return []
    before = {code: _flat(rows[code].document) for code in Language.values}
    after = {code: _flat(reference_of(code)) for code in Language.values}
    return [
        found
        for code in Language.values
        for path, entry in after[code].items()
        if before[code].get(path) != entry
        for language, place in _said_too(code, path)
        if (still := after[language].get(place)) and still == before[language].get(place)
        if (found := _apart(path, entry, language, place, still))
    ]


def _said_too(code: str, path: str) -> Iterator[tuple[str, str]]:
    """Where the same is said: (language, path) in each other language, and in full beside the few words."""
    yield from ((other, path) for other in Language.values if other != code)
    if beside := _beside(path):
        yield code, beside


def _apart(path: str, entry: tuple[str, str], language: str, place: str, still: tuple[str, str]) -> OneSided | None:
    """What is said elsewhere; in few words and in full of one language only where both give numbers that differ."""
    (name, text), (called, said) = entry, still
    differ = not _numbers(text) <= _numbers(said)
    if place != path and not (differ and _numbers(said)):
        return None
    label = str(Language(language).label)
    mark = hashlib.sha256(json.dumps([path, place, text, said]).encode()).hexdigest()[:16]
    return OneSided(name, label if place == path else f"{label}, {called}", said, differ, mark)


def _beside(path: str) -> str:
    """Where a fact stands in full, of one in a few words, and the other way round; nothing for all else."""
    full, few = "/facts/", "/short_facts/"
    return path.replace(few, full) if few in path else path.replace(full, few) if full in path else ""


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


def facts_changed(row: Reference | None, language: str) -> list[dict[str, Any]]:
    """Return what differs between the published facts and the rows now: ``{"name", "pieces"}`` each."""
    documents = row.document if row else EMPTY, reference_of(language)
    before, after = (dict(_flat(document).values()) for document in documents)
    orders = [_in_order(document) for document in documents]
    for name in orders[0]:
        both = set(orders[0][name]) & set(orders[1][name])  # what came or went is told as such
        before[name], after[name] = ("\n".join(each for each in order[name] if each in both) for order in orders)
    changed = [name for name in dict.fromkeys([*after, *before]) if before.get(name, "") != after.get(name, "")]
    gone = _gone(*documents, helplines="key", levels="slug")
    come = _gone(*reversed(documents), helplines="key")
    whole = tuple(f"{each['name']}: " for each in (*gone, *come))
    told = [
        {"name": name, "pieces": words(before.get(name, ""), after.get(name, ""))}
        for name in changed
        if not name.startswith(whole)
    ]
    off = [{"name": _("Taken off: %(name)s") % each, "pieces": [], "note": _shown_in(each)} for each in gone]
    return (
        off + [{"name": _("Added: %(name)s") % each, "pieces": words("", _in_one_line(each))} for each in come] + told
    )


def _shown_in(row: dict[str, Any]) -> str:
    """Which guides name a helpline or a level that goes."""
    titles = deletion.named_by(f"helpline:{row['key']}" if "key" in row else f"level:{row['slug']}")
    return _("It goes from these guides, too: %(titles)s.") % {"titles": ", ".join(titles)} if titles else ""


def _gone(before: dict[str, Any], after: dict[str, Any], **kinds: str) -> list[dict[str, Any]]:
    """The rows of these kinds, by what tells them apart, that go: each is told in one line."""
    return [
        row
        for kind, key in kinds.items()
        for row in before.get(kind, ())
        if row[key] not in {each[key] for each in after.get(kind, ())}
    ]


def _in_one_line(line: dict[str, Any]) -> str:
    """What a helpline is called at, and how it helps."""
    sms = line["sms"] and _("number to text") + f" {line['sms']} {line['word']}".rstrip()
    return " · ".join(filter(None, (line["number"], sms, line["how"])))


def _flat(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return every value of the facts, by a path that is the same in each language: (name for editors, text)."""
    labels = {aspect["key"]: aspect["label"] for aspect in document["aspects"]}
    row, term_name, site, few = _("Aspect"), _("Word"), _("Site"), _("in a few words")
    of_levels, of_lines, of_site = (labels_of(kind) for kind in ("levels", "helplines", "site"))
    flat = {f"aspect/{key}": (f"{row} {key}", label) for key, label in labels.items()}
    for level in document["levels"]:
        at, name = f"level/{level['slug']}", level["name"]
        for key, value in level.items():
            if key in ("facts", "short_facts"):
                kind = "" if key == "facts" else f" ({few})"
                flat |= {
                    f"{at}/{key}/{aspect}": (f"{name}: {labels.get(aspect, aspect)}{kind}", plain(text))
                    for aspect, text in value.items()
                }
            else:
                flat[f"{at}/{key}"] = (f"{name}: {of_levels.get(key, key)}", _said(value))
    for term in document["terms"]:
        said = "\n".join([plain(term["definition"]), *term["also_called"]])
        flat[f"term/{term['key']}"] = (f"{term_name} {term['term']} ({term['key']})", said)
    for line in document.get("helplines", ()):
        for key, value in line.items():
            label = f"{line['name']}: {of_lines.get(key, key)}"
            flat[f"helpline/{line['key']}/{key}"] = (label, _said(value))
    for key, value in document["site"].items():
        label = of_lines["tel"] if key == "help_phone_tel" else of_site.get(key, key)
        flat[f"site/{key}"] = (f"{site}: {label}", _said(value))
    return flat


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _in_order(document: dict[str, Any]) -> dict[str, list[str]]:
    """Return what the facts are about, a list for each kind: for a change that is in the order alone."""
    kinds = (
        (_("Order of the levels"), "levels", "name", "slug"),
        (_("Order of the aspects"), "aspects", "label", "key"),
        (_("Order of the words"), "terms", "term", "key"),
        (_("Order of the helplines"), "helplines", "name", "key"),
    )
    return {title: [f"{row[name]} ({row[key]})" for row in document.get(kind, ())] for title, kind, name, key in kinds}
