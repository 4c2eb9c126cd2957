"""The tables of assessments as they are after 0009_session_index: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import django.db.models.deletion
import privacy.fields
import uuid
from django.conf import settings
from django.db import migrations, models

from privacy.append_only import append_only


class Migration(migrations.Migration):

    replaces = [
        ("assessments", "0001_initial"),
        ("assessments", "0002_append_only"),
        ("assessments", "0003_helpline"),
        ("assessments", "0004_kept_answers"),
        ("assessments", "0005_helpers"),
        ("assessments", "0006_approvals"),
        ("assessments", "0007_tallies"),
        ("assessments", "0008_return_ways"),
        ("assessments", "0009_session_index"),
    ]

    initial = True

    dependencies = [
        ('privacy', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=64, unique=True, verbose_name='key')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
            ],
            options={
                'verbose_name': 'questionnaire',
                'verbose_name_plural': 'questionnaires',
                'ordering': ['key'],
                'permissions': [('publish_questionnaire', 'Can publish a questionnaire')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('levels', models.JSONField(default=list, verbose_name='levels')),
                ('edited_at', models.DateTimeField(verbose_name='edited')),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('questionnaire', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='assessments.questionnaire', verbose_name='questionnaire')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('one', 'one answer'), ('many', 'any number of answers')], default='one', max_length=10, verbose_name='answers')),
                ('role', models.CharField(choices=[('safety', 'Safety: its answers can show the crisis page'), ('rated', 'Rated: its answers count towards the level'), ('context', 'Fact: about the person, for rules to look at'), ('preference', 'Preference: orders the options, never the level')], default='rated', max_length=10, verbose_name='what it is for')),
                ('has_help', models.BooleanField(default=False)),
                ('help_en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('help_en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('help_es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('help_es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('shows_when', models.JSONField(blank=True, null=True, verbose_name='shows when')),
                ('helps', models.CharField(blank=True, max_length=64, null=True, verbose_name='helps with')),
                ('has_ask', models.BooleanField(blank=True, null=True)),
                ('ask_en_me', models.TextField(blank=True, null=True, verbose_name='English, to the person')),
                ('ask_en_loved', models.TextField(blank=True, null=True, verbose_name='English, to someone who loves them')),
                ('ask_es_me', models.TextField(blank=True, null=True, verbose_name='Spanish, to the person')),
                ('ask_es_loved', models.TextField(blank=True, null=True, verbose_name='Spanish, to someone who loves them')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='assessments.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('rates', models.JSONField(default=dict, verbose_name='rates')),
                ('favours', models.JSONField(default=list, verbose_name='favours')),
                ('means', models.JSONField(blank=True, null=True, verbose_name='leaves possible')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='assessments.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'choice',
                'verbose_name_plural': 'choices',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='KeptDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.JSONField(verbose_name='draft')),
                ('kept_at', models.DateTimeField(verbose_name='kept')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_drafts', to='assessments.questionnaire', verbose_name='questionnaire')),
            ],
            options={
                'verbose_name': 'earlier draft',
                'verbose_name_plural': 'earlier drafts',
                'ordering': ['-kept_at'],
            },
        ),
        migrations.CreateModel(
            name='QuestionnaireVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('document', models.TextField(help_text='Canonical JSON.', verbose_name='definition')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('engine', models.CharField(max_length=20, verbose_name='engine')),
                ('proof', models.JSONField(verbose_name='proof')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessments.questionnaire', verbose_name='questionnaire')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['questionnaire', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('clinician', models.CharField(max_length=200, verbose_name='clinician')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='assessments.questionnaire', verbose_name='questionnaire')),
                ('published', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='assessments.questionnaireversion', verbose_name='published as')),
                ('replaces', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.questionnaireversion', verbose_name='in place of')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('start_key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='key of the form that began it')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('voice', models.CharField(choices=[('me', 'for me'), ('loved', 'for someone I love')], max_length=5, verbose_name='voice')),
                ('keeping', models.CharField(choices=[('device', 'on this device'), ('saved', 'by a code or a link, on any device'), ('nowhere', 'nowhere: the device is shared')], db_default='device', default='device', max_length=7, verbose_name='kept where')),
                ('session_index', models.CharField(db_index=True, editable=False, max_length=64, null=True)),
                ('answers', privacy.fields.EncryptedJSONField(default=dict, verbose_name='answers')),
                ('determination', privacy.fields.EncryptedJSONField(blank=True, null=True, verbose_name='determination')),
                ('created_at', models.DateTimeField(verbose_name='started')),
                ('updated_at', models.DateTimeField(verbose_name='last answer')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='kept until')),
                ('tallied', models.BooleanField(db_default=False, default=False, editable=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='assessments.questionnaireversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
            },
        ),
        migrations.CreateModel(
            name='ReturnCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_index', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('response', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='return_code', to='assessments.response', verbose_name='response')),
            ],
            options={
                'verbose_name': 'return code',
                'verbose_name_plural': 'return codes',
            },
        ),
        migrations.CreateModel(
            name='ReturnLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_links', to='assessments.response', verbose_name='response')),
            ],
            options={
                'verbose_name': 'emailed return link',
                'verbose_name_plural': 'emailed return links',
            },
        ),
        migrations.CreateModel(
            name='SafetyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('when', models.JSONField(blank=True, null=True, verbose_name='when')),
                ('urgency', models.CharField(choices=[('emergency', 'Emergency: call 911'), ('crisis', 'Crisis: call or text 988'), ('prompt', 'Prompt: get medical advice today')], default='crisis', max_length=10, verbose_name='urgency')),
                ('helpline', models.CharField(blank=True, choices=[(None, 'As urgent as it is: 988 in a crisis, else 911'), ('911', '911'), ('988', '988'), ('domestic-violence', 'Domestic violence hotline'), ('poison', 'Poison Control')], max_length=20, null=True, verbose_name='number shown first')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='assessments.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'safety rule',
                'verbose_name_plural': 'safety rules',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SharedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('with_answers', models.BooleanField(default=False, verbose_name='with the answers')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='first opened')),
                ('last_opened_at', models.DateTimeField(blank=True, null=True, verbose_name='last opened')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared_results', to='assessments.response', verbose_name='response')),
            ],
            options={
                'verbose_name': 'shared result',
                'verbose_name_plural': 'shared results',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=64, verbose_name='question')),
                ('seen', models.PositiveIntegerField(default=0, verbose_name='seen')),
                ('answered', models.PositiveIntegerField(default=0, verbose_name='answered')),
                ('not_sure', models.PositiveIntegerField(default=0, verbose_name='not sure')),
                ('left', models.PositiveIntegerField(default=0, verbose_name='left here')),
                ('widened', models.PositiveIntegerField(default=0, verbose_name='left the result open')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='assessments.questionnaireversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'tally of a question',
                'verbose_name_plural': 'tallies of questions',
            },
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='assessments.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'dimension',
                'verbose_name_plural': 'dimensions',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'key'), name='one_dimension_per_key')],
            },
        ),
        migrations.CreateModel(
            name='FloorRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('when', models.JSONField(blank=True, null=True, verbose_name='when')),
                ('level', models.CharField(max_length=64, verbose_name='level')),
                ('source', models.TextField(blank=True, verbose_name='source')),
                ('first', models.BooleanField(blank=True, null=True, verbose_name='only the first step, for days')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='assessments.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'floor rule',
                'verbose_name_plural': 'floor rules',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'key'), name='one_floorrule_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('en_me', models.TextField(blank=True, verbose_name='English, to the person')),
                ('en_loved', models.TextField(blank=True, verbose_name='English, to someone who loves them')),
                ('es_me', models.TextField(blank=True, verbose_name='Spanish, to the person')),
                ('es_loved', models.TextField(blank=True, verbose_name='Spanish, to someone who loves them')),
                ('position', models.PositiveIntegerField(verbose_name='place')),
                ('key', models.CharField(max_length=64, verbose_name='key')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('when', models.JSONField(blank=True, null=True, verbose_name='when')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='assessments.draft', verbose_name='draft')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'key'), name='one_note_per_key')],
            },
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('draft', 'key'), name='one_question_per_key'),
        ),
        migrations.AddConstraint(
            model_name='questionnaireversion',
            constraint=models.UniqueConstraint(fields=('questionnaire', 'number'), name='one_version_per_number'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='approved_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='safetyrule',
            constraint=models.UniqueConstraint(fields=('draft', 'key'), name='one_safetyrule_per_key'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('version', 'question'), name='one_tally_per_question'),
        ),
        append_only("assessments_questionnaireversion"),
    ]
