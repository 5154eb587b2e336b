"""The open cases in the order of the worklist: by their deadline, or the day a pause ends when that comes later."""

from django.db import migrations, models
from django.db.models.functions import Coalesce, Greatest


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("followup", "0003_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                Greatest("due_on", Coalesce("paused_until", "due_on")),
                condition=models.Q(closed_at__isnull=True),
                name="open_case_by_deadline",
            ),
        )
    ]
