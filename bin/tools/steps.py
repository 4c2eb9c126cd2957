"""Set-up steps that are skipped when nothing they depend on changed and what they made is whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.say import ROOT, Stop, cause, step, tell

BUILD = ROOT / ".build"


def files_in(folder: Path, pattern: str = "**/*") -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """SHA-256 over names and contents of `files` and over `words`."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(set(files)):
        digest.update(f"\0{file}\0".encode())
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Step:
    """One piece of set-up. `stamp` holds the fingerprint of the inputs, and is written last."""

    name: str
    stamp: Path
    inputs: Callable[[], str]
    whole: Callable[[], bool]
    make: Callable[[], None]

    def is_done(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text() == self.inputs() and self.whole()

    def ensure(self) -> bool:
        """Make what is missing; return whether anything was made."""
        if self.is_done():
            return False
        with step(self.name):
            # A stop half-way leaves no stamp, so the next run makes it again.
            self.stamp.unlink(missing_ok=True)
            self.make()
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(self.inputs())
        return True


def run(command: Sequence[str | Path], *, doing: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a program and return what it printed. Raises `Stop` with the reason if it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Stop(f"{doing} failed: {command[0]}: {error.strerror}.") from error
    if done.returncode:
        raise Stop(f"{doing} failed: {cause(done.stdout).rstrip('.')}. Then run this again.\n{tail(done.stdout)}")
    return done.stdout


def tail(output: str, lines: int = 12) -> str:
    """The last lines of an output, indented, for whoever wants to look closer."""
    return "\n".join(f"    | {line}" for line in output.strip().splitlines()[-lines:])


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold this checkout's set-up lock, so that two commands do not build the same files at once."""
    try:
        BUILD.mkdir(exist_ok=True)
        handle = (BUILD / "lock").open("w")
    except OSError:
        # A read-only checkout that was set up before needs no lock, and a step that must write will say so.
        yield
        return
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("  Waiting for another set-up of this folder …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
