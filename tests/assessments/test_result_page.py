"""The result page: what is certain leads, what is open is a question, and each part follows what was answered."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import actions
from assessments.engine.definition import NOT_SURE, Language, Voice
from assessments.family import session, warnings
from assessments.family.search import ADULT, AGES, FIELDS
from assessments.models import Response
from directory.forms import AGE_GROUPS, SearchForm
from guides import demo
from guides.content.reading import reading
from tests.conftest import SharedDb
from tests.engine.judging import filled

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]

DRINKING: dict[str, Any] = {
    "substances": ["alcohol"],
    "drink-often": "most-days",
    "use-signs": ["could-not-stop", "harm"],
    "stopping": "mild",
    "staying-off": "days",
    "daily-life": "missing",
    "home": "mixed",
    "care-result": "first",
}
PLAN: dict[str, Any] = {
    "substances": ["alcohol"],
    "drink-often": "daily",
    "mood": "every-day",
    "home": "triggers",
    "self-harm": "plan",
}
DUTIES: dict[str, Any] = {"duties": ["work", "caring"], "time-for-care": ["evenings"], "distance": "near"}


@pytest.fixture(scope="module")
def guided_rows(shipped_rows: None, shared_db: SharedDb, now: Any) -> None:
    with shared_db():
        demo.load(now)


@pytest.fixture
def guided(guided_rows: None, shipped: None) -> None:
    """The questionnaire and the guides that ship with Waymark, published."""


def shown(
    client: Client, given: dict[str, Any], *, voice: Voice = "loved", language: Language = "en", unsure: bool = False
) -> Any:
    """The result of these answers, the rest least severe (or "not sure"), for who has seen the crisis pages."""
    response = actions.begin(key="level-of-care", language=language, voice=voice, now=timezone.now())
    definition = response.version.definition
    rest = [question.key for question in definition.questions if question.key not in given]
    response.answers = filled(definition, given | (dict.fromkeys(rest, NOT_SURE) if unsure else {}))
    response.save()
    store = client.session
    store[session.RESPONSE] = str(response.pk)
    store[session.SEEN] = warnings.interrupting_rules(response, response.outcome())
    store.save()
    page = client.get(f"{'/es' if language == 'es' else ''}/assessment/result/")
    assert page.status_code == 200
    return page


def words(page: Any) -> str:
    """What the page says, without its tags."""
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def part(page: Any, start: str, end: str = "</section>") -> str:
    return str(page.content.decode().split(start)[1].split(end)[0])


def test_the_certain_part_leads_and_the_rest_is_a_question(client: Client) -> None:
    page = shown(client, {**DRINKING, "mood": NOT_SURE})
    outcome = Response.objects.get().outcome()
    assert outcome.range and outcome.range[0] == "iop" != outcome.range[1]
    assert "At least Intensive outpatient program (IOP)" in words(page)
    box = part(page, 'class="still-open"')
    assert "how often did sadness" in box and "Ask " in box and "If the answer is" in box
    assert page.context["fits"] == ["iop"]
    assert "plan for the one with more care" not in words(page)


def test_an_open_upper_end_is_never_among_the_programs_or_reasons(client: Client) -> None:
    page = shown(client, {**DRINKING, "body": NOT_SURE, "mood": NOT_SURE})
    assert re.findall(r'name="levels" value="([\w-]+)"', page.content.decode()) == ["medically-managed", "iop"] * 2
    assert page.context["why"].first and "medical care first" not in str(page.context["why"])
    stands = {column.slug: column.stand for column in page.context["every"]}
    assert stands["outpatient"] == "less" and stands["iop"] == "fits" and stands["php"] == "open"


def test_cannot_tell_is_said_only_where_nothing_is_certain(client: Client) -> None:
    assert "Your answers point to several levels" in words(shown(client, {}, unsure=True))
    page = shown(client, {"substances": ["opioids"], "how-often": "daily"}, unsure=True)
    assert "Your answers point to several levels" not in words(page) and "At least" in words(page)


def test_the_three_that_matter_most_are_answered_on_one_page(client: Client) -> None:
    page = shown(client, {"danger-now": [], "self-harm": "none"}, unsure=True)
    assert len(page.context["open"]) == 3
    asking = client.get("/assessment/result/open/")
    keys = [question.key for question in page.context["open"]]
    assert list(asking.context["form"].fields) == keys
    least = {
        key: [""] if form.asked.kind == "many" else form.asked.choices[0].key
        for key, form in asking.context["form"].asked.items()
    }
    sent = client.post("/assessment/result/open/", {"asked": keys, **least})
    assert sent["Location"] == "/assessment/result/"
    kept = Response.objects.get().answers
    assert all(kept[key] != NOT_SURE for key in keys)


def test_a_fault_among_the_three_keeps_what_was_chosen(client: Client) -> None:
    shown(client, {**DRINKING, "body": NOT_SURE, "mood": NOT_SURE})
    page = client.post("/assessment/result/open/", {"asked": ["body", "mood"], "body": "good"})
    assert page.status_code == 400 and "Choose one answer." in words(page)
    assert page.context["form"]["body"].value() == "good"
    assert Response.objects.get().answers["body"] == NOT_SURE


def test_why_is_three_sentences_and_the_rest_folds_in_groups(client: Client) -> None:
    page = shown(
        client,
        {
            **PLAN,
            "self-harm": "none",
            "mood": "cannot",
            "staying-off": "never-alone",
            "care-result": "again",
            "use-signs": ["overdose"],
        },
    )
    assert len(page.context["why"].first) == 3
    assert page.context["why"].rest and "What else counts" in words(page)
    assert not re.search(r"\d+ more reason", words(page))
    names = [group.name for group in page.context["why"].rest]
    assert len(names) == len(set(names))


def test_each_leading_reason_names_the_answer_that_it_rests_on(client: Client) -> None:
    page = shown(client, DRINKING)
    assert all(sentence.because for sentence in page.context["why"].first)
    assert "You answered “Calm and safe most of the time”" in words(page)


@pytest.mark.parametrize("given", [{}, DRINKING, PLAN, {"mood": "cannot"}, {"care-now": "hospital"}])
def test_what_would_change_it_is_one_answer_with_its_direction(client: Client, given: dict[str, Any]) -> None:
    page = shown(client, given)
    change = page.context["change"]
    told = words(page).partition("What would change this")[2].split("What a week")[0]
    if change is None and not page.context["no_change"]:
        assert not told, "left out: stopping is dangerous"
        return
    if change is None:
        assert "No single answer would lead to another level by itself." in told
        return
    direction = (
        ("If things get harder", "more care may fit") if change["more"] else ("If things get better", "less care")
    )
    assert told.count("the answer to") == 1 and told.index(change["question"]) < told.index(change["then"])
    assert all(words in told for words in direction)
    assert not change["now"] or f"Now it is {change['now']}." in told


SEIZED = {"substances": ["sedatives"], "drink-often": "most-days", "stopping": "dangerous", "person": ["stopped"]}


@pytest.mark.parametrize("stopping", ["severe", "dangerous"])
def test_no_milder_withdrawal_is_told_as_a_harder_one(client: Client, stopping: str) -> None:
    page = shown(client, {**SEIZED, "stopping": stopping}, voice="me")
    change = page.context["change"]
    assert change is None or not (change["more"] and "Very sick" in change["then"])
    assert "do not say that so far" not in page.context["not_more"]


@pytest.mark.parametrize("means", ["yes", "no", NOT_SURE])
def test_reasons_are_only_those_of_the_levels_shown(client: Client, means: str) -> None:
    page = shown(client, {**PLAN, "means": means})
    assert "several times a week" not in part(page, 'id="why"')


def test_the_next_step_stands_before_the_reasons(client: Client) -> None:
    html = shown(client, {}).content.decode()
    assert html.index('class="btn" href="/referral/"') < html.index('id="why"')


def test_after_a_warning_what_can_wait_is_folded_and_nothing_said_twice(client: Client) -> None:
    given = {"substances": ["alcohol", "opioids"], "use-signs": ["overdose"], "stopping": "moderate"}
    main = shown(client, given).content.decode().partition("<main")[2].partition('class="only-print paper"')[0]
    order = ["<h1", "First talk to a doctor", "Call 911 if it happens again:", "What to do today", "result-title"]
    assert [main.index(words) for words in order] == sorted(main.index(words) for words in order)
    box, _fold, folded = main[main.index('id="do"') :].partition("<details")
    assert "Two of these together" in box and "when no office is open" in folded  # the box is never empty
    assert "Get naloxone (Narcan) today" not in main


def test_neighbors_stand_side_by_side_in_equal_detail(client: Client) -> None:
    beside = shown(client, DRINKING).context["beside"]
    assert [column.slug for column in beside.columns] == ["outpatient", "iop", "php"]
    assert len(beside.rows) >= 4
    assert all(len(row.cells) == 3 and all(cell.text for cell in row.cells) for row in beside.rows)


def test_every_level_that_is_still_open_stands_beside_the_others(client: Client) -> None:
    page = shown(client, {**DRINKING, "mood": NOT_SURE, "mood-signs": NOT_SURE, "daily-life": NOT_SURE})
    fit, order = page.context["fit"], page.context["version"].definition.levels
    shown_slugs = [column.slug for column in page.context["beside"].columns]
    assert order.index(fit.upto) > order.index(fit.level) + 1
    assert set(order[order.index(fit.level) : order.index(fit.upto) + 1]) <= set(shown_slugs)
    assert [column.note for column in page.context["beside"].columns if column.stand == "open"]


def test_what_is_open_never_contradicts_what_is_sure(client: Client) -> None:
    told = words(shown(client, {**DRINKING, "mood": NOT_SURE, "mood-signs": NOT_SURE}))
    assert "Your answers point to at least this much care." in told
    assert "For now, plan for the level shown above." in told
    assert "this is a question, not a plan" not in told and "this much care is sure" not in told


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ({"stopping": "severe", "drink-often": "daily"}, "First talk to a doctor or go to an emergency room, today."),
        ({"drink-often": "daily", "stopping": "moderate"}, "First talk to a doctor or go to an emergency room, today."),
        ({"self-harm": "plan"}, "First call 911 or 988."),
        ({"violence-home": "yes"}, "First call "),
        ({"violence-home": "yes", "self-harm": "hurt"}, "First call or text 988."),
        ({"mind-signs": ["eating-daily"]}, "First talk to a doctor or go to an emergency room, today."),
    ],
)
def test_programs_come_after_what_safety_asks_for(client: Client, given: dict[str, Any], first: str) -> None:
    page = shown(client, given)
    assert page.context["plan"].first.startswith(first)
    screen, paper = part(page, 'id="do"', "</main>"), part(page, 'class="only-print paper"', 'class="no-print"')
    for told in (screen, paper):
        assert told.index(first) < told.index("After what you do today, call one program") and "Call one" not in told
        assert told.index("After what you do today") < told.index("Talk to one or two more programs")


def test_where_nothing_is_urgent_a_program_is_called_today(client: Client) -> None:
    page = shown(client, {"mood": "some-days"})
    assert page.context["plan"].first == "" and "Call one program, or ask us." in part(page, 'class="result-do"')


def test_who_does_not_want_help_comes_before_what_is_open(client: Client) -> None:
    html = shown(client, {**DRINKING, "readiness": "not-now", "mood": NOT_SURE}).content.decode()
    places = [html.index(f'id="{part}"') for part in ("why", "next", "you-title", "open")]
    assert places == sorted(places)
    assert html.count("If they do not want help now") == 2, "on paper too"


def test_paper_is_printed_with_or_without_the_answers(client: Client) -> None:
    html = shown(client, DRINKING).content.decode()
    assert 'id="print-answers">' in html, "what is printed may lie on a table: answers only where that is ticked"
    paper = html.split('class="only-print paper"')[1].split('class="no-print"')[0]
    answers = paper.split('<div class="print-answers">')[1]
    assert "paper-answers" in answers and 'class="quiet print-answers">You answered' in paper


def test_trade_offs_are_preset_from_the_wishes(client: Client) -> None:
    page = shown(client, {**DRINKING, **DUTIES})
    rows = {row.label: [cell.text for cell in row.cells] for row in page.context["beside"].rows if row.is_wish}
    assert rows["If work cannot stop"][0].startswith("Work can go on")
    assert rows["If work cannot stop"][2].startswith("Work has to pause")
    assert rows["If you have no more time than you said"] == [
        "Fits into the time you named.",
        "Fits into the time you named.",
        "Takes more time than you named.",
    ]
    assert "If care must be close to home" not in rows, "it is alike at these three"


@pytest.mark.parametrize(
    "could", [{"distance": "away"}, {"distance": "hour"}, {"time-for-care": ["live-in"], "distance": "hour"}]
)
def test_what_somebody_could_do_never_reads_as_hard(client: Client, could: dict[str, Any]) -> None:
    rows = [row for row in shown(client, {**DRINKING, **could}).context["beside"].rows if row.is_wish]
    assert not rows


def test_a_week_is_drawn_from_the_level_and_said_in_words(client: Client) -> None:
    page = shown(client, DRINKING)
    picture = page.context["there"][0]["week"]
    assert sum(len(column.blocks) for column in picture.columns) == 3
    assert page.content.decode().count('class="week-there"') == 2 * 3, "on the screen and on paper"
    assert picture.words in words(page) and "Monday, Tuesday and Thursday" in picture.words
    es = shown(client, DRINKING, language="es").context["there"][0]["week"]
    assert "lunes" in es.words.lower() and ".." not in es.words


def test_a_result_without_published_guides_still_says_the_level(client: Client) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assessments.family.result.levels.Published", lambda language: Nothing())
        patch.setattr("assessments.family.result.levels.page_cache.value", lambda key, make: make())
        assert "This may fit them now iop" in words(shown(client, DRINKING))


class Nothing:
    """A site on which nothing is published yet."""

    reference: dict[str, Any] = {"aspects": []}
    levels: dict[str, Any] = {}
    guides: dict[str, Any] = {}

    def compare_path(self, slugs: list[str]) -> None:
        return None


def test_danger_notes_are_for_today_and_the_rest_for_the_week(client: Client) -> None:
    page = shown(client, {"substances": ["opioids"], "how-often": "daily", "person": ["older"]})
    # What opioids ask for stands before the level.
    today, week = part(page, 'id="do"', "</section>"), part(page, "This week</h3>")
    assert "naloxone" in today and "naloxone" not in week
    assert "list of all medicines" in week


def test_an_opioid_overdose_brings_naloxone_for_today(client: Client) -> None:
    answers = {"substances": ["opioids"], "use-signs": ["overdose"]}
    # The warning says it, so that the list does not say it again.
    assert "naloxone" in " ".join(shown(client, answers).context["urgent"]["texts"])
    assert "naloxona" in " ".join(shown(client, answers, language="es").context["urgent"]["texts"])


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ({"substances": ["opioids"]}, "buprenorphine"),
        ({"person": ["under-18"]}, "program for teens"),
        ({"language": "spanish"}, "in Spanish"),
        ({"paying": ["medi-cal"]}, "Do you take Medi-Cal?"),
        ({"duties": ["work"]}, "around work"),
        ({"duties": ["caring"]}, "child care"),
    ],
)
def test_questions_to_ask_follow_the_answers(client: Client, given: dict[str, Any], question: str) -> None:
    assert question in " ".join(shown(client, given).context["ask"])
    assert question not in " ".join(shown(client, {}).context["ask"])


def test_what_to_say_on_the_phone_tells_no_answer(client: Client) -> None:
    said = " ".join(shown(client, {**PLAN, "means": "yes"}).context["say"])
    assert "First: detox or a hospital unit" in said and "someone I love" in said
    assert "They use ____" in said
    assert not any(word in said.lower() for word in ("alcohol", "plan", "hurt", "die"))
    assert "care for myself" in " ".join(shown(client, {}, voice="me").context["say"])


NIGHT: dict[str, Any] = {
    "substances": ["alcohol"],
    "drink-often": "all-day",
    "stopping": "severe",
    "readiness": "torn",
    "duties": ["work"],
    "paying": ["private"],
}


def test_the_night_says_whom_to_call_and_not_to_stop(client: Client) -> None:
    page = shown(client, NIGHT)
    screen, paper = (
        part(page, 'class="page-head"', 'class="result-title"'),
        part(page, 'class="only-print paper"', 'class="no-print"'),
    )
    for told in (screen, paper):
        assert told.index("go to an emergency room, today") < told.index("they should not stop all at once")
        assert "ask for the doctor on call" in told
        assert "Stopping alcohol, anxiety or sleep pills" not in told, "said once"
    assert part(page, "<main", 'class="result-title"').count("seizure, strong shaking") == 1, "said once"
    html = page.content.decode()
    assert (
        html.index('id="do"')
        < html.index('class="result-title"')
        < html.index('id="why"')
        < html.index('id="programs"')
    )
    assert "no deje de consumir de golpe" in words(shown(client, NIGHT, voice="me", language="es"))


@pytest.mark.parametrize("given", [{"mood": "some-days"}, {"danger-now": ["withdrawal"], "drink-often": "all-day"}])
def test_there_is_no_night_part_without_a_need_or_after_911(client: Client, given: dict[str, Any]) -> None:
    assert shown(client, given).context["tonight"] is None


def test_the_line_for_treatment_stands_beside_911_and_988(client: Client) -> None:
    head = part(shown(client, NIGHT), "<main", 'class="callout')
    assert head.index("tel:911") < head.index("tel:+18006624357")
    assert "+18006624357" not in part(shown(client, {"self-harm": "plan"}), "<main", 'class="callout')


def test_no_evenings_are_promised_where_people_stay(client: Client) -> None:
    live_in = {**NIGHT, "home": "triggers", "staying-off": "never-alone", "care-result": "again"}
    page = shown(client, live_in)
    assert page.context["fit"].steps == ("medically-managed", "residential")
    week = " ".join(page.context["plan"].week)
    assert "FMLA" in week and "evening" not in week
    assert not any("hours fit around work" in one for one in page.context["ask"])
    assert "Many programs meet in the evening." in " ".join(
        shown(client, {**DRINKING, "duties": ["work"]}).context["plan"].week
    )


def test_who_is_torn_is_not_said_to_want_no_help(client: Client) -> None:
    told = words(shown(client, NIGHT))
    assert "If part of them does not want help" in told and "If they do not want help now" not in told
    assert "when they have had least, often in the morning" in told and "when they are sober" not in told


def test_who_has_insurance_reads_what_to_ask_the_plan(client: Client) -> None:
    html = shown(client, NIGHT).content.decode()
    assert html.count("Who must approve it, and for how many days?") == 2, "on the screen and on paper"
    assert html.split('id="pay"')[1].index("deductible") < html.split('id="pay"')[1].index("No insurance card at hand")


def test_the_search_knows_what_comes_first(client: Client) -> None:
    html = shown(client, NIGHT).content.decode()
    # After a warning the programs come once, below what is done first.
    assert html.count('name="first" value="medically-managed"') == 1
    assert 'name="first"' not in shown(client, DRINKING).content.decode()


def test_who_loves_someone_gets_help_of_their_own(client: Client) -> None:
    page = shown(client, {**DRINKING, "readiness": "not-now"})
    assert "Get help for yourself, too" in words(page) and "Offer one small step" in words(page)
    assert page.context["families"]["path"] in page.content.decode()
    assert "Get help for yourself" not in words(shown(client, DRINKING, voice="me"))


def test_a_higher_first_step_that_is_open_is_named_beside_the_certain_one(client: Client) -> None:
    shaking: dict[str, Any] = {"substances": ["alcohol"], "drink-often": "light-daily", "stopping": "moderate"}
    known, unsure = shown(client, shaking), shown(client, {**shaking, "body": NOT_SURE})
    assert known.context["fit"].first == unsure.context["fit"].first == "php"
    assert unsure.context["fit"].higher_first == "medically-managed" and not known.context["fit"].higher_first
    assert "Ask a doctor today if it should begin with this: Medically managed care" in words(unsure)
    often = shown(client, {**shaking, "drink-often": "most-days"})
    assert often.context["fit"].first == "medically-managed"


def test_what_the_answers_know_goes_with_the_search(client: Client) -> None:
    given = {"substances": ["alcohol"], "drink-often": "daily", "paying": ["medi-cal"], "language": "spanish"}
    page = shown(client, {**given, "person": ["older"]})
    assert page.context["search"] == [
        ("concern", "substance_use"),
        ("ages", "65-120"),
        ("populations", "older_adults"),
        ("payment", "medi_cal"),
        ("languages", "es"),
    ]
    assert page.content.decode().count('name="payment" value="medi_cal"') == 1


@pytest.mark.parametrize(("person", "ages"), [([], "18-64"), (["under-18"], "0-17"), (NOT_SURE, None)])
def test_the_search_is_preset_to_the_age_that_is_known(client: Client, person: Any, ages: str | None) -> None:
    search = dict(shown(client, {"person": person}).context["search"])
    assert search.get("ages") == ages


@pytest.mark.parametrize(("person", "gender"), [([], None), (["pregnant"], "women"), (NOT_SURE, None)])
def test_the_search_is_preset_to_the_gender_that_is_known(client: Client, person: Any, gender: str | None) -> None:
    search = dict(shown(client, {"person": person}).context["search"])
    assert search.get("gender") == gender


OVERDOSED = {
    "substances": ["opioids"],
    "how-often": "daily",
    "use-signs": ["overdose", "takes-over"],
    "mood": "every-day",
    "home": NOT_SURE,
    "staying-off": NOT_SURE,
}


def test_opioids_bring_the_medicine_and_where_naloxone_is(client: Client) -> None:
    page = shown(client, OVERDOSED)
    search = page.context["search"]
    assert ("medications", "buprenorphine") in search and ("medications", "methadone") in search
    assert ("concern", "both") in search, "as the result says; programs that treat one of the two come after"
    today = page.content.decode().split('id="do"')[1].split("This week")[0]
    assert "buprenorphine and methadone" in today and "sell it without a prescription" in words(page)
    assert '<a href="/crisis/#naloxone">Naloxone: where to get it and how to give it</a>' in today


def test_a_result_says_why_no_stay_yet_and_what_would_make_one_right(client: Client) -> None:
    told = shown(client, OVERDOSED).context["not_more"]
    assert told.startswith("An overdose asks for help today.") and "when home is not safe" in told
    assert told.endswith("Your answers do not say that so far.")
    at_odds = shown(client, {**OVERDOSED, "care-result": "partly"}).context
    assert "do not say that" not in at_odds["not_more"]
    assert not shown(client, {**OVERDOSED, "home": "triggers", "staying-off": "hours"}).context["not_more"]


def test_level_reasons_and_today_come_first_and_the_rest_is_folded(client: Client) -> None:
    html = shown(client, OVERDOSED).content.decode()
    places = [
        html.index(part)
        for part in (
            'id="do"',
            'class="result-title"',
            'id="why"',
            'id="next"',
            'id="programs"',
            'id="open"',
            'id="beside"',
        )
    ]
    assert places == sorted(places)
    for part in ('id="beside"', 'id="all-levels"', 'id="gives-', 'id="pay-title"', 'id="yours"'):
        assert '<details class="more fold"><summary>' in html[html.index(part) - 60 : html.index(part)], part
    asked = html.split('id="open"')[1].split("</section>")[0]
    assert asked.index("What an answer would change") < asked.index("If the answer is")
    assert "No insurance card at hand" in html


def test_every_answer_passed_on_exists_in_the_search(client: Client) -> None:
    shown(client, {})
    definition = Response.objects.get().version.definition
    for (question, choice), fields in FIELDS.items():
        assert definition.by_key[question].choice(choice)
        for name, value in fields:
            assert value in dict(SearchForm().fields[name].choices), (name, value)  # type: ignore[attr-defined]
    assert {*AGES.values(), ADULT} == set(dict(AGE_GROUPS))


@pytest.mark.parametrize("value", ["substance_use", "mental_health", "both"])
def test_the_search_knows_each_concern(value: str) -> None:
    assert value in dict(SearchForm().fields["concern"].choices)  # type: ignore[attr-defined]


def test_paper_holds_level_reasons_answers_and_questions(client: Client) -> None:
    page = shown(client, {**DRINKING, "mood": NOT_SURE})
    paper = unescape(part(page, 'class="only-print paper"', '<div class="no-print">'))
    assert page.context["why"].first[0].text in paper
    assert all(question in paper for question in page.context["ask"])
    assert all(row["question"] in paper for row in page.context["answers"])
    assert paper.count('class="paper-sheet"') == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_reads_at_grade_eight_or_below(client: Client, language: Language) -> None:
    page = shown(client, {**DRINKING, **DUTIES, "mood": NOT_SURE}, language=language)
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    lines = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</(?:p|li|h\d|d[dt]|t[dh]|summary)>", "\n", main)))
    told = reading(lines, language)
    assert told is not None and not told.hard


def test_the_last_question_says_so(client: Client) -> None:
    shown(client, {})
    last = len(Response.objects.get().outcome().path)
    assert "The last question" in client.get(f"/assessment/{last}/").content.decode()
    assert "1 more after this" in client.get(f"/assessment/{last - 1}/").content.decode()
