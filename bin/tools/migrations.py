"""Says whether a migration would break the code that still runs beside it. Runs inside the environment."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection
from django_migration_linter import MigrationLinter

APPS = ["referral", "assessments", "directory", "guides", "messaging", "privacy"]


def main() -> int:
    django.setup()
    if connection.vendor == "sqlite":
        # The code alone is looked at, and nothing but `migrate` makes a database.
        connection.settings_dict["NAME"] = ":memory:"
    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)
    linter = MigrationLinter(
        str(Path.cwd()),
        no_cache=True,
        include_apps=APPS,
        quiet=["ok", "ignore"],
        # Nothing runs beside the first migration of an app, and SQLite makes its tables in several goes.
        ignore_initial_migrations=True,
        # One changes indexes only, some add columns with a default in the database; SQLite makes the table anew
        # for that, which looks like new NOT NULL columns without one. Encrypting columns, and keeping a draft as one
        # document, are announced as a stop.
        ignore_name=[
            "0003_lean_indexes",
            "0003_state_texts",
            "0004_kept_answers",
            "0004_replies_that_wait",
            "0005_level_week",
            "0007_tallies",
            "0006_draft_as_document",
            "0006_sealed_columns",
            "0007_drop_block_tables",
            "0008_tasks_of_a_request",
            "0009_sessions_ended",
            "0048_call_instead",
            "0009_stages",
            "0010_accepted_suggestions",
            "0010_flag_unusual_requests",
            "0011_short_facts",
            "0011_duty_and_absences",
            "0013_revision_note",
            "0013_second_provider",
            "0022_move_on",
            "0016_follows",
            "0020_turns_and_reviews",
        ],
        # Operations of ours name their arguments by what they are.
        exclude_migration_tests=["RUNPYTHON_ARGS_NAMING_CONVENTION"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
