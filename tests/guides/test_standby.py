"""Public pages answer when the database does not: real processes, and faults that are made for real."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from guides.models import Publication
from guides.publishing import kept_copy, middleware, standby
from guides.publishing.cache import page_cache
from guides.publishing.middleware import PublishedPages
from guides.publishing.page_cache import Page, PageCache
from guides.workflow import actions
from tests.guides.conftest import publish_all

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATHS = ["/", "/es/", "/guides/", "/guides/staying-there/", "/crisis/", "/es/crisis/", "/levels/iop/", "/?from=mail"]

# The server process, as config.wsgi starts it. SIGUSR1 takes the room on the disk away: no file may grow any more.
SERVER = """
import resource, signal, sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.conf import settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
signal.signal(signal.SIGUSR1, lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
from config.wsgi import application
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass
with make_server("127.0.0.1", int(sys.argv[1]), application, handler_class=Quiet) as server:
    server.serve_forever()
"""


class Way:
    """A TCP way to a server that can be closed: what lies behind it is then away, as if it had been stopped."""

    def __init__(self, host: str, port: int):
        self.target = (host, port)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            unix = self.target[0].startswith("/")
            far = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
            far.connect(f"{self.target[0]}/.s.PGSQL.{self.target[1]}" if unix else self.target)
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass

    def close(self) -> None:
        for end in [self.door, *self.open]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def served(address: str, port: int, data: Path) -> subprocess.Popen[bytes]:
    data.mkdir(exist_ok=True)
    shutil.copy(settings.DATA / "keys.json", data)
    environment = {
        **os.environ,
        "WAYMARK_DATA": str(data),
        "WAYMARK_DATABASE_URL": address,
        "WAYMARK_REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.Popen([sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=environment)


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while True:
        assert process.poll() is None and time.monotonic() < until
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)


@pytest.fixture
def site(db: None, now: datetime) -> None:
    """Committed where a test commits, so that other processes see it."""
    publish_all(now)


@pytest.fixture
def fault(site: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """The address of a database with the small site, and what breaks it for the process that is given."""
    database = connection.settings_dict
    if connection.vendor == "postgresql":
        way = Way(database["HOST"] or "127.0.0.1", int(database["PORT"] or 5432))
        secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        yield (
            f"postgres://{database['USER']}{secret}@127.0.0.1:{way.port}/{database['NAME']}",
            lambda _process: way.close(),
        )
        way.close()
        return
    file = tmp_path / "site.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])

    def broken(_process: Any) -> None:
        for beside in tmp_path.glob("site.sqlite3-*"):
            beside.unlink()
        file.write_bytes(b"no database at all " * 4096)

    def full(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGUSR1)

    yield f"sqlite:///{file}", full if request.param == "full" else broken
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["broken", "full"], indirect=True)
def test_pages_nobody_visited_answer_without_a_database(
    fault: tuple[str, Callable[[Any], None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    address, strike = fault
    data = tmp_path_factory.mktemp("data")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = served(address, port, data)
    try:
        wait_for(port, process)
        strike(process)
        assert {path: status(port, path) for path in PATHS} == dict.fromkeys(PATHS, 200)
        process.kill()
        process.wait()
        process = served(address, port, data)  # without what the one before had in its memory
        wait_for(port, process)
        strike(process)
        assert {path: status(port, path) for path in PATHS} == dict.fromkeys(PATHS, 200)
    finally:
        process.kill()
        process.wait()


def test_crisis_answers_where_no_database_was_ever_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = served("postgres://nobody@127.0.0.1:9/nothing", port, tmp_path / "data")
    try:
        wait_for(port, process)
        for path, words in (("/crisis/", "Overdose: what to do"), ("/es/crisis/", "Sobredosis: qué hacer")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                page = answer.read().decode()
            assert words in page and 'href="tel:988"' in page and 'href="tel:911"' in page
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def own_page_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> PageCache:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    own = PageCache(page_cache._read_stamp)
    for module in (middleware, standby):
        monkeypatch.setattr(module, "page_cache", own)
    return own


@pytest.mark.django_db
def test_a_filled_cache_has_every_public_page(site: None, own_page_cache: PageCache) -> None:
    assert standby.fill()
    wanted = [
        *Publication.objects.values_list("path", flat=True),
        "/",
        "/es/",
        "/guides/",
        "/levels/iop/",
        "/glossary/",
    ]
    assert [path for path in wanted if own_page_cache.page(path) is None] == []
    assert own_page_cache.standing_by("/guides/staying-there/").body == Client().get("/guides/staying-there/").content  # type: ignore[union-attr]


@pytest.mark.django_db
def test_an_unpublished_guide_stands_by_no_longer(
    site: None, own_page_cache: PageCache, edition: Any, now: datetime
) -> None:
    assert standby.fill() and own_page_cache.standing_by("/guides/staying-there/")
    actions.unpublish(edition("staying", "en"), by=None, now=now)
    assert standby.fill() and own_page_cache.standing_by("/guides/staying-there/") is None


@pytest.mark.django_db
def test_the_copy_on_disk_holds_what_is_published_and_no_more(
    site: None, own_page_cache: PageCache, tmp_path: Path, edition: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, path = tmp_path / "pages.jsonl", "/guides/staying-there/"
    assert standby.fill()
    assert kept_copy.read(copy)[path] == own_page_cache.standing_by(path)
    actions.unpublish(edition("staying", "en"), by=None, now=now)
    assert standby.fill() and path not in kept_copy.read(copy) and "/guides/" in kept_copy.read(copy)
    monkeypatch.setattr(kept_copy, "MOST_BYTES", 60_000)
    assert standby.fill() and next(iter(kept_copy.read(copy))) == "/crisis/" and copy.stat().st_size <= 60_000
    assert [file.name for file in tmp_path.iterdir() if file.name != "phone.json"] == ["pages.jsonl"]
    copy.write_bytes(copy.read_bytes()[:-9])
    assert kept_copy.read(copy) == {}


def test_a_copy_that_cannot_be_renewed_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, page = tmp_path / "pages.jsonl", Page.of("<h1>Here</h1>", "en")

    def full(*_given: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    kept_copy.write(copy, {"/": page, "/gone/": page})
    monkeypatch.setattr(Path, "write_bytes", full)
    kept_copy.write(copy, {"/": page, "/gone/": page})
    assert "/gone/" in kept_copy.read(copy)  # nothing new, so nothing is written
    kept_copy.write(copy, {"/": page})
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_a_data_folder_that_is_missing_is_made(
    site: None, own_page_cache: PageCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "not" / "made"
    monkeypatch.setattr(settings, "DATA", data)
    assert standby.fill() and "/guides/" in kept_copy.read(data / "pages.jsonl")
    assert data.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_copy_that_cannot_be_kept_is_told(
    site: None,
    own_page_cache: PageCache,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(settings, "DATA", tmp_path / "file" / "data")
    assert standby.fill() and own_page_cache.standing_by("/guides/")
    assert "No copy of the public pages is kept for a start without the database: " in caplog.text
    assert str(tmp_path / "file") in caplog.text


@pytest.mark.django_db
def test_a_failing_view_gives_way_to_the_page_that_stands_by(site: None, own_page_cache: PageCache, rf: Any) -> None:
    def fails(_request: Any) -> Any:
        raise OperationalError("away")

    standby.fill()
    pages = PublishedPages(fails)
    assert pages(rf.get("/crisis/?from=mail")).status_code == 200
    for asked in (rf.get("/staff/"), rf.post("/crisis/")):
        with pytest.raises(OperationalError):
            pages(asked)
