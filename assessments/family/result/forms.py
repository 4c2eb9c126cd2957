"""The questions that matter most, together on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from assessments.engine.definition import Definition, Language, Question, Voice
from assessments.engine.signs import dangers_of
from assessments.engine.walk import Answers
from assessments.family.forms import QuestionForm
from ui.forms import Form


class OpenForm(Form):
    """A field for each of these questions, named by its key. `answers()` gives what the engine takes."""

    def __init__(
        self,
        definition: Definition,
        questions: Sequence[Question],
        language: Language,
        voice: Voice,
        *args: Any,
        answers: Answers | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {
            question.key: QuestionForm(
                question, language, voice, dangers=dangers_of(definition, question), answers=answers
            )
            for question in questions
        }
        for key, form in self.asked.items():
            self.fields[key] = form.fields["answer"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key in [key for key in self.asked if key in cleaned]:
            form = self.asked[key]
            form.cleaned_data = {"answer": cleaned[key]}
            try:
                cleaned[key] = form.clean_answer()
            except forms.ValidationError as error:
                self.add_error(key, error)
        return cleaned

    def answers(self) -> dict[str, str | list[str]]:
        return {key: self.cleaned_data[key] for key in self.asked}
