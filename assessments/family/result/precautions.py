"""What to do today about a danger: who stays near, who looks after a baby, who does not drive, what naloxone is for."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.engine.decide import Outcome
from assessments.engine.definition import Voice
from assessments.family.emergencies import UNREAL, needs_ambulance, speaks_of_dying
from assessments.family.result.given import (
    Given,
    after_birth,
    drinks_daily,
    had_seizure,
    has_stopped,
    is_alone,
    is_violent,
    sees_things,
    sick_after_stopping,
)
from guides.content.helplines import Helpline


def the_way(outcome: Outcome, given: Given, voice: Voice) -> Iterator[str]:
    """Who looks after the baby of who may be ill from the birth, and how to come to the emergency room."""
    if after_birth(given):
        yield baby_first(given, voice)
    if (after_birth(given) or had_seizure(given)) and not needs_ambulance(outcome):
        yield _on_the_way(voice)


def baby_first(given: Given, voice: Voice) -> str:
    """Who looks after the baby where being out of touch with what is real began after a birth."""
    if voice == "loved":
        return _(
            "From now on, another adult looks after the baby. Do not leave the baby alone with your loved one, not "
            "even for a minute."
        )
    if is_alone(given):
        return _("If no other adult can look after the baby now, call 911 and say so.")
    return _("From now on, another adult looks after the baby, and someone stays with you.")


def after_birth_words(voice: Voice) -> str:
    """What this is and where to go; in place of the words for who is out of touch with what is real at another time."""
    if voice == "loved":
        return _(
            "Go to an emergency room with them now, or call 911. After a birth this can turn dangerous within hours, "
            "for the baby, too. It can be treated. Stay calm, and stay with them."
        )
    return _(
        "Go to an emergency room now, or call 911. After a birth this can turn dangerous within hours, for the baby, "
        "too. It can be treated, and it is not your fault."
    )


def out_of_reach(outcome: Outcome, given: Given, voice: Voice) -> Iterator[str]:
    """What to do instead of staying near, for whom it may not be known where the person is."""
    warned = speaks_of_dying(outcome) or any(one.stated and one.rule == UNREAL for one in outcome.safety)
    if voice == "loved" and warned and (given.has("home", "no-home") or "home" not in given.choices):
        yield _(
            "If you cannot reach them, or do not know where they are: call 911 and ask for someone to look for them. "
            "Say where they may be, and if they have a car: which one, and where they park."
        )


def no_driving(given: Given, voice: Voice) -> Iterator[str]:
    """For who drove, worked or looked after a child while drunk or high."""
    risked = given.has("use-signs", "risky") or given.has("use-seen", "risk")
    if not (given.uses and risked) or (has_stopped(given) and not sick_after_stopping(given)):
        return
    if voice == "me":
        yield _("Do not drive today, at work either, and do not look after a child alone.")
    else:
        yield _(
            "They should not drive today, at work either, or look after a child alone. If it is not safe to stop them, "
            "do not stand in their way: call 911, and say which car and where."
        )


def children(given: Given, voice: Voice, line: Helpline | None, *, danger: bool) -> Iterator[str]:
    """Who looks after the children of who drinks or uses, and what is kept out of their reach; `line` knows of poison.
    `danger`: somebody is to be called, or seen, today."""
    risked = given.has("use-signs", "risky") or given.has("use-seen", "risk")
    if not (given.uses and given.has("duties", "caring") and (risked or danger or drinks_daily(given))):
        return
    sober = _("Tonight a sober adult looks after the children.")
    away = _("Keep your pills, drugs and drinks where no child can reach them.")
    if voice == "loved":
        away = _("Keep their pills, drugs and drinks where no child can reach them.")
    ask = ""
    if line:
        ask = _(
            "If a child may have swallowed some, call %(number)s, %(name)s, at once; 911 if the child is hard to wake "
            "or has trouble breathing."
        ) % {"number": line.number, "name": line.name}
    yield " ".join(filter(None, (sober, away, ask)))


def fallen(given: Given, voice: Voice) -> Iterator[str]:
    """The signs after a blow to the head, for who drinks or takes pills that make drowsy: they look like it."""
    if not (drinks_daily(given) or given.has("substances", "sedatives") or given.has("person", "prescribed-sedatives")):
        return
    if voice == "me":
        yield _("A fall or a blow to the head, and then sleepy, throwing up, a bad headache or confused: call 911.")
    else:
        yield _(
            "If they fell or hit their head, and are sleepy, throw up, have a bad headache or are confused: call 911. "
            "Do not let them sleep it off."
        )


def seen_or_heard(given: Given, voice: Voice) -> Iterator[str]:
    """For who sees or hears what others do not, or feels watched, and uses: the drug or no sleep may do it, today."""
    if not sees_things(given):
        return
    if voice == "me":
        yield _(
            "Seeing or hearing what others do not, or feeling watched, can come from the drug or from too little "
            "sleep: see a doctor today. If it frightens you, or you cannot sleep, go to an emergency room. Do not "
            "drive or work with machines until it is gone."
        )
    else:
        yield _(
            "Seeing or hearing what others do not, or feeling watched, can come from the drug or from too little "
            "sleep: a doctor should see them today. If they are frightened, or cannot sleep, go to an emergency room "
            "with them. They should not drive or work with machines until it is gone."
        )


def own_safety(given: Given, voice: Voice, line: Helpline | None) -> Iterator[str]:
    """For who lives with rage that hurts or scares: that person's own safety comes before any talk about care."""
    if voice != "loved" or not (is_violent(given) or given.has("danger-now", "violence")):
        return
    first = _("Your own safety comes first, and that of any children. In danger, go where you are safe and call 911.")
    plan = ""
    if line:
        plan = _("%(number)s, %(name)s, helps you plan, day or night.") % {"number": line.number, "name": line.name}
    yield " ".join(filter(None, (first, plan, _("Do not say that you looked here."))))


