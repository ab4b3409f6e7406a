"""What one document's overview looks for – newly late, waiting for somebody – without reading its other work; made while the
program runs."""

from django.db import migrations, models

from directive_tracker.gently import AddIndexGently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("tasks", "0036_reading_and_signing"),
    ]

    operations = [
        AddIndexGently(
            model_name="assignment",
            index=models.Index(fields=["directive", "due_current", "id"], name="assignment_directive_due"),
        ),
        AddIndexGently(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "awaiting_unit_head", "returned_by_unit"])),
                fields=["directive", "state"],
                name="assignment_waits",
            ),
        ),
    ]
