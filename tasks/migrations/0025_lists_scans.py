"""The reports that still lack the scan of their signed paper: an index that leads to them by document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0024_loop_places")]

    operations = [
        migrations.AddIndex(
            model_name="unitreport",
            index=models.Index(
                condition=models.Q(("signed_file__isnull", True), ("state__in", ["submitted", "decided"])),
                fields=["directive", "submitted_at", "id"],
                name="report_unsigned",
            ),
        ),
    ]
