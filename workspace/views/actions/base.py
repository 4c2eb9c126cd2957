"""What every button of the workspace does the same way: parse its form, call one action, answer."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Generic, TypedDict, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats, timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.http import require_POST

from privacy.fields import blind_index
from referral.actions.common import (
    Actor,
    Again,
    CannotMerge,
    CannotSend,
    Ended,
    Mismatch,
    NoRole,
    NotCovered,
    NotYours,
    OutsideHours,
    Stale,
    Unread,
    Unsafe,
    WantsNothing,
    has_done,
)
from referral.actions.consents import MayNotSign, WithdrawnSince
from referral.actions.effects import Changed, Effect
from referral.actions.replies import TellsWho
from referral.lifecycle import Refused
from referral.models import Consent, FollowUp, Placement, Referral, Task
from referral.refusals import sentence
from referral.timeline import for_staff, who
from workspace.forms import UNKNOWN, ConfirmedForm, VersionForm
from workspace.views.confirming import confirm
from workspace.views.guard import staff_required, visible, worker
from workspace.views.one_referral import page
from workspace.views.refusing import refused

REFUSED = (
    Stale,
    Ended,
    Unread,
    NoRole,
    Refused,
    NotCovered,
    CannotSend,
    CannotMerge,
    Mismatch,
    MayNotSign,
    WithdrawnSince,
    TellsWho,
    WantsNothing,
    OutsideHours,
    Unsafe,
)
MOST_TOLD = 4  # of what others changed meanwhile
R = TypeVar("R")
Data = Mapping[str, Any]  # the cleaned values of a form


class By(TypedDict):
    """Who acts, when, and the version of the referral that their page showed: an action takes them by these names."""

    actor: Actor
    now: datetime
    seen: int


@method_decorator([require_POST, staff_required], name="dispatch")
class StaffAction(View, ABC, Generic[R]):
    """One button: `form_class` is what it sends, `act` calls its action, `success_message` says that it is done.

    Its key is that of the referral, or of the row of `model` that it stands on.
    """

    name: ClassVar[str]
    form_class: ClassVar[type[VersionForm]] = VersionForm
    model: ClassVar[type[Placement | FollowUp | Task | Consent] | None] = None
    message: ClassVar[str | Promise] = _("Done.")

    @abstractmethod
    def act(self, key: int, data: Data, by: By) -> R:
        """Call the action."""

    def success_message(self, result: R) -> str | Promise:
        return self.message

    def post(self, request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
        self.key = self._found(pk, row)
        self.form_name = self.name if self.model is None else f"{self.model._meta.model_name}-{row}-{self.name}"
        self.form = self.form_class(request.POST, auto_id=f"{self.form_name}_%s")
        try:
            referral = self.opened(pk)
        except Http404:
            return self._lost()
        if "back" in request.POST:
            return self._again(referral, status=200)
        if not self.form.is_valid():
            return self.show(referral, status=422)
        data = self.form.cleaned_data
        try:
            actor = Actor.of(worker(request), press=self._press())
            return self.answer(referral, data, By(actor=actor, now=timezone.now(), seen=data["version"]))
        except REFUSED as error:
            self.form.add_error(None, sentence(error))
            stale = isinstance(error, Stale)
        except NotYours:
            return self._lost()
        try:
            referral = self.opened(pk)
        except Http404:
            return self._lost()
        for said in [*_meanwhile(referral, data["version"]), *self.against(referral)] if stale else ():
            self.form.add_error(None, said)
        return self._again(referral, status=409)

    def against(self, referral: Referral) -> list[str]:
        """Where what was typed differs from what stands there by now, in sentences."""
        return []

    def opened(self, pk: int) -> Referral:
        """The referral, where this member of staff may press the button; else Http404."""
        return visible(self.request, pk)

    def answer(self, referral: Referral, data: Data, by: By) -> HttpResponse:
        """Act, say so, and go on to where the referral can be seen."""
        result: R | None = None
        with suppress(Again):  # a second press is answered as the first, whose result is not known any more
            result = self.act(self.key, data, by)
        messages.success(self.request, str(self.message if result is None else self.success_message(result)))
        if Referral.objects.visible_to(worker(self.request)).filter(pk=referral.pk).exists():
            return redirect("workspace:referral", referral.pk)
        return redirect("workspace:queue")

    def _found(self, pk: int, row: int | None) -> int:
        """The key of what the button stands on, or 404."""
        get_object_or_404(Referral, pk=pk)
        if self.model is None:
            return pk
        found: int = get_object_or_404(self.model, pk=row, referral=pk).pk
        return found

    def _press(self) -> str:
        """What tells this press from every other: the button, the page that it was made on, and all that was typed.

        It is written down beside what it did, and words may be in it: so a keyed hash.
        """
        if self.form.cleaned_data["version"] == UNKNOWN:
            return ""
        typed = [(field, self.request.POST.getlist(field)) for field in self.form.fields]
        return blind_index(json.dumps([self.form_name, typed]), purpose="press")[:32]

    def _again(self, referral: Referral, *, status: int) -> HttpResponse:
        """The page with the form as it was typed, and the version that it shows now, so that a second press works."""
        typed = self.request.POST.copy()
        typed["version"] = str(referral.version)
        self.form.data = typed
        return self.show(referral, status=status)

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        """The page that the button stands on, with the form as it was typed."""
        return page(self.request, referral, status=status, bound={self.form_name: self.form})

    def _lost(self) -> HttpResponse:
        """Somebody else has it now. What was typed is shown once more, so that it can be passed on."""
        hidden = {"csrfmiddlewaretoken", "version"}
        typed = [value for name, value in self.request.POST.items() if name not in hidden and str(value).strip()]
        messages.warning(self.request, sentence(NotYours()))
        return refused(self.request, "workspace/lost.html", {"typed": typed}, 409)


def _meanwhile(referral: Referral, seen: int) -> list[str]:
    """Who has changed what since the version that was seen: each change has its line. The last few, newest first."""
    number = min(max(referral.version - seen, 0), MOST_TOLD)
    lines = referral.timeline.select_related("actor").order_by("-pk")[:number]
    return [
        gettext("%(who)s at %(at)s: %(what)s") % {"who": who(line), "at": _clock(line.at), "what": for_staff(line)}
        for line in lines
    ]


def _clock(at: datetime) -> str:
    """The time of day; with the day, where that is another than today."""
    local = timezone.localtime(at)
    return formats.date_format(
        local, "TIME_FORMAT" if local.date() == timezone.localdate() else "SHORT_DATETIME_FORMAT"
    )


class ConfirmedAction(StaffAction[R]):
    """A button whose effect is shown first, and must be confirmed as it was shown."""

    form_class = ConfirmedForm

    @abstractmethod
    def preview(self, key: int, data: Data, by: By) -> Effect | None:
        """What would happen; None where nothing needs to be confirmed."""

    def answer(self, referral: Referral, data: Data, by: By) -> HttpResponse:
        confirmed = bool(data["shown"])
        if not confirmed and not has_done(referral, by["actor"]):
            if by["seen"] != referral.version:
                raise Stale
            if effect := self.preview(self.key, data, by):
                return confirm(self.request, referral, self.form, effect, self.name, changed=False, status=200)
        try:
            return super().answer(referral, data, by)
        except (Stale, Changed):
            effect = self.preview(self.key, data, by) if confirmed else None
            if effect is None:
                raise
            referral = visible(self.request, referral.pk)
            return confirm(self.request, referral, self.form, effect, self.name, changed=True, status=409)
