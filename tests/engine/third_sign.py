"""Daily drinking that did harm and could not be stopped: what each further sign asks for, one step at a time."""

from __future__ import annotations

from typing import Any

from tests.engine.people import Person

DRINKS = {"drink-often": "daily", "use-signs": ["harm", "could-not-stop"], "staying-off": "days"}
ALIKE: list[tuple[str, dict[str, Any], str, str]] = [
    ("nothing else", {}, "iop", ""),
    ("daily life takes effort", {"daily-life": "harder"}, "iop", ""),
    ("misses work", {"daily-life": "missing"}, "iop", ""),
    ("home is full of stress", {"home": "stress"}, "iop", ""),
    ("earlier care helped for a while", {"care-result": "partly"}, "iop", ""),
    ("earlier care did not fit", {"care-result": "no-fit"}, "iop", ""),
    ("sweats and shakes without it", {"stopping": "moderate"}, "medically-managed", "iop"),
    ("shook at first, and that is over", {"stopping": "passed"}, "iop", ""),
    ("is edgy without it", {"stopping": "mild"}, "iop", ""),
    ("misses work, in a home full of stress", {"daily-life": "missing", "home": "stress"}, "php", ""),
    ("misses work, and care is not enough", {"daily-life": "missing", "care-result": "slipping"}, "php", ""),
    ("misses work, in a home full of stress, and care is not enough", {
        "daily-life": "missing", "home": "stress", "care-result": "slipping",
    }, "residential", ""),
    ("the same, and did no harm yet", {
        "daily-life": "missing", "home": "stress", "care-result": "slipping", "use-signs": ["could-not-stop"],
    }, "php", ""),
    ("stays off for hours only", {"staying-off": "hours"}, "residential", ""),
    ("stays off for hours only, and did no harm yet", {
        "staying-off": "hours", "use-signs": ["could-not-stop"],
    }, "iop", ""),
    ("others drink at home", {"home": "triggers"}, "residential", ""),
]  # fmt: skip
THIRD_SIGNS = [
    Person(
        f"Drinks every day, could not stop: {story}.",
        {**DRINKS, **more},
        level,
        {"do-not-stop-suddenly", *(["shaking"] if more.get("stopping") == "moderate" else [])},
        {"alcohol-sedatives", *(["keep-taking"] if "care-result" in more else [])},
        then,
    )
    for story, more, level, then in ALIKE
]
