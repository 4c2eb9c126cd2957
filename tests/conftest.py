"""What all tests share."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection, transaction
from django.template.base import Template
from django.template.context import Context
from django.test import Client
from django.test.signals import template_rendered
from django.utils import translation
from django.utils.safestring import SafeString
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from assessments.models.versions import version_of
from directory.models import ZipCode
from guides.publishing.cache import page_cache
from referral.roles import set_up
from tests.browsing import PATIENCE
from tests.databases import Original, copied, is_sqlite, without_sync
from tests.statements import Recorder, recorded, repeated
from tests.systems import System, running
from ui.frozen import parts

ORIGINAL = pytest.StashKey[Original]()
SharedDb = Callable[[], AbstractContextManager[None]]

# The same examples in every run: what failed once fails again. For others: --hypothesis-profile=explore.
hypothesis.settings.register_profile("explore", deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
hypothesis.settings.register_profile("steady", hypothesis.settings.get_profile("explore"), derandomize=True)
hypothesis.settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    if settings.MISSING_KEYS:
        pytest.exit(settings.MISSING_KEYS, returncode=1)
    # Names of static files without a hash: tests run without collectstatic.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # Each test client makes the middleware anew, which then need not read every static file.
    settings.WHITENOISE_AUTOREFRESH = True
    # Most tests have neither Redis nor a database; those about what processes share say so.
    in_process = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "default": in_process}
    # Looking for circles again and again costs a tenth of the time; what tests leave behind is small.
    gc.set_threshold(100_000, 20, 100)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    worker = getattr(config, "workerinput", {}).get("workerid")
    if worker and (statements := config.getoption("statements")) and not config.getoption("database_only"):
        config.pluginmanager.register(Recorder(Path(statements), worker))
    # A folder for every process: what a killed run left behind must not meet the next one.
    folder = Path(tempfile.mkdtemp(prefix="waymark-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    if is_sqlite():
        settings.DATABASES["default"]["TEST"]["NAME"] = f"{folder}/test.sqlite3"
        without_sync()
    if config.getoption("numprocesses") and not config.getoption("by_stack"):
        original = config.stash[ORIGINAL] = Original(folder)
        config.add_cleanup(original.remove)


def pytest_configure_node(node: Any) -> None:
    """Tell a process that runs tests which database it copies."""
    if original := node.config.stash.get(ORIGINAL, None):
        node.workerinput["original"] = (original.name, str(original.lock))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only the tests that use the database")
    parser.addoption("--statements", help="a folder: note there what each test runs, or with --database-only read it")
    parser.addoption("--thorough", action="store_true", help="every mutant, thousands of walks more: minutes")
    parser.addoption("--by-stack", action="store_true", help="give the browser tests of one system to one worker")


class ByStack(LoadScopeScheduling):
    """Gives the browser tests of one system to one worker, which alone starts it; those that need none go together."""

    def _split_scope(self, nodeid: str) -> str:
        found = re.search(r"(sqlite|postgres)\]$", nodeid)
        return found.group(1) if found else "none"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """With --by-stack, tests go to workers by the system that they need."""
    return ByStack(config, log) if config.getoption("--by-stack") else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no worker ends with them alone; those that empty the tables come later.

    With --database-only, leave out what would test the same on any database, and with the statements of another
    database (see tests/statements.py) also what runs nothing that the others do not.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    committing = {item.path: item for item in items if _commits(item)}
    items.sort(key=lambda item: item.path not in long or item.path in committing)
    for item in committing.values():
        if "shared_db" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(
                f"{item.nodeid} commits, so it cannot begin with rows that its module shares: "
                "put it into a module whose fixtures make their rows themselves, as tests/referral/test_two_at_once.py."
            )
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _may_differ_by_database(item)]
    if folder := config.getoption("statements"):
        known = recorded(Path(folder))
        alike = {item.nodeid for item in kept if item.nodeid in known and item.path not in committing}
        again = repeated({test: known[test] for test in alike})
        kept = [item for item in kept if item.nodeid in again or item.nodeid not in alike]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _may_differ_by_database(item: pytest.Item) -> bool:
    uses = {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup"}
    if item.get_closest_marker("any_database"):
        return False
    return bool(item.get_closest_marker("django_db") or uses & set(getattr(item, "fixturenames", ())))


def _commits(item: pytest.Item) -> bool:
    """Whether the test has no transaction around it, so that the tables are emptied after it."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and bool(marker.kwargs.get("transaction"))
    return asked or "transactional_db" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def _flush_what_tests_wrote() -> Iterator[None]:
    """Emptying the tables after a test leaves the ZIP codes, which no test wrote.

    On SQLite it deletes rows, which append-only tables refuse: let it pass here.
    """
    operations = type(connection.ops)
    original = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        written = [table for table in tables if table != ZipCode._meta.db_table]
        statements: list[str] = original(self, style, written, **options)
        if connection.vendor != "sqlite":
            return statements
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        return [*(f'DROP TRIGGER "{name}"' for name, _sql in triggers), *statements, *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_pages_tell_their_context(django_test_environment: None) -> Iterator[None]:
    """Of what is rendered within a page (widgets, fields, includes), the client keeps no copy: there are hundreds."""
    depth = ContextVar("depth", default=0)

    def render(template: Template, context: Context) -> SafeString:
        if not depth.get():
            template_rendered.send(sender=template, template=template, context=context)
        token = depth.set(depth.get() + 1)
        try:
            return template.nodelist.render(context)
        finally:
            depth.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits live in the cache and must not reach from one test into the next."""
    cache.clear()
    version_of.cache_clear()  # a test that is undone leaves its keys to the next one
    parts.clear()  # what depends on versions names them by key, too
    page_cache.forget()
    yield


@pytest.fixture(autouse=True)
def _begin_in_english() -> None:
    """A page in Spanish leaves its language behind in the thread."""
    translation.activate("en")


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether to try all that can be tried, which takes minutes, or a part of it that is the same in every run."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def now() -> datetime:
    """A Wednesday morning in Pasadena."""
    return datetime(2026, 3, 4, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database with the groups in it, as they are in every installation; a copy, where others run tests beside."""
    original = getattr(request.config, "workerinput", {}).get("original")
    if not original:
        request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock(), copied(*original) if original else nullcontext():
        set_up()
        with django_db_blocker.block():
            yield


@pytest.fixture(scope="module")
def shared_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedDb]:
    """For fixtures of a whole module: rows written inside ``with shared_db():`` are there for each of its tests.

    They lie in a transaction around the transactions of the tests, so what a test does to them is undone after it.
    """

    @contextmanager
    def writing() -> Iterator[None]:
        with django_db_blocker.unblock(), translation.override("en"):
            yield

    with django_db_blocker.unblock(), transaction.atomic():
        with django_db_blocker.block():
            yield writing
        transaction.set_rollback(True)


def staff_account(username: str = "staff", *groups: str, **fields: Any) -> Any:
    """Make a staff account with a second factor: ``staff_account("navigator", "Navigators")``."""
    if groups and not Group.objects.exists():  # after a test that emptied the tables
        set_up()
    user = get_user_model().objects.create_user(
        username=username,
        email=f"{username}@example.org",
        password="a long enough password",
        **{"is_staff": True, **fields},
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """What makes a staff account: ``make_user("navigator", "Navigators")``."""
    return staff_account


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    """Return a test client whose session has shown a password and a second factor: ``sign_in(user)``."""

    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="config.sign_in.OneLook")
        factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        session = client.session
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time()},
            *([{"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}] if factor else []),
        ]
        session.save()
        return client

    return signed_in


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system, running with its demo content, once on each stack."""
    if request.param == "postgres" and "TEST_POSTGRES_URL" not in os.environ:
        pytest.skip("TEST_POSTGRES_URL names no PostgreSQL server: bin/test starts one")
    with running(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window and without calls to anywhere else."""
    program = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=program, args=[*quiet, "--disable-sync"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a browser that has seen nothing yet."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
