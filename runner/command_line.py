"""What bin/up may be told. Standard library only: it is read before the environment exists."""

from __future__ import annotations

import argparse
import fcntl
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Options:
    port: int
    data: Path
    prepare: bool


class CannotStart(Exception):
    """One sentence that says why the system cannot run and what to do."""


def parse(arguments: Sequence[str]) -> Options:
    """The options in `arguments`. Ends the program with a usage line if they make no sense."""
    parser = argparse.ArgumentParser(prog="bin/up", description="Set Waymark up on this machine and run all of it.")
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="port of the pages (default: 8000)")
    parser.add_argument("--data", type=Path, default=ROOT / ".data", metavar="DIR", help="data folder (default: .data)")
    parser.add_argument("--prepare", action="store_true", help="set everything up, but start nothing")
    found = parser.parse_args(arguments)
    return Options(found.port, found.data.absolute(), found.prepare)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a whole number from 1 to 65535")
    return int(text)


def require_unused(data: Path) -> None:
    """Raise `CannotStart` where another bin/up runs on this data folder: that is said before its port is."""
    try:
        lock = (data / "lock").open()
    except OSError:  # it runs for the first time, or the folder is not ours, which is said later
        return
    with lock:
        take(lock, data)


def take(lock: IO[str], data: Path) -> None:
    """Hold the lock of a data folder as long as the file is open."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(
            f"The data folder {data} is in use by another bin/up. Stop that one or choose another --data."
        ) from error


def require_free(port: int, host: str = "127.0.0.1") -> None:
    """Raise `CannotStart` unless a server could listen on `port` of this machine, and alone."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(f"Port {port} cannot be used: {error.strerror}. Choose another with --port N.") from error
