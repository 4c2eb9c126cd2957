"""A whole questionnaire as one readable page: draft or version, with what is wrong beside what it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.editor import builder
from assessments.editor.builder import Asked, Vocabulary
from assessments.editor.drafts import TEXT_OF, Document
from assessments.editor.review import Review
from assessments.engine.definition import Language
from assessments.engine.phrases import listed, phrase
from assessments.engine.wording import said
from assessments.models import Question, SafetyRule
from guides.models import LevelOfCare


class ChoiceLine(NamedTuple):
    """A choice: its words, what it does, and what is wrong with it."""

    words: str
    key: str
    does: str
    troubles: list[str]


class Item(NamedTuple):
    """A part of the questionnaire. `pk` is its row's; None on a page that is only read."""

    section: str
    place: int
    pk: int | None
    key: str
    words: str
    tags: list[str]
    sentence: str
    more: str
    choices: list[ChoiceLine]
    troubles: list[str]

    def troubled(self) -> list[str]:
        """All that is wrong with it and its choices."""
        return [*self.troubles, *(words for choice in self.choices for words in choice.troubles)]


class Section(NamedTuple):
    """The parts of one kind."""

    name: str
    heading: str
    hint: str
    add: str
    items: list[Item]
    troubles: list[str]


class Sheet(NamedTuple):
    """The page."""

    title: str
    levels: list[str]
    sections: list[Section]
    troubles: list[str]
    """What concerns the title, the levels, or the whole."""


def page_language() -> Language:
    """The language of the page, of those that questionnaires are written in."""
    return "es" if (get_language() or "").startswith("es") else "en"


def level_names(language: Language) -> dict[str, str]:
    """Names of the levels of care by slug, from the lightest on."""
    return {level.slug: level.text(language).name for level in LevelOfCare.objects.in_order()}


def vocabulary(document: Document, language: Language, before: int | None = None) -> Vocabulary:
    """What conditions may speak of: all questions, or those `before` a place; and every dimension."""
    questions = {
        question["key"]: Asked(
            question["key"],
            f"{number}. {_in_language(question['text'], language) or question['key']}",
            {choice["key"]: _in_language(choice["text"], language) or choice["key"] for choice in question["choices"]},
        )
        for number, question in enumerate(document["questions"][:before], 1)
    }
    dimensions = {one["key"]: _in_language(one["name"], language) or one["key"] for one in document["dimensions"]}
    return Vocabulary(language, questions, dimensions)


def sheet(document: Document, review: Review, names: Mapping[str, str], pks: Mapping[str, Sequence[int]]) -> Sheet:
    """The page of a document. `pks` are the keys of its rows by section, in order; none for a published version."""
    writer = _Writer(document, review, names, pks)
    placed = tuple(TEXT_OF)
    return Sheet(
        title=_in_language(document["title"], writer.language),
        levels=[names.get(slug, slug) for slug in document["levels"]],
        sections=[
            writer.section("questions", _("Questions"), _("Asked in this order."), _("Add a question")),
            writer.section(
                "floors",
                _("Floor rules"),
                _("The level is that of the highest rule that holds. When none holds, it is the lowest level."),
                _("Add a floor rule"),
            ),
            writer.section(
                "safety",
                _("Safety rules"),
                _("Checked after every answer. When one holds, the crisis page comes first."),
                _("Add a safety rule"),
            ),
            writer.section("notes", _("Notes on special care"), _("Shown with the result."), _("Add a note")),
            writer.section(
                "dimensions",
                _("Dimensions"),
                _("What answers rate, from none (0) to very severe (4). The highest answer counts."),
                _("Add a dimension"),
            ),
        ],
        troubles=[one.words for one in review.troubles if one.where[:1] == () or one.where[0] not in placed],
    )


