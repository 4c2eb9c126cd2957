"""Who carries a message is written down; what lies with a provider now, or may, lies with the first."""

from django.db import migrations, models


def of_the_first(apps, schema_editor):
    rows = apps.get_model("messaging", "Message").objects.using(schema_editor.connection.alias)
    rows.filter(state__in=["sending", "uncertain", "review"]).update(provider="first")


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0001_squashed_0012_somebody_else_reads'),
    ]

    operations = [
        migrations.AddField(
            model_name='channel',
            name='second_failures',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='channel',
            name='second_rests_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='provider',
            field=models.CharField(blank=True, choices=[('first', 'first provider'), ('second', 'second provider')], db_default='', default='', editable=False, max_length=6, verbose_name='provider'),
        ),
        migrations.RunPython(of_the_first, migrations.RunPython.noop, elidable=True),
    ]
