"""What staff fill in to write to a family or to a program."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging.steering import MOST
from referral.actions.writing import Letter
from referral.snippets import snippets
from ui.forms import CompactForm, one_of, picked, words

WAYS = {"email": _("Email"), "sms": _("Text message")}


class WriteForm(CompactForm):
    """The words, and by which of the `ways` ({channel: address}) they go; `to` is family or program.

    `shown` is the mark of how the message read and when it would go, as the page said; `asked` is the same once
    it was asked about.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    asked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    channel = one_of(_("By"), WAYS.items(), missing=_("Choose how it is sent."))
    snippet = picked(_("Begin with"), (), required=False)
    words = words(_("Message"), missing=_("Write what you want to say."), rows=6, max_length=max(MOST.values()))

    def __init__(self, *args: Any, to: str, ways: Mapping[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["autofocus"] = True
        channel, snippet = self.fields["channel"], self.fields["snippet"]
        channel.choices = [(way, f"{WAYS[way]}: {address}") for way, address in ways.items()]  # type: ignore[attr-defined]
        if len(ways) == 1:
            channel.initial, channel.widget = next(iter(ways)), forms.HiddenInput()
        mine = [each for each in snippets().values() if each.to == to]
        language = get_language() or "en"
        snippet.choices = [("", _("your own words")), *((each.key, each.label[language]) for each in mine)]  # type: ignore[attr-defined]

    def letter(self, key: uuid.UUID) -> Letter:
        """What was typed, also where it is not yet whole."""
        channel, typed = self.data.get("channel", ""), self.data.get("words", "")
        return Letter(key=key, channel=channel if channel in WAYS else "", words=typed[: max(MOST.values())])
