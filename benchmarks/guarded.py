"""Processes and folders of a benchmark that are gone after it, even if it was killed: by the guard that bin/up has."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.supervise import GUARD


class Guard:
    """Watches over process groups and folders until `close`."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-S", str(GUARD)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)

    def watch(self, group: int) -> None:
        self._tell(str(group))

    def let_go(self, group: int) -> None:
        """It has ended: its number may soon be another program's."""
        self._tell(f"-{group}")

    def watch_folder(self, folder: Path) -> None:
        self._tell(str(folder))

    def close(self) -> None:
        """Everything has been ended properly."""
        self._tell("done")
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@contextmanager
def work_folder() -> Iterator[tuple[Path, Guard]]:
    """A folder for one run, and a guard that removes it should nobody else do."""
    guard = Guard()
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        guard.watch_folder(Path(folder))
        yield Path(folder), guard
    guard.close()


def run(command: list[str], guard: Guard, *, cwd: Path) -> str:
    """Run a program with all that it starts, and return what it printed. Raises `subprocess.CalledProcessError`."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        guard.watch(process.pid)
        try:
            printed, _ = process.communicate()
        except BaseException:
            process.terminate()  # its own guard ends what it has started
            raise
        finally:
            process.wait()
            guard.let_go(process.pid)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return printed
