"""What is asked for today can be done: with a baby, without a home, before driving, and by a child's doctor."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client

from assessments.engine.decide import evaluate
from assessments.engine.definition import NOT_SURE, VOICES, Language, Voice
from assessments.family.warnings import crisis
from assessments.models import QuestionnaireVersion, Response
from tests.assessments.test_result_agrees import told
from tests.assessments.test_result_orders import main, orders, sentences
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_result_page import part, shown, words
from tests.engine.building import default_definition
from tests.engine.judging import filled
from tests.engine.test_range import answered

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]

DEFINITION = default_definition()
SEEN_OR_BELIEVED = ("watched", "voices", "high", "manic", "unreal")
HOSPITAL = {"en": "Go to an emergency room now, or call 911.", "es": "Vaya ahora a una sala de emergencias, o llame al"}
OTHER_ADULT = {"en": "another adult looks after the baby", "es": "otra persona adulta cuide al bebé"}


def test_what_to_do_today_is_never_an_empty_list(client: Client) -> None:
    chance = random.Random(41)
    calm = [{"mind-signs": ["unreal"]}, {"mind-signs": ["manic"]}, {"person": ["baby"], "mind-signs": ["voices"]}]
    drawn = [filled(DEFINITION, {**answered(DEFINITION, chance, unsure=0.1), "danger-now": []}) for _ in range(12)]
    seen = 0
    for answers in [*calm, *drawn]:
        page = shown(client, answers)
        if page.context["leads"]:
            seen += 1
            assert "<li" in part(page, 'id="do"').split("</ul>")[0], answers
    assert seen > 6


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", VOICES)
def test_voices_after_a_birth_are_an_emergency_of_tonight(client: Client, voice: Voice, language: Language) -> None:
    for sign in SEEN_OR_BELIEVED:
        page = shown(client, {"person": ["baby"], "mind-signs": [sign]}, voice=voice, language=language)
        todo, urgent, said = page.context["plan"], page.context["urgent"], words(page)
        assert todo.now and "988" not in todo.first and page.context["tonight"] is None
        assert {"en": "emergency room, now", "es": "sala de emergencias, ahora"}[language] in todo.first
        assert OTHER_ADULT[language] in todo.opened[0] and OTHER_ADULT[language] in said
        assert {"en": "drive", "es": "manej"}[language] in todo.opened[1]
        assert bool(urgent) == (sign != "high")
        if urgent:
            assert urgent["heading"].startswith(HOSPITAL[language])
            assert "988" not in " ".join(urgent["texts"]) and urgent["lines"][0].key == "911"
    for calm in ({"mind-signs": ["voices"]}, {"person": ["baby"]}):
        assert OTHER_ADULT[language] not in words(shown(client, calm, voice=voice, language=language))


def test_the_page_of_danger_says_who_has_the_baby() -> None:
    response = Response(version=QuestionnaireVersion.objects.get(), voice="loved")
    response.answers = filled(DEFINITION, {"person": ["baby"], "mind-signs": ["unreal"]})
    page = crisis(response, response.outcome(), ["out-of-touch"], "en")
    assert page["heading"] == HOSPITAL["en"] and page["first"] == "911"
    assert OTHER_ADULT["en"] in page["texts"][-1] and not [one for one in page["texts"] if "988" in one]


def test_no_one_who_is_alone_is_told_that_another_adult_is_there() -> None:
    alone = filled(DEFINITION, {"person": ["baby"], "mind-signs": ["voices"], "support": "nobody"})
    todo = told(alone, "en", "me")[2]
    assert todo.today[0] == "If no other adult can look after the baby now, call 911 and say so."


@pytest.mark.parametrize("language", ["en", "es"])
def test_beside_a_danger_another_adult_has_the_baby_tonight(language: Language) -> None:
    for danger in ({"self-harm": "passing"}, {"danger-now": ["self-harm"]}, {"mind-signs": ["confused"]}):
        said = told(filled(DEFINITION, {"person": ["baby"], **danger}), language, "loved")[3]
        assert OTHER_ADULT[language] in said and "1-833-852-6262" in said
        assert OTHER_ADULT[language] not in told(filled(DEFINITION, danger), language, "loved")[3]


@pytest.mark.parametrize(("language", "look"), [("en", "someone to look for them"), ("es", "que alguien lo busque")])
def test_who_may_be_anywhere_is_looked_for(language: Language, look: str) -> None:
    burden = {"self-harm": NOT_SURE, "self-harm-signs": "burden"}
    for home, danger, said in (
        ("no-home", {"self-harm": "thoughts"}, True),
        ("no-home", burden, True),
        (NOT_SURE, {"self-harm": "passing"}, True),
        ("good", {"self-harm": "thoughts"}, False),
        ("no-home", {}, False),
    ):
        answers = filled(DEFINITION, {"home": home, **danger})
        for voice in VOICES:
            todo = orders(answers, language, voice)[0]
            assert any(look in one and "911" in one for one in todo.opened) == (said and voice == "loved"), answers


@pytest.mark.parametrize("voice", VOICES)
def test_who_has_no_home_reads_of_the_line_for_using_alone(voice: Voice) -> None:
    blues: dict[str, Any] = {"substances": ["opioids"], "use-signs": ["overdose"], "home": "no-home"}
    line = "1-800-662-4357 about a line that stays on the phone"
    todo = told(filled(DEFINITION, blues), "en", voice)[2]
    assert any(line in one for one in todo.opened)
    for calm in ({"home": "good"}, {"use-signs": ["harm"]}, {"substances": ["cannabis"]}):
        assert not any(line in one for one in told(filled(DEFINITION, {**blues, **calm}), "en", voice)[2].today)


@pytest.mark.parametrize(
    ("language", "drive"),
    [("en", ("Do not drive today", "should not drive today")), ("es", ("No maneje hoy", "Que no maneje hoy"))],
)
def test_who_drove_drunk_reads_not_to_drive_today(language: Language, drive: tuple[str, str]) -> None:
    beer: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "all-day", "use-signs": ["risky"]}
    for voice, words_of in zip(VOICES, drive, strict=True):
        assert any(words_of in one for one in told(filled(DEFINITION, beer), language, voice)[2].opened)
        for calm in ({"use-signs": ["harm"]}, {"drink-often": "none"}):
            assert words_of not in told(filled(DEFINITION, {**beer, **calm}), language, voice)[3]


@pytest.mark.parametrize(("language", "at_once", "morning"), [
    ("en", "go to an emergency room now, at any hour", "in the morning"),
    ("es", "ahora a una sala de emergencias, a cualquier hora", "por la mañana"),
])  # fmt: skip
@pytest.mark.parametrize("voice", VOICES)
def test_shaking_is_for_now_before_it_is_for_the_morning(
    language: Language, at_once: str, morning: str, voice: Voice
) -> None:
    beer = {"substances": ["alcohol"], "drink-often": "all-day", "stopping": "moderate"}
    night = told(filled(DEFINITION, beer), language, voice)[1]
    assert night and 0 < night.stopped.index(at_once) < night.stopped.index(morning)


@pytest.mark.parametrize(("language", "week", "psychosis"), [
    ("en", "visit this week", "early psychosis care"), ("es", "esta semana", "temprana de la psicosis"),
])  # fmt: skip
@pytest.mark.parametrize("voice", VOICES)
def test_what_a_teenager_hears_stands_open_with_one_time(
    client: Client, language: Language, week: str, psychosis: str, voice: Voice
) -> None:
    teen = {"person": ["under-18"], "mind-signs": ["voices"]}
    page = shown(client, teen, voice=voice, language=language)
    todo, young = page.context["plan"], " ".join(step.text for step in page.context["young"])
    assert [week in one and psychosis in one for one in todo.opened] == [True]
    assert not any(psychosis in one for one in todo.week)
    assert voice == "me" or week in young
    sooner = told(filled(DEFINITION, {**teen, "mind-signs": ["voices", "eating-daily"]}), language, voice)[2]
    assert not any(psychosis in one for one in sooner.opened)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("voice", VOICES)
def test_a_veteran_reads_what_to_press_beside_988(language: Language, voice: Voice) -> None:
    served = {"person": ["veteran"], "self-harm": "thoughts"}
    todo = told(filled(DEFINITION, served), language, voice)[2]
    assert "988" in todo.opened[0] and "838255" in todo.opened[1] and "838255" not in " ".join(todo.week)
    calm = told(filled(DEFINITION, {"person": ["veteran"]}), language, voice)[2]
    assert "838255" in " ".join(calm.week) and "838255" not in " ".join(calm.today)


@pytest.mark.parametrize(("language", "soon", "today"), [("en", "soon", "seen today"), ("es", "pronto", "hoy")])
@pytest.mark.parametrize("voice", VOICES)
def test_a_child_who_needs_a_doctor_today_is_not_seen_soon(
    client: Client, language: Language, soon: str, today: str, voice: Voice
) -> None:
    for danger in ({"mind-signs": ["eating-daily"]}, {"self-harm": "hurt"}):
        page = shown(client, {"person": ["under-18"], **danger}, voice=voice, language=language)
        doctor = next(step.text for step in page.context["young"] if "pediatr" in step.text)
        assert today in doctor and soon not in doctor
        assert {"en": "emergency room", "es": "sala de emergencias"}[language] in doctor
    now = shown(client, {"person": ["under-18"], "danger-now": ["withdrawal"]}, voice=voice, language=language)
    assert not [one for one in sentences(main(now)) if "pediatr" in one and soon in one]


@pytest.mark.parametrize(("language", "someone", "out"), [
    ("en", ("lives with", "lock ", "outside the home", "goes on"), "give them to someone to keep"),
    ("es", ("vive con", "viva en la casa", "medicina recetada"), "que los guarde"),
])  # fmt: skip
def test_who_has_nowhere_to_live_has_no_one_at_home(language: Language, someone: tuple[str, ...], out: str) -> None:
    for question in DEFINITION.questions:
        assert question.ask is None or someone[0] not in question.ask.say(language, "loved")
    car = {"self-harm": NOT_SURE, "means": "yes", "home": "no-home"}
    lock = orders(filled(DEFINITION, car), language, "loved")[0]
    assert any(out in one for one in lock.opened)
    assert not [one for one in lock.today for word in someone if word in one.lower()]
    perhaps = orders(filled(DEFINITION, {**car, "means": NOT_SURE}), language, "loved")[0]
    assert not [one for one in perhaps.today if someone[-1] in one]


@pytest.mark.parametrize(("language", "doctor"), [("en", "or a pharmacist"), ("es", "con las que quedan")])
@pytest.mark.parametrize("voice", VOICES)
def test_pills_that_were_stopped_go_back_to_their_doctor(voice: Voice, language: Language, doctor: str) -> None:
    stopped = {"person": ["stopped", "prescribed-sedatives"], "stopping": "dangerous"}
    assert any(doctor in one for one in told(filled(DEFINITION, stopped), language, voice)[2].opened)
    for calm in ({"person": ["prescribed-sedatives"]}, {"person": ["stopped"]}):
        assert doctor not in " ".join(told(filled(DEFINITION, {**stopped, **calm}), language, voice)[2].today)


def test_who_may_work_reads_of_evenings_and_of_leave() -> None:
    for duties, said in (([], False), (["work"], True), (["caring"], False), (NOT_SURE, True)):
        week = told(filled(DEFINITION, {"duties": duties}), "en", "me")[2].week
        assert any("Many programs meet in the evening" in one for one in week) is said, duties


@pytest.mark.parametrize("voice", VOICES)
def test_a_number_for_suicide_has_a_reason_on_the_page(client: Client, voice: Voice) -> None:
    """Wine in the evening and no thought of dying: a doctor, and what to do tonight is in the open."""
    wine: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "daily", "stopping": "mild"}
    for dying, rings in (("none", False), (NOT_SURE, True), ("passing", True)):
        page = shown(client, {**wine, "self-harm": dying}, voice=voice)
        assert ("988" in [line.key for line in page.context["urgent"]["lines"]]) is rings, dying
    page = shown(client, wine, voice=voice)
    tonight = part(page, 'id="do"').partition("<details")[2]
    assert tonight.startswith(' class="more fold" open>') and "call first" in tonight


def test_what_to_do_if_they_do_not_want_help_comes_before_the_signs(client: Client) -> None:
    given = {"self-harm": "passing", "danger-now": NOT_SURE, "readiness": "no-need"}
    main_of = shown(client, given).content.decode().partition('class="only-print paper"')[2]
    order = ['id="next"', 'id="you-title"', "Not sure? Look for these signs", 'id="programs"']
    places = [main_of.rindex(one) for one in order]
    assert places == sorted(places)


def test_after_an_overdose_naloxone_is_told_once() -> None:
    blues: dict[str, Any] = {"substances": ["opioids"], "use-signs": ["overdose"]}
    todo = told(filled(DEFINITION, blues), "en", "loved")[2]
    assert todo.naloxone and not [one for one in todo.today if "naloxone" in one]
    assert any("the old amount can kill" in one for one in todo.today)


@pytest.mark.parametrize(("paying", "said"), [(["no-insurance"], True), (["private"], False), (["medi-cal"], False)])
def test_who_has_no_insurance_reads_of_a_parents_plan(client: Client, paying: list[str], said: bool) -> None:
    for voice in VOICES:
        assert (
            "Under 26? A parent’s health plan may cover" in words(shown(client, {"paying": paying}, voice=voice))
        ) is said


def test_no_answer_is_told_as_open_that_a_later_one_closed(client: Client) -> None:
    chance, seen = random.Random(24), 0
    for number in range(40):
        drawn = answered(DEFINITION, chance, unsure=0.3)
        danger = {"danger-now": NOT_SURE, "self-harm": NOT_SURE, "self-harm-signs": "burden"}
        drawn |= danger if number % 2 else {}
        page = shown(client, drawn)
        path = evaluate(DEFINITION, filled(DEFINITION, drawn)).path
        closed = {step.question.helps for step in path if step.question.helps and step.answer != NOT_SURE}
        for key in closed:
            seen += page.context["first_step"] != ""
            assert f"“{DEFINITION.by_key[key].text.say('en', 'loved')}”" not in page.context["first_step"], drawn
        if (change := page.context["change"]) and not change["more"]:
            many = {one.text.say("en", "loved", drawn) for one in DEFINITION.questions if one.is_many}
            assert change["question"] not in many or "None of these" in change["then"], change
    assert seen > 5


@pytest.mark.parametrize("means", ["yes", "no"])
def test_two_drugs_together_are_told_openly_in_any_danger(client: Client, means: str) -> None:
    both: dict[str, Any] = {"substances": ["alcohol", "sedatives"], "drink-often": "daily"}
    for more in ({"self-harm": "passing", "means": means}, {"stopping": "moderate"}, {"self-harm": "plan"}):
        todo = shown(client, {**both, **more}).context["plan"]
        mixed = [text for text in todo.today if text.startswith("Two of these together")]
        assert len(mixed) == 1 and mixed[0] in todo.opened, more


@pytest.mark.parametrize(("language", "head"), [("en", "hit their head"), ("es", "se golpeó la cabeza")])
def test_a_blow_to_the_head_is_told_to_who_may_take_it_for_being_drunk(language: Language, head: str) -> None:
    drunk = {"substances": ["alcohol"], "drink-often": "daily"}
    opened = told(filled(DEFINITION, drunk), language, "loved")[2].today
    assert any(head in one and "911" in one for one in opened)
    calm = {"substances": ["cannabis"], "drink-often": "none"}
    assert not any(head in one for one in told(filled(DEFINITION, calm), language, "loved")[2].today)


@pytest.mark.parametrize(
    ("language", "sober"), [("en", "Tonight a sober adult"), ("es", "una persona adulta y sobria")]
)
@pytest.mark.parametrize("voice", VOICES)
def test_children_of_who_drinks_daily_are_with_a_sober_adult(language: Language, sober: str, voice: Voice) -> None:
    parent: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "daily", "duties": ["caring"]}
    opened = told(filled(DEFINITION, parent), language, voice)[2]
    said = next(one for one in opened.today if sober in one)
    assert "1-800-222-1222" in said and "911" in said
    calms: list[dict[str, Any]] = [{"duties": []}, {"substances": [], "drink-often": "none"}]
    for calm in calms:
        assert not any(sober in one for one in told(filled(DEFINITION, {**parent, **calm}), language, voice)[2].today)
    assert not any(
        sober in one for one in told(filled(DEFINITION, {**parent, "person": ["baby"]}), language, voice)[2].today
    )


@pytest.mark.parametrize("unwilling", ["no-need", "torn"])
def test_who_is_hit_reads_of_their_own_safety_first(client: Client, unwilling: str) -> None:
    rage: dict[str, Any] = {"mind-signs": ["rage"], "readiness": unwilling}
    page = shown(client, rage, voice="loved")
    assert page.context["leads"] and page.context["plan"].today[0].startswith("Your own safety comes first")
    said = words(page)
    assert "1-800-799-7233" in page.context["plan"].today[0] and "Do not say that you looked here." in said
    assert said.index("Your own safety comes first") < said.index("May fit")
    assert "Offer it again another day" not in said and "You do not have to talk with them about it." in said
    assert "Your own safety comes first" not in words(shown(client, rage, voice="me"))
    hurt = shown(client, {"danger-now": ["violence"]}, voice="loved").context["plan"]
    assert hurt.opened[0].startswith("Your own safety comes first")


def test_who_must_leave_live_in_care_reads_what_to_ask_for_first(client: Client) -> None:
    living: dict[str, Any] = {"care-now": "residential", "care-result": "missed", "substances": ["alcohol"]}
    asked: dict[Voice, str] = {"me": "Before you have to leave", "loved": "Before they have to leave"}
    for voice, asks in asked.items():
        assert any(one.startswith(asks) for one in shown(client, living, voice=voice).context["plan"].today)
    gone = shown(client, {**living, "care-now": "hospital"}).context["plan"]
    assert not any("have to leave live-in care" in one for one in gone.today)


def test_pills_of_someone_else_are_not_said_to_go_on(client: Client) -> None:
    wine: dict[str, Any] = {"substances": ["alcohol", "opioids"], "self-harm": "passing", "means": "yes"}
    said = " ".join(shown(client, wine).context["plan"].today)
    assert "Pills that were prescribed for someone else" in said and "Any medicine from a doctor" not in said
    own = " ".join(shown(client, {**wine, "person": ["prescribed-opioids"]}).context["plan"].today)
    assert "Pills that were prescribed for someone else" not in own


def test_who_cannot_pay_reads_where_nobody_asks_for_papers(client: Client) -> None:
    week = " ".join(shown(client, {"paying": ["no-insurance"]}).context["plan"].week)
    assert "Emergency rooms and community clinics see everyone" in week


@pytest.mark.parametrize(
    ("language", "seen"), [("en", "Seeing or hearing what others"), ("es", "Ver u oír lo que otros")]
)
@pytest.mark.parametrize("voice", VOICES)
def test_who_uses_and_sees_things_reads_of_a_doctor_today(
    client: Client, language: Language, seen: str, voice: Voice
) -> None:
    meth: dict[str, Any] = {"substances": ["stimulants"], "how-often": "daily", "mind-signs": ["voices"]}
    page = shown(client, meth, voice=voice, language=language)
    todo = page.context["plan"]
    assert page.context["leads"] and todo.seen == "today" and any(one.startswith(seen) for one in todo.today)
    week = {"en": "visit this week", "es": "esta semana"}[language]
    assert not any(week in one for one in (*todo.today, *todo.week)), "one time for the doctor"
    calm = shown(client, {**meth, "mind-signs": ["panic"]}, voice=voice, language=language)
    assert not any(one.startswith(seen) for one in calm.context["plan"].today)