def of_another(given: Given, voice: Voice) -> Iterator[str]:
    """What to do beside alcohol with pills that a doctor may have prescribed for somebody else."""
    own = given.has("person", "prescribed-sedatives", "prescribed-opioids", "stopped")
    if own or not (given.has("substances", "alcohol") and given.has("substances", "sedatives", "opioids")):
        return
    if voice == "me":
        yield _(
            "Pills that were prescribed for someone else are not yours to go on with. After taking them every day, ask "
            "a doctor before you stop. A drugstore takes back what is left."
        )
    else:
        yield _(
            "Pills that were prescribed for someone else are not theirs to go on with. After taking them every day, "
            "they ask a doctor before they stop. A drugstore takes back what is left."
        )


def before_leaving(given: Given, voice: Voice) -> Iterator[str]:
    """What to ask for in a place where one lives, before one has to leave it."""
    if not given.has("care-now", "residential", "leaving"):
        return
    if voice == "me":
        yield _(
            "Before you have to leave live-in care: ask for the reason in writing. If you need more time, ask the plan "
            "today for a fast review (an expedited appeal); its number is on the card. Ask staff to book the first "
            "visit after it, and which medicine you take along."
        )
    else:
        yield _(
            "Before they have to leave live-in care: ask for the reason in writing. If they need more time, ask the "
            "plan today for a fast review (an expedited appeal); its number is on the card. Ask staff to book the "
            "first visit after it, and which medicine they take along."
        )


def never_alone(given: Given, voice: Voice, line: Helpline | None) -> Iterator[str]:
    """The line that stays on the phone, after an overdose, for who has no steady home; `line` knows of it."""
    opioids, overdose = given.has("substances", "opioids", "unknown"), given.has("use-signs", "overdose")
    if line is None or not (opioids and overdose and given.has("home", "no-home") and not is_alone(given)):
        return
    if voice == "me":
        yield _(
            "Never use alone. With no one near, ask %(number)s about a line that stays on the phone while you use."
        ) % {"number": line.number}
    else:
        yield _(
            "They should never use alone. With no one near, tell them to ask %(number)s about a line that stays on "
            "the phone while they use."
        ) % {"number": line.number}


