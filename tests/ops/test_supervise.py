"""Parts that end start again, with growing pauses; only the one without which nothing is served ends everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner import disk, supervise
from runner.needed import Needed
from runner.reasons import reason_in
from runner.supervise import Part, PartFailed, Supervisor

SLEEPS = ["sleep", "60"]


class Enough(Exception):
    """The test has heard what it waited for."""


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(supervise, "FIRST_REST", 0.01)
    made = Supervisor(tmp_path / "logs", os.environ, tmp_path)
    yield made
    made.stop()


def told_until(supervisor: Supervisor, words: str) -> list[str]:
    """The first line of all that is told, up to the one with these words."""
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line.splitlines()[0])
        if words in line:
            raise Enough

    with pytest.raises(Enough):
        supervisor.watch(tell)
    return told


def test_a_vital_part_that_cannot_live_ends_everything_and_says_why(supervisor: Supervisor) -> None:
    told: list[str] = []
    supervisor.start(Part("steady", SLEEPS))
    supervisor.start(Part("broken", ["sh", "-c", "echo no such table; exit 3"], vital=True))
    with pytest.raises(PartFailed) as failed:
        supervisor.watch(told.append)
    assert "The broken ended 6 times in a row" in str(failed.value) and "no such table" in str(failed.value)
    rests = [line.rpartition("starts again in ")[2] for line in told]
    assert rests == ["0.01 s", "0.02 s", "0.04 s", "0.08 s", "0.16 s"]


def test_any_other_part_is_tried_until_it_can_live_and_all_else_goes_on(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "LONGEST_REST", 0.02)
    monkeypatch.setattr(supervise, "STEADY", 2.0)  # a busy machine may need a second for what ends at once
    told: list[str] = []
    starts = tmp_path / "starts"
    tries = supervise.MOST_ENDS + 3
    script = f"echo x >> starts; test $(wc -l < starts) -gt {tries} && exec sleep 60; echo disk I/O error; exit 1"

    def tell(line: str) -> None:
        told.append(line)
        if "answers again" in line:
            raise Enough

    supervisor.start(Part("web", SLEEPS, vital=True))
    supervisor.start(Part("worker", ["sh", "-c", script], lambda: len(starts.read_text().split()) > tries))
    web = supervisor.running[0].process
    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert web.poll() is None and supervisor.running[0].process is web
    assert len(starts.read_text().split()) == tries + 1
    assert len([line for line in told if "ended with exit code 1" in line]) == supervise.MOST_ENDS
    assert sum("ended 6 times in a row, so something else must be mended first." in line for line in told) == 1
    assert "disk I/O error" in told[-2] and told[-1] == "  worker answers again"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The bytes that the disk is said to have free, as the only item."""
    free = [0]
    monkeypatch.setattr(disk, "is_full", lambda _folder, least=disk.LEAST_ROOM: free[0] < least)
    yield free


def test_a_full_disk_is_said_once_and_ends_nothing_until_there_is_room(
    supervisor: Supervisor, room: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "LONGEST_REST", 0.02)
    monkeypatch.setattr(supervise, "POLL", 0.01)
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if "times in a row" in line:
            room[0] = disk.LEAST_ROOM * 3

    supervisor.start(Part("web", ["false"], vital=True))
    with pytest.raises(PartFailed, match="so everything stops"):
        supervisor.watch(tell)
    assert told[0] == supervise.FULL and told.count(supervise.FULL) == 1
    again = told.index("There is room on the disk again.")
    assert supervise.MOST_ENDS == again - told.index(supervise.FULL) - 1 == len(told) - again, "it begins anew"


