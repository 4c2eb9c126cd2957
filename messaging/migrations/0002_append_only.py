"""Attempts are only ever added: the database itself refuses to change or delete one."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("privacy", "0001_initial")]
    operations = [append_only("messaging_attempt")]
