"""What to do at night, when no office is open, for who must not stop all at once and may not feel ill."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Language, Voice
from assessments.family.result.given import Given, stopping_is_dangerous
from guides.content.helplines import Helpline
from guides.publishing.helplines import helplines

WITHDRAWAL = frozenset({"withdrawal-danger", "do-not-stop-suddenly", "pregnant-and-using"})
"""The safety rules that send to a doctor today because stopping all at once is dangerous."""


class Tonight(NamedTuple):
    """What holds until a doctor was reached: when not to wait, whom to call and what if no one answers.

    `line` finds treatment at any hour; None where no such line is published.
    """

    until: str
    at_once: str
    stopped: str
    call: str
    whom: list[str]
    no_answer: str
    line: Helpline | None


def tonight(outcome: Outcome, language: Language, voice: Voice) -> Tonight | None:
    """The night's part; None where nothing is known to be dangerous to stop, or where it is an emergency by now."""
    given = Given(outcome)
    first_step = any(fired.certain for fired in outcome.first) and stopping_is_dangerous(given)
    if given.has("danger-now", "withdrawal") or not (first_step or withdrawal_is_stated(outcome)):
        return None
    if voice == "me":
        return Tonight(
            _("Until you have talked with a doctor or nurse, do not stop all at once."),
            _("Call 911 for a seizure, strong shaking, severe confusion, or seeing things that are not there."),
            _(
                "If you have already stopped, or begin to shake or feel ill, you need a doctor now. "
                "At night, go to an emergency room."
            ),
            _("If you have not stopped and do not feel ill, call first. Ask what to do tonight:"),
            [
                _("Your own doctor or clinic. After hours, ask for the doctor on call."),
                *_others(),
            ],
            _(
                "If no one answers, call again when the office opens. Until then do not stop all at once, "
                "and ask someone to stay with you."
            ),
            treatment_line(language),
        )
    return Tonight(
        _("Until they have talked with a doctor or nurse, they should not stop all at once."),
        _(
            "Call 911 for a seizure, strong shaking, severe confusion, or seeing things that are not there. "
            "Call, too, if they cannot be woken."
        ),
        _(
            "If they have already stopped, or begin to shake or feel ill, they need a doctor now. "
            "At night, go to an emergency room."
        ),
        _("If they have not stopped and do not feel ill, call first. Ask what to do tonight:"),
        [
            _("Their own doctor or clinic. After hours, ask for the doctor on call."),
            *_others(),
        ],
        _(
            "If no one answers, call again when the office opens. Until then they should not stop all at once, "
            "and someone should stay close, if that is safe."
        ),
        treatment_line(language),
    )


def withdrawal_is_stated(outcome: Outcome) -> bool:
    """Whether an answer states that stopping all at once is dangerous."""
    return any(fired.stated and fired.rule in WITHDRAWAL for fired in outcome.safety)


def treatment_line(language: Language) -> Helpline | None:
    """The line that finds treatment day and night, where editors keep it."""
    return helplines(language).get("samhsa")


def _others() -> list[str]:
    return [
        _("The nurse line of the health plan. The number is often on the back of the insurance card."),
        _("An urgent care clinic that is open. An emergency room is open at any hour, whether or not you can pay."),
    ]
