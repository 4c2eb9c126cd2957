"""The system as a whole, with real processes: what happens when something breaks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from config.replacing import YOUNG
from runner import stack
from tests.systems import ROOT, System, start

pytestmark = pytest.mark.slow
STACK = [sys.executable, "-m", "runner.stack"]
TABLES = ("privacy_user", "guides_guide", "directory_program", "referral_referral", "mfa_authenticator")


def processes_of(data: Path) -> dict[int, str]:
    """Every process that works on the data folder, by its environment or place: {pid: command line}."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            folder = (process / "cwd").readlink()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        # Redis writes its title over its environment, but works inside the data folder.
        if os.fsencode(f"WAYMARK_DATA={data}") in environment or folder.is_relative_to(data):
            found[int(process.name)] = command
    return found


def gone(data: Path, seconds: float = 10) -> bool:
    """Whether every process of the data folder ends within the time."""
    until = time.monotonic() + seconds
    while processes_of(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def text(system: System) -> str:
    return "".join(system.output)


def counts(data: Path) -> dict[str, int]:
    with sqlite3.connect(data / "waymark.sqlite3") as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def contents(data: Path) -> tuple[dict[str, bytes], dict[str, int]]:
    """What a start must not change."""
    return {name: (data / name).read_bytes() for name in ("staff.json", "keys.json", ".migrated")}, counts(data)


def run_stack(*arguments: str, before: tuple[str, ...] = (), **variables: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    command = [*before, *STACK, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**own, **variables}, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose first start was killed in the loading of the demo content."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    first = start(data)
    while not any("Database" in line for line in first.output):
        assert first.process.poll() is None, text(first)
        time.sleep(0.05)
    time.sleep(1)
    for pid in processes_of(data):
        os.kill(pid, signal.SIGKILL)
    first.process.kill()
    first.process.wait()
    assert counts(data)["privacy_user"] == 0
    return data


@pytest.fixture(scope="module")
def prepared(killed: Path) -> Path:
    done = run_stack("--prepare", "--port", str(free()), "--data", str(killed))
    assert done.returncode == 0, done.stdout + done.stderr
    return killed


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest.fixture
def running(data: Path) -> Iterator[Callable[[], System]]:
    """Start systems on the prepared data, and see that none outlives the test."""
    started: list[System] = []

    def run() -> System:
        started.append(start(data))
        started[-1].wait()
        return started[-1]

    yield run
    for system in started:
        system.process.kill()
        system.process.wait()
    assert gone(data)


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_stop_leaves_no_process_and_a_second_start_changes_nothing(running: Callable[[], System], data: Path) -> None:
    before = contents(data)
    system = running()
    assert urllib.request.urlopen(f"{system.url}/readyz").status == 200
    assert json.load(urllib.request.urlopen(f"{system.url}/readyz"))["redis"] == "ok"
    begun = time.monotonic()
    assert system.stop() == 0
    assert gone(data, 10 - (time.monotonic() - begun))
    assert "Sample content" not in text(system)
    assert (
        {name: (data / name).read_bytes() for name in ("staff.json", "keys.json", ".migrated")},
        counts(data),
    ) == before


def test_killed_without_warning_it_leaves_nothing(running: Callable[[], System], data: Path) -> None:
    system = running()
    assert len(processes_of(data)) >= 8
    system.process.kill()
    assert gone(data)


SIGNS = {
    "web": "granian",
    "worker": " worker ",
    "beat": " beat ",
    "redis": "redis-server",
    "mail sink": "messaging.sink",
    "guard": "guard.py",
}


def leader_of(data: Path, part: str) -> int:
    found = [pid for pid, line in processes_of(data).items() if SIGNS[part] in line and os.getpgid(pid) == pid]
    assert len(found) == 1, processes_of(data)
    return found[0]


def seen(system: System, sentence: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while sentence not in text(system):
        assert system.process.poll() is None and time.monotonic() < until, text(system)
        time.sleep(0.1)


def test_parts_that_are_killed_start_again_while_pages_answer(running: Callable[[], System], data: Path) -> None:
    system = running()
    for part in ("worker", "redis", "beat", "mail sink"):
        killed = leader_of(data, part)
        os.kill(killed, signal.SIGKILL)
        seen(system, f"The {part} was ended by SIGKILL.")
        assert urllib.request.urlopen(f"{system.url}/readyz", timeout=10).status == 200
        seen(system, f"{part} answers again")
        assert leader_of(data, part) != killed
    assert json.load(urllib.request.urlopen(f"{system.url}/readyz"))["redis"] == "ok"
    assert system.stop() == 0
    assert gone(data)


def test_the_web_server_and_the_guard_come_back(running: Callable[[], System], data: Path) -> None:
    system = running()
    guard = leader_of(data, "guard")
    os.kill(guard, signal.SIGKILL)
    os.kill(leader_of(data, "web"), signal.SIGKILL)
    seen(system, "web answers again")
    assert urllib.request.urlopen(f"{system.url}/readyz").status == 200
    assert leader_of(data, "guard") != guard
    system.process.kill()
    assert gone(data), "the new guard knows the old and the new parts"


def test_without_keys_the_kept_pages_are_shown_until_they_are_back(running: Callable[[], System], data: Path) -> None:
    system = running()
    time.sleep(max(0.0, YOUNG - 4))
    (data / "keys.json").rename(data / "away")
    seen(system, "keys.json is missing: put it back.")
    web = leader_of(data, "web")
    for child in Path(f"/proc/{web}/task/{web}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    until = time.monotonic() + 60
    while (data / "logs" / "web.log").read_text().count("It shows the kept copy of the public pages.") < 2:
        assert time.monotonic() < until, text(system)
        time.sleep(0.1)
    while not stack._ready(int(system.url.rpartition(":")[2]), "healthz"):  # it says so before it listens
        assert time.monotonic() < until, text(system)
        time.sleep(0.1)
    for path in ("/", "/crisis/", "/es/crisis/", "/guides/"):
        assert urllib.request.urlopen(system.url + path, timeout=30).status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{system.url}/staff/", timeout=30)
    assert refused.value.code == 503 and "988" in refused.value.read().decode()
    assert leader_of(data, "web") == web
    with_others(data)
    seen(system, "are not those that")
    os.kill(leader_of(data, "worker"), signal.SIGKILL)
    seen(system, "worker starts again in 1 s")
    right_again(system, data, "keys.json is right again.")
    seen(system, "worker answers again")
    seen(system, "This web process ends: the right keys are back")


def with_others(data: Path) -> None:
    """Keys of another installation in the place of those that lie in `away`."""
    kept = json.loads((data / "away").read_text())
    (data / "others").write_text(json.dumps({**kept, "encryption": Fernet.generate_key().decode()}))
    (data / "others").rename(data / "keys.json")


def right_again(system: System, data: Path, sentence: str) -> None:
    shutil.copy(data / "away", data / "keys.json")
    seen(system, sentence)
    seen(system, "web answers again")
    assert stack._ready(int(system.url.rpartition(":")[2]))


def test_a_web_that_began_with_wrong_keys_is_replaced_once_they_are_right(
    running: Callable[[], System], data: Path
) -> None:
    system = running()
    time.sleep(max(0.0, YOUNG - 4))
    shutil.copy(data / "keys.json", data / "away")
    with_others(data)
    seen(system, "are not those that")
    web = leader_of(data, "web")
    for child in Path(f"/proc/{web}/task/{web}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    until = time.monotonic() + 60
    while (data / "logs" / "web.log").read_text().count("This web process takes nothing that people write.") < 2:
        assert time.monotonic() < until, text(system)
        time.sleep(0.1)
    right_again(system, data, "keys.json is right again.")
    assert leader_of(data, "web") == web


def test_asked_to_end_while_a_part_starts_again_it_leaves_nothing(running: Callable[[], System], data: Path) -> None:
    system = running()
    os.kill(leader_of(data, "worker"), signal.SIGKILL)
    os.kill(leader_of(data, "web"), signal.SIGKILL)
    seen(system, "The worker was ended by SIGKILL.")
    assert system.stop() == 0
    assert gone(data)


def test_without_redis_reminders_are_drained_and_it_says_so(data: Path) -> None:
    hide = "import runner.stack as stack; stack.redis_server = lambda: None; stack.main()"
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    port = free()
    with subprocess.Popen(
        [sys.executable, "-c", hide, "--port", str(port), "--data", str(data)],
        cwd=ROOT,
        env=own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready "):
                break
        assert any("manage.py drain --loop" in line for line in lines), lines
        assert json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"))["status"] == "degraded"
        assert any("drain --loop" in line for line in processes_of(data).values())
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert gone(data)


def test_a_taken_port_is_one_sentence(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run_stack("--port", str(taken.getsockname()[1]), "--data", str(data))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Port {taken_port(done.stderr)} cannot be used: Address already in use. Choose another with --port N."
    )


def taken_port(sentence: str) -> str:
    return sentence.split()[1]


def test_the_next_release_is_prepared_beside_a_running_one(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_stack("--prepare", "--port", str(taken.getsockname()[1]), "--data", str(data))
    assert done.returncode == 0, done.stderr


def test_a_copy_of_the_database_and_its_keys_starts_as_it_was(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    with sqlite3.connect(data / "waymark.sqlite3") as database:
        database.execute("UPDATE privacy_user SET username = 'rita' WHERE username = 'reviewer'")
        database.commit()
        database.execute("VACUUM INTO ?", [str(copy / "waymark.sqlite3")])
    shutil.copy(data / "keys.json", copy)
    before = counts(copy)
    done = run_stack("--prepare", "--data", str(copy))
    assert done.returncode == 0 and "Sample content" not in done.stdout, done.stdout + done.stderr
    assert counts(copy) == before and not (copy / "staff.json").exists()


def test_an_upgrade_adds_what_ships_and_not_again_what_was_taken(data: Path) -> None:
    file, rules = data / "waymark.sqlite3", "SELECT count(*) FROM referral_escalationrule"
    auditors = "SELECT count(*) FROM auth_group_permissions WHERE group_id = (SELECT id FROM auth_group WHERE name = ?)"

    def read(query: str, *values: str) -> int:
        with sqlite3.connect(file) as database:
            return int(database.execute(query, values).fetchone()[0])

    def change(*statements: str) -> None:
        with sqlite3.connect(file) as database:
            for statement in statements:
                database.execute(statement)

    begun = read(rules), read(auditors, "Auditors")
    back = [sys.executable, "manage.py", "migrate", "referral", "0042", "-v0"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    subprocess.run(back, cwd=ROOT, env={**own, "WAYMARK_DATA": str(data)}, check=True)
    change(  # as a release left it that knew neither
        "DELETE FROM referral_escalationrule",
        "DELETE FROM auth_group_permissions WHERE group_id = (SELECT id FROM auth_group WHERE name = 'Auditors')",
        "DELETE FROM auth_group WHERE name = 'Auditors'",
    )
    done = run_stack("--prepare", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert (read(rules), read(auditors, "Auditors")) == begun == (5, 2)
    change("DELETE FROM referral_escalationrule WHERE about = 'program'")
    (data / ".migrated").write_text("another release")
    assert run_stack("--prepare", "--data", str(data)).returncode == 0
    assert read(rules) == 3


def test_a_database_of_a_later_release_is_left_alone(data: Path) -> None:
    with sqlite3.connect(data / "waymark.sqlite3") as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('privacy', '9000_later', '')")
    done = run_stack("--prepare", "--data", str(data))
    assert done.returncode == 1
    assert done.stderr.startswith("\nThis database was changed by a later release (privacy.9000_later).")


@pytest.mark.parametrize("damage", ["garbage", "cut"])
def test_a_damaged_database_is_one_sentence(data: Path, damage: str) -> None:
    file = data / "waymark.sqlite3"
    file.write_bytes(b"garbage\n" * 200 if damage == "garbage" else file.read_bytes()[:3_000_000])
    done = run_stack("--prepare", "--data", str(data))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"{file} is damaged: " in done.stderr and "put a backup in its place" in done.stderr


def test_hosted_mode_gets_no_system_of_invented_people(tmp_path: Path) -> None:
    done = run_stack("--prepare", "--data", str(tmp_path / "data"), WAYMARK_MODE="hosted")
    assert done.returncode == 1 and "docs/running.md" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_in_use_is_one_sentence(running: Callable[[], System], data: Path) -> None:
    system = running()
    done = run_stack("--port", str(free()), "--data", str(data))
    assert done.returncode == 1
    assert "in use by another bin/up" in done.stderr
    assert system.process.poll() is None


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80a"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    done = run_stack("--port", port, "--data", str(tmp_path))
    assert done.returncode == 2
    assert "a port is a whole number from 1 to 65535" in done.stderr


def test_a_path_that_cannot_be_a_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_stack("--port", str(free()), "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "cannot be written: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("options", "reason"), [("size=256k", "full"), ("size=4m,ro", "read-only|Read-only")])
def test_a_full_or_read_only_disk_is_one_sentence(tmp_path: Path, options: str, reason: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o {options} tmpfs "{disk}" && exec "$@"'
    inside = ("unshare", "-rm", "sh", "-c", mount, "sh")
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no test mount a disk of its own")
    done = run_stack("--port", str(free()), "--data", str(disk / "data"), before=inside)
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()
    assert len(said) == 1 and any(word in said[0] for word in reason.split("|")), done.stderr


def test_a_start_that_was_killed_half_way_is_made_good(running: Callable[[], System], data: Path) -> None:
    system = running()
    assert counts(data)["privacy_user"] == 6
    assert set(system.staff) == {"editor", "reviewer", "publisher", "navigator", "supervisor", "admin"}
    assert system.stop() == 0


def test_only_who_develops_gets_a_server_that_reloads() -> None:
    assert "runserver" in stack._web(8000, reload=True).command
    assert "granian" in stack._web(8000, reload=False).command[0]
