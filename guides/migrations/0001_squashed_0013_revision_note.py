"""The tables of guides as they are after 0013_revision_note: a new database makes them in one step.

One that has the migrations named under `replaces` keeps its tables; those files go with the next release.
"""

import django.db.models.deletion
import modelsearch.index
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ("guides", "0001_initial"),
        ("guides", "0002_archived"),
        ("guides", "0003_state_texts"),
        ("guides", "0004_word_email"),
        ("guides", "0005_level_week"),
        ("guides", "0006_draft_as_document"),
        ("guides", "0007_drop_block_tables"),
        ("guides", "0008_open_drafts"),
        ("guides", "0009_stages"),
        ("guides", "0010_accepted_suggestions"),
        ("guides", "0011_short_facts"),
        ("guides", "0012_preview_links"),
        ("guides", "0013_revision_note"),
    ]

    initial = True

    dependencies = [
        ('privacy', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Aspect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
            ],
            options={
                'verbose_name': 'aspect',
                'verbose_name_plural': 'aspects',
                'ordering': ['order', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='GlossaryTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
            ],
            options={
                'verbose_name': 'word of the glossary',
                'verbose_name_plural': 'words of the glossary',
                'ordering': ['order', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('key', models.SlugField(help_text='Names the guide in links, such as guide:residential. Keep it.', unique=True, verbose_name='key')),
                ('section', models.CharField(choices=[('levels', 'Levels of care'), ('choosing', 'Choosing a level of care'), ('first-steps', 'First steps'), ('family', 'For families and friends'), ('paying', 'Paying for care'), ('crisis', 'Get help now')], max_length=20, verbose_name='part of the site')),
                ('audience', models.CharField(default='everyone', max_length=40, verbose_name='for whom')),
                ('order', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
                ('last_reviewed', models.DateField(blank=True, null=True, verbose_name='last reviewed')),
                ('review_due', models.DateField(blank=True, help_text='At most three years after the last review.', null=True, verbose_name='next review due')),
            ],
            options={
                'verbose_name': 'guide',
                'verbose_name_plural': 'guides',
                'ordering': ['order', 'key'],
            },
        ),
        migrations.CreateModel(
            name='LevelOfCare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('slug', models.SlugField(help_text='Names the level in addresses and links; keep it.', unique=True, verbose_name='key')),
                ('order', models.PositiveSmallIntegerField(help_text='1 is the lightest level.', verbose_name='order')),
                ('asam_codes', models.JSONField(blank=True, default=list, help_text='One on each line, such as 2.1.', verbose_name='ASAM codes')),
                ('asam_edition', models.PositiveSmallIntegerField(default=4, verbose_name='ASAM edition')),
                ('week', models.JSONField(blank=True, default=list, help_text='Draws the picture of a week. One line for some days and hours, such as mon tue thu 18-21 or mon-fri 9-15. Add the line live-in where the person lives there.', null=True, verbose_name='a week there')),
            ],
            options={
                'verbose_name': 'level of care',
                'verbose_name_plural': 'levels of care',
                'ordering': ['order', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sample', models.BooleanField(default=False, help_text='Shown as a sample on every guide.', verbose_name='is a sample')),
            ],
            options={
                'verbose_name': 'author or reviewer',
                'verbose_name_plural': 'authors and reviewers',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SiteDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('help_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region='US', verbose_name='help line')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('places', models.JSONField(blank=True, default=list, help_text='Cities, one on each line.', verbose_name='places served')),
                ('sample', models.BooleanField(default=False, help_text='Shown on every page until it is off.', verbose_name='is a sample')),
            ],
            options={
                'verbose_name': 'site details',
                'verbose_name_plural': 'site details',
            },
        ),
        migrations.CreateModel(
            name='GuideEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('slug', models.SlugField(help_text="The last part of the page's address. The old address keeps working.", max_length=80, verbose_name='address')),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('summary', models.TextField(help_text='One or two sentences, shown in lists and search results.', verbose_name='summary')),
                ('blocks', models.JSONField(blank=True, default=list, verbose_name='blocks')),
                ('digest', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('stage', models.CharField(choices=[('draft', 'draft'), ('review', 'in review'), ('approved', 'approved'), ('scheduled', 'scheduled'), ('published', 'published')], default='draft', editable=False, max_length=12, verbose_name='stage')),
                ('publish_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publish at')),
                ('expire_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='unpublish at')),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='guides.guide', verbose_name='guide')),
            ],
            options={
                'verbose_name': 'guide in one language',
                'verbose_name_plural': 'guides in each language',
                'ordering': ['guide__order', 'guide__key', 'language'],
                'permissions': [('publish', 'Can publish and unpublish guides'), ('review', 'Can approve guides that others wrote')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.CharField(blank=True, default='', max_length=16, verbose_name='block')),
                ('text', models.TextField(max_length=2000, verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='guides.guideedition')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LevelFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('html', models.TextField(help_text='Two or three short sentences, as deep as for the other levels.', verbose_name='text')),
                ('short', models.CharField(blank=True, db_default='', help_text='For the table that shows levels side by side: 9 to 19 hours. At most 42 letters.', max_length=42, verbose_name='in a few words')),
                ('aspect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='guides.aspect', verbose_name='aspect')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='guides.levelofcare', verbose_name='level')),
            ],
            options={
                'verbose_name': 'fact of a level',
                'verbose_name_plural': 'facts of levels',
                'ordering': ['level__order', 'aspect__order', 'language'],
            },
        ),
        migrations.AddField(
            model_name='guide',
            name='level',
            field=models.ForeignKey(blank=True, help_text='The level that this guide explains, if it explains one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guides', to='guides.levelofcare', verbose_name='level of care'),
        ),
        migrations.CreateModel(
            name='LevelText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('short_name', models.CharField(help_text='For tables and buttons.', max_length=60, verbose_name='short name')),
                ('also_called', models.JSONField(blank=True, default=list, help_text='One on each line. Search finds these too.', verbose_name='also called')),
                ('summary', models.TextField(help_text='One or two sentences.', verbose_name='summary')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='guides.levelofcare', verbose_name='level')),
            ],
            options={
                'verbose_name': 'level in one language',
                'verbose_name_plural': 'levels in one language',
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='Moved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, unique=True, verbose_name='path')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moved', to='guides.guideedition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'old address',
                'verbose_name_plural': 'old addresses',
            },
        ),
        migrations.CreateModel(
            name='OpenDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('active_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(blank=True, null=True)),
                ('kept', models.JSONField(blank=True, null=True)),
                ('seen', models.CharField(blank=True, default='', max_length=100)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_drafts', to='guides.guideedition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'open draft',
                'verbose_name_plural': 'open drafts',
            },
        ),
        migrations.AddField(
            model_name='guide',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='written', to='guides.person', verbose_name='author'),
        ),
        migrations.AddField(
            model_name='guide',
            name='reviewer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewed', to='guides.person', verbose_name='reviewer'),
        ),
        migrations.CreateModel(
            name='PersonText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('role', models.CharField(max_length=250, verbose_name='role')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='guides.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'role in one language',
                'verbose_name_plural': 'roles in each language',
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('expires_at', models.DateTimeField(verbose_name='ends')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='guides.guideedition')),
            ],
            options={
                'verbose_name': 'preview link',
                'verbose_name_plural': 'preview links',
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('key', models.SlugField(verbose_name='key')),
                ('slug', models.SlugField(max_length=80, verbose_name='address')),
                ('path', models.CharField(max_length=200, unique=True, verbose_name='path')),
                ('section', models.CharField(max_length=20, verbose_name='part of the site')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('level', models.SlugField(blank=True, verbose_name='level')),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('summary', models.TextField(verbose_name='summary')),
                ('document', models.JSONField(verbose_name='content')),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('about', models.JSONField(verbose_name='about the guide')),
                ('links', models.TextField(blank=True, verbose_name='links')),
                ('html', models.TextField(blank=True, verbose_name='page')),
                ('gzip', models.BinaryField(default=bytes, verbose_name='page, gzip')),
                ('brotli', models.BinaryField(default=bytes, verbose_name='page, brotli')),
                ('etag', models.CharField(blank=True, max_length=80, verbose_name='ETag')),
                ('look', models.CharField(blank=True, max_length=64, verbose_name='look')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='publication', to='guides.guideedition', verbose_name='edition')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'published page',
                'verbose_name_plural': 'published pages',
                'ordering': ['order', 'key', 'language'],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, unique=True, verbose_name='language')),
                ('document', models.JSONField(verbose_name='content')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'published facts',
                'verbose_name_plural': 'published facts',
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.CharField(choices=[('saved', 'saved'), ('restored', 'an earlier version restored'), ('imported', 'brought in from files'), ('published', 'published'), ('unpublished', 'unpublished')], max_length=12, verbose_name='what happened')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='why')),
                ('document', models.JSONField(verbose_name='content')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='guides.guideedition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'revision',
                'verbose_name_plural': 'revisions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8)),
                ('kind', models.CharField(choices=[('guide', 'Guide'), ('level', 'Level of care'), ('term', 'Word')], max_length=8)),
                ('key', models.CharField(max_length=100)),
                ('path', models.CharField(max_length=250)),
                ('heading', models.CharField(max_length=250)),
                ('summary', models.TextField()),
                ('text', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('language', 'kind', 'key'), name='one_search_entry_per_thing')],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='SiteText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('service_area', models.CharField(help_text='As in “Springfield and nearby cities”.', max_length=200, verbose_name='service area')),
                ('public_coverage', models.CharField(blank=True, db_default='', help_text='What your state calls Medicaid. Empty: it is called Medicaid.', max_length=80, verbose_name='name of Medicaid here')),
                ('referral_law', models.TextField(blank=True, db_default='', help_text='One or two sentences for the page about this site. Empty: nothing is said.', verbose_name='law on paying for referrals')),
                ('licence_check', models.TextField(blank=True, db_default='', help_text='Who licenses programs here, and where families can look it up. Shown beside each state license.', verbose_name='how to check a state license')),
                ('details', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='guides.sitedetails', verbose_name='site')),
            ],
            options={
                'verbose_name': 'site details in one language',
                'verbose_name_plural': 'site details in each language',
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('publisher', models.CharField(blank=True, max_length=250, verbose_name='publisher')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='guides.guide', verbose_name='guide')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('move', models.CharField(max_length=12, verbose_name='what happened')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('note', models.TextField(blank=True, default='', verbose_name='note')),
                ('digest', models.CharField(max_length=64)),
                ('accepted', models.JSONField(blank=True, default=list, verbose_name='suggestions accepted')),
                ('told', models.BooleanField(default=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_changes', to='guides.guideedition')),
            ],
            options={
                'verbose_name': 'move of a draft',
                'verbose_name_plural': 'moves of drafts',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_here', models.BooleanField(default=False, editable=False, verbose_name='changed here')),
                ('key', models.SlugField(verbose_name='key')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('words', models.JSONField(blank=True, default=list, help_text='One on each line. A search for one finds them all.', verbose_name='words')),
            ],
            options={
                'verbose_name': 'words that mean the same',
                'verbose_name_plural': 'words that mean the same',
                'ordering': ['key', 'language'],
                'constraints': [models.UniqueConstraint(fields=('key', 'language'), name='one_synonym_row_per_language')],
            },
        ),
        migrations.CreateModel(
            name='AspectText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('aspect', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='guides.aspect', verbose_name='aspect')),
            ],
            options={
                'verbose_name': 'aspect in one language',
                'verbose_name_plural': 'aspects in one language',
                'ordering': ['language'],
                'constraints': [models.UniqueConstraint(fields=('aspect', 'language'), name='one_text_per_aspect_and_language')],
            },
        ),
        migrations.CreateModel(
            name='GlossaryText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=8, verbose_name='language')),
                ('term', models.CharField(max_length=120, verbose_name='word')),
                ('definition', models.TextField(verbose_name='what it means')),
                ('also_called', models.JSONField(blank=True, default=list, verbose_name='also called')),
                ('term_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='guides.glossaryterm', verbose_name='word')),
            ],
            options={
                'verbose_name': 'word in one language',
                'verbose_name_plural': 'words in one language',
                'ordering': ['language'],
                'constraints': [models.UniqueConstraint(fields=('term_row', 'language'), name='one_text_per_term_and_language')],
            },
        ),
        migrations.AddConstraint(
            model_name='guideedition',
            constraint=models.UniqueConstraint(fields=('guide', 'language'), name='one_edition_per_guide_and_language'),
        ),
        migrations.AddConstraint(
            model_name='guideedition',
            constraint=models.UniqueConstraint(fields=('language', 'slug'), name='one_edition_per_address'),
        ),
        migrations.AddConstraint(
            model_name='levelfact',
            constraint=models.UniqueConstraint(fields=('level', 'aspect', 'language'), name='one_fact_per_cell_and_language'),
        ),
        migrations.AddConstraint(
            model_name='leveltext',
            constraint=models.UniqueConstraint(fields=('level', 'language'), name='one_text_per_level_and_language'),
        ),
        migrations.AddConstraint(
            model_name='opendraft',
            constraint=models.UniqueConstraint(fields=('edition', 'user'), name='one_open_draft_per_person'),
        ),
        migrations.AddConstraint(
            model_name='persontext',
            constraint=models.UniqueConstraint(fields=('person', 'language'), name='one_role_per_person_and_language'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('key', 'language'), name='one_publication_per_guide_and_language'),
        ),
        migrations.AddConstraint(
            model_name='sitetext',
            constraint=models.UniqueConstraint(fields=('details', 'language'), name='one_site_text_per_language'),
        ),
    ]
