from django.db import migrations

from fjorten.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [AppendOnly("LedgerSnapshot")]
