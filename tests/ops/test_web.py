"""The web of a hosted server ends with what is wrong before it starts a process."""

from __future__ import annotations

import pytest

from config import web
from tests.ops.test_env import HOSTED, run

pytestmark = pytest.mark.slow


def test_a_wrong_variable_ends_the_web_with_a_line_for_each() -> None:
    done = run(["-m", "config.web"], **{**HOSTED, "WAYMARK_BASE_URL": "http://x", "WAYMARK_REDIS_URL": ""})
    assert done.returncode == 1
    assert sorted(line.split(":")[0].split()[0] for line in done.stderr.splitlines()) == [
        "WAYMARK_BASE_URL",
        "WAYMARK_REDIS_URL",
    ]


def test_what_is_right_is_handed_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _program, command: started.append(command))
    monkeypatch.setattr("sys.argv", ["web", "--workers", "2"])
    web.main()
    assert started[0][0].endswith("/granian")
    assert started[0][1:] == ["--interface", "wsgi", "--workers", "2", "config.wsgi:application"]
