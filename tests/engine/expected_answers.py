"""What each answer of the level-of-care questionnaire is expected to rate, to bring up and to leave possible.

RATES gives the rating of each choice, in the order of the choices, for each dimension that a question rates. SHOWS
gives the answers that bring a question up; HELPERS what each answer of a helper leaves, from the least to the most
severe choice of the question that it helps. Below are the answers that rules ask for together.
"""

from __future__ import annotations

RATES: dict[tuple[str, str], str] = {
    ("danger-now", "home"): "4000",
    ("danger-now", "physical"): "0440",
    ("danger-now", "use"): "0030",
    ("danger-now", "safety"): "0004",
    ("self-harm", "safety"): "001123",
    ("violence-home", "home"): "024",
    ("drink-often", "use"): "0011234",
    ("drink-often", "withdrawal"): "0000002",
    ("how-often", "use"): "01234",
    ("how-often", "withdrawal"): "00002",
    ("weed-often", "use"): "01123",
    ("use-signs", "control"): "1222333",
    ("stopping", "withdrawal"): "011234",
    ("staying-off", "control"): "01234",
    ("body", "physical"): "01234",
    ("mood", "mental"): "01234",
    ("mind-signs", "mental"): "1222233333344",
    ("mind-signs", "physical"): "0000220000000",
    ("mind-signs", "daily"): "0000000000300",
    ("daily-life", "daily"): "01234",
    ("home", "home"): "012344",
    ("support", "home"): "0012",
    ("care-result", "history"): "00122234",
}

ANY = "alcohol|cannabis|opioids|stimulants|sedatives|other-drugs|unknown"

SHOWS: list[tuple[str, dict[str, str]]] = [
    ("means", {"self-harm": "passing|hurt|thoughts|plan"}),
    ("drink-often", {"substances": "alcohol|sedatives"}),
    ("how-often", {"substances": "opioids|stimulants|other-drugs|unknown"}),
    ("weed-often", {"substances": "cannabis"}),
    ("use-signs", {"substances": ANY}),
    ("stopping", {"substances": ANY}),
    ("stopping", {"person": "prescribed-sedatives|prescribed-opioids|stopped"}),
    ("staying-off", {"substances": ANY}),
]

HELPERS: dict[str, list[str]] = {
    "self-harm-signs": [
        "none past passing",
        "none past passing hurt thoughts",
        "passing hurt thoughts",
        "thoughts plan",
        "plan",
    ],
    "use-seen": [
        "more-than-meant",
        "more-than-meant risky could-not-stop inject",
        "more-than-meant risky could-not-stop inject harm takes-over",
        "more-than-meant risky could-not-stop inject harm takes-over overdose",
    ],
    "stopping-signs": ["nothing mild passed", "mild passed", "moderate severe", "dangerous"],
    "mood-signs": ["no some-days", "some-days most-days every-day", "every-day cannot"],
}

SHAKES = "moderate|severe|dangerous"
DAILY = "daily|all-day"
WORSE = "slipping|again"
NOT_LASTING = f"no-fit|missed|partly|{WORSE}"
FAILED = "days|hours|never-alone"
LESS = "missing|mostly-not|basics"
RISK = "passing|hurt|thoughts|plan"
NO_MEDICINE = "stimulants|other-drugs|unknown"
HOMELESS = "no-home|person"
UNSAFE = "triggers|no-home|person"
STRAINED = f"stress|{UNSAFE}"
IN_CARE = "outpatient|iop|php|residential|hospital|leaving|hospital-now"
