"""The result page, put together from its parts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import NOT_SURE, Definition, Language, Note, Question, Voice
from assessments.engine.explain import Speaker
from assessments.engine.nearest import Change, NearestChange, nearest_change
from assessments.engine.phrases import listed
from assessments.family.emergencies import without_milder
from assessments.family.pages import given
from assessments.family.result.beside import beside, every
from assessments.family.result.fit import Fit, fit_of, heading
from assessments.family.result.given import Given, is_violent, open_to_another, sees_things, stopping_is_dangerous
from assessments.family.result.levels import ASKS, COSTS, FAMILIES, GIVES, PAYING, Levels
from assessments.family.result.open_questions import still_open
from assessments.family.result.phone import to_say
from assessments.family.result.reasons import not_more, why
from assessments.family.result.steps import coverage, plan, to_ask
from assessments.family.result.young import YOUNG, for_young
from assessments.family.search import search_fields
from assessments.family.tonight import tonight
from assessments.family.warnings import first_call
from assessments.models import Response
from guides.publishing.helplines import helplines

USE = frozenset({"drink-often", "how-often", "stopping", "stopping-signs", "staying-off"})
"""Questions whose milder answer means using less, or having stopped."""


def result(response: Response, outcome: Outcome, language: Language, *, words_follow: bool = True) -> dict[str, Any]:
    """Everything that the result page shows, but what safety asks for (see `warnings.opening`).

    `words_follow`: words may follow the answers; not for a reader who is not shown them.
    """
    definition, voice = response.version.definition, response.spoken_to
    outcome = without_milder(outcome)
    choices = Given(outcome)
    levels = Levels(definition, language, no_detox=choices.needs_no_detox)
    follow = response.answers if words_follow else open_to_another(response.answers)
    speaker = Speaker(definition, language, voice, levels.names, follow)
    fit = fit_of(definition, outcome)
    steps = () if fit.certainty == "open" else fit.steps
    night = tonight(outcome, language, voice)
    todo = plan(outcome, speaker, steps, night=night is not None, call=first_call(response, outcome, language))
    return {
        "fit": fit,
        "unsure": any(step.answer == NOT_SURE for step in outcome.path),
        "loved": voice == "loved",
        **_level(fit, levels, loved=voice == "loved"),
        "first_step": _first_step(outcome, speaker, tells_why=words_follow),
        "higher_first": speaker.level(fit.higher_first) if fit.higher_first else "",
        "open": still_open(definition, outcome, response.answers, fit, speaker),
        **_reasons(outcome, fit, speaker, nearest_change(definition, response.answers, most=1)),
        "plan_name": coverage()["plan"],
        "beside": beside(outcome, fit, levels, speaker),
        "plan": todo,
        "leads": bool(
            night or todo.first or todo.opioids or sees_things(choices) or (voice == "loved" and is_violent(choices))
        ),
        "violent": is_violent(choices),
        "tonight": night,
        **_programs(outcome, choices, fit, levels, voice=voice),
        "violence": helplines(language)["domestic-violence"],
        "young": for_young(choices, voice, note(definition, YOUNG, speaker), todo.seen),
        # Who must be seen now is not offered it again another day.
        "unwilling": voice == "loved" and not todo.now and choices.has("readiness", "torn", "no-need", "not-now"),
        "torn": choices.has("readiness", "torn"),
        "answers": given(response, outcome, language),
        "version": response.version,
    }


def _reasons(outcome: Outcome, fit: Fit, speaker: Speaker, nearest: NearestChange | None) -> dict[str, Any]:
    """Why, and what would change it. `behind` says whether anything is left for the fold below the reasons."""
    definition = speaker.definition
    told, more = why(definition, outcome, fit.steps, speaker), not_more(definition, outcome, fit, speaker)
    change, no_change = change_of(nearest, fit, speaker, Given(outcome)), nearest is None and fit.certainty == "settled"
    answers = any(reason.because for reason in told.first[1:])
    behind = bool(answers or told.rest or more or change or no_change)
    return {"why": told, "not_more": more, "change": change, "no_change": no_change, "behind": behind}


def _level(fit: Fit, levels: Levels, *, loved: bool) -> dict[str, Any]:
    """The level in words and as stones."""
    return {
        "names": levels.names,
        "heading": [(sign.word, levels.name(sign.level)) for sign in heading(fit, loved=loved)],
        "summary": levels.summary(fit.steps[0]),
        "upto": levels.name(fit.upto) if fit.least else "",
        "stones": levels.stones(fit.level, upto=fit.upto),
        "first_stones": levels.stones(fit.first) if fit.first else (),
        "height": levels.definition.levels.index(fit.level) + 1,
        "every": every(fit, levels),
    }


def _programs(outcome: Outcome, choices: Given, fit: Fit, levels: Levels, *, voice: Voice) -> dict[str, Any]:
    """What to look for in a program, what to say to one and what to ask it."""
    steps = () if fit.certainty == "open" else fit.steps
    before = [fit.perhaps_first] if steps and fit.perhaps_first and not choices.needs_no_detox else []
    return {
        "there": [_there(levels, slug) for slug in steps],
        "paying": levels.guide(PAYING),
        "insured": choices.has("paying", "private", "medicare", "military"),
        "no_plan": not choices.has("person", "older") and choices.has("paying", "self-pay", "no-insurance"),
        "families": levels.guide(FAMILIES) if voice == "loved" else {},
        "uses": choices.uses and not choices.has("care-now", "leaving", "hospital-now"),
        "say": to_say(
            [(slug, levels.name(slug)) for slug in steps],
            least=fit.least,
            voice=voice,
            uses=choices.uses,
            detox=choices.uses and not choices.needs_no_detox,
        ),
        "ask": to_ask(outcome, steps, voice=voice),
        "fits": [*before, *steps],
        "search": search_fields(outcome),
    }


def note(definition: Definition, key: str, speaker: Speaker) -> str:
    """The words of a note; empty in a version that has no such note."""
    rule = definition.rules.get(key)
    return speaker.text(rule.text) if isinstance(rule, Note) else ""


def _first_step(outcome: Outcome, speaker: Speaker, *, tells_why: bool) -> str:
    """Whether care has a first step; where that is open, the answers that leave it so."""
    said, definition = speaker.first(outcome), speaker.definition
    if not tells_why or any(fired.certain for fired in outcome.first):
        return said
    unsure = {because.question for fired in outcome.first for because in fired.because if because.answer == NOT_SURE}
    told = {step.question.helps for step in outcome.path if step.question.helps and step.answer != NOT_SURE}
    asked = [f"“{speaker.question(one.key)}”" for one in definition.questions if one.key in unsure - told]
    if not asked:
        return said
    why = _("You answered “Not sure” to: %(questions)s.") % {"questions": listed(asked[:2], speaker.language)}
    return f"{said} {why}"


def _there(levels: Levels, slug: str) -> dict[str, Any]:
    """A week at a level, what it gives and asks, and what drives its cost."""
    return {
        "slug": slug,
        "name": levels.name(slug),
        "url": levels.url(slug),
        "week": levels.week(slug),
        "length": levels.short_fact(slug, "length"),
        "gives": levels.facts(slug, GIVES),
        "asks": levels.facts(slug, ASKS),
        "costs": levels.facts(slug, COSTS),
    }


def _leads_on(question: Question, change: Change, *, more: bool) -> bool:
    """Whether the new answer is harder than the one before, or else milder: a later choice, or the same and others.

    Of several the milder one still names what is hard: nobody would call it better.
    """
    before, after = change.before, change.after
    if before is None or before == NOT_SURE:
        return True
    if isinstance(before, str):
        order = [choice.key for choice in question.choices]
        return (order.index(str(after)) > order.index(before)) == more
    return set(before) < set(after) if more else not after


def change_of(nearest: NearestChange | None, fit: Fit, speaker: Speaker, given: Given) -> dict[str, Any] | None:
    """The one answer that would change a settled result, and whether it is a harder answer that leads to more care.

    Where stopping is dangerous, less use is never told as the way to less care: it would read as a goal for home. Nor
    is an answer told as harder, or as better, that is another one without being so.
    """
    if nearest is None or fit.certainty != "settled":
        return None
    order, change = speaker.definition.levels, nearest.changes[0]
    # The level that an answer leads to is where care begins: it is compared with where it begins now.
    more = order.index(nearest.level) > order.index(fit.steps[0])
    if not _leads_on(speaker.definition.by_key[change.question], change, more=more):
        return None
    if not more and change.question in USE and stopping_is_dangerous(given):
        return None
    return {
        "question": speaker.question(change.question),
        "now": speaker.answer(change.question, change.before) if change.before is not None else "",
        "then": speaker.answer(change.question, change.after),
        "level": speaker.level(nearest.level),
        "more": more,
    }
