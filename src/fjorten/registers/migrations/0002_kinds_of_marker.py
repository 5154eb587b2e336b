"""
Keep the newest word of each kind about a child elsewhere, not only the newest word.

Of the words kept before, those of a place and those of no place can't be told apart; they count as a place, which is what they meant.
"""

from django.db import migrations, models

KINDS = [("elsewhere", "elsewhere"), ("nowhere", "nowhere"), ("hidden", "hidden")]


def name_the_hidden(apps, schema_editor):
    apps.get_model("registers", "SeenElsewhere").objects.filter(tells_no_place=True).update(kind="hidden")


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.AddField("seenelsewhere", "kind", models.CharField(choices=KINDS, default="elsewhere", max_length=9), preserve_default=False),
        migrations.RunPython(name_the_hidden, migrations.RunPython.noop),
        migrations.RemoveConstraint("seenelsewhere", "one_marker_per_number"),
        migrations.RemoveField("seenelsewhere", "tells_no_place"),
        migrations.AddConstraint(
            "seenelsewhere",
            models.UniqueConstraint(fields=["municipality", "number_digest", "kind"], name="one_marker_per_number_and_kind"),
        ),
    ]
