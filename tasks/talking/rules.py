"""Who may write beside the work, who can be mentioned there, and what may not be written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, fold
from tasks.enums import AssignmentRole
from tasks.models import Assignment, Comment, CommentScope
from tasks.querysets import access_for
from units.models import Membership, Role

WORKERS = (Role.REPORTER, Role.UNIT_HEAD)
# Nine or twelve figures that stand alone: the number of an identity card. Amounts have dots, telephones ten figures.
_CARD = re.compile(r"(?<![\d.,/-])(?:\d{9}|\d{12}|\d{3}(?: \d{3}){2}|\d{3}(?: \d{3}){3})(?![\d.,/-]*\d)(?! \d)")
_AT = re.compile(r"(?:^|(?<=[\s(]))@([^\s@]+(?: [^\s@]+){0,5})")
_EDGES = ".,;:!?()\"'"


def may_comment(user, assignment: Assignment) -> bool:
    """Whoever sees the work and has to do with it, while its document is followed."""
    access = access_for(user)
    return assignment.directive.is_issued and (access.sees_all_assignments or access.works_for_a_unit)


def scopes_for(user) -> list[CommentScope]:
    """For whom this person may write, the usual one first."""
    return [CommentScope.OFFICE, CommentScope.ALL] if access_for(user).is_office else [CommentScope.ALL]


def may_take_back(user, comment: Comment, *, today: date) -> bool:
    """The author, until midnight of the day on which it was written, while the document is followed."""
    written = timezone.localdate(comment.at, ZONE)
    own = comment.by_id == user.pk and comment.taken_back_at is None
    return own and written == today and comment.assignment.directive.is_issued


def card_number(text: str) -> bool:
    """Whether something in the text reads like the number of an identity card."""
    return _CARD.search(text) is not None


# --- people who can be mentioned --------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody who may read the comment."""

    id: int
    name: str
    place: str
    unit_id: int


def people_for(user, assignment: Assignment, scope: str, *, today: date) -> list[Person]:
    """Whom a comment of that scope may mention, by unit and name (one statement).

    Within the office its people; open ones also the unit's own, the lead's or the monitors', and the readers. Somebody
    of a unit is offered the office's people, the unit's and those of the own units: no names of others.
    """
    access = access_for(user)
    wanted = Q(role=Role.OFFICE, unit=assignment.directive.office_id)
    if scope == CommentScope.ALL:
        near = {assignment.unit_id}
        if access.is_office:
            near |= set(assignment.task.monitors.values_list("pk", flat=True))
            if assignment.role != AssignmentRole.LEAD:
                leads = Assignment.objects.visible_to(user).filter(task=assignment.task_id, role=AssignmentRole.LEAD)
                near |= set(leads.order_by().values_list("unit_id", flat=True)[:30])
            wanted |= Q(role=Role.READER)
        else:
            near |= access.reporter_unit_ids | access.head_unit_ids
        wanted |= Q(role__in=WORKERS, unit__in=near)
    rows = (
        Membership.objects.active_on(today)
        .filter(wanted)
        .exclude(user=user.pk)
        .select_related("user", "unit")
        .order_by("unit__sort_order", "user__sort_key", "user_id", "pk")
    )
    found: dict[int, Person] = {}
    for row in rows:
        found.setdefault(row.user_id, Person(row.user_id, row.user.full_name, row.unit.short_name, row.unit_id))
    return list(found.values())


@dataclass(frozen=True)
class Named:
    """What the names after "@" in a text mean."""

    people: set[int]
    unknown: list[str]
    ambiguous: list[tuple[str, list[Person]]]


def named_in(text: str, people: Iterable[Person], ticked: set[int]) -> Named:
    """Read "@Nguyễn Thị Hạnh" and "@Hạnh": a whole name, or its end where one person has it.

    Args:
        ticked: people chosen from the list; where a name is several people's, those of them who are ticked are meant.
    """
    by_name = [(fold(person.name).split(), person) for person in people]
    found: set[int] = set()
    unknown: list[str] = []
    ambiguous: list[tuple[str, list[Person]]] = []
    for match in _AT.finditer(text):
        words = match[1].split(" ")
        for count in range(len(words), 0, -1):
            typed = " ".join(words[:count]).rstrip(_EDGES)
            sought = fold(typed).split()
            fits = [person for name, person in by_name if name == sought] or [
                person for name, person in by_name if sought and name[-len(sought) :] == sought
            ]
            if fits:
                chosen = [person for person in fits if person.id in ticked]
                if len(fits) == 1:
                    found.add(fits[0].id)
                elif not chosen:
                    ambiguous.append((typed, fits))
                break
        else:
            unknown.append(words[0].rstrip(_EDGES))
    return Named(found | ticked, unknown, ambiguous)
