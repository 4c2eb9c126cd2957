"""Encryption of single values, and a blind index to look them up. Plain Python over `cryptography`.

Keys are url-safe base64 of 32 bytes (`cryptography.fernet.Fernet.generate_key`). The first key of a list encrypts,
every key decrypts, so a key is changed by putting a new one first and re-encrypting.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotDecrypt(Exception):
    """The value was not encrypted under any of the keys given. Nothing of the value is in the message."""


class Box:
    """Encrypts and decrypts text under a list of keys. Raises `ValueError` on a malformed key."""

    def __init__(self, keys: Sequence[str]):
        if not keys:
            raise ValueError("at least one encryption key is needed")
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._newest.encrypt(text.encode()).decode("ascii")

    def decrypt(self, stored: str) -> str:
        """Return the text, or raise `CannotDecrypt`: a wrong key must never look like data."""
        try:
            return self._all.decrypt(stored).decode()
        except (InvalidToken, ValueError) as error:  # a ValueError where what lies there was never encrypted
            raise CannotDecrypt("a stored value cannot be decrypted with the keys that are set") from error

    def is_newest(self, stored: str) -> bool:
        """Whether `stored` was encrypted under the first key."""
        try:
            self._newest.decrypt(stored)
        except (InvalidToken, ValueError):
            return False
        return True


@lru_cache(maxsize=8)
def box(keys: tuple[str, ...]) -> Box:
    """The `Box` of these keys, made once."""
    return Box(keys)


def keyed_hash(value: str, *, key: str, purpose: str) -> str:
    """HMAC-SHA-256 in hex (64 characters). `purpose` keeps equal values in different columns unlinkable."""
    return hmac.new(key.encode(), f"{purpose}\0{value}".encode(), sha256).hexdigest()
