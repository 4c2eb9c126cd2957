"""The finished public pages in one file, for a process that starts while the database cannot be read. Plain Python.

The file holds what is published and nothing else. It is replaced whole; where a newer one cannot be written the old one
goes, because what was taken off the site must not come back.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from guides.publishing.page_cache import Page, etag_of

MOST_BYTES = 16_000_000  # some 700 pages; those that come first are kept


def write(file: Path, pages: dict[str, Page]) -> OSError | None:
    """Make `file` hold `pages` by path, as many as `MOST_BYTES` allow; return why that was not possible.

    Never raises: without room there is no file.
    """
    packed = "\n".join(_lines(pages)).encode()
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.is_file() and file.read_bytes() == packed:
            return None
        draft.write_bytes(packed)
        draft.replace(file)
    except OSError as error:
        for stale in (draft, file):
            with suppress(OSError):
                stale.unlink(missing_ok=True)
        return error
    return None


def _lines(pages: dict[str, Page]) -> Iterable[str]:
    left = MOST_BYTES
    for path, page in pages.items():
        ends = None if page.until == math.inf else page.until
        line = json.dumps([path, page.language, ends, _text(page.gzip), _text(page.brotli)])
        left -= len(line) + 1
        if left < 0:
            return
        yield line


def read(file: Path) -> dict[str, Page]:
    """Return the pages of `file` by path; none where it is missing or damaged."""
    try:
        return dict(_page(line) for line in file.read_bytes().splitlines())
    except (OSError, EOFError, ValueError, TypeError):
        return {}


def _page(line: bytes) -> tuple[str, Page]:
    path, language, ends, zipped, brotli = json.loads(line)
    packed = base64.b64decode(zipped)
    body = gzip.decompress(packed)
    until = math.inf if ends is None else float(ends)
    return path, Page(body, packed, base64.b64decode(brotli), etag_of(body), language, until)


def _text(packed: bytes) -> str:
    return base64.b64encode(packed).decode()
