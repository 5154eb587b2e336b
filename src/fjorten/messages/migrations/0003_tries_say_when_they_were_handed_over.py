"""A try says when it was handed over, so that one a crash cut off before that is known never to have been."""

from django.db import migrations, models
from django.db.models import F


def earlier_tries_were_handed_over(apps, schema_editor):
    """Until now a try was written down and handed over at once: of those there are, nobody can say that they were not."""
    apps.get_model("family_messages", "Attempt").objects.filter(handed_over_at=None).update(handed_over_at=F("started_at"))


class Migration(migrations.Migration):
    dependencies = [("family_messages", "0002_tries_of_a_gateway")]
    operations = [
        migrations.AddField("attempt", "handed_over_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(earlier_tries_were_handed_over, migrations.RunPython.noop),
    ]
