from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from config.env import BadEnvironment, Environment, hosted_problems
from privacy.crypto import Box, keyed_hash
from runner.embedded import CannotUseDataFolder, for_this_user_alone, make_keys, read_keys, require_database
from runner.keys_fit import VARIABLES, require_keys_that_fit

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTED = {
    "WAYMARK_MODE": "hosted",
    "WAYMARK_SECRET_KEY": "secret of tests " * 4,
    "WAYMARK_ENCRYPTION_KEYS": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "WAYMARK_BLIND_INDEX_KEY": "blind index of tests " * 3,
    "WAYMARK_BASE_URL": "https://waymark.example",
    "WAYMARK_ALLOWED_HOSTS": "waymark.example",
    "WAYMARK_DATABASE_URL": "postgres://waymark@db.example/waymark",
    "WAYMARK_REDIS_URL": "redis://redis.example/0",
    "WAYMARK_EMAIL_HOST": "mail.example",
    "WAYMARK_EMAIL_FROM": "hello@waymark.example",
}


def problems(env: Environment) -> str:
    with pytest.raises(BadEnvironment) as raised:
        env.finish()
    return str(raised.value)


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with nothing of ours set but `variables`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**own, "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start(shown: str = "settings.SECRET_KEY", /, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings, and print one of them."""
    return run(["-c", f"from django.conf import settings; print({shown})"], **variables)


def test_a_variable_that_nobody_reads_is_named() -> None:
    env = Environment({"WAYMARK_PROT": "8000", "PATH": "/bin"})
    assert problems(env) == "WAYMARK_PROT is not a setting that Waymark knows."


