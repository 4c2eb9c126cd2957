"""The benchmarks can still measure what is shipped."""

from __future__ import annotations

import json

from assessments.engine.document import parse
from assessments.engine.prove import prove
from benchmarks.peers.assessments.brute import brute_force, cut
from config.settings import BASE_DIR


def test_the_part_of_the_questionnaire_that_is_tried_whole_is_proved() -> None:
    shipped = json.loads((BASE_DIR / "assessments" / "questionnaires" / "level-of-care.json").read_text())
    part = parse(cut(shipped))
    assert prove(part).proved and brute_force(part)
