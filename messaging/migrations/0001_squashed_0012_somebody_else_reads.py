"""The tables of messaging as they are after 0012_somebody_else_reads: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import datetime
import django.core.validators
import django.db.models.deletion
import messaging.states
import messaging.reply_words
import privacy.fields
import uuid
from django.db import migrations, models

from privacy.append_only import append_only


class Migration(migrations.Migration):

    replaces = [
        ("messaging", "0001_initial"),
        ("messaging", "0002_append_only"),
        ("messaging", "0003_lean_indexes"),
        ("messaging", "0004_replies_that_wait"),
        ("messaging", "0005_people_are_found"),
        ("messaging", "0006_rows_override_shipped_words"),
        ("messaging", "0007_word_email"),
        ("messaging", "0008_old_rows_end"),
        ("messaging", "0009_words_of_staff"),
        ("messaging", "0010_hours_chosen"),
        ("messaging", "0011_alerts_told"),
        ("messaging", "0012_somebody_else_reads"),
    ]

    initial = True

    dependencies = [
        ('privacy', '0001_squashed_0006_word_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='try')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('outcome', models.CharField(choices=[('started', 'started'), ('accepted', 'taken by the provider'), ('deferred', 'not now'), ('refused', 'refused'), ('unclear', 'no answer'), ('found', 'found at the provider'), ('not_found', 'not found at the provider'), ('delivered', 'delivered'), ('bounced', 'bounced'), ('complained', 'marked as unwanted'), ('late', 'answered after its claim was over'), ('person', 'settled by a person')], max_length=12, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, max_length=40, verbose_name='reason')),
                ('code', models.CharField(blank=True, max_length=60, verbose_name="provider's code")),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('key', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], max_length=10, primary_key=True, serialize=False, verbose_name='channel')),
                ('paused', models.BooleanField(default=False, verbose_name='paused')),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0), help_text='Wall time where the person lives.', verbose_name='quiet from')),
                ('quiet_to', models.TimeField(default=datetime.time(8, 0), verbose_name='quiet to')),
                ('urgent_any_time', models.BooleanField(default=True, help_text='Messages that were asked for a moment ago may go at night.', verbose_name='urgent ones at any hour')),
                ('spread_minutes', models.PositiveIntegerField(default=20, help_text='What waited for the morning goes out over this time, not all at once.', validators=[django.core.validators.MaxValueValidator(240)], verbose_name='spread in minutes')),
                ('rate_per_s', models.PositiveIntegerField(default=0, help_text='0 means no limit.', validators=[django.core.validators.MaxValueValidator(100000)], verbose_name='messages per second')),
                ('burst', models.PositiveIntegerField(default=50, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at once')),
                ('tokens', models.FloatField(default=1, editable=False)),
                ('filled_at', models.DateTimeField(editable=False, null=True)),
                ('failures', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('rests_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='rests until')),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
            },
        ),
        migrations.CreateModel(
            name='ChosenHours',
            fields=[
                ('address_index', models.CharField(editable=False, max_length=64, primary_key=True, serialize=False)),
                ('days', models.CharField(help_text='0 is Monday.', max_length=7, verbose_name='days')),
                ('start', models.TimeField(verbose_name='From')),
                ('until', models.TimeField(verbose_name='Until')),
                ('source', models.CharField(max_length=80, verbose_name='where')),
                ('chosen_at', models.DateTimeField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'hours that were chosen',
                'verbose_name_plural': 'hours that were chosen',
            },
        ),
        migrations.CreateModel(
            name='InboundReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], max_length=10, verbose_name='channel')),
                ('address_index', models.CharField(db_index=True, editable=False, max_length=64)),
                ('text', privacy.fields.EncryptedTextField(blank=True, verbose_name='text')),
                ('meaning', models.CharField(choices=[(messaging.reply_words.Meaning['STOP'], 'stop'), (messaging.reply_words.Meaning['START'], 'start again'), (messaging.reply_words.Meaning['HELP'], 'help'), (messaging.reply_words.Meaning['MAYBE_STOP'], 'perhaps stop'), (messaging.reply_words.Meaning['REPLY'], 'a reply')], max_length=12, verbose_name='meaning')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('waits', models.BooleanField(db_default=False, default=False, verbose_name='waits to be read')),
                ('sender', privacy.fields.EncryptedTextField(blank=True, db_default='', default='', verbose_name='from')),
            ],
            options={
                'verbose_name': 'reply',
                'verbose_name_plural': 'replies',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='id')),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], max_length=10, verbose_name='channel')),
                ('template', models.CharField(max_length=60, verbose_name='template')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('person_key', models.CharField(max_length=80, verbose_name='person')),
                ('reference', models.CharField(max_length=80, verbose_name='belongs to')),
                ('dedupe_key', models.CharField(max_length=120, verbose_name='sent once per')),
                ('address', privacy.fields.EncryptedTextField(verbose_name='address')),
                ('address_index', models.CharField(editable=False, max_length=64)),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('not_after', models.DateTimeField(verbose_name='not after')),
                ('urgent', models.BooleanField(default=False, verbose_name='asked for just now')),
                ('capped', models.BooleanField(db_default=True, default=True, verbose_name='counts to the day')),
                ('state', models.CharField(choices=[(messaging.states.State['SCHEDULED'], 'scheduled'), (messaging.states.State['CLAIMED'], 'processing'), (messaging.states.State['SENDING'], 'being sent'), (messaging.states.State['SENT'], 'sent'), (messaging.states.State['DELIVERED'], 'delivered'), (messaging.states.State['BOUNCED'], 'bounced'), (messaging.states.State['UNCERTAIN'], 'unconfirmed'), (messaging.states.State['REVIEW'], 'needs review'), (messaging.states.State['CANCELLED'], 'cancelled'), (messaging.states.State['SUPPRESSED'], 'not wanted'), (messaging.states.State['EXPIRED'], 'expired'), (messaging.states.State['DEAD'], 'failed')], default=messaging.states.State['SCHEDULED'], max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=40, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=60, verbose_name="provider's code")),
                ('changed_at', models.DateTimeField(verbose_name='since')),
                ('created_at', models.DateTimeField(verbose_name='planned')),
                ('sending_at', models.DateTimeField(blank=True, null=True, verbose_name='passed the gate')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='taken by the provider')),
                ('claim_token', models.UUIDField(blank=True, editable=False, null=True)),
                ('fence', models.PositiveIntegerField(default=0, editable=False)),
                ('tries', models.PositiveIntegerField(default=0, verbose_name='tries')),
                ('stumbles', models.PositiveIntegerField(default=0, editable=False)),
                ('resent', models.BooleanField(default=False, verbose_name='sent again after a crash')),
                ('message_id', models.CharField(max_length=120, verbose_name='Message-ID')),
                ('provider_id', models.CharField(blank=True, max_length=120, verbose_name="provider's id")),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'permissions': [('operate_queue', 'Can pause channels and settle messages'), ('read_message', 'Can read a message as it was sent')],
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, verbose_name='message')),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], max_length=10, verbose_name='channel')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=5, verbose_name='language')),
                ('subject', models.CharField(blank=True, help_text='Email only. Shown on a locked phone: say nothing about care, and use no variable.', max_length=120, verbose_name='subject')),
                ('text', models.TextField(help_text='Write {{ name }} where a variable belongs.', verbose_name='text')),
                ('html', models.TextField(blank=True, help_text='Email only. Empty: made from the text.', verbose_name='HTML')),
                ('variables', models.JSONField(blank=True, default=list, editable=False)),
            ],
            options={
                'verbose_name': 'message template',
                'verbose_name_plural': 'message templates',
                'ordering': ['key', 'channel', 'language'],
            },
        ),
        migrations.CreateModel(
            name='Permission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.CharField(editable=False, max_length=64)),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'text message')], max_length=10, verbose_name='channel')),
                ('wording', models.TextField(verbose_name='agreed to')),
                ('source', models.CharField(max_length=80, verbose_name='where')),
                ('given_at', models.DateTimeField(verbose_name='given')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'permission',
                'verbose_name_plural': 'permissions',
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=40, verbose_name='provider')),
                ('event_id', models.CharField(max_length=200, verbose_name='event')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('raw', privacy.fields.EncryptedJSONField(verbose_name='as received')),
            ],
            options={
                'verbose_name': 'provider event',
                'verbose_name_plural': 'provider events',
            },
        ),
        migrations.CreateModel(
            name='SendBudget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_key', models.CharField(max_length=80, verbose_name='person')),
                ('day', models.DateField(verbose_name='day')),
                ('used', models.PositiveIntegerField(default=0, verbose_name='sent')),
            ],
            options={
                'verbose_name': "day's messages",
                'verbose_name_plural': "days' messages",
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.CharField(db_index=True, editable=False, max_length=64)),
                ('channel', models.CharField(blank=True, choices=[('email', 'email'), ('sms', 'text message')], help_text='Empty: all.', max_length=10, verbose_name='channel')),
                ('kind', models.CharField(choices=[('stopped', 'the person said stop'), ('paused', 'the person asked for a pause'), ('bounced', 'the address does not work'), ('complained', 'marked as unwanted'), ('others', 'someone else reads it')], max_length=10, verbose_name='why')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(max_length=80, verbose_name='where')),
                ('made_at', models.DateTimeField(verbose_name='since')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
                ('by', models.CharField(blank=True, editable=False, max_length=80, null=True)),
            ],
            options={
                'verbose_name': 'suppression',
                'verbose_name_plural': 'suppressions',
            },
        ),
        migrations.CreateModel(
            name='Sweeping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'deletion of old messages',
                'verbose_name_plural': 'deletions of old messages',
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'text that was sent',
                'verbose_name_plural': 'texts that were sent',
            },
        ),
        migrations.CreateModel(
            name='AlertNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='alert')),
                ('sentence', models.TextField(verbose_name='sentence')),
                ('channel', models.CharField(blank=True, max_length=10, verbose_name='channel')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('over_at', models.DateTimeField(blank=True, null=True, verbose_name='over')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'constraints': [models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('key',), name='alert_once')],
            },
        ),
        migrations.CreateModel(
            name='WrittenWords',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='written', serialize=False, to='messaging.message', verbose_name='message')),
                ('words', privacy.fields.EncryptedTextField(verbose_name='words')),
                ('reason', privacy.fields.EncryptedTextField(verbose_name='reason')),
                ('author', models.CharField(max_length=80, verbose_name='written by')),
                ('written_at', models.DateTimeField(verbose_name='written')),
            ],
            options={
                'verbose_name': 'words of staff',
                'verbose_name_plural': 'words of staff',
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('reference'), name='message_reference'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('address_index'), name='message_address'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('person_key'), condition=models.Q(('person_key', ''), _negated=True), name='message_person'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('channel'), models.F('due_at'), models.F('id'), condition=models.Q(('state', 'scheduled')), name='message_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('state'), models.F('changed_at'), condition=models.Q(('state__in', ['claimed', 'sending', 'uncertain', 'review'])), name='message_open'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('state'), models.F('changed_at'), condition=models.Q(('state__in', ['dead', 'expired'])), name='message_failed'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('provider_id'), condition=models.Q(('provider_id', ''), _negated=True), name='message_provider'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('dedupe_key',), name='message_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('message_id',), name='message_named_once'),
        ),
        migrations.AddField(
            model_name='inboundreply',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replies', to='messaging.message', verbose_name='answers'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='messaging.message', verbose_name='message'),
        ),
        migrations.AddConstraint(
            model_name='permission',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('address_index', 'channel'), name='one_live_permission'),
        ),
        migrations.AddField(
            model_name='providerevent',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='messaging.message', verbose_name='message'),
        ),
        migrations.AddConstraint(
            model_name='sendbudget',
            constraint=models.UniqueConstraint(fields=('person_key', 'day'), name='one_budget_a_day'),
        ),
        migrations.AddField(
            model_name='messagetemplate',
            name='wording',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.wording'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='wording',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='messaging.wording', verbose_name='text'),
        ),
        migrations.AddIndex(
            model_name='inboundreply',
            index=models.Index(models.F('at'), condition=models.Q(('waits', True)), name='reply_waits'),
        ),
        migrations.AddConstraint(
            model_name='providerevent',
            constraint=models.UniqueConstraint(fields=('provider', 'event_id'), name='provider_event_once'),
        ),
        migrations.AddConstraint(
            model_name='messagetemplate',
            constraint=models.UniqueConstraint(fields=('key', 'channel', 'language'), name='one_template_each'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(models.F('at'), name='attempt_at'),
        ),
        append_only("messaging_attempt", unless="EXISTS (SELECT 1 FROM messaging_sweeping)"),
    ]
