"""Words that the collector of translations cannot see would be English for everybody."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

APPS = ("config", "workspace", "portal", "ui", "referral", "assessments", "directory", "guides", "messaging", "privacy")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def hidden(file: Path) -> list[str]:
    """The lines of a file where a string to translate stands inside an f-string."""
    joined = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.JoinedStr)]
    calls = [inner for node in joined for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in CALLS]
    return [f"{file}:{call.lineno}" for call in named]


def test_no_string_to_translate_hides_in_an_f_string() -> None:
    files = [file for app in APPS for file in (Path(settings.BASE_DIR) / app).rglob("*.py")]
    assert [line for file in files for line in hidden(file)] == []
