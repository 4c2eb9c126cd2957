"""Answers given through a link: a family's to a check-in, a program's to a request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.models import FollowUp
from referral.reasons import DECLINED, coded
from ui.forms import Form, picked, words


class CheckInForm(Form):
    """One button, and words if there are any."""

    answer = forms.ChoiceField(
        choices=[(each.value, each.label) for each in FollowUp.FAMILY_ANSWERS],
        error_messages={
            "required": _("Select one of the buttons."),
            "invalid_choice": _("Select one of the buttons."),
        },
    )
    text = words(_("Anything to add?"), required=False, max_length=1000, rows=3, hint=True)


class WordForm(Form):
    """A word from a family, for a person here to read."""

    word = words(_("What would you like to tell us?"), max_length=1000, rows=4, hint=True)


class QuestionForm(Form):
    """What a program wants to know before it answers."""

    word = words(
        _("Your question"),
        missing=_("Please write your question first."),
        max_length=1000,
        rows=3,
        hint=True,
    )


class ProgramAnswerForm(Form):
    """Yes, no with a reason, or the waiting list."""

    needed = ("reason",)

    answer = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("waitlist", _("Waitlist")), ("reject", _("Decline"))],
        error_messages={
            "required": _("Select one of the buttons."),
            "invalid_choice": _("Select one of the buttons."),
        },
    )
    reason = picked(_("Reason for declining"), [("", _("Choose a reason")), *DECLINED.items()], required=False)
    more = words(
        _("Anything the navigator should know?"),
        required=False,
        max_length=500,
        rows=3,
        hint=True,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "reject":
            if not data.get("reason"):
                self.add_error("reason", _("Choose the reason, so that the navigator knows where to look next."))
            elif data["reason"] == "other" and not data.get("more"):
                self.add_error("more", _("Write the reason in a few words."))
        return data

    def kept_reason(self) -> str:
        """The reason as it is kept: whoever reads it later has a language of their own."""
        return coded(self.cleaned_data["reason"], self.cleaned_data["more"])
