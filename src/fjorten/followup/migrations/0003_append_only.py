from django.db import migrations

from fjorten.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_cases_move")]

    operations = [AppendOnly("CaseEvent"), AppendOnly("CaseFact"), AppendOnly("LadderOverlay")]
