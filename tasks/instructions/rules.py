"""Who writes instructions down, and who turns them into work."""

from tasks.models import Directive, Instruction
from tasks.querysets import access_for


def can_write_instruction(user, directive: Directive) -> bool:
    """The office and the readers, about a document that is followed."""
    access = access_for(user)
    return directive.is_issued and (access.is_office or access.is_reader)


def can_handle(user, instruction: Instruction) -> bool:
    """The office, while the document is followed; nobody says of the own unit that it has done what was asked."""
    access = access_for(user)
    if not access.is_office or not instruction.directive.is_issued:
        return False
    return not ({unit.pk for unit in instruction.units.all()} & access.interested_unit_ids)


def sees_instructions(user) -> bool:
    """Whether there is a list for the person."""
    access = access_for(user)
    return access.sees_all_assignments or access.works_for_a_unit
