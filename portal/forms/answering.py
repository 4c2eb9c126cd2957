"""Answers given through a link: a family's to a check-in, a program's to a request."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.models import FollowUp
from ui.forms import CompactForm, Form, words


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
    # No list of words knows every way to say it.
    danger = forms.BooleanField(label=_("Someone may die or be badly hurt today"), required=False)


class QuestionForm(CompactForm):
    """What a program wants to know before it answers."""

    word = words(
        _("Your question"),
        missing=_("Please write your question first."),
        max_length=1000,
        rows=2,
    )
