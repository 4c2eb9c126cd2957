from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import SettingsWrapper

from messaging.models import Message


@pytest.fixture
def keys() -> tuple[str, str]:
    """An old key and a new one."""
    return Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def use_keys(settings: SettingsWrapper) -> Callable[..., None]:
    """Set the encryption keys, the newest first."""

    def use(*keys: str) -> None:
        settings.ENCRYPTION_KEYS = list(keys)

    return use
