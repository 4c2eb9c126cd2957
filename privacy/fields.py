"""Model fields that are encrypted in the database and plain in Python."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.utils.translation import gettext_lazy as _

from privacy.crypto import Box, box, keyed_hash


def current_box() -> Box:
    """The `Box` of the keys that are set now."""
    return box(tuple(settings.ENCRYPTION_KEYS))


def blind_index(value: str, *, purpose: str) -> str:
    """The keyed hash of a value that the caller has already normalised; ``""`` for an empty one."""
    return keyed_hash(value, key=settings.BLIND_INDEX_KEY, purpose=purpose) if value else ""


def keys_mark() -> str:
    """What tells this blind-index key from every other."""
    return blind_index("Waymark", purpose="key check")


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that is stored as a Fernet token. The empty string stays empty, so that "nothing known" can be counted.

    Nothing but ``isnull`` can be asked of it in a query: the same text encrypts differently each time. Keep a
    `blind_index` beside it where equality is needed.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return current_box().encrypt(text) if text else text

    def from_db_value(self, value: str | None, _expression: Any, _connection: BaseDatabaseWrapper) -> Any:
        return current_box().decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched by {lookup_name}.")
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that is stored as a Fernet token of its canonical text."""

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return current_box().encrypt(json.dumps(value, sort_keys=True, ensure_ascii=False))

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else text

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValidationError(_("This is no JSON value.")) from error

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), sort_keys=True, ensure_ascii=False)
