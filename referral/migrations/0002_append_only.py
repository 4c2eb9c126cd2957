"""The timeline and the disclosures are only ever added to; the rows of a person who is being erased may go."""

from django.db import migrations

from privacy.append_only import append_only

ERASED = "EXISTS (SELECT 1 FROM referral_referral r WHERE r.erased_at IS NOT NULL AND r.id = {referral})"
OF_PLACEMENT = "(SELECT referral_id FROM referral_placement p WHERE p.id = OLD.placement_id)"


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_initial")]
    operations = [
        append_only("referral_timelineentry", unless=ERASED.format(referral="OLD.referral_id")),
        append_only("referral_disclosure", unless=ERASED.format(referral=OF_PLACEMENT)),
    ]
