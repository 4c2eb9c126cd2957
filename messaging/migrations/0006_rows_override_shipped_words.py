"""Message templates are declared in code with their words; a row only says something else.

Rows that still hold the words they were shipped with override nothing, so they go: the shipped words are sent without
them. Rows that somebody changed stay as they are. What was sent keeps its words in `Wording`.
"""

from django.db import migrations, models

SHIPPED = {
    "0384cf987ace4bfce4c99e3c62232699801ce23d61c90ad7484dd3a8a9f6d801",
    "057fa67d647ec3e27c09315454605d96dee45ccab00a3760079dc249e1d3e1d0",
    "16cead63787da96257d9a9338a42c6c62f1a4bec3a02e6b044c687026edddebf",
    "1bed4e19cc2b2c22391651282034f95cb784a70a755cc019b12efc5a3cb17cba",
    "20e3c83d7602f011841ef6da90cf0925f3df0979cb208e9edf8872094e6e2b96",
    "2782b14ac6e3dab48ee00a247584239442445a27b843d4890046b767da922dc4",
    "283ed649b9ecc22a0d99291ce090484e3300af9aea8d555895ba6aee0da6d558",
    "2fe514a160a1d0b23a4c6415f0a337493752a018b491e5808f6066ee77e9662d",
    "323420799182a2c8d51244f900a1470316c7faa4cc3144358958ee8e9746e972",
    "4782c124a81ab91371a2d607bbec5135b28b064ff31cf181007d3164d280b9a5",
    "4c86cf6a7567ebb12fb998039bfdbdd74ef78535fde411dab06be836be8b7535",
    "696ce7da187862f7dd5b1d1e0413f8abe571ee7dea7649d4137195a43f19ecc3",
    "6cfd4e4b0e3d869b8d4827f8c859d7063868ea96356e2742ccec11ed5d67b055",
    "7a0be27ff2f5f849975311507c406e18066823c751f812f4708ccd41780f3c56",
    "833f49c7eb56eceb76e40e36b403fb744703781ffd352245b6b831d7653c59e9",
    "84a2d0130b3daba23a97a6cfd4ce659eececd68a00a708620755dde6c30ffdc3",
    "8accd583f54a2d7b9da1adaecd374a99da38835a52ad4105e16f84a3f18fa19c",
    "8de84d76e29eb9d5c510900417a3e176529f864912b1da9119502621183a67a3",
    "a54be90bfc9948effbeee390a288fc317324040bc9e77fef255c049fb1cafe45",
    "b3ee664f06132474c7894193c945d1553d8ed370dc0b05a289bc4933b5fa3653",
    "c00e18d6d188ab91d97d06492583a60c532718795e769477908940f89c9b24b5",
    "c4d53557a10571fd25910d37947fcd7719d5524f966f7fa13e25ec46011cef3f",
    "cb3aac84b0756f7848e1db75ca0ba2eec8c7aac1c0dd74de53d7f26d9d355d49",
    "d4c4ccc47a9807d09cb52e16334f0109cbab1a50d7054e7833e691957fbc49ab",
    "ea50a06b1e0709417308df9ff3c3155ba52f34701cb56633a71d55603aab5a2e",
    "ee13d1eef9458247205690fbfd66eaf9f753b08f8adb5e2991785a9a152fb1e6",
}


def drop_unchanged(apps, schema_editor):
    apps.get_model("messaging", "MessageTemplate").objects.filter(wording_id__in=SHIPPED).delete()


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_people_are_found")]

    operations = [
        migrations.RunPython(drop_unchanged, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="messagetemplate",
            name="variables",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AlterField(
            model_name="messagetemplate", name="key", field=models.SlugField(max_length=60, verbose_name="message")
        ),
    ]
