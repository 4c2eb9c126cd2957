"""What to do at night, when no office is open, for who must not stop all at once and may not feel ill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Language, Voice
from assessments.family.result.given import Given, can_stop, stopping_is_dangerous
from guides.content.helplines import Helpline
from guides.publishing.helplines import helplines

WITHDRAWAL = frozenset({"withdrawal-danger", "do-not-stop-suddenly", "pregnant-and-using"})
"""The safety rules that send to a doctor today because of what stopping does."""


class Tonight(NamedTuple):
    """What holds until a doctor was reached: when not to wait, whom to call and what if no one answers.

    What does not hold is empty: who has stopped is not told to go on, nor who can stop without danger; who has stopped
    and is very sick calls nobody first. `line` finds treatment at any hour; None where no such line is published.
    """

    until: str
    at_once: str
    stopped: str
    call: str
    whom: Sequence[str]
    no_answer: str
    line: Helpline | None


def tonight(outcome: Outcome, language: Language, voice: Voice) -> Tonight | None:
    """The night's part; None where nothing is known to be dangerous to stop, or where it is an emergency by now."""
    given = Given(outcome)
    first_step = any(fired.certain for fired in outcome.first) and stopping_is_dangerous(given)
    if given.has("danger-now", "withdrawal") or not (first_step or withdrawal_is_stated(outcome)):
        return None
    me = voice == "me"
    at_once = _at_once(me=me)
    line = treatment_line(language)
    if given.has("person", "stopped"):
        if given.has("stopping", "severe", "dangerous"):
            return Tonight("", at_once, _very_sick(me=me), "", (), "", line)
        return Tonight("", at_once, _has_stopped(me=me), _well(me=me), _whom(given, me=me), _stay(me=me), line)
    if can_stop(given):
        return Tonight("", at_once, _if_stopped(me=me), _first(me=me), _whom(given, me=me), _stay(me=me), line)
    until, no_answer = _not_at_once(me=me)
    return Tonight(until, at_once, _if_stopped(me=me), _first(me=me), _whom(given, me=me), no_answer, line)


def withdrawal_is_stated(outcome: Outcome) -> bool:
    """Whether an answer states that stopping needs a doctor."""
    return any(fired.stated and fired.rule in WITHDRAWAL for fired in outcome.safety)


def treatment_line(language: Language) -> Helpline | None:
    """The line that finds treatment day and night, where editors keep it."""
    return helplines(language).get("samhsa")


def _at_once(*, me: bool) -> str:
    if me:
        return _("Call 911 for a seizure, strong shaking, severe confusion, or seeing things that are not there.")
    return _(
        "Call 911 for a seizure, strong shaking, severe confusion, or seeing things that are not there. "
        "Call, too, if they cannot be woken."
    )


def _not_at_once(*, me: bool) -> tuple[str, str]:
    """For who must not stop alone: what holds until a doctor was reached, and what to do if no one answers."""
    if me:
        return _("Until you have talked with a doctor or nurse, do not stop all at once."), _(
            "If no one answers, call again when the office opens. Until then do not stop all at once, "
            "and ask someone to stay with you."
        )
    return _("Until they have talked with a doctor or nurse, they should not stop all at once."), _(
        "If no one answers, call again when the office opens. Until then they should not stop all at once, "
        "and someone should stay close, if that is safe."
    )


def _very_sick(*, me: bool) -> str:
    if me:
        return _(
            "You have stopped and feel very sick: go to an emergency room now. It is open at any hour, whether or not "
            "you can pay. Say what you took, and when you took it last."
        )
    return _(
        "They have stopped and are very sick: go to an emergency room now. It is open at any hour, whether or not "
        "you can pay. Say what they took, and when they took it last."
    )


def _has_stopped(*, me: bool) -> str:
    if me:
        return _("You have stopped: if you shake, throw up or feel ill, go to an emergency room. Do not wait.")
    return _("They have stopped: if they shake, throw up or feel ill, go to an emergency room. Do not wait.")


def _if_stopped(*, me: bool) -> str:
    if me:
        return _(
            "If you have already stopped, or begin to shake or feel ill, you need a doctor now. "
            "At night, go to an emergency room."
        )
    return _(
        "If they have already stopped, or begin to shake or feel ill, they need a doctor now. "
        "At night, go to an emergency room."
    )


def _well(*, me: bool) -> str:
    if me:
        return _("If you do not feel ill, call first. Ask what to do tonight:")
    return _("If they do not feel ill, call first. Ask what to do tonight:")


def _first(*, me: bool) -> str:
    if me:
        return _("If you have not stopped and do not feel ill, call first. Ask what to do tonight:")
    return _("If they have not stopped and do not feel ill, call first. Ask what to do tonight:")


def _stay(*, me: bool) -> str:
    if me:
        return _("If no one answers, call again when the office opens. Until then, ask someone to stay with you.")
    return _(
        "If no one answers, call again when the office opens. Until then, someone should stay close, if that is safe."
    )


def _whom(given: Given, *, me: bool) -> list[str]:
    insured = not given.has("paying", "no-insurance")
    return [
        _("Your own doctor or clinic. After hours, ask for the doctor on call.")
        if me
        else _("Their own doctor or clinic. After hours, ask for the doctor on call."),
        *(
            [_("The nurse line of the health plan. The number is often on the back of the insurance card.")]
            if insured
            else []
        ),
        _("An urgent care clinic that is open. An emergency room is open at any hour, whether or not you can pay."),
    ]
