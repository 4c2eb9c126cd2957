"""What the embedded mode keeps in its data folder: the keys that a hosted installation is given by its environment."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import sqlite3
import stat
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from runner.whole import MOVE_ALL

FILE, DATABASE, STAFF = "keys.json", "waymark.sqlite3", "staff.json"
NEW = ".new"  # lies beside new keys until their database has tables: a first start may be stopped in between
NAMES = ("secret", "encryption", "blind_index")


class CannotUseDataFolder(Exception):
    """The data folder cannot be made, read or written; the message is one sentence that says what to do."""


def make_keys(data: Path) -> None:
    """Make the keys of this data folder where it has none: bin/up, bin/test and `manage.py migrate` do.

    They are made once, with mode 0600. Two processes that start together agree, because the file is linked into
    place whole and the first link wins. Raises `CannotUseDataFolder`, also where a database lies there without keys.
    """
    file = data / FILE
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            if _holds_tables(data / DATABASE):
                raise CannotUseDataFolder(_lost(file))
            (data / NEW).touch(mode=0o600)
            _write_once(file)
    except OSError as error:
        raise CannotUseDataFolder(f"The data folder's {FILE} cannot be made: {error.strerror}.") from error


def require_database(data: Path, url: str = "") -> None:
    """Raise `CannotUseDataFolder` where what belongs to a database lies in `data`, and the database does not.

    A new one in its place could not be told from it, and would get new passwords. A database that `url` names lies
    elsewhere.
    """
    file = data / DATABASE
    if url:
        return
    if _holds_tables(file):
        (data / NEW).unlink(missing_ok=True)
        return
    left = [name for name in (FILE, STAFF) if (data / name).exists()]
    if STAFF in left or (left and not (data / NEW).exists()):
        state = "is empty" if file.exists() else "is not there"
        raise CannotUseDataFolder(
            f"{' and '.join(left)} in {data} belong to a database, but {file} {state}. Put it back, choose another "
            "--data, or set WAYMARK_DATABASE_URL if the database is elsewhere. To begin anew on purpose, move "
            f"{' and '.join(left)} out of the folder first. Nothing was started."
        )


def read_keys(data: Path) -> dict[str, str]:
    """Return the keys of this data folder: ``secret``, ``encryption`` (one, or more with commas between, newest
    first), ``blind_index``, and two made from the first: ``mail_hook``, ``texts``. Empty where none were made yet.
    Writes nothing.

    Raises `CannotUseDataFolder`, also where a database lies there without keys.
    """
    file = data / FILE
    try:
        made = _whole(json.loads(file.read_text()))
    except FileNotFoundError as error:
        if _holds_tables(data / DATABASE):
            raise CannotUseDataFolder(_lost(file)) from error
        return {}
    except PermissionError as error:
        raise CannotUseDataFolder(f"{file} cannot be read by this user: look at its owner and permissions.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not what Waymark wrote"
        raise CannotUseDataFolder(
            f"{file} cannot be used: {reason}. Put the right one back; without it nobody can read what is encrypted."
        ) from error
    # A key that is shown to others, as a provider's is, must not be one that signs our own things.
    mail_hook, texts = (
        hmac.new(made["secret"].encode(), purpose, sha256).digest() for purpose in (b"mail hook", b"texts")
    )
    return {**made, "mail_hook": f"whsec_{b64encode(mail_hook).decode()}", "texts": texts.hex()}


def for_this_user_alone(data: Path) -> None:
    """Close a data folder, its database, keys and passwords to others: a copy that came back may be open to all."""
    files = [*data.glob(f"{DATABASE}*"), *(data / name for name in (FILE, STAFF))]
    for path, mode in [(data, 0o700), *((file, 0o600) for file in files if file.is_file())]:
        now = path.stat()
        # A folder that is everybody's, as /tmp, is not ours to close.
        if now.st_mode & 0o077 and now.st_uid == os.geteuid() and not now.st_mode & stat.S_ISVTX:
            path.chmod(mode)


def _whole(made: object) -> dict[str, str]:
    """What was read, if every key is there as it must be; else raises `ValueError`."""
    if not isinstance(made, dict) or not all(isinstance(made.get(name), str) and made[name] for name in NAMES):
        raise ValueError("a key is missing")
    for key in made["encryption"].split(","):
        if len(urlsafe_b64decode(key.strip().encode("ascii"))) != 32:
            raise ValueError("a key is damaged")
    return made


def _holds_tables(database: Path) -> bool:
    """Whether something may lie in a database, which was written under keys."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.OperationalError:  # locked, or no way in: something is there
        return True
    except sqlite3.DatabaseError as error:
        raise CannotUseDataFolder(f"{database} is damaged: {error}. {MOVE_ALL} Nothing was started.") from error


def _lost(file: Path) -> str:
    return (
        f"{file} is missing, and without it nobody can read what the database beside it keeps encrypted. "
        f"Put it back. To begin anew on purpose, move the database and {STAFF} out of the folder."
    )


def _write_once(file: Path) -> None:
    made = {
        "secret": secrets.token_urlsafe(50),
        "encryption": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "blind_index": secrets.token_urlsafe(32),
    }
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(made, out)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
