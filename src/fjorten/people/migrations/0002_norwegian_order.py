from django.contrib.postgres.operations import CreateCollation
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    # PostgreSQL only; SQLite gets a collation of the same name on every connection (fjorten.people.collation).
    operations = [CreateCollation("nb", provider="icu", locale="nb-NO-x-icu")]
