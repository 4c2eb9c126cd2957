"""Tables for a spreadsheet, as CSV that no program takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What a spreadsheet may read as the beginning of a formula or a command, in plain and in wide letters.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def harmless(cell: object) -> str:
    """The text of a cell. One that could be a formula begins with an apostrophe, which says that it is text."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, int):
        return text
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA) else text


def sheet(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file `name` to be downloaded; it says that it is UTF-8, as some programs guess."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows([harmless(cell) for cell in row] for row in rows)
    return response
