"""Replies that belong to nobody wait to be read, those of before too; whether a message counts to its receiver's day."""

import privacy.fields
from django.db import migrations, models


def let_wait(apps, _schema_editor):
    """Nobody has read these: they belonged to no message that had gone."""
    replies = apps.get_model("messaging", "InboundReply").objects.filter(message=None)
    replies.exclude(meaning__in=["stop", "start"]).update(waits=True)


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0003_lean_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='inboundreply',
            name='sender',
            field=privacy.fields.EncryptedTextField(blank=True, db_default='', default='', verbose_name='from'),
        ),
        migrations.AddField(
            model_name='inboundreply',
            name='waits',
            field=models.BooleanField(db_default=False, default=False, verbose_name='waits to be read'),
        ),
        migrations.AddField(
            model_name='message',
            name='capped',
            field=models.BooleanField(db_default=True, default=True, verbose_name='counts to the day'),
        ),
        migrations.AddIndex(
            model_name='inboundreply',
            index=models.Index(models.F('at'), condition=models.Q(('waits', True)), name='reply_waits'),
        ),
        migrations.RunPython(let_wait, migrations.RunPython.noop, elidable=True),
    ]
