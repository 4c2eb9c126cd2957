from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection, models

from privacy.models import KeyCheck
from referral.models import Contact, Patient, Referral

Raw = Callable[[type[models.Model], str], list[str]]


@pytest.fixture
def keys() -> tuple[str, str]:
    """An old key and a new one."""
    return Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def use_keys(settings: Any, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Set the encryption keys, the newest first, of a database in which the tests' own keys left nothing."""
    if request.node.get_closest_marker("django_db"):
        KeyCheck.objects.all().delete()

    def use(*keys: str) -> None:
        settings.ENCRYPTION_KEYS = list(keys)

    return use


@pytest.fixture
def raw() -> Raw:
    """A column as it lies in the database, in the order of the key: ``raw(Patient, "name")``."""

    def read(model: type[models.Model], column: str) -> list[str]:
        table, key = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} ORDER BY {key}")
            return [value for (value,) in cursor.fetchall()]

    return read


@pytest.fixture
def referral(db: None, now: datetime) -> Referral:
    return Referral.objects.create(
        patient=Patient.objects.create(name="Ana Sample"),
        contact=Contact.objects.create(name="Rosa Sample", zone="America/Los_Angeles", language="es"),
        relation=Referral.Relation.LOVED_ONE,
        concern=Referral.Concern.BOTH,
        status="new",
        opened_at=now,
    )
