"""Daily drinking that did harm and could not be stopped: one more sign asks for care day and night."""

from __future__ import annotations

from typing import Any

from tests.engine.people import Person

DRINKS = {"drink-often": "daily", "use-signs": ["harm", "could-not-stop"], "staying-off": "days"}
ALIKE: list[tuple[str, dict[str, Any], str, str]] = [
    ("nothing else", {}, "iop", ""),
    ("daily life takes effort", {"daily-life": "harder"}, "iop", ""),
    ("misses work", {"daily-life": "missing"}, "residential", ""),
    ("misses work; drinking takes over and did no other harm", {
        "daily-life": "missing", "use-signs": ["takes-over", "could-not-stop"],
    }, "residential", ""),
    ("misses work; took risks and did no harm yet", {
        "daily-life": "missing", "use-signs": ["risky", "could-not-stop"],
    }, "iop", ""),
    ("misses work; never tried to stop", {"daily-life": "missing", "use-signs": ["harm"]}, "iop", ""),
    (
        "misses work; did harm and took risks, never tried to stop",
        {"daily-life": "missing", "use-signs": ["harm", "risky"]},
        "iop",
        "",
    ),
    ("home is mixed", {"home": "mixed"}, "iop", ""),
    ("home is full of stress", {"home": "stress"}, "residential", ""),
    ("earlier care helps", {"care-result": "helps"}, "iop", ""),
    ("earlier care helped for a while", {"care-result": "partly"}, "residential", ""),
    ("sweats and shakes without it", {"stopping": "moderate"}, "medically-managed", "residential"),
    ("is edgy without it", {"stopping": "mild"}, "iop", ""),
    ("stays off for hours only", {"staying-off": "hours"}, "residential", ""),
]  # fmt: skip
THIRD_SIGNS = [
    Person(
        f"Drinks every day, could not stop: {story}.",
        {**DRINKS, **more},
        level,
        {"do-not-stop-suddenly"},
        {"alcohol-sedatives", *(["keep-taking"] if "care-result" in more else [])},
        then,
    )
    for story, more, level, then in ALIKE
]
