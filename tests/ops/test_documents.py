from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config.settings import env
from tools.say import ROOT

LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), *sorted((ROOT / "benchmarks" / "peers").glob("*.txt"))]
NPM_LOCKS = [ROOT / "package-lock.json", *sorted((ROOT / "requirements" / "npm").glob("*/package-lock.json"))]


def test_every_variable_is_described_and_no_other() -> None:
    described = re.findall(r"^\| `(WAYMARK_[A-Z0-9_]+)` \|", (ROOT / "docs" / "running.md").read_text(), re.MULTILINE)
    assert len(described) == len(set(described))
    assert set(described) == env.names


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_python_lock_has_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert "file:" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text[text.index("\n\n") if text.startswith("\n\n") else 0 :]):
        if "==" in block.splitlines()[0]:
            assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_an_npm_lock_has_hashes_and_names_no_registry(lock: Path) -> None:
    packages = json.loads(lock.read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity", "").startswith("sha512-"), name


def test_the_test_lock_only_adds_to_the_lock_of_the_system() -> None:
    pins = [
        set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("base.txt", "dev.txt")
    ]
    assert pins[0] < pins[1]


def test_every_promise_names_tests_that_are_there() -> None:
    """A promise without a test is not said: each name in the list is that of a test, or of a file of tests."""
    text = (ROOT / "docs" / "promises.md").read_text()
    files = [*(ROOT / "tests").rglob("test_*.py")]
    there = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}
    named = set(re.findall(r"\b(test_\w+)(?!\w|…)", text))
    assert sorted(named - there - {file.stem for file in files}) == []
    assert [
        line for line in text.splitlines() if line.startswith("| ") and "tests/" not in line and "test_" not in line
    ] == [line for line in text.splitlines() if line == "| sentence | where | test |"]


def test_each_module_that_knows_kinds_of_question_is_named_to_developers() -> None:
    section = (
        (ROOT / "docs" / "developing.md").read_text().partition("## Add a kind of question")[2].partition("\n## ")[0]
    )
    knows = re.compile(
        r'\bis_many\b|kind [!=]= (\w+\.kind == )?"(one|many)"|\bKINDS\b|"enum": \["one", "many"\]|\bMANY = '
    )
    files = [*(ROOT / "assessments").rglob("*.py"), ROOT / "assessments" / "engine" / "schema.json"]
    found = [file for file in files if "migrations" not in file.parts and knows.search(file.read_text())]
    assert len(found) > 15
    assert [str(file.relative_to(ROOT)) for file in found if f"{file.name}`" not in section] == []
