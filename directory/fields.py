"""A field for a short list of words from a closed list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class WordsField(models.TextField[Any, Any]):
    """A list of keys, in the order of their vocabulary; the empty list says that nothing is known.

    It lies in the database as `` insurance medicare `` so that one word can be asked for in the same way on SQLite
    and PostgreSQL: ``filter(payment__has="medicare")``.
    """

    def __init__(self, *args: Any, vocabulary: type[models.TextChoices] | None = None, **kwargs: Any):
        self.vocabulary = vocabulary
        kwargs["blank"] = True
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # The vocabulary is no part of the column: a new word needs no migration.
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("blank", None)
        return name, path, args, kwargs

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return value.split()
        return list(value or [])

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> list[str]:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str:
        words = self._ordered(self.to_python(value))
        return f" {' '.join(words)} " if words else ""

    def value_to_string(self, obj: models.Model) -> str:
        return " ".join(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if self.vocabulary is None:
            return
        wrong = sorted(set(value) - set(self.vocabulary.values))
        if wrong:
            raise ValidationError(_("“%(word)s” is not in the list."), params={"word": wrong[0]})

    def formfield(self, *_args: Any, **kwargs: Any) -> Any:
        if self.vocabulary is None:
            return super().formfield(**kwargs)
        return forms.MultipleChoiceField(
            choices=self.vocabulary.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
        )

    def _ordered(self, words: Iterable[str]) -> list[str]:
        known = self.vocabulary.values if self.vocabulary else []
        rank = {word: place for place, word in enumerate(known)}
        return sorted(set(words), key=lambda word: (rank.get(word, len(rank)), word))


# No word of a list is longer; what somebody typed may be, and is looked up before it is checked.
LONGEST_WORD = 200


@WordsField.register_lookup
class Has(models.Lookup[Any]):
    """Whether the list holds one word."""

    lookup_name = "has"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if len(str(self.rhs)) > LONGEST_WORD:
            raise EmptyResultSet  # SQLite fails on a pattern of such a length
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s ESCAPE '\\'", (*params, f"% {_literal(str(self.rhs))} %")


def _literal(word: str) -> str:
    """The word with LIKE's wildcards (an underscore is one) made plain."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
