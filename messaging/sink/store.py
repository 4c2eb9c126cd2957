"""What the sink received, as files in one folder. Plain Python."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

_NAME = re.compile(r"\d{16,20}-[0-9a-f]{8}\.(?:eml|json)")


@dataclass(frozen=True)
class Item:
    """One e-mail or text message as it arrived. `at` is seconds since 1970."""

    name: str
    at: float
    email: EmailMessage | None
    sms: dict[str, str]


class Store:
    """A folder of received messages. Many processes may write and read it."""

    def __init__(self, folder: Path):
        self._folder = folder

    def add_email(self, raw: bytes) -> str:
        """Keep an e-mail; return its name."""
        name = self._add(raw, "eml")
        message_id = str(message_from_bytes(raw, policy=policy.default)["Message-ID"] or "").strip()
        if message_id:
            mark = self._mark(message_id)
            mark.parent.mkdir(parents=True, exist_ok=True)
            with mark.open("a") as out:
                out.write(f"{name}\n")
        return name

    def add_sms(self, form: Mapping[str, str]) -> str:
        """Keep a text message, given as the form that was posted; return its name."""
        return self._add(json.dumps(dict(form)).encode(), "json")

    def has(self, message_id: str) -> bool:
        """Whether an e-mail with this Message-ID arrived."""
        return self._mark(message_id.strip()).exists()

    def newest(self, most: int = 100) -> list[Item]:
        """The last messages, the newest first."""
        found = self._folder.iterdir() if self._folder.is_dir() else iter(())
        names = sorted((path.name for path in found if _NAME.fullmatch(path.name)), reverse=True)
        return [item for name in names[:most] if (item := self.get(name)) is not None]

    def get(self, name: str) -> Item | None:
        """The message of this name, or None. A name that is none of ours never reaches the disk."""
        if not _NAME.fullmatch(name):
            return None
        try:
            raw = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        at = int(name.partition("-")[0]) / 1e9
        if name.endswith(".json"):
            return Item(name, at, None, json.loads(raw))
        return Item(name, at, message_from_bytes(raw, policy=policy.default), {})

    def _mark(self, message_id: str) -> Path:
        return self._folder / "ids" / sha256(message_id.encode()).hexdigest()

    def _add(self, raw: bytes, ending: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns()}-{secrets.token_hex(4)}.{ending}"
        draft = self._folder / f".{name}"
        draft.write_bytes(raw)
        draft.rename(self._folder / name)  # whole or not at all, for who reads meanwhile
        return name
