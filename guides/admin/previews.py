"""The preview of a draft: on a page of its own, beside the form, and by a link for somebody without an account."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from guides.models import GuideEdition, Language
from guides.workflow import open_drafts, previews


class ShowsPreview(admin.ModelAdmin[GuideEdition]):
    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "guides_guideedition"
        own = [
            path("<int:pk>/preview/", view(self.preview), name=f"{name}_preview"),
            path("<int:pk>/share/", view(require_POST(self.share)), name=f"{name}_share"),
        ]
        return own + super().get_urls()

    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as the public would see it; with ``?beside`` as it is typed, where that was kept."""
        edition = get_object_or_404(GuideEdition.objects.select_related("guide"), pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        if "beside" in request.GET:
            typed, page = open_drafts.kept_texts(edition, request.user), request.GET["beside"]  # type: ignore[arg-type]
            kept = (typed.filter(page=page) if page else typed).first()  # of the other language: what was typed last
            if kept:
                open_drafts.put_back(edition, kept)
        headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
        return HttpResponse(previews.draft_page(edition), headers=headers)

    def share(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link to the saved draft, or end all there are."""
        edition, now = get_object_or_404(GuideEdition, pk=pk), timezone.now()
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        if "end" in request.POST:
            previews.revoke(edition, now=now)
            self.message_user(request, _("The links no longer work."), messages.SUCCESS)
        else:
            token = previews.share(edition, by=request.user, now=now)  # type: ignore[arg-type]
            address = settings.BASE_URL + reverse("guides:draft", args=[token])
            until = date_format(timezone.localtime(now + previews.LASTS), "DATETIME_FORMAT")
            words = _(
                "This link shows the saved draft to anyone who has it (until %(until)s). Copy it now: we do not keep "
                "it, so it is shown only once."
            )
            copy = format_html(
                '<button type="button" class="button" data-copy="draft-link" data-done="{}" hidden>{}</button>',
                _("Copied"),
                _("Copy the link"),
            )
            link = format_html('<a id="draft-link" href="{}">{}</a>', address, address)
            text = format_html("{} {} {}", words % {"until": until}, link, copy)
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:guides_guideedition_change", args=[pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        edition: GuideEdition | None = context.get("original")
        if edition:
            sides = [edition, *(other for other in edition.guide.editions.all() if other.pk != edition.pk)]
            written = {side.language for side in sides}
            to_write = [(code, label) for code, label in Language.choices if code not in written]
            context |= {"sides": sides, "siblings": sides[1:], "to_write": to_write}
            context["shared"] = edition.preview_links.filter(expires_at__gt=timezone.now()).count()
        return super().render_change_form(request, context, *args, **kwargs)
