"""Public pages that are in memory from the start, so that people can read them whatever happens to the database.

The crisis pages come first and from files alone. The rest follows from the copy of the last process that could read the
database, then from the database, and is made anew by a thread of its own whenever something is published. The site's
own phone number is kept in a file besides, for the page that says that something went wrong.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import override

from guides.models.base import LANGUAGES
from guides.publishing import kept_copy
from guides.publishing.cache import page_cache
from guides.publishing.page_cache import Page
from guides.publishing.published import CRISIS, EMPTY, Published, public_paths
from guides.publishing.rendering import guide_page
from guides.publishing.responses import PublishedResponse

log = logging.getLogger(__name__)
SHIPPED = Path(__file__).parents[1] / "shipped" / "guides" / f"{CRISIS}.json"
PHONE = ("help_phone", "help_phone_tel")  # as it is shown, and as it is dialed
_filling = threading.Lock()
_phone: dict[str, str] = {}


def start() -> None:
    """Fill the memory of this process. Called once, before it serves; a database that is away is no reason to fail."""
    page_cache.stand_by({**crisis_pages(), **kept_copy.read(_copy_file())})
    _fill_alone()
    page_cache.when_moved = fill_soon


def crisis_pages() -> dict[str, Page]:
    """Return the shipped crisis guide by its address in each language. Reads no database."""
    guide: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    about = {**guide, "author": None, "reviewer": None}
    paths = {language: _crisis_path(language) for language in LANGUAGES}
    pages = {}
    for language, path in paths.items():
        published = Published(language, EMPTY, guides={})
        others = {code: other for code, other in paths.items() if code != language}
        pages[path] = Page.of(guide_page(guide[language], about, published, others=others), language)
    return pages


def _crisis_path(language: str) -> str:
    return public_paths(Published(language, EMPTY, guides={}))[0]


def fill() -> bool:
    """Read every public page into memory; whether that was possible. If not, what is there already stays."""
    try:
        stamp = page_cache.stamp()
        pages = {path: page for language in LANGUAGES for path, page in _pages(language)}
        site = Published(LANGUAGES[0]).site
    except Error as error:
        log.warning("The public pages could not be read; those in memory stay in use.", exc_info=error)
        return False
    page_cache.stand_by({**crisis_pages(), **pages}, stamp)
    if unkept := kept_copy.write(_copy_file(), pages):
        log.error("No copy of the public pages is kept for a start without the database: %s. See WAYMARK_DATA.", unkept)
    _remember_phone(site)
    return True


def _pages(language: str) -> list[tuple[str, Page]]:
    with override(language):
        made = [(path, _page(path)) for path in public_paths(Published(language))]
    return [(path, page) for path, page in made if page]


def _page(path: str) -> Page | None:
    """Return the page as its view makes it; None for one that is not the same for everyone."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    try:
        found = resolve(path)
    except Resolver404:
        return None
    response = found.func(request, *found.args, **found.kwargs)
    return response.page if isinstance(response, PublishedResponse) else None


def phone() -> dict[str, str]:
    """The site's own number by the names in `PHONE`, as the database last said. Reads none."""
    if not _phone:
        with suppress(OSError, ValueError):
            read = json.loads(_phone_file().read_text(encoding="utf-8"))
            return {name: str(read[name]) for name in PHONE if name in read} if isinstance(read, dict) else {}
    return dict(_phone)


def _remember_phone(site: dict[str, Any]) -> None:
    """For this process, and for one that starts while the database cannot be read. A full disk is no reason to fail."""
    now = {name: str(site.get(name, "")) for name in PHONE}
    if now == _phone:
        return
    _phone.update(now)
    draft = _phone_file().with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        draft.write_text(json.dumps(now), encoding="utf-8")
        draft.replace(_phone_file())


def _phone_file() -> Path:
    return Path(settings.DATA) / "phone.json"


def _copy_file() -> Path:
    return Path(settings.DATA) / "pages.jsonl"


def fill_soon() -> None:
    """Fill in a thread of its own: whoever asked for a page does not wait for all the others."""
    threading.Thread(target=_fill_alone, name="standby", daemon=True).start()


def _fill_alone() -> None:
    with _filling:
        try:
            fill()
        except Exception:
            log.exception("The public pages could not be made; those in memory stay in use.")
        finally:
            connections.close_all()
