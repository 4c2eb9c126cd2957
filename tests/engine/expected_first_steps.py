"""What each rule of medically managed care, which is always a first step, is expected to ask for.

Answers that just make a rule fire, one line for each way. Every answer of a line is needed: with any other answer to
that question the rule must stay silent. “a|b” are answers that do equally; what follows “~” is not judged, as it makes
the rule fire in another way.

FIRST are all the floor rules whose level is only the first step.
"""

from __future__ import annotations

from tests.engine.expected_answers import ANY, DAILY, SHAKES, UNSAFE, WORSE

FIRST = {
    "act-now",
    "plan-and-means",
    "dangerous-withdrawal",
    "alcohol-sedative-withdrawal",
    "opioid-withdrawal",
    "opioid-start",
    "drinking-and-shakes",
    "older-withdrawal",
    "pregnant-withdrawal",
    "urgent-illness",
    "illness-and-withdrawal",
    "unreal-and-unsafe",
    "mania-or-psychosis",
    "baby-and-voices",
    "in-hospital",
    "strong-withdrawal",
    "alcohol-sedative-check",
}

SICK_WITHOUT_OPIOIDS = {"substances": "opioids", "how-often": DAILY, "stopping": SHAKES}

MEDICAL: list[tuple[str, dict[str, str]]] = [
    ("act-now", {"danger-now": "self-harm"}),
    ("plan-and-means", {"self-harm": "plan", "means": "yes"}),
    ("dangerous-withdrawal", {"stopping": "dangerous"}),
    ("dangerous-withdrawal", {"danger-now": "withdrawal", "substances": ANY}),
    ("alcohol-sedative-withdrawal", {"substances": "alcohol|sedatives|unknown", "stopping": "severe|dangerous"}),
    (
        "alcohol-sedative-withdrawal",
        {
            "substances": "cannabis|opioids|stimulants|other-drugs~alcohol|sedatives|unknown|none",
            "person": "prescribed-sedatives",
            "stopping": "severe|dangerous",
        },
    ),
    ("opioid-withdrawal", {"substances": "opioids", "stopping": "severe|dangerous"}),
    ("opioid-start", {**SICK_WITHOUT_OPIOIDS, "home": UNSAFE}),
    ("opioid-start", {**SICK_WITHOUT_OPIOIDS, "use-signs": "takes-over", "staying-off": "hours|never-alone"}),
    ("drinking-and-shakes", {"drink-often": f"most-days|{DAILY}", "stopping": SHAKES}),
    ("older-withdrawal", {"person": "older", "stopping": "severe|dangerous"}),
    ("pregnant-withdrawal", {"person": "pregnant", "stopping": SHAKES}),
    ("pregnant-withdrawal", {"person": "pregnant", "drink-often": "all-day"}),
    ("pregnant-withdrawal", {"person": "pregnant", "how-often": "all-day"}),
    ("urgent-illness", {"body": "urgent"}),
    ("urgent-illness", {"danger-now": "withdrawal|overdose"}),
    (
        "illness-and-withdrawal",
        {"body": "not-controlled|urgent", "stopping": SHAKES, "substances": ANY.replace("cannabis|", "")},
    ),
    ("unreal-and-unsafe", {"mood": "cannot", "self-harm": "plan"}),
    ("unreal-and-unsafe", {"mood": "cannot", "daily-life": "basics", "self-harm": "passing|hurt|thoughts~plan"}),
    ("unreal-and-unsafe", {"mind-signs": "unreal", "self-harm": "thoughts|plan"}),
    ("mania-or-psychosis", {"mind-signs": "unreal~high|manic", "daily-life": "mostly-not|basics"}),
    ("mania-or-psychosis", {"mind-signs": "manic~high|unreal", "daily-life": "missing~mostly-not|basics"}),
    ("mania-or-psychosis", {"mind-signs": "high~unreal|manic", "daily-life": "basics"}),
    ("baby-and-voices", {"person": "baby", "mind-signs": "watched|voices|unreal"}),
    *(
        ("in-hospital", {"care-now": "hospital-now", **more})
        for more in (
            {"self-harm": "thoughts|plan"},
            {"mood": "cannot"},
            {"mind-signs": "unreal|manic"},
            {"stopping": SHAKES},
            {"care-result": WORSE},
        )
    ),
]
