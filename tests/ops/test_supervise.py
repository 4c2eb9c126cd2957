"""Parts that end start again, with growing pauses; one that cannot live ends everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner import supervise
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


def test_a_part_that_cannot_live_ends_everything_and_says_why(supervisor: Supervisor) -> None:
    told: list[str] = []
    supervisor.start(Part("steady", SLEEPS))
    supervisor.start(Part("broken", ["sh", "-c", "echo no such table; exit 3"]))
    with pytest.raises(PartFailed) as failed:
        supervisor.watch(told.append)
    assert "The broken ended 6 times in a row" in str(failed.value) and "no such table" in str(failed.value)
    rests = [line.rpartition("starts again in ")[2] for line in told]
    assert rests == ["0.01 s", "0.02 s", "0.04 s", "0.08 s", "0.16 s"]


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
