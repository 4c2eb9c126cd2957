from django.db import migrations, models

from privacy.append_only import append_only

STRICT = append_only("messaging_attempt")

class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0007_word_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sweeping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "deletion of old messages",
                "verbose_name_plural": "deletions of old messages",
            },
        ),
        # Tries go with their message, when that is old enough.
        migrations.RunPython(STRICT.reverse_code, STRICT.code),
        append_only("messaging_attempt", unless="EXISTS (SELECT 1 FROM messaging_sweeping)"),
    ]
