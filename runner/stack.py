"""The whole system on one machine: prepares the data folder, then runs Redis, web, worker, beat and a mail sink.

Run as ``python -m runner.stack --port N --data DIR`` inside the environment that bin/up makes. A database or a Redis
that the environment names (``WAYMARK_DATABASE_URL``, ``WAYMARK_REDIS_URL``) is used instead of the embedded one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from runner import asked, disk
from runner.command_line import CannotStart, parse, require_free, take
from runner.embedded import DATABASE, FILE, CannotUseDataFolder, for_this_user_alone, make_keys, require_database
from runner.keys_fit import require_keys_that_fit, why_not
from runner.needed import Needed
from runner.reasons import reason_in
from runner.supervise import NEXT_START, STILL_READ, AskedToStop, Part, PartFailed, Supervisor
from runner.whole import is_writable, mixed_log, put_stray_aside, remember, why_not_usable

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
READY_SECONDS = 120  # a busy machine may be slow; a broken part ends, and is noticed at once
LONGEST_SOCKET = 100  # the kernel allows 107 bytes for the path of a socket
DATABASE_LOOK = 10.0  # seconds between two looks at whether the database is whole
MANAGE = [sys.executable, "manage.py"]


def main() -> None:
    options = parse(sys.argv[1:])
    try:
        run(options.port, options.data, only_prepare=options.prepare)
    except (CannotStart, CannotUseDataFolder, PartFailed) as reason:
        sys.exit(f"\n{reason}")
    except OSError as error:
        sys.exit(
            f"\n{error.strerror}: {error.filename or options.data} cannot be used. Free space or choose another --data."
        )


def run(port: int, data: Path, *, only_prepare: bool = False) -> None:
    """Prepare `data`, run every part until a signal comes. Raises `CannotStart` or `PartFailed`."""
    if os.environ.get("WAYMARK_MODE") == "hosted":
        raise CannotStart("bin/up runs the embedded mode. How to run WAYMARK_MODE=hosted is in docs/running.md.")
    os.umask(0o077)  # what is in the data folder is for this user alone
    with _data_folder(data):
        if disk.is_full(data):
            raise CannotStart(
                f"The disk is full: less than {disk.LEAST_ROOM >> 20} MB are free where {data} is. Free some space. "
                "Nothing was started."
            )
        if not only_prepare:
            require_free(port)
        if "WAYMARK_DATABASE_URL" not in os.environ:
            require_usable(data / DATABASE)
        require_database(data, os.environ.get("WAYMARK_DATABASE_URL", ""))
        make_keys(data)
        environment = environment_of(port, data)
        require_keys_that_fit(data, environment)
        for_this_user_alone(data)
        needed = [Needed(data / FILE, NEXT_START, partial(why_not, data, environment))]
        if "WAYMARK_DATABASE_URL" not in environment:
            file = data / DATABASE
            needed.append(Needed(file, STILL_READ, partial(why_not_usable, file), DATABASE_LOOK))
        supervisor = Supervisor(data / "logs", environment, ROOT, *needed)
        try:
            with supervisor.signals():
                prepare(data, supervisor, asked.url_of(data, environment))
                remember(data / DATABASE)
                if only_prepare:
                    _say("Prepared: the data folder is ready. Nothing was started.")
                    return
                for part in parts(supervisor, port, environment):
                    supervisor.start(part)
                supervisor.wait_until_ready(READY_SECONDS, lambda name: _say(f"  {name} answers"))
                _say_ready(port, data)
                supervisor.watch(_say_when)
        except AskedToStop:
            _say("Stopping …")
        finally:
            supervisor.stop()


def require_usable(file: Path) -> None:
    """Raise `CannotStart` where the database is there and cannot be used. A log that another one left goes aside."""
    if said := put_stray_aside(file):
        _say(f"  {said}")
    if said := mixed_log(file):
        raise CannotStart(f"{said} Nothing was started.")
    if file.exists() and not is_writable(file):
        raise CannotStart(f"{why_not_usable(file)} Nothing was started.")


def environment_of(port: int, data: Path) -> dict[str, str]:
    """The variables that every part gets. Ports and paths that nobody chose are chosen here."""
    chosen = {
        "WAYMARK_DATA": str(data),
        "WAYMARK_BASE_URL": f"http://127.0.0.1:{port}",
        "WAYMARK_EMAIL_PORT": str(_free_port()),
        "WAYMARK_SMS_URL": f"http://127.0.0.1:{_free_port()}",
        "WAYMARK_WORKER_SHUTDOWN_SECONDS": "5",
    }
    if redis_server():
        chosen["WAYMARK_REDIS_URL"] = f"unix://{_socket_path(data)}"
    own = {name: value for name, value in os.environ.items() if value or not name.startswith("WAYMARK_")}
    # The data folder and the address follow the command line; all else the caller may have set.
    return {**chosen, **own, **{name: chosen[name] for name in ("WAYMARK_DATA", "WAYMARK_BASE_URL")}}


def redis_server() -> str | None:
    """The redis-server program to run: the bundled one, else the system's, else None."""
    for program in (str(BIN / "redis-server"), shutil.which("redis-server")):
        if program and Path(program).exists():
            try:
                subprocess.run([program, "--version"], check=True, capture_output=True, timeout=10)
            except (OSError, subprocess.SubprocessError):
                continue
            return program
    return None


