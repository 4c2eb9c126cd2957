"""The tables of directory as they are after 0006_state_from_zip: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import directory.fields
import django.core.validators
import django.db.models.deletion
import phonenumber_field.modelfields
import uuid
from django.db import migrations, models

from privacy.append_only import append_only
from directory.zip_data import places


def fill(apps, schema_editor):
    """The 42,000 ZIP codes by one prepared statement, without making an object for each."""
    table = schema_editor.quote_name(apps.get_model("directory", "ZipCode")._meta.db_table)
    rows = ((p.zip, p.city, p.state, p.point.lat, p.point.lon, p.zone) for p in places())
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} (code, city, state, lat, lon, zone) VALUES (%s, %s, %s, %s, %s, %s)", rows)


class Migration(migrations.Migration):

    replaces = [
        ("directory", "0001_initial"),
        ("directory", "0002_append_only"),
        ("directory", "0003_zip_codes"),
        ("directory", "0004_word_email"),
        ("directory", "0005_openings"),
        ("directory", "0006_state_from_zip"),
    ]

    initial = True

    dependencies = [
        ('privacy', '0001_squashed_0006_word_email'),
        ('guides', '0001_squashed_0013_revision_note'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='address')),
                ('zips', directory.fields.WordsField(default=list, help_text='Five digits each, with spaces between them.', verbose_name='ZIP codes')),
            ],
            options={
                'verbose_name': 'service area',
                'verbose_name_plural': 'service areas',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='ZipCode',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                ('city', models.CharField(max_length=60)),
                ('state', models.CharField(max_length=2)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('zone', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'verbose_name': 'ZIP code',
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identity in exports')),
                ('source', models.CharField(choices=[('hand', 'entered here'), ('sample', 'sample'), ('samhsa', 'SAMHSA locator'), ('hsds', 'HSDS file')], default='hand', max_length=10, verbose_name='came from')),
                ('source_id', models.CharField(blank=True, max_length=100, verbose_name='identity at its source')),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('website', models.URLField(blank=True, verbose_name='website')),
            ],
            options={
                'verbose_name': 'organization',
                'verbose_name_plural': 'organizations',
                'ordering': ['name', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source', 'source_id'), name='organization_once_per_source')],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identity in exports')),
                ('source', models.CharField(choices=[('hand', 'entered here'), ('sample', 'sample'), ('samhsa', 'SAMHSA locator'), ('hsds', 'HSDS file')], default='hand', max_length=10, verbose_name='came from')),
                ('source_id', models.CharField(blank=True, max_length=100, verbose_name='identity at its source')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('street', models.CharField(blank=True, max_length=200, verbose_name='street')),
                ('city', models.CharField(max_length=100, verbose_name='city')),
                ('state', models.CharField(blank=True, help_text='Two letters. Left empty, it is the state of the ZIP code.', max_length=2, verbose_name='state')),
                ('zip', models.CharField(max_length=5, validators=[django.core.validators.RegexValidator('^\\d{5}$', 'A ZIP code has five digits.')], verbose_name='ZIP code')),
                ('lat', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('lon', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('street_is_public', models.BooleanField(default=True, help_text='Off for a home whose address protects the people in it.', verbose_name='show the street')),
                ('access', directory.fields.WordsField(default=list, verbose_name='getting in and around')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='locations', to='directory.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'location',
                'verbose_name_plural': 'locations',
                'ordering': ['city', 'street', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identity in exports')),
                ('source', models.CharField(choices=[('hand', 'entered here'), ('sample', 'sample'), ('samhsa', 'SAMHSA locator'), ('hsds', 'HSDS file')], default='hand', max_length=10, verbose_name='came from')),
                ('source_id', models.CharField(blank=True, max_length=100, verbose_name='identity at its source')),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('public', 'public'), ('archived', 'archived')], default='draft', max_length=10, verbose_name='status')),
                ('sample', models.BooleanField(default=False, help_text='Marked on its page as invented.', verbose_name='sample')),
                ('concern', models.CharField(blank=True, choices=[('substance_use', 'Substance use'), ('mental_health', 'Mental health'), ('both', 'Substance use and mental health')], max_length=20, verbose_name='treats')),
                ('age_min', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='youngest age')),
                ('age_max', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(130)], verbose_name='oldest age')),
                ('only_for', models.CharField(blank=True, choices=[('women', 'Women only'), ('men', 'Men only')], max_length=10, verbose_name='only for')),
                ('populations', directory.fields.WordsField(default=list, verbose_name='special groups')),
                ('payment', directory.fields.WordsField(default=list, verbose_name='payment accepted')),
                ('languages', directory.fields.WordsField(default=list, verbose_name='languages spoken')),
                ('schedule', directory.fields.WordsField(default=list, verbose_name='schedule')),
                ('medications', directory.fields.WordsField(default=list, verbose_name='medications offered')),
                ('family_sessions', models.BooleanField(blank=True, null=True, verbose_name='family sessions')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region='US', verbose_name='phone')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('referral_email', models.EmailField(blank=True, help_text='Never shown on a page.', max_length=254, verbose_name='email for referrals')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='details last checked')),
                ('locations', models.ManyToManyField(blank=True, related_name='programs', to='directory.location', verbose_name='locations')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programs', to='directory.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'program',
                'verbose_name_plural': 'programs',
                'ordering': ['name', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spots', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='openings')),
                ('wait_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days to wait')),
                ('reported_at', models.DateTimeField(verbose_name='reported')),
                ('reported_by', models.CharField(blank=True, max_length=200, verbose_name='who said so')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacities', to='directory.program')),
            ],
            options={
                'verbose_name': 'capacity report',
                'verbose_name_plural': 'capacity reports',
                'ordering': ['-reported_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Accreditation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.CharField(choices=[('state_licence', 'State license or certification'), ('joint_commission', 'The Joint Commission'), ('carf', 'CARF International'), ('opioid_program', 'Federally certified opioid treatment program'), ('other', 'Another seal')], max_length=20, verbose_name='seal')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name, if not in the list')),
                ('number', models.CharField(blank=True, max_length=100, verbose_name='number')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('check_url', models.URLField(blank=True, verbose_name='where to check it')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accreditations', to='directory.program')),
            ],
            options={
                'verbose_name': 'license or seal',
                'verbose_name_plural': 'licenses and seals',
                'ordering': ['seal', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProgramLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asam_edition', models.PositiveSmallIntegerField(blank=True, choices=[(3, '3rd edition'), (4, '4th edition')], null=True, verbose_name='ASAM edition')),
                ('asam_code', models.CharField(blank=True, help_text='As its licence says: 3.5', max_length=10, verbose_name='ASAM code')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='guides.levelofcare', verbose_name='level')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='directory.program')),
            ],
            options={
                'verbose_name': 'level offered',
                'verbose_name_plural': 'levels offered',
                'ordering': ['level__order'],
            },
        ),
        migrations.AddField(
            model_name='program',
            name='levels',
            field=models.ManyToManyField(through='directory.ProgramLevel', to='guides.levelofcare', verbose_name='levels of care'),
        ),
        migrations.CreateModel(
            name='ProgramText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=5, verbose_name='language')),
                ('summary', models.CharField(help_text='One or two sentences for the list.', max_length=300, verbose_name='summary')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('what_to_expect', models.TextField(blank=True, verbose_name='what to expect')),
                ('how_to_start', models.TextField(blank=True, verbose_name='how to start')),
                ('costs', models.TextField(blank=True, verbose_name='what it costs')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='directory.program')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
            },
        ),
        migrations.AddField(
            model_name='program',
            name='areas',
            field=models.ManyToManyField(blank=True, related_name='programs', to='directory.servicearea', verbose_name='service areas'),
        ),
        migrations.CreateModel(
            name='ServiceAreaName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=5, verbose_name='language')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='directory.servicearea')),
            ],
            options={
                'verbose_name': 'name',
                'verbose_name_plural': 'names',
            },
        ),
        migrations.AddIndex(
            model_name='location',
            index=models.Index(fields=['lat', 'lon'], name='directory_location_place'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source', 'source_id'), name='location_once_per_source'),
        ),
        migrations.AddIndex(
            model_name='capacity',
            index=models.Index(fields=['program', 'level', '-reported_at'], name='directory_capacity_latest'),
        ),
        migrations.AddConstraint(
            model_name='capacity',
            constraint=models.CheckConstraint(condition=models.Q(('spots__isnull', False), ('wait_days__isnull', False), _connector='OR'), name='directory_capacity_says_something', violation_error_message='Enter the openings, the days to wait, or both.'),
        ),
        migrations.AddConstraint(
            model_name='programlevel',
            constraint=models.UniqueConstraint(fields=('program', 'level'), name='directory_level_once'),
        ),
        migrations.AddConstraint(
            model_name='programtext',
            constraint=models.UniqueConstraint(fields=('program', 'language'), name='directory_text_once'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source', 'source_id'), name='program_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('age_min', None), ('age_max', None), ('age_min__lte', models.F('age_max')), _connector='OR'), name='directory_program_ages_in_order', violation_error_message='The youngest age is above the oldest age.'),
        ),
        migrations.AddConstraint(
            model_name='serviceareaname',
            constraint=models.UniqueConstraint(fields=('area', 'language'), name='directory_area_name_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        append_only("directory_capacity", unless="TRUE"),
    ]
