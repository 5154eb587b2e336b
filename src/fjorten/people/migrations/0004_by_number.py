from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_families'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='familyrelation',
            index=models.Index(fields=['related_number'], name='relation_by_number'),
        ),
        migrations.AddIndex(
            model_name='parentalresponsibility',
            index=models.Index(fields=['responsible_number'], name='responsibility_by_number'),
        ),
    ]