def prepare(data: Path, supervisor: Supervisor, url: str) -> None:
    """Bring the database at `url` to the newest shape, and load the sample content into one that holds nothing.

    Both are asked of the database itself: a file that says so is not in every copy of it.
    """
    files = sorted(ROOT.glob("*/migrations/*.py"))
    ships = [ROOT / "referral" / "roles.py", *sorted((ROOT / "referral" / "defaults").glob("*.json"))]
    release = hashlib.sha256(b"".join(file.read_bytes() for file in (*files, *ships))).hexdigest()
    ours = {(file.parent.parent.name, file.stem) for file in files if file.stem != "__init__"}
    applied, stamp = asked.applied(url), data / ".migrated"
    require_no_newer(applied, ours)
    if not ours <= applied or not stamp.is_file() or stamp.read_text() != release:
        # It also adds what the release ships, groups and rules: see manage.py.
        _manage("Database", ["migrate", "-v", "0"], supervisor)
        stamp.write_text(release)
    if not asked.has_accounts(url):
        # All or nothing, so a stop half-way only means that it is done again.
        _manage("Sample content", ["demo"], supervisor)


def require_no_newer(applied: set[tuple[str, str]], ours: set[tuple[str, str]]) -> None:
    """Raise `CannotStart` where a later release has changed the database: this one would write what that misreads."""
    apps = {app for app, _ in ours}
    newer = sorted(f"{app}.{name}" for app, name in applied - ours if app in apps)
    if newer:
        raise CannotStart(
            f"This database was changed by a later release ({newer[-1]}). Start that release, or start this one on the "
            "copy of the data folder from before the update. Nothing was started."
        )


def parts(supervisor: Supervisor, port: int, environment: dict[str, str]) -> list[Part]:
    """Every program of the system, in the order of their start."""
    url = environment.get("WAYMARK_REDIS_URL", "")
    found: list[Part] = []
    if url.startswith("unix://") and "WAYMARK_REDIS_URL" not in os.environ:
        found.append(_redis(url, Path(environment["WAYMARK_DATA"]) / "redis"))
    smtp = int(environment["WAYMARK_EMAIL_PORT"])
    found.append(Part("mail sink", [sys.executable, "-m", "messaging.sink"], lambda: _listens(smtp)))
    found.append(_web(port, reload=environment.get("WAYMARK_DEBUG") == "yes"))
    if url:
        found += _celery(supervisor, url)
    else:
        _say("  There is no redis-server here: reminders are drained by manage.py drain --loop instead.")
        found.append(Part("drain", [*MANAGE, "drain", "--loop"]))
    return found


