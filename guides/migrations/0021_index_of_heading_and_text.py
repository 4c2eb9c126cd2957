"""The index that modelsearch's queries ask for on PostgreSQL: its models name it, its migrations never make it."""

from typing import Any

from django.db import migrations

NAME = "guides_search_heading_and_text"


def make(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        table = editor.quote_name(apps.get_model("modelsearch", "IndexEntry")._meta.db_table)
        editor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON {table} USING gin ((title || body))")


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):
    dependencies = [
        ("guides", "0020_turns_and_reviews"),
        (
            "modelsearch",
            "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more",
        ),
    ]

    operations = [migrations.RunPython(make, drop)]
