"""What a web process shows that starts while its keys are not there: the kept copy of the public pages, which needs
none. No settings can be read then, so this is no Django. Once the keys are back the process ends, and is replaced.
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
from runner.embedded import CannotUseDataFolder, read_keys

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parent.parent
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
NOT_READY = json.dumps({"status": "not ready", "keys": "missing"}).encode()


def stand_in(environment: Mapping[str, str]) -> WSGIApplication | None:
    """What serves in the place of Django where the keys of the data folder cannot be used; None where they can be, and
    where there is no copy of the pages."""
    if environment.get("WAYMARK_MODE") == "hosted":
        return None
    data = Path(environment.get("WAYMARK_DATA") or ROOT / ".data").absolute()
    why = _why_not(data)
    pages = kept_copy.read(data / "pages.jsonl") if why else {}
    if not pages:
        return None
    sys.stderr.write(f"{CANNOT_START}{why} It shows the kept copy of the public pages.\n")
    sys.stderr.flush()
    threading.Thread(target=_end_when_back, args=(data,), name="keys", daemon=True).start()
    static = ROOT / ".build" / "collected"
    served: WSGIApplication = WhiteNoise(KeptPages(pages), root=static if static.is_dir() else None, prefix="/static/")
    return served


def _why_not(data: Path) -> str:
    try:
        return "" if read_keys(data) else f"{data} holds no keys."
    except CannotUseDataFolder as reason:
        return str(reason)


def _end_when_back(data: Path) -> None:
    time.sleep(REST)  # sooner the server would take it for one that cannot live
    while _why_not(data):
        time.sleep(1)
    os._exit(1)


class KeptPages:
    """A WSGI application: each kept page at its address, and for all else the crisis page, as what it is: a 503."""

    def __init__(self, pages: Mapping[str, Page]):
        self._pages = pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        status, kind, body = "200 OK", "text/html; charset=utf-8", b"ok\n"
        if path == "/healthz":
            kind = "text/plain"
        elif path in ("/readyz", "/metrics"):
            status, kind, body = "503 Service Unavailable", "application/json", NOT_READY
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
