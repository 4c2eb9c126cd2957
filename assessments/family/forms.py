"""One question as a form."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.engine.definition import NOT_SURE, Language, Question, Voice
from assessments.engine.walk import Answers
from ui.forms import Form, HintedRadios, tick


class StartForm(Form):
    """Who the answers are about. The key is of the form as it was opened: pressed twice, it begins once."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)

    voice = forms.ChoiceField(
        label=_("Who is this for?"),
        choices=[("loved", _("Someone I love")), ("me", _("Me"))],
        widget=HintedRadios(
            {
                "loved": _("The questions are about the person you love. Answer what you know or have seen."),
                "me": _("The questions are about you."),
            }
        ),
        error_messages={"required": _("Choose “Me” or “Someone I love”.")},
    )
    is_shared_device = tick(
        _("Other people use this phone or computer"),
        help_text=_("Then we keep nothing here after you close the browser. We delete your answers after 1 hour."),
    )

    def clean_key(self) -> uuid.UUID | None:
        with suppress(ValueError):
            return uuid.UUID(self.cleaned_data["key"])
        return None


class QuestionForm(Form):
    """The choices of one question, and "not sure". `answer()` gives what the engine takes."""

    asks_by_heading = True
    alone = {"": _("“None of these”"), NOT_SURE: _("“Not sure”")}
    question = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        asked: Question,
        language: Language,
        voice: Voice,
        *args: Any,
        dangers: Collection[str] = (),
        answers: Answers | None = None,
        **kwargs: Any,
    ) -> None:
        """`dangers` are the choices that a safety rule asks for: beside one of them a contradiction is dropped, as the
        crisis page does not wait for it. `dropped` says which words were, for the page to tell. `answers` are those
        that words may follow.
        """
        super().__init__(*args, **kwargs)
        self.asked, self.dangers = asked, dangers
        self.dropped: list[str] = []
        choices = [(choice.key, choice.text.say(language, voice, answers)) for choice in asked.choices]
        unsure = (NOT_SURE, _("Not sure"))
        label = asked.text.say(language, voice, answers)
        told = asked.help.say(language, voice, answers) if asked.help else ""
        hints = [told] if told else []
        if not asked.is_many:
            self.fields["answer"] = forms.ChoiceField(
                label=label,
                help_text=" ".join(hints),
                choices=[*choices, unsure],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose one answer. You can choose “Not sure”."),
                    "invalid_choice": _("Choose one of the answers on this page."),
                },
            )
        else:
            self.fields["answer"] = forms.MultipleChoiceField(
                label=label,
                help_text=" ".join([*hints, gettext("Check all that apply.")]),
                choices=[*choices, ("", _("None of these")), unsure],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": _("Check all that apply, or choose “None of these” or “Not sure”."),
                    "invalid_choice": _("Choose from the answers on this page."),
                },
            )

    def clean_answer(self) -> str | list[str]:
        given = self.cleaned_data["answer"]
        if isinstance(given, str):
            return given
        if set(given) & set(self.dangers):
            self.dropped = [str(words) for key, words in self.alone.items() if key in given]
            return [key for key in given if key not in self.alone]
        for key, words in self.alone.items():
            if key in given and len(given) > 1:
                raise forms.ValidationError(
                    _("%(choice)s cannot go with another answer. Uncheck one of them."), params={"choice": words}
                )
        if given == [NOT_SURE]:
            return NOT_SURE
        return [key for key in given if key]
