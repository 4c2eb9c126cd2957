"""Sessions that were only signed are encrypted; those that are begun from now on always are."""

from typing import Any

from django.db import migrations

from privacy.crypto import CannotDecrypt
from privacy.fields import current_box
from privacy.session_store import SessionStore
from privacy.stored import rewrite


def encrypted(value: str) -> str | None:
    try:
        current_box().decrypt(value)
    except CannotDecrypt:
        store = SessionStore()
        return store.encode(store.decode(value))
    return None


def encrypt(apps: Any, _editor: Any) -> None:
    rewrite(apps.get_model("sessions", "Session"), "session_data", encrypted)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("privacy", "0003_key_check"), ("sessions", "0001_initial")]
    # Backwards, sessions end: people sign in again.
    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
