"""Starts the web of a hosted server: ``python -m config.web``, with what granian takes.

granian reads the settings in its processes alone, and may replace one that cannot start for ever: read here first, a
variable that is wrong ends the server with exit code 1 and its sentence, and nothing is started.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings

from runner.command_line import CannotStart, require_free

APPLICATION = "config.wsgi:application"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if settings.MISSING_KEYS:
        sys.exit(settings.MISSING_KEYS)
    _require_free(sys.argv[1:])
    server = str(Path(sys.executable).with_name("granian"))
    os.execv(server, [server, "--interface", "wsgi", *sys.argv[1:], APPLICATION])  # noqa: S606 - no shell is wanted


def _require_free(arguments: list[str]) -> None:
    """End where another server listens: granian would share the port with it, and either would answer by chance."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--uds")
    asked, _others = parser.parse_known_args(arguments)
    if not asked.uds:
        try:
            require_free(asked.port, asked.host)
        except CannotStart as reason:
            sys.exit(str(reason))


if __name__ == "__main__":
    main()
