"""Names as written → rows that say who gets a task or stands under "Kính gửi"."""

from collections.abc import Iterable, Iterator

from tasks.enums import AssignmentRole
from tasks.models import DirectiveTask, TaskRecipient
from units.naming import Namebook

WRITTEN_LENGTH = 300


def recipients_of(
    task: DirectiveTask, role: AssignmentRole, names: Iterable[str], book: Namebook, *, issuer: str
) -> Iterator[TaskRecipient]:
    """Unsaved recipients, in the order of the names; a name nobody knows stays words."""
    for name in names:
        written = name[:WRITTEN_LENGTH]
        found = book.match(name, issuer=issuer)
        for match in found:
            yield TaskRecipient(
                task=task,
                role=role,
                written=written,
                unit=match.unit,
                group=match.group,
                confidence=match.confidence,
            )
        if not found:
            yield TaskRecipient(task=task, role=role, written=written)
