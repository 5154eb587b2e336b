from django.db import migrations

from fjorten.audit.never_deleted import NeverDeleted


class Migration(migrations.Migration):
    dependencies = [("access", "0002_accounts")]

    operations = [NeverDeleted("RoleHeld")]
