"""What a database says before anything starts, asked by plain SQL: Django could be asked only seconds later."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote, unquote

import psycopg

from runner.embedded import DATABASE

PATIENCE = 5  # seconds
CANNOT = (sqlite3.Error, psycopg.Error, ValueError)  # raised where there is no answer: no server, no table, no file


def url_of(data: Path, environment: Mapping[str, str]) -> str:
    """The database that `environment` names, else the file in `data`."""
    return environment.get("WAYMARK_DATABASE_URL", "") or f"sqlite://{quote(str(data / DATABASE))}"


def rows(url: str, query: LiteralString) -> list[tuple[Any, ...]]:
    """Every row that `query` finds. Makes no database, and raises one of `CANNOT` where nothing answers."""
    if url.startswith("sqlite:"):
        file = Path(unquote(url.partition("://")[2]))
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute(query).fetchall()
    with psycopg.connect(url, connect_timeout=PATIENCE) as server:
        return server.execute(query).fetchall()


def applied(url: str) -> set[tuple[str, str]]:
    """The migrations that the database has seen, as (app, name); none where it cannot be asked or is new."""
    try:
        return {(app, name) for app, name in rows(url, "SELECT app, name FROM django_migrations")}
    except CANNOT:
        return set()


def has_accounts(url: str) -> bool:
    """Whether anybody can sign in, or could: then it is in use, and no sample of anything belongs into it."""
    try:
        return bool(rows(url, "SELECT 1 FROM privacy_user LIMIT 1"))
    except CANNOT:
        return False
