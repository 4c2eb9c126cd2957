from django.db import migrations

from referral.milestones import KINDS, STEPS, steps_of
from referral.reasons import code_of

BATCH = 500


def _first_steps(lines):
    """When each step was first made by these lines of one referral, in order; what was taken back was not made."""
    made = []
    for line in lines:
        if line.kind != "undone":
            made.append(line)
            continue
        same = [each for each in made if each.kind == line.params.get("what") and each.params.get("placement") == line.params.get("placement")]
        if same:
            made.remove(same[-1])
    first = {}
    for line in made:
        for step in steps_of(line.kind, line.role, line.params):
            first.setdefault(step, line.at)
    return first


def past_steps(apps, schema_editor):
    """Read the steps from the history, in batches; started again, it writes the same."""
    referrals, lines = apps.get_model("referral", "Referral"), apps.get_model("referral", "TimelineEntry")
    last = 0
    while page := list(referrals.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        told = {}
        rows = lines.objects.filter(referral__in=page, kind__in=[*KINDS, "undone"]).order_by("at", "pk")
        for line in rows.only("pk", "referral_id", "kind", "role", "at", "params"):
            told.setdefault(line.referral_id, []).append(line)
        found = [referrals(pk=pk, **dict.fromkeys(STEPS)) for pk in told]
        for row in found:
            for step, at in _first_steps(told[row.pk]).items():
                setattr(row, step, at)
        referrals.objects.bulk_update(found, STEPS, batch_size=100)
        last = page[-1]


def past_reasons(apps, schema_editor):
    placements = apps.get_model("referral", "Placement")
    last = 0
    while page := list(placements.objects.filter(pk__gt=last).order_by("pk").only("pk", "reason")[:BATCH]):
        for row in page:
            row.reason_code = code_of(row.reason) or None
        placements.objects.bulk_update([row for row in page if row.reason_code], ["reason_code"], batch_size=100)
        last = page[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("referral", "0023_milestones")]

    operations = [
        migrations.RunPython(past_steps, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(past_reasons, migrations.RunPython.noop, elidable=True),
    ]