def company(given: Given, voice: Voice) -> Iterator[str]:
    """What to do and to say tonight where there are thoughts of dying, in the words of the guide for a crisis."""
    if not given.has("self-harm", "passing", "thoughts"):
        return
    if voice == "me" and is_alone(given):
        yield _("Tonight, call or text 988 and say: “I need to talk.” Call again as often as you need.")
    elif voice == "me":
        yield _(
            "Tonight, ask someone to stay with you until it passes. You can say: “I do not want to be alone tonight.” "
            "You can also call or text 988 and say: “I need to talk.”"
        )
    elif is_alone(given):
        yield _(
            "Tonight, call or text 988 and ask how to keep them safe if no one can stay. You can ask them: “I love "
            "you, and I am worried. Are you thinking about suicide?”"
        )
    else:
        yield _(
            "Tonight, stay with them. You can say: “I love you, and I am worried. Are you thinking about suicide?” "
            "If the answer is yes, call or text 988 together."
        )


def overdose(voice: Voice) -> str:
    """The signs of an overdose, and naloxone, for whoever may take opioids."""
    if voice == "me":
        return _(
            "Keep naloxone (Narcan) where others find it, and tell them the signs of an overdose: hard to wake, slow "
            "or no breathing, blue or gray lips. Then they call 911 and give naloxone."
        )
    return _(
        "Get naloxone (Narcan) today, and know the signs of an overdose: hard to wake, slow or no breathing, blue or "
        "gray lips. Then call 911 and give naloxone."
    )


def _on_the_way(voice: Voice) -> str:
    """How to come to the emergency room after a seizure, which may come again."""
    if voice == "me":
        return _("Do not drive yourself to the emergency room. With no one to take you, call 911.")
    return _("Do not leave them alone, and do not let them drive. With no one to take them, call 911.")


def baby_tonight(outcome: Outcome, given: Given, line: Helpline | None) -> Iterator[str]:
    """Who looks after a baby tonight, and the `line` for mothers, beside what makes drowsy and beside a danger."""
    if not given.has("person", "baby") or after_birth(given):
        return
    if given.uses or given.has("person", "prescribed-sedatives", "prescribed-opioids"):
        told = _("Tonight, someone who is sober looks after the baby.")
    elif speaks_of_dying(outcome) or needs_ambulance(outcome) or given.has("mind-signs", "confused"):
        told = _("Tonight, another adult looks after the baby.")
    else:
        return
    if line:
        told += " " + _("For help after a birth, call %(number)s, %(name)s, in English or Spanish.") % line._asdict()
    yield told


def pills_left(given: Given, voice: Voice) -> Iterator[str]:
    """What to do with pills from a doctor that were stopped: neither take them again nor throw them out alone."""
    if not (given.has("person", "stopped") and given.has("person", "prescribed-sedatives", "prescribed-opioids")):
        return
    if voice == "me":
        yield _(
            "Tell the doctor who prescribed the pills. Ask that doctor or a pharmacist what to do with those that are "
            "left: do not start them again, or throw them out, on your own."
        )
    else:
        yield _(
            "Tell the doctor who prescribed the pills. Ask that doctor or a pharmacist what to do with those that are "
            "left: they should not start them again, or throw them out, on their own."
        )


def wound(given: Given) -> Iterator[str]:
    """What to do about the wound itself, for who hurts themselves."""
    if given.has("self-harm", "hurt"):
        yield _(
            "A wound that is deep, or does not stop bleeding, needs an emergency room now. Call 911 for heavy bleeding."
        )
