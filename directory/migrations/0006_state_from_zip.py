from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0005_openings'),
    ]

    # A default of Django's is in no table: nothing changes there.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='location',
                    name='state',
                    field=models.CharField(
                        blank=True,
                        help_text='Two letters. Left empty, it is the state of the ZIP code.',
                        max_length=2,
                        verbose_name='state',
                    ),
                ),
            ],
        ),
    ]
