"""What the level-of-care questionnaire is expected to do, written down apart from it.

RATES gives the rating of each choice, in the order of the choices, for each dimension that a question rates.

MEETS gives, for each rule, answers that just make it fire, one line for each way. Every answer of a line is needed:
with any other answer to that question the rule must stay silent. “a|b” are answers that do equally; what
follows “~” is not judged, as it makes the rule fire in another way.

SHOWS gives, in the same way, the answers that bring a question up.

"""

from __future__ import annotations

RATES: dict[tuple[str, str], str] = {
    ("danger-now", "home"): "4000",
    ("danger-now", "physical"): "0440",
    ("danger-now", "use"): "0030",
    ("danger-now", "safety"): "0004",
    ("self-harm", "safety"): "0123",
    ("means", "safety"): "03",
    ("violence-home", "home"): "024",
    ("how-often", "use"): "01233",
    ("how-often", "withdrawal"): "00002",
    ("use-signs", "use"): "12233",
    ("stopping", "withdrawal"): "01234",
    ("return-risk", "use"): "01234",
    ("body", "physical"): "01234",
    ("mood", "mental"): "01234",
    ("mind-signs", "mental"): "122334",
    ("mind-signs", "physical"): "002000",
    ("daily-life", "daily"): "01234",
    ("home", "home"): "01234",
    ("support", "home"): "0123",
    ("care-result", "history"): "00234",
}

SHOWS: list[tuple[str, dict[str, str]]] = [
    ("means", {"self-harm": "thoughts|plan"}),
    ("how-often", {"substances": "cannabis|other-drugs|stimulants|opioids|alcohol|sedatives"}),
    ("use-signs", {"substances": "cannabis|other-drugs|stimulants|opioids|alcohol|sedatives"}),
    ("stopping", {"substances": "cannabis|other-drugs|stimulants|opioids|alcohol|sedatives"}),
    ("return-risk", {"substances": "cannabis|other-drugs|stimulants|opioids|alcohol|sedatives"}),
]

FLOORS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "medically-managed": [
        ("act-now", {"danger-now": "self-harm"}),
        ("plan-and-means", {"self-harm": "plan", "means": "yes"}),
        ("dangerous-withdrawal", {"stopping": "dangerous"}),
        (
            "dangerous-withdrawal",
            {"danger-now": "withdrawal", "substances": "alcohol|cannabis|opioids|stimulants|sedatives|other-drugs"},
        ),
        ("alcohol-sedative-withdrawal", {"substances": "alcohol|sedatives", "stopping": "severe|dangerous"}),
        ("older-withdrawal", {"person": "older", "stopping": "severe|dangerous"}),
        ("pregnant-withdrawal", {"person": "pregnant", "stopping": "moderate|severe|dangerous"}),
        ("pregnant-withdrawal", {"person": "pregnant", "how-often": "all-day"}),
        ("urgent-illness", {"body": "urgent"}),
        ("urgent-illness", {"danger-now": "withdrawal|overdose"}),
        ("illness-and-withdrawal", {"body": "not-controlled|urgent", "stopping": "moderate|severe|dangerous"}),
        ("illness-and-withdrawal", {"body": "not-controlled|urgent", "return-risk": "round-the-clock"}),
        ("unreal-and-unsafe", {"mood": "cannot", "self-harm": "thoughts|plan"}),
        ("unreal-and-unsafe", {"mind-signs": "unreal", "self-harm": "thoughts|plan"}),
    ],
    "residential": [
        ("round-the-clock", {"return-risk": "round-the-clock"}),
        ("heavy-use-unsafe-home", {"how-often": "daily|all-day", "home": "triggers|no-home"}),
        ("heavy-use-much-tried", {"return-risk": "very-likely|round-the-clock", "care-result": "again"}),
        ("severe-distress", {"mood": "cannot"}),
        ("severe-distress", {"mind-signs": "unreal"}),
        ("strong-withdrawal", {"stopping": "severe|dangerous"}),
        ("plan-and-no-watch", {"self-harm": "plan", "support": "nobody"}),
        ("plan-and-no-watch", {"self-harm": "thoughts~plan", "means": "yes", "home": "triggers|no-home"}),
        ("distress-unsafe-home", {"mood": "every-day|cannot", "home": "no-home"}),
        ("distress-unsafe-home", {"mood": "every-day|cannot", "daily-life": "basics"}),
        ("overdose-and-strain", {"use-signs": "overdose", "self-harm": "thoughts|plan"}),
        ("overdose-and-strain", {"use-signs": "overdose", "care-result": "slipping|again"}),
        ("overdose-and-strain", {"use-signs": "overdose", "home": "triggers|no-home"}),
        ("php-not-enough", {"care-now": "php|residential|hospital", "care-result": "slipping|again"}),
    ],
    "php": [
        ("risk-of-harm", {"self-harm": "plan"}),
        ("risk-of-harm", {"self-harm": "thoughts~plan", "means": "yes"}),
        ("young-and-thoughts", {"person": "under-18", "self-harm": "thoughts|plan"}),
        ("distress-and-daily-life", {"mood": "every-day|cannot", "daily-life": "mostly-not|basics"}),
        ("both-severe", {"how-often": "daily|all-day", "mood": "every-day|cannot"}),
        ("heavy-use-and-strain", {"how-often": "daily|all-day", "daily-life": "mostly-not|basics"}),
        ("heavy-use-and-strain", {"how-often": "daily|all-day", "care-result": "slipping|again"}),
        ("distress-and-history", {"mood": "every-day|cannot", "care-result": "slipping|again"}),
        ("basics-missing", {"daily-life": "basics"}),
        ("alcohol-sedative-check", {"substances": "alcohol|sedatives", "stopping": "moderate|severe|dangerous"}),
        ("illness-and-care", {"body": "not-controlled|urgent", "how-often": "most-days|daily|all-day"}),
        ("illness-and-care", {"body": "not-controlled|urgent", "mood": "most-days|every-day|cannot"}),
        ("pregnant-heavy-use", {"person": "pregnant", "how-often": "daily|all-day"}),
        ("after-hospital", {"care-now": "hospital"}),
        ("iop-not-enough", {"care-now": "iop|php|residential|hospital", "care-result": "slipping|again"}),
    ],
    "iop": [
        ("thoughts-of-dying", {"self-harm": "thoughts|plan"}),
        ("heavy-use", {"how-often": "daily|all-day"}),
        ("heavy-use", {"use-signs": "harm|overdose"}),
        ("heavy-use", {"return-risk": "very-likely|round-the-clock"}),
        ("hard-every-day", {"mood": "every-day|cannot"}),
        ("both-moderate", {"how-often": "most-days|daily|all-day", "mood": "most-days|every-day|cannot"}),
        ("withdrawal-check", {"stopping": "moderate|severe|dangerous"}),
        ("moderate-and-strain", {"how-often": "most-days|daily|all-day", "home": "triggers|no-home"}),
        ("moderate-and-strain", {"how-often": "most-days|daily|all-day", "care-result": "slipping|again"}),
        ("daily-life-hard", {"daily-life": "mostly-not|basics"}),
        ("moderate-and-strain", {"mood": "most-days|every-day|cannot", "support": "nobody"}),
        ("pregnant-use", {"person": "pregnant", "how-often": "most-days|daily|all-day"}),
        ("step-down", {"care-now": "php|residential|hospital"}),
        (
            "outpatient-not-enough",
            {"care-now": "outpatient|iop|php|residential|hospital", "care-result": "slipping|again"},
        ),
    ],
    "outpatient": [
        ("some-need", {"self-harm": "passing|thoughts|plan"}),
        ("some-need", {"mood": "some-days|most-days|every-day|cannot"}),
        ("some-need", {"how-often": "some-days|most-days|daily|all-day"}),
        ("some-need", {"stopping": "mild|moderate|severe|dangerous"}),
        ("daily-strain", {"daily-life": "missing|mostly-not|basics"}),
        ("daily-strain", {"care-result": "partly|slipping|again"}),
        ("after-iop", {"care-now": "outpatient|iop|php|residential|hospital"}),
    ],
}

