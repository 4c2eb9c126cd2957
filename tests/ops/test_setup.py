"""The set-up commands: what they skip, what they repair, and how they say that they cannot."""

from __future__ import annotations

import ast
import fcntl
import os
import runpy
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from runner.embedded import make_keys
from tools import environment, messages, steps, testing
from tools.say import ROOT, Stop, cause, sentence_of
from tools.steps import Step, fingerprint, run


class Version(NamedTuple):
    major: int
    minor: int
    micro: int


COMMANDS = ("up", "test", "check", "messages", "lock", "bench")


@pytest.fixture
def step(tmp_path: Path) -> Step:
    source, made = tmp_path / "source", tmp_path / "made"
    source.write_text("1")

    def make() -> None:
        made.write_text(f"{made.read_text() if made.exists() else ''}x")

    return Step("a step", tmp_path / "stamp", lambda: fingerprint([source]), made.exists, make)


def times_made(step: Step) -> int:
    return len((step.stamp.parent / "made").read_text())


def test_a_step_is_done_once(step: Step) -> None:
    assert step.ensure()
    assert not step.ensure()
    assert times_made(step) == 1


def test_a_step_is_done_again_when_its_input_changed(step: Step) -> None:
    step.ensure()
    (step.stamp.parent / "source").write_text("2")
    assert step.ensure()
    assert times_made(step) == 2


def test_a_step_is_done_again_when_what_it_made_is_damaged(step: Step) -> None:
    step.ensure()
    (step.stamp.parent / "made").unlink()
    assert step.ensure()


def test_a_step_that_was_stopped_half_way_is_done_again(step: Step) -> None:
    step.ensure()
    (step.stamp.parent / "source").write_text("2")

    def stopped() -> None:
        raise KeyboardInterrupt

    half = Step(step.name, step.stamp, step.inputs, step.whole, stopped)
    with pytest.raises(KeyboardInterrupt):
        half.ensure()
    (step.stamp.parent / "source").write_text("1")  # even if the input goes back to what it was
    assert step.ensure()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: failed to write: No space left on device (os error 28)", "the disk is full"),
        ("npm error code EROFS", "the disk is read-only"),
        ("npm error code ENOTFOUND", "the package registry cannot be reached"),
        ("  Caused by: client error (Connect)\n  Caused by: dns error", "the package registry cannot be reached"),
        ("Hash mismatch for `django==5.2`", "a download does not match the locked hash"),
        ("first\nthe last line\n\n", "the last line"),
        ("", "it gave no reason"),
    ],
)
def test_what_went_wrong_elsewhere_becomes_a_sentence(output: str, sentence: str) -> None:
    assert cause(output).startswith(sentence)


def test_a_program_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(Stop, match=r"^Looking failed: /no/such/program: No such file or directory\.$"):
        run(["/no/such/program"], doing="Looking")


