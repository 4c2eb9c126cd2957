"""A file that the parts need while they run: told once when it is missing or wrong, and when it is right again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Needed:
    """`words` say what goes on without it. `why_wrong` is asked when another file lies in its place: a sentence, else
    empty. Without it only the absence of the file counts. One that always changes is asked about
    once in `every` seconds."""

    file: Path
    words: str
    why_wrong: Callable[[], str] | None = None
    every: float = 0.0
    said: str = field(default="", init=False)  # what is wrong with it now
    _seen: tuple[int, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._looks()

    def news(self) -> str:
        """What has become of it since the last look, in a line; empty where nothing has."""
        before, now = self._seen, self._looks()
        if now == before:
            return ""
        said, self._seen = self.said, now
        if now is None:
            self.said = f"{self.file} is missing: put it back. {self.words}"
        else:
            why = self.why_wrong() if self.why_wrong else ""
            self.said = f"{why} {self.words}" if why else ""
        if self.said == said:
            return ""
        return self.said or f"{self.file} is {'back' if before is None else 'right again'}."

    def _looks(self) -> tuple[int, ...] | None:
        """What tells one file at its place from the next; None where there is none."""
        try:
            file = self.file.stat()
        except OSError:
            return None
        if self.every:
            return (int(time.monotonic() // self.every),)
        return (file.st_ino, file.st_size, file.st_mtime_ns) if self.why_wrong else ()
