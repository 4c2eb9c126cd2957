"""The web of a hosted server ends with what is wrong before it starts a process."""

from __future__ import annotations

import socket

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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    monkeypatch.setattr("sys.argv", ["web", "--workers", "2", "--port", port])
    web.main()
    assert started[0][0].endswith("/granian")
    assert started[0][1:] == ["--interface", "wsgi", "--workers", "2", "--port", port, "config.wsgi:application"]


def test_a_port_that_another_server_has_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.execv", lambda _program, _command: pytest.fail("it was started"))
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr("sys.argv", ["web", "--host", "127.0.0.1", "--port", str(other.getsockname()[1])])
        with pytest.raises(SystemExit, match="cannot be used: Address already in use"):
            web.main()
