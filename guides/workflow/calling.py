"""Numbers in words that nobody called: who follows one in danger must not reach nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from guides.content.phones import dialed
from guides.workflow.checks import Known
from guides.workflow.linking import program_phones
from messaging.typed_numbers import phone_numbers


class Uncalled(NamedTuple):
    """A number as it is typed, what it dials, and where it stands."""

    number: str
    dials: str
    where: str


def uncalled_words(before: Iterable[str], after: Iterable[tuple[str, str]], language: str) -> list[Uncalled]:
    """The numbers in texts (name, words) that are new since the published ones, and no helpline that somebody called,
    no program's number and not the site's own."""
    fine = Known.now(language).phones | {dialed(each) for text in before for each in phone_numbers(text)}
    found = {each.dials: each for each in _typed(after) if each.dials not in fine}
    of_programs = program_phones(found.keys()) if found else frozenset()
    return [each for dials, each in found.items() if dials not in of_programs]


def _typed(texts: Iterable[tuple[str, Any]]) -> Iterator[Uncalled]:
    for where, text in texts:
        for number in phone_numbers(text):
            yield Uncalled(number, dialed(number), where)
