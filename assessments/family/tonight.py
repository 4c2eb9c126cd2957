"""What to do at night, when no office is open, for who must not stop all at once and may not feel ill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Language, Voice
from assessments.family.emergencies import needs_ambulance, speaks_of_dying, withdrawal_is_stated
from assessments.family.result.given import (
    Given,
    after_birth,
    can_stop,
    has_stopped,
    is_alone,
    shakes,
    sick_after_stopping,
    stopping_is_dangerous,
)
from guides.content.helplines import Helpline
from guides.publishing.helplines import helplines


class Tonight(NamedTuple):
    """What holds until a doctor was reached: when not to wait, whom to call and what if no one answers.

    What does not hold is empty: who has stopped is not told to go on, nor who can stop without danger; who has stopped
    and is very sick calls nobody first. `line` finds treatment at any hour; None where no such line is published.
    `life` comes before all of it where there are thoughts of dying: nobody waits with them until an office opens.
    """

    until: str
    at_once: str
    stopped: str
    call: str
    whom: Sequence[str]
    no_answer: str
    line: Helpline | None
    life: str = ""


def tonight(outcome: Outcome, language: Language, voice: Voice) -> Tonight | None:
    """The night's part; None where nothing is known to be dangerous to stop, or where it is an emergency by now."""
    given, me = Given(outcome), voice == "me"
    first_step = any(fired.certain for fired in outcome.first) and stopping_is_dangerous(given)
    if needs_ambulance(outcome) or after_birth(given) or not (first_step or withdrawal_is_stated(outcome)):
        return None
    night = _of_stopping(given, language, me=me)
    if not speaks_of_dying(outcome):
        return night
    return night._replace(life=_life(), no_answer=_open_at_any_hour(night, me=me))


def _of_stopping(given: Given, language: Language, *, me: bool) -> Tonight:
    """What the night asks for because of stopping alone."""
    at_once = _at_once(me=me)
    line, whom, stay = treatment_line(language), _whom(given, me=me), _stay(given, me=me)
    if sick_after_stopping(given):
        return Tonight("", at_once, _very_sick(me=me), "", (), "", line)
    if has_stopped(given):
        return Tonight("", at_once, _has_stopped(me=me), _well(me=me), whom, stay, line)
    if can_stop(given):
        return Tonight("", at_once, _if_stopped(me=me), _first(me=me), whom, stay, line)
    until, no_answer = _not_at_once(given, me=me)
    if shakes(given):
        return Tonight(until, at_once, _shakes(me=me), _while_calm(me=me), whom, no_answer, line)
    return Tonight(until, at_once, _if_stopped(me=me), _first(me=me), whom, no_answer, line)


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


def _not_at_once(given: Given, *, me: bool) -> tuple[str, str]:
    """For who must not stop alone: what holds until a doctor was reached, and what to do if no one answers."""
    if me and is_alone(given):
        return _("Until you have talked with a doctor or nurse, do not stop all at once."), _(
            "If no one answers, call again when the office opens. Until then do not stop all at once. "
            "An emergency room is open at any hour."
        )
    if me:
        return _("Until you have talked with a doctor or nurse, do not stop all at once."), _(
            "If no one answers, call again when the office opens. Until then do not stop all at once, "
            "and ask someone to stay with you."
        )
    return _("Until they have talked with a doctor or nurse, they should not stop all at once."), _(
        "If no one answers, call again when the office opens. Until then they should not stop all at once, "
        "and someone should stay close, if that is safe."
    )


def _life() -> str:
    return _("Thoughts of dying come first: call or text 988, or go to an emergency room, at any hour.")


def _open_at_any_hour(night: Tonight, *, me: bool) -> str:
    """What to do if no one answers, where nobody may wait until an office opens."""
    if not night.no_answer:
        return ""
    go = _("If no one answers, do not wait: call 988, or go to an emergency room.")
    if not night.until:
        return go
    until = _("Until then do not stop all at once.") if me else _("Until then they should not stop all at once.")
    return f"{go} {until}"


def _very_sick(*, me: bool) -> str:
    if me:
        return _(
            "You have stopped and feel sick from it: go to an emergency room now. It is open at any hour, whether or "
            "not you can pay. Say what you took, and when you took it last."
        )
    return _(
        "They have stopped and feel sick from it: go to an emergency room now. It is open at any hour, whether or not "
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


def _shakes(*, me: bool) -> str:
    """For who shakes until using again, by what is seen: an emergency room now, or a doctor today (at night: later)."""
    if me:
        return _(
            "If you shake or feel sick, go to an emergency room now, at any hour. Even if it passes with the next "
            "drink or dose, see a doctor today; at night, first thing in the morning, at an urgent care clinic or an "
            "emergency room. If you stop, go to an emergency room at once."
        )
    return _(
        "If they shake or feel sick, go to an emergency room now, at any hour. Even if it passes with the next drink "
        "or dose, they need a doctor today; at night, first thing in the morning, at an urgent care clinic or an "
        "emergency room. If they stop, go to an emergency room at once."
    )


def _while_calm(*, me: bool) -> str:
    if me:
        return _("Tonight, while you do not shake or feel sick, call first. Ask what to do until the morning:")
    return _("Tonight, while they do not shake or feel sick, call first. Ask what to do until the morning:")


def _well(*, me: bool) -> str:
    if me:
        return _("If you do not feel ill, call first. Ask what to do tonight:")
    return _("If they do not feel ill, call first. Ask what to do tonight:")


def _first(*, me: bool) -> str:
    if me:
        return _("If you have not stopped and do not feel ill, call first. Ask what to do tonight:")
    return _("If they have not stopped and do not feel ill, call first. Ask what to do tonight:")


def _stay(given: Given, *, me: bool) -> str:
    if me and is_alone(given):
        return _(
            "If no one answers, call again when the office opens. Until then, an emergency room is open at any hour."
        )
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
