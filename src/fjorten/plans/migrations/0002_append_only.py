from django.db import migrations

from fjorten.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [AppendOnly("StepEvent")]
