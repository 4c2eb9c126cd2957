"""Whole cases, as a clinician might tell them, with what the level-of-care questionnaire should say.

Answers that are not given are the least severe ones. The people are invented.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Person(NamedTuple):
    story: str
    answers: dict[str, Any]
    level: str
    safety: set[str]
    notes: set[str]
    then: str = ""
    """The level after a first step; empty where there is none."""


PEOPLE = [
    Person(
        "Nothing is wrong just now; she wants to stay well after years of recovery.",
        {"readiness": "ready"},
        "recovery-support",
        set(),
        set(),
    ),
    Person(
        "Low on some days since a move, sleeping and working fine.",
        {"mood": "some-days", "daily-life": "harder"},
        "outpatient",
        set(),
        set(),
    ),
    Person(
        "Stopped drinking months ago, still goes to a counselor every other week, doing well.",
        {"substances": ["alcohol"], "care-now": "outpatient", "care-result": "helps", "staying-off": "weeks"},
        "outpatient",
        set(),
        set(),
    ),
    Person(
        "Drinks on most days, more than he means to, keeps his job, home is calm, no withdrawal.",
        {
            "substances": ["alcohol"],
            "drink-often": "most-days",
            "use-signs": ["more-than-meant"],
            "staying-off": "not-tried",
        },
        "outpatient",
        set(),
        set(),
    ),
    Person(
        "The same, and low on most days: both need care.",
        {"substances": ["alcohol"], "drink-often": "most-days", "staying-off": "not-tried", "mood": "most-days"},
        "iop",
        set(),
        {"both"},
    ),
    Person(
        "Smokes cannabis every day, cannot cut down, work is slipping, home is fine.",
        {
            "substances": ["cannabis"],
            "weed-often": "daily",
            "use-signs": ["more-than-meant", "could-not-stop"],
            "stopping": "mild",
            "staying-off": "days",
            "daily-life": "missing",
        },
        "iop",
        set(),
        set(),
    ),
    Person(
        "Uses meth every day in a home where others use too.",
        {"substances": ["stimulants"], "how-often": "daily", "home": "triggers", "staying-off": "days"},
        "residential",
        set(),
        {"overdose"},
    ),
    Person(
        "Drinks from the morning on; shakes when he stops; nobody to lean on.",
        {
            "substances": ["alcohol"],
            "drink-often": "all-day",
            "stopping": "severe",
            "support": "nobody",
            "daily-life": "mostly-not",
        },
        "medically-managed",
        {"withdrawal-danger", "do-not-stop-suddenly"},
        {"alcohol-sedatives"},
        "php",
    ),
    Person(
        "Takes anxiety pills every day for years; sweats and shakes on fewer; well looked after at home.",
        {"substances": ["sedatives"], "drink-often": "daily", "stopping": "moderate"},
        "medically-managed",
        {"do-not-stop-suddenly"},
        {"alcohol-sedatives"},
        "iop",
    ),
    Person(
        "Fentanyl every day, very sick without it, sleeps on sofas, overdosed in spring.",
        {
            "substances": ["opioids"],
            "how-often": "all-day",
            "use-signs": ["harm", "overdose"],
            "stopping": "severe",
            "home": "no-home",
            "staying-off": "days",
        },
        "medically-managed",
        {"withdrawal-danger", "overdose-last-year"},
        {"overdose", "opioid-medicine", "no-home"},
        "residential",
    ),
    Person(
        "Pregnant, uses pain pills, aches and sweats when they run out.",
        {"person": ["pregnant"], "substances": ["opioids"], "how-often": "most-days", "stopping": "moderate"},
        "medically-managed",
        {"pregnant-and-using"},
        {"pregnancy", "overdose", "opioid-medicine"},
        "iop",
    ),
    Person(
        "Sixteen, thinks about dying, no plan, pills are locked away, parents are close.",
        {"person": ["under-18"], "self-harm": "thoughts", "mood": "most-days"},
        "php",
        {"suicide-thoughts"},
        {"under-18", "lock-away"},
    ),
    Person(
        "Has a plan to die and a gun in the drawer.",
        {"self-harm": "plan", "means": "yes", "mood": "every-day"},
        "medically-managed",
        {"suicide-plan"},
        {"lock-away"},
        "php",
    ),
    Person(
        "Has a plan to die; her sister keeps the pills and stays with her.",
        {"self-harm": "plan", "means": "no", "mood": "most-days"},
        "php",
        {"suicide-plan"},
        {"lock-away"},
    ),
    Person(
        "Hears voices, sleeps little, has friends who look after him, misses work.",
        {"mind-signs": ["voices", "high"], "daily-life": "missing"},
        "iop",
        set(),
        {"voices"},
    ),
    Person(
        "Believes the neighbors poison the water, and has thought about dying.",
        {"mind-signs": ["unreal"], "self-harm": "thoughts"},
        "medically-managed",
        {"out-of-touch", "suicide-thoughts"},
        {"lock-away", "voices"},
        "residential",
    ),
    Person(
        "Leaves residential care next week, steady, good home.",
        {
            "substances": ["alcohol"],
            "care-now": "residential",
            "care-result": "helps",
            "staying-off": "weeks",
        },
        "iop",
        set(),
        {"after-residential"},
    ),
    Person(
        "In an IOP for a month and slipping: uses on most days again.",
        {
            "substances": ["stimulants"],
            "how-often": "most-days",
            "care-now": "iop",
            "care-result": "slipping",
            "staying-off": "not-tried",
        },
        "php",
        set(),
        {"overdose"},
    ),
    Person(
        "Came home from the hospital after a crisis, calm now.",
        {"care-now": "hospital", "mood": "some-days", "care-result": "helps"},
        "php",
        set(),
        {"after-residential"},
    ),
    Person(
        "Her partner hurts her; low on most days; nobody else to turn to.",
        {"violence-home": "yes", "mood": "most-days", "support": "nobody"},
        "iop",
        {"violence-at-home"},
        {"violence"},
    ),
    Person(
        "Nothing hurts, he says, but he no longer washes, shops or pays rent.",
        {"daily-life": "basics", "support": "one-or-two"},
        "iop",
        set(),
        set(),
    ),
    Person(
        "Does not want help yet; drinks on some days.",
        {"substances": ["alcohol"], "drink-often": "some-days", "readiness": "not-now"},
        "outpatient",
        set(),
        {"not-ready"},
    ),
    Person(
        "Seventy, wine every day, throws up and cannot get up without it.",
        {"person": ["older"], "substances": ["alcohol"], "drink-often": "daily", "stopping": "severe"},
        "medically-managed",
        {"withdrawal-danger", "do-not-stop-suddenly"},
        {"older-adult", "alcohol-sedatives"},
        "iop",
    ),
    Person(
        "Just gave birth, cries every day, eats little, mother and sister help.",
        {"person": ["baby"], "mood": "every-day", "mind-signs": ["eating"], "daily-life": "missing"},
        "iop",
        set(),
        {"new-baby", "eating"},
    ),
    Person(
        "Diabetes out of control, and drinking on most days.",
        {"substances": ["alcohol"], "drink-often": "most-days", "body": "not-controlled"},
        "php",
        set(),
        set(),
    ),
    Person(
        "Cannot get out of bed or eat for days.",
        {"mood": "cannot", "daily-life": "basics"},
        "residential",
        set(),
        set(),
    ),
    Person(
        "Drinks every day, has lost a job over it, tried to stop many times; his wife stands by him, home is calm.",
        {"drink-often": "daily", "use-signs": ["could-not-stop", "harm"], "staying-off": "days"},
        "residential",
        {"do-not-stop-suddenly"},
        {"alcohol-sedatives"},
    ),
    Person(
        "The same, and he has not tried to stop yet; more than he meant, drove drunk, once hard to wake.",
        {"drink-often": "daily", "use-signs": ["more-than-meant", "risky", "harm", "overdose"], "staying-off": "days"},
        "iop",
        {"do-not-stop-suddenly", "overdose-last-year"},
        {"alcohol-sedatives", "overdose"},
    ),
    Person(
        "Uses fentanyl and meth every day; a beer, a joint and a sleeping pill now and then.",
        {
            "substances": ["alcohol", "cannabis", "opioids", "stimulants", "sedatives", "other-drugs"],
            "drink-often": "light",
            "how-often": "daily",
            "weed-often": "some-days",
        },
        "iop",
        set(),
        {"overdose", "opioid-medicine"},
    ),
]
