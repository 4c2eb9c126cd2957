from django.db import migrations

KINDS = "Callout CallToAction Checklist Comparison Contacts Fits Prose Questions Steps"


class Migration(migrations.Migration):
    dependencies = [("guides", "0006_draft_as_document")]

    operations = [migrations.DeleteModel(name=name) for name in KINDS.split()]
