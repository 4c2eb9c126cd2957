from django.db import migrations

from referral.models.name_keys import key_number
from referral.names import keys_of

BATCH = 500


def index_names(apps, schema_editor):
    """Write the keys of every name that is known, in batches; started again, it passes over what is there."""
    for name in ("Contact", "Patient"):
        people, keys = apps.get_model("referral", name), apps.get_model("referral", f"{name}Key")
        last = None
        while True:
            rows = people.objects.order_by("pk").only("pk", "name")
            page = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
            keys.objects.bulk_create(
                [keys(person_id=person.pk, key=number) for person in page for number in sorted({key_number(key) for key in keys_of(person.name)})],
                ignore_conflicts=True,
                batch_size=2000,
            )
            if len(page) < BATCH:
                break
            last = page[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("referral", "0020_name_keys")]

    operations = [migrations.RunPython(index_names, migrations.RunPython.noop, elidable=True)]