def _redis(url: str, folder: Path) -> Part:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = url.removeprefix("unix://")
    # Reachable by this user's processes alone, so it needs no password. Evicting would lose queued nudges silently;
    # nothing is written down, because nothing in it is worth it, and a full disk would stop it.
    options = ["--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", str(folder)]
    options += ["--maxmemory-policy", "noeviction", "--appendonly", "no", "--save", "", "--daemonize", "no"]
    client = redis.Redis.from_url(url, socket_timeout=1)

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False

    return Part("redis", [str(redis_server()), *options], answers)


def _web(port: int, *, reload: bool) -> Part:
    if reload:
        return Part("web", [*MANAGE, "runserver", f"127.0.0.1:{port}"], lambda: _ready(port), vital=True)
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-access-log"]
    command += ["--workers-kill-timeout", "5", "config.wsgi:application"]
    shows = partial(_ready, port, "healthz")
    return Part("web", command, partial(_ready, port), shows, vital=True, tells="Unexpected exit from worker")


def _celery(supervisor: Supervisor, url: str) -> list[Part]:
    asking = Celery(broker=url.replace("unix://", "redis+socket://"))

    def worker_answers() -> bool:
        try:
            return bool(asking.control.ping(timeout=0.5))
        except (OperationalError, redis.RedisError, OSError):
            return False

    celery = [str(BIN / "celery"), "-A", "config.celery"]
    # Threads need no shared memory, which small containers lack, and the work is waiting for other machines.
    worker = [*celery, "worker", "--loglevel", "INFO", "--pool", "threads", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
    return [
        Part("worker", worker, worker_answers),
        Part("beat", beat, lambda: "beat: Starting" in supervisor.log_of("beat")),
    ]


def _data_folder(data: Path) -> IO[str]:
    """Make the data folder and hold its lock for as long as the returned file is open."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"The data folder {data} cannot be written: {error.strerror}. Choose another --data."
        ) from error
    take(lock, data)
    return lock


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _socket_path(data: Path) -> Path:
    path = data / "redis" / "redis.sock"
    if len(os.fsencode(path)) < LONGEST_SOCKET:
        return path
    return Path(tempfile.mkdtemp(prefix="waymark-")) / "redis.sock"


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _ready(port: int, page: str = "readyz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _manage(name: str, arguments: list[str], supervisor: Supervisor) -> None:
    start = time.monotonic()
    code, log = supervisor.run(Part("set-up", [*MANAGE, *arguments]))
    if code:
        lines = log.strip().splitlines()
        reason = _disk_says(lines, not shutil.disk_usage(supervisor.logs).free)
        if reason:
            raise CannotStart(f"{name} failed: {reason}")
        said = reason_in(log) or "it gave no reason"
        raise CannotStart(f"{name} failed: {said}" + "".join(f"\n    | {line}" for line in lines[-12:]))
    _say(f"  {name} … {time.monotonic() - start:.1f} s")


def _disk_says(lines: list[str], full: bool) -> str:
    """What is wrong with the disk, where that is the reason; the log may break off where it is full."""
    last = lines[-1] if lines else ""
    if full or "disk is full" in last or "No space left" in last:
        return "the disk is full. Free some space, then run this again."
    if "readonly database" in last or "Read-only file system" in last:
        return "the disk is read-only. Choose another --data."
    return ""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say_when(line: str) -> None:
    """What happens while it runs, with the time: it stands beside the lines of the logs."""
    _say(f"{datetime.now().astimezone().isoformat(' ', 'seconds')} {line.strip()}")


def _say_ready(port: int, data: Path) -> None:
    passwords = data / "staff.json"
    if passwords.is_file():
        _say(f"Staff passwords: {passwords}")
    else:
        _say(
            f"Staff passwords: {passwords} is not there. The passwords from before still work. Is one lost? "
            f"WAYMARK_DATA={data} .venv/bin/python manage.py changepassword NAME sets a new one."
        )
    _say(f"Ready http://127.0.0.1:{port}/")


if __name__ == "__main__":
    main()
