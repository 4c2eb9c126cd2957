"""What the admin pages of this app share."""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from guides.admin.rows import KeepsRows
from guides.workflow import actions

# Read before the editors: gives the style elements that they make the page's nonce, which the strict policy asks for.
EDITOR_MEDIA = Media(js=["guides/styles_with_nonce.js", "guides/editing.js"], css={"all": ["guides/editing.css"]})


class WithEditors(admin.ModelAdmin[Any]):
    """A change form with rich text: its import map and styles carry the nonce of the request."""

    @method_decorator(csp_update({"style-src": [NONCE]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        response: Any = super().render_change_form(request, context, *args, **kwargs)
        media = EDITOR_MEDIA + response.context_data["media"]
        response.context_data["media"] = Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        return response


class KeptAdmin(KeepsRows, WithEditors):
    """Rows that also come from files, and that the public sees only once they are published."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_here = True
        super().save_model(request, obj, form, change)
        link = reverse("admin:guides_reference_changelist")
        words = _("Saved as a draft. Visitors see it once it is published.")
        text = format_html('{} <a href="{}">{}</a>', words, link, _("Review changes and publish"))
        self.message_user(request, text, messages.INFO)


class ArchivedFilter(admin.SimpleListFilter):
    """Archived rows are out of the way until somebody asks for them."""

    title = gettext_lazy("archived")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("archived")), ("all", gettext_lazy("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield {**first, "display": gettext_lazy("not archived")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "yes")


class ArchivedAdmin(KeptAdmin):
    """Kept rows that can be archived."""

    list_filter = [ArchivedFilter]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Links of guides and rules of questionnaires name a row by its key: it stays what it was."""
        return [name for name in ("slug", "key") if obj and hasattr(obj, name)]

    def set_archived(self, request: HttpRequest, row: Any, archived: bool) -> None:
        actions.set_archived(row, archived, by=request.user, now=timezone.now())  # type: ignore[arg-type]
