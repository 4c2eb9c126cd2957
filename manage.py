#!/usr/bin/env python
"""Django's command line for Waymark."""

import os
import sys
from pathlib import Path

try:
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    from runner.embedded import CannotUseDataFolder, make_keys
except ImportError:
    sys.exit("Django is not installed here: run bin/up --prepare once, then .venv/bin/python manage.py.")

UNDEFINED = ("42P01", "42703")  # PostgreSQL's codes for a table and a column that are not there
# They look at the code alone, and nothing that they write needs a key.
WITHOUT_KEYS = ("check", "makemigrations", "collectstatic", "compilemessages", "help", "version")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = "help" if "--help" in sys.argv else (sys.argv[1:] or ["help"])[0]
    if command == "migrate" and os.environ.get("WAYMARK_MODE") != "hosted":
        # A new database and its keys are made together.
        try:
            make_keys(Path(os.environ.get("WAYMARK_DATA") or Path(__file__).parent / ".data").absolute())
        except CannotUseDataFolder as reason:
            sys.exit(str(reason))
    if command.strip("-") not in WITHOUT_KEYS and settings.MISSING_KEYS:
        sys.exit(settings.MISSING_KEYS)
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        code = getattr(error.__cause__, "sqlstate", "")
        if code not in UNDEFINED and not str(error).startswith(("no such table", "no such column")):
            raise
        sys.exit(
            "The database is empty or older than this code: run bin/up once, or .venv/bin/python manage.py migrate."
        )


if __name__ == "__main__":
    main()