def test_a_full_disk_names_the_file() -> None:
    assert sentence_of(OSError(28, "No space left on device", "/a/b")).startswith("The disk is full: /a/b")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_old_python_is_told_which_one_is_needed(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ROOT / "bin" / command
    ast.parse(script.read_text(), feature_version=(3, 7))
    version = Version(3, 9, 2)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(
        SystemExit, match=f"needs Python 3.11 or newer, and this is 3.9: run it as python3.11 bin/{command}"
    ):
        runpy.run_path(str(script), run_name="__main__")
    assert os.access(script, os.X_OK)


@pytest.mark.slow
def test_the_environment_is_whole_until_one_file_is_shortened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.is_whole()
    copy = tmp_path / "site-packages"
    for record in environment.SITE.glob("django-*.dist-info/RECORD"):
        shutil.copytree(environment.SITE / "django", copy / "django", ignore=shutil.ignore_patterns("*.pyc"))
        shutil.copytree(record.parent, copy / record.parent.name)
        only = [line for line in record.read_text().splitlines() if line.startswith(("django/", "django-"))]
        (copy / record.parent.name / "RECORD").write_text("\n".join(only))
    monkeypatch.setattr(environment, "SITE", copy)
    assert environment.is_whole()
    damaged = copy / "django" / "db" / "models" / "base.py"
    damaged.write_text(damaged.read_text()[:100])
    assert not environment.is_whole()


def test_the_index_that_pip_uses_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert environment.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert "UV_DEFAULT_INDEX" not in environment.uv_environment()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what set-up needs, with nothing made yet."""
    copy = tmp_path / "checkout"
    for folder in ("bin", "config", "requirements", "runner"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def prepare(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "UV_"))}
    python = os.path.realpath(sys.executable)
    return subprocess.run(
        [python, "bin/up", "--prepare", "--port", "65000"],
        cwd=checkout,
        env={**own, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_no_network_at_set_up_is_one_sentence(checkout: Path, tmp_path: Path) -> None:
    nowhere = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:1"
    )
    unreachable = {**nowhere, "PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    done = prepare(checkout, **unreachable, UV_CACHE_DIR=str(tmp_path / "cache"), UV_HTTP_RETRIES="0")
    assert done.returncode == 1
    sentence = done.stderr.strip().splitlines()[0]
    assert sentence.endswith("failed: the package registry cannot be reached. Check the network. Then run this again.")
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / ".waymark").exists(), "what is not whole must not be taken for done"


def test_two_set_ups_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "BUILD", tmp_path)
    with (tmp_path / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        threading.Timer(0.5, fcntl.flock, (other, fcntl.LOCK_UN)).start()
        begun = time.monotonic()
        with steps.one_at_a_time():
            assert time.monotonic() - begun >= 0.4
    assert "Waiting for another set-up" in capsys.readouterr().out


def test_collecting_strings_keeps_the_test_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(messages, "ensure_environment", lambda *, dev: asked.append(dev))
    monkeypatch.setattr(os, "execv", lambda *_command: None)
    messages.messages([])
    assert asked == [True]


@pytest.mark.slow
def test_a_command_without_tables_says_what_to_do(tmp_path: Path) -> None:
    make_keys(tmp_path)
    for command in (["prove", "level-of-care"], ["export_questionnaire", "level-of-care"], ["roles"], ["rotate_keys"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**os.environ, "WAYMARK_DATA": str(tmp_path), "WAYMARK_DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.strip() == (
            "The database is empty or older than this code: run bin/up once, or .venv/bin/python manage.py migrate."
        )


def test_a_second_bin_up_hears_of_its_folder_before_its_port(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock, socket.socket() as taken:
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken.bind(("127.0.0.1", 0))
        command = [sys.executable, "bin/up", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"The data folder {tmp_path} is in use by another bin/up." in done.stderr
    assert "Port" not in done.stderr


def test_a_command_without_django_says_what_to_do() -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "manage.py"), "prove", "level-of-care"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run bin/up --prepare once" in done.stderr and "Traceback" not in done.stderr


def test_pip_is_unpacked_from_apt_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "PIP_PACKAGE", tmp_path / "pip")
    monkeypatch.setattr(environment, "works", lambda _command: False)
    found = [None, tmp_path / "pip" / "pip-1-py3-none-any.whl"]
    asked: list[str] = []
    monkeypatch.setattr(environment, "bundled_pip", lambda: found.pop(0))
    monkeypatch.setattr(environment, "run", lambda command, **_options: asked.append(str(command[-2])))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    pip = environment.find_pip()
    assert str(pip[1]).endswith("pip-1-py3-none-any.whl/pip")
    assert asked == ["update", "-qq"]


def test_tests_run_playwright_with_the_node_of_the_environment() -> None:
    own = Path(testing.OWN_NODE["PLAYWRIGHT_NODEJS_PATH"])
    assert own.is_relative_to(environment.VENV)
    version = subprocess.run([own, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v")
