"""Whether the keys are those that the database beside them was written with: asked before a process starts."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from runner.asked import CANNOT, rows, url_of
from runner.embedded import DATABASE, FILE, CannotUseDataFolder, read_keys

VARIABLES = {"encryption": "WAYMARK_ENCRYPTION_KEYS", "blind_index": "WAYMARK_BLIND_INDEX_KEY"}


def require_keys_that_fit(data: Path, environment: Mapping[str, str]) -> None:
    """Raise `CannotUseDataFolder` where the database in `data` was written with other keys than would be used now.

    A variable of `environment` goes before keys.json, as in the settings. What cannot be asked (a database that does
    not answer or has no tables, a malformed variable) is left to who reads it later.
    """
    said, places = _wrong(data, environment)
    if said:
        other = "" if all(places) else " or set the variables that were set when it ran last,"
        raise CannotUseDataFolder(f"{said}: put the right ones back,{other} and start again. Nothing was started.")


def why_not(data: Path, environment: Mapping[str, str]) -> str:
    """Why a process that starts now could not work with the keys of `data`, in a sentence; empty where they fit, and
    where the database cannot be asked."""
    try:
        if not _kept(data, environment):
            return f"{data} holds no keys."
        said, _ = _wrong(data, environment)
    except CannotUseDataFolder as reason:
        return str(reason)
    return f"{said}: put the right ones back." if said else ""


def _kept(data: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The keys of `data`, empty where it has none; where variables name all of them, those: it needs none."""
    named = {name: environment.get(variable, "").strip() for name, variable in VARIABLES.items()}
    return named if all(named.values()) else read_keys(data)


def _wrong(data: Path, environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """Which keys are not those of the database, in half a sentence, and the variable that holds each (empty for
    keys.json); nothing where all fit."""
    kept, url = _kept(data, environment), environment.get("WAYMARK_DATABASE_URL", "")
    database = "the database of WAYMARK_DATABASE_URL" if url else str(data / DATABASE)
    used = {name: environment.get(variable, "").strip() or kept[name] for name, variable in VARIABLES.items()}
    try:
        # What was sealed under the keys of the database, and the mark of the key of its indexes.
        checks = rows(url_of(data, environment), "SELECT sealed, mark FROM privacy_keycheck")
        box = MultiFernet([Fernet(key.strip()) for key in used["encryption"].split(",") if key.strip()])
    except CANNOT:
        return "", []
    # The same as `privacy.fields.keys_mark`, which Django alone can import.
    mark = hmac.new(used["blind_index"].encode(), b"key check\0Waymark", sha256).hexdigest()
    wrong = {"blind_index" for _, written in checks if written != mark}
    wrong |= {"encryption" for sealed, _ in checks if not _opens(box, sealed)}
    if not wrong:
        return "", []
    places = [VARIABLES[name] if environment.get(VARIABLES[name]) else "" for name in sorted(wrong)]
    where = " and ".join(dict.fromkeys(place or str(data / FILE) for place in places))
    return f"The keys in {where} are not those that {database} was written with", places


def _opens(box: MultiFernet, sealed: str) -> bool:
    try:
        box.decrypt(sealed)
    except (InvalidToken, ValueError):
        return False
    return True
