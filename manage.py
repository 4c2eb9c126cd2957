#!/usr/bin/env python
"""Django's command line for Waymark."""

import os
import sys
from pathlib import Path

try:
    from django.conf import settings
    from django.core.management import execute_from_command_line, get_commands
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor
    from psycopg import OperationalError as PostgresError

    from runner import disk
    from runner.embedded import NEW, CannotUseDataFolder, make_keys, require_database
    from runner.keys_fit import why_not
    from runner.whole import MOVE_ALL
except ImportError:
    sys.exit("Django is not installed here: run bin/up --prepare once, then .venv/bin/python manage.py.")

NO_WAY_IN = ("3D000", "28000", "28P01", "53300", "57P03")  # no such database, not let in, too many, starting up
UNDEFINED = ("42P01", "42703")  # PostgreSQL's codes for a table and a column that are not there
# They look at the code alone, and nothing that they write needs a key.
WITHOUT_KEYS = ("check", "makemigrations", "collectstatic", "compilemessages", "help", "version")

LOOKS = {"--plan", "--check", "--help", "-h"}  # of migrate: they change nothing


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = "help" if "--help" in sys.argv else (sys.argv[1:] or ["help"])[0]
    if command == "migrate" and os.environ.get("WAYMARK_MODE") != "hosted":
        # A new database and its keys are made together.
        data = Path(os.environ.get("WAYMARK_DATA") or Path(__file__).parent / ".data").absolute()
        try:
            require_database(data, os.environ.get("WAYMARK_DATABASE_URL", ""))
            make_keys(data)
        except CannotUseDataFolder as reason:
            sys.exit(str(reason))
    if command.strip("-") not in WITHOUT_KEYS and settings.MISSING_KEYS:
        sys.exit(settings.MISSING_KEYS)
    if command == "drain" and (why := why_not(settings.DATA, os.environ)):
        sys.exit(why)  # the same as config/celery.py
    database = settings.DATABASES["default"]
    if command == "migrate" and database["ENGINE"].endswith("sqlite3"):
        Path(database["NAME"]).touch(mode=0o600)  # nothing else makes one: see config/sqlite3
    try:
        execute_from_command_line(sys.argv)
        if command == "migrate" and not LOOKS & set(sys.argv) and "roles" in get_commands() and _whole():
            execute_from_command_line([sys.argv[0], "roles"])
    except DatabaseError as error:
        sentence = _sentence(error)
        if not sentence:
            raise
        sys.exit(sentence)
    except EOFError:
        sys.exit(f"{command} asks for something to be typed, and nothing was: run it in a terminal.")


def _whole() -> bool:
    """Whether nothing is left to migrate: then what this release ships has its place."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _sentence(error: Exception) -> str:
    """What is wrong with the database, where that is all there is to say; else nothing."""
    said, code = str(error), getattr(error.__cause__, "sqlstate", "")
    database = settings.DATABASES["default"]
    missing = said == "unable to open database file" and not Path(database["NAME"]).exists()
    never_made = missing and (settings.DATA / NEW).exists()
    if missing and settings.HOSTED:
        return (
            f"The database {database['NAME']} is not there. Put it back, or make a new one the first time: "
            ".venv/bin/python manage.py migrate."
        )
    if never_made or code in UNDEFINED or said.startswith(("no such table", "no such column")):
        way = "" if settings.HOSTED else "bin/up once, or "
        return f"The database is empty or older than this code: run {way}.venv/bin/python manage.py migrate."
    if said == "unable to open database file":
        state = "is missing: put it back" if missing else "cannot be opened"
        return f"The database {database['NAME']} {state}."
    if said.startswith(("file is not a database", "database disk image is malformed")):
        return f"The database {database['NAME']} is damaged: {said}. {MOVE_ALL}"
    # A full disk is also an "I/O error" to SQLite, which cannot write its journal there.
    on_this_disk = database["ENGINE"].endswith("sqlite3") and disk.is_full(Path(database["NAME"]).parent)
    if "disk is full" in said or ("disk I/O error" in said and on_this_disk):
        return "The disk is full. Free some space, then run this again."
    if isinstance(error.__cause__, PostgresError) and (code is None or code in NO_WAY_IN):
        reason = said.strip().splitlines()[0] if said.strip() else "it gave no reason"
        return f"The database of WAYMARK_DATABASE_URL cannot be reached: {reason}"
    return ""


if __name__ == "__main__":
    main()
