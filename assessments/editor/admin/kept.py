"""What is kept of answers and shared, to look at: when, until when and whether it was opened. Never whose, nor what.

Nothing here leads to a response: whoever sees a link and a referral cannot tell that both are one family's. A tally is
told in tens, as on the page of counts. Who opened one of these pages is written down.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.editor.counts import about
from assessments.models import ReturnCode, ReturnLink, SharedResult, Tally
from privacy.actions import record_access
from ui.admin import ReadOnly


class KeptAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Rows that only families' own actions write."""

    def get_fields(self, _request: HttpRequest, _obj: Any = None) -> Any:
        return self.list_display

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_permission(request, found):
            subject = f"{found._meta.model_name}:{found.pk}"
            record_access(
                actor=request.user,  # type: ignore[arg-type]
                subject=subject,
                action="viewed",
                purpose="admin",
                now=timezone.now(),
            )
        return found


@admin.register(ReturnCode)
class ReturnCodeAdmin(KeptAdmin):
    list_display = ["created_at", "valid_until"]
    date_hierarchy = "created_at"
    list_select_related = ["response"]

    @admin.display(description=_("valid until"))
    def valid_until(self, code: ReturnCode) -> Any:
        return code.response.expires_at

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Without the answers: nothing is decrypted to show when a code ends."""
        return super().get_queryset(request).defer("response__answers", "response__determination")


@admin.register(ReturnLink)
class ReturnLinkAdmin(KeptAdmin):
    list_display = ["created_at", "expires_at", "revoked_at"]
    date_hierarchy = "created_at"


@admin.register(SharedResult)
class SharedResultAdmin(KeptAdmin):
    list_display = ["created_at", "expires_at", "revoked_at", "with_answers", "opened_at", "last_opened_at"]
    list_filter = ["with_answers"]
    date_hierarchy = "created_at"


@admin.register(Tally)
class TallyAdmin(KeptAdmin):
    list_display = ["version", "question", "seen_about", "not_sure_about", "left_about", "widened_about"]
    list_filter = ["version"]
    list_select_related = ["version__questionnaire"]

    @admin.display(description=_("seen"))
    def seen_about(self, tally: Tally) -> str:
        return told(tally.seen)

    @admin.display(description=_("not sure"))
    def not_sure_about(self, tally: Tally) -> str:
        return told(tally.not_sure)

    @admin.display(description=_("left here"))
    def left_about(self, tally: Tally) -> str:
        return told(tally.left)

    @admin.display(description=_("left the result open"))
    def widened_about(self, tally: Tally) -> str:
        return told(tally.widened)


def told(number: int) -> str:
    """A number in tens, or that it is small."""
    return str(about(number) or _("under 10"))