SAFETY: dict[str, list[tuple[str, dict[str, str]]]] = {
    "emergency": [
        ("overdose-now", {"danger-now": "overdose"}),
        ("suicide-now", {"danger-now": "self-harm"}),
        ("withdrawal-now", {"danger-now": "withdrawal"}),
        ("violence-now", {"danger-now": "violence"}),
        ("suicide-plan", {"self-harm": "plan"}),
    ],
    "crisis": [
        ("suicide-thoughts", {"self-harm": "passing|thoughts"}),
        ("out-of-touch", {"mind-signs": "unreal"}),
        ("violence-at-home", {"violence-home": "afraid|yes"}),
    ],
    "prompt": [
        ("sick-now", {"body": "urgent"}),
        ("overdose-last-year", {"use-signs": "overdose"}),
        ("withdrawal-danger", {"stopping": "severe|dangerous"}),
        ("do-not-stop-suddenly", {"substances": "alcohol|sedatives", "how-often": "daily|all-day"}),
        ("pregnant-and-using", {"person": "pregnant", "substances": "opioids|alcohol|sedatives"}),
    ],
}

NOTES: list[tuple[str, dict[str, str]]] = [
    ("pregnancy", {"person": "pregnant"}),
    ("new-baby", {"person": "baby"}),
    ("under-18", {"person": "under-18"}),
    ("older-adult", {"person": "older"}),
    ("alcohol-sedatives", {"substances": "alcohol|sedatives", "how-often": "daily|all-day"}),
    ("alcohol-sedatives", {"substances": "alcohol|sedatives", "stopping": "mild|moderate|severe|dangerous"}),
    ("overdose", {"substances": "opioids|stimulants"}),
    ("overdose", {"use-signs": "overdose"}),
    ("opioid-medicine", {"substances": "opioids"}),
    ("violence", {"violence-home": "afraid|yes"}),
    ("lock-away", {"self-harm": "passing|thoughts|plan"}),
    ("after-residential", {"care-now": "residential|hospital"}),
    ("both", {"how-often": "most-days|daily|all-day", "mood": "most-days|every-day|cannot"}),
    ("voices", {"mind-signs": "voices|unreal"}),
    ("eating", {"mind-signs": "eating"}),
    ("not-ready", {"readiness": "torn|not-now"}),
    ("no-home", {"home": "no-home"}),
]
