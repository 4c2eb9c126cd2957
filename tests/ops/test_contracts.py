"""The import contracts check what they claim: every app and every rule stands in one."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from tools.say import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def contract(name: str) -> dict[str, list[str]]:
    return next(each for each in CONTRACTS["contracts"] if each["name"] == name)


def apps() -> set[str]:
    """Every package at the top but the benchmarks, which measure from outside."""
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks"}


def test_every_app_stands_in_a_layer() -> None:
    layers = {name.strip() for line in contract("Apps import one way")["layers"] for name in line.split("|")}
    assert apps() == set(CONTRACTS["root_packages"]) == layers


def test_inside_of_every_app_is_exhaustive() -> None:
    inside = [each for each in CONTRACTS["contracts"] if "containers" in each]
    assert apps() <= {name for each in inside for name in each["containers"]}
    assert all(each["exhaustive"] for each in inside)


def _says_plain(path: Path) -> bool:
    return "Plain Python" in (ast.get_docstring(ast.parse(path.read_text())) or "")


def test_plain_python_modules_import_no_django() -> None:
    plain = contract("Rules are plain Python")["source_modules"]
    named = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for app in sorted(apps())
        for path in (ROOT / app).rglob("*.py")
        if _says_plain(path)
    ]
    assert named
    missing = [name for name in named if not any(name == each or name.startswith(f"{each}.") for each in plain)]
    assert missing == []
