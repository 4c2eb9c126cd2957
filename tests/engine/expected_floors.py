"""What each floor rule of the level-of-care questionnaire is expected to ask for, written down apart from it.

Answers that just make a rule fire, one line for each way. Every answer of a line is needed: with any other answer to
that question the rule must stay silent. “a|b” are answers that do equally; what follows “~” is not judged, as it makes
the rule fire in another way.
"""

from __future__ import annotations

from tests.engine.expected_answers import (
    DAILY,
    FAILED,
    HOMELESS,
    IN_CARE,
    LESS,
    NO_MEDICINE,
    NOT_LASTING,
    RISK,
    SHAKES,
    STRAINED,
    UNSAFE,
    WORSE,
)
from tests.engine.expected_first_steps import MEDICAL

ALONE: list[dict[str, str]] = [{"daily-life": LESS}, {"self-harm": RISK}, {"care-result": WORSE}]
SECOND_SIGN: list[dict[str, str]] = [
    {"daily-life": LESS},
    {"home": STRAINED},
    {"care-result": NOT_LASTING},
    {"mood": "every-day|cannot"},
    {"use-signs": "inject|takes-over"},
]
"""Beside opioids alone, for which medicine in visits is the first treatment."""

FLOORS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "medically-managed": MEDICAL,
    "residential": [
        ("round-the-clock", {"staying-off": "never-alone", "drink-often": f"most-days|{DAILY}"}),
        ("round-the-clock", {"staying-off": "never-alone", "use-signs": "harm|takes-over|overdose"}),
        ("severe-use", {"drink-often": DAILY, "use-signs": "harm|takes-over", "staying-off": "hours|never-alone"}),
        ("severe-use", {"how-often": DAILY, "use-signs": "takes-over", "staying-off": "hours|never-alone"}),
        *(
            (
                "severe-use",
                {often: DAILY, "use-signs": "harm|takes-over|overdose", "daily-life": LESS}
                | {"home": "stress~" + UNSAFE, "care-result": "slipping~again"},
            )
            for often in ("drink-often", "how-often")
        ),
        ("heavy-use-unsafe-home", {"drink-often": DAILY, "home": UNSAFE}),
        ("heavy-use-unsafe-home", {"how-often": DAILY, "home": UNSAFE}),
        *(
            (
                "heavy-use-unsafe-home",
                {"drink-often": f"most-days~{DAILY}", "staying-off": "hours|never-alone", **more},
            )
            for more in (
                {"home": HOMELESS},
                {"home": f"triggers~{HOMELESS}", "daily-life": LESS},
                {"home": f"triggers~{HOMELESS}", "care-result": WORSE},
            )
        ),
        *(
            ("heavy-use-much-tried", {"drink-often": DAILY, "staying-off": FAILED, "care-result": "again", **more})
            for more in ({"daily-life": LESS}, {"home": STRAINED}, {"mood": "every-day|cannot"})
        ),
        ("severe-distress", {"mind-signs": "manic"}),
        *(
            ("severe-distress", {"mind-signs": "unreal~manic", **more})
            for more in (
                {"daily-life": LESS},
                {"home": STRAINED},
                {"support": "nobody"},
                {"self-harm": RISK},
                {"care-result": WORSE},
            )
        ),
        ("severe-distress", {"mood": "cannot", "daily-life": "mostly-not|basics", "home": STRAINED}),
        ("severe-distress", {"mood": "cannot", "daily-life": "mostly-not|basics", "support": "nobody"}),
        ("strong-withdrawal", {"stopping": "severe|dangerous"}),
        ("plan-and-no-watch", {"self-harm": "plan", "support": "nobody"}),
        ("plan-and-no-watch", {"self-harm": "thoughts~plan", "means": "yes", "home": UNSAFE}),
        (
            "distress-unsafe-home",
            {"mood": "every-day|cannot", "home": HOMELESS, "daily-life": "mostly-not~basics"},
        ),
        ("distress-unsafe-home", {"mood": "cannot", "daily-life": "basics"}),
        *(
            ("distress-unsafe-home", {"mood": "every-day~cannot", "daily-life": "basics", **more})
            for more in ({"home": f"stress|triggers~{HOMELESS}"}, {"self-harm": RISK}, {"care-result": WORSE})
        ),
        ("overdose-and-strain", {"use-signs": "overdose", "self-harm": "thoughts|plan"}),
        ("overdose-and-strain", {"use-signs": "overdose", "care-result": WORSE}),
        ("overdose-and-strain", {"use-signs": "overdose", "home": UNSAFE}),
        *(
            (
                "php-not-enough",
                {"care-now": "php|residential|hospital|leaving|hospital-now", "care-result": WORSE, **more},
            )
            for more in (
                {"self-harm": "passing|hurt|thoughts|plan"},
                {"mood": "most-days|every-day|cannot"},
                {"weed-often": "some-days|most-days|daily|all-day"},
                {"daily-life": "missing|mostly-not|basics"},
            )
        ),
    ],
    "php": [
        ("risk-of-harm", {"self-harm": "plan"}),
        ("risk-of-harm", {"self-harm": "thoughts~plan", "means": "yes"}),
        ("risk-of-harm", {"self-harm": "thoughts~plan", "mood": "cannot"}),
        ("young-and-thoughts", {"person": "under-18", "self-harm": "thoughts|plan"}),
        ("distress-and-daily-life", {"mood": "cannot", "daily-life": "mostly-not|basics"}),
        *(
            ("distress-and-daily-life", {"mood": "cannot", "daily-life": "missing~mostly-not|basics", **more})
            for more in ({"home": STRAINED}, {"self-harm": RISK}, {"care-result": WORSE})
        ),
        *(
            ("distress-and-daily-life", {"mood": "every-day~cannot", "daily-life": "mostly-not|basics", **more})
            for more in ({"home": STRAINED}, {"self-harm": RISK}, {"care-result": WORSE})
        ),
        (
            "distress-and-daily-life",
            {"mind-signs": "eating-daily|high~unreal|manic", "daily-life": "mostly-not|basics"},
        ),
        ("losing-touch", {"mind-signs": "unreal"}),
        *(
            ("both-severe", {**heavy, "mood": "every-day|cannot", **more})
            for heavy, more in (
                ({"drink-often": DAILY}, {"daily-life": LESS}),
                ({"how-often": DAILY}, {"home": UNSAFE}),
                ({"weed-often": "all-day"}, {"self-harm": RISK}),
                ({"drink-often": f"most-days~{DAILY}", "staying-off": "hours|never-alone"}, {"care-result": WORSE}),
                ({"how-often": f"most-days~{DAILY}", "staying-off": "hours|never-alone"}, {"care-result": WORSE}),
            )
        ),
        *(
            ("heavy-use-and-strain", {"drink-often": DAILY, "staying-off": FAILED, **more})
            for more in (
                {"daily-life": "mostly-not|basics"},
                {"daily-life": "missing~mostly-not|basics", "home": STRAINED},
                {"daily-life": "missing~mostly-not|basics", "care-result": "slipping~again"},
                {"mood": "most-days|every-day|cannot", "care-result": "slipping~again"},
                {"home": STRAINED, "care-result": "slipping~again"},
                {"care-result": "again"},
            )
        ),
        ("daily-and-shakes", {"drink-often": "all-day", "stopping": SHAKES}),
        (
            "daily-and-shakes",
            {"how-often": "all-day", "stopping": SHAKES, "daily-life": "missing|mostly-not|basics"},
        ),
        (
            "distress-and-history",
            {"mood": "every-day|cannot", "care-result": "again", "daily-life": "mostly-not|basics"},
        ),
        (
            "distress-and-history",
            {
                "mood": "every-day|cannot",
                "care-now": IN_CARE,
                "care-result": "slipping~again",
                "daily-life": "mostly-not|basics",
            },
        ),
        *(
            ("distress-and-history", {**distress, "care-result": "again", "daily-life": "missing~mostly-not|basics"})
            for distress in (
                {"mood": "every-day|cannot", "home": STRAINED},
                {"mood": "every-day|cannot", "self-harm": RISK},
                {"mind-signs": "eating-daily|rage|high~confused"},
            )
        ),
        ("basics-missing", {"daily-life": "basics", "mood": "some-days|most-days|every-day|cannot"}),
        ("basics-missing", {"daily-life": "basics", "weed-often": "some-days|most-days|daily|all-day"}),
        (
            "basics-missing",
            {
                "daily-life": "basics",
                "use-signs": "more-than-meant|risky|could-not-stop|inject|harm|takes-over|overdose",
            },
        ),
        ("basics-missing", {"daily-life": "basics", "self-harm": "passing|hurt|thoughts|plan"}),
        ("basics-missing", {"daily-life": "basics", "body": "regular|not-controlled|urgent"}),
        (
            "alcohol-sedative-check",
            {"drink-often": f"some-days|light-daily|most-days|{DAILY}", "stopping": SHAKES},
        ),
        *(
            ("illness-and-care", {"body": "not-controlled|urgent", often: DAILY, "staying-off": FAILED})
            for often in ("drink-often", "how-often")
        ),
        *(
            ("illness-and-care", {"body": "not-controlled|urgent", "daily-life": LESS, **more})
            for more in (
                {"drink-often": f"most-days|{DAILY}"},
                {"drink-often": f"some-days|light-daily~most-days|{DAILY}", "staying-off": FAILED},
                {"mood": "every-day|cannot"},
            )
        ),
        ("pregnant-heavy-use", {"person": "pregnant", "drink-often": DAILY}),
        *(
            ("pregnant-heavy-use", {"person": "pregnant", "how-often": DAILY, **more})
            for more in (
                {"use-signs": "harm|takes-over|overdose"},
                {"daily-life": "missing|mostly-not|basics"},
                {"home": f"stress|{UNSAFE}"},
            )
        ),
        ("eating-again", {"mind-signs": "eating-daily", "care-result": WORSE}),
        *(
            (
                "after-hospital",
                {"care-now": "hospital|leaving|hospital-now", "care-result": f"helps|{NOT_LASTING}", **more},
            )
            for more in (
                {"self-harm": "thoughts|plan"},
                {"mood": "every-day|cannot"},
                {"daily-life": LESS},
                {"home": UNSAFE},
            )
        ),
        ("iop-not-enough", {"care-now": "iop|php|residential|hospital|leaving|hospital-now", "care-result": WORSE}),
        ("stay-php", {"care-now": "php|residential|hospital|leaving|hospital-now", "care-result": NOT_LASTING}),
    ],
    "iop": [
        ("thoughts-of-dying", {"self-harm": "thoughts|plan"}),
        ("heavy-use", {"drink-often": DAILY, "staying-off": FAILED}),
        ("heavy-use", {"drink-often": DAILY, "use-signs": "could-not-stop"}),
        (
            "heavy-use",
            {
                "drink-often": DAILY,
                "use-signs": "risky|inject|harm|takes-over|overdose~could-not-stop",
                "daily-life": LESS,
            },
        ),
        ("heavy-use", {"weed-often": "all-day", "staying-off": FAILED}),
        ("heavy-use", {"weed-often": "all-day", "use-signs": "harm|takes-over|overdose~could-not-stop"}),
        ("heavy-use", {"weed-often": "all-day", "daily-life": LESS}),
        ("heavy-use", {"substances": NO_MEDICINE, "how-often": DAILY}),
        *(("heavy-use", {"substances": f"opioids~{NO_MEDICINE}", "how-often": DAILY, **more}) for more in SECOND_SIGN),
        ("moderate-use", {"drink-often": f"most-days|{DAILY}", "staying-off": FAILED}),
        ("moderate-use", {"drink-often": f"most-days|{DAILY}", "use-signs": "could-not-stop"}),
        (
            "moderate-use",
            {
                "drink-often": f"most-days|{DAILY}",
                "use-signs": "risky|inject|harm|takes-over|overdose~could-not-stop",
                "daily-life": LESS,
            },
        ),
        ("moderate-use", {"substances": NO_MEDICINE, "how-often": f"most-days|{DAILY}", "staying-off": FAILED}),
        *(
            (
                "moderate-use",
                {"substances": f"opioids~{NO_MEDICINE}", "how-often": f"most-days|{DAILY}", "staying-off": FAILED}
                | more,
            )
            for more in SECOND_SIGN[:-1]
        ),
        (
            "moderate-use",
            {
                "substances": f"opioids~{NO_MEDICINE}",
                "how-often": f"most-days|{DAILY}",
                "use-signs": "inject|takes-over",
            },
        ),
        (
            "moderate-use",
            {
                "how-often": "most-days~daily|all-day",
                "use-signs": "risky|harm~could-not-stop|inject|takes-over|overdose",
            }
            | {"daily-life": LESS},
        ),
        ("moderate-use", {"weed-often": DAILY, "staying-off": FAILED, "daily-life": LESS}),
        ("overdose-year", {"use-signs": "overdose"}),
        *(
            ("hard-every-day", {"mood": "every-day~cannot", **more})
            for more in (
                {"daily-life": LESS, "self-harm": RISK},
                {"daily-life": LESS, "home": STRAINED},
                {"daily-life": LESS, "care-result": WORSE},
                {"self-harm": RISK, "home": STRAINED},
                {"self-harm": RISK, "care-result": WORSE},
                {"home": STRAINED, "care-result": WORSE},
            )
        ),
        *(("hard-every-day", {"mood": "cannot", **more}) for more in ALONE),
        *(
            ("hard-every-day", {"mind-signs": "eating-daily|high|watched|voices~confused|manic|unreal", **more})
            for more in ({"daily-life": LESS}, {"self-harm": RISK}, {"care-result": f"{WORSE}~no-fit|missed|partly"})
        ),
        (
            "hard-every-day",
            {"mind-signs": "eating-daily|high|watched|voices", "care-result": f"no-fit|missed|partly~{WORSE}"},
        ),
        *(
            ("both-moderate", {often: f"most-days|{DAILY}", "mood": "most-days|every-day|cannot"})
            for often in ("drink-often", "how-often")
        ),
        (
            "both-moderate",
            {
                "weed-often": f"some-days|most-days|{DAILY}",
                "staying-off": FAILED,
                "mood": "most-days|every-day|cannot",
                "daily-life": LESS,
            },
        ),
        ("withdrawal-check", {"stopping": SHAKES}),
        (
            "withdrawal-check",
            {"substances": f"alcohol|sedatives|{NO_MEDICINE}", "stopping": "moderate~severe|dangerous"},
        ),
        (
            "withdrawal-check",
            {"substances": f"opioids|cannabis~alcohol|sedatives|{NO_MEDICINE}", "stopping": "severe|dangerous"},
        ),
        ("moderate-and-strain", {"drink-often": f"most-days|{DAILY}", "home": UNSAFE}),
        ("moderate-and-strain", {"drink-often": f"most-days|{DAILY}", "care-result": WORSE}),
        ("moderate-and-strain", {"drink-often": f"most-days|{DAILY}", "body": "not-controlled|urgent"}),
        (
            "moderate-and-strain",
            {
                "drink-often": f"some-days|light-daily~most-days|{DAILY}",
                "staying-off": FAILED,
                "care-result": WORSE,
            },
        ),
        ("moderate-and-strain", {"staying-off": FAILED, "home": UNSAFE}),
        ("moderate-and-strain", {"mood": "most-days|every-day|cannot", "home": UNSAFE}),
        ("daily-life-hard", {"daily-life": "mostly-not|basics"}),
        ("pregnant-use", {"person": "pregnant", "drink-often": f"most-days|{DAILY}"}),
        (
            "pregnant-use",
            {
                "person": "pregnant",
                "drink-often": f"some-days|light-daily~most-days|{DAILY}",
                "staying-off": "days|hours|never-alone",
            },
        ),
        ("step-down", {"care-now": "php|residential|hospital|leaving|hospital-now"}),
        ("stay-iop", {"care-now": "iop|php|residential|hospital|leaving|hospital-now", "care-result": NOT_LASTING}),
        (
            "outpatient-not-enough",
            {"care-now": "outpatient|iop|php|residential|hospital|leaving|hospital-now", "care-result": WORSE},
        ),
    ],
    "outpatient": [
        ("some-need", {"self-harm": "passing|hurt|thoughts|plan"}),
        ("some-need", {"mood": "some-days|most-days|every-day|cannot"}),
        ("some-need", {"drink-often": f"some-days|light-daily|most-days|{DAILY}"}),
        ("some-need", {"staying-off": "not-tried|days|hours|never-alone"}),
        ("some-need", {"stopping": f"mild|passed|{SHAKES}"}),
        ("worrying-drug", {"substances": "opioids|stimulants|sedatives|other-drugs|unknown"}),
        ("daily-strain", {"daily-life": "missing|mostly-not|basics"}),
        ("daily-strain", {"care-result": NOT_LASTING}),
        ("after-iop", {"care-now": "outpatient|iop|php|residential|hospital|leaving|hospital-now"}),
        ("on-medication", {"person": "medication"}),
        ("prescribed-pills", {"person": "prescribed-sedatives"}),
    ],
}
