"""What was said about one task or one unit's part of it, for whoever sees that."""

from django.db.models import Exists, OuterRef

from tasks.models import Assignment, DirectiveTask, Instruction

ROWS = 25


def any_instruction() -> Exists:
    """Annotation of assignments: whether anything at all was said about their document, so that most pages ask no more."""
    return Exists(Instruction.objects.filter(directive=OuterRef("directive_id")))


def about_assignment(user, assignment: Assignment) -> list[Instruction]:
    """The newest ones about one piece of work; one statement, none where `any_instruction` has said no."""
    if not getattr(assignment, "has_instructions", True):
        return []
    found = Instruction.objects.visible_to(user).about(task=assignment.task, unit=assignment.unit)
    return list(found.order_by("-said_on", "-pk")[:ROWS])


def about_task(user, task: DirectiveTask) -> list[Instruction]:
    """The newest ones about one task; one statement."""
    return list(Instruction.objects.visible_to(user).about(task=task).order_by("-said_on", "-pk")[:ROWS])
