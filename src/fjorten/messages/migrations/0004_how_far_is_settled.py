"""How far what families are owed has been settled, so that a round by day looks at what has come since only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("family_messages", "0003_tries_say_when_they_were_handed_over"),
        ("organisation", "0003_how_families_know_us"),
    ]
    operations = [
        migrations.CreateModel(
            name="SettledUpTo",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organisation.municipality",
                    ),
                ),
                ("trail_seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
