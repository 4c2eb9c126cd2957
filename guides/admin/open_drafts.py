"""The change form of a draft keeps what is typed, and tells who else has it open."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guides.admin.history import compared
from guides.admin.stages import TICKS, boxes_in, held
from guides.content.differences import FIRST, first_words
from guides.content.drafts import without_names
from guides.forms.editions import EditionForm
from guides.models import GuideEdition, KeptText
from guides.workflow import open_drafts

BROWSER = "open_in"  # a cookie: tells a person's browsers apart, also after they signed out, and names none
MARK = re.compile(r"[0-9a-f]{16}")


def _browser(request: HttpRequest) -> str:
    known = request.COOKIES.get(BROWSER, "")
    if not MARK.fullmatch(known):
        known = request.COOKIES[BROWSER] = secrets.token_hex(8)
    return known


def _mark(sent: QueryDict, name: str) -> str:
    """The mark of an opened page that was sent; empty where it is none of ours, which no column need hold."""
    mark = sent.get(name, "")
    return mark if re.fullmatch(r"[\w-]{1,32}", mark) else ""


def _page(request: HttpRequest) -> str:
    return _mark(request.POST, "kept_as")


def _differs(edition: GuideEdition, text: KeptText) -> str:
    """Say in which words a kept text first differs from what the form shows."""
    shown = edition.document()
    kept = {name: text.kept.get(name, words) for name, words in shown.items()}
    found = compared(shown, {**kept, "blocks": without_names(kept["blocks"])})
    comment = text.kept.get("boxes", {}).get("comment_text", "")
    if not found:
        words = Truncator(comment).words(FIRST)
        return _("Your comment: “%(words)s”") % {"words": words} if words else _("It says the same as this page.")
    change = found[0]
    where = change["name"]
    if change["place"]:
        where = _("Block %(place)s, %(name)s") % {"place": change["place"], "name": where}
    gone = next((piece.text for piece in change["pieces"] if piece.mark == "removed"), "")
    if words := first_words(change["pieces"]):
        said = _("%(where)s: “%(words)s”") % {"where": where, "words": words}
    elif gone:
        said = _("%(where)s: “%(words)s” is taken out") % {
            "where": where,
            "words": Truncator(gone.strip()).words(FIRST),
        }
    else:
        said = f"{where}: {change['what']}"
    return " ".join([said, _("Your comment is part of it.")]) if comment else said


def _older(edition: GuideEdition, text: KeptText, by: Any) -> str:
    """Say who saved the page after this text was begun, so that nobody puts back old words unaware."""
    saved = open_drafts.saved_since(edition, text)
    if saved is None:
        return ""
    at = date_format(timezone.localtime(saved.at), "SHORT_DATETIME_FORMAT")
    if saved.by == by:
        return _("You saved this page on %(at)s: this text is older than that.") % {"at": at}
    if saved.by is None:
        return _("This page was saved on %(at)s: this text is older than that.") % {"at": at}
    return _("%(who)s saved this page on %(at)s: this text is older than that.") % {"who": saved.by, "at": at}


class KeepsText(admin.ModelAdmin[GuideEdition]):
    """``…/keep/`` takes the form as it stands, saves nothing of it, and answers in JSON."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/keep/", view(require_POST(self.keep)), name="guides_guideedition_keep"),
            path("<int:pk>/discard/", view(require_POST(self.discard)), name="guides_guideedition_discard"),
        ]
        return own + super().get_urls()

    def keep(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._changeable(request, pk)
        user: Any = request.user
        now = timezone.now()
        said = ""
        if "blocks" in request.POST:
            form = EditionForm(request.POST, instance=edition)
            blocks = form.fields["blocks"]
            typed: dict[str, Any] = {
                name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("title", "slug", "summary")
            }
            typed["blocks"] = blocks.to_python(blocks.widget.value_from_datadict(request.POST, None, "blocks"))
            unsaved = open_drafts.keep_text(
                edition,
                typed,
                boxes=boxes_in(request),
                shown={name: words for name, words in held(request, edition).items() if name not in TICKS},
                by=user,
                page=_page(request),
                seen=request.POST.get("seen", "").replace("\0", ""),
                now=now,
            )
            if unsaved:
                said = _("Kept at %(time)s, not saved yet.") % {"time": time_format(timezone.localtime(now))}
        answer: HttpResponse = JsonResponse({"kept": said, "others": self._others(request, edition)})
        if "left" in request.POST:
            open_drafts.close_page(edition, by=user, browser=_browser(request), now=now)
            answer = HttpResponse(status=204)
        if "blocks" in request.POST and _page(request):
            # It has arrived: the browser need not keep it, too (static/js/kept.js).
            answer.delete_cookie(f"kept-{_page(request)}", samesite="Lax")
        return answer

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._changeable(request, pk)
        open_drafts.drop_text(edition, by=request.user, page=_mark(request.POST, "kept"))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("admin:guides_guideedition_change", args=[pk]))

    def _changeable(self, request: HttpRequest, pk: int) -> GuideEdition:
        edition = get_object_or_404(GuideEdition, pk=pk)
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        return edition

    def _others(self, request: HttpRequest, edition: GuideEdition) -> str:
        user: Any = request.user
        now = timezone.now()
        twice = open_drafts.open_page(edition, by=user, browser=_browser(request), now=now)
        names = open_drafts.others_on_the_page(edition, by=user, now=now)
        sentence = ngettext(
            "%(names)s has this page open too. Agree on who writes, or save often.",
            "%(names)s have this page open too. Agree on who writes, or save often.",
            len(names),
        )
        said = [sentence % {"names": ", ".join(names)}] if names else []
        if twice:
            said.append(_("You have this page open in another browser too. Write in one of them only."))
        return " ".join(said)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> GuideEdition | None:
        """With ``?kept=`` and the mark of a page it opens with the text that was kept of that page, unsaved."""
        edition = super().get_object(request, object_id, from_field)
        if edition and request.method == "GET" and "kept" in request.GET:
            kept = open_drafts.kept_texts(edition, request.user).filter(page=_mark(request.GET, "kept")).first()  # type: ignore[arg-type]
            if kept:
                open_drafts.put_back(edition, kept)
                request.kept_draft = kept  # type: ignore[attr-defined]
        return edition

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        edition: GuideEdition | None = context.get("original")
        if not edition or not self.has_change_permission(request, edition):
            return super().render_change_form(request, context, *args, **kwargs)
        shown = getattr(request, "kept_draft", None)
        if shown:
            context["seen"] = shown.seen
        page = shown.page if shown else _page(request) or secrets.token_hex(8)
        offered = open_drafts.kept_texts(edition, request.user).exclude(page=page)  # type: ignore[arg-type]
        offers = [(text, _differs(edition, text), _older(edition, text, request.user)) for text in offered]
        context |= {"kept_shown": shown, "kept_texts": offers, "kept_as": page}
        context["also_here"] = self._others(request, edition)
        answer = super().render_change_form(request, context, *args, **kwargs)
        answer.set_cookie(
            BROWSER, _browser(request), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        return answer

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user: Any = request.user
        open_drafts.have_saved(form.instance, by=user, page=_page(request), now=timezone.now())
