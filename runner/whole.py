"""Whether the SQLite file of a data folder can be used: whole, readable, writable, and not beside another one's log.
Plain Python."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

DAMAGED = frozenset({11, 26})  # SQLite's result codes: corrupt, not a database
LARGE = 64 << 20  # bytes; of a larger file only the beginning is looked at while it runs
RAN = ".ran"  # says which file ran here last; a copy of the whole folder knows that it is a copy
MOVE_ALL = "Move it, and the -wal and -shm beside it, away and put a backup in its place."


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says of a file that it is damaged, in `error` or what it was raised from."""
    while error is not None:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED:
            return True
        error = error.__cause__
    return False


def is_writable(file: Path) -> bool:
    """Whether this user may write the file, what lies beside it, and its folder. Nothing is written."""
    beside = [each for each in (Path(f"{file}-wal"), Path(f"{file}-shm")) if each.exists()]
    return all(os.access(each, os.R_OK | os.W_OK) for each in (file, file.parent, *beside))


def why_not_usable(file: Path) -> str:
    """What is wrong with the file, in a sentence; empty where nothing is, and where it is not there."""
    if not file.exists():
        return ""
    if not is_writable(file):
        return f"{file} cannot be read and written by this user: look at its owner, its permissions and its disk."
    return f"{file} is damaged. {MOVE_ALL}" if _faulty(file, whole=file.stat().st_size <= LARGE) else ""


def put_stray_aside(file: Path) -> str:
    """Move away a -wal that would damage the file beside it: it was left by another. Return a sentence if so.

    One that belongs to it is never touched, whatever the times of both say: with it the file is whole.
    """
    log = Path(f"{file}-wal")
    if not (file.exists() and log.exists() and log.stat().st_size and is_writable(file)):
        return ""
    if not _faulty(file) or _faulty(file, alone=True):
        return ""
    for each in (log, Path(f"{file}-shm")):
        if each.exists():
            each.replace(f"{each}.stray")
    return f"{log} belongs to another database than {file.name}, which is whole without it: moved to {log.name}.stray."


def remember(file: Path) -> None:
    """Write down beside the file that it is the one that runs here."""
    if not file.exists():
        return
    note = file.with_name(RAN)
    note.touch(mode=0o600)
    note.write_text(json.dumps([file.stat().st_ino, note.stat().st_ino]))


def mixed_log(file: Path) -> str:
    """What to do, in a sentence, where the file was put in the place of the one that ran here last and a -wal that
    may be that one's would be written into it, although both are whole; else nothing."""
    log, note = Path(f"{file}-wal"), file.with_name(RAN)
    if not (file.exists() and log.exists() and log.stat().st_size and note.exists()):
        return ""
    now = [file.stat().st_ino, note.stat().st_ino]
    try:
        ran = json.loads(note.read_text())
    except ValueError:
        return ""
    if ran == now or ran[1:] != now[1:]:
        return ""
    return (
        f"{file} is not the file that ran here last, and what waits in {log.name} may be that one's. Move {log.name} "
        f"and {file.name}-shm away; or, where they came with it from one copy, {RAN}."
    )


def _faulty(file: Path, *, whole: bool = True, alone: bool = False) -> bool:
    """Whether SQLite finds a fault in the file; `alone` without what its -wal would change."""
    query = "PRAGMA quick_check(1)" if whole else "SELECT count(*) FROM sqlite_master"
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro{'&immutable=1' * alone}", uri=True)) as opened:
            found = opened.execute(query).fetchone()[0]
    except sqlite3.Error as error:
        return is_damage(error)
    return whole and found != "ok"
