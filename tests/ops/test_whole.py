"""A SQLite file that cannot be used is named, and a log that another database left does it no harm."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from runner.command_line import CannotStart
from runner.needed import Needed
from runner.stack import require_usable
from runner.whole import remember, why_not_usable


def fill(file: Path, rows: int, *, width: int = 500) -> sqlite3.Connection:
    """A database with its -wal, as long as the connection is open."""
    opened = sqlite3.connect(file)
    opened.execute("PRAGMA journal_mode = WAL")
    opened.execute("PRAGMA wal_autocheckpoint = 0")
    opened.execute("CREATE TABLE people (name TEXT)")
    opened.execute("CREATE INDEX by_name ON people (name)")
    opened.executemany("INSERT INTO people VALUES (?)", [(f"{number:0{width}}",) for number in range(rows)])
    opened.commit()
    return opened


def logs_of(file: Path, to: Path) -> None:
    for end in ("-wal", "-shm"):
        shutil.copy(f"{file}{end}", f"{to}{end}")


def test_a_log_of_another_database_is_put_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup, other = tmp_path / "waymark.sqlite3", tmp_path / "other.sqlite3"
    fill(backup, 900).close()
    left = fill(other, 300, width=900)
    left.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left.execute("UPDATE people SET name = name || 'x' WHERE rowid % 7 = 0")
    left.commit()
    logs_of(other, backup)
    left.close()
    require_usable(backup)
    assert "waymark.sqlite3-wal.stray" in capsys.readouterr().out
    with sqlite3.connect(backup) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT count(*) FROM people").fetchone() == (900,)


def test_the_log_of_a_database_that_was_killed_stays(tmp_path: Path) -> None:
    running, copy = tmp_path / "running.sqlite3", tmp_path / "waymark.sqlite3"
    opened = fill(running, 100)
    shutil.copy(running, copy)
    logs_of(running, copy)
    opened.close()
    require_usable(copy)
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT count(*) FROM people").fetchone() == (100,)


@pytest.fixture
def power_cut(tmp_path: Path) -> tuple[Path, Path]:
    """A database that ran here, changed after its backup, with the change in its -wal alone; and the backup."""
    running, file, backup = tmp_path / "running.sqlite3", tmp_path / "data" / "waymark.sqlite3", tmp_path / "backup"
    file.parent.mkdir()
    opened = fill(running, 300)
    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(running, backup)
    shutil.copy(running, file)
    remember(file)
    opened.execute("UPDATE people SET name = 'POWERCUT'")
    opened.commit()
    logs_of(running, file)
    opened.close()
    return file, backup


def test_a_backup_is_not_mixed_with_what_ran_here_last(power_cut: tuple[Path, Path], tmp_path: Path) -> None:
    file, backup = power_cut
    file.rename(tmp_path / "damaged.sqlite3")
    shutil.copy(backup, file)
    for _twice in range(2):
        with pytest.raises(CannotStart, match=r"not the file that ran here last.* Nothing was started\.$"):
            require_usable(file)
    for end in ("-wal", "-shm"):
        Path(f"{file}{end}").rename(tmp_path / f"damaged{end}")
    require_usable(file)
    with sqlite3.connect(file) as opened:
        assert opened.execute("SELECT count(*) FROM people WHERE name = 'POWERCUT'").fetchone() == (0,)


def test_a_copy_of_the_whole_folder_keeps_its_log(power_cut: tuple[Path, Path], tmp_path: Path) -> None:
    file, _backup = power_cut
    require_usable(file)
    copy = tmp_path / "copy"
    shutil.copytree(file.parent, copy)
    require_usable(copy / file.name)
    with sqlite3.connect(copy / file.name) as opened:
        assert opened.execute("SELECT count(*) FROM people WHERE name = 'POWERCUT'").fetchone() == (300,)


def test_damage_while_it_runs_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, clock = tmp_path / "waymark.sqlite3", [0.0]
    monkeypatch.setattr("runner.needed.time.monotonic", lambda: clock[0])
    fill(file, 900).close()
    whole = file.read_bytes()
    watched = Needed(file, "Pages can be read.", lambda: why_not_usable(file), 10.0)
    told = []
    for content in (whole, whole[:9000] + b"\0" * 9000 + whole[18000:], b"garbage" * 900, whole):
        file.write_bytes(content)
        for _look in range(3):
            clock[0] += 10
            told.append(watched.news())
    assert [line for line in told if line] == [
        f"{file} is damaged. Move it, and the -wal and -shm beside it, away and put a backup in its place. "
        "Pages can be read.",
        f"{file} is right again.",
    ]


def test_a_file_that_this_user_may_not_write_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "waymark.sqlite3"
    fill(file, 1).close()
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != file)
    with pytest.raises(CannotStart, match=r"cannot be read and written by this user: .* Nothing was started\.$"):
        require_usable(file)
