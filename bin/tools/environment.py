"""The Python environment: uv, `.venv` from hash-locked requirements, and node inside it."""

from __future__ import annotations

import configparser
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.say import ROOT, Stop, step
from tools.steps import Step, fingerprint, run

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OWN_UV = ROOT / ".uv"
# Beside .uv, which is emptied before uv comes into it.
PIP_PACKAGE = ROOT / ".build" / "pip"
REQUIREMENTS = ROOT / "requirements"
SITE = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
NEEDED_BYTES = 1_500_000_000


def uv_environment() -> dict[str, str]:
    """How uv is called: no Python downloads, whole copies, and the package index that pip is set to use."""
    # Links into uv's cache would let a damaged environment damage every later one.
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1"}
    index = pip_index()
    if index and not (os.environ.get("UV_INDEX_URL") or os.environ.get("UV_DEFAULT_INDEX")):
        settings["UV_DEFAULT_INDEX"] = index
    if os.environ.get("PIP_CERT") and not os.environ.get("SSL_CERT_FILE"):
        settings["SSL_CERT_FILE"] = os.environ["PIP_CERT"]
    return settings


def pip_index() -> str:
    """The index that pip is configured with, by environment or file; empty for the public one. uv reads neither."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    home = Path(os.environ.get("HOME", "/"))
    named = os.environ.get("PIP_CONFIG_FILE")
    files = [home / ".config/pip/pip.conf", home / ".pip/pip.conf", Path("/etc/pip.conf")]
    parser = configparser.RawConfigParser()
    for file in [Path(named)] if named else files:
        try:
            parser.read(file)
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_option("global", "index-url"):
            return parser.get("global", "index-url")
    return ""


def find_uv() -> Path:
    """A uv to use: one on the PATH, else one got into `.uv` with pip. Raises `Stop`."""
    for candidate in (shutil.which("uv"), OWN_UV / "bin" / "uv"):
        if candidate and works([str(candidate), "--version"]):
            return Path(candidate)
    with step("Package installer"):
        shutil.rmtree(OWN_UV, ignore_errors=True)
        pip = find_pip()
        locked = REQUIREMENTS / "uv.txt"
        run(
            [*pip, "install", "--quiet", "--no-deps", "--require-hashes", "--target", OWN_UV, "-r", locked],
            doing="Getting uv, the package installer,",
        )
    return OWN_UV / "bin" / "uv"


def find_pip() -> list[str | Path]:
    """How to call pip: the installed one, else the wheel that comes with Python, else one that apt fetches."""
    if works([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip"]
    wheel = bundled_pip()
    if wheel is None and shutil.which("apt-get"):
        unpack_from_apt("python3-pip-whl", PIP_PACKAGE)
        wheel = bundled_pip()
    if wheel is None:
        raise Stop(
            "Neither uv nor pip was found: install one of them (Debian: apt install python3-pip), then run this again."
        )
    # A wheel is a zip file, and pip runs from inside its own.
    return [sys.executable, f"{wheel}/pip"]


def bundled_pip() -> Path | None:
    """The pip wheel that ensurepip would install."""
    system = Path("usr/share/python-wheels")
    homes = [Path(os.__file__).parent / "ensurepip" / "_bundled", "/" / system, PIP_PACKAGE / system]
    return next((wheel for home in homes for wheel in sorted(home.glob("pip-*.whl"))), None)


def unpack_from_apt(package: str, target: Path) -> None:
    """Unpack a Debian package into `target`, changing nothing else: apt fetches for every user, and installs for root.

    Leaves no `target` where that does not work, and raises `Stop` where there is no network.
    """
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="waymark-apt-") as work:
        # What apt knows of its sources is in a folder that only root may write.
        state = [
            "-o",
            f"Dir::State={work}",
            "-o",
            f"Dir::Cache={work}",
            "-o",
            "Dir::State::status=/var/lib/dpkg/status",
            # For root apt would fetch as a user of its own, who may not write here, and warn of that first.
            "-o",
            "APT::Sandbox::User=root",
        ]
        for folder in ("lists/partial", "archives/partial"):
            (Path(work) / folder).mkdir(parents=True)
        try:
            run(["apt-get", *state, "-o", "APT::Update::Error-Mode=any", "update", "-qq"], doing="Asking apt")
            run(["apt-get", *state, "download", "-qq", package], doing=f"Fetching {package}", cwd=Path(work))
            package_file = next(Path(work).glob("*.deb"))
            run(["dpkg-deb", "-x", package_file, target], doing=f"Unpacking {package}")
        except (Stop, StopIteration) as reason:
            shutil.rmtree(target, ignore_errors=True)
            if "cannot be reached" in str(reason):
                raise


def apt_install(*packages: str) -> None:
    """Install Debian packages; the caller is root."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], doing="apt-get update", env=quiet)
    run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        doing=f"Installing {', '.join(packages)}",
        env=quiet,
    )


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure_environment(*, dev: bool) -> None:
    """Make `.venv` hold exactly what the lock files say. One that also has the test tools serves, and keeps them."""
    has_tools = any(SITE.glob("pytest-*.dist-info"))
    hosted = os.environ.get("WAYMARK_MODE") == "hosted"
    served = ("base.txt", "build.txt") if hosted else ("base.txt", "embedded.txt", "build.txt")
    wanted = _environment(("dev.txt",) if dev or has_tools else served)
    if not wanted.is_done():
        find_uv()  # a step of its own
        wanted.ensure()


def _environment(names: tuple[str, ...]) -> Step:
    locks = [REQUIREMENTS / name for name in names]
    return Step(
        name="Python packages",
        stamp=VENV / ".waymark",
        # Checkouts that share an environment by a link agree on what it holds.
        inputs=lambda: fingerprint(locks, sys.version, str(VENV.resolve())),
        whole=is_whole,
        make=lambda: _install(locks),
    )


def _install(locks: list[Path]) -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise Stop(
            f"The disk is full: {ROOT} needs 1.5 GB free for set-up and has {free / 1e9:.1f} GB. Free some space."
        )
    uv, env = find_uv(), uv_environment()
    if not is_whole():
        run(
            [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, VENV],
            doing="Making .venv",
            env=env,
        )
    run(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", PYTHON, *locks],
        doing="Installing the Python packages",
        env=env,
    )


def is_whole() -> bool:
    """Whether every file that the installed packages list is there, in its full size."""
    if not os.access(PYTHON, os.X_OK):
        return False
    records = list(SITE.glob("*.dist-info/RECORD"))
    return bool(records) and all(_record_is_whole(record) for record in records)


def _record_is_whole(record: Path) -> bool:
    with record.open(newline="") as lines:
        for name, _hash, size in csv.reader(lines):
            try:
                found = (SITE / name).stat().st_size
            except OSError:
                return False
            if size and found != int(size):
                return False
    return True
