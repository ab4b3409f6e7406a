"""What older rows say of the new columns: how often time was granted, what was agreed, what units gave back."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill_in(apps, schema_editor):
    assignments = apps.get_model("tasks", "Assignment").objects
    requests = apps.get_model("tasks", "ExtensionRequest").objects
    granted = (
        requests.filter(assignment=OuterRef("pk"), state="approved")
        .order_by()
        .values("assignment")
        .annotate(times=Count("pk"))
        .values("times")
    )
    extended = assignments.filter(pk__in=requests.filter(state="approved").values("assignment"))
    extended.update(extended_times=Coalesce(Subquery(granted), 0))
    # Acknowledged without objection: the day proposed by the office was agreed.
    taken = assignments.filter(acknowledged_on__isnull=False, due_current__isnull=False, due_source="office")
    taken.update(due_source="agreed")
    questions = apps.get_model("tasks", "UnitQuestion").objects
    for assignment in assignments.filter(state="returned_by_unit"):
        step = assignment.status_changes.filter(new_state="returned_by_unit").order_by("-pk").first()
        if step is not None and step.by_id is not None:
            questions.create(
                assignment=assignment,
                kind="not_ours",
                words=step.note or assignment.state_reason,
                old_due=assignment.due_current,
                due_version=assignment.due_version,
                asked_by_id=step.by_id,
                asked_at=step.at,
            )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0010_asking_and_taking_back")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
