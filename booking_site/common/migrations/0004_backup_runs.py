from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0003_system_config_created'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackupRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('finished_at', models.DateTimeField(verbose_name='finished')),
                ('outcome', models.CharField(choices=[('good', 'complete and checked'), ('failed', 'failed')], max_length=10, verbose_name='how it ended')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='name')),
                ('size_bytes', models.PositiveBigIntegerField(default=0, verbose_name='bytes')),
                ('tables', models.PositiveIntegerField(default=0, verbose_name='tables')),
                ('rows', models.PositiveBigIntegerField(default=0, verbose_name='rows')),
                ('files', models.PositiveIntegerField(default=0, verbose_name='files')),
                ('missing_files', models.PositiveIntegerField(default=0, verbose_name='files that were not there')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='what went wrong')),
            ],
            options={
                'verbose_name': 'backup',
                'verbose_name_plural': 'backups',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['outcome', 'finished_at'], name='backup_by_outcome')],
            },
        ),
    ]
