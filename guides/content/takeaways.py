"""Uploaded PDFs to take along: what is taken. Plain Python.

They are served as attachments and never shown by this site, so what is looked for is what a reader's program would run.
"""

from __future__ import annotations

import re

MOST_BYTES = 10_000_000
_runs = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)[\s/<(\[]")
_ends = re.compile(rb"%%EOF\s*\Z")


class BadTakeaway(Exception):
    """`reason` is ``kind``, ``size``, ``damaged`` or ``active``."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(reason)


def check_takeaway(data: bytes) -> bytes:
    """Return `data` if it is a PDF that ends where it says and runs nothing. Raises `BadTakeaway`."""
    if len(data) > MOST_BYTES:
        raise BadTakeaway("size")
    if not data.startswith(b"%PDF-"):
        raise BadTakeaway("kind")
    if not _ends.search(data[-1024:]):
        raise BadTakeaway("damaged")
    if _runs.search(data):
        raise BadTakeaway("active")
    return data
