"""A draft keeps its blocks as one document, in the order of the page, and no longer in a table for each kind."""

import hashlib
import json
import secrets

from django.db import migrations, models

CELLS = {
    "prose": ("html",),
    "fits": ("heading", "items"),
    "comparison": ("heading", "levels", "aspects"),
    "callout": ("tone", "heading", "html"),
    "steps": ("heading", "items"),
    "questions": ("heading", "items"),
    "checklist": ("heading", "items"),
    "contacts": ("heading", "items"),
    "call_to_action": ("to", "heading", "text", "label"),
}


def bring_in(apps, schema_editor):
    found = {}
    for order, (kind, cells) in enumerate(CELLS.items()):
        model = apps.get_model("guides", kind.replace("_", ""))
        for row in model.objects.using(schema_editor.connection.alias).order_by("ordering", "pk"):
            values = {name: getattr(row, name) for name in cells}
            if kind == "comparison":
                values["aspects"] = values["aspects"] or "all"
            block = {"id": secrets.token_hex(4), "type": kind, **values}
            found.setdefault(row.parent_id, []).append((row.ordering, order, row.pk, block))
    editions = apps.get_model("guides", "GuideEdition").objects.using(schema_editor.connection.alias)
    for edition in editions.all():
        rows = sorted(found.get(edition.pk, []), key=lambda row: row[:3])
        edition.blocks = [row[-1] for row in rows]
        names = ("slug", "title", "summary")
        blocks = [{name: value for name, value in block.items() if name != "id"} for block in edition.blocks]
        edition.digest = digest({**{name: getattr(edition, name) for name in names}, "blocks": blocks})
        edition.save(update_fields=["blocks", "digest"])
    published = apps.get_model("guides", "Publication").objects.using(schema_editor.connection.alias)
    for publication in published.only("document"):
        published.filter(pk=publication.pk).update(digest=digest(publication.document))


def digest(document):
    line = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("guides", "0005_level_week")]

    operations = [
        migrations.AddField(
            model_name="guideedition",
            name="blocks",
            field=models.JSONField(blank=True, default=list, verbose_name="blocks"),
        ),
        migrations.AddField("guideedition", "digest", models.CharField(blank=True, default="", editable=False, max_length=64)),
        migrations.AddField("publication", "digest", models.CharField(blank=True, default="", max_length=64)),
        migrations.RunPython(bring_in, migrations.RunPython.noop),
    ]
