"""The style sheets as compiled, and a small server that shows pages with them and with nothing else of the system."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

ROOT = Path(settings.BASE_DIR)
SASS = ROOT / "node_modules" / "sass" / "sass.js"
NODE = Path(sys.executable).with_name("node")
LEVELS = ["Recovery support", "Outpatient care", "Intensive outpatient program (IOP)", "Residential treatment"]
HOME = {
    "levels": [{"name": name, "url": "/levels/x/", "summary": "What a day looks like, in a line."} for name in LEVELS],
    "sections": [{"key": "choosing", "label": "Choosing", "guides": [{"title": "Which one?", "url": "/guides/x/"}]}],
    "site": {
        "sample": True,
        "help_phone": "626-555-0100",
        "help_phone_tel": "6265550100",
        "email": "help@example.org",
        "service_area": "Pasadena",
    },
}
MAY = {"referral": {"supervise_referrals": True, "work_referrals": True}, "privacy": {"view_accessevent": True}}
STAFF = {"counts": {"queue": 31}, "site": {"sample": True}, "perms": MAY}
PAGES: dict[str, dict[str, Any]] = {
    "look": {},
    "look_staff": STAFF,
    "guides/home": HOME,
    "404": {},
    "500": {},
    "about": HOME,
    "privacy": {},
}


@pytest.fixture(scope="session")
def css(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sheets, compiled as they are for the system."""
    assert SASS.exists(), "The packages of package.json are not installed: run bin/test or bin/up once."
    folder = tmp_path_factory.mktemp("css")
    pairs = [f"{ROOT}/static/scss/{name}.scss:{folder}/{name}.css" for name in ("main", "result", "staff", "admin")]
    command = [
        str(NODE),
        str(SASS),
        "--quiet",
        f"--load-path={ROOT}/node_modules",
        "--no-source-map",
        "--style=compressed",
        *pairs,
    ]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="session")
def sheets(css: Path) -> dict[str, bytes]:
    """The compiled sheets by name."""
    return {path.stem: path.read_bytes() for path in css.iterdir()}


class Strict(SimpleHTTPRequestHandler):
    """Serves files under the system's own content security policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def gallery(css: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with PAGES in both languages: ``<address>/<language>/<name>.html``."""
    folder = tmp_path_factory.mktemp("gallery")
    shutil.copytree(ROOT / "static", folder / "static")
    shutil.copytree(css, folder / "static" / "css")
    (folder / "static" / "django_htmx").mkdir()
    shutil.copy(str(finders.find("django_htmx/htmx-2.min.js")), folder / "static" / "django_htmx")
    for language in ("en", "es"):
        for name, context in PAGES.items():
            path = folder / language / f"{name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            with override(language):
                path.write_text(render_to_string(f"{name}.html", {"page_path": "/guides/", **context}))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
