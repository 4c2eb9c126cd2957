from django.db import migrations

from referral.models.name_keys import key_number
from referral.names import ending_of

BATCH = 500


def index_endings(apps, schema_editor):
    """Write the key of the last four digits of every phone number, in batches; what is there is passed over."""
    people, keys = apps.get_model("referral", "Contact"), apps.get_model("referral", "ContactKey")
    last = None
    while True:
        rows = people.objects.exclude(phone_index="").order_by("pk").only("pk", "phone")
        page = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        keys.objects.bulk_create(
            [keys(person_id=person.pk, key=key_number(ending_of(person.phone))) for person in page],
            ignore_conflicts=True,
            batch_size=2000,
        )
        if len(page) < BATCH:
            break
        last = page[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("referral", "0033_figure_indexes")]

    operations = [migrations.RunPython(index_endings, migrations.RunPython.noop, elidable=True)]
