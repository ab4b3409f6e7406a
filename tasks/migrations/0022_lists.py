"""The whole list of assignments by its day: an index that serves it whatever the state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0021_state_words")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["due_current", "id"], name="assignment_due"),
        ),
    ]