def test_every_problem_is_said_at_once() -> None:
    env = Environment({"WAYMARK_PORT": "many", "WAYMARK_MODE": "cloud"})
    env.whole("WAYMARK_PORT", 1, least=1, most=9)
    env.choice("WAYMARK_MODE", ("embedded", "hosted"), "embedded")
    env.text("WAYMARK_KEY", required=True)
    assert [line.split(":")[0].split(" ")[0] for line in problems(env).splitlines()] == [
        "WAYMARK_PORT",
        "WAYMARK_MODE",
        "WAYMARK_KEY",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_whole_number_is_read_or_refused_by_name(raw: str) -> None:
    env = Environment({"WAYMARK_N": raw})
    value = env.whole("WAYMARK_N", 5, least=1, most=65535)
    assert 1 <= value <= 65535
    if not raw.strip():
        env.finish()
        assert value == 5
    elif raw.strip().isascii() and raw.strip().isdigit() and 1 <= int(raw) <= 65535:
        env.finish()
        assert value == int(raw)
    else:
        assert problems(env).startswith("WAYMARK_N: ")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_no_error_repeats_a_secret(raw: str) -> None:
    secret = f"zq{raw}qz"
    env = Environment({"WAYMARK_K": secret, "WAYMARK_D": f"postgres://u:{secret}@h/n", "WAYMARK_U": secret})
    env.keys("WAYMARK_K", [])
    env.database("WAYMARK_D", {})
    env.url("WAYMARK_U", ("redis",))
    message = problems(env)
    assert "WAYMARK_K" in message
    assert secret.strip() not in message


def test_a_database_url_is_taken_apart() -> None:
    env = Environment({"WAYMARK_D": "postgres://us%40er:p%2Fw@[::1]:5433/na%20me?sslmode=require"})
    assert env.database("WAYMARK_D", {}) == {
        "ENGINE": "config.postgres",
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "::1",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    env.finish()


@pytest.mark.parametrize(
    "raw", ["mysql://h/n", "postgres://h", "postgres://u:a/b@h:5432/n", "postgres://[::1/n", "nonsense"]
)
def test_a_bad_database_url_is_refused(raw: str) -> None:
    env = Environment({"WAYMARK_D": raw})
    env.database("WAYMARK_D", {})
    assert problems(env).startswith("WAYMARK_D: ")


@pytest.mark.parametrize("raw", ["short", "A" * 44, "é" * 44, ",", "AAAA,AAAA"])
def test_encryption_keys_must_be_keys(raw: str) -> None:
    env = Environment({"WAYMARK_K": raw})
    env.keys("WAYMARK_K", [])
    assert problems(env).startswith("WAYMARK_K: ")


def test_hosted_starts_with_everything_said(tmp_path: Path) -> None:
    done = start(**HOSTED, WAYMARK_DATA=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == HOSTED["WAYMARK_SECRET_KEY"].strip()
    assert not list(tmp_path.iterdir()), "hosted mode must not make keys of its own"


@pytest.mark.slow
@pytest.mark.parametrize("missing", sorted(set(HOSTED) - {"WAYMARK_MODE"}))
def test_hosted_names_what_is_missing_and_has_no_secret_of_its_own(missing: str, tmp_path: Path) -> None:
    done = start(**{**HOSTED, missing: "", "WAYMARK_DATA": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith(missing)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("base", "hosts", "sender", "named"),
    [
        ("https://waymark.example", ["waymark.example"], "Waymark <hello@waymark.example>", []),
        ("https://care.waymark.example", [".waymark.example"], "hello@waymark.example", []),
        ("", [], "", []),
        ("http://waymark.example", ["waymark.example"], "", ["BASE_URL"]),
        ("https://waymark.example/app", ["waymark.example"], "", ["BASE_URL"]),
        ("https://waymark.example", ["other.example"], "", ["ALLOWED_HOSTS"]),
        ("https://notwaymark.example", [".waymark.example"], "", ["ALLOWED_HOSTS"]),
        ("https://waymark.example", ["*"], "Waymark", ["ALLOWED_HOSTS", "EMAIL_FROM"]),
    ],
)
def test_what_does_not_fit_together_is_named(base: str, hosts: list[str], sender: str, named: list[str]) -> None:
    found = [sentence.split(":")[0] for sentence in hosted_problems(base, hosts, sender)]
    assert found == [f"WAYMARK_{name}" for name in named]


@pytest.mark.slow
def test_hosted_says_what_does_not_fit_before_it_starts(tmp_path: Path) -> None:
    done = start(**{**HOSTED, "WAYMARK_ALLOWED_HOSTS": "*", "WAYMARK_DATA": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith("WAYMARK_ALLOWED_HOSTS: expected names")


@pytest.mark.slow
def test_hosted_names_what_is_only_half_said(tmp_path: Path) -> None:
    half = {
        "WAYMARK_SMS_ACCOUNT": "AC1",
        "WAYMARK_ANYMAIL": "foo",
        "WAYMARK_DATABASE_URL": f"sqlite://{tmp_path}/nope/x",
        "WAYMARK_SECRET_KEY": "a" * 43,
    }
    done = start(**{**HOSTED, **half, "WAYMARK_DATA": str(tmp_path)})
    assert done.returncode == 1
    assert [line.split(":")[0].split(" ")[0] for line in done.stderr.splitlines()] == [
        "WAYMARK_SECRET_KEY",
        "WAYMARK_DATABASE_URL",
        "WAYMARK_ANYMAIL",
        "WAYMARK_SMS_TOKEN",
        "WAYMARK_SMS_FROM",
    ]


def test_what_goes_together_is_all_set_or_none() -> None:
    Environment({}).together("WAYMARK_A", "WAYMARK_B")
    env = Environment({"WAYMARK_A": "a"})
    env.text("WAYMARK_A")
    env.together("WAYMARK_A", "WAYMARK_B")
    assert problems(env) == "WAYMARK_B is not set. It goes with WAYMARK_A, which is."


@pytest.mark.slow
def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    done = start(**{**HOSTED, "WAYMARK_SECRET_KEY": "changeme", "WAYMARK_DATA": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith("WAYMARK_SECRET_KEY: expected at least 32")
    assert "changeme" not in done.stderr


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    make_keys(tmp_path)
    first = read_keys(tmp_path)
    make_keys(tmp_path)
    assert read_keys(tmp_path) == first and len(first["secret"]) >= 50
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_no_new_keys_are_made_beside_a_database_of_others(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as database:
        database.execute("CREATE TABLE people (name)")
    for use in (make_keys, read_keys):
        with pytest.raises(CannotUseDataFolder, match=r"keys\.json is missing"):
            use(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["waymark.sqlite3"]


def test_a_database_without_a_table_holds_nothing_to_lose(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
    assert not read_keys(tmp_path)
    make_keys(tmp_path)
    assert read_keys(tmp_path)


@pytest.mark.parametrize("left", ["keys.json", "staff.json"])
@pytest.mark.parametrize("database", ["gone", "empty"])
def test_keys_or_passwords_without_their_database_are_a_reason_to_stop(
    tmp_path: Path, left: str, database: str
) -> None:
    (tmp_path / left).write_text("{}")
    if database == "empty":
        (tmp_path / "waymark.sqlite3").touch()
    with pytest.raises(CannotUseDataFolder, match=rf"{left} in .* Put it back, .*begin anew on purpose, move {left}"):
        require_database(tmp_path)
    require_database(tmp_path, "postgres://waymark@db.example/waymark")


def test_a_first_start_may_be_stopped_before_its_database_is_made(tmp_path: Path) -> None:
    require_database(tmp_path)
    make_keys(tmp_path)
    require_database(tmp_path)
    with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as database:
        database.execute("CREATE TABLE people (name)")
    require_database(tmp_path)
    (tmp_path / "waymark.sqlite3").unlink()
    with pytest.raises(CannotUseDataFolder, match=r"waymark\.sqlite3 is not there"):
        require_database(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["migrate", "roles"])
def test_a_server_that_is_not_reached_is_one_sentence(tmp_path: Path, command: str) -> None:
    url = "postgres://nobody:hidden@127.0.0.1:1/nothing"
    make_keys(tmp_path)
    done = run(["manage.py", command], WAYMARK_DATA=str(tmp_path), WAYMARK_DATABASE_URL=url)
    assert done.returncode == 1 and done.stderr.startswith("The database of WAYMARK_DATABASE_URL cannot be reached: ")
    assert len(done.stderr.splitlines()) == 1 and "hidden" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["migrate", "roles"])
def test_no_command_makes_a_database_in_the_place_of_one(tmp_path: Path, command: str) -> None:
    make_keys(tmp_path)
    (tmp_path / ".new").unlink()
    done = run(["manage.py", command], WAYMARK_DATA=str(tmp_path))
    assert done.returncode == 1 and "waymark.sqlite3" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "waymark.sqlite3").exists()


@pytest.mark.slow
def test_to_look_at_the_settings_makes_no_keys(tmp_path: Path) -> None:
    done = start("settings.MISSING_KEYS", WAYMARK_DATA=str(tmp_path / "data"))
    assert done.stdout.startswith(f"{tmp_path}/data holds no keys yet: run bin/up once")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["manage.py", "rotate_keys"], ["-c", "import config.wsgi"], ["-c", "import config.celery"]]
)
def test_what_works_with_data_says_where_its_keys_come_from(tmp_path: Path, command: list[str]) -> None:
    done = run(command, WAYMARK_DATA=str(tmp_path / "data"))
    assert done.returncode == 1 and done.stderr.strip() == (
        f"{tmp_path}/data holds no keys yet: run bin/up once, or .venv/bin/python manage.py migrate. "
        "If the data lie elsewhere, set WAYMARK_DATA to their folder instead."
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_new_database_and_its_keys_are_made_together(tmp_path: Path) -> None:
    assert run(["manage.py", "migrate", "sites_that_are_not"], WAYMARK_DATA=str(tmp_path / "data")).returncode == 1
    assert read_keys(tmp_path / "data")
    assert start("settings.MISSING_KEYS", WAYMARK_DATA=str(tmp_path / "data")).stdout == "\n"


@pytest.mark.slow
def test_what_looks_at_the_code_alone_needs_no_keys(tmp_path: Path) -> None:
    done = run(["manage.py", "check"], WAYMARK_DATA=str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_damaged_key_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    done = start(WAYMARK_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "keys.json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "written", ["", "[]", '{"secret": "s"}', '{"secret": "s", "encryption": "eA==", "blind_index": "b"}']
)
def test_a_key_file_that_is_half_there_is_to_be_put_back(tmp_path: Path, written: str) -> None:
    (tmp_path / "keys.json").write_text(written)
    with pytest.raises(
        CannotUseDataFolder, match=r"keys\.json cannot be used: it is not what .* Put the right one back"
    ):
        read_keys(tmp_path)


def test_keys_of_another_owner_are_not_called_the_wrong_ones(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(CannotUseDataFolder, match=r"cannot be read by this user: look at its owner and permissions\.$"):
        read_keys(written)


@pytest.mark.slow
def test_hosted_is_told_of_https_alone_and_of_migrate_alone(tmp_path: Path) -> None:
    done = start(**{**HOSTED, "WAYMARK_BASE_URL": "help.clinic.example", "WAYMARK_DATA": str(tmp_path)})
    assert done.stderr.strip() == "WAYMARK_BASE_URL: expected a URL that starts with https://."
    sqlite3.connect(tmp_path / "new.sqlite3").close()
    url = f"sqlite://{tmp_path / 'new.sqlite3'}"
    done = run(["manage.py", "rotate_keys"], **{**HOSTED, "WAYMARK_DATABASE_URL": url, "WAYMARK_DATA": str(tmp_path)})
    assert done.stderr.strip().endswith("older than this code: run .venv/bin/python manage.py migrate.")


def test_a_new_key_may_stand_before_the_old_one(tmp_path: Path) -> None:
    make_keys(tmp_path)
    kept = json.loads((tmp_path / "keys.json").read_text())
    both = f"{Fernet.generate_key().decode()}, {kept['encryption']}"
    (tmp_path / "keys.json").write_text(json.dumps({**kept, "encryption": both}))
    assert read_keys(tmp_path)["encryption"] == both
    done = start("','.join(settings.ENCRYPTION_KEYS)", WAYMARK_DATA=str(tmp_path))
    assert done.stdout.strip() == both.replace(" ", "")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A data folder whose database was written with the keys in it."""
    make_keys(tmp_path)
    keys = read_keys(tmp_path)
    mark = keyed_hash("Waymark", key=keys["blind_index"], purpose="key check")
    with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as database:
        database.execute("CREATE TABLE privacy_keycheck (sealed, mark)")
        sealed = Box([keys["encryption"]]).encrypt("Waymark")
        database.execute("INSERT INTO privacy_keycheck VALUES (?, ?)", (sealed, mark))
        database.commit()
    return tmp_path


@pytest.mark.parametrize("name", ["encryption", "blind_index"])
def test_keys_of_another_installation_are_named_before_anything_starts(written: Path, name: str) -> None:
    require_keys_that_fit(written, {})
    kept = json.loads((written / "keys.json").read_text())
    (written / "keys.json").write_text(json.dumps({**kept, name: Fernet.generate_key().decode()}))
    with pytest.raises(CannotUseDataFolder, match=r"keys in .*keys\.json are not those that .*put the right ones back"):
        require_keys_that_fit(written, {})
    require_keys_that_fit(written, {VARIABLES[name]: kept[name]})


@pytest.mark.parametrize("scheme", ["sqlite", "postgres"])
def test_a_database_named_by_a_variable_is_asked_for_its_keys(
    written: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    elsewhere, url = tmp_path_factory.mktemp("new"), f"{scheme}://{written / 'waymark.sqlite3'}"
    make_keys(elsewhere)
    # A server that says the same: what it is asked is plain SQL.
    monkeypatch.setattr(psycopg, "connect", lambda _url, **_more: sqlite3.connect(written / "waymark.sqlite3"))
    with pytest.raises(CannotUseDataFolder, match=r"not those that the database of WAYMARK_DATABASE_URL was written"):
        require_keys_that_fit(elsewhere, {"WAYMARK_DATABASE_URL": url})
    require_keys_that_fit(written, {"WAYMARK_DATABASE_URL": url})


def test_a_database_that_does_not_answer_is_left_to_its_readers(written: Path) -> None:
    require_keys_that_fit(written, {"WAYMARK_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"})


def test_a_variable_with_another_key_is_named(written: Path) -> None:
    other = {"WAYMARK_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    with pytest.raises(CannotUseDataFolder, match="keys in WAYMARK_ENCRYPTION_KEYS are not those"):
        require_keys_that_fit(written, other)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [["manage.py", "drain"], ["-m", "celery", "-A", "config.celery", "beat"], ["-c", "import config.celery"]],
    ids=["drain", "beat", "worker"],
)
@pytest.mark.parametrize("variable", VARIABLES.values())
def test_hosted_with_another_key_ends_at_once(
    written: Path, tmp_path_factory: pytest.TempPathFactory, command: list[str], variable: str
) -> None:
    kept = read_keys(written)
    named = {name: kept[key] for key, name in VARIABLES.items()} | {variable: Fernet.generate_key().decode()}
    place = {
        "WAYMARK_DATABASE_URL": f"sqlite://{written / 'waymark.sqlite3'}",
        "WAYMARK_DATA": str(tmp_path_factory.mktemp("hosted")),
    }
    done = run(command, **{**HOSTED, **named, **place})
    said = f"The keys in {variable} are not those that the database of WAYMARK_DATABASE_URL was written with"
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert "sent" not in done.stdout


def test_a_folder_that_came_back_open_is_closed(written: Path) -> None:
    (written / ".new").unlink()
    for path in (written, *written.iterdir()):
        path.chmod(0o755)
    for_this_user_alone(written)
    modes = {path.name: path.stat().st_mode & 0o777 for path in written.iterdir()}
    assert (written.stat().st_mode & 0o777, modes) == (0o700, {"keys.json": 0o600, "waymark.sqlite3": 0o600})


def test_of_one_variable_one_thing_is_said() -> None:
    env = Environment({})
    env.url("WAYMARK_BASE_URL", ("https",), required=True)
    env.problem("WAYMARK_BASE_URL: expected https:// and a name.")
    assert problems(env).count("WAYMARK_BASE_URL") == 1


def test_a_time_zone_is_a_name_that_exists() -> None:
    env = Environment({"WAYMARK_A": "America/New_York", "WAYMARK_B": "Pacific"})
    assert env.zone("WAYMARK_A", "UTC") == "America/New_York"
    assert env.zone("WAYMARK_B", "UTC") == env.zone("WAYMARK_C", "UTC") == "UTC"
    assert problems(env).startswith("WAYMARK_B: expected the name of a time zone")


@pytest.mark.slow
def test_hosted_never_shows_pages_for_developers(tmp_path: Path) -> None:
    done = start(**{**HOSTED, "WAYMARK_DEBUG": "yes", "WAYMARK_DATA": str(tmp_path)})
    assert done.returncode == 1 and done.stderr.startswith("WAYMARK_DEBUG: ")
