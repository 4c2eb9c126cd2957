"""Remakes the lock files. None of them names the host that the packages came from."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tools.environment import REQUIREMENTS, VENV, find_uv, uv_environment
from tools.say import ROOT, Stop, step
from tools.steps import run

NPM_FOLDERS = (ROOT, REQUIREMENTS / "npm" / "postgres", REQUIREMENTS / "npm" / "chromium")
COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
# The files say how they were made, and by which hosts they were not.
NAMELESS = ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "bin/lock"]


def lock(arguments: list[str]) -> int:
    """Lock what the ``.in`` files and package.json ask for; ``--upgrade`` takes newer versions."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    uv, env = find_uv(), uv_environment()
    for name in ("uv", "base", "embedded", "build", "dev"):
        _lock_python(uv, env, REQUIREMENTS / f"{name}.in", upgrade)
    for source in sorted((ROOT / "benchmarks" / "peers").glob("*.in")):
        _lock_python(uv, env, source, upgrade)
    for folder in NPM_FOLDERS:
        _lock_npm(folder)
    return 0


def _lock_python(uv: Path, env: dict[str, str], source: Path, upgrade: list[str]) -> None:
    target = source.with_suffix(".txt")
    with step(str(target.relative_to(ROOT))):
        # Named without folders: the names stand in the comments of the lock file.
        run(
            [uv, *COMPILE, *NAMELESS, *upgrade, source.name, "-o", target.name],
            doing=f"Locking {source.name}",
            env=env,
            cwd=source.parent,
        )


def _lock_npm(folder: Path) -> None:
    npm = VENV / "bin" / "npm" if (VENV / "bin" / "npm").exists() else shutil.which("npm")
    if npm is None:
        raise Stop("npm is needed to lock its packages: run bin/up --prepare once.")
    with step(str((folder / "package-lock.json").relative_to(ROOT))), tempfile.TemporaryDirectory() as work:
        for name in ("package.json", "package-lock.json"):
            if (folder / name).exists():
                shutil.copy(folder / name, work)
        shutil.copy(ROOT / ".npmrc", work)
        run(
            [npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
            doing="Locking the npm packages",
            cwd=Path(work),
            env={"PATH": f"{VENV / 'bin'}:/usr/local/bin:/usr/bin:/bin"},
        )
        lock = json.loads((Path(work) / "package-lock.json").read_text())
        # Who asks for donations is no part of what is installed, and a lock file names no host at all.
        for package in lock["packages"].values():
            package.pop("funding", None)
        (folder / "package-lock.json").write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