def test_a_part_that_cannot_be_started_again_ends_nothing(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, full = supervisor._begin, iter([OSError(28, "No space left on device")])

    def once_full(part: Part) -> supervise._Running:
        for error in full:
            raise error
        return begin(part)

    supervisor.start(Part("worker", SLEEPS))
    monkeypatch.setattr(supervisor, "_begin", once_full)
    supervisor.running[0].process.kill()
    told = told_until(supervisor, "answers again")
    assert told[1:] == ["The worker cannot be started: No space left on device.", "  worker answers again"]


def test_a_part_that_ran_long_enough_may_end_any_number_of_times(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "STEADY", 0.0)
    ends = 0

    def tell(line: str) -> None:
        nonlocal ends
        ends += "ended with exit code" in line
        if ends == 3 * supervise.MOST_ENDS:
            raise Enough

    supervisor.start(Part("short", ["true"]))
    with pytest.raises(Enough):
        supervisor.watch(tell)


def test_a_part_that_died_takes_its_children_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    script = "sleep 60 & echo $! >> children; wait"
    children = tmp_path / "children"
    supervisor.start(Part("parent", ["sh", "-c", script]))
    while not children.is_file() or not children.read_text():
        time.sleep(0.01)
    supervisor.running[0].process.kill()

    def tell(line: str) -> None:
        if "answers again" in line:
            raise Enough

    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert not is_alive(int(children.read_text().split()[0]))


def test_one_that_is_down_is_not_ended_by_its_old_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "FIRST_REST", 30.0)
    supervisor = Supervisor(tmp_path / "logs", os.environ, tmp_path)
    ended: list[int] = []
    supervisor.start(Part("short", ["true"]))

    def tell(_line: str) -> None:
        raise Enough

    with pytest.raises(Enough):
        supervisor.watch(tell)
    monkeypatch.setattr(supervise, "_signal", lambda pid, _number, *, whole_group: ended.append(pid))
    supervisor.stop()
    assert not ended


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_the_guard_forgets_groups_that_have_ended() -> None:
    with (
        subprocess.Popen(SLEEPS, start_new_session=True) as one,
        subprocess.Popen(SLEEPS, start_new_session=True) as two,
    ):
        guard = subprocess.run(
            [sys.executable, str(supervise.GUARD)], input=f"{one.pid}\n{two.pid}\n-{one.pid}\n", text=True, check=True
        )
        assert guard.returncode == 0
        assert two.wait(5) == -signal.SIGKILL
        assert one.poll() is None
        one.kill()


WORKER = """[INFO] celery@here ready.
Traceback (most recent call last):
  File "redis/connection.py", line 1, in connect
    raise ConnectionError("Error 111")
redis.exceptions.ConnectionError: Error 111 connecting to localhost:1. Connection refused.

 -------------- celery@here v5
- ** ---------- [config]
"""
REDIS = """1:C 30 Nov 2026 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo
               _.-``__ ''-._
1:M 30 Nov 2026 # Failed opening Unix socket: bind: No such file or directory
1:M 30 Nov 2026 * bye bye
"""


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (WORKER, "redis.exceptions.ConnectionError: Error 111 connecting to localhost:1. Connection refused."),
        (REDIS, "1:M 30 Nov 2026 # Failed opening Unix socket: bind: No such file or directory"),
        ("ready\nsleeping\n", "sleeping"),
        ("  \n---\n", ""),
    ],
)
def test_of_a_log_the_line_is_said_that_matters(log: str, said: str) -> None:
    assert reason_in(log) == said


def test_a_part_that_mends_itself_says_so_in_the_terminal(supervisor: Supervisor) -> None:
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        raise Enough

    other = "2026-11-30 11:50:00.000-08:00 INFO axes.handlers AXES: Deleted 0 failed login attempts"
    script = f"echo ready; echo '{other}'; echo '[ERROR] Unexpected exit from worker-1'; sleep 60"
    supervisor.start(Part("web", ["sh", "-c", script], vital=True, tells="Unexpected exit"))
    with pytest.raises(Enough):
        supervisor.watch(tell)
    why = "It wrote no reason: it was killed, by hand or by the system for want of memory."
    assert told == [f"The web has lost a process of its own and replaces it:\n    | {why}"]


def test_what_a_part_tells_is_told_with_its_reason_and_once(supervisor: Supervisor) -> None:
    told: list[str] = []
    why = "This web process cannot start: keys.json is missing."
    ends = 'echo "[ERROR] Unexpected exit from worker-$n"'
    again = f"echo '[INFO] Started'; echo '{why}'; sleep 0.3; {ends}; sleep 0.3"
    script = f"for n in 1 2 1; do {again}; done; exit 3"

    def tell(line: str) -> None:
        told.append(line)
        if "exit code 3" in line:
            raise Enough

    supervisor.start(Part("web", ["sh", "-c", script], vital=True, tells="Unexpected exit"))
    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert told[:-1] == [f"The web has lost a process of its own and replaces it:\n    | {why}"]


