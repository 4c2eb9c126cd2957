"""The history of a row of content in place of Django's list of saves: what each save changed, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from guides import row_history, trash
from guides.models import KeptText, OpenDraft, RowRevision


class GoesToTrash(admin.ModelAdmin[Any]):
    """What is deleted here lies in the trash for a while."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is named is what a person would miss: not who has the page open. The page tells of the trash."""
        request.trash_days = trash.KEPT_FOR.days  # type: ignore[attr-defined]
        named: tuple[list[Any], dict[str, int], Any, Any] = super().get_deleted_objects(objs, request)
        listed, counts, missing, protected = named
        beside = [model._meta.verbose_name_plural for model in (OpenDraft, KeptText)]
        counts = {name: count for name, count in counts.items() if name not in beside}
        return [each for each in listed if not isinstance(each, list)], counts, missing, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        trash.delete(obj, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        link = format_html('<a href="{}">{}</a>', reverse("admin:guides_trashed_changelist"), _("Trash"))
        days = trash.KEPT_FOR.days
        text = _("It lies in the trash for %(days)s days and can be restored there:") % {"days": days}
        self.message_user(request, format_html("{} {}", text, link), messages.INFO)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)


class KeepsRows(GoesToTrash):
    """Keeps a version of a row with all its texts at every save that changed something."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            row_history.keep_first(obj, now=timezone.now())
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row_history.keep(form.instance, by=request.user, now=timezone.now())  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        found = row_history.versions(row)
        if request.method == "POST":
            return self._restore(request, row, [version.revision for version in found])
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": str(row),
            "row": row,
            "versions": found,
            "may_change": self.has_change_permission(request, row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "guides/admin/row_history.html", context)

    def _restore(self, request: HttpRequest, row: Any, known: list[RowRevision]) -> HttpResponse:
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        asked = request.POST.get("version", "")
        wanted = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
        revision = get_object_or_404(RowRevision, pk=wanted, pk__in=[each.pk for each in known])
        user: Any = request.user
        row_history.restore(row, revision, by=user, now=timezone.now())
        self.log_change(request, row, f"Restored version {revision.pk}.")
        self.message_user(request, _("Restored. Visitors see it once the facts are published."), messages.SUCCESS)
        return HttpResponseRedirect(request.path)
