"""A capacity report is never changed. It goes only together with its program."""

from django.db import migrations

from privacy.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("privacy", "0001_initial")]
    operations = [append_only("directory_capacity", unless="TRUE")]
