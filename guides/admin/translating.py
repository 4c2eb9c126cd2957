"""Writing a guide beside the same guide in the other language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guides.admin.history import compared
from guides.content.documents import Block
from guides.content.drafts import paired, thin, unwritten, with_structure
from guides.models import GuideEdition, Language
from guides.workflow import translating

BESIDE = "translate"


class TranslatesDrafts(admin.ModelAdmin[GuideEdition]):
    """With ``?translate`` each block stands beside that of the other language, and what changed there since."""

    def answer_follow(self, request: HttpRequest, edition: GuideEdition) -> HttpResponse | None:
        """After the save note that the edition follows the original as it is now; with ``structure`` copy what it
        lacks instead. None if neither was pressed.
        """
        wish = request.POST.get("_follow", "")
        original, user = translating.original_of(edition), request.user
        if original is None or wish not in ("same", "structure"):
            return None
        now: Any = timezone.now()
        if wish == "structure":
            translating.copy_structure(edition, original, by=user, now=now)  # type: ignore[arg-type]
            self.message_user(request, _("The missing blocks are there, without words. Write them."), messages.SUCCESS)
        else:
            self._note_followed(request, edition, original)
        return HttpResponseRedirect(f"{reverse('admin:guides_guideedition_change', args=[edition.pk])}?{BESIDE}")

    def _note_followed(self, request: HttpRequest, edition: GuideEdition, original: GuideEdition) -> None:
        user: Any = request.user
        try:
            translating.mark_followed(edition, original, by=user, now=timezone.now(), less="less" in request.POST)
        except translating.StillUnwritten as refused:
            text = ngettext(
                "%(count)s block is missing or nearly empty. Write it, save, then press “Both say the same now”.",
                "%(count)s blocks are missing or nearly empty. Write them, save, then press “Both say the same now”.",
                refused.blocks,
            )
            self.message_user(request, text % {"count": refused.blocks}, messages.ERROR)
        except translating.SaysLess as refused:
            place, here, there = refused.blocks[0]
            text = _(
                "Not noted yet. Block %(place)d has %(here)d words here and %(there)d there. "
                "Write what is missing, or check that it is shorter here on purpose, and press again."
            )
            self.message_user(request, text % {"place": place, "here": here, "there": there}, messages.ERROR)
        else:
            self.message_user(request, _("Noted: this text says what the other language says now."), messages.SUCCESS)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new translation begins with an empty block for each block of what it translates."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        original = self._to_translate(request)
        return initial | {"blocks": with_structure([], original.blocks)} if original else initial

    def _to_translate(self, request: HttpRequest) -> GuideEdition | None:
        """The edition that a new one, for a guide and a language in the address, is written beside."""
        guide, language = request.GET.get("guide", ""), request.GET.get("language", "")
        if not (guide.isdecimal() and len(guide) < 12 and language in Language.values):
            return None
        return GuideEdition.objects.filter(guide_id=guide).exclude(language=language).first()

    def _show_new(self, request: HttpRequest, context: dict[str, Any]) -> None:
        original = self._to_translate(request)
        if original is None:
            return
        form = context["adminform"].form
        for name in ("guide", "language"):  # the address has chosen them
            form.fields[name].widget = HiddenInput()
        widget = form.fields["blocks"].widget
        widget.originals = paired(with_structure([], original.blocks), original.blocks)
        widget.original_language = original.language
        context |= {"translating": True, "other_edition": original}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        edition: GuideEdition | None = context.get("original")
        original = translating.original_of(edition) if edition else None
        if edition is None:
            self._show_new(request, context)
        if edition and original:
            context["is_behind"] = translating.is_behind(edition, original)
            context["other_edition"] = original
            if BESIDE in request.GET:
                form = context["adminform"].form
                blocks = form["blocks"].value() if not form.is_bound else edition.blocks
                widget = form.fields["blocks"].widget
                widget.originals = paired(blocks, original.blocks)
                widget.original_language = original.language
                short = thin(edition.blocks, original.blocks)
                since = compared(edition.follows.document, original.document()) if edition.follows else []
                widget.changed = _at_cards(since, widget.originals, original.blocks)
                context |= {
                    "translating": True,
                    "missing": len(original.blocks) - len(widget.originals),
                    "thin_places": ", ".join(str(place) for place, _here, _there in short),
                    "thin": short,
                    "all_written": bool(edition.blocks) and not unwritten(edition.blocks, original.blocks),
                    "since": since,
                    "never_compared": edition.follows is None,
                }
        return super().render_change_form(request, context, *args, **kwargs)


def _at_cards(since: list[dict[str, Any]], originals: dict[str, Block], blocks: list[Block]) -> set[str]:
    """Lead each change of a block to the card that says it here; return the names of these cards."""
    cards = {original["id"]: name for name, original in originals.items()}
    for change in since:
        there = blocks[change["place"] - 1] if change["place"] and not change["gone"] else None
        change["card"] = cards.get(there["id"], "") if there else ""
    return {change["card"] for change in since} - {""}
