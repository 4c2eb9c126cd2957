"""Flip one threshold or one condition of the level-of-care questionnaire: the proof or an expectation must notice."""

from __future__ import annotations

from collections import Counter

import pytest

from assessments.engine.document import parse
from assessments.engine.model import modelled
from assessments.engine.prove import prove
from tests.engine.building import default_definition, default_document
from tests.engine.judging import faults
from tests.engine.mutants import Mutant, mutants

DEFINITION = default_definition()
MUTANTS = list(mutants(default_document()))


def noticed_by(mutant: Mutant) -> str | None:
    definition = parse(mutant.document)
    if next(faults(definition, mutant.about), None) or next(faults(definition), None):
        return "expectation"
    if not prove(definition).proved:
        return "proof"
    return "no change" if fires_on_the_same_answers(mutant) else None


def fires_on_the_same_answers(mutant: Mutant) -> bool:
    """Whether a changed rule means what it meant: such a change cannot be noticed, and need not be."""
    model = modelled(DEFINITION)
    old, new = DEFINITION.rules.get(mutant.about), parse(mutant.document).rules.get(mutant.about)
    return old is not None and new is not None and model.holds(old.when) == model.holds(new.when)


def assert_noticed(chosen: list[Mutant]) -> Counter[str | None]:
    seen: Counter[str | None] = Counter()
    survivors = []
    for mutant in chosen:
        by = noticed_by(mutant)
        seen[by] += 1
        if by is None:
            survivors.append(mutant.what)
    print(f"{len(chosen)} mutants: {dict(seen)}; survivors: {survivors}")  # noqa: T201
    assert survivors == []
    return seen


@pytest.mark.slow
def test_every_mutant_is_noticed(thorough: bool) -> None:
    """With --thorough each one, which takes minutes; else eighty, from all parts of the questionnaire."""
    assert len(MUTANTS) > 1000
    seen = assert_noticed(MUTANTS if thorough else MUTANTS[:: len(MUTANTS) // 80])
    assert seen["no change"] < 10


@pytest.mark.slow
def test_the_proof_alone_notices_many_of_them(thorough: bool) -> None:
    """What the proof cannot know is what a clinician meant; what it does notice needs no expectation."""
    chosen = MUTANTS[:: 240 if thorough else 720]
    caught = sum(not prove(parse(mutant.document)).proved for mutant in chosen)
    print(f"the proof alone notices {caught} of {len(chosen)}")  # noqa: T201
    assert caught >= len(chosen) // 10
