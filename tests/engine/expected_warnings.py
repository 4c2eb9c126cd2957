"""What each safety rule and note of the level-of-care questionnaire is expected to ask for.

Answers that just make a rule fire, one line for each way. Every answer of a line is needed: with any other answer to
that question the rule must stay silent. “a|b” are answers that do equally; what follows “~” is not judged, as it makes
the rule fire in another way (“none”: no choice of several).
"""

from __future__ import annotations

from tests.engine.expected_answers import DAILY, NOT_LASTING, SHAKES

SAFETY: dict[str, list[tuple[str, dict[str, str]]]] = {
    "emergency": [
        ("overdose-now", {"danger-now": "overdose"}),
        ("suicide-now", {"danger-now": "self-harm"}),
        ("withdrawal-now", {"danger-now": "withdrawal"}),
        ("stopped-and-confused", {"person": "stopped", "mind-signs": "confused"}),
        ("violence-now", {"danger-now": "violence"}),
        ("suicide-plan", {"self-harm": "plan"}),
    ],
    "crisis": [
        ("suicide-thoughts", {"self-harm": "passing|hurt|thoughts"}),
        ("out-of-touch", {"mind-signs": "unreal|manic"}),
        ("out-of-touch", {"mind-signs": "watched|voices~unreal|manic", "person": "baby"}),
        ("violence-at-home", {"violence-home": "afraid|yes"}),
        ("violence-at-home", {"home": "person"}),
    ],
    "prompt": [
        ("sick-now", {"body": "urgent"}),
        ("confused", {"mind-signs": "confused"}),
        ("overdose-last-year", {"use-signs": "overdose"}),
        ("withdrawal-danger", {"stopping": "severe|dangerous"}),
        ("shaking", {"substances": "alcohol|sedatives|unknown", "stopping": SHAKES}),
        (
            "shaking",
            {
                "substances": "cannabis|opioids|stimulants|other-drugs~alcohol|sedatives|unknown|none",
                "person": "prescribed-sedatives",
                "stopping": SHAKES,
            },
        ),
        ("do-not-stop-suddenly", {"substances": "alcohol|sedatives", "drink-often": DAILY}),
        ("do-not-stop-suddenly", {"substances": "unknown", "how-often": DAILY}),
        ("pregnant-and-using", {"person": "pregnant", "substances": "opioids|alcohol|sedatives|unknown"}),
    ],
}

NOTES: list[tuple[str, dict[str, str]]] = [
    ("pregnancy", {"person": "pregnant"}),
    ("new-baby", {"person": "baby"}),
    ("under-18", {"person": "under-18"}),
    ("older-adult", {"person": "older"}),
    ("alcohol-sedatives", {"drink-often": f"most-days|{DAILY}"}),
    ("alcohol-sedatives", {"person": "older", "substances": "alcohol|sedatives"}),
    ("alcohol-sedatives", {"substances": "alcohol~sedatives", "stopping": f"passed|{SHAKES}"}),
    ("alcohol-sedatives", {"substances": "sedatives~alcohol", "stopping": f"mild|passed|{SHAKES}"}),
    ("alcohol-sedatives", {"drink-often": f"some-days~most-days|{DAILY}", "stopping": f"mild~passed|{SHAKES}"}),
    ("uppers", {"substances": "stimulants"}),
    ("panic", {"mind-signs": "panic"}),
    ("overdose", {"substances": "opioids|stimulants|unknown"}),
    ("overdose", {"use-signs": "overdose"}),
    ("opioid-medicine", {"substances": "opioids"}),
    ("violence", {"violence-home": "afraid|yes"}),
    ("violence", {"home": "person"}),
    ("lock-away", {"self-harm": "passing|hurt|thoughts|plan"}),
    ("past-thoughts", {"self-harm": "past"}),
    ("after-residential", {"care-now": "residential|hospital|leaving|hospital-now"}),
    ("both", {"drink-often": f"most-days|{DAILY}", "mood": "most-days|every-day|cannot"}),
    ("both", {"staying-off": "days|hours|never-alone", "mood": "most-days|every-day|cannot"}),
    ("voices", {"mind-signs": "watched|voices|unreal"}),
    ("eating", {"mind-signs": "eating"}),
    ("eating-daily", {"mind-signs": "eating-daily"}),
    ("unwanted", {"mind-signs": "unwanted"}),
    ("slow-taper", {"person": "prescribed-sedatives"}),
    ("pain-pills", {"person": "prescribed-opioids"}),
    ("mixing", {"substances": "alcohol+opioids|alcohol+sedatives|opioids+sedatives"}),
    ("mixing", {"substances": "alcohol~opioids|sedatives", "person": "prescribed-opioids|prescribed-sedatives"}),
    ("mixing", {"substances": "opioids~alcohol|sedatives", "person": "prescribed-sedatives"}),
    ("mixing", {"substances": "sedatives~alcohol|opioids", "person": "prescribed-opioids"}),
    ("mixing", {"person": "prescribed-opioids+prescribed-sedatives"}),
    ("not-ready", {"readiness": "torn|no-need|not-now"}),
    ("no-home", {"home": "no-home"}),
    ("stopped", {"person": "stopped"}),
    ("on-medicine", {"person": "medication"}),
    ("keep-taking", {"care-now": "outpatient|iop|php|residential|hospital|leaving|hospital-now"}),
    ("keep-taking", {"care-result": f"ready|helps|{NOT_LASTING}"}),
    ("veteran", {"person": "veteran"}),
    ("no-insurance", {"paying": "no-insurance|little-money"}),
    ("work", {"duties": "work"}),
    ("unknown-drug", {"substances": "unknown"}),
]
