"""What tells of a person's condition is encrypted, in batches; stopped, it goes on where it stood."""

from django.db import migrations

from privacy.stored import seal


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("referral", "0006_sealed_columns"), ("privacy", "0004_sealed_sessions")]
    operations = [
        seal("referral", "Referral", "concern"),
        seal("referral", "Patient", "age"),
        seal("referral", "Contact", "zip_code"),
        seal("referral", "FollowUp", "answer"),
        seal("referral", "TimelineEntry", "params"),
    ]
