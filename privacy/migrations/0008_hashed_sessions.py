"""Sessions are found by a hash of the cookie's value. Families keep theirs; whoever works here signs in again.

An older backup still says the value of a cookie: no session of a member of staff outlives it.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.db import migrations

from privacy.session_store import STORED, SessionStore, stored_key


def hash_keys(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("sessions", "Session").objects
    for key, data in list(rows.values_list("session_key", "session_data")):
        if len(key) == STORED:
            continue
        if SESSION_KEY in SessionStore().decode(data):
            rows.filter(session_key=key).delete()
        else:
            rows.filter(session_key=key).update(session_key=stored_key(key))


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_export_accesses"), ("sessions", "0001_initial")]
    # Backwards, sessions end: people sign in again.
    operations = [migrations.RunPython(hash_keys, migrations.RunPython.noop)]
