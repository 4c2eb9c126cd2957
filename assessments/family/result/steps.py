"""What to do today and this week, and what to ask a program, by what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.engine.decide import Fired, Outcome
from assessments.engine.definition import Definition, Note, SafetyRule, Voice
from assessments.engine.explain import Speaker
from assessments.family.emergencies import SEEN_TODAY, VOICES, needs_ambulance, speaks_of_dying
from assessments.family.result import precautions
from assessments.family.result.given import Given, after_birth, drinks_daily, sees_things, sick_after_stopping
from guides.context_processors import site
from guides.publishing.helplines import helplines

TODAY = frozenset(
    {
        "alcohol-sedatives",
        "slow-taper",
        "pain-pills",
        "mixing",
        "stopped",
        "on-medicine",
        "overdose",
        "opioid-medicine",
        "unknown-drug",
        "lock-away",
        "past-thoughts",
        "violence",
        "no-home",
        "eating-daily",
        "uppers",
    }
)
"""Notes of danger, or of what keeps it away: they cannot wait for the week."""
FOR_TONIGHT = frozenset({"lock-away", "violence", "eating-daily"})
"""Those of them that stay open after a warning, where the others are folded."""
OVERDOSE = "overdose-last-year"
"""The safety rule whose words name the signs of an overdose and what to do."""
LOCK_AWAY = "lock-away"
"""The note that is said first, and more plainly, where something to hurt oneself with is within reach."""
BY_NIGHT = frozenset({"alcohol-sedatives", "stopped"})
"""Notes on stopping that the part for the night says more of, and by what signs."""
STOPPING = "alcohol-sedatives"
"""The note on stopping all at once."""
MIXING = "mixing"
"""The note on what slows the breathing together."""
NALOXONE = frozenset({"overdose", "pain-pills"})
UNWILLING = "not-ready"
"""The note for a person who does not want help now; it has a part of the page of its own."""
TEENS = "under-18"
"""The note for who is under 18; it has a part of the page of its own."""
VETERAN = "veteran"
"""The note that says which button to press at 988."""
WORK = "work"
"""The note for who works. It speaks of evenings, which levels that take whole days do not have."""
EVENINGS = frozenset({"recovery-support", "outpatient", "iop"})
"""Levels that are often offered after work."""


Seen = Literal["now", "today", ""]
"""By when a doctor must see the person."""


class Plan(NamedTuple):
    """What to do, each a sentence or two that begins with what is done.

    `first` is what safety or a first step asks for today: programs are called after it. Empty where nothing does.
    `now` says that it cannot wait an hour. `naloxone` says that it is advised: then the page says where more of it is
    told. `opioids`: they may be taken, so that what to do about an overdose comes before any level of care.
    `tonight` is how many of `today` stand open after a warning. `seen`: a doctor is asked for, "today" or "now".
    """

    today: list[str]
    week: list[str]
    first: str = ""
    now: bool = False
    naloxone: bool = False
    opioids: bool = False
    tonight: int = 0
    seen: Seen = ""

    @property
    def opened(self) -> list[str]:
        """What of today stands open after a warning: never nothing."""
        return self.today[: self.tonight or 1] or [self.first]

    @property
    def further(self) -> list[str]:
        """What of today is folded after a warning."""
        return self.today[self.tonight or 1 :]


class Orders(NamedTuple):
    """What comes before all programs: a `call`, and whether the body must be seen, "now", "today" or not at all."""

    call: str
    seen: Seen
    emergency: bool

    def words(self) -> str:
        """Both: a call never takes the place of being seen, nor that of a call."""
        said = [self.call] if self.call else []
        if self.seen == "now":
            said.append(_("Also go to an emergency room, now.") if said else _("First go to an emergency room, now."))
        elif self.seen == "today":
            said.append(
                _("Also talk to a doctor or go to an emergency room, today.")
                if said
                else _("First talk to a doctor or go to an emergency room, today.")
            )
        return " ".join([*said, _("Call programs after that.")]) if said else ""


def plan(outcome: Outcome, speaker: Speaker, steps: Sequence[str], *, night: bool, call: str = "") -> Plan:
    """What the answers ask for, what cannot wait first. `steps` are the levels of the result, none where it is open.

    `call` says whom to call first, where safety asks for it (see `warnings.first_call`).

    `night` says that the page has a part for the night, which says more of stopping than the note does.
    """
    definition, given = speaker.definition, Given(outcome)
    told = [
        rule
        for rule in (definition.rules[fired.rule] for fired in outcome.notes if fired.stated or _warns(fired, given))
        if isinstance(rule, Note)
        and not (night and rule.key in BY_NIGHT)
        and not (rule.key == VOICES and sees_things(given))  # a doctor today says more than one this week
    ]
    orders = _orders(definition, outcome, told, call)
    opened = FOR_TONIGHT | _opened_too(outcome, given, orders)
    cannot_wait = (TODAY | opened) - ({LOCK_AWAY} if given.has("means", "yes") else frozenset())
    notes = sorted((rule for rule in told if rule.key in cannot_wait), key=lambda rule: rule.key not in opened)
    rest = [
        _leave(speaker.voice) if rule.key == WORK and _takes_days(steps) else speaker.text(rule.text)
        for rule in told
        if rule.key not in TODAY | opened | {UNWILLING, TEENS}
    ]
    bill = [] if night else _bill(given, orders, speaker)
    opioids = given.has("substances", "opioids", "unknown") and not needs_ambulance(outcome)
    today = _today(outcome, speaker, given, told, orders, bill)
    naloxone = any(rule.key in NALOXONE for rule in told)
    now = orders.emergency or orders.seen == "now"
    notes = [rule for rule in notes if rule.key not in {MIXING, VETERAN}]
    tonight = len(today) + sum(rule.key in opened for rule in notes)
    today += [*(speaker.text(rule.text) for rule in notes), *precautions.of_another(given, speaker.voice)]
    seen: Seen = "now" if now else "today" if speaks_of_dying(outcome) else orders.seen
    return Plan(today, [*_money(given), *rest], orders.words(), now, naloxone, opioids, tonight, seen)


def _opened_too(outcome: Outcome, given: Given, orders: Orders) -> frozenset[str]:
    """Notes of the week that stand open among today's: how a veteran calls 988 where there are thoughts of dying, and
    what a teenager hears or sees, unless somebody is asked for sooner."""
    veteran = {VETERAN} if speaks_of_dying(outcome) else set()
    heard = {VOICES} if given.has("person", TEENS) and not any(orders) else set()
    return frozenset(veteran | heard)


def _today(
    outcome: Outcome, speaker: Speaker, given: Given, told: Sequence[Note], orders: Orders, bill: Sequence[str]
) -> list[str]:
    """What stands open for today, in the order in which it may save a life: who is safe, who stays, what stops the
    breathing; then what to lock away and what else must not happen. `bill`: where to go without money."""
    voice, known = speaker.voice, helplines(speaker.language)
    mixing = [speaker.text(rule.text) for rule in told if rule.key == MIXING]
    dose = list(_next_dose(speaker, given)) if mixing else []
    veteran = [speaker.text(rule.text) for rule in told if rule.key == VETERAN and speaks_of_dying(outcome)]
    opioids = given.has("substances", "opioids", "unknown") and not needs_ambulance(outcome)
    warned = any(fired.stated and fired.rule == OVERDOSE for fired in outcome.safety)
    baby = list(precautions.baby_tonight(outcome, given, known.get("maternal")))
    danger = bool(orders.call or orders.seen)
    return [
        *precautions.own_safety(given, voice, known.get("domestic-violence")),
        *precautions.the_way(outcome, given, voice),
        *bill,
        *precautions.company(given, voice),
        *veteran,
        *precautions.out_of_reach(outcome, given, voice),
        *([_lock_away(speaker, given, asks=bool(dose))] if given.has("means", "yes") else []),
        *precautions.wound(given),
        *mixing,
        *precautions.seen_or_heard(given, voice),
        *precautions.fallen(given, voice),
        *([precautions.overdose(voice)] if opioids and not warned else []),
        *(baby or precautions.children(given, voice, known.get("poison"), danger=danger)),
        *dose,
        *_bottles(given, speaker),
        *precautions.no_driving(given, voice),
        *precautions.never_alone(given, voice, known.get("samhsa")),
        *precautions.before_leaving(given, voice),
        *precautions.pills_left(given, voice),
    ]


def _orders(definition: Definition, outcome: Outcome, told: Sequence[Note], call: str) -> Orders:
    """What cannot wait for a program: no advice is milder than what safety found."""
    stated = [fired for fired in outcome.safety if fired.stated]
    urgencies = {rule.urgency for one in stated if isinstance(rule := definition.rules[one.rule], SafetyRule)}
    emergency = "emergency" in urgencies
    if needs_ambulance(outcome):
        return Orders(call, "", emergency)
    if sick_after_stopping(Given(outcome)) or after_birth(Given(outcome)):
        return Orders(call, "now", emergency)
    # What a first step rests on calls for 911 by itself, where it is a plan to die or such.
    first = [
        fired
        for fired in outcome.first
        if fired.certain and not (emergency and any(_is_safety(definition, one.question) for one in fired.because))
    ]
    today = first or "prompt" in urgencies or any(rule.key in SEEN_TODAY for rule in told)
    today = today or sees_things(Given(outcome))
    return Orders(call, "today" if today else "", emergency)


def _is_safety(definition: Definition, question: str) -> bool:
    return definition.by_key[question].role == "safety"


def _bill(given: Given, orders: Orders, speaker: Speaker) -> list[str]:
    """Where to go without insurance or money, for who must be seen: nobody stays at home because of a bill."""
    if not (orders.seen or orders.emergency) or not given.may_not_pay:
        return []
    room = _("An emergency room is open at any hour, and must see you whether or not you can pay.")
    if speaker.voice == "loved":
        room = _("An emergency room is open at any hour, and must see them whether or not they can pay.")
    if orders.seen != "today":
        return [room]
    line = helplines(speaker.language).get("samhsa")
    by_phone = _("To find a clinic for people without insurance, call 211.")
    ask = _("Or call %(number)s, %(name)s, day or night.") % line._asdict() if line else ""
    return [" ".join(filter(None, (room, by_phone, ask)))]


def _warns(fired: Fired, given: Given) -> bool:
    """Whether "not sure" to how much is drunk or taken, or to what stopping does, keeps the warning of stopping; and
    to what has to go on beside care, what is told to who works."""
    if fired.rule == WORK:
        tells_of_days = "daily-life" in given.choices and "duties" not in given.choices
        return tells_of_days and not given.has("person", "under-18", "older")
    if fired.rule != STOPPING or not given.has("substances", "alcohol", "sedatives"):
        return False
    unsure = {"drink-often", "stopping"} - given.choices.keys()
    return "drink-often" in unsure or (bool(unsure) and not given.has("drink-often", "none", "light"))


def _lock_away(speaker: Speaker, given: Given, *, asks: bool) -> str:
    """What to lock away; medicine from a doctor must not stop by it. `asks`: what follows says whether to take it."""
    if "self-harm" in (speaker.answers or {}) and given.has("self-harm", "hurt"):
        told = _("Lock blades, other sharp things, pills and guns away tonight, or give them to someone to keep.")
    elif given.has("home", "no-home"):
        told = _("Pills, guns and blades: give them to someone to keep tonight.")
    else:
        told = _("Lock pills, guns and blades away tonight, or give them to someone outside the home.")
    if asks:
        dose = _("Keep out only the next dose of medicine from a doctor.")
    elif speaker.voice == "loved" and given.has("home", "no-home"):
        return told
    else:
        dose = _("Medicine that a doctor prescribed for them goes on: keep out only the next dose.")
        if speaker.voice == "me":
            dose = _("Medicine that a doctor prescribed for you goes on: keep out only the next dose.")
    return f"{told} {dose}"


def _next_dose(speaker: Speaker, given: Given) -> Iterator[str]:
    """Whom to ask, at any hour, before a dose from a doctor that must neither meet alcohol nor stop all at once."""
    line = helplines(speaker.language).get("poison")
    pills = given.has("person", "prescribed-sedatives", "prescribed-opioids")
    if not (line and pills and given.has("substances", "alcohol")):
        return
    if speaker.voice == "me":
        told = _(
            "If you have drunk, call %(number)s, %(name)s, before the next dose of pills from a doctor, at any hour. "
            "Ask whether to take it, wait or leave it out. Do not decide this alone."
        )
    else:
        told = _(
            "If they have drunk, call %(number)s, %(name)s, before the next dose of pills from a doctor, at any hour. "
            "Ask whether they should take it, wait or leave it out. Do not decide this alone."
        )
    yield told % {"number": line.number, "name": line.name}


def _bottles(given: Given, speaker: Speaker) -> Iterator[str]:
    """What to do with the alcohol of who drinks daily, or may: without it the body can have a seizure."""
    if not drinks_daily(given):
        return
    if speaker.voice == "me":
        yield _(
            "The bottles: do not pour all the alcohol out before a doctor has said how to stop. After daily drinking, "
            "stopping all at once can cause seizures."
        )
    else:
        yield _(
            "The bottles: do not take all the alcohol away before a doctor has said how to stop. After daily drinking, "
            "stopping all at once can cause seizures."
        )


def _takes_days(steps: Sequence[str]) -> bool:
    """Whether every level of the result takes days that others work."""
    return bool(steps) and EVENINGS.isdisjoint(steps)


def _leave(voice: Voice) -> str:
    if voice == "me":
        return _(
            "Care at this level takes days away from work. Many workers can take unpaid leave for treatment and keep "
            "their job. This is called FMLA. Ask a doctor to fill out the leave form."
        )
    return _(
        "Care at this level takes days away from work. Many workers can take unpaid leave for treatment and keep "
        "their job. This is called FMLA. Ask a doctor to fill out the leave form. You can ask for leave to care for "
        "them, too."
    )


def _money(given: Given) -> Iterator[str]:
    if given.has("paying", "private", "medicare"):
        yield _(
            "Call the number on the insurance card. Ask what the plan pays for this level, and who must approve it."
        )
    if given.has("paying", "medi-cal"):
        yield _("Ask each program if it takes %(plan)s, and ask your county which programs it pays for.") % coverage()
    if given.has("paying", "self-pay", "little-money"):
        yield _("Ask for the whole price in writing, and for a fee that goes by income.")


def to_ask(outcome: Outcome, steps: Sequence[str], *, voice: Voice) -> list[str]:
    """Questions to ask a program, those that the answers make important first."""
    given = Given(outcome)
    works, days = given.has("duties", "work", "school"), _takes_days(steps)
    loved = voice == "loved"
    asked = (
        (
            given.has("substances", "alcohol", "sedatives") and given.at_least(1, "withdrawal"),
            _("Who checks withdrawal, and how often? What happens at night?")
            if days
            else _("Who checks withdrawal, and how often? Is there a number to call at night?"),
        ),
        (
            given.has("person", "medication", "prescribed-sedatives", "prescribed-opioids"),
            _("Can medicine that was prescribed go on without a break?"),
        ),
        (given.has("substances", "opioids"), _("Do you offer buprenorphine or methadone, from the first day?")),
        (given.at_least(2, "use", "mental"), _("Does one team treat substance use and mental health together?")),
        (given.has("person", "under-18"), _("Do you have a program for teens? What ages? How is school done?")),
        (given.has("person", "older"), _("How do you care for people over 65 and their other medicines?")),
        (
            given.has("person", "pregnant", "baby"),
            _("Do you treat people who are pregnant or have a baby? Can the baby stay?"),
        ),
        (given.has("duties", "caring"), _("Is there child care, or can children come along?")),
        (given.has("language", "spanish"), _("Is care in Spanish, groups and papers too?")),
        (given.has("language", "other"), _("Which languages do you offer? Who pays for an interpreter?")),
        (works and not days, _("Which hours fit around work or school?")),
        (works and days, _("Which papers do you give for leave from work or school?")),
        (True, _("When is the next opening? What can be done until then?")),
        (True, _price(given)),
        (True, _("Who decides which level fits, and how? What if it turns out to be another?")),
        (True, _("How does family take part?") if loved else _("How can family or friends take part?")),
        (True, _("What comes after this program, and who plans it?")),
        (True, _("Are you licensed by the state? Are you accredited, and by whom?")),
    )
    return [words for holds, words in asked if holds]


def _price(given: Given) -> str:
    if given.has("paying", "medi-cal"):
        return _("Do you take %(plan)s? Is there anything left to pay?") % coverage()
    if given.has("paying", "private", "medicare"):
        return _("Do you take this insurance? What is left to pay in all? Can you put that in writing?")
    if given.has("paying", "no-insurance", "little-money"):
        return (
            _("Is there a fee by income, a grant, or free care? Can you help with the application for %(plan)s?")
            % coverage()
        )
    return _("What does it cost in all? Can you put that in writing?")


def coverage() -> dict[str, str]:
    """Medicaid by the name that the site details give it in this state."""
    name = site(get_language() or settings.LANGUAGE_CODE).get("public_coverage")
    return {"plan": name or _("Medicaid")}
