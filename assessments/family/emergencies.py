"""Emergencies of the body, which 911 alone can help: what is milder than they are is not said beside them."""

from __future__ import annotations

from assessments.engine.decide import Outcome
from assessments.family.result.given import Given, after_birth, had_seizure, sick_after_stopping

WITHDRAWAL = frozenset({"withdrawal-danger", "shaking", "do-not-stop-suddenly", "pregnant-and-using"})
"""The safety rules that send to a doctor today because of what stopping does."""
STOPPING = WITHDRAWAL | {"alcohol-sedatives", "stopped"}
"""With the notes that do."""
SICK = frozenset({"withdrawal-danger", "shaking"})
"""Those that send who is sick from having stopped to an emergency room now; the others say today."""
FROM_A_DOCTOR = frozenset({"slow-taper", "pain-pills"})
"""Notes on pills from a doctor. To who has stopped them they say whom to call today, to others how to go on."""
TOGETHER = frozenset({"mixing", "confused"})
"""What whoever comes with the ambulance asks about: today, or this week, is too late for it."""
MILDER = {
    "withdrawal-now": STOPPING | TOGETHER,
    "stopped-and-confused": STOPPING | TOGETHER,
    "overdose-now": TOGETHER | {"overdose-last-year"},
}
"""Safety rules that ask for an ambulance, and what is milder about the same danger."""
VOICES = "voices"
"""The note that asks for a visit this week."""
UNREAL = "out-of-touch"
"""The safety rule by which a doctor is needed today for what that note is about."""
SUICIDE = frozenset({"suicide-now", "suicide-plan", "suicide-thoughts"})
"""The safety rules that send to 988 because of thoughts of dying."""
SEEN_TODAY = frozenset({"eating-daily"})
"""Notes that send to a doctor today, before programs are called."""


def is_in_danger(outcome: Outcome) -> bool:
    """Whether the answers state what asks for help now or today, whatever level of care fits after it."""
    told = any(fired.stated for fired in outcome.safety) or any(fired.certain for fired in outcome.first)
    told = told or after_birth(Given(outcome))
    return told or any(fired.stated and fired.rule in SEEN_TODAY for fired in outcome.notes)


def speaks_of_dying(outcome: Outcome) -> bool:
    """Whether an answer states a sign of suicide."""
    return any(fired.stated and fired.rule in SUICIDE for fired in outcome.safety)


def needs_ambulance(outcome: Outcome) -> bool:
    """Whether the body is in danger this minute: there is no one but 911 to call for it."""
    return any(fired.stated and fired.rule in MILDER for fired in outcome.safety)


def withdrawal_is_stated(outcome: Outcome) -> bool:
    """Whether an answer states that stopping needs a doctor."""
    return any(fired.stated and fired.rule in WITHDRAWAL for fired in outcome.safety)


def without_milder(outcome: Outcome) -> Outcome:
    """The outcome without the rules and notes that name a later hour for a danger of now."""
    stated = {fired.rule for fired in outcome.safety if fired.stated}
    milder = {key for rule in stated & MILDER.keys() for key in MILDER[rule]}
    given = Given(outcome)
    if needs_ambulance(outcome) and given.has("person", "stopped"):
        milder |= STOPPING | FROM_A_DOCTOR
    elif sick_after_stopping(given):
        milder |= STOPPING - stated | STOPPING - SICK
    if given.has("person", "stopped"):
        # Pills from a doctor: the note on them says today, and an emergency room comes before their doctor.
        if given.has("person", "prescribed-sedatives", "prescribed-opioids"):
            milder.add("stopped")
        if had_seizure(given):
            milder.add("slow-taper")
    # Withdrawal explains what is heard and seen: it is a danger of tonight, not a sign to have looked at this week.
    if milder or UNREAL in stated or withdrawal_is_stated(outcome):
        milder.add(VOICES)
    if after_birth(given):
        milder |= {VOICES, "stopped"}
    return outcome._replace(
        safety=tuple(fired for fired in outcome.safety if fired.rule not in milder),
        notes=tuple(fired for fired in outcome.notes if fired.rule not in milder),
    )
