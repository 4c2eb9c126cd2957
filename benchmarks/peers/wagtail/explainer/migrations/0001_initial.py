import django.db.models.deletion
from django.db import migrations, models
from wagtail.fields import StreamField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("wagtailcore", "0098_apitoken")]
    operations = [
        migrations.CreateModel(
            name="ExplainerPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("body", StreamField([], blank=True)),
            ],
            bases=("wagtailcore.page",),
        )
    ]
