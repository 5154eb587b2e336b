from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import F, Q

from fjorten.appointments.holds import NoResourceIsHeldTwice
from fjorten.audit.append_only import AppendOnly

HOLDING = ["offered", "confirmed", "attended", "did_not_attend", "not_brought"]


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="held_until",
            # Nothing wrote appointments before this migration, so the default is given to no row.
            field=models.DateTimeField(default=datetime(9999, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(condition=Q(held_until__gte=F("ends_at")), name="staff_are_held_to_the_end_or_longer"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                fields=["sitting", "person"], condition=Q(state__in=HOLDING), name="a_child_has_one_place"
            ),
        ),
        migrations.AlterField(model_name="appointmentevent", name="role", field=models.CharField(max_length=64)),
        AppendOnly("AppointmentEvent"),
        NoResourceIsHeldTwice("Hold"),
    ]
