from django.db import migrations, models

from privacy.append_only import append_only

ERASED = "EXISTS (SELECT 1 FROM referral_referral r WHERE r.erased_at IS NOT NULL AND r.id = {referral})"
OF_PLACEMENT = "(SELECT referral_id FROM referral_placement p WHERE p.id = OLD.placement_id)"
# SQLite makes the table anew, and refuses to while a trigger names it.
TRIGGERS = [
    append_only("referral_timelineentry", unless=ERASED.format(referral="OLD.referral_id")),
    append_only("referral_disclosure", unless=ERASED.format(referral=OF_PLACEMENT)),
]


class Migration(migrations.Migration):
    dependencies = [("referral", "0009_replies_from_shared_numbers")]

    operations = [
        *[migrations.RunPython(each.reverse_code, each.code) for each in TRIGGERS],
        migrations.AddField(
            model_name="referral",
            name="unusual",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="may not be from a person"
            ),
        ),
        *TRIGGERS,
    ]
