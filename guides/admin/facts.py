"""The grid of facts: every level beside the others, one language at a time, saved together or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from csp.constants import NONCE
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_prose_editor.widgets import importmap
from js_asset import Media

from guides import row_history
from guides.admin.common import EDITOR_MEDIA
from guides.admin.rows import KeepsRows
from guides.forms.blocks import EDITOR_STYLES, RICH
from guides.forms.grid import MOST_SHORT, Cell, Grid
from guides.models import Language, LevelFact
from privacy.models import User

GRID_MEDIA = EDITOR_MEDIA + Media(importmap=importmap, css={"all": EDITOR_STYLES}, js=["guides/grid.js"])


@admin.register(LevelFact)
class FactAdmin(KeepsRows):
    """One page instead of a list and a form for each cell."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        fact = self.get_object(request, object_id)
        where = f"?language={fact.language}#{fact.level.slug}.{fact.aspect.key}" if fact else ""
        return HttpResponseRedirect(reverse("admin:guides_levelfact_changelist") + where)

    @method_decorator(csp_update({"style-src": [NONCE]}))
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("language", "")
        language = asked if asked in Language.values else Language.EN.value
        if request.method == "POST":
            return self._save(request, language)
        return self._show(request, Grid.now(language))

    def _save(self, request: HttpRequest, language: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        typed = request.POST.dict()
        user: Any = request.user
        with transaction.atomic():
            # Two who save at once wait for each other here, so that the second is told.
            list(LevelFact.objects.select_for_update().filter(language=language).values_list("pk"))
            grid = Grid.now(language, typed)
            if not grid.check(typed):
                return self._show(request, grid)
            changed = [cell for cell in grid.cells() if cell.changed]
            for cell in changed:
                self.log_change(request, save_cell(cell, language, by=user, now=timezone.now()), "Changed in the grid.")
        count = len(changed)
        said = ngettext("%(count)s cell is saved as a draft.", "%(count)s cells are saved as a draft.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(f"{request.path}?language={language}")

    def _show(self, request: HttpRequest, grid: Grid) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Facts of levels"),
            "grid": grid,
            "languages": Language.choices,
            "errors": [cell for cell in grid.cells() if cell.error],
            "may_change": self.has_change_permission(request),
            "most": MOST_SHORT,
            "rich": RICH["block"],
            "media": Media.from_media(GRID_MEDIA, nonce=str(request.csp_nonce)),  # type: ignore[attr-defined]
        }
        status = 422 if context["errors"] else 200
        return TemplateResponse(request, "guides/admin/grid.html", context, status=status)


def save_cell(cell: Cell, language: str, *, by: User, now: datetime) -> LevelFact:
    """Write one cell, with what it said before in its history."""
    if cell.fact:
        row_history.keep_first(cell.fact, now=now)
    fact, _made = LevelFact.objects.update_or_create(
        level=cell.level,
        aspect=cell.aspect,
        language=language,
        defaults={"short": cell.short, "html": cell.text, "changed_here": True},
    )
    row_history.keep(fact, by=by, now=now)
    return fact
