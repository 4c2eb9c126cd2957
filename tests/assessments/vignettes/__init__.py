"""Stories in our own words after published clinical cases: what was placed where, and what the story leaves open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from assessments.editor.people import ANSWERS

HERE = Path(__file__).parent
LEVELS = ("recovery-support", "outpatient", "iop", "php", "residential", "medically-managed")
MUST_SAY = frozenset(
    {
        "crisis-first",
        "medical-first",
        "do-not-stop-suddenly",
        "overdose",
        "keep-medicine",
        "benzodiazepines",
        "pregnancy",
        "after-birth",
        "under-18",
        "65-plus",
        "veterans",
    }
)


@dataclass(frozen=True)
class Source:
    title: str
    publisher: str
    # None where the copy that was read bears no date.
    year: int | None
    address: str


@dataclass(frozen=True, kw_only=True)
class Vignette:
    key: str
    kind: Literal["substance", "mental-health"]
    source: Source
    # "stated": the source says where the person was treated; "follows": its text leaves no other reading.
    basis: Literal["stated", "follows"]
    teller: Literal["me", "loved-one"]
    about: str
    story: str
    silent: tuple[str, ...]
    accepted: tuple[str, ...]
    why: str
    why_three: str = ""
    first_medical_step: Literal["due", "either", "not due"]
    must_say: frozenset[str]
    tags: frozenset[str]

    @property
    def needs_safety_first(self) -> bool:
        return self.first_medical_step == "due" or bool(self.must_say & {"crisis-first", "medical-first"})


# The form's values of one filling in, by question; a list where several may be ticked.
Answers: TypeAlias = dict[str, str | list[str]]
# "known": silent points are answered as is most usual; "unsure": they are answered "Not sure".
Way: TypeAlias = Literal["known", "unsure"]


def recorded() -> dict[str, dict[Way, Answers]]:
    """What the teller of each story chose on the pages."""
    told: dict[str, dict[Way, Answers]] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return told


def read(name: str) -> tuple[Vignette, ...]:
    return tuple(
        Vignette(
            **{
                **row,
                "source": Source(**row["source"]),
                "silent": tuple(row["silent"]),
                "accepted": tuple(row["accepted"]),
                "must_say": frozenset(row["must_say"]),
                "tags": frozenset(row["tags"]),
            }
        )
        for row in json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    )
