"""The database of a run of tests is migrated once: each process that runs tests works on a copy of it.

`python -m tests.databases NAME` makes it, while those processes import and collect.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def without_sync() -> None:
    """What is lost with the machine is not missed."""
    if is_sqlite():
        options = settings.DATABASES["default"]["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")


def make(name: str) -> None:
    """Make a database of this name with all tables, and connect to it; one that is there is made anew."""
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


class Original:
    """The database that is copied, in the making. Until it is whole, its lock is held."""

    def __init__(self, folder: Path):
        """Begin to make it."""
        plain = settings.DATABASES["default"]["NAME"]
        self.name = f"{folder}/original.sqlite3" if is_sqlite() else f"test_{plain}_original"
        self.lock = folder / "lock"
        with self.lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            # The process has the lock, too, and lets go of it at its end, whatever that is.
            self._maker = subprocess.Popen(
                [sys.executable, "-m", "tests.databases", self.name], cwd=ROOT, pass_fds=[held.fileno()]
            )

    def remove(self) -> None:
        """After the last copy was made; one of SQLite goes with its folder."""
        self._maker.terminate()
        self._maker.wait()
        if not is_sqlite():
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')


@contextmanager
def copied(original: str, lock: str) -> Iterator[None]:
    """Connect to a copy of the original, once it is whole, which this process has alone."""
    plain, own = connection.settings_dict["NAME"], str(os.getpid())
    connection.close()
    with Path(lock).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        connection.settings_dict["NAME"] = original
        connection.creation.clone_test_db(own, verbosity=0)
    name = connection.creation.get_test_db_clone_settings(own)["NAME"]
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    yield
    connection.creation.destroy_test_db(plain, verbosity=0)


if __name__ == "__main__":
    django.setup()
    without_sync()
    make(sys.argv[1])
    connection.close()
