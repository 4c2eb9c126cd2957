"""Sessions in the database, encrypted: they remember what a family answered and which pages its browser may open.

A row is found by a keyed hash of the cookie's value. Whoever reads the table, as in a stolen backup, has no cookie.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from privacy.crypto import CannotDecrypt
from privacy.fields import blind_index, current_box

# Django's column holds 40 characters: 160 bits of the hash.
STORED = 40


def stored_key(session_key: str) -> str:
    """What the session of this cookie is found by in the database; ``""`` for none."""
    return blind_index(session_key, purpose="privacy.session")[:STORED]


class SessionStore(DatabaseStore):
    """Django's own store, with its data under the keys of all other values and its key as a hash of the cookie's value.

    What was only signed, before sessions were encrypted, is still read; what no key opens is an empty session.
    """

    # Those of the parent would ask for a row by the cookie's value; these call what is below.
    aload, aexists, asave, adelete = SessionBase.aload, SessionBase.aexists, SessionBase.asave, SessionBase.adelete

    def load(self) -> dict[str, Any]:
        live = Session.objects.filter(session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now())
        found = list(live.values_list("session_data", flat=True))
        if not found:
            self._session_key = None
        return self.decode(found[0]) if found else {}

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=stored_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=stored_key(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

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
