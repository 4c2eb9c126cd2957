"""What a web process shows that starts while its keys are not there: the kept copy of the public pages, which needs
none. No settings can be read then, so this is no Django. With keys that are not those of the database it is Django,
which takes nothing (config/keys.py). Once the right keys are back either process ends, and is replaced.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from whitenoise.base import WhiteNoise

from config.replacing import CANNOT_START, REST
from guides.publishing import kept_copy
from guides.publishing.page_cache import Page
from runner.embedded import FILE, CannotUseDataFolder, read_keys
from runner.keys_fit import why_not

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parent.parent
ENDS = "This web process ends: "
HEADERS = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
]


def stand_in(environment: Mapping[str, str]) -> WSGIApplication | None:
    """What serves in the place of Django where the keys of the data folder cannot be used; None where they can be, and
    where there is no copy of the pages."""
    if environment.get("WAYMARK_MODE") == "hosted":
        return None
    data = Path(environment.get("WAYMARK_DATA") or ROOT / ".data").absolute()
    why = why_not(data, environment)
    if why and _are_there(data):
        _say(f"{why} This web process takes nothing that people write.")
        _watch(data, environment)
        return None
    pages = kept_copy.read(data / "pages.jsonl") if why else {}
    if not pages:
        return None
    _say(f"{CANNOT_START}{why} It shows the kept copy of the public pages.")
    _watch(data, environment)
    keys = "damaged" if (data / FILE).exists() else "missing"
    static = ROOT / ".build" / "collected"
    served: WSGIApplication = WhiteNoise(
        KeptPages(pages, keys), root=static if static.is_dir() else None, prefix="/static/"
    )
    return served


def _are_there(data: Path) -> bool:
    """Whether there are keys that Django can start with, be they right or wrong."""
    try:
        return bool(read_keys(data))
    except CannotUseDataFolder:
        return False


def _watch(data: Path, environment: Mapping[str, str]) -> None:
    threading.Thread(target=_end_when_right, args=(data, environment), name="keys", daemon=True).start()


def _end_when_right(data: Path, environment: Mapping[str, str]) -> None:
    time.sleep(REST)  # sooner the server would take it for one that cannot live
    while why_not(data, environment):
        time.sleep(1)
    _say(f"{ENDS}the right keys are back, and it was started without them.")
    os._exit(1)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class KeptPages:
    """A WSGI application: each kept page at its address, and for all else the crisis page, as what it is: a 503."""

    def __init__(self, pages: Mapping[str, Page], keys: str):
        self._pages = pages
        self._not_ready = json.dumps({"status": "not ready", "keys": keys}).encode()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        status, kind, body = "200 OK", "text/html; charset=utf-8", b"ok\n"
        if path == "/healthz":
            kind = "text/plain"
        elif path in ("/readyz", "/metrics"):
            status, kind, body = "503 Service Unavailable", "application/json", self._not_ready
        elif environ["REQUEST_METHOD"] in ("GET", "HEAD") and (page := self._page(path)):
            body = page.body
        else:
            status = "503 Service Unavailable"
            page = self._page("/es/crisis/" if path.startswith("/es/") else "/crisis/")
            body = page.body if page else b""
        start_response(status, [*HEADERS, ("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _page(self, path: str) -> Page | None:
        page = self._pages.get(path)
        return page if page and page.until > time.time() else None
