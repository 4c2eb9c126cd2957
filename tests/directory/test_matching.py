"""The order of programs: what it promises, over all small cases and many large ones."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from directory.capacity import Report
from directory.geo import Point
from directory.matching import LIVE_IN, Answer, Candidate, Kind, Match, Wish, match, rank

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FRESH = timedelta(days=7)
LEVELS = ["recovery-support", "outpatient", "iop", "php", "residential", "medically-managed"]
PAYMENT, LANGUAGES = ["insurance", "medi_cal", "self_pay"], ["en", "es", "hy"]
SCHEDULE, POPULATIONS = ["daytime", "evening"], ["pregnancy", "veterans"]
PASADENA = Point(34.1468, -118.1391)


def some(dice: random.Random, words: list[str]) -> frozenset[str]:
    return frozenset(word for word in words if dice.random() < 0.4)


def a_wish(dice: random.Random) -> Wish:
    """Any wish."""
    return Wish(
        levels=some(dice, LEVELS),
        concern=dice.choice(["", "substance_use", "mental_health", "both"]),
        ages=dice.choice([None, (12, 12), (17, 17), (18, 64), (40, 40)]),
        gender=dice.choice(["", "women", "men", "other"]),
        zip=dice.choice(["", "91101"]),
        near=dice.choice([None, PASADENA]),
        miles=dice.choice([None, 5, 25]),
        languages=some(dice, LANGUAGES),
        payment=some(dice, PAYMENT),
        schedule=some(dice, SCHEDULE),
        populations=some(dice, POPULATIONS),
    )


def some_programs(dice: random.Random) -> list[Candidate]:
    def a_report() -> Report:
        return Report(dice.choice([None, 0, 2]), dice.choice([None, 0, 3, 9]), NOW - timedelta(days=dice.randrange(14)))

    return [
        Candidate(
            key=f"p{number}",
            name=dice.choice(["Elm", "elm", "Oak"]),
            levels=some(dice, LEVELS),
            concern=dice.choice(["", "substance_use", "mental_health", "both"]),
            age_min=dice.choice([None, 12, 18]),
            age_max=dice.choice([None, 18, 64]),
            only_for=dice.choice(["", "", "women", "men"]),
            points=tuple(Point(dice.uniform(33.5, 34.9), dice.uniform(-119, -117)) for _ in range(dice.randrange(3))),
            zips=some(dice, ["91101", "91001"]),
            languages=some(dice, LANGUAGES),
            payment=some(dice, PAYMENT),
            schedule=some(dice, SCHEDULE),
            populations=some(dice, POPULATIONS),
            reports={level: a_report() for level in some(dice, LEVELS)},
        )
        for number in range(dice.randrange(1, 7))
    ]


def cases() -> Iterator[tuple[random.Random, Wish, list[Candidate]]]:
    """Many wishes with the programs to order for each, the same in every run."""
    for seed in range(150):
        dice = random.Random(seed)
        yield dice, a_wish(dice), some_programs(dice)


def order(wish: Wish, rows: list[Candidate]) -> list[str]:
    return [found.candidate.key for found in rank(wish, rows, now=NOW, fresh=FRESH)]


def alone(wish: Wish, row: Candidate) -> Match:
    return match(wish, row, now=NOW, fresh=FRESH)


def answers(wish: Wish, row: Candidate) -> dict[str, Answer]:
    return {reason.key: reason.answer for reason in alone(wish, row).reasons}


def test_the_order_is_total_and_does_not_depend_on_how_programs_come_in() -> None:
    for dice, wish, rows in cases():
        mixed = rows[:]
        dice.shuffle(mixed)
        assert order(wish, rows) == order(wish, mixed)
        assert sorted(order(wish, rows)) == sorted(row.key for row in rows)


def test_a_preference_never_removes_a_program_nor_makes_it_unfit() -> None:
    for _dice, wish, rows in cases():
        facts_only = replace(
            wish,
            miles=None,
            zip="",
            languages=frozenset(),
            payment=frozenset(),
            schedule=frozenset(),
            populations=frozenset(),
        )
        fit = {row.key for row in rows if alone(facts_only, row).fits}
        assert {row.key for row in rows if alone(wish, row).fits} == fit
        assert set(order(wish, rows)[: len(fit)]) == fit


def one_more(wish: Wish, row: Candidate) -> list[Wish]:
    """Each wish with one more kind of preference that `row` meets."""
    more = [
        replace(wish, **{kind: getattr(row, kind)})
        for kind in ("languages", "payment", "schedule")
        if not getattr(wish, kind) and getattr(row, kind)
    ]
    more += [replace(wish, populations=wish.populations | {group}) for group in row.populations - wish.populations]
    if not wish.zip and row.zips:
        more.append(replace(wish, zip=min(row.zips)))
    if wish.near and wish.miles is None and row.points:
        more.append(replace(wish, miles=1000))
    return more


def test_one_more_preference_that_a_program_meets_never_lowers_it() -> None:
    for _dice, wish, rows in cases():
        for row in rows:
            for wider in one_more(wish, row):
                assert order(wider, rows).index(row.key) <= order(wish, rows).index(row.key)


def test_learning_that_a_preference_is_met_never_lowers_a_program() -> None:
    for _dice, wish, rows in cases():
        for place, row in enumerate(rows):
            if wish.payment and not row.payment:
                told = [*rows[:place], replace(row, payment=wish.payment), *rows[place + 1 :]]
                assert order(wish, told).index(row.key) <= order(wish, rows).index(row.key)


def test_what_is_not_known_stands_between_yes_and_no() -> None:
    for _dice, wish, rows in cases():
        for row in rows:
            for kind in ("languages", "payment", "schedule"):
                wished = getattr(wish, kind)
                lived_in = kind == "schedule" and (wish.levels & row.levels or row.levels) <= LIVE_IN and row.levels
                if wished and not lived_in:
                    points = [
                        alone(wish, replace(row, **{kind: have})).points  # type: ignore[arg-type]
                        for have in (frozenset({"something else"}), frozenset[str](), wished)
                    ]
                    assert points == sorted(set(points)) and 2 * points[1] == points[0] + points[2]


def test_every_wish_gets_exactly_one_line_and_places_always_do() -> None:
    for _dice, wish, rows in cases():
        expected = [
            *(["level"] if wish.levels else []),
            *(["concern"] if wish.concern else []),
            *(["age"] if wish.ages else []),
            *(["distance"] if wish.near else []),
            *(["area"] if wish.zip else []),
            *(kind for kind in ("payment", "languages", "schedule") if getattr(wish, kind)),
            *["population"] * len(wish.populations),
            "opening",
        ]
        for row in rows:
            limited = ["only_for"] if row.only_for else []
            assert sorted(reason.key for reason in alone(wish, row).reasons) == sorted([*expected, *limited])


def test_ranking_knows_neither_payments_nor_owners() -> None:
    # A new field must be looked at by whoever adds it: none may say what a program gives for its place.
    assert {field.name for field in fields(Candidate)} == {
        "key", "name", "levels", "concern", "age_min", "age_max", "only_for", "points", "zips", "languages", "payment",
        "schedule", "populations", "medications", "reports",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wished", "offered", "answer"),
    [
        ("substance_use", "substance_use", Answer.YES),
        ("substance_use", "both", Answer.YES),
        ("substance_use", "mental_health", Answer.NO),
        ("mental_health", "both", Answer.YES),
        ("mental_health", "substance_use", Answer.NO),
        ("both", "both", Answer.YES),
        ("both", "substance_use", Answer.UNKNOWN),
        ("both", "mental_health", Answer.UNKNOWN),
        ("both", "", Answer.UNKNOWN),
    ],
)
def test_a_program_for_both_comes_first_for_who_needs_both(wished: str, offered: str, answer: Answer) -> None:
    assert answers(Wish(concern=wished), Candidate("a", "A", concern=offered))["concern"] is answer


@pytest.mark.parametrize(
    ("low", "high", "age", "answer"),
    [
        (18, None, 17, Answer.NO),
        (18, None, 18, Answer.YES),
        (12, 17, 17, Answer.YES),
        (12, 17, 18, Answer.NO),
        (None, 17, 0, Answer.YES),
        (None, None, 40, Answer.UNKNOWN),
    ],
)
def test_ages_hold_at_both_ends(low: int | None, high: int | None, age: int, answer: Answer) -> None:
    assert answers(Wish(ages=(age, age)), Candidate("a", "A", age_min=low, age_max=high))["age"] is answer


def test_any_level_of_a_range_will_do() -> None:
    wish = Wish(levels=frozenset({"iop", "php"}))
    told = {levels: answers(wish, Candidate("a", "A", levels=frozenset(levels)))["level"] for levels in
            [("iop",), ("php", "residential"), ("residential",), ()]}  # fmt: skip
    assert list(told.values()) == [Answer.YES, Answer.YES, Answer.NO, Answer.UNKNOWN]


def test_the_steps_decide_one_after_the_other() -> None:
    """Each program is better than the next in one step of the order and worse in all steps after it."""
    wish = Wish(levels=frozenset({"iop"}), ages=(30, 30), near=PASADENA, payment=frozenset({"medi_cal"}))
    iop, medi_cal = frozenset({"iop"}), frozenset({"medi_cal"})
    here, there = (PASADENA,), (Point(34.5, -118.1),)

    def told(spots: int | None, wait: int | None, days: int = 0) -> dict[str, Report]:
        return {"iop": Report(spots, wait, NOW - timedelta(days=days))}

    best_first = [
        Candidate("z", "Z", iop, age_min=18, payment=medi_cal, points=there, reports=told(1, None)),
        Candidate("y", "Y", iop, age_min=18, payment=medi_cal, points=there, reports=told(0, 3)),
        Candidate("x", "X", iop, age_min=18, payment=medi_cal, points=there, reports=told(0, 4)),
        Candidate("w", "W", iop, age_min=18, payment=medi_cal, points=there, reports=told(9, None, days=8)),
        Candidate("v", "V", iop, age_min=18, payment=medi_cal, points=there, reports=told(0, None)),
        Candidate("u", "U", iop, age_min=18, points=here, reports=told(1, None)),
        Candidate("s", "S", iop, payment=medi_cal, points=here, reports=told(1, None)),
        Candidate("r", "R", iop, payment=medi_cal, points=there, reports=told(1, None)),
        Candidate("q", "Q", iop, payment=medi_cal, reports=told(1, None)),
        Candidate("n", "N", iop, age_min=18, payment=frozenset({"self_pay"}), points=here, reports=told(1, None)),
        Candidate("p", "P", frozenset({"php"}), age_min=18, payment=medi_cal, points=here, reports=told(1, None)),
    ]
    keys = [row.key for row in best_first]
    assert order(wish, list(reversed(best_first))) == keys
    assert order(wish, random.Random(7).sample(best_first, len(best_first))) == keys


def test_every_small_directory_is_ordered_alike_from_every_side() -> None:
    """All 3 × 3 × 3 programs of three facts and preferences, three at a time, in all six orders."""
    wish = Wish(levels=frozenset({"iop"}), payment=frozenset({"medi_cal"}), languages=frozenset({"es"}))
    kinds = [
        Candidate(f"{level}{pay}{tongue}", "Same", levels=level_, payment=pay_, languages=tongue_)
        for (level, level_), (pay, pay_), (tongue, tongue_) in product(
            *(
                enumerate([frozenset[str](), frozenset({word}), frozenset({"other"})])
                for word in ("iop", "medi_cal", "es")
            )
        )
    ]
    whole = order(wish, kinds)
    for start in range(0, len(kinds), 3):
        three = kinds[start : start + 3]
        expected = [key for key in whole if key in {row.key for row in three}]
        assert {tuple(order(wish, list(rows))) for rows in permutations(three)} == {tuple(expected)}
    for first, second in product(kinds, kinds):
        if first.key != second.key:
            assert order(wish, [first, second]) == sorted([first.key, second.key], key=whole.index)


def test_a_note_counts_no_points() -> None:
    far = Candidate("a", "A", points=(Point(40, -100),))
    found = alone(Wish(near=PASADENA), far)
    assert [reason.kind for reason in found.reasons] == [Kind.NOTE, Kind.NOTE]
    assert found.points == 0


def test_the_places_told_are_those_of_the_level_asked_for() -> None:
    row = Candidate(
        "a", "A", levels=frozenset({"iop", "php"}), reports={"iop": Report(3, None, NOW), "php": Report(0, None, NOW)}
    )
    assert alone(Wish(levels=frozenset({"php"})), row).opening.level == "php"
    assert alone(Wish(), row).opening.level == "iop"


def a_family(dice: random.Random, wish: Wish) -> Wish:
    """A wish with a way to pay, a language, what needs care and an age: what the family cannot do without."""
    return replace(
        wish,
        concern=dice.choice(["substance_use", "mental_health", "both"]),
        ages=dice.choice([(12, 12), (17, 17), (18, 64), (40, 40)]),
        payment=frozenset({dice.choice(PAYMENT)}),
        languages=frozenset({dice.choice(LANGUAGES)}),
    )


def test_no_program_that_misses_a_need_outranks_one_that_fits() -> None:
    for dice, wish, rows in cases():
        found = rank(a_family(dice, wish), rows, now=NOW, fresh=FRESH)
        ranks = [(not each.fits, each.needs_missed) for each in found]
        assert ranks == sorted(ranks)


def test_program_that_misses_payment_or_illness_is_never_first() -> None:
    """Over every program that a few words can describe: it may be near, open, and grant every other wish."""
    wish = Wish(
        levels=frozenset({"iop"}),
        concern="substance_use",
        ages=(40, 40),
        payment=frozenset({"medi_cal"}),
        languages=frozenset({"es"}),
        schedule=frozenset({"evening"}),
        near=PASADENA,
    )
    right = Candidate(
        "right", "Zz", frozenset({"iop"}), "substance_use", 18, payment=wish.payment, languages=wish.languages,
        points=(Point(34.9, -119),), schedule=frozenset({"daytime"}), reports={"iop": Report(0, None, NOW)},
    )  # fmt: skip
    best = Candidate(
        "best", "Aa", frozenset({"iop"}), points=(PASADENA,), schedule=wish.schedule, reports={"iop": Report(9, 0, NOW)}
    )
    for concern, ages, payment, tongue in product(
        ["", "substance_use", "mental_health", "both"],
        [(None, None), (18, None), (12, 17)],
        [(), ("medi_cal",), ("insurance", "self_pay")],
        [(), ("es",), ("en",)],
    ):
        other = replace(
            best, concern=concern, age_min=ages[0], age_max=ages[1], payment=frozenset(payment),
            languages=frozenset(tongue),
        )  # fmt: skip
        missed = concern == "mental_health" or ages == (12, 17) or "insurance" in payment or tongue == ("en",)
        known = concern and ages != (None, None)
        first = order(wish, [other, right])[0]
        assert first == "right" or not (missed or not known)


def test_what_is_missed_is_said_in_the_line_of_its_wish() -> None:
    row = Candidate("a", "A", concern="mental_health", payment=frozenset({"insurance"}), languages=frozenset({"en"}))
    wish = Wish(concern="substance_use", payment=frozenset({"medi_cal"}), languages=frozenset({"es"}))
    told = {reason.key: (reason.kind, reason.answer) for reason in alone(wish, row).reasons}
    assert told["concern"] == (Kind.FACT, Answer.NO)
    assert told["payment"] == told["languages"] == (Kind.NEED, Answer.NO)


@pytest.mark.parametrize(
    ("low", "high", "ages", "answer"),
    [
        (12, 17, (18, 64), Answer.NO),
        (18, None, (18, 64), Answer.YES),
        (16, 25, (18, 64), Answer.UNKNOWN),
        (18, 64, (65, 120), Answer.NO),
        (60, None, (65, 120), Answer.YES),
        (18, None, (0, 17), Answer.NO),
        (12, 17, (0, 17), Answer.UNKNOWN),
        (None, 17, (0, 17), Answer.YES),
    ],
)
def test_an_age_group_is_served_whole_in_part_or_not(
    low: int | None, high: int | None, ages: tuple[int, int], answer: Answer
) -> None:
    assert answers(Wish(ages=ages), Candidate("a", "A", age_min=low, age_max=high))["age"] is answer


@pytest.mark.parametrize(
    ("gender", "only_for", "answer"),
    [
        ("women", "women", Answer.YES),
        ("women", "men", Answer.NO),
        ("men", "women", Answer.NO),
        ("other", "women", Answer.UNKNOWN),
        ("", "men", Answer.UNKNOWN),
    ],
)
def test_a_program_for_women_or_men_only_says_so(gender: str, only_for: str, answer: Answer) -> None:
    assert answers(Wish(gender=gender), Candidate("a", "A", only_for=only_for))["only_for"] is answer


def test_a_gender_that_is_not_known_changes_no_order() -> None:
    rows = [Candidate("a", "A", only_for="men"), Candidate("b", "B")]
    assert order(Wish(), rows) == ["a", "b"]
    assert order(Wish(gender="women"), rows) == ["b", "a"]


def test_what_speaks_against_a_program_is_named() -> None:
    row = Candidate("a", "A", age_min=12, age_max=17, only_for="men", payment=frozenset({"insurance"}))
    wish = Wish(ages=(18, 64), gender="women", payment=frozenset({"medi_cal"}), schedule=frozenset({"evening"}))
    assert [reason.key for reason in alone(wish, row).missed] == ["age", "only_for", "payment"]


def test_a_program_with_the_medicine_fits_at_any_level() -> None:
    wish = Wish(levels=frozenset({"iop"}), medications=frozenset({"buprenorphine", "methadone"}))
    clinic = Candidate("c", "Clinic", levels=frozenset({"outpatient"}), medications=frozenset({"methadone"}))
    other = Candidate("o", "Other", levels=frozenset({"outpatient"}), medications=frozenset({"naltrexone"}))
    asked = Candidate("a", "Asked", levels=frozenset({"iop"}))
    assert answers(wish, clinic)["medications"] is Answer.YES and "level" not in answers(wish, clinic)
    assert answers(wish, other)["level"] is Answer.NO
    assert answers(wish, asked)["level"] is Answer.YES, "a program of the level fits with or without it"
    assert answers(Wish(medications=wish.medications), other)["medications"] is Answer.NO


def test_the_first_of_two_steps_comes_first_near_or_far() -> None:
    wish = Wish(levels=frozenset({"medically-managed", "residential"}), first="medically-managed")
    near = Candidate(
        "r", "A", frozenset({"residential"}), points=(PASADENA,), reports={"residential": Report(9, 0, NOW)}
    )
    far = Candidate("m", "Z", frozenset({"medically-managed"}), points=(Point(34.3, -118.2),))
    both = Candidate("b", "Zz", frozenset({"residential", "medically-managed"}))
    for asked in (wish, replace(wish, near=PASADENA, zip="91101")):
        found = rank(asked, [near, both, far], now=NOW, fresh=FRESH)
        assert [each.step for each in found] == [1, 1, 2] and found[-1].candidate.key == "r"
    assert [each.step for each in rank(replace(wish, first=""), [near, far], now=NOW, fresh=FRESH)] == [0, 0]
    insured = replace(wish, payment=frozenset({"medi_cal"}))
    unpaid = replace(far, payment=frozenset({"self_pay"}))
    assert order(insured, [unpaid, near]) == ["r", "m"], "a need that is missed still counts more"


def test_of_programs_of_the_level_those_with_the_medicine_come_first() -> None:
    wish = Wish(levels=frozenset({"iop"}), medications=frozenset({"buprenorphine", "methadone"}))
    without = Candidate("a", "A", frozenset({"iop"}), reports={"iop": Report(9, 0, NOW)})
    rows = [
        without,
        replace(without, key="n", medications=frozenset({"naltrexone"})),
        Candidate("h", "Hospital", frozenset({"medically-managed"}), medications=frozenset({"methadone"})),
        Candidate("i", "Iop", frozenset({"iop"}), medications=frozenset({"buprenorphine"})),
    ]
    assert order(wish, rows) == ["h", "i", "a", "n"]
    assert all(alone(wish, row).fits for row in rows)


def test_where_people_live_in_care_is_at_every_hour() -> None:
    wish = Wish(schedule=frozenset({"evening"}))
    stay = Candidate("s", "S", frozenset({"residential"}), schedule=frozenset({"daytime"}))
    assert answers(wish, stay)["schedule"] is Answer.YES
    assert answers(wish, replace(stay, levels=frozenset({"residential", "php"})))["schedule"] is Answer.NO
