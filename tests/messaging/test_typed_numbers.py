"""A phone number or a link is found however somebody types it; what only looks like one is left alone."""

from __future__ import annotations

import pytest

from guides.content.phones import dialed
from messaging.typed_numbers import links, phone_numbers

NUMBERS = [
    ("Call 818.555.0101.", "8185550101"),
    ("8185550102", "8185550102"),
    ("555-0105", "5550105"),
    ("Call us at 555 0105", "5550105"),
    ("Ll\u00e1menos al 5550105", "5550105"),
    ("(818) 555-0199 / (818)555-0199", "8185550199"),
    ("818 555 0103", "8185550103"),
    ("+1 818 555 0104", "8185550104"),
    ("+52 55 1234 5678", "525512345678"),
    ("1-800-KID-TALK", "8005438255"),
    ("1 800 KID TALK", "8005438255"),
    ("1-800-kid-talk", "8005438255"),
    ("1-800-662-HELP (4357)", "8006624357"),
    ("1-800-4-A-CHILD", "8004224453"),
    ("626-555-HELP", "6265554357"),
    ("tel:8185550109", "8185550109"),
    ("sms:741742?body=HELP", "741742"),
    ("text HELP to 741742", "741742"),
    ("Text 741742", "741742"),
    ("Mande HOLA al 741741", "741741"),
    ("Call or text 988", "988"),
    ("Call 2-1-1", "211"),
    ("call\N{EM DASH}(818) 555\N{NON-BREAKING HYPHEN}0107", "8185550107"),
    ("818\N{EN DASH}555\N{MINUS SIGN}0110", "8185550110"),
    ("818\N{NO-BREAK SPACE}555\N{FIGURE SPACE}0110", "8185550110"),
    ("818\N{FULLWIDTH HYPHEN-MINUS}555\N{HORIZONTAL BAR}0110", "8185550110"),
    ("81855\N{SOFT HYPHEN}50\N{WORD JOINER}110", "8185550110"),
]
NONE = [
    "In 2019-2020, since 2024, on 2026-02-01, at 10:30, from 8:00 a.m.\N{EN DASH}5:00 p.m., 24/7",
    "$500-1500, $1,200 to 3,000, 500\N{EN DASH}2000, $8185550102",
    "300-1500 mg, 200-2500 calories, an 800-calorie diet, 0.5-1.25 mL",
    "91101, 91101-1234, ages 18-25, 1,234,567,890, ISBN 9781234567897, 800-662-43571",
    "Call 3 programs. Text at 10:30. We send it to up to 10000 people in 2026. {{ link }}",
    "https://example.com/8185550102",
    "Call 100 programs. Send the letter to 500 people, or to 20000. 150 mg / 300 mg / 1200 mg",
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_number_is_found_however_it_is_typed(text: str, number: str) -> None:
    assert {dialed(each) for each in phone_numbers(text)} == {number}


@pytest.mark.parametrize("text", NONE)
def test_years_prices_doses_and_zip_codes_are_no_numbers(text: str) -> None:
    assert phone_numbers(text) == []


def test_a_link_is_found_with_and_without_its_beginning() -> None:
    text = "http://a.example/x?y, www.b.example. See c.example/x, d.com, or e.care! help@f.com, a.m./p.m., e.g. and/or"
    assert links(text) == ["http://a.example/x?y", "www.b.example", "c.example/x", "d.com", "e.care"]
