#!/usr/bin/env python
"""Django's command line for Waymark."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError
except ImportError:
    sys.exit("Django is not installed here: run bin/up --prepare once, then .venv/bin/python manage.py.")

UNDEFINED = ("42P01", "42703")  # PostgreSQL's codes for a table and a column that are not there


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
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
