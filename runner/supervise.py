"""Runs several programs as one: all ready or an error; one that ends later starts again. Plain Python, no Django."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from runner import disk
from runner.needed import Needed
from runner.reasons import TELLING, reason_in

# As config/replacing.py and config/without_keys.py write them.
REASONS = ("This web process cannot start: ", "This web process ends: ")
ENDED_FROM_OUTSIDE = "It wrote no reason: it was killed, by hand or by the system for want of memory."
GUARD = Path(__file__).with_name("guard.py")
LARGE_LOG = 5_000_000  # bytes; a longer log starts anew, and the old one is kept beside it
MOST_LINES = 200  # in which the reason is looked for why a part lost a process of its own
POLL = 0.1  # seconds
# A part that ends starts again after FIRST_REST seconds, twice as many after each end, LONGEST_REST at most. One that
# ran for STEADY seconds was well; one that ends MOST_ENDS times without having been so cannot live as things are.
FIRST_REST, LONGEST_REST, STEADY, MOST_ENDS = 0.5, 30.0, 60.0, 6
REPEAT = 600.0  # seconds in which a lost process is not told again for the same reason
STILL_READ = (
    "The home page, guides, levels, glossary and crisis pages can be read. Other pages may fail, and nothing is kept."
)
NEXT_START = f"What runs goes on. From a web process that starts meanwhile: {STILL_READ}"
FULL = f"The disk is full: free some space. Until there is room: {STILL_READ}"


class PartFailed(Exception):
    """A part did not become ready or ended; the message says which, why, and its last log lines."""


class AskedToStop(Exception):
    """SIGTERM, SIGINT or SIGHUP came."""


@dataclass(frozen=True)
class Part:
    """A program that must run, and how to tell that it answers (asked again and again; must not raise).

    Only root can run it as another `user`. Without a `vital` part nothing is served: if it cannot live, all stop.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = field(default=lambda: True)
    shows: Callable[[], bool] = field(default=lambda: False)  # whether it does what it can while the disk is full
    user: str | None = None
    vital: bool = False
    tells: str = ""  # a line of its log with these words is told: it mends itself, but somebody must know


@dataclass
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    log: Path
    log_from: int
    began: float
    ends: int = 0  # in a row, none after a steady run
    again_at: float | None = None  # when it starts again, while it is down
    told: bool = True  # whether its last start has been seen to answer
    owed: bool = False  # whether it was promised to say when it has run for STEADY seconds
    heard: int = 0  # how much of this start's log has been looked through for what it tells
    unsaid: str = ""  # the end of what was heard since it last told something
    last_told: tuple[str, float] = ("", 0.0)  # the reason that it told last, and when

    def why_it_ended(self) -> str:
        code = self.process.returncode
        if code < 0:  # who is killed writes no reason
            return f"The {self.part.name} was ended by {signal.Signals(-code).name}.\n    ({self.log})"
        return f"The {self.part.name} ended with exit code {code}.{self.reason()}"

    def has_settled(self) -> bool:
        """Whether its answers count: of a part that ended again and again only after a steady run."""
        return self.ends < MOST_ENDS or time.monotonic() - self.began >= STEADY

    def reason(self) -> str:
        """The line of its log that says most of why it ended, and where the rest stands."""
        line = reason_in(self.new_log())
        if disk.is_full(self.log.parent) and (not TELLING.search(line) or line.startswith("Traceback ")):
            line = "The disk is full, so its log breaks off before the reason."
        return (f"\n    | {line}" if line else "") + f"\n    ({self.log})"

    def new_telling(self) -> str:
        """Why it says that it lost a process of its own, from the lines since the last look; else empty.

        A reason that stays the same is returned once in REPEAT seconds.
        """
        try:
            with self.log.open("rb") as log:
                log.seek(self.log_from + self.heard)
                new = log.read()
        except FileNotFoundError:
            return ""
        whole = new[: new.rfind(b"\n") + 1]
        self.heard += len(whole)
        lines = (self.unsaid + whole.decode(errors="replace")).splitlines(keepends=True)[-MOST_LINES:]
        if not any(self.part.tells in line for line in lines):
            self.unsaid = "".join(lines)
            return ""
        self.unsaid = ""
        # What the others wrote meanwhile says nothing about the one that ended.
        said = next((line.strip() for line in reversed(lines) if line.startswith(REASONS)), ENDED_FROM_OUTSIDE)
        before, at = self.last_told
        if said == before and time.monotonic() - at < REPEAT:
            return ""
        self.last_told = (said, time.monotonic())
        return said

    def new_log(self) -> str:
        """What this start of the part has logged; nothing where the log was taken away."""
        try:
            with self.log.open("rb") as log:
                log.seek(self.log_from)
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""


