"""What the guides say a level may fit, the questionnaire answers: a person so described gets that level."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import NOT_SURE
from assessments.engine.open_questions import unknowns
from tests.engine.building import default_definition
from tests.engine.judging import filled

DEFINITION = default_definition()


def outcome(answers: dict[str, Any]) -> Outcome:
    return evaluate(DEFINITION, filled(DEFINITION, answers))


SEVERE = {"drink-often": "daily", "use-signs": ["could-not-stop", "harm"], "staying-off": "hours"}
MODERATE = {"drink-often": "most-days", "use-signs": ["more-than-meant", "could-not-stop"]}
DUTIES = {"duties": ["work", "caring"], "time-for-care": ["evenings"]}

RESIDENTIAL: dict[str, dict[str, Any]] = {
    "needs a highly structured place": {"how-often": "daily", "staying-off": "never-alone", "daily-life": "mostly-not"},
    "has symptoms hard to manage alone": {"mood": "cannot", "daily-life": "basics", "support": "nobody"},
    "needs close monitoring": {"mind-signs": ["voices", "unreal"], "daily-life": "mostly-not"},
    "needs distance from triggers": {"how-often": "daily", "home": "triggers"},
    "needs distance from an unstable home": {**MODERATE, "drink-often": "daily", "home": "no-home"},
    "needs distance from a person at home": {**SEVERE, "home": "person"},
    "has a severe addiction": SEVERE,
    "has a severe addiction to opioids": {
        "substances": ["opioids"],
        "how-often": "all-day",
        "use-signs": ["harm", "takes-over"],
        "staying-off": "hours",
    },
    "has a high risk of return to use": {"how-often": "most-days", "staying-off": "never-alone", "use-signs": ["harm"]},
    "severe, treated before without lasting": {**SEVERE, "care-result": "again"},
    "had an overdose, and home is unsafe": {
        "substances": ["opioids"],
        "how-often": "daily",
        "use-signs": ["overdose"],
        "home": "triggers",
    },
}

IOP: dict[str, dict[str, Any]] = {
    "moderate, safe supportive home, duties to keep": {**MODERATE, **DUTIES, "home": "good", "support": "several"},
    "moderate, lives alone but stable": {**MODERATE, "support": "one-or-two"},
    "mild to moderate with low mood": {"drink-often": "most-days", "mood": "most-days", **DUTIES},
    "steps down from residential": {"substances": ["alcohol"], "care-now": "residential", "care-result": "ready"},
    "steps down from full-day care": {"care-now": "php", "care-result": "ready", "mood": "some-days"},
    "30 days residential, steady, then IOP": {
        "substances": ["alcohol"],
        "care-now": "residential",
        "care-result": "helps",
    },
    "stable enough, but daily cannabis hurts school": {
        "person": ["under-18"],
        "weed-often": "daily",
        "use-signs": ["harm"],
        "daily-life": "missing",
    },
}


@pytest.mark.parametrize("story", RESIDENTIAL)
def test_residential_may_fit_whom_the_guide_names(story: str) -> None:
    told = outcome(RESIDENTIAL[story])
    assert (told.then, told.certainty) == (("residential", "residential"), "settled")


@pytest.mark.parametrize("story", IOP)
def test_iop_may_fit_whom_the_guide_names(story: str) -> None:
    told = outcome(IOP[story])
    assert (told.level, told.range, told.first) == ("iop", ("iop", "iop"), ())


def test_drinking_from_waking_with_shakes_starts_medically_managed() -> None:
    told = outcome({"drink-often": "all-day", "stopping": "moderate", "home": "good", "support": "several"})
    assert told.level == "medically-managed" and told.then == ("php", "php")
    assert all(one.certain for one in told.first) and "drinking-and-shakes" in {one.rule for one in told.first}


def test_severe_use_with_a_dangerous_withdrawal_has_two_steps() -> None:
    told = outcome({**SEVERE, "stopping": "dangerous"})
    assert (told.level, told.then) == ("medically-managed", ("residential", "residential"))


@pytest.mark.parametrize(
    ("now", "after"),
    [("residential", "iop"), ("hospital", "iop"), ("php", "iop"), ("iop", "outpatient"), ("outpatient", "outpatient")],
)
def test_who_is_told_to_step_down_steps_down(now: str, after: str) -> None:
    assert outcome({"care-now": now, "care-result": "ready"}).level == after


@pytest.mark.parametrize(("now", "after"), [("outpatient", "iop"), ("iop", "php"), ("php", "residential")])
def test_who_gets_worse_in_care_steps_up(now: str, after: str) -> None:
    assert outcome({"care-now": now, "care-result": "slipping", "mood": "most-days"}).level == after


def test_a_hard_past_alone_sends_nobody_back_to_live_in_care() -> None:
    """Who is well in live-in care, and went back to use each time at home, needs full days after it."""
    past = {"substances": ["alcohol"], "care-now": "residential", "care-result": "again", "home": "triggers"}
    assert outcome({**past, "daily-life": "harder"}).level == "php"
    assert outcome({**past, "daily-life": "missing"}).level == "residential"


TRIED = {"drink-often": "daily", "use-signs": ["could-not-stop", "harm"], "staying-off": "days"}


@pytest.mark.parametrize(
    ("more", "after"),
    [
        ({}, "iop"),
        ({"stopping": "moderate"}, "iop"),
        ({"daily-life": "missing"}, "iop"),
        ({"home": "stress"}, "iop"),
        ({"care-result": "slipping"}, "iop"),
        ({"daily-life": "missing", "home": "stress"}, "php"),
        ({"daily-life": "missing", "care-result": "slipping"}, "php"),
        ({"home": "stress", "care-result": "slipping"}, "php"),
        ({"daily-life": "missing", "home": "stress", "stopping": "moderate"}, "php"),
        ({"daily-life": "missing", "home": "stress", "care-result": "slipping"}, "residential"),
        ({"staying-off": "hours"}, "residential"),
        ({"home": "triggers"}, "residential"),
    ],
)
def test_each_sign_beside_daily_drinking_is_one_step(more: dict[str, Any], after: str) -> None:
    assert outcome({**TRIED, **more}).then == (after, after)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"mind-signs": ["manic"]}, "residential"),
        ({"mind-signs": ["manic"], "daily-life": "missing"}, "medically-managed"),
        ({"mind-signs": ["high"], "daily-life": "missing"}, "iop"),
    ],
)
def test_mania_that_nobody_can_slow_is_cared_for_day_and_night(answers: dict[str, Any], level: str) -> None:
    told = outcome(answers)
    assert told.level == level
    assert ("out-of-touch" in {one.rule for one in told.safety}) == ("manic" in answers["mind-signs"])


def test_a_teen_whose_rage_scares_the_house_needs_full_days() -> None:
    rage = {"mind-signs": ["rage"], "daily-life": "missing", "care-now": "outpatient", "care-result": "slipping"}
    assert outcome(rage).level == "php"
    assert outcome({"mind-signs": ["rage"]}).level == "outpatient"


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"drink-often": "light"}, "recovery-support"),
        ({"drink-often": "light-daily"}, "outpatient"),
        ({"drink-often": "daily"}, "outpatient"),
        ({"staying-off": "never-alone"}, "outpatient"),
        ({"use-signs": ["harm"]}, "outpatient"),
        ({"mood": "cannot"}, "outpatient"),
        ({"mind-signs": ["voices"]}, "outpatient"),
        ({"mind-signs": ["high"]}, "outpatient"),
        ({"care-result": "slipping"}, "outpatient"),
        ({"support": "nobody"}, "recovery-support"),
        ({"daily-life": "basics"}, "iop"),
    ],
)
def test_one_answer_alone_carries_no_high_level(answers: dict[str, Any], level: str) -> None:
    assert outcome(answers).level == level


def test_not_enough_beside_helped_for_a_while_moves_no_level() -> None:
    use = {"drink-often": "daily", "staying-off": "days"}
    levels = [outcome({**use, "care-result": result}).level for result in ("first", "partly", "slipping")]
    assert levels == ["iop", "iop", "iop"]


def test_daily_cannabis_with_weekend_beer_opens_no_alcohol_warning() -> None:
    told = outcome({"substances": ["alcohol", "cannabis"], "drink-often": "light", "weed-often": "daily"})
    assert told.safety == () and "alcohol-sedatives" not in {note.rule for note in told.notes}
    assert told.level == "outpatient"


def test_seeing_things_after_meth_is_no_seizure_of_withdrawal() -> None:
    words = DEFINITION.by_key["stopping"].choice("dangerous").text.en
    assert "shaking with" in words.me and "shaking with" in words.loved
    crash = {"substances": ["stimulants"], "how-often": "most-days", "stopping": "mild", "mind-signs": ["voices"]}
    assert outcome(crash).level != "medically-managed"


UNKNOWN = dict.fromkeys(("stopping", "stopping-signs", "body", "mood", "mood-signs"), NOT_SURE)


@pytest.mark.parametrize("story", [*RESIDENTIAL, *IOP])
def test_unknown_body_and_withdrawal_leave_the_care_certain(story: str) -> None:
    """The upper end may be a first step to be found out; the care that lasts stays within one level of what is sure."""
    answers = {**UNKNOWN, **(RESIDENTIAL | IOP)[story]}
    known, told = outcome((RESIDENTIAL | IOP)[story]), outcome(answers)
    assert told.then and known.then and told.range
    place = DEFINITION.levels.index
    assert place(told.then[0]) <= place(known.then[0]) <= place(told.then[1])
    assert told.certainty != "open"
    assert place(told.then[1]) < place("medically-managed")


def test_shakes_seen_in_the_morning_settle_the_first_step() -> None:
    drinks = {"drink-often": "daily", "use-signs": ["could-not-stop", "harm"]}
    unsure = outcome({**drinks, "stopping": NOT_SURE, "stopping-signs": NOT_SURE})
    assert unsure.level == "iop" and [one.certain for one in unsure.first] == [False] * len(unsure.first) != []
    seen = outcome({**drinks, "stopping": NOT_SURE, "stopping-signs": "shaky"})
    assert seen.level == "medically-managed" and any(one.certain for one in seen.first)
    calm = outcome({**drinks, "stopping": NOT_SURE, "stopping-signs": "calm"})
    assert (calm.level, calm.certainty) == ("iop", "settled")


def test_what_is_unknown_says_who_can_answer_it() -> None:
    told = unknowns(DEFINITION, filled(DEFINITION, {"drink-often": "daily", "use-signs": ["harm"], **UNKNOWN}))
    assert {one.question for one in told} >= {"stopping", "body"}
    for one in told:
        ask = DEFINITION.by_key[one.question].ask
        assert ask is not None and all(ask.say(language, "loved") for language in ("en", "es"))


def test_every_question_that_can_be_open_says_who_can_answer_it() -> None:
    for question in DEFINITION.questions:
        decides = question.role in ("rated", "safety") and question.key not in ("danger-now", "support")
        assert (question.ask is not None) >= decides, question.key
