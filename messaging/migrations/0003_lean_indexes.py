"""One index where Django made two for a text field on PostgreSQL. The new ones come before the old ones go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_append_only")]
    operations = [
        migrations.AddConstraint("message", models.UniqueConstraint(fields=["dedupe_key"], name="message_once")),
        migrations.AddConstraint("message", models.UniqueConstraint(fields=["message_id"], name="message_named_once")),
        migrations.AddIndex("message", models.Index("reference", name="message_reference")),
        migrations.AddIndex("message", models.Index("address_index", name="message_address")),
        migrations.AlterField("message", "reference", models.CharField(max_length=80, verbose_name="belongs to")),
        migrations.AlterField("message", "dedupe_key", models.CharField(max_length=120, verbose_name="sent once per")),
        migrations.AlterField("message", "address_index", models.CharField(editable=False, max_length=64)),
        migrations.AlterField("message", "message_id", models.CharField(max_length=120, verbose_name="Message-ID")),
    ]
