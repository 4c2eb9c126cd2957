"""The parts of a draft as forms. A key that is left empty is made from the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from assessments import approvals
from assessments.editor.builder import Vocabulary
from assessments.engine.definition import LANGUAGES, NOT_SURE, VOICES
from assessments.engine.phrases import phrase
from assessments.engine.reading import KEY, KEY_LENGTH
from assessments.models import Choice, Dimension, Draft, FloorRule, Note, Part, Question, Questionnaire, SafetyRule
from assessments.models.draft import WORDS

MADE_KEY_LENGTH = 40


class WordsForm(forms.ModelForm[Any]):
    """A text in two languages and two voices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs = {"rows": 2, "lang": name.removeprefix("help_").removeprefix("ask_")[:2]}

    def saved_now(self, kept: Any) -> list[tuple[str, str]]:
        """What a row says now where this form says something else: (label, words), so that both can be read."""
        values: list[tuple[str, str]] = []
        data: Any = self.data
        for name, field in self.fields.items():
            place = self.add_prefix(name)
            if name == "revision" or not hasattr(kept, name):
                continue
            theirs = getattr(kept, name) or ""
            theirs = "on" if theirs is True else theirs  # as a ticked box is posted
            if isinstance(theirs, list):
                same = data.getlist(place) == theirs
                theirs = ", ".join(str(dict(field.choices).get(one, one)) for one in theirs)  # type: ignore[attr-defined]
            else:
                same = data.get(place, "").replace("\r\n", "\n") == theirs
            if not same:
                display = getattr(kept, f"get_{name}_display", None)
                values.append((str(field.label), str(display() if display else theirs) or "–"))
        return values

    def texts(self) -> list[Any]:
        """The four fields of the text, for the page."""
        return [self[name] for name in WORDS]

    def clean(self) -> dict[str, Any]:
        """Lines end as they do everywhere but in forms."""
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = value.replace("\r\n", "\n")
        return self.cleaned_data


class KeyedForm(WordsForm):
    """Words with a key beside them."""

    taken: frozenset[str] = frozenset()
    stand_in = "part"

    def clean(self) -> dict[str, Any]:
        super().clean()
        key = self.cleaned_data.get("key", "")
        if not key or (key.rpartition("-")[0] == self.stand_in and key == self.instance.key):
            self.cleaned_data["key"] = self._made()
        elif not KEY.fullmatch(key):
            self.add_error("key", ValidationError(_("A key has small letters and digits, joined by - or _.")))
        elif key in self.taken:
            self.add_error("key", ValidationError(_("Another one has this key. Choose a different one.")))
        elif key == NOT_SURE:
            self.add_error("key", ValidationError(_("“not_sure” is always an answer. Choose a different key.")))
        return self.cleaned_data

    def _made(self) -> str:
        words = slugify(self.cleaned_data.get("en_me") or self.cleaned_data.get("es_me") or "")
        words = words[:MADE_KEY_LENGTH].rsplit("-", 1)[0] if len(words) > MADE_KEY_LENGTH else words
        made = words.replace("_", "-").strip("-")
        made = "-".join(filter(None, made.split("-")))
        if made and made not in self.taken:
            return made
        number = 2 if made else len(self.taken) + 1
        while f"{made or self.stand_in}-{number}" in self.taken:
            number += 1
        return f"{made or self.stand_in}-{number}"


