"""Who may consent for whom: the rules by age and authority, without a database."""

from __future__ import annotations

import pytest

from referral.signing import Bar, age_group, ages, bar

YEAR = 2026


@pytest.mark.parametrize(
    ("signs_as", "group", "born", "substance", "proof", "found"),
    [
        ("self", "adult", None, True, "", None),
        ("self", "", None, True, "", Bar.AGE_UNKNOWN),
        ("self", "under_18", None, True, "", Bar.AGE_UNKNOWN),
        ("self", "", 2010, True, "", None),
        ("self", "", 2016, True, "", Bar.TOO_YOUNG),
        ("parent", "adult", None, True, "", Bar.NOT_A_MINOR),
        ("parent", "", None, True, "", Bar.AGE_UNKNOWN),
        ("parent", "under_18", None, True, "", Bar.MINOR_SIGNS),
        ("parent", "", 2016, True, "", None),
        ("parent", "", 2010, True, "", Bar.MINOR_SIGNS),
        ("parent", "under_18", None, False, "", None),
        ("guardian", "adult", None, True, "", Bar.NO_PROOF),
        ("guardian", "adult", None, True, "court order, seen", None),
        ("agent", "65_up", None, True, " ", Bar.NO_PROOF),
        ("loved_one", "adult", None, True, "", None),
        ("loved_one", "under_18", None, True, "", Bar.NO_AUTHORITY),
        ("anything", "adult", None, True, "proof", Bar.NO_AUTHORITY),
    ],
)
def test_age_and_authority_decide_who_may_consent(
    signs_as: str, group: str, born: int | None, substance: bool, proof: str, found: Bar | None
) -> None:
    assert bar(signs_as, age=ages(group, born, YEAR), substance=substance, proof=proof) is found


@pytest.mark.parametrize(
    ("age", "found"),
    [((18, 64), None), ((0, 120), Bar.AGE_UNKNOWN), ((0, 17), Bar.NO_AUTHORITY), ((12, 17), Bar.NO_AUTHORITY)],
)
def test_who_loves_an_adult_shares_only_what_they_told_us(age: tuple[int, int], found: Bar | None) -> None:
    assert bar("loved_one", age=age, substance=True, proof="") is found


@pytest.mark.parametrize("born", range(YEAR - 100, YEAR + 1))
def test_a_parent_and_an_adult_never_both_may_sign(born: int) -> None:
    age = ages("", born, YEAR)
    parent = bar("parent", age=age, substance=True, proof="")
    own = bar("self", age=age, substance=True, proof="")
    assert parent is not None or own is not None
    assert parent is not None or age[1] < 12


@pytest.mark.parametrize(("born", "group"), [(2026, "under_18"), (2009, "under_18"), (2008, "adult"), (1961, "65_up")])
def test_a_year_of_birth_gives_the_age_group(born: int, group: str) -> None:
    assert age_group(born, YEAR) == group
