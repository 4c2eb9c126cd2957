"""The timeline and the disclosures are only ever added to: the database itself refuses anything else.

One door is open: the rows of a referral whose person is being erased may go.
"""

from django.db import migrations

LINES = {
    "referral_timelineentry": "SELECT 1 FROM referral_referral WHERE id = OLD.referral_id AND erased_at IS NULL",
    "referral_disclosure": (
        "SELECT 1 FROM referral_placement p JOIN referral_referral r ON r.id = p.referral_id "
        "WHERE p.id = OLD.placement_id AND r.erased_at IS NULL"
    ),
}
SAYS = "history is only ever added to"


def install(apps, schema_editor):
    run = schema_editor.execute
    for table, kept in LINES.items():
        if schema_editor.connection.vendor == "postgresql":
            run(
                f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF TG_OP = 'UPDATE' OR EXISTS ({kept}) THEN RAISE EXCEPTION '{SAYS}'; END IF; RETURN OLD; END $$"
            )
            run(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()"
            )
            continue
        run(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END")
        run(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN EXISTS ({kept}) "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


def remove(apps, schema_editor):
    run = schema_editor.execute
    for table in LINES:
        if schema_editor.connection.vendor == "postgresql":
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(f"DROP FUNCTION {table}_keep()")
            continue
        run(f"DROP TRIGGER {table}_no_update")
        run(f"DROP TRIGGER {table}_no_delete")


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
