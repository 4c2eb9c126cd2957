"""Everything about the code that a program can judge without running it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.assets import ensure_assets
from tools.environment import PYTHON, VENV, ensure_environment
from tools.say import ROOT, tell
from tools.steps import one_at_a_time

BIN = VENV / "bin"
# Enough to start in hosted mode, for what Django says about the settings of a real installation.
HOSTED = {
    "WAYMARK_MODE": "hosted",
    "WAYMARK_SECRET_KEY": "only-for-bin-check-" + "x1Y" * 20,
    "WAYMARK_ENCRYPTION_KEYS": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "WAYMARK_BLIND_INDEX_KEY": "only-for-bin-check-" + "x1Y" * 10,
    "WAYMARK_BASE_URL": "https://waymark.example",
    "WAYMARK_ALLOWED_HOSTS": "waymark.example",
    "WAYMARK_DATABASE_URL": "postgres://waymark@127.0.0.1/waymark",
    "WAYMARK_REDIS_URL": "redis://127.0.0.1/0",
    "WAYMARK_EMAIL_HOST": "127.0.0.1",
    "WAYMARK_EMAIL_FROM": "hello@waymark.example",
}
DJANGO = ("--target-version", "5.2")  # whose syntax djade writes


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str | Path]
    fix: str
    environment: dict[str, str] | None = None


def all_checks() -> list[Check]:
    manage: list[str | Path] = [PYTHON, "manage.py"]
    templates = sorted((ROOT / "templates").rglob("*.html"))
    return [
        Check("types", [BIN / "mypy"], "give the types that mypy asks for"),
        Check("format", [BIN / "ruff", "format", "--check", "."], ".venv/bin/ruff format ."),
        Check(
            "template format",
            [BIN / "djade", "--check", *DJANGO, *templates],
            f".venv/bin/djade {' '.join(DJANGO)} $(git ls-files 'templates/*.html')",
        ),
        Check("lint", [BIN / "ruff", "check", "."], ".venv/bin/ruff check --fix . and mend the rest by hand"),
        Check("imports", [BIN / "lint-imports"], "import one way only: see the contracts in pyproject.toml"),
        Check(
            "migrations made",
            [*manage, "makemigrations", "--check", "--dry-run"],
            ".venv/bin/python manage.py makemigrations",
        ),
        Check(
            "migrations safe",
            [PYTHON, ROOT / "bin" / "tools" / "migrations.py"],
            "split the migration, so that the old code still runs beside it",
        ),
        Check(
            "templates",
            [PYTHON, ROOT / "bin" / "tools" / "templates.py"],
            "mend each line that is named",
        ),
        Check(
            "translations",
            [PYTHON, ROOT / "bin" / "tools" / "catalogue.py", "--check"],
            "bin/messages, then translate what is empty or fuzzy",
        ),
        Check(
            "hosted settings",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            "mend config/settings.py",
            HOSTED,
        ),
    ]


def check(arguments: list[str]) -> int:
    """Run every check, two at a time; 0 if all pass. ``--no-setup`` leaves the environment as it is."""
    if "--no-setup" not in arguments:
        with one_at_a_time():
            ensure_environment(dev=True)
            ensure_assets()
    tell("\nChecks")
    with tempfile.TemporaryDirectory(prefix="waymark-check-") as data, ThreadPoolExecutor(2) as two:
        results = list(two.map(lambda one: _run(one, data), all_checks()))
    return 0 if all(results) else 1


def _run(one: Check, data: str) -> bool:
    start = time.monotonic()
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    done = subprocess.run(
        [str(part) for part in one.command],
        cwd=ROOT,
        env={**own, "WAYMARK_DATA": data, **(one.environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    seconds = f"{time.monotonic() - start:.1f} s"
    if done.returncode == 0:
        tell(f"  ok      {one.name} ({seconds})")
        return True
    output = "\n".join(f"    {line}" for line in (done.stdout + done.stderr).strip().splitlines())
    tell(f"  FAILED  {one.name} ({seconds})\n{output}\n    To mend it: {one.fix}")
    return False
