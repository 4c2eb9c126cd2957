"""With keys that are not those of the database nothing is taken, and what can be read without them goes on."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import Celery
from cryptography.fernet import Fernet
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from config.beat import EVERY
from config.tasks import TaskWithKeys
from config.without_keys import stand_in
from guides import context_processors
from referral.models import Referral
from runner.embedded import make_keys
from tests.referral.test_one_family import ASK

pytestmark = pytest.mark.django_db
OPEN = ("leave/", "i18n/", "accounts/", "admin/login/", "admin/logout/")


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    """Every address of the project, with a 1 in each place of a value."""
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif "(" not in str(pattern.pattern):
            parts = str(pattern.pattern).replace(">", "<").split("<")
            found.append(before + "1".join(parts[::2]))
    return found


@pytest.fixture
def wrong(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


@pytest.fixture
def _phone(monkeypatch: pytest.MonkeyPatch) -> None:
    published = {"help_phone": "(626) 555-0100", "help_phone_tel": "+16265550100"}
    monkeypatch.setattr(context_processors, "site", lambda _language: published)


@pytest.mark.usefixtures("wrong", "_phone")
def test_a_family_is_told_before_and_after_it_writes() -> None:
    for answer in (Client().get("/referral/"), Client().post("/referral/", {**ASK, "message": "Typed with care"})):
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "We cannot take anything right now" in page
        assert 'Call us: <a href="tel:+16265550100">(626) 555-0100</a>' in page
        assert 'href="tel:988"' in page
    assert "Typed with care" in page and "was not saved" in page
    assert not Referral.objects.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("wrong")
def test_every_form_of_every_address_refuses_with_wrong_keys() -> None:
    found = [each for each in addresses(get_resolver().url_patterns) if not each.startswith(OPEN)]
    assert len(found) > 100
    browser, wrote = Client(), []
    for each in found:
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(f"/{each.lstrip('/^')}", {"word": "x"})
        wrote += [each for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert answer.status_code == 503, each
    assert wrote == []


@pytest.mark.usefixtures("wrong")
def test_what_needs_no_keys_goes_on_with_wrong_keys() -> None:
    for path in (
        "/about/",
        "/privacy/",
        "/programs/",
        "/healthz",
        "/crisis/",
        "/es/crisis/",
        "/guides/",
        "/accounts/login/",
    ):
        assert Client().get(path).status_code == 200, path
    assert Client().post("/leave/").status_code == 204


@pytest.mark.usefixtures("wrong")
def test_a_task_does_nothing_with_wrong_keys_and_says_so(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def run() -> None:
        ran.append("ran")

    task = Celery("tests", task_cls=TaskWithKeys, set_as_current=False).task(name="tests.run", shared=False)(run)
    for _nudge in range(3):
        task()
    assert not ran
    assert [record.levelname for record in caplog.records if "The keys are not those" in record.message] == ["ERROR"]
    monkeypatch.setattr("config.tasks.keys_fit", lambda: True)
    task()
    assert ran == ["ran"]


@pytest.mark.slow
def test_every_task_asks_for_the_keys_first(tmp_path: Path) -> None:
    make_keys(tmp_path)
    asked = (
        "import django; django.setup(); import config.celery as c; from config.tasks import TaskWithKeys as T;"
        "import messaging.tasks, referral.tasks, guides.tasks, privacy.tasks;"
        "print({n: isinstance(t, T) for n, t in c.app.tasks.items() if not n.startswith('celery.')})"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "WAYMARK_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    found = ast.literal_eval(done.stdout)
    assert found.keys() >= {each["task"] for each in EVERY.values()}
    assert all(found.values())


@pytest.mark.parametrize("said", ["missing", "damaged"])
def test_keys_that_cannot_be_read_are_named_as_they_are(
    tmp_path: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.without_keys.kept_copy.read", lambda _file: {"/": None})
    monkeypatch.setattr("config.without_keys._watch", lambda *_given: None)
    if said == "damaged":
        (tmp_path / "keys.json").write_text("garbage")
    serve = stand_in({"WAYMARK_DATA": str(tmp_path)})
    assert serve is not None
    environ = {"PATH_INFO": "/readyz", "REQUEST_METHOD": "GET"}
    assert json.loads(b"".join(serve(environ, lambda *_given: lambda _body: None))) == {
        "status": "not ready",
        "keys": said,
    }
