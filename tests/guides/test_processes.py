"""A change in one process shows in another."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guides.workflow import actions
from tests.guides.conftest import publish_all

ROOT = Path(__file__).resolve().parents[2]

# Another process of the same installation: it answers every line with the title that it would show a visitor.
OTHER = """
import re, sys
from django.conf import settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
import django
django.setup()
from django.test import Client
for line in sys.stdin:
    page = Client(SERVER_NAME="127.0.0.1").get(line.strip()).content.decode()
    print(re.search("<h1>(.*?)</h1>", page).group(1), flush=True)
"""


@pytest.fixture
def site(transactional_db: None, now: datetime) -> None:
    """Committed, so that the other process sees it."""
    publish_all(now)


@pytest.fixture
def other(site: None) -> Iterator[subprocess.Popen[str]]:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        host = f"{database['HOST']}:{database['PORT'] or 5432}"
        address = f"postgres://{database['USER']}{secret}@{host}/{database['NAME']}"
    environment = {**os.environ, "WAYMARK_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", OTHER],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def shown(other: subprocess.Popen[str]) -> str:
    assert other.stdin is not None and other.stdout is not None
    other.stdin.write("/guides/paying/\n")
    other.stdin.flush()
    return other.stdout.readline().strip()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_publication_shows_in_another_process(
    other: subprocess.Popen[str], edition: Any, rewrite: Any, now: datetime
) -> None:
    assert shown(other) == shown(other) == "Paying for care"
    paying = rewrite(edition("paying", "en"), title="New in every process")
    time.sleep(0.6)
    assert shown(other) == "Paying for care"
    actions.publish([paying], by=None, now=now)
    # It looks every half second (tests/guides/test_page_cache.py); a busy machine may let it look later.
    until = time.monotonic() + 30
    while shown(other) != "New in every process":
        assert time.monotonic() < until
        time.sleep(0.02)
