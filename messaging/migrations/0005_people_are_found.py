"""Whoever says "stop everything", or is erased, is found without reading every message that there is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_replies_that_wait")]
    operations = [
        migrations.AddIndex(
            "message", models.Index("person_key", name="message_person", condition=~models.Q(person_key=""))
        ),
    ]
