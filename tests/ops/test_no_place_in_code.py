"""Which state and city this is, is data: another one must not need another code."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "workspace", "portal", "referral", "assessments", "directory", "guides", "messaging", "privacy", "ui")
PLACE = re.compile(r"California|Pasadena|Los[ _]Angeles|\b11831\b|\bDHCS\b|Medi-Cal|\"CA\"", re.IGNORECASE)
# The answer's key in the questionnaire that ships, the value where WAYMARK_TIME_ZONE is not set, and one of the zones
# that have a name.
KEPT = {
    "assessments/family/result/given.py": ["medi-cal"],
    "assessments/family/result/steps.py": ["medi-cal", "medi-cal"],
    "assessments/family/search.py": ["medi-cal"],
    "config/settings.py": ["Los_Angeles"],
    "portal/views/own.py": ["Los_Angeles"],
}


def named(text: str) -> list[str]:
    return PLACE.findall(text)


def test_no_code_or_template_names_a_state_or_a_city() -> None:
    code = [path for app in (*APPS, "runner", "bin") for path in (ROOT / app).rglob("*.py")]
    # A migration that has run tells what was, and is not edited.
    files = [path for path in code if "migrations" not in path.parts]
    files += [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert len(files) > 300
    found = {str(path.relative_to(ROOT)): words for path in files if (words := named(path.read_text()))}
    assert found == KEPT


def test_the_search_for_places_finds_them() -> None:
    text = 'California law, Pasadena, America/Los_Angeles, Los Angeles, H&S 11831.6, the DHCS, Medi-Cal, "CA"'
    assert len(named(text)) == 8
