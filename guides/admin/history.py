"""The versions of a draft: who, when, why; what changed between any two; the whole or one block brought back."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guides.admin.stages import moved_labels
from guides.content.differences import changes, still_there, words
from guides.content.documents import Document
from guides.content.drafts import named_line
from guides.content.labels import DRAWINGS, KINDS, TONES
from guides.forms.options import Options
from guides.models import Guide, GuideEdition, Revision, Source
from guides.workflow import actions

SHOWN = 200  # versions in a list
KEYED = ("levels", "aspects", "lines", "picture", "document", "to", "tone", "drawing")
"""The cells of blocks that hold keys."""
LABELS = {**TONES, **DRAWINGS}


class ShowsHistory(admin.ModelAdmin[GuideEdition]):
    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "guides_guideedition"
        own = [
            path("<int:pk>/versions/", view(self.versions), name=f"{name}_versions"),
            path("<int:pk>/versions/<int:revision>/", view(self.version), name=f"{name}_version"),
        ]
        return own + super().get_urls()

    def _edition(self, request: HttpRequest, pk: int) -> GuideEdition:
        edition = get_object_or_404(GuideEdition.objects.select_related("guide"), pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def versions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every version that was kept, newest first."""
        edition = self._edition(request, pk)
        chosen = [pk for pk in request.GET.getlist("version") if pk.isdecimal() and len(pk) < 12]
        if len(chosen) == 2:
            older, newer = sorted(map(int, chosen))
            page = reverse("admin:guides_guideedition_version", args=[edition.pk, older])
            return HttpResponseRedirect(f"{page}?with={newer}#between")
        if request.GET:
            self.message_user(request, _("Check two versions, then press “Compare”."), messages.ERROR)
        return self._respond(request, "guides/admin/versions.html", edition, {"events": _events(edition)})

    def version(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """What changed between a version and another, or the draft; POST brings it, or one block of it, back."""
        edition = self._edition(request, pk)
        row = get_object_or_404(edition.revisions.select_related("by", "edition"), pk=revision)
        if request.method == "POST":
            return self._bring_back(request, edition, row)
        asked = request.GET.get("with", "")
        other = edition.revisions.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 12 else None
        before = edition.revisions.filter(pk__lt=row.pk).first()
        draft = edition.document()
        called = _called()
        kept = still_there(row.document["blocks"], draft["blocks"])
        context = {
            "revision": row,
            "other": other,
            "others": [each for each in _listed(edition) if each.pk != row.pk],
            "between": compared(row.document, other.document) if other else [],
            "made": compared(before.document if before else None, row.document),
            "since": compared(row.document, draft),
            "blocks": [
                {
                    "place": place,
                    "kind": KINDS[block["type"]],
                    "line": named_line(block, called),
                    "same": same,
                }
                for place, (block, same) in enumerate(zip(row.document["blocks"], kept, strict=True), start=1)
            ],
        }
        return self._respond(request, "guides/admin/version.html", edition, context)

    def _bring_back(self, request: HttpRequest, edition: GuideEdition, row: Revision) -> HttpResponse:
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        user: Any = request.user
        asked = request.POST.get("block", "")
        if asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= len(row.document["blocks"]):
            actions.restore_block(row, int(asked), by=user, now=timezone.now())
            self.log_change(request, edition, f"Restored block {asked} of revision {row.pk}.")
            self.message_user(request, _("That block is in the draft again."), messages.SUCCESS)
        else:
            actions.restore(row, by=user, now=timezone.now())
            self.log_change(request, edition, f"Restored revision {row.pk}.")
            self.message_user(request, _("That version is the draft again. Visitors see it once you publish it."))
        return HttpResponseRedirect(reverse("admin:guides_guideedition_change", args=[edition.pk]))

    def _respond(
        self, request: HttpRequest, template: str, edition: GuideEdition, extra: dict[str, Any]
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "edition": edition, "title": str(edition)}
        return TemplateResponse(request, template, context | extra)


class Event(NamedTuple):
    """A line of the history. `pk` is that of the version, None for a move that kept none."""

    at: datetime
    what: str
    by: Any
    note: str
    pk: int | None
    changed: str = ""


def _events(edition: GuideEdition) -> list[Event]:
    """Versions and moves through review, the newest first."""
    labels = moved_labels()
    rows = list(edition.revisions.select_related("by")[: SHOWN + 1])
    kept = [
        Event(
            row.at,
            row.get_reason_display(),
            row.by,
            row.note,
            row.pk,
            in_short(old.document if old else None, row.document),
        )
        for row, old in zip_longest(rows, rows[1:])
    ][:SHOWN]
    moves = edition.stage_changes.select_related("by")[:SHOWN]
    moved = [Event(row.at, labels[row.move], row.by, row.note, None) for row in moves if row.move in labels]
    return sorted([*kept, *moved], key=lambda event: event.at, reverse=True)


def in_short(before: Document | None, after: Document) -> str:
    """Return what a version changed, on one line: its fields by name, its blocks by their places."""
    if before is None:
        return ""
    names = {"title": _("Title"), "summary": _("Summary"), "slug": _("Address")}
    said = [label for name, label in names.items() if before[name] != after[name]]
    old, new = ([json.dumps(block, sort_keys=True) for block in each["blocks"]] for each in (before, after))
    left, fresh = Counter(old), []
    for place, block in enumerate(new, start=1):
        if left[block]:
            left[block] -= 1
        else:
            fresh.append(place)
    said += [_("Block %(place)s") % {"place": place} for place in fresh]
    if (gone := left.total() - len(fresh)) > 0:
        said.append(ngettext("%(count)d block removed", "%(count)d blocks removed", gone) % {"count": gone})
    if not said and old != new:
        said.append(_("order of the blocks"))
    return ", ".join(map(str, said))


def _listed(edition: GuideEdition) -> list[Revision]:
    return list(edition.revisions.select_related("by").defer("document")[:SHOWN])


def compared(before: Document | None, after: Document) -> list[dict[str, Any]]:
    """Return the changes as the templates show them, with the names that editors know."""
    empty: Document = {"title": "", "summary": "", "slug": "", "blocks": []}
    names = {"title": _("Title"), "summary": _("Summary"), "slug": _("Address")}
    kinds = {"added": _("added"), "removed": _("taken out"), "changed": _("changed"), "moved": _("moved")}
    called = _called()
    return [
        {
            "name": names.get(change.name) or str(KINDS[change.name]),
            "kind": change.kind,
            "what": kinds[change.kind],
            "place": change.place,
            "gone": change.kind == "removed",
            "pieces": change.pieces,
        }
        for change in changes(_with_names(before or empty, called), _with_names(after, called))
    ]


def about_compared(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is said differently about a guide: who answers for it, when it is due, where it stands."""
    names = {field.name: str(getattr(field, "verbose_name", "")) for field in Guide._meta.get_fields()}
    names["sources"] = str(Source._meta.verbose_name_plural)
    return [
        {
            "name": capfirst(names.get(name, name)),
            "kind": "changed",
            "what": _("changed"),
            "pieces": words(*(_about_line(name, each) for each in (before.get(name), value))),
        }
        for name, value in after.items()
        if before.get(name) != value
    ]


def _about_line(name: str, value: Any) -> str:
    """A person, a list of sources, a day or a word, as one text."""
    if isinstance(value, list):
        return "\n".join(_about_line(name, each) for each in value)
    if isinstance(value, dict):
        return ", ".join(each for each in value.values() if isinstance(each, str) and each)
    if value and name in ("last_reviewed", "review_due"):
        return date_format(date.fromisoformat(value))
    return str(value or "")


def _called() -> dict[str, str]:
    """What everything is called that a block may name by a key, and each link inside the site."""
    options = Options.now("es" if (get_language() or "").startswith("es") else "en")
    lists = (options.levels, options.aspects, options.helplines, options.pictures, options.documents, options.links())
    return {key: name for entries in lists for key, name in entries} | {
        name: str(label) for name, label in LABELS.items()
    }


def _with_names(document: Document, called: dict[str, str]) -> Document:
    """Return a document to be read: with names where its blocks hold keys."""
    blocks = [{name: _read(value, name, called) for name, value in block.items()} for block in document["blocks"]]
    return {**document, "blocks": blocks}


def _read(value: Any, cell: str, called: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _read(inner, name, called) for name, inner in value.items()}
    if isinstance(value, list):
        return [_read(each, cell, called) for each in value]
    if cell in KEYED:
        return called.get(value, value)
    if isinstance(value, str) and "<a href=" in value:
        return re.sub(r'<a href="([^"]*)"', lambda link: f'<a href="{escape(called.get(link[1], link[1]))}"', value)
    return value