class PartForm(KeyedForm):
    """What every part has: its words and its key; and the revision that the admin saw."""

    class Meta:
        model: type[Part] = Dimension
        fields = [*WORDS, "key", "revision"]
        widgets = {"revision": forms.HiddenInput}
        help_texts = {
            "key": _("Names it in exports and comparisons; no one else sees it. Left empty, it is made from the words.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        part: Part = self.instance
        like = type(part)._default_manager.filter(draft=part.draft).exclude(pk=part.pk)
        self.taken = frozenset(like.values_list("key", flat=True))


class DimensionForm(PartForm):
    stand_in = "dimension"


class QuestionForm(PartForm):
    stand_in = "question"

    class Meta(PartForm.Meta):
        model = Question
        fields = [
            *PartForm.Meta.fields,
            "kind",
            "role",
            *(f"help_{name}" for name in WORDS),
            *(f"ask_{name}" for name in WORDS),
        ]

    def __init__(self, *args: Any, before: tuple[str, str] | None = None, **kwargs: Any) -> None:
        """`before` is the question directly before it, as (key, words): the one that it can help with."""
        super().__init__(*args, **kwargs)
        kept = self.instance.helps
        offered = [("", _("Everyone, as “Shows when” says")), *([before] if before else [])]
        if kept and (before is None or kept != before[0]):
            offered.append((kept, f"“{kept}” ?"))
        self.fields["helps"] = forms.ChoiceField(
            label=_("who is asked"),
            required=False,
            choices=offered,
            initial=kept or "",
            help_text=_("A helper is asked only after “Not sure” to the question before it. It must be a fact."),
        )

    def help_texts(self) -> list[Any]:
        """The four fields of the help text, for the page."""
        return [self[f"help_{name}"] for name in WORDS]

    def asks(self) -> list[Any]:
        """The four fields that say who can answer, for the page."""
        return [self[f"ask_{name}"] for name in WORDS]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.instance.has_help = any(self.cleaned_data.get(f"help_{name}") for name in WORDS)
        self.instance.has_ask = any(self.cleaned_data.get(f"ask_{name}") for name in WORDS) or None
        self.instance.helps = self.cleaned_data.get("helps") or None
        return self.cleaned_data


class FloorForm(PartForm):
    stand_in = "floor-rule"

    class Meta(PartForm.Meta):
        model = FloorRule
        fields = [*PartForm.Meta.fields, "level", "first", "source"]
        widgets: dict[str, Any] = {**PartForm.Meta.widgets, "first": forms.CheckboxInput}
        help_texts = {
            **PartForm.Meta.help_texts,
            "source": _("Where the rule comes from, for the clinicians who review it. Families do not see it."),
        }

    def __init__(self, *args: Any, levels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(slug, levels.get(slug, slug)) for slug in self.instance.draft.levels]
        kept = self.instance.level
        if kept and kept not in self.instance.draft.levels:
            offered.append((kept, f"“{kept}” ?"))
        self.fields["level"] = forms.ChoiceField(label=_("at least this level"), choices=offered)


class SafetyForm(PartForm):
    stand_in = "safety-rule"

    class Meta(PartForm.Meta):
        model = SafetyRule
        fields = [*PartForm.Meta.fields, "urgency", "helpline"]


class NoteForm(PartForm):
    stand_in = "note"

    class Meta(PartForm.Meta):
        model = Note


FORMS: dict[str, type[PartForm]] = {
    "dimensions": DimensionForm,
    "questions": QuestionForm,
    "floors": FloorForm,
    "safety": SafetyForm,
    "notes": NoteForm,
}


class ChoiceForm(KeyedForm):
    """An answer, with lines “dimension: degree” (one more than are filled in) and the levels that it speaks for."""

    stand_in = "answer"

    class Meta:
        model = Choice
        fields = [*WORDS, "key"]

    def __init__(
        self,
        *args: Any,
        words: Vocabulary,
        levels: dict[str, str],
        helped: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`helped` are the answers of the question that this one helps with, by key; None where it helps with none."""
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        if helped is not None:
            means = self.instance.means or []
            self.fields["means"] = forms.MultipleChoiceField(
                label=_("leaves possible"),
                required=False,
                choices=[*helped.items(), *((key, f"“{key}” ?") for key in means if key not in helped)],
                initial=means,
                widget=forms.CheckboxSelectMultiple,
            )
        self.instance.rates = dict(self.instance.rates)
        rates = sorted(self.instance.rates.items())
        dimensions = {**{key: f"“{key}” ?" for key, _degree in rates}, **words.dimensions}
        degrees = [(degree, phrase(f"degree-{degree}", words.language)) for degree in range(1, 5)]
        self.lines = max(len(rates) + 1, self._posted_lines())
        for line in range(self.lines):
            key, degree = rates[line] if line < len(rates) else ("", "")
            self.fields[f"rates-{line}"] = forms.ChoiceField(
                label=_("rates"), required=False, choices=[("", "—"), *dimensions.items()], initial=key
            )
            self.fields[f"degree-{line}"] = forms.TypedChoiceField(
                label=_("how much"), required=False, coerce=int, choices=[("", "—"), *degrees], initial=degree
            )
        offered = {**{slug: f"“{slug}” ?" for slug in self.instance.favours}, **levels}
        self.fields["favours"] = forms.MultipleChoiceField(
            label=_("speaks for"),
            required=False,
            choices=list(offered.items()),
            initial=self.instance.favours,
            widget=forms.CheckboxSelectMultiple,
        )
        for name in WORDS:
            said = (self.instance.sign or {}).get(name[:2], {}).get(name[3:], "")
            widget = forms.Textarea(attrs={"rows": 2, "lang": name[:2]})
            self.fields[f"sign_{name}"] = forms.CharField(
                label=self.fields[name].label, required=False, initial=said, widget=widget
            )

    def signs(self) -> list[Any]:
        """The four fields that say what is seen, for the page."""
        return [self[f"sign_{name}"] for name in WORDS]

    def _sign(self) -> dict[str, dict[str, str]] | None:
        said = {name: self.cleaned_data.get(f"sign_{name}", "") for name in WORDS}
        if not any(said.values()):
            return None
        return {language: {voice: said[f"{language}_{voice}"] for voice in VOICES} for language in LANGUAGES}

    def _posted_lines(self) -> int:
        prefix = f"{self.prefix}-rates-"
        return sum(name.startswith(prefix) for name in self.data) if self.is_bound else 0

    def rate_lines(self) -> list[tuple[Any, Any]]:
        """The pairs of fields, for the page."""
        return [(self[f"rates-{line}"], self[f"degree-{line}"]) for line in range(self.lines)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        rates: dict[str, int] = {}
        for line in range(self.lines):
            dimension, degree = self.cleaned_data.get(f"rates-{line}"), self.cleaned_data.get(f"degree-{line}")
            if dimension and not degree:
                self.add_error(f"degree-{line}", ValidationError(_("Say how much this answer rates it.")))
            elif degree and not dimension:
                self.add_error(f"rates-{line}", ValidationError(_("Say which dimension this answer rates.")))
            elif dimension in rates:
                self.add_error(f"rates-{line}", ValidationError(_("This dimension is named twice.")))
            elif dimension:
                rates[dimension] = int(degree or 0)
        self.instance.rates = rates
        self.instance.favours = self.cleaned_data.get("favours", [])
        if "means" in self.fields:
            self.instance.means = self.cleaned_data.get("means") or None
        self.instance.sign = self._sign()
        return self.cleaned_data


class TitleForm(WordsForm):
    """The title, and which levels of care the questionnaire can lead to."""

    class Meta:
        model = Draft
        fields = list(WORDS)

    def __init__(self, *args: Any, levels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {**levels, **{slug: f"“{slug}” ?" for slug in self.instance.levels if slug not in levels}}
        self.fields["levels"] = forms.MultipleChoiceField(
            label=_("levels"),
            choices=list(offered.items()),
            initial=self.instance.levels,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one level.")},
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.instance.levels = self.cleaned_data.get("levels", self.instance.levels)
        return self.cleaned_data


class KeyForm(forms.Form):
    """The key of a new questionnaire."""

    key = forms.CharField(
        label=_("key"),
        max_length=KEY_LENGTH,
        help_text=_("Small letters and digits, joined by -, such as level-of-care. It cannot be changed later."),
    )

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not KEY.fullmatch(key):
            raise ValidationError(_("A key has small letters and digits, joined by - or _."))
        if Questionnaire.objects.filter(key=key).exists():
            raise ValidationError(_("There is a questionnaire with this key. Choose a different one."))
        return key


class ApprovalForm(forms.Form):
    """What a second person has to know before it approves less care than before, or other words of safety."""

    clinician = forms.CharField(
        label=_("clinician who agrees"),
        max_length=200,
        help_text=_("Name, license and its number, such as: Ana Ruiz, LCSW 12345. They take responsibility for this."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Name the clinician who agrees.")},
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=4000,
        min_length=approvals.LEAST_REASON,
        help_text=_("Why this is right for families, and what you rely on. It stays with the version."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why."), "min_length": _("Say why in a whole sentence.")},
    )

    def clean_clinician(self) -> str:
        clinician = str(self.cleaned_data["clinician"])
        if not approvals.names_a_clinician(clinician):
            raise forms.ValidationError(
                _("Write first and last name, and the license with its number: Ana Ruiz, LCSW 12345.")
            )
        return clinician
