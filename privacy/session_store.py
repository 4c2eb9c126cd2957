"""Sessions in the database, encrypted: they remember what a family answered and which pages its browser may open."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from privacy.crypto import CannotDecrypt
from privacy.fields import current_box


class SessionStore(DatabaseStore):
    """Django's own store, with its data under the keys of all other values.

    What was only signed, before sessions were encrypted, is still read; what no key opens is an empty session.
    """

    def take(self, session_data: str) -> None:
        """Begin with what another statement has just read of this session's row, so that it is not read again."""
        self._session_cache = self.decode(session_data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        return current_box().encrypt(self.serializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        stored = session_data.decode() if isinstance(session_data, bytes) else session_data
        try:
            text = current_box().decrypt(stored)
        except CannotDecrypt:
            return super().decode(stored)
        found: dict[str, Any] = self.serializer().loads(text.encode("latin-1"))
        return found
