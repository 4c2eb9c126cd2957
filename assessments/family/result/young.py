"""What a family needs where the person is under 18: whom to ask, school, paying, who signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.definition import Voice
from assessments.family.result.given import Given
from assessments.family.result.steps import Seen, coverage

YOUNG = "under-18"
"""The answer to `person`, and the note of that name."""


class Step(NamedTuple):
    """What to do. `signs` says that the form to ask for help tells more of who may sign."""

    text: str
    signs: bool = False


def for_young(given: Given, voice: Voice, note: str, seen: Seen = "") -> list[Step]:
    """The steps; none for an adult. `note` is what the questionnaire says of teens; `seen` by when a doctor must."""
    if not given.has("person", YOUNG):
        return []
    me = voice == "me"
    texts = _of_oneself(seen) if me else _of_another(given, seen)
    doctor, school, signs, *refuses = map(Step, texts)
    paying = [Step(_paying())] if given.may_not_pay else []
    return [*([Step(note)] if note else []), doctor, school, *paying, signs._replace(signs=True), *refuses]


def _of_another(given: Given, seen: Seen) -> Iterator[str]:
    if seen == "now":
        yield _("When the danger is over, tell the pediatrician or family doctor what happened.")
    elif seen == "today":
        yield _(
            "Call the pediatrician or family doctor. Say what you have seen, and ask to be seen today. If they cannot, "
            "go to an emergency room."
        )
    elif given.has("mind-signs", "watched", "voices", "unreal"):
        yield _("Call the pediatrician or family doctor. Say what you have seen, and ask for a visit this week.")
    else:
        yield _("Call the pediatrician or family doctor. Say what you have seen, and ask for a visit soon.")
    yield _(
        "Talk to the school counselor. Ask about a 504 plan or an IEP: a written plan for help at school, such as more "
        "time, or a way to come back to class."
    )
    yield _signs(given)
    yield _(
        "If they refuse to go, stay calm and do not argue. Ask the pediatrician or a program to talk with you first. "
        "Many teens do not want to go at the beginning."
    )


def _of_oneself(seen: Seen) -> Iterator[str]:
    if seen == "today":
        yield _(
            "Call a pediatrician or family doctor, and ask to be seen today. If they cannot, go to an emergency room. "
            "You can ask to talk with them in private."
        )
    else:
        yield _("Tell a pediatrician or family doctor. You can ask to talk with them in private.")
    yield _(
        "Talk to a school counselor or nurse. Ask about a 504 plan or an IEP: a written plan for help at school, such "
        "as more time, or a way to come back to class."
    )
    yield _(
        "From age 12 you can sign so that we ask programs for you. For the care itself a parent or guardian often "
        "signs, too: ask the program."
    )


def _signs(given: Given) -> str:
    """Who signs so that programs may be asked, as the form to ask for help has it (`portal.forms.signing`)."""
    if given.uses_nothing:
        who = _("To have us ask programs: a parent signs. From age 12 they may sign for themselves, too.")
    else:
        who = _(
            "To have us ask programs: where alcohol or drugs are or may be part of it, they sign for themselves from "
            "age 12. For a younger child a parent signs."
        )
    return " ".join([who, _("With custody or guardianship, have the judge’s papers at hand.")])


def _paying() -> str:
    return (
        _("A child may get %(plan)s even where the adults at home do not. Ask a program or the county how to apply.")
        % coverage()
    )
