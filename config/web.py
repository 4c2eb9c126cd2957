"""Starts the web of a hosted server: ``python -m config.web``, with what granian takes.

granian reads the settings in its processes alone, and may replace one that cannot start for ever: read here first, a
variable that is wrong ends the server with exit code 1 and its sentence, and nothing is started.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings

APPLICATION = "config.wsgi:application"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if settings.MISSING_KEYS:
        sys.exit(settings.MISSING_KEYS)
    server = str(Path(sys.executable).with_name("granian"))
    os.execv(server, [server, "--interface", "wsgi", *sys.argv[1:], APPLICATION])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
