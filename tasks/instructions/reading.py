"""What was said about one task or one unit's part of it, for whoever sees that."""

from django.db.models import Exists, OuterRef, QuerySet

from tasks.models import Assignment, DirectiveTask, Instruction

ROWS = 25


def list_of(user, directive_id: int | None) -> QuerySet[Instruction]:
    """The list of the instructions one may see, of one document where one is named."""
    instructions = Instruction.objects.visible_to(user)
    if directive_id is not None:
        instructions = instructions.filter(directive=directive_id)
    return instructions.select_related("directive", "written_by").prefetch_related("units", "tasks").in_list_order()


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
