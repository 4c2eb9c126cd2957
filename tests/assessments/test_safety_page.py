"""The crisis page: what is new comes once and in full, what is only possible calmly, and the way back is open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE, SafetyRule
from assessments.family.warnings import opening
from assessments.models import Response

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow, pytest.mark.any_database]

SAFETY = "/assessment/safety/"


def answer(client: Client, question: str, given: Any) -> Any:
    """The page after this answer; other questions keep theirs."""
    return client.post("/assessment/1/", {"question": question, "answer": given}, follow=True)


def unsure_of_everything(client: Client, given: Any = NOT_SURE) -> list[Any]:
    """Answer every question in the same way; every page on the way."""
    pages = [client.get("/assessment/1/")]
    while not pages[-1].request["PATH_INFO"].endswith("/result/"):
        page = pages[-1]
        if page.request["PATH_INFO"].endswith("/safety/"):
            pages.append(client.post(SAFETY, follow=True))
        elif page.request["PATH_INFO"].endswith("/check/"):
            pages.append(client.get("/assessment/result/", follow=True))
        else:
            data = {"question": page.context["form"].asked.key, "answer": given}
            pages.append(client.post(page.request["PATH_INFO"], data, follow=True))
    return pages


def through_to(client: Client, question: str, given: Any) -> Any:
    """The page after this answer, the questions before it answered in the calmest way."""
    page = client.get("/assessment/1/")
    while (asked := page.context["form"].asked).key != question:
        calm = [""] if asked.kind == "many" else asked.choices[0].key
        page = answer(client, asked.key, calm)
    return answer(client, question, given)


def first_page_for(client: Client, question: str, **answers: Any) -> Any:
    """The page after the answer to this question; earlier ones get `answers` or the calmest, and pages are passed."""
    page = client.get("/assessment/1/", follow=True)
    while True:
        if at_safety(page):
            page = client.post(SAFETY, follow=True)
            continue
        asked = page.context["form"].asked
        calm = [""] if asked.kind == "many" else asked.choices[0].key
        page = answer(client, asked.key, answers.get(asked.key.replace("-", "_"), calm))
        if asked.key == question:
            return page


def at_safety(page: Any) -> bool:
    return bool(page.request["PATH_INFO"].endswith("/safety/"))


def rules() -> dict[str, SafetyRule]:
    return {rule.key: rule for rule in Response.objects.get().version.definition.safety}


def test_not_sure_never_says_that_something_is_happening(family: Client) -> None:
    for page in unsure_of_everything(family):
        words = page.content.decode()
        told = [rule.text.say("en", "loved") for rule in rules().values()]
        # What to do for an answer that is still open stands under that answer alone.
        only_if = [danger.text for question in page.context.get("open", []) for danger in question.dangers]
        assert not any(text in words for text in told if text not in only_if)
        assert not only_if or words.count("If the answer is") >= len(only_if)
        if at_safety(page):
            assert page.context["urgency"] is None and "Not sure? Look for these signs" in words


def test_not_sure_about_danger_is_one_page_with_all_signs_and_numbers(family: Client) -> None:
    page = answer(family, "danger-now", NOT_SURE)
    assert at_safety(page)
    words = page.content.decode()
    choices = Response.objects.get().version.definition.by_key["danger-now"].choices
    signs = [choice.sign.say("en", "loved") for choice in choices if choice.sign]
    assert len(signs) == 4 and all(sign in words for sign in signs)
    assert words.index("tel:988") < words.index(signs[0])


def test_signs_that_tell_only_together_are_one_plain_sentence(family: Client) -> None:
    page = first_page_for(family, "mind-signs", person=NOT_SURE, mind_signs=NOT_SURE)
    (look,) = [look for look in page.context["look"] if look.urgency == "crisis" and look.line is None]
    assert look.signs == [
        "For days they have been far too excited or irritable, and they hardly sleep.",
        "They cannot tell what is real, or they act on things that are not real.",
        "If this is a woman: she had a baby in the last 12 months, and they feel watched or followed, "
        "and others see no reason.",
        "If this is a woman: she had a baby in the last 12 months, and they hear or see things that others do not.",
    ]
    words = page.content.decode()
    assert "These together" not in words
    assert "If only one of two things is true, it still matters: talk to a doctor this week." in words


def test_a_sign_is_told_with_the_answer_that_counts_beside_it(family: Client) -> None:
    page = first_page_for(family, "mind-signs", person=NOT_SURE, mind_signs=["voices"])
    signs = [sign for look in page.context["look"] for sign in look.signs]
    assert signs == [
        "If this is a woman: she had a baby in the last 12 months, and they hear or see things that others do not."
    ]


def test_not_sure_everywhere_is_one_page_and_then_short_lines(family: Client) -> None:
    way = [page for page in unsure_of_everything(family) if at_safety(page) or "form" in page.context]
    pages = [page for page in way if at_safety(page)]
    told = [sign for page in way for look in page.context["look"] for sign in look.signs]
    assert len(pages) == 1 and pages[0].context["last_answer"] == 1
    assert len(told) == len(set(told)), "each sign once"
    hinted = [page for page in way if not at_safety(page) and page.context["look"]]
    assert len(hinted) == 10
    for page in hinted:
        words = page.content.decode()
        assert "<h2>" not in words, "short: no heading of its own"
        calm = all(look.urgency == "prompt" for look in page.context["look"])
        assert re.search("[Tt]alk to a doctor today" if calm else "Call (911|or text 988|<a)", words)


def test_signs_of_a_later_question_are_a_page_when_they_come_first(family: Client) -> None:
    answer(family, "danger-now", [""])
    assert at_safety(answer(family, "self-harm", NOT_SURE))
    family.post(SAFETY)
    later = answer(family, "self-harm-signs", "nothing")
    assert not at_safety(later)
    # Who was sure after all has no page behind them: the next "not sure" is the first.
    answer(family, "self-harm", "none")
    assert at_safety(answer(family, "violence-home", NOT_SURE))


def test_what_is_stated_is_always_a_page_of_its_own(family: Client) -> None:
    answer(family, "danger-now", NOT_SURE)
    family.post(SAFETY)
    hint = answer(family, "self-harm", NOT_SURE)
    assert not at_safety(hint) and {look.urgency for look in hint.context["look"]} == {"emergency", "crisis"}
    page = answer(family, "self-harm-signs", "way")
    assert at_safety(page) and page.context["urgency"] == "emergency"


def test_each_safety_answer_shows_the_crisis_page_with_its_words(client: Client) -> None:
    """Exhaustive: every choice of a safety question that fires a rule, and "not sure", from a fresh start."""
    client.post("/assessment/", {"voice": "me"})
    definition = Response.objects.get().version.definition
    for question in (one for one in definition.questions if one.role == "safety"):
        for given in [*(choice.key for choice in question.choices), NOT_SURE]:
            client.post("/assessment/", {"voice": "me"})
            for earlier in definition.questions:
                if earlier.key == question.key:
                    break
                least: Any = [""] if earlier.kind == "many" else earlier.choices[0].key
                if question.key == "means" and earlier.key == "self-harm":
                    least = "thoughts"
                answer(client, earlier.key, least)
                client.post(SAFETY)
            page = answer(client, question.key, given)
            newest = Response.objects.order_by("-created_at", "-updated_at").first()
            assert newest is not None
            fired = [one for one in newest.outcome().safety if question.key in dict(one.because)]
            assert at_safety(page) == bool(fired), (question.key, given)
            for one in fired:
                rule = definition.rules[one.rule]
                assert isinstance(rule, SafetyRule)
                assert (rule.text.say("en", "me") in page.context["texts"]) == (given != NOT_SURE)


def test_a_new_warning_stands_alone_and_the_old_ones_are_folded(family: Client) -> None:
    answer(family, "danger-now", ["overdose"])
    family.post(SAFETY)
    page = answer(family, "self-harm", "plan")
    assert page.context["texts"] == [rules()["suicide-plan"].text.say("en", "loved")]
    assert page.context["texts_before"] == [rules()["overdose-now"].text.say("en", "loved")]
    words = page.content.decode()
    assert words.index("<details") < words.index("Earlier warnings") < words.index("This may be an overdose")


def test_a_plan_is_an_emergency_and_a_wish_to_be_gone_is_not(family: Client) -> None:
    answer(family, "danger-now", [""])
    assert answer(family, "self-harm", "passing").context["urgency"] == "crisis"
    page = answer(family, "self-harm", "plan")
    words = page.content.decode()
    assert page.context["urgency"] == "emergency"
    assert "Call or text 988 now. Do not leave them alone." in words and "They help people" not in words


def test_what_was_possible_is_shown_again_when_it_is_stated(family: Client) -> None:
    answer(family, "danger-now", NOT_SURE)
    family.post(SAFETY)
    assert not at_safety(answer(family, "danger-now", NOT_SURE))
    page = answer(family, "danger-now", ["overdose"])
    assert at_safety(page) and page.context["texts"] == [rules()["overdose-now"].text.say("en", "loved")]


def test_the_answer_can_be_changed_from_the_crisis_page_without_a_loop(family: Client) -> None:
    for asked in ("danger-now", "self-harm"):
        page = answer(family, asked, ["overdose"] if asked == "danger-now" else "plan")
        back = page.context["last_answer"]
        again = family.get(f"/assessment/{back}/")
        assert again.status_code == 200 and again.context["form"].asked.key == asked
        # Only the way back is open,
        assert family.get(f"/assessment/{back + 1}/")["Location"] == SAFETY
        # and another answer takes the page away.
        assert not at_safety(answer(family, asked, [""] if asked == "danger-now" else "none"))


def test_the_spanish_page_offers_the_spanish_line(client: Client) -> None:
    client.post("/es/assessment/", {"voice": "me"})
    page = client.post("/es/assessment/1/", {"question": "danger-now", "answer": NOT_SURE}, follow=True)
    words = page.content.decode()
    assert "oprima 2" in words and "sms:988?body=AYUDA" in words and "¿No sabe? Fíjese en estas señales" in words


def test_hurt_at_home_reads_the_right_line_first(family: Client) -> None:
    page = through_to(family, "violence-home", "yes")
    words = page.content.decode()
    page_words = words[words.index("<main") :]
    assert "They deserve to be safe" in page_words and "You matter" not in page_words
    numbers = [page_words.index(f'href="tel:{number}"') for number in ("+18007997233", "988", "911")]
    assert numbers == sorted(numbers) and numbers[-1] < page_words.index("<form")
    assert "sms:88788?body=START" in page_words
    assert page_words.count('href="tel:+18007997233"') == 2, "the number in the words can be tapped too"


@pytest.mark.parametrize("beside", ["", NOT_SURE])
def test_danger_beside_none_or_not_sure_is_kept_and_shown(family: Client, beside: str) -> None:
    page = answer(family, "danger-now", ["overdose", beside])
    assert at_safety(page) and page.context["urgency"] == "emergency"
    assert Response.objects.get().answers["danger-now"] == ["overdose"]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("/assessment/", "1-<wbr>800-<wbr>799-<wbr>7233</a>, day or night, if any of this is true:"),
        ("/es/assessment/", "1-<wbr>800-<wbr>799-<wbr>7233</a>, de día o de noche, si algo de esto es cierto:"),
    ],
)
def test_not_sure_about_being_hurt_names_the_violence_line(client: Client, start: str, words: str) -> None:
    client.post(start, {"voice": "loved"})
    page = through_to(client, "violence-home", NOT_SURE)
    shown = client.get(f"{start}safety/").content.decode()
    assert at_safety(page) and words in shown[shown.index("<main") :]
    assert 'href="tel:988"' in shown[shown.index("<main") :]


def test_unnamed_line_falls_back_to_the_line_of_its_urgency(family: Client) -> None:
    page = answer(family, "danger-now", ["overdose"])
    words = page.content.decode()
    assert [line.key for line in page.context["lines"]][:2] == ["911", "988"]
    assert (
        words.index("<main")
        < words.index("Call 911 now. This is an emergency.")
        < words.index("Domestic Violence Hotline")
    )


MILDER = [("mind-signs", ["unreal"]), ("stopping", "dangerous"), ("violence-home", "afraid"), ("body", "urgent")]


@pytest.mark.parametrize(("question", "given"), MILDER)
def test_nothing_after_an_emergency_is_milder_than_it(family: Client, question: str, given: Any) -> None:
    answers = {question.replace("-", "_"): given, "danger_now": ["withdrawal"], "substances": ["alcohol"]}
    page = first_page_for(family, question, **answers)
    assert at_safety(page)
    assert page.context["urgency"] == "emergency" and page.context["first"] == "911"
    assert page.context["heading"] == "Call 911 now. This is an emergency."
    assert page.context["texts"][0] == rules()["withdrawal-now"].text.say("en", "loved")
    # Of stopping 911 has said all: what sends to a doctor today is not said beside it.
    assert len(page.context["texts"]) == (1 if question == "stopping" else 2) and not page.context["texts_before"]
    assert family.get(SAFETY).context["heading"] == page.context["heading"]
    family.post(SAFETY)
    assert family.get(SAFETY).context["heading"] == page.context["heading"]


def test_a_hint_after_an_emergency_says_911_first(family: Client) -> None:
    page = first_page_for(family, "drink-often", danger_now=["overdose"], substances=["alcohol"], drink_often=NOT_SURE)
    words = page.content.decode()
    assert page.context["look"] and words.index("Call 911 first") < words.index("Talk to a doctor today")


def test_who_has_stopped_already_is_told_what_is_true_now(family: Client) -> None:
    page = first_page_for(family, "stopping", substances=["alcohol"], stopping="dangerous")
    assert page.context["heading"] == "Call 911 if this is happening now" and page.context["first"] == "911"
    assert "If they have already stopped, they need a doctor today." in page.content.decode()


@pytest.mark.parametrize("key", ["withdrawal-danger", "do-not-stop-suddenly", "pregnant-and-using"])
def test_each_warning_of_stopping_speaks_to_those_who_have_stopped(family: Client, key: str) -> None:
    text = rules()[key].text
    assert "already stopped" in text.en.me and "already stopped" in text.en.loved
    assert "Si ya" in text.es.me and "Si ya" in text.es.loved


def test_an_overdose_in_the_last_year_has_a_page_of_its_own(family: Client) -> None:
    page = first_page_for(family, "use-signs", substances=["opioids"], how_often="daily", use_signs=["overdose"])
    words = page.content.decode()
    assert at_safety(page) and page.context["first"] == "911"
    assert "naloxone (Narcan)" in words and "not use alone" in words and "Call 911 if it happens again" in words


def test_every_spanish_word_about_988_says_how_to_reach_it_in_spanish(family: Client) -> None:
    definition = Response.objects.get().version.definition
    texts = [rule.text for rule in definition.safety] + [note.text for note in definition.notes]
    texts += [question.help for question in definition.questions if question.help]
    for text in texts:
        for words in text.es:
            assert "988" not in words or ("AYUDA" in words and "2" in words), words


def test_a_safety_page_names_the_answer_that_opened_it(family: Client) -> None:
    assert not answer(family, "danger-now", NOT_SURE).context["said"]
    family.post(SAFETY)
    page = answer(family, "self-harm", "thoughts")
    (said,) = page.context["said"]
    assert said.answer == "“They have thought about ending their life, with no plan that I know of”"
    assert f"<strong>You said:</strong> {said.answer}" in page.content.decode()
    # Of several answers to one question only the one that counts is named; what is only possible was not said.
    family.post(SAFETY)
    assert [one.answer for one in answer(family, "danger-now", ["overdose", NOT_SURE]).context["said"]] == [
        "“Someone may have taken too much: hard to wake, slow breathing, blue or gray lips”"
    ]


def test_keeping_away_from_people_states_no_thought_of_dying(family: Client) -> None:
    answer(family, "danger-now", [""])
    answer(family, "self-harm", NOT_SURE)
    family.post(SAFETY)
    page = answer(family, "self-harm-signs", "withdrawn")
    assert not at_safety(page)
    (fired,) = [one for one in Response.objects.get().outcome().safety if one.rule == "suicide-thoughts"]
    assert not fired.stated, "it stays possible: the result shows what to look for"
    page = answer(family, "self-harm-signs", "burden")
    assert at_safety(page) and page.context["said"][0].answer == "“They say they are a burden, or see no point”"


def test_a_later_safety_page_is_short_and_has_the_same_calls(family: Client) -> None:
    answer(family, "danger-now", [""])
    first = answer(family, "self-harm", "passing")
    family.post(SAFETY)
    answer(family, "means", "no")
    later = answer(family, "violence-home", "yes")
    assert not first.context["short"] and later.context["short"]
    pages = [page.content.decode().split("<main")[1].split("</main")[0] for page in (first, later)]
    assert 'class="contacts"' in pages[0] and 'class="contacts"' not in pages[1]
    for address in ("tel:+18007997233", "tel:988", "sms:988", "tel:911"):
        assert address in pages[1] and pages[1].index(address) < pages[1].index("<form")
    assert rules()["violence-at-home"].text.say("en", "loved")[:30] in pages[1]


def test_a_warning_names_no_answer_to_another_reader(family: Client) -> None:
    answer(family, "danger-now", [""])
    answer(family, "self-harm", "thoughts")
    response = Response.objects.get()
    told = opening(response, response.outcome(), "en")["urgent"]
    assert told["texts"] and not told["said"]
    own = opening(response, response.outcome(), "en", with_answers=True)["urgent"]
    assert [one.answer for one in own["said"]] == [
        "“They have thought about ending their life, with no plan that I know of”"
    ]
