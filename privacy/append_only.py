"""Tables that are only ever added to: the database itself refuses to change or delete a row, whoever asks.

Used in migrations: ``operations = [append_only("messaging_attempt")]``.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A row that only the transaction which turns the keys can see (`privacy.models.KeyRotation`).
ROTATING = "EXISTS (SELECT 1 FROM privacy_keyrotation)"


def append_only(table: str, *, unless: str = "") -> migrations.RunPython:
    """A migration operation that puts a trigger on `table` for UPDATE and for DELETE, on SQLite and PostgreSQL.

    `unless` is an SQL condition over ``OLD`` under which a row may be deleted after all, for the erasure of a person.
    A value may be encrypted again, but only inside a transaction of `privacy.actions.rotate_keys`. Who may empty or
    alter the table itself (TRUNCATE, DROP) is no matter of rows: give the web's database role no such right.
    """

    def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        erasable = unless or "FALSE"
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF TG_OP = 'DELETE' AND ({erasable}) THEN RETURN OLD; END IF; "
                f"IF TG_OP = 'UPDATE' AND {ROTATING} THEN RETURN NEW; END IF; "
                f"RAISE EXCEPTION '{table} is only ever added to'; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            )
            return
        for verb, refused in (("UPDATE", f"NOT {ROTATING}"), ("DELETE", f"NOT ({erasable})")):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} WHEN {refused} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )

    def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            editor.execute(f"DROP FUNCTION {table}_refuse()")
            return
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{verb}")

    return migrations.RunPython(install, remove)
