"""What families are told of safety: what their answers state, and what to look for where they were not sure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Fired, Outcome
from assessments.engine.definition import NOT_SURE, URGENCIES, Helpline, Language, SafetyRule, Urgency, Voice
from assessments.engine.explain import Speaker
from assessments.engine.signs import signs
from assessments.family.emergencies import SUICIDE, UNREAL, withdrawal_is_stated, without_milder
from assessments.family.result import precautions
from assessments.family.result.given import Given, after_birth, had_seizure, open_to_another, sick_after_stopping
from assessments.family.result.steps import OVERDOSE, Plan
from assessments.family.tonight import tonight, treatment_line
from assessments.models import Response
from guides.content.helplines import Helpline as Line
from guides.publishing.helplines import helplines, lines

WARNS = frozenset({"withdrawal-danger", "shaking", "do-not-stop-suddenly"})
"""Rules whose words say all that the night says of stopping all at once, and when to call 911."""


class Said(NamedTuple):
    """An answer that a safety rule rests on, in quotation marks, and its question."""

    answer: str
    question: str


class Look(NamedTuple):
    """What to look for, of one urgency: a sentence for each sign, and for each two that tell only together.

    `line` is the one to reach first, where the rules name another than that of the urgency. `has_pairs` says that one
    half of such a sentence alone still matters.
    """

    urgency: Urgency
    line: Line | None
    signs: list[str]
    has_pairs: bool


def interrupting_rules(response: Response, outcome: Outcome) -> dict[str, bool]:
    """The safety rules that the crisis page is shown for, and whether each is stated.

    What is stated is always shown. What is only possible is shown when it is more than advice to see a doctor, or comes
    from a safety question, and no question before it opened such a page: one page tells who to call, and later signs
    stand in short above the next question, as `hints`.
    """
    alarming = [fired for fired in outcome.safety if _alarms(response, fired)]
    first = min((_place(outcome, fired) for fired in alarming), default=0)
    return {fired.rule: fired.stated for fired in alarming if fired.stated or _place(outcome, fired) == first}


def places(outcome: Outcome, rules: Iterable[str]) -> list[int]:
    """The numbers of the questions that these safety rules rest on, in the order asked."""
    wanted = set(rules)
    asked = {because.question for fired in outcome.safety if fired.rule in wanted for because in fired.because}
    return [number for number, step in enumerate(outcome.path, 1) if step.question.key in asked]


def crisis(response: Response, outcome: Outcome, new: Sequence[str], language: Language) -> dict[str, Any]:
    """The crisis page: what is new, most urgent first; what was said before; and the last answer that it rests on.

    After an emergency nothing milder leads the page: its words come again before what is new. `short` is True when such
    a page was shown before: then the calls are buttons, and what else there is stays folded.
    """
    asked, outcome = outcome, without_milder(outcome)
    now = [fired for fired in outcome.safety if fired.rule in new]
    before = [fired for fired in outcome.safety if fired.rule not in new]
    if new and not emergency(response, now):
        still = emergency(response, before)
        now, before = [*still, *now], [fired for fired in before if fired not in still]
    urgency, first, words = _lead(response, now or before, language)
    shown_before = interrupting_rules(response, asked).keys() - set(new)
    return {
        "short": bool(now and shown_before),
        "said": _said(response, now or before, language),
        "calls": _calls(response, first, urgency, outcome, language),
        "urgency": urgency,
        "heading": words,
        "first": first,
        "lines": _lines(first, urgency, outcome, language),
        "tonight": tonight(outcome, language, response.spoken_to),
        "new": bool(now),
        "texts": [*_texts(response, now, language), *_baby(response, now)],
        "look": _look(response, now, language),
        "texts_before": _texts(response, before, language),
        "look_before": _look(response, before, language),
        "last_answer": max(places(asked, new), default=None),
        "complete": outcome.complete,
    }


def opening(response: Response, outcome: Outcome, language: Language, *, with_answers: bool = False) -> dict[str, Any]:
    """What opens a result: who to call and what to do now, for every safety rule that is stated; then what to look for.

    `urgent` is None where nothing is stated. `with_answers` names the answers behind it, and lets words follow
    answers: to the family, nobody else. `by_988` says that 988 is among the calls.
    """
    outcome = without_milder(outcome)
    stated = [fired for fired in outcome.safety if fired.stated]
    urgency, first, words = _lead(response, stated, language)
    calls = _calls(response, first, urgency, outcome, language)
    urgent = {
        "urgency": urgency,
        "heading": words,
        "said": _said(response, stated, language) if with_answers else [],
        "lines": calls,
        "texts": told_once(_texts(response, stated, language, follow=with_answers)),
        "warned": any(one.rule in WARNS for one in stated),
        "finds_treatment": any(line.key == "samhsa" for line in calls),
        "by_988": any(line.key == "988" for line in calls),
    }
    look = _look(response, outcome.safety, language, follow=with_answers)
    return {"urgent": urgent if stated else None, "look": look}


def told_once(texts: Iterable[str]) -> list[str]:
    """The texts without the sentences that one before them said; the first, which says what to do, always stays."""
    told: set[str] = set()
    kept = []
    for text in texts:
        first, *rest = re.split(r"(?<=[.!?]) ", text)
        kept.append(" ".join([first, *(one for one in rest if one not in told)]))
        told.update([first, *rest])
    return kept


def emergency(response: Response, fired: Iterable[Fired]) -> list[Fired]:
    """Those of the rules that state an emergency."""
    return [one for one in fired if one.stated and _rule(response, one).urgency == "emergency"]


def only_911(response: Response, fired: Iterable[Fired]) -> bool:
    """Whether the rules state an emergency for which 988 can send nobody."""
    return not all(_sends_to_988(_rule(response, one)) for one in emergency(response, fired))


def calls_now(response: Response) -> Literal["911", "988"] | None:
    """Which of them the stated answers send to at once; None where a doctor today, or another line, comes first."""
    urgency, first = _leads(response)
    return first if urgency not in (None, "prompt") and first in ("911", "988") else None


def doctor_today(response: Response) -> str:
    """When to see a doctor, where stated answers send there today; empty where none does, or they call for help."""
    if _leads(response)[0] != "prompt":
        return ""
    return _("Go to an emergency room now") if had_seizure(Given(response.outcome())) else _see_a_doctor(response)


def _leads(response: Response) -> tuple[Urgency | None, Helpline]:
    """How urgent the stated answers are, and the line to reach first for them; None where nothing is stated."""
    stated = [one for one in without_milder(response.outcome()).safety if one.stated]
    return _lead(response, stated, "en")[:2]


def _lead(response: Response, fired: Sequence[Fired], language: Language) -> tuple[Urgency | None, Helpline, str]:
    """How urgent the rules are, the line to reach first, and the first words: who to reach now.

    The line is that of the most urgent rule which names one, else the one of the urgency. In a crisis 988 leads as
    soon as one rule leaves it to the urgency: a life comes before all else. In an emergency 911 leads alone as soon as
    one rule does not send to 988: there it can send nobody. What is only possible has no urgency; then 988 is asked,
    who help to judge.
    """
    stated = [_rule(response, one) for one in fired if one.stated]
    urgency = min((rule.urgency for rule in stated), key=URGENCIES.index, default=None)
    asked = [rule for rule in stated or [_rule(response, one) for one in fired] if urgency in (None, rule.urgency)]
    named = next((rule.helpline for rule in asked if rule.helpline), None)
    if urgency == "crisis" and not all(rule.helpline for rule in asked):
        named = None
    if only_911(response, fired):
        return urgency, "911", _("Call 911 now. This is an emergency.")
    if urgency == "crisis" and any(_is_of_birth(response, one) for one in fired if one.stated):
        return urgency, "911", _("Go to an emergency room now, or call 911.")
    first: Helpline = named or ("988" if urgency in (None, "crisis") else "911")
    if urgency == "prompt" and all(_is_of_stopping(response, one) for one in fired if one.stated):
        return urgency, first, _see_a_doctor(response)
    if urgency == "prompt" and had_seizure(Given(response.outcome())):
        return urgency, "911", _("Go to an emergency room now. Call 911 if it happens again.")
    if urgency == "prompt" and named == "911":
        if all(_sick_without_danger(response, one) for one in fired if _rule(response, one).helpline == named):
            return urgency, first, _see_a_doctor(response)
        return urgency, first, _if_happening({one.rule for one in fired if _rule(response, one).helpline == named})
    return urgency, first, heading(urgency, first, language, voice=response.spoken_to)


def heading(urgency: Urgency | None, first: Helpline, language: Language, *, voice: Voice) -> str:
    """The first words of the crisis page, said to the one who answers."""
    if urgency == "emergency":
        return _("Call 911 or 988 now. This is an emergency.")
    if urgency == "prompt":
        return _("Get medical advice today")
    if not urgency:
        return _("Not sure? Look for these signs")
    loved = voice == "loved"
    # So that it never breaks at a line's end.
    hotline = helplines(language)["domestic-violence"].number.replace("-", "\u2011")
    return {
        "911": _("Call 911 now."),
        "988": _("Call or text 988 now. You do not have to handle this alone.")
        if loved
        else _("Call or text 988 now. You matter."),
        "domestic-violence": _("Call %(number)s. They deserve to be safe.") % {"number": hotline}
        if loved
        else _("Call %(number)s. You deserve to be safe.") % {"number": hotline},
        "poison": _("Call Poison Control now."),
    }[first]


def _sends_to_988(rule: SafetyRule) -> bool:
    """Whether the words of a rule offer 988: who calls there for a body in danger loses minutes."""
    return "988" in rule.text.say("en", "me")


def _if_happening(rules: Collection[str]) -> str:
    """The first words where 911 is for signs that may be there: an overdose of the last year is over by now."""
    if OVERDOSE not in rules:
        return _("Call 911 if this is happening now")
    return _("Call 911 if it happens again") if len(rules) == 1 else _("Call 911 if this is happening now, or again")


def _sick_without_danger(response: Response, fired: Fired) -> bool:
    """Whether this only says that stopping opioids or cannabis makes very sick, with none of the signs for 911."""
    taken = response.answers.get("substances")
    return (
        fired.rule == "withdrawal-danger"
        and all(because.answer == "severe" for because in fired.because)
        and isinstance(taken, list)
        and set(taken) <= {"cannabis", "opioids"}
    )


def _is_of_stopping(response: Response, fired: Fired) -> bool:
    """Whether this is about stopping, with none of the signs for 911."""
    return fired.rule in ("shaking", "do-not-stop-suddenly") or _sick_without_danger(response, fired)


def _is_of_birth(response: Response, fired: Fired) -> bool:
    """Whether this may come from a birth: then a hospital comes first, and no choice of lines."""
    return fired.rule == UNREAL and after_birth(Given(response.outcome()))


def _see_a_doctor(response: Response) -> str:
    """The first words where stopping is the danger: an emergency room for who has stopped and is sick from it."""
    if sick_after_stopping(Given(response.outcome())):
        return _("Go to an emergency room now")
    return _("Get medical advice today")


def said_once(plan: Plan, urgent: Mapping[str, Any] | None) -> Plan:
    """The plan without what the warnings above it said in the same words."""
    warned = urgent["texts"] if urgent else []
    return plan._replace(today=told_once([*warned, *plan.today])[len(warned) :])


def first_call(response: Response, outcome: Outcome, language: Language) -> str:
    """Who to call before all else, by name, where an emergency or a crisis is stated; else empty."""
    stated = [fired for fired in outcome.safety if fired.stated]
    urgency, first, _words = _lead(response, stated, language)
    if urgency == "emergency":
        return _("First call 911.") if only_911(response, stated) else _("First call 911 or 988.")
    if urgency != "crisis" or first == "911":
        return ""
    if first == "988":
        return _("First call or text 988.")
    line = helplines(language)[first]
    return _("First call %(number)s, %(name)s.") % {"number": line.number, "name": line.name}


def hints(response: Response, outcome: Outcome, number: int, language: Language) -> list[Look]:
    """What to look for, told above the question that follows the answer which made it possible: what is new with it."""
    paged = interrupting_rules(response, outcome)
    new = [fired for fired in outcome.safety if fired.rule not in paged and _place(outcome, fired) == number - 1]
    return _look(response, new, language, about=outcome.path[number - 2].question.key) if new else []


def _lines(first: Helpline, urgency: Urgency | None, outcome: Outcome, language: Language) -> list[Line]:
    """The lines for danger, this one first; last the one that finds treatment, where stopping is the danger."""
    found = lines(first, language)
    treatment = treatment_line(language) if urgency == "prompt" and withdrawal_is_stated(outcome) else None
    return [*found, treatment] if treatment and treatment not in found else found


def _calls(
    response: Response, first: Helpline, urgency: Urgency | None, outcome: Outcome, language: Language
) -> list[Line]:
    """The lines that have a button: the first, 911, those that warnings name, who finds treatment, and 988.

    988 has none where nothing that was said sends there and 911 alone can help, or a doctor comes first: then it has
    one only as long as it was not said that there are no thoughts of dying.
    """
    rules = [_rule(response, fired) for fired in outcome.safety if fired.stated]
    body = urgency == "emergency" or had_seizure(Given(outcome))
    doctor = urgency == "prompt" and not any(fired.rule in SUICIDE for fired in outcome.safety)
    alone = (body or doctor) and not any(map(_sends_to_988, rules))
    shown = {first, "911", "samhsa", *(rule.helpline for rule in rules), *([] if alone else ["988"])}
    return [line for line in _lines(first, urgency, outcome, language) if line.key in shown]


def _said(response: Response, fired: Sequence[Fired], language: Language) -> list[Said]:
    """The answers that state these rules, each once; what was only possible was not said."""
    speaker = _speaker(response, language)
    given = (because for one in fired if one.stated for because in one.because if because.answer != NOT_SURE)
    said = [(because.question, speaker.answer(because.question, because.answer)) for because in dict.fromkeys(given)]
    return [Said(words, speaker.question(key)) for key, words in said]


def _speaker(response: Response, language: Language, *, follow: bool = True) -> Speaker:
    """Says words as the answers ask for them; those for everybody where they may not follow."""
    answers = response.answers if follow else open_to_another(response.answers)
    return Speaker(response.version.definition, language, response.spoken_to, answers=answers)


def _baby(response: Response, fired: Iterable[Fired]) -> list[str]:
    """Who looks after the baby meanwhile; the result says it in its list."""
    of_birth = any(one.stated and _is_of_birth(response, one) for one in fired)
    return [precautions.baby_first(Given(response.outcome()), response.spoken_to)] if of_birth else []


def _rule(response: Response, fired: Fired) -> SafetyRule:
    rule = response.version.definition.rules[fired.rule]
    if not isinstance(rule, SafetyRule):
        raise TypeError(f"{fired.rule} is no safety rule")
    return rule


def _place(outcome: Outcome, fired: Fired) -> int:
    """The number of the last question that a rule rests on; 0 where it rests on none."""
    return max(places(outcome, [fired.rule]), default=0)


def _alarms(response: Response, fired: Fired) -> bool:
    """Whether this is more than advice to see a doctor that is only possible."""
    by_key = response.version.definition.by_key
    asks_of_safety = any(by_key[because.question].role == "safety" for because in fired.because)
    return fired.stated or asks_of_safety or _rule(response, fired).urgency != "prompt"


def _texts(response: Response, fired: Sequence[Fired], language: Language, *, follow: bool = True) -> list[str]:
    speaker = _speaker(response, language, follow=follow)
    return [
        precautions.after_birth_words(response.spoken_to)
        if _is_of_birth(response, one)
        else speaker.text(_rule(response, one).text)
        for one in fired
        if one.stated
    ]


def _look(
    response: Response, fired: Sequence[Fired], language: Language, *, follow: bool = True, about: str = ""
) -> list[Look]:
    """What is only possible, by urgency and by who to reach; of one question alone if it is `about` that."""
    speaker = _speaker(response, language, follow=follow)
    groups: dict[tuple[int, Helpline | None], list[Fired]] = {}
    for one in fired:
        if not one.stated:
            rule = _rule(response, one)
            groups.setdefault((URGENCIES.index(rule.urgency), _own_line(rule)), []).append(one)
    in_order = sorted(groups.items(), key=lambda group: (group[0][0], group[0][1] not in ("911", None)))
    looked = [
        _looked(response, URGENCIES[urgency], helplines(language)[line] if line else None, of_one, speaker, about)
        for (urgency, line), of_one in in_order
    ]
    # Each sign once, with who to reach first for it.
    told: set[str] = set()
    once = []
    for look in looked:
        once.append(look._replace(signs=[sign for sign in look.signs if sign not in told]))
        told.update(look.signs)
    return [look for look in once if look.signs]


def _own_line(rule: SafetyRule) -> Helpline | None:
    """The line that leads what is only possible in this rule, where it is not that of the urgency.

    911 leads in an emergency, and advice to see a doctor where the rule says so: signs may be there now.
    """
    usual: dict[Urgency, Helpline | None] = {"emergency": "911", "crisis": "988", "prompt": None}
    return rule.helpline if rule.helpline != usual[rule.urgency] else None


def _looked(
    response: Response, urgency: Urgency, line: Line | None, fired: Sequence[Fired], speaker: Speaker, about: str
) -> Look:
    looks = [
        look
        for one in fired
        for look in signs(speaker.definition, response.answers, one)
        if not about or any(sign.question == about for sign in (*look.signs, *look.known))
    ]
    in_order = sorted(looks, key=lambda look: len(look.signs))
    told = list(dict.fromkeys(map(speaker.look, in_order)))
    return Look(urgency, line, told, any(len(look.signs) > 1 for look in looks))
