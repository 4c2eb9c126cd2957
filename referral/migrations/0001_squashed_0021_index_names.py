"""The tables of referral as they are after 0021_index_names: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import django.core.validators
import django.db.models.deletion
import privacy.fields
import referral.public_code
import referral.lifecycle
import uuid
from django.conf import settings
from django.db import migrations, models

from privacy.append_only import append_only

ERASED = "EXISTS (SELECT 1 FROM referral_referral r WHERE r.erased_at IS NOT NULL AND r.id = {referral})"
OF_PLACEMENT = "(SELECT referral_id FROM referral_placement p WHERE p.id = OLD.placement_id)"


class Migration(migrations.Migration):

    replaces = [
        ("referral", "0001_initial"),
        ("referral", "0002_append_only"),
        ("referral", "0003_words_from_outside"),
        ("referral", "0004_links_know_where_they_went"),
        ("referral", "0005_placement_words"),
        ("referral", "0006_sealed_columns"),
        ("referral", "0007_seal_what_tells"),
        ("referral", "0008_tasks_of_a_request"),
        ("referral", "0009_replies_from_shared_numbers"),
        ("referral", "0010_flag_unusual_requests"),
        ("referral", "0011_duty_and_absences"),
        ("referral", "0012_hard_needs"),
        ("referral", "0013_answer_labels"),
        ("referral", "0014_word_email"),
        ("referral", "0015_words_of_choices"),
        ("referral", "0016_levels_compared"),
        ("referral", "0017_intake_and_given_consents"),
        ("referral", "0018_snoozed_and_absences"),
        ("referral", "0019_program_desk"),
        ("referral", "0020_name_keys"),
        ("referral", "0021_index_names"),
    ]

    initial = True

    dependencies = [
        ('privacy', '0001_squashed_0006_word_email'),
        ('assessments', '0001_squashed_0009_session_index'),
        ('directory', '0001_squashed_0006_state_from_zip'),
        ('guides', '0001_squashed_0013_revision_note'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', privacy.fields.EncryptedTextField(blank=True, verbose_name='name')),
                ('name_index', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('name_words', models.CharField(blank=True, editable=False, max_length=255)),
                ('phone', privacy.fields.EncryptedTextField(blank=True, verbose_name='phone')),
                ('phone_index', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('email', privacy.fields.EncryptedTextField(blank=True, verbose_name='email')),
                ('email_index', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('zip_code', privacy.fields.EncryptedTextField(blank=True, verbose_name='ZIP code')),
                ('zone', models.CharField(max_length=50, verbose_name='time zone')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=5, verbose_name='language')),
                ('times', models.JSONField(blank=True, default=list, verbose_name='good times to call')),
                ('by_email', models.BooleanField(default=False, verbose_name='may be emailed')),
                ('by_text', models.BooleanField(default=False, verbose_name='may be texted')),
                ('by_phone', models.BooleanField(default=False, verbose_name='may be called')),
                ('voicemail', models.CharField(choices=[('no', 'Do not leave a message'), ('name_only', 'Leave only a first name and number'), ('yes', 'It is fine to leave a message')], default='no', max_length=10, verbose_name='when no one answers')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version of the plan')),
                ('kind', models.CharField(choices=[('message', 'a check-in by email or text'), ('call', 'a call by staff')], max_length=10, verbose_name='what')),
                ('local_date', models.DateField(verbose_name='day, where the family lives')),
                ('local_time', models.TimeField(verbose_name='time, where the family lives')),
                ('zone', models.CharField(max_length=50, verbose_name='time zone')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('sent', 'sent'), ('answered', 'answered'), ('to_staff', 'given to staff'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='status')),
                ('channel', models.CharField(blank=True, max_length=10, verbose_name='by')),
                ('round', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('answer', privacy.fields.EncryptedTextField(blank=True, choices=[('connected', 'We have a program'), ('waiting', 'Still waiting'), ('help', 'We need help'), ('stop', 'Stop messages'), ('nobody', 'No one could be reached')], verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', privacy.fields.EncryptedTextField(blank=True, verbose_name='name')),
                ('name_index', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('name_words', models.CharField(blank=True, editable=False, max_length=255)),
                ('age', privacy.fields.EncryptedTextField(blank=True, choices=[('', 'not said'), ('under_18', 'under 18'), ('adult', '18 to 64'), ('65_up', '65 or older')], verbose_name='age')),
                ('birth_year', privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name='year of birth')),
                ('gender', privacy.fields.EncryptedTextField(blank=True, choices=[('', 'not said'), ('women', 'woman or girl'), ('men', 'man or boy'), ('other', 'another gender')], null=True, verbose_name='gender')),
            ],
            options={
                'verbose_name': 'patient',
                'verbose_name_plural': 'patients',
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('cover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='covers', to=settings.AUTH_USER_MODEL, verbose_name='who covers')),
                ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='who is away')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['-first_day', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConsentWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('share', 'sharing with programs'), ('email', 'contact by email'), ('text', 'contact by text message'), ('phone', 'contact by phone')], max_length=10, verbose_name='for')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=5, verbose_name='language')),
                ('label', models.CharField(max_length=400, verbose_name='next to the box')),
                ('body', models.TextField(blank=True, verbose_name='in full')),
            ],
            options={
                'verbose_name': 'consent wording',
                'verbose_name_plural': 'consent wordings',
                'ordering': ['key', '-version', 'language'],
                'constraints': [models.UniqueConstraint(fields=('key', 'version', 'language'), name='one_wording_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discloser', models.CharField(max_length=200, verbose_name='who may share')),
                ('categories', models.JSONField(verbose_name='what may be shared')),
                ('any_program', models.BooleanField(default=False, verbose_name='with any listed treatment program that we ask for them')),
                ('purpose', models.CharField(max_length=200, verbose_name='what for')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('expires_when', models.CharField(blank=True, max_length=200, verbose_name='or until')),
                ('signed_name', privacy.fields.EncryptedTextField(verbose_name='signed by')),
                ('signed_as', models.CharField(choices=[('self', 'for themselves'), ('loved_one', 'for someone they love'), ('parent', 'as parent of a minor'), ('guardian', 'as court-appointed guardian or conservator'), ('agent', 'as health care agent (power of attorney)')], max_length=20, verbose_name='signing as')),
                ('authority', privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name='what shows that they may')),
                ('witness', privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name='witness')),
                ('kept_where', privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name='where the paper is kept')),
                ('signed_at', models.DateTimeField(verbose_name='signed')),
                ('method', models.CharField(choices=[('online', 'signed online'), ('paper', 'signed on paper'), ('verbal', 'said on the phone or in person')], max_length=10, verbose_name='how')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('recipients', models.ManyToManyField(blank=True, related_name='+', to='directory.program', verbose_name='with these programs')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referral.consentwording', verbose_name='words agreed to')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='referral.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['signed_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CheckInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('sent_to', models.CharField(blank=True, editable=False, max_length=64, null=True)),
                ('followup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='referral.followup')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FollowUpPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('is_default', models.BooleanField(default=False, help_text='Starts when someone takes a referral. One plan can be this one.', verbose_name='starts by itself')),
                ('active', models.BooleanField(default=True, verbose_name='can be chosen')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
            ],
            options={
                'verbose_name': 'follow-up plan',
                'verbose_name_plural': 'follow-up plans',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_plan', violation_error_message='Another plan already starts by itself. Take the mark away there first.')],
            },
        ),
        migrations.AddField(
            model_name='followup',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referral.followupplan', verbose_name='plan'),
        ),
        migrations.CreateModel(
            name='FollowUpStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offset_days', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(730)], verbose_name='days after the start')),
                ('local_time', models.TimeField(verbose_name="at, in the family's time")),
                ('kind', models.CharField(choices=[('message', 'a check-in by email or text'), ('call', 'a call by staff')], default='message', max_length=10, verbose_name='what')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='referral.followupplan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['offset_days', 'local_time', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('requested', 'Awaiting response'), ('accepted', 'Accepted'), ('rejected', 'Declined'), ('waitlisted', 'On the waitlist'), ('in_progress', 'In care'), ('on_hold', 'On hold'), ('completed', 'Completed'), ('failed', 'Did not work out'), ('cancelled', 'Canceled')], editable=False, max_length=12, verbose_name='status')),
                ('categories', models.JSONField(default=list, verbose_name='what may be shared')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('reason', privacy.fields.EncryptedTextField(blank=True, verbose_name='reason')),
                ('expected_on', models.DateField(blank=True, editable=False, null=True, verbose_name='opening expected')),
                ('was', models.CharField(choices=[('requested', 'Awaiting response'), ('accepted', 'Accepted'), ('rejected', 'Declined'), ('waitlisted', 'On the waitlist'), ('in_progress', 'In care'), ('on_hold', 'On hold'), ('completed', 'Completed'), ('failed', 'Did not work out'), ('cancelled', 'Canceled')], editable=False, max_length=12, null=True)),
                ('moved_at', models.DateTimeField(editable=False, null=True)),
                ('moved_by', models.CharField(editable=False, max_length=10, null=True)),
                ('level', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level of admission')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.program', verbose_name='program')),
            ],
            options={
                'verbose_name': 'placement',
                'verbose_name_plural': 'placements',
                'ordering': ['sent_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('categories', models.JSONField(verbose_name='what')),
                ('recipient', models.CharField(max_length=200, verbose_name='to')),
                ('notice', models.CharField(max_length=200, verbose_name='with this notice')),
                ('copy', privacy.fields.EncryptedJSONField(blank=True, null=True, verbose_name='exact copy')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='referral.consent', verbose_name='under')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='referral.placement', verbose_name='placement')),
            ],
            options={
                'verbose_name': 'disclosure',
                'verbose_name_plural': 'disclosures',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProgramCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.CharField(db_index=True, editable=False, max_length=64)),
                ('browser', models.CharField(editable=False, max_length=64)),
                ('code_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.program')),
            ],
            options={
                'verbose_name': 'code of a program',
                'verbose_name_plural': 'codes of programs',
            },
        ),
        migrations.CreateModel(
            name='ProgramLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='referral.placement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_code', models.CharField(default=referral.public_code.new_code, editable=False, max_length=9, unique=True, verbose_name='code')),
                ('relation', models.CharField(choices=[('self', 'Me'), ('loved_one', 'Someone I love')], max_length=10, verbose_name='for whom')),
                ('concern', privacy.fields.EncryptedTextField(choices=[('substance_use', 'Alcohol or drug use'), ('mental_health', 'Mental health'), ('both', 'Both'), ('not_sure', 'Not sure')], verbose_name='concern')),
                ('payment', privacy.fields.EncryptedJSONField(blank=True, null=True, verbose_name='ways to pay')),
                ('level_reason', privacy.fields.EncryptedTextField(blank=True, verbose_name='why this level')),
                ('message', privacy.fields.EncryptedTextField(blank=True, verbose_name='in their own words')),
                ('referrer', privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name='who called for them')),
                ('status', models.CharField(choices=[('new', 'New'), ('active', 'Active'), ('on_hold', 'On hold'), ('connected', 'Connected'), ('met', 'Need met'), ('closed', 'Closed')], editable=False, max_length=10, verbose_name='status')),
                ('urgency', models.CharField(choices=[('routine', 'Routine'), ('soon', 'Soon'), ('urgent', 'Urgent')], default='routine', max_length=10, verbose_name='urgency')),
                ('opened_at', models.DateTimeField(db_index=True, verbose_name='opened')),
                ('next_action_at', models.DateTimeField(blank=True, null=True, verbose_name='next action')),
                ('snoozed_until', models.DateTimeField(blank=True, null=True, verbose_name='snoozed until')),
                ('snoozed_at', models.DateTimeField(blank=True, null=True, verbose_name='snoozed at')),
                ('hold_until', models.DateTimeField(blank=True, null=True, verbose_name='on hold until')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('closing', models.CharField(blank=True, choices=[('met', 'The need is met'), ('declined', 'The family chose another way'), ('unreachable', 'We could not reach the family'), ('no_program', 'No program could take them'), ('duplicate', 'Duplicate'), ('withdrawn', 'The family withdrew'), ('other', 'Another reason')], max_length=20, verbose_name='closed because')),
                ('unusual', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='may not be from a person')),
                ('idempotency_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('erased_at', models.DateTimeField(editable=False, null=True)),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='referrals', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='referral.referral', verbose_name='follows')),
                ('computed_high', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level by the answers, at most')),
                ('computed_low', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level by the answers, at least')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='referral.contact', verbose_name='contact')),
                ('level_high', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level, at most')),
                ('level_low', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guides.levelofcare', verbose_name='level, at least')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='referral.patient', verbose_name='patient')),
                ('response', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='referrals', to='assessments.response', verbose_name='answers to the questionnaire')),
                ('service_area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.servicearea', verbose_name='service area')),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'ordering': ['-opened_at'],
                'permissions': [('work_referrals', 'Can work on referrals'), ('supervise_referrals', 'Can see all referrals and give them to others')],
            },
        ),
        migrations.AddField(
            model_name='placement',
            name='referral',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='referral.referral', verbose_name='referral'),
        ),
        migrations.AddField(
            model_name='followup',
            name='referral',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followups', to='referral.referral', verbose_name='referral'),
        ),
        migrations.CreateModel(
            name='FamilyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('sent_to', models.CharField(blank=True, editable=False, max_length=64, null=True)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='family_links', to='referral.referral')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='consent',
            name='referral',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='referral.referral', verbose_name='referral'),
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('call', 'Call the family'), ('write', 'Write to the family'), ('needs_help', 'The family asks for help now'), ('still_waiting', 'The family is still waiting: see what holds it up'), ('reply', 'The family wrote back: read it and answer'), ('unsure_reply', 'A reply from a shared number or address: find out who wrote, and answer'), ('not_reached', 'A message did not arrive: contact the family another way'), ('review', 'We cannot tell if a message arrived: check and decide'), ('not_called', 'The program has not called the family: call both'), ('program_asks', 'The program has a question: answer it'), ('call_program', 'Call the program'), ('ask_consent', 'Ask the family for their consent'), ('check_in', 'Check in with the family by phone'), ('handed_over', 'A colleague handed this over: read the note'), ('erase', 'The family wants its data deleted: carry it out, and tell them'), ('next_step', 'Choose the next step with the family'), ('other', 'Something else')], max_length=20, verbose_name='what')),
                ('text', privacy.fields.EncryptedTextField(blank=True, verbose_name='more about it')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('by_hand', models.BooleanField(db_default=False, default=False, verbose_name='added by a person')),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('called_at', models.DateTimeField(blank=True, null=True, verbose_name='called for at')),
                ('calls', models.PositiveIntegerField(db_default=0, default=0, verbose_name='calls')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acknowledged by')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='referral.placement', verbose_name='request to a program')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='referral.referral', verbose_name='referral')),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'ordering': ['-urgent', 'due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('kind', models.CharField(choices=[('opened', 'opened'), ('taken', 'taken'), ('assigned', 'assigned'), ('note', 'note'), ('held', 'put on hold'), ('resumed', 'resumed'), ('reconsidered', 'open again for another program'), ('closed', 'closed'), ('need_changed', 'need changed'), ('contact_changed', 'contact changed'), ('consent_signed', 'consent signed'), ('consent_asked', 'consent asked for'), ('consent_revoked', 'consent revoked'), ('sent', 'sent to a program'), ('accepted', 'accepted'), ('rejected', 'declined'), ('waitlisted', 'put on a waiting list'), ('started', 'care started'), ('placement_held', 'placement on hold'), ('placement_resumed', 'placement resumed'), ('placement_completed', 'placement completed'), ('placement_failed', 'placement did not work out'), ('placement_cancelled', 'placement cancelled'), ('connected', 'connected'), ('plan_set', 'follow-up planned'), ('check_in_due', 'check-in due'), ('check_in_answered', 'check-in answered'), ('message', 'message'), ('stopped', 'messages stopped'), ('called', 'call logged'), ('wrote', 'word from the family'), ('not_called', 'no one has called the family'), ('program_asked', 'question of a program'), ('told_program', 'answer to a program'), ('told_family', 'answer to the family'), ('undone', 'taken back by the program'), ('times_offered', 'times proposed'), ('time_chosen', 'time chosen'), ('no_time_fits', 'no proposed time fits'), ('visit', 'first visit'), ('link_ended', 'links ended by the family'), ('erasure_asked', 'deletion asked for'), ('task_added', 'task added'), ('duty_called', 'duty called'), ('acknowledged', 'call for help answered'), ('given_back', 'given back to the queue'), ('snoozed', 'snoozed'), ('task_done', 'task done')], max_length=20, verbose_name='what')),
                ('role', models.CharField(choices=[('family', 'family'), ('navigator', 'navigator'), ('supervisor', 'supervisor'), ('program', 'program'), ('system', 'system')], max_length=10, verbose_name='by')),
                ('actor_label', models.CharField(blank=True, max_length=200, verbose_name='who, in words')),
                ('params', privacy.fields.EncryptedJSONField(blank=True, default=dict, verbose_name='details')),
                ('press', models.CharField(blank=True, db_default='', default='', editable=False, max_length=32)),
                ('text', privacy.fields.EncryptedTextField(blank=True, verbose_name='words')),
                ('actor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='referral.referral', verbose_name='referral')),
            ],
            options={
                'verbose_name': 'timeline line',
                'verbose_name_plural': 'timeline',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContactKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='referral.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'person'), name='contact_name_key')],
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], default='email', max_length=10, verbose_name='called by')),
                ('phone', privacy.fields.EncryptedTextField(blank=True, help_text='For text messages. An email goes to the address of the account.', verbose_name='phone')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=5, verbose_name='language')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='to')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'duty shift',
                'verbose_name_plural': 'duty list',
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(fields=['ends_at', 'starts_at'], name='duty_now')],
            },
        ),
        migrations.CreateModel(
            name='IntakeDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('typed', privacy.fields.EncryptedJSONField(default=dict, verbose_name='typed')),
                ('shown', privacy.fields.EncryptedJSONField(default=list, verbose_name='shown')),
                ('begun_at', models.DateTimeField(verbose_name='begun')),
                ('saved_at', models.DateTimeField(verbose_name='saved')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intake_drafts', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'intake draft',
                'verbose_name_plural': 'intake drafts',
                'ordering': ['-saved_at'],
                'indexes': [models.Index(fields=['user', '-saved_at'], name='drafts_of_one')],
            },
        ),
        migrations.CreateModel(
            name='PatientKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='referral.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'person'), name='patient_name_key')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('zone', models.CharField(max_length=40, verbose_name='time zone')),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('booked', 'Chosen'), ('fulfilled', 'They came'), ('noshow', 'They did not come'), ('cancelled', 'Canceled')], default='proposed', max_length=10, verbose_name='status')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('booked_at', models.DateTimeField(blank=True, null=True, verbose_name='chosen at')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appointments', to='referral.placement', verbose_name='request to a program')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['placement', 'status'], name='appointment_of_request')],
            },
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['status', 'next_action_at'], name='referral_queue'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['assigned_to', 'status', 'next_action_at'], name='referral_own_queue'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['status', 'sent_at'], name='placement_waiting'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', [referral.lifecycle.PlacementStatus['ACCEPTED'], referral.lifecycle.PlacementStatus['IN_PROGRESS'], referral.lifecycle.PlacementStatus['ON_HOLD'], referral.lifecycle.PlacementStatus['REQUESTED'], referral.lifecycle.PlacementStatus['WAITLISTED']])), fields=('referral', 'program'), name='one_live_placement_per_program'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(fields=['status', 'due_at'], name='followup_due'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['referral', 'due_at'], include=('urgent',), name='task_open'),
        ),
        migrations.AddIndex(
            model_name='timelineentry',
            index=models.Index(fields=['referral', 'at'], name='timeline_in_order'),
        ),
        append_only("referral_timelineentry", unless=ERASED.format(referral="OLD.referral_id")),
        append_only("referral_disclosure", unless=ERASED.format(referral=OF_PLACEMENT)),
    ]
