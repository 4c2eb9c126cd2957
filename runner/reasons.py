"""Which line of a log says why a program ended."""

from __future__ import annotations

import re

TELLING = re.compile(
    r"error|fatal|fail|can't|cannot|could not|no such|missing|denied|refused|in use|no space|full|not found|invalid|"
    r"exception",
    re.IGNORECASE,
)


def reason_in(log: str) -> str:
    """The last line of a log that reads as a reason, else the last that says anything. The frames of a traceback are
    indented, and a banner has no words: neither is a reason."""
    lines = [line for line in log.splitlines() if re.search(r"[^\W\d_]{2}", line) and not line[0].isspace()]
    found = [line for line in lines if TELLING.search(line) and not line.startswith(("Traceback ", "During handling"))]
    return (found or lines or [""])[-1].strip()
