"""Jobs that wait or run, apart from all that are done; made while the program runs."""

from django.db import migrations, models

from directive_tracker.gently import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("records", "0009_job_tally"),
    ]

    operations = [
        AddIndexGently(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=["state", "created_at"],
                name="job_open",
            ),
        ),
    ]
