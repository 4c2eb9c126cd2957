"""The way of a draft through review, and comments on it, on its change form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guides.content.drafts import named_line
from guides.content.labels import KINDS
from guides.models import Comment, GuideEdition
from guides.workflow import stages
from guides.workflow.moves import PUBLISH, possible


def move_labels() -> dict[str, str]:
    return {
        "withdraw": _("Back to draft"),
        "approve": _("Approve"),
        "send_back": _("Ask for changes"),
        "schedule": _("Schedule"),
        "unschedule": _("Do not publish by itself"),
    }


def moved_labels() -> dict[str, str]:
    return {
        "submit": _("Submitted for review"),
        "withdraw": _("Taken back to draft"),
        "approve": _("Approved"),
        "send_back": _("Changes asked for"),
        "schedule": _("Scheduled"),
        "unschedule": _("Schedule canceled"),
    }


BOXES = {
    "send_back": ("move_note",),
    "approve": ("read", "comments_stay", "labels_stay"),
    "schedule": ("move_at", "behind"),
    "_expire": ("expire_at",),
    "_comment": ("comment_text", "comment_block"),
}
"""The boxes that stand at a button, and go with no other one."""
TICKS = ("read", "comments_stay", "labels_stay", "behind")
EVERY_BOX = [name for names in BOXES.values() for name in names]


def boxes_in(request: HttpRequest) -> dict[str, str]:
    """What stands in the boxes of buttons: name of the box → words. What a comment is about is nothing without one."""
    typed = {name: value[:2000] for name in EVERY_BOX if (value := "\n".join(request.POST.getlist(name)).strip())}
    if "_move" not in request.POST or getattr(request, "words_saved", False):
        # A tick is for one press, of which it is kept where that was refused, and for the words that were read.
        typed = {name: value for name, value in typed.items() if name not in TICKS}
    if "comment_text" not in typed:
        typed.pop("comment_block", None)
    return typed


def held(request: HttpRequest, edition: GuideEdition) -> dict[str, str]:
    """What stood in those boxes when the page was last sent, and is not sent itself."""
    return dict(request.session.get(_key(edition), {}))


def hold_typed(request: HttpRequest, edition: GuideEdition) -> None:
    """Keep what stands in the boxes of buttons: it is shown there again until its own button was pressed."""
    typed = boxes_in(request)
    if typed or _key(edition) in request.session:
        request.session[_key(edition)] = typed


def let_go(request: HttpRequest, edition: GuideEdition, button: str) -> None:
    """The button was pressed and did what it says: its boxes are empty."""
    typed = held(request, edition)
    left = {name: words for name, words in typed.items() if name not in BOXES.get(button, ())}
    if left != typed:
        request.session[_key(edition)] = left


def not_sent(request: HttpRequest, edition: GuideEdition) -> list[str]:
    """A sentence for each box whose words nobody else gets to read before its own button is pressed."""
    typed = held(request, edition)
    said = []
    if typed.get("comment_text"):
        said.append(_("Your comment is not sent yet. Press “Add comment” to send it."))
    if typed.get("move_note") and request.POST.get("_move") != "approve":  # that one was refused, with the reason
        said.append(_("“What should change” is not sent yet. Press “Ask for changes” to send it."))
    return said


def _key(edition: GuideEdition) -> str:
    return f"typed-{edition.pk}"


class CommentForm(forms.Form):
    """A comment on a block, or on the whole draft."""

    text = forms.CharField(max_length=2000)
    block = forms.CharField(max_length=16, required=False)


class MovesDrafts(admin.ModelAdmin[GuideEdition]):
    """Buttons for the moves that the person may make, and a list of comments below the form."""

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "guides_guideedition"
        own = [
            path("<int:pk>/comment/", view(require_POST(self.comment)), name=f"{name}_comment"),
            path("<int:pk>/comment/<int:comment>/", view(require_POST(self.resolve)), name=f"{name}_resolve"),
        ]
        return own + super().get_urls()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        edition: GuideEdition | None = context.get("original")
        user: Any = request.user
        if edition:
            wrote, permissions = stages.wrote(edition, user), stages.permissions_of(user)
            moves = possible(edition.stage, permissions, wrote=wrote)
            labels = move_labels()
            options = context["adminform"].form.options
            files = dict([*options.pictures, *options.documents])
            lines = {
                block["id"]: (place, named_line(block, files) or str(KINDS[block["type"]]))
                for place, block in enumerate(edition.blocks, start=1)
            }
            comments = list(edition.comments.select_related("by", "resolved_by"))
            for comment in comments:
                comment.place, comment.line = lines.get(comment.block, (0, ""))  # type: ignore[attr-defined]
            changes = list(edition.stage_changes.select_related("by")[:12])
            kept = getattr(context.get("kept_shown"), "kept", None) or {}
            typed = boxes_in(request) if request.method == "POST" else kept.get("boxes", held(request, edition))
            context |= {
                "typed": {name: typed.get(name, "") for name in EVERY_BOX},
                "moves": moves,
                "move_buttons": [(name, labels[name]) for name in moves if name in labels],
                "own_text": wrote,
                "zone": timezone.localtime().tzname(),
                "stages": GuideEdition.Stage.choices,
                "stage_history": [(moved_labels().get(change.move, change.move), change) for change in changes],
                "last_change": next(iter(changes), None),
                "approval": next((change for change in changes if change.move == "approve"), None),
                "comments": comments,
                "open_comments": sum(comment.resolved_at is None for comment in comments),
                "block_lines": [(name, f"{place}. {line}") for name, (place, line) in lines.items()],
            }
        else:
            context["moves"] = []
        return super().render_change_form(request, context, *args, **kwargs)

    def answer_move(self, request: HttpRequest, edition: GuideEdition) -> HttpResponse | None:
        """Make the move that was pressed; None if none was. A refusal is a sentence, and the text is saved."""
        page = reverse("admin:guides_guideedition_change", args=[edition.pk])
        here = HttpResponseRedirect(f"{page}#content-start")  # where the message is
        user: Any = request.user
        if "_expire" in request.POST:
            if not user.has_perm(PUBLISH):
                raise PermissionDenied
            try:
                stages.set_end(edition, _moment(request.POST.get("expire_at", "")), now=timezone.now())
            except stages.NotNow as refused:
                self._refuse(request, str(refused))
            else:
                let_go(request, edition, "_expire")
                self.message_user(request, _("Saved."), messages.SUCCESS)
            return here
        if "_comment" in request.POST:  # where no script sends it by itself
            self._add_comment(request, edition)
            return self._at_comments(edition.pk)
        name = request.POST.get("_move", "")
        if name not in {"submit", *move_labels()}:
            return None
        note = request.POST.get("move_note", "")[:500] if name == "send_back" else ""
        at = _moment(request.POST.get("move_at", ""))
        if name == "approve" and request.POST.get("move_note", "").strip():
            # Who wrote what should change would think that the author reads it.
            self._refuse(
                request,
                _("Not approved yet. “What should change” is not empty: press “Ask for changes”, or empty it first."),
            )
            return here
        said = {tick: tick in request.POST for tick in TICKS if tick != "labels_stay"}
        stay = request.POST.getlist("labels_stay")
        try:
            stages.make_move(edition, name, by=user, now=timezone.now(), note=note, at=at, labels_stay=stay, **said)
        except stages.NotNow as refused:
            self._refuse(request, str(refused))
            return here
        let_go(request, edition, name)
        self.log_change(request, edition, f"Stage: {edition.stage}.")
        done = _("The draft is now: %(stage)s.") % {"stage": edition.get_stage_display()}
        self.message_user(request, done, messages.SUCCESS)
        return here

    def _refuse(self, request: HttpRequest, why: str) -> None:
        """Say why not, and that words were saved with it where some were."""
        saved = [_("Your text is saved.")] if getattr(request, "words_saved", False) else []
        self.message_user(request, " ".join([*saved, why]), messages.ERROR)

    def comment(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._add_comment(request, self._commentable(request, pk))
        return self._at_comments(pk)

    def _add_comment(self, request: HttpRequest, edition: GuideEdition) -> None:
        form = CommentForm(
            {"text": request.POST.get("comment_text", ""), "block": request.POST.get("comment_block", "")}
        )
        user: Any = request.user
        if form.is_valid():
            Comment.objects.create(edition=edition, **form.cleaned_data, by=user, at=timezone.now())
            let_go(request, edition, "_comment")
        else:
            self.message_user(request, _("Write a comment of at most 2,000 letters, then send it."), messages.ERROR)

    def resolve(self, request: HttpRequest, pk: int, comment: int) -> HttpResponse:
        """Resolve an open comment, or open a resolved one again."""
        row = get_object_or_404(Comment, pk=comment, edition=self._commentable(request, pk))
        opening = row.resolved_at is not None
        row.resolved_at = None if opening else timezone.now()
        row.resolved_by = None if opening else request.user  # type: ignore[assignment]
        row.save(update_fields=["resolved_at", "resolved_by"])
        return self._at_comments(pk)

    def _commentable(self, request: HttpRequest, pk: int) -> GuideEdition:
        edition = get_object_or_404(GuideEdition, pk=pk)
        if not self.has_change_permission(request, edition):
            raise PermissionDenied
        return edition

    def _at_comments(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:guides_guideedition_change", args=[pk]) + "#comments")


def _moment(value: str) -> datetime | None:
    """Return the moment that a browser's field for day and time sends, None for what is none."""
    try:
        found: datetime | None = forms.DateTimeField(required=False).clean(value)
        return found and found.astimezone(UTC)
    except (ValidationError, OverflowError):  # the last hours of the calendar are over in UTC
        return None