class Supervisor:
    """Starts parts in their own process groups and stops them together, the first started last."""

    def __init__(self, logs: Path, environment: Mapping[str, str], cwd: Path, *needed: Needed):
        """`watch` tells what becomes of each `needed` file while the parts run."""
        self.logs, self.environment, self.cwd = logs, dict(environment), cwd
        self.needed = needed
        self.running: list[_Running] = []
        self._stopping = self._full = False
        logs.mkdir(parents=True, exist_ok=True)
        self._guard = self._start_guard()

    def start(self, part: Part) -> None:
        self.running.append(self._begin(part))
        self._tell_guard(str(self.running[-1].process.pid))

    def _start_guard(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD)],
            env=self.environment,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _begin(self, part: Part) -> _Running:
        log = self.logs / f"{part.name}.log"
        _begin_anew_if_large(log)
        with log.open("ab") as out:
            begins = out.tell()
            process = subprocess.Popen(
                list(part.command),
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=part.user,
            )
            return _Running(part, process, log, begins, time.monotonic())

    def run(self, part: Part) -> tuple[int, str]:
        """Run a program to its end and return its exit code and log. Raises `AskedToStop`, and ends the program."""
        self.start(part)
        running = self.running.pop()
        try:
            while running.process.poll() is None:
                if self._stopping:
                    raise AskedToStop
                time.sleep(POLL / 2)
        finally:
            _signal(running.process.pid, signal.SIGKILL, whole_group=True)
            running.process.wait()
        return running.process.returncode, running.new_log()

    def wait_until_ready(self, seconds: float, progress: Callable[[str], None]) -> None:
        """Return when every part answers. Raises `PartFailed` if one ends or the time is over."""
        waiting, until = list(self.running), time.monotonic() + seconds
        while waiting:
            self.check()
            if disk.is_full(self.logs):
                raise PartFailed("The disk is full: free some space, then start again. Everything stops.")
            for running in [one for one in waiting if one.part.ready()]:
                waiting.remove(running)
                progress(running.part.name)
            if waiting and time.monotonic() > until:
                raise PartFailed(f"The {waiting[0].part.name} did not answer in time.{waiting[0].reason()}")
            if waiting:
                self._pause()

    def watch(self, tell: Callable[[str], None]) -> None:
        """Keep every part running, and `tell` what ends and starts. Never returns.

        Raises `PartFailed` when a vital part cannot live though the disk has room, and `AskedToStop` when a signal
        comes. Any other part is tried for ever.
        """
        while True:
            if self._stopping:
                raise AskedToStop
            if self._guard.poll() is not None:
                self._replace_guard()
            self._look_at_disk(tell)
            self._look_at_files(tell)
            for number, running in enumerate(self.running):
                if running.again_at is not None:
                    if time.monotonic() >= running.again_at:
                        self._start_again(number, tell)
                elif running.process.poll() is not None:
                    self._has_ended(running, tell)
                elif running.part.tells and (reason := running.new_telling()):
                    tell(f"The {running.part.name} has lost a process of its own and replaces it:\n    | {reason}")
                else:
                    self._look_at(running, tell)
            self._pause()

    def _look_at(self, running: _Running, tell: Callable[[str], None]) -> None:
        if _begin_anew_if_large(running.log):
            running.log_from = running.heard = 0
        if (
            not running.told
            and running.has_settled()
            and (running.part.ready() or (self._full and running.part.shows()))
        ):
            running.told = True
            tell(f"  {running.part.name} answers again")
        if running.owed and running.told and time.monotonic() - running.began >= STEADY:
            running.owed = False
            tell(f"  {running.part.name} has run for {STEADY:g} s")

    def _look_at_files(self, tell: Callable[[str], None]) -> None:
        for needed in self.needed:
            if news := needed.news():
                tell(news)
                if not needed.said:
                    self._try_at_once()
                    for running in self.running:
                        running.told = running.told and running.part.ready()

    def _look_at_disk(self, tell: Callable[[str], None]) -> None:
        # Full at one line and roomy at another, or what is logged at the edge would be said for ever.
        full = disk.is_full(self.logs, disk.LEAST_ROOM * (2 if self._full else 1))
        if full == self._full:
            return
        self._full = full
        tell(FULL if full else "There is room on the disk again.")
        if not full:
            self._try_at_once()

    def _try_at_once(self) -> None:
        """What ended parts is over, so none need rest."""
        for running in self.running:
            running.ends = 0
            if running.again_at is not None:
                running.again_at = time.monotonic()

    def _has_ended(self, running: _Running, tell: Callable[[str], None]) -> None:
        # A child may have outlived it, and hold its port.
        _signal(running.process.pid, signal.SIGKILL, whole_group=True)
        self._tell_guard(f"-{running.process.pid}")
        if time.monotonic() - running.began >= STEADY:
            running.ends = 0
        self._rest(running, running.why_it_ended(), tell)

    def _rest(self, running: _Running, why: str, tell: Callable[[str], None]) -> None:
        """Let a part that is down rest before its next start. Says so until it is clear that it cannot live."""
        running.ends += 1
        name = running.part.name
        often = f"The {name} ended {running.ends} times in a row, so"
        if running.ends >= MOST_ENDS and running.part.vital and not self._full:
            raise PartFailed(f"{often} everything stops. {why}")
        rest = min(LONGEST_REST, FIRST_REST * 2 ** min(running.ends - 1, 10))
        running.again_at = time.monotonic() + rest
        if running.ends < MOST_ENDS:
            tell(f"{why}\n  {name} starts again in {rest:g} s")
        elif running.ends == MOST_ENDS:
            running.owed = True
            tell(
                f"{often} something else must be mended first. {why}\n  All else goes on. {name} is tried again at "
                f"least every {LONGEST_REST:g} s; this says when it has run for {STEADY:g} s."
            )

    def _start_again(self, number: int, tell: Callable[[str], None]) -> None:
        before = self.running[number]
        try:
            started = self._begin(before.part)
        except OSError as error:  # no room for a log, or none for a process
            self._rest(before, f"The {before.part.name} cannot be started: {error.strerror}.", tell)
            return
        # In the place of the one before: what started first stops last.
        started.ends, started.owed, started.last_told, started.told = before.ends, before.owed, before.last_told, False
        self.running[number] = started
        self._tell_guard(str(started.process.pid))

    def _end_guard(self) -> None:
        self._guard.wait()
        if self._guard.stdin:
            try:
                self._guard.stdin.close()
            except BrokenPipeError:
                pass

    def _replace_guard(self) -> None:
        self._end_guard()
        self._guard = self._start_guard()
        for running in self.running:
            if running.again_at is None:
                self._tell_guard(str(running.process.pid))

    def check(self) -> None:
        """Raise `PartFailed` if anything has ended, and `AskedToStop` if a signal came."""
        if self._stopping:
            raise AskedToStop
        if self._guard.poll() is not None:
            raise PartFailed("The guard that ends all parts with this process is gone.")
        for running in self.running:
            if running.process.poll() is not None:
                raise PartFailed(running.why_it_ended())

    def log_of(self, name: str) -> str:
        """What the part called `name` has logged since its start."""
        return next((one.new_log() for one in self.running if one.part.name == name), "")

    def stop(self, patience: float = 7.0) -> None:
        """End every part: ask all but the first, then the first, and after `patience` seconds kill what is left."""
        until = time.monotonic() + patience
        # One that is down was ended with all its children, and its number may be another program's by now.
        alive = [running for running in self.running if running.again_at is None]
        for group in (alive[:0:-1], alive[:1]):
            for running in group:
                _signal(running.process.pid, signal.SIGTERM, whole_group=False)
            while any(one.process.poll() is None for one in group) and time.monotonic() < until:
                time.sleep(POLL / 2)
        for running in alive:
            # Also where the leader is gone: a child may have outlived it.
            _signal(running.process.pid, signal.SIGKILL, whole_group=True)
            running.process.wait()
        self._tell_guard("done")
        self._end_guard()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """While the block runs, signals that ask to end raise `AskedToStop` at the next check."""

        def asked(_number: int, _frame: FrameType | None) -> None:
            self._stopping = True

        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = [signal.signal(number, asked) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)

    def _pause(self) -> None:
        if not self._stopping:
            time.sleep(POLL)

    def _tell_guard(self, line: str) -> None:
        pipe = self._guard.stdin
        if pipe is None:
            return
        try:
            pipe.write(f"{line}\n")
            pipe.flush()
        except BrokenPipeError:
            # The guard is gone; `check` says so.
            pass


def _begin_anew_if_large(log: Path) -> bool:
    """Keep a long log beside itself and empty it; whether that was so. Who writes to it goes on at its beginning."""
    try:
        if log.stat().st_size <= LARGE_LOG:
            return False
        with suppress(OSError):  # no room for both: then the newest lines are worth more
            shutil.copyfile(log, log.with_suffix(".log.old"))
        os.truncate(log, 0)
    except OSError:
        return False
    return True


def _signal(pid: int, number: signal.Signals, *, whole_group: bool) -> None:
    try:
        (os.killpg if whole_group else os.kill)(pid, number)
    except ProcessLookupError:
        pass
