"""The tables of privacy as they are after 0006_word_email: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import privacy.fields
from django.conf import settings
from django.db import migrations, models

from privacy.append_only import append_only


class Migration(migrations.Migration):

    replaces = [
        ("privacy", "0001_initial"),
        ("privacy", "0002_append_only"),
        ("privacy", "0003_key_check"),
        ("privacy", "0004_sealed_sessions"),
        ("privacy", "0005_shared_value"),
        ("privacy", "0006_word_email"),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', privacy.fields.EncryptedTextField(default='Waymark')),
                ('mark', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'check of the keys',
                'verbose_name_plural': 'checks of the keys',
            },
        ),
        migrations.CreateModel(
            name='KeyRotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'change of keys',
                'verbose_name_plural': 'changes of keys',
            },
        ),
        migrations.CreateModel(
            name='SharedValue',
            fields=[
                ('key', models.CharField(max_length=250, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('until', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'shared value',
                'verbose_name_plural': 'shared values',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AccessEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('actor_label', models.CharField(max_length=200, verbose_name='who, in words')),
                ('action', models.CharField(choices=[('viewed', 'viewed'), ('searched', 'searched'), ('exported', 'exported'), ('disclosed', 'disclosed'), ('erased', 'erased')], max_length=20, verbose_name='did')),
                ('subject', models.CharField(db_index=True, help_text='A key such as referral:12.', max_length=100, verbose_name='to')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='why')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'access',
                'verbose_name_plural': 'accesses',
                'ordering': ['-at', '-id'],
            },
        ),
        append_only("privacy_accessevent"),
    ]