class _Writer:
    def __init__(
        self, document: Document, review: Review, names: Mapping[str, str], pks: Mapping[str, Sequence[int]]
    ) -> None:
        self.document, self.review, self.names, self.pks = document, review, names, pks
        self.language = page_language()
        self.words = vocabulary(document, self.language)

    def section(self, name: str, heading: str, hint: str, add: str) -> Section:
        items = [self.item(name, place, part) for place, part in enumerate(self.document[name])]
        whole = [one.words for one in self.review.about(name) if len(one.where) == 1]
        return Section(name, heading, hint, add, items, whole)

    def item(self, section: str, place: int, part: Document) -> Item:
        choices = [self.choice(part, place, at, choice) for at, choice in enumerate(part.get("choices", ()))]
        troubles = [one.words for one in self.review.about(section, place) if not _of_choice(one.where)]
        condition = part.get("shows_when" if section == "questions" else "when")
        return Item(
            section=section,
            place=place,
            pk=self.pks[section][place] if self.pks else None,
            key=part["key"],
            words=_in_language(part[TEXT_OF[section]], self.language),
            tags=[*self.tags(section, part), *self.follows(part[TEXT_OF[section]])],
            sentence=self.sentence(section, part, condition),
            more=_in_language(part["help"], self.language) if "help" in part else part.get("source", ""),
            choices=choices,
            troubles=troubles,
        )

    def tags(self, section: str, part: Document) -> list[str]:
        if section == "questions":
            role = str(Question.Role(part["role"]).label).split(":")[0]
            return [role, str(Question.Kind(part["kind"]).label)]
        if section == "floors":
            level = self.names.get(part["level"], part["level"]) or _("no level yet")
            return [level, _("first step")] if part.get("first") else [level]
        if section == "safety":
            first = [part["helpline"]] if "helpline" in part else []
            return [
                str(SafetyRule.Urgency(part["urgency"]).label),
                *(str(SafetyRule.Helpline(key).label) for key in first),
            ]
        return []

    def follows(self, text: Document) -> list[str]:
        """Of a text that says something else for each of some answers, its passages are in the form alone."""
        return [_("words follow an answer")] if "{" in _written(text, self.language) else []

    def sentence(self, section: str, part: Document, condition: Any) -> str:
        if section == "dimensions":
            return ""
        if section == "questions":
            if helped := self.words.questions.get(part.get("helps", "")):
                return _("Shows after “Not sure” to %(question)s") % {"question": helped.label}
            if condition is None:
                return ""
            return _("Shows when %(condition)s.") % {"condition": builder.say(condition, self.words)}
        values = {"condition": "…" if condition is None else builder.say(condition, self.words)}
        if section == "floors":
            values["level"] = self.names.get(part["level"], part["level"]) or "…"
            return _("If %(condition)s, then at least %(level)s.") % values
        if section == "safety":
            return _("If %(condition)s, then show the crisis page.") % values
        return _("If %(condition)s, then show this note.") % values

    def choice(self, question: Document, place: int, at: int, choice: Document) -> ChoiceLine:
        troubles = [one.words for one in self.review.about("questions", place, "choices", at)]
        return ChoiceLine(
            _in_language(choice["text"], self.language) or choice["key"],
            choice["key"],
            self.does(question, choice),
            troubles,
        )

    def does(self, question: Document, choice: Document) -> str:
        if rates := choice.get("rates"):
            return ", ".join(
                f"{self.words.dimensions.get(key, key)}: {degree_words(degree, self.language)}"
                for key, degree in sorted(rates.items())
            )
        if means := choice.get("means"):
            helped = self.words.questions.get(question.get("helps", ""))
            answers = [f"“{helped.choices.get(key, key) if helped else key}”" for key in means]
            return _("leaves possible: %(answers)s") % {"answers": listed(answers, self.language, "or")}
        if favours := choice.get("favours"):
            names = listed([self.names.get(slug, slug) for slug in favours], self.language)
            return _("speaks for %(levels)s") % {"levels": names}
        return ""


def degree_words(degree: int, language: Language) -> str:
    """A rating in words, such as “severe (3)”."""
    return phrase(f"degree-{degree}", language) if 1 <= degree <= 4 else _("none (0)")


def _of_choice(where: tuple[str | int, ...]) -> bool:
    return len(where) > 3 and where[2] == "choices"


def _in_language(text: Mapping[str, Mapping[str, str]], language: Language) -> str:
    """The words as a page shows them: of a passage that follows an answer, those of its last case."""
    return said(_written(text, language))


def _written(text: Mapping[str, Mapping[str, str]], language: Language) -> str:
    return text[language]["me"] or text[language]["loved"] or text["en"]["me"] or text["es"]["me"]
