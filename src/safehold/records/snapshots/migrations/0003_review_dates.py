
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('snapshots', '0002_languages'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='review_by',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='title',
            field=models.CharField(default='', max_length=255),
        ),
    ]
