"""The trash: what was deleted in the last weeks, by whom, and a button that brings it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from guides import trash
from guides.models import Trashed
from ui.admin import ReadOnly


@admin.register(Trashed)
class TrashAdmin(ReadOnly, admin.ModelAdmin[Trashed]):
    """One page instead of a list and a form for each."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_restore = request.user.has_perm("guides.change_trashed")
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            return self._restore(request)
        context = self.admin_site.each_context(request) | {
            "title": _("Trash"),
            "opts": self.opts,
            "rows": Trashed.objects.select_related("by").defer("entry", "data"),
            "days": trash.KEPT_FOR.days,
            "may_restore": may_restore,
        }
        return TemplateResponse(request, "guides/admin/trash.html", context)

    def _restore(self, request: HttpRequest) -> HttpResponse:
        asked, user = request.POST.get("row", ""), request.user
        kept = get_object_or_404(Trashed, pk=int(asked) if asked.isdecimal() and len(asked) < 12 else 0)
        label = kept.label
        try:
            trash.restore(kept, by=user, now=timezone.now())  # type: ignore[arg-type]
        except trash.CannotRestore as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.message_user(request, _("“%(row)s” is restored.") % {"row": label}, messages.SUCCESS)
        return HttpResponseRedirect(request.path)
