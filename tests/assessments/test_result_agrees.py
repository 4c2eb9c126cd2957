"""What a result says in one place it does not deny in another, and what any answer proves counts."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, Language, Voice
from assessments.engine.explain import Speaker
from assessments.engine.nearest import nearest_change
from assessments.family.emergencies import without_milder
from assessments.family.result.fit import fit_of
from assessments.family.result.given import LAST_MONTH, Given, sick_after_stopping, stopping_is_dangerous
from assessments.family.result.page import change_of
from assessments.family.result.reasons import not_more, why
from assessments.family.result.steps import Plan, plan
from assessments.family.tonight import Tonight, tonight
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import shown, words
from tests.engine.building import default_definition
from tests.engine.judging import as_answer, filled
from tests.engine.test_range import answered

pytestmark = pytest.mark.slow

DEFINITION = default_definition()
ALL_DAY: dict[str, Any] = {"person": ["under-18"], "substances": ["cannabis"], "weed-often": "all-day"}
# Each said alone, the other question "not sure": use that costs school.
COSTS_SCHOOL: list[dict[str, Any]] = [
    {"use-signs": ["harm"], "daily-life": NOT_SURE},
    {"use-signs": NOT_SURE, "use-seen": "cost", "daily-life": NOT_SURE},
    {"use-signs": NOT_SURE, "use-seen": NOT_SURE, "daily-life": "missing"},
]
NO_NURSES, HOME_IS_SAFE, NOT_SO_FAR = "calls for nurses", "Home is calm and safe", "do not say that so far"


@pytest.mark.parametrize("costs", COSTS_SCHOOL)
@pytest.mark.parametrize("others", ["known", "unsure"])
def test_use_that_costs_school_counts_wherever_it_is_said(costs: dict[str, Any], others: str) -> None:
    open_too = dict.fromkeys(("stopping", "stopping-signs", "staying-off", "mood", "mood-signs"), NOT_SURE)
    answers = filled(DEFINITION, {**(open_too if others == "unsure" else {}), **ALL_DAY, **costs})
    outcome = evaluate(DEFINITION, answers)
    assert outcome.then is not None and DEFINITION.levels.index(outcome.then[0]) >= DEFINITION.levels.index("iop")
    first = why(DEFINITION, outcome, [outcome.then[0]], Speaker(DEFINITION, "en", "loved", {}, answers)).first
    said = " ".join(first[0].because)
    assert "All through the day" in said and re.search(r"school", said), said


def test_what_a_helper_says_gives_what_the_answer_itself_would() -> None:
    """Whatever else was answered: at least the level of the mildest answer that is meant."""
    chance = random.Random(21)
    compared = 0
    while compared < 60:
        answers = answered(DEFINITION, chance, unsure=0.1)
        if "use-signs" not in answers:
            continue
        compared += 1
        for seen, mildest in (("risk", "risky"), ("cost", "harm"), ("passed-out", "overdose")):
            helped = evaluate(DEFINITION, answers | {"use-signs": NOT_SURE, "use-seen": seen})
            told = evaluate(DEFINITION, answers | {"use-signs": [mildest]})
            assert helped.ratings["control"][0] == told.ratings["control"][0]


@pytest.mark.parametrize("voice", ["me", "loved"])
def test_no_sentence_of_a_result_denies_another(voice: Voice) -> None:
    chance = random.Random(5)
    for number in range(400):
        answers = answered(DEFINITION, chance, unsure=(0, 0.1, 0.3)[number % 3])
        outcome = evaluate(DEFINITION, answers)
        fit, given = fit_of(DEFINITION, outcome), Given(outcome)
        speaker = Speaker(DEFINITION, "en", voice, {}, answers)
        told = " ".join(one.text for one in why(DEFINITION, outcome, fit.steps, speaker).first)
        more = not_more(DEFINITION, outcome, fit, speaker)
        assert not (NO_NURSES in told and (speaker.first(outcome) or stopping_is_dangerous(given)))
        assert not (HOME_IS_SAFE in told and given.has("violence-home", "afraid", "yes"))
        assert not (NOT_SO_FAR in more and given.at_least(1, "safety"))
    calm = filled(DEFINITION, {"substances": ["cannabis"], "weed-often": "daily", "stopping": "mild"})
    outcome = evaluate(DEFINITION, calm)
    said = why(DEFINITION, outcome, fit_of(DEFINITION, outcome).steps, Speaker(DEFINITION, "en", voice, {}, calm)).first
    assert any(NO_NURSES in one.text for one in said) and any(HOME_IS_SAFE in one.text for one in said)


ORDERS = {  # (now, wait), in each language
    "en": (r"emergency room now|emergency room, now", r"call first|see a doctor (soon|today)|need a doctor today"),
    "es": (
        r"ahora a una sala|emergencias, ahora",
        r"llamen? primero|[Vv]ea (pronto )?a un médico|ver (pronto )?a un méd",
    ),
}
STAY = {
    "en": r"(ask )?someone (you trust )?to stay|use alone|stay alone",
    "es": r"se quede con usted|que le acompañe|sin alguien cerca",
}
OLD_AMOUNT = {"en": "the old amount can kill", "es": "la cantidad de antes puede matar"}


def told(answers: dict[str, Any], language: Language, voice: Voice) -> tuple[Given, Tonight | None, Plan, str]:
    """What was given, the night, the plan, and all that the result says of what to do."""
    outcome = without_milder(evaluate(DEFINITION, answers))
    with translation.override(language):
        speaker = Speaker(DEFINITION, language, voice, {}, answers)
        night = tonight(outcome, language, voice)
        todo = plan(outcome, speaker, (), night=night is not None)
        warned = [speaker.text(rule.text) for rule in DEFINITION.safety for one in outcome.safety
                  if one.stated and one.rule == rule.key]  # fmt: skip
    parts = [*warned, todo.first, *todo.today, *(part for part in night or () if isinstance(part, str))]
    return Given(outcome), night, todo, " ".join(parts)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", ["me", "loved"])
def test_no_two_orders_of_a_result_contradict(voice: Voice, language: Language) -> None:
    chance = random.Random(22)
    now, wait = ORDERS[language]
    seen = 0
    for number in range(250):
        answers = answered(DEFINITION, chance, unsure=(0, 0.1, 0.3)[number % 3])
        if number % 2:
            answers = filled(DEFINITION, {**answers, "person": ["stopped"], "danger-now": []})
        given, night, todo, words = told(answers, language, voice)
        if night and sick_after_stopping(given):
            seen += 1
            orders = [sentence for sentence in re.split(r"(?<=[.:]) ", words) if re.search(wait, sentence)]
            of_stopping = " ".join([todo.first, night.stopped, night.call])
            assert re.search(now, of_stopping) and not re.search(wait, of_stopping), of_stopping
            assert not [one for one in orders if re.search("call first|llamen? primero", one)], orders
        if voice == "me" and given.has("support", "nobody"):
            of_staying = [one for one in re.split(r"(?<=[.]) ", words) if re.search(STAY[language], one)]
            assert not [one for one in of_staying if "1-800" not in one and "911" not in one], of_staying
        may_be_opioids = not given.uses or given.has("substances", "opioids", "unknown")
        assert may_be_opioids or OLD_AMOUNT[language] not in words, words
    assert seen > 5


@pytest.mark.usefixtures("db")
def test_bottles_stay_until_a_doctor_has_said_how() -> None:
    told_by: dict[Voice, str] = {"me": "do not pour all the alcohol out", "loved": "do not take all the alcohol away"}
    for often, said in (("daily", True), (NOT_SURE, True), ("light-daily", True), ("none", False), ("light", False)):
        for voice, bottles in told_by.items():
            answers = filled(DEFINITION, {"substances": ["alcohol"], "drink-often": often})
            assert (bottles in told(answers, "en", voice)[3]) == said, (often, voice)
    locked = filled(DEFINITION, {"self-harm": "thoughts", "means": "yes"})
    for means in ("yes", "no"):
        assert (
            "Medicine that a doctor prescribed for them goes on" in told({**locked, "means": means}, "en", "loved")[3]
        )


@pytest.mark.usefixtures("db")
def test_pills_from_a_doctor_warn_beside_wine() -> None:
    """Oxycodone and gabapentin as told, wine every day: what mixing does, naloxone, and what to do about each."""
    wine: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "daily", "stopping": "moderate"}
    pills = {**wine, "person": ["prescribed-opioids", "prescribed-sedatives"]}
    words = told(filled(DEFINITION, pills), "en", "me")[3]
    for part in (
        "slow or stop breathing",
        "Do not stop pain pills",
        "naloxone",
        "gabapentin or pregabalin all at once",
    ):
        assert part in words
    words = told(filled(DEFINITION, {**pills, "person": [*pills["person"], "stopped"]}), "en", "me")[3]
    assert "If you have stopped pain pills" in words and "If you have stopped anxiety or sleep pills" in words
    assert "Do not stop" not in words and "You have stopped and feel sick from it" in words
    asked = DEFINITION.by_key["stopping"].help
    assert asked and "pills from the doctor" in asked.say("en", "me", {"person": ["prescribed-sedatives"]})


@pytest.mark.usefixtures("db")
def test_shakes_until_using_again_has_its_warning() -> None:
    shaky = {"substances": ["alcohol"], "drink-often": "some-days", "stopping": NOT_SURE, "stopping-signs": "shaky"}
    given, night, _todo, words = told(filled(DEFINITION, shaky), "en", "loved")
    assert not given.has("person", "stopped") and night and "they need a doctor today; at night, first" in night.stopped
    assert "If they stop, or it does not pass, go to an emergency room at once." in words


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("voice", ["me", "loved"])
def test_tonight_follows_from_when_they_last_used(voice: Voice) -> None:
    """Who used nothing in the last month, or for a week, is not told not to stop; who uses is not said to have."""
    chance, seen = random.Random(8), {True: 0, False: 0}
    for number in range(400):
        answers = answered(DEFINITION, chance, unsure=(0, 0.1)[number % 2])
        person = answers["person"] if isinstance(answers["person"], list) else []
        more: dict[str, Any] = {"danger-now": [], "person": [one for one in person if not one.startswith("presc")]}
        if number % 3 == 0:
            more |= dict.fromkeys(("drink-often", "how-often", "weed-often"), "none")
        given, night, _todo, _words = told(filled(DEFINITION, {**answers, **more}), "en", voice)
        often = [given.choices.get(key, {"unsure"}) for key, of in LAST_MONTH.items() if given.has("substances", *of)]
        over = bool(often) and all("none" in one for one in often)
        over = over or given.has("person", "stopped") or given.has("stopping", "passed")
        if night:
            seen[over] += 1
            assert not (over and (night.until or "not stop all at once" in night.no_answer)), answers
            assert over == ("have stopped" in night.stopped and "If" not in night.stopped.split("have stopped")[0])
    assert min(seen.values()) > 20


def test_last_month_is_near_and_only_a_true_half_is_said() -> None:
    asked = DEFINITION.by_key["self-harm"]
    assert asked.help and "Last month counts" in asked.help.say("en", "loved")
    assert "4 weeks" in asked.choice("past").text.say("en", "loved")
    rule = next(floor for floor in DEFINITION.floors if floor.key == "heavy-use-and-strain")
    first = rule.reason.say("es", "me", {"care-result": "first"})
    assert "tratamiento anterior" not in first and "vida diaria" in first
    assert "tratamiento anterior no bastó" in rule.reason.say("es", "me", {"care-result": "again"})


@pytest.mark.any_database
@pytest.mark.usefixtures("guided")
@pytest.mark.parametrize(("language", "word"), [("en", "detox"), ("es", "desintoxicación")])
def test_who_vapes_reads_of_no_detox(client: Client, language: Language, word: str) -> None:
    """A hospital for some days may be open, after "not sure" to health or mood; never a detox, nor a search for one."""
    open_too = {"body": NOT_SURE, "mood": NOT_SURE, "mood-signs": NOT_SURE, "self-harm": "passing"}
    page = shown(client, {**ALL_DAY, "stopping": "mild", **open_too}, language=language)
    assert page.context["fit"].perhaps_first == "medically-managed"
    assert "medically-managed" not in page.context["fits"]
    head = words(page).split("988", 1)[0] + page.context["first_step"] + " ".join(page.context["say"])
    assert word not in head
    asked = shown(client, {"substances": ["alcohol"], "drink-often": "most-days", "stopping": NOT_SURE})
    assert "medically-managed" in asked.context["fits"]


ORDER = {question.key: [choice.key for choice in question.choices] for question in DEFINITION.questions}


def test_what_would_change_it_turns_the_way_that_it_says() -> None:
    """Over each answer alone and beside another: a harder one for more care, a milder one for less."""
    chance, told = random.Random(24), 0
    ones = [(question, choice) for question, choices in ORDER.items() for choice in choices]
    for question, choice in ones + chance.sample(ones, len(ones)):
        given = dict([chance.choice(ones), (question, choice)])
        answers = filled(DEFINITION, {key: as_answer(DEFINITION, key, one) for key, one in given.items()})
        outcome, nearest = evaluate(DEFINITION, answers), nearest_change(DEFINITION, answers, most=1)
        speaker = Speaker(DEFINITION, "en", "loved", {}, answers)
        change = change_of(nearest, fit_of(DEFINITION, outcome), speaker, Given(outcome))
        if not (change and nearest) or not nearest.changes[0].before:
            continue
        [(asked, before, after)] = nearest.changes
        if isinstance(before, str):
            harder = ORDER[asked].index(str(after)) > ORDER[asked].index(before)
        else:
            harder = set(before or ()) < set(after)
        assert harder == change["more"], (given, change)
        told += 1
    assert told > 50
