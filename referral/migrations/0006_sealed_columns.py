"""Columns that tell of a person's condition take encrypted text; what they hold is encrypted next.

The code from before cannot read them: the web and the workers stand still while this runs.
"""

import privacy.fields
from django.db import migrations, models

from privacy.append_only import append_only

ERASED = "EXISTS (SELECT 1 FROM referral_referral r WHERE r.erased_at IS NOT NULL AND r.id = {referral})"
OF_PLACEMENT = "(SELECT referral_id FROM referral_placement p WHERE p.id = OLD.placement_id)"
# SQLite makes a table anew to change it, and loses its triggers.
TRIGGERS = [
    append_only("referral_timelineentry", unless=ERASED.format(referral="OLD.referral_id")),
    append_only("referral_disclosure", unless=ERASED.format(referral=OF_PLACEMENT)),
]


class Migration(migrations.Migration):

    dependencies = [
        ('referral', '0005_placement_words'),
    ]

    operations = [
        *[migrations.RunPython(each.reverse_code, each.code) for each in TRIGGERS],
        migrations.AddField(
            model_name='timelineentry',
            name='press',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='contact',
            name='zip_code',
            field=privacy.fields.EncryptedTextField(blank=True, verbose_name='ZIP code'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='answer',
            field=privacy.fields.EncryptedTextField(blank=True, choices=[('connected', 'We connected'), ('waiting', 'Still waiting'), ('help', 'We need help'), ('stop', 'Stop messages'), ('nobody', 'Nobody could be reached')], verbose_name='answer'),
        ),
        migrations.AlterField(
            model_name='patient',
            name='age',
            field=privacy.fields.EncryptedTextField(blank=True, choices=[('', 'not said'), ('under_18', 'under 18'), ('adult', '18 to 64'), ('65_up', '65 or older')], verbose_name='age'),
        ),
        migrations.AlterField(
            model_name='referral',
            name='concern',
            field=privacy.fields.EncryptedTextField(choices=[('substance_use', 'Alcohol or drug use'), ('mental_health', 'Mental health'), ('both', 'Both'), ('not_sure', 'Not sure')], verbose_name='concern'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='params',
            field=privacy.fields.EncryptedJSONField(blank=True, default=dict, verbose_name='details'),
        ),
        *TRIGGERS,
    ]
