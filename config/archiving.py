"""What is published, or named elsewhere, is never deleted: it is archived, and can come back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class KeepsWhatIsNamed(admin.ModelAdmin[Any]):
    """Refuses to delete what an admin's `why_kept(row)` gives a sentence for, alone, in bulk or by cascade.

    An admin with `set_archived(request, row, archived)` has a button and list actions for it, the button where its
    `may_archive(request, row)` says so; where `archive_says(row)` has a sentence, it is read before.
    `archived_instead(row)` names the row that is archived in place of another.
    """

    def _reason(self, row: Any) -> str:
        asked = getattr(self, "why_kept", None)
        return str(asked(row)) if asked else ""

    @property
    def _archives(self) -> bool:
        return hasattr(self, "set_archived")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and self._reason(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        reasons = [
            format_html("{}: {} {}", row, reason, self.archive_way(request, row))
            for row in objs
            if (reason := self._reason(row))
        ]
        return found, counts, set() if reasons else forbidden, [*reasons, *protected]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is not None and self.has_view_permission(request, row) and (reason := self._reason(row)):
            text = format_html("{} {}", reason, self.archive_way(request, row))
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(self._page_of(row))
        return super().delete_view(request, object_id, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = context.get("original")
        if row is not None and self.has_change_permission(request, row):
            has_button = self._archives and self._may_archive(request, row)
            if reason := self._reason(row):
                context["why_kept"] = format_html("{} {}", reason, "" if has_button else self.archive_way(request, row))
            if has_button:
                context["archive_url"] = reverse(self._name("archive"), args=[row.pk])
                asked = None if row.archived_at else getattr(self, "archive_says", None)
                context["archive_says"] = asked(row) if asked else ""
        return super().render_change_form(request, context, *args, **kwargs)

    # --- archiving ------------------------------------------------------------------------------------------------

    def _may_archive(self, request: HttpRequest, row: Any) -> bool:
        asked = getattr(self, "may_archive", None)
        return self.has_change_permission(request, row) and (asked is None or bool(asked(request, row)))

    def archive_way(self, request: HttpRequest, row: Any) -> SafeString | str:
        """A link to the button that archives a row in place of deleting it, or who may press it."""
        asked = getattr(self, "archived_instead", None)
        instead = asked(row) if asked else row if self._archives else None
        if instead is None or instead.archived_at:
            return ""
        page: Any = self.admin_site.get_model_admin(type(instead))
        if not page._may_archive(request, instead):
            return _("Someone who may publish can archive it.")
        return format_html('<a href="{}#archive">{}</a>', page._page_of(instead), _("Go to the Archive button"))

    def get_urls(self) -> list[URLPattern]:
        if not self._archives:
            return super().get_urls()
        view, name = self.admin_site.admin_view(self.archive_view), self._name("archive").removeprefix("admin:")
        return [path("<path:object_id>/archive/", view, name=name), *super().get_urls()]

    def archive_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST archives a row, or brings an archived one back."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if request.method == "POST":
            self._set_archived(request, [row], archived=row.archived_at is None)
        return HttpResponseRedirect(self._page_of(row))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if self._archives and self.has_change_permission(request):
            for name, words in (("archive_rows", gettext_lazy("Archive")), ("restore_rows", gettext_lazy("Restore"))):
                actions[name] = (getattr(type(self), name), name, words)
        return actions

    def archive_rows(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._set_archived(request, list(queryset.filter(archived_at=None)), archived=True)

    def restore_rows(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._set_archived(request, list(queryset.exclude(archived_at=None)), archived=False)

    def _set_archived(self, request: HttpRequest, rows: list[Any], *, archived: bool) -> None:
        for row in rows:
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            try:
                self.set_archived(request, row, archived)  # type: ignore[attr-defined]
            except PermissionDenied as refused:
                self.message_user(request, f"{row}: {refused}", messages.ERROR)
                continue
            self.log_change(request, row, "Archived." if archived else "Restored from the archive.")
            sentence = (
                _("“%(row)s” is archived. It can be restored at any time.") if archived else _("“%(row)s” is restored.")
            )
            self.message_user(request, sentence % {"row": row}, messages.SUCCESS)

    def _name(self, page: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _page_of(self, row: Any) -> str:
        return reverse(self._name("change"), args=[row.pk])
