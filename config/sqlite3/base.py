"""Django's SQLite, which opens the file that is there and makes none: an empty one in the place of a database that was
moved away would look like a whole one. `manage.py migrate` makes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises OperationalError ("unable to open database file") where its file is not there. Tests begin with none."""

    def get_connection_params(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_connection_params()
        name = str(found["database"])
        if not name.startswith(("file:", ":memory:")) and name != str(self.settings_dict["TEST"]["NAME"]):
            found["database"] = f"{Path(name).absolute().as_uri()}?mode=rw"
        return found
