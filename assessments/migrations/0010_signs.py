from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0009_session_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="sign",
            field=models.JSONField(blank=True, null=True, verbose_name="what is seen"),
        ),
    ]
