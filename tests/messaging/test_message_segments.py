"""A text message is counted in the parts that a carrier charges, and the characters that make it dear are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.segments import GSM, UCS2, segments


@pytest.mark.parametrize(
    ("text", "count", "encoding", "because"),
    [
        ("", 0, GSM, ""),
        ("a" * 160, 1, GSM, ""),
        ("a" * 161, 2, GSM, ""),
        ("a" * 306, 2, GSM, ""),
        ("a" * 307, 3, GSM, ""),
        ("¿Cómo está?", 1, UCS2, "óá"),
        ("¡Ñandú, qué tal!", 1, UCS2, "ú"),
        ("¿Qué tal, señora?", 1, GSM, ""),
        ("í" * 70, 1, UCS2, "í"),
        ("í" * 71, 2, UCS2, "í"),
        ("[" * 80, 1, GSM, ""),  # two places each
        ("[" * 81, 2, GSM, ""),
        ("a" * 152 + "[" * 77, 3, GSM, ""),  # none is cut in two: the first part ends a place early
        ("👋" * 35, 1, UCS2, "👋"),
        ("👋" * 36, 2, UCS2, "👋"),
        ("í" + "👋" * 66, 2, UCS2, "í👋"),
        ("👋" * 34 + "í" + "👋" * 33, 3, UCS2, "👋í"),  # 33 in the first part, the last place stays empty
        ("“quoted”", 1, UCS2, "“”"),
    ],
)
def test_parts_are_counted_as_carriers_do(text: str, count: int, encoding: str, because: str) -> None:
    found = segments(text)
    assert (found.count, found.encoding, found.because) == (count, encoding, because)


@given(st.text(max_size=600))
def test_no_part_holds_more_than_it_can(text: str) -> None:
    found = segments(text)
    most = 160 if found.encoding == GSM else 70
    joined = 153 if found.encoding == GSM else 67
    assert found.places <= (most if found.count <= 1 else found.count * joined)
    assert (found.count == 0) == (text == "")
    assert (found.encoding == UCS2) == bool(found.because)
    assert segments(text + "a").count >= found.count
