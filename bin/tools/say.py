"""What the commands in bin/ say, and how they stop: one clear sentence, exit code 1."""

from __future__ import annotations

import errno
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# What other programs print when something outside them is wrong, and what a person can do about it.
CAUSES = [
    (r"No space left on device|ENOSPC|disk is full|os error 28\b", "the disk is full. Free some space"),
    (r"Read-only file system|EROFS|os error 30\b", "the disk is read-only. Use a folder that can be written"),
    (r"Permission denied|EACCES|os error 13\b", "a file may not be written by this user. Check who owns the folder"),
    (
        r"dns error|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|Network is unreachable"
        r"|Connection refused|error sending request|Failed to fetch|Could not resolve|client error \(Connect\)"
        r"|Could not find a version that satisfies|Failed to establish a new connection",
        "the package registry cannot be reached. Check the network",
    ),
    (r"[Hh]ash(es)? mismatch|EINTEGRITY|THESE PACKAGES DO NOT MATCH", "a download does not match the locked hash"),
]


class Stop(Exception):
    """The command cannot go on; the message is one sentence that says what to do."""


def cause(output: str) -> str:
    """The reason that a failed program's `output` shows, as half a sentence."""
    for pattern, sentence in CAUSES:
        if re.search(pattern, output):
            return sentence
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def tell(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show `name` while the block runs, and how long it took."""
    sys.stdout.write(f"  {name} … ")
    sys.stdout.flush()
    start = time.monotonic()
    try:
        yield
    except BaseException:
        tell("failed")
        raise
    tell(f"{time.monotonic() - start:.1f} s")


def sentence_of(error: OSError) -> str:
    """An operating-system error as a sentence that names the file."""
    where = error.filename or "a file"
    if error.errno == errno.ENOSPC:
        return f"The disk is full: {where} cannot be written. Free some space and run this again."
    if error.errno == errno.EROFS:
        return f"The disk is read-only: {where} cannot be written. Use a folder that can be written."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not use {where}. Check who owns it."
    return f"{error.strerror or error}: {where}."


def main(command: Callable[[list[str]], int]) -> None:
    """Run `command` with the arguments; end with its exit code, or with one sentence and 1."""
    try:
        code = command(sys.argv[1:])
    except Stop as stop:
        sys.exit(f"\n{stop}")
    except OSError as error:
        sys.exit(f"\n{sentence_of(error)}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    sys.exit(code)
