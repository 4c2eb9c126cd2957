"""Says whether a migration would break the code that still runs beside it. Runs inside the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django_migration_linter import MigrationLinter

ROOMS = ["referral", "assessments", "directory", "guides", "messaging", "privacy"]


def main() -> int:
    django.setup()
    # Without a database at hand the linter judges the SQL that Django would run on the one that is set.
    linter = MigrationLinter(str(Path.cwd()), no_cache=True, only_applied_migrations=False, quiet=["ok", "ignored"])
    linter.include_apps = ROOMS
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