def test_a_database_that_is_moved_away_is_said_once_and_that_it_is_back(tmp_path: Path) -> None:
    database = tmp_path / "waymark.sqlite3"
    database.touch()
    supervisor = Supervisor(tmp_path / "logs", os.environ, tmp_path, Needed(database, supervise.STILL_READ))
    supervisor.start(Part("web", SLEEPS))
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if "is back" in line:
            raise Enough
        database.touch()

    database.unlink()
    with pytest.raises(Enough):
        supervisor.watch(tell)
    supervisor.stop()
    assert told == [f"{database} is missing: put it back. {supervise.STILL_READ}", f"{database} is back."]


def test_a_wrong_file_in_the_place_of_a_lost_one_is_told_until_it_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "FIRST_REST", 60.0)
    keys, ready = tmp_path / "keys.json", tmp_path / "ready"
    keys.write_text("right")

    def why_wrong() -> str:
        return "" if keys.read_text() == "right" else "These are not the keys: put the right ones back."

    supervisor = Supervisor(tmp_path / "logs", os.environ, tmp_path, Needed(keys, "The rest goes on.", why_wrong))
    supervisor.start(Part("web", SLEEPS, ready.exists))
    supervisor.start(Part("worker", SLEEPS))
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line.splitlines()[0].strip())
        if "is missing" in line:
            keys.write_text("others")
        elif "not the keys" in line:
            supervisor.running[1].process.kill()
        elif "was ended" in line:
            keys.write_text("right")
        elif "worker answers again" in line:
            ready.touch()
        elif "web answers again" in line:
            raise Enough

    keys.unlink()
    with pytest.raises(Enough):
        supervisor.watch(tell)
    supervisor.stop()
    assert told[:4] == [
        f"{keys} is missing: put it back. The rest goes on.",
        "These are not the keys: put the right ones back. The rest goes on.",
        "The worker was ended by SIGKILL.",
        f"{keys} is right again.",
    ]


def test_a_log_that_grows_begins_anew_while_its_part_runs(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "LARGE_LOG", 1000)
    supervisor.start(Part("worker", ["sh", "-c", "seq 1 400; sleep 0.5; echo the last; exit 3"]))
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        raise Enough

    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert "| the last" in told[0]
    assert (tmp_path / "logs" / "worker.log").read_text() == "the last\n"
    assert (tmp_path / "logs" / "worker.log.old").read_text().startswith("1\n2\n")


def test_a_log_that_breaks_off_on_a_full_disk_says_that(supervisor: Supervisor, room: list[int]) -> None:
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if "exit code" in line:
            raise Enough

    supervisor.start(Part("worker", ["sh", "-c", "echo 'Traceback (most recent call last):'; exit 1"]))
    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert "| The disk is full, so its log breaks off before the reason." in told[-1]


def test_the_minute_that_was_promised_is_said_also_after_a_full_disk(
    supervisor: Supervisor, room: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "STEADY", 0.5)
    told: list[str] = []
    script = "test -f room && exec sleep 60; exit 1"

    def tell(line: str) -> None:
        told.append(line)
        if "times in a row" in line:
            (supervisor.cwd / "room").touch()
            room[0] = disk.LEAST_ROOM * 3
        if line.startswith("  worker has run for"):
            raise Enough

    supervisor.start(Part("worker", ["sh", "-c", script]))
    with pytest.raises(Enough):
        supervisor.watch(tell)
    assert told[-2:] == ["  worker answers again", "  worker has run for 0.5 s"]


def test_with_a_full_disk_the_web_is_told_once_it_shows_its_pages(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not ready, as nothing can be kept."""
    monkeypatch.setattr("runner.disk.is_full", lambda *_arguments: True)
    supervisor.start(Part("web", SLEEPS, lambda: False, lambda: True))
    supervisor.running[0].process.kill()
    told = told_until(supervisor, "answers again")
    assert told[0] == supervise.FULL and told[-1] == "  web answers again"
