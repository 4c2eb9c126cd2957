"""The programs that a run needs, as bin/test finds them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "bin"))

from tools.services import find_postgres, find_redis


def postgres_programs() -> Path:
    """The folder with PostgreSQL's programs."""
    return find_postgres()


def redis_program() -> str:
    """Redis' server."""
    return find_redis()
