from django.db import migrations

from fjorten.audit.append_only import AppendOnly
from fjorten.audit.never_deleted import NeverDeleted


class Migration(migrations.Migration):
    dependencies = [("care_relations", "0001_initial")]

    operations = [
        NeverDeleted("Authorisation"),
        NeverDeleted("Emergency"),
        NeverDeleted("NamedForProtected"),
        NeverDeleted("Blocked"),
        AppendOnly("AccessReview"),
    ]
