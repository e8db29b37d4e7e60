import django.db.models.deletion
from django.db import migrations, models

# What was called "open" until now is read by the desk first: "moderated". The log's snapshots speak the same language.
MODERATED = """
UPDATE conference_agendaitem SET board_mode = 'moderated' WHERE board_mode = 'open';
UPDATE conference_agendachange SET before = jsonb_set(before, '{board_mode}', '"moderated"')
  WHERE before ->> 'board_mode' = 'open';
UPDATE conference_agendachange SET after = jsonb_set(after, '{board_mode}', '"moderated"')
  WHERE after ->> 'board_mode' = 'open';
"""
OPEN = """
UPDATE conference_agendaitem SET board_mode = 'open' WHERE board_mode = 'moderated';
UPDATE conference_agendachange SET before = jsonb_set(before, '{board_mode}', '"open"')
  WHERE before ->> 'board_mode' = 'moderated';
UPDATE conference_agendachange SET after = jsonb_set(after, '{board_mode}', '"open"')
  WHERE after ->> 'board_mode' = 'moderated';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conference', '0003_the_desk'),
        ('papers', '0002_block_kind_and_part'),
    ]

    operations = [
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('offensive', 'It insults or threatens somebody'), ('names', 'It tells who somebody is'), ('untrue', 'It misquotes or is untrue'), ('off_topic', 'It has nothing to do with this'), ('other', 'Something else')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('settled', models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='agendaitem',
            name='item_mode_known',
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='board_opens_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='hide_votes',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='conference',
            name='hall_code_to_ask',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='post',
            name='institution',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='agendaitem',
            name='board_mode',
            field=models.CharField(choices=[('moderated', 'The question desk reads each one first'), ('open', 'Published at once; the desk can remove them'), ('closed', 'Closed')], default='moderated', max_length=12),
        ),
        migrations.RunSQL(MODERATED, OPEN),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('board_mode__in', ['moderated', 'open', 'closed'])), name='item_mode_known'),
        ),
        migrations.AddField(
            model_name='flag',
            name='participant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conference.participant'),
        ),
        migrations.AddField(
            model_name='flag',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='conference.post'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('settled', False)), fields=['post'], name='flag_unsettled'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(fields=('post', 'participant'), name='flag_once_per_device'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['offensive', 'names', 'untrue', 'off_topic', 'other'])), name='flag_reason_known'),
        ),
    ]
