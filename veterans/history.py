"""What stood in an entry before: change by change, field by field, with who made it.

Values come from the history tables; what is sensitive has none there, of it the log says only that it changed. Two
lists of rows, whatever they hold: four statements an entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Field, Model

from accounts.models import User
from directive_tracker import vietnamese
from records.models import AuditEvent
from units.models import Area
from veterans.enums import SensitiveKind
from veterans.models import Person, PersonCategory
from veterans.verbs import READS

NOTHING = "(trống)"
# Said in the heads of the changes, or of no meaning to a reader.
_LEFT_OUT = frozenset(
    "id person version created_by created_at history_id history_date history_change_reason history_type history_user"
    " verified_by death_reported_by death_reported_at death_confirmed_by death_confirmed_at removed_by erased_at".split()
)


@dataclass
class Change:
    """What one field was and became."""

    field: str
    before: str
    after: str


@dataclass
class Moment:
    """What somebody changed at one moment."""

    at: datetime
    by: str
    what: str
    changes: list[Change] = field(default_factory=list)


def history_of(person: Person, words: Any) -> list[Moment]:
    """All changes of an entry, newest first.

    Args:
        words: gives the sentence of an event of the log.
    """
    moments: dict[tuple[datetime, int | None], Moment] = {}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=_users(person))}

    def moment(at: datetime, by: int | None, what: str = "") -> Moment:
        made = moments.setdefault((at, by), Moment(at, people.get(by or 0, "Hệ thống"), what))
        made.what = made.what or what
        return made

    events = AuditEvent.objects.about(person).exclude(verb__in=READS).order_by("pk")
    for event in events:
        made = moment(event.at, event.actor_id, words(event))
        for name in event.data.get("fields", []) if isinstance(event.data, dict) else []:
            if name in SensitiveKind.values:
                made.changes.append(Change(str(SensitiveKind(name).label), "", "đã thay đổi (không nêu nội dung)"))
    for row, changes in _changes(person):
        moment(row.history_date, row.history_user_id).changes[:0] = changes
    return sorted(moments.values(), key=lambda made: made.at, reverse=True)


def _users(person: Person) -> set[int]:
    rows = [*person.history.values_list("history_user", flat=True)]
    rows += PersonCategory.history.filter(person_id=person.pk).values_list("history_user", flat=True)
    rows += AuditEvent.objects.about(person).exclude(verb__in=READS).values_list("actor", flat=True)
    return {pk for pk in rows if pk}


def _changes(person: Person) -> Iterator[tuple[Any, list[Change]]]:
    """Each row of the two histories that changed something, with what."""
    rows = list(person.history.order_by("history_date", "history_id"))
    areas = {area.pk: area.name for area in Area.objects.filter(pk__in={row.residence_id for row in rows})}
    before = None
    for row in rows:
        if before is not None:
            yield row, _differences(Person, before, row, areas)
        before = row
    groups: dict[str, Any] = {}
    for row in PersonCategory.history.filter(person_id=person.pk).order_by("history_date", "history_id"):
        old = groups.get(row.category)
        name = row.get_category_display()
        if row.history_type == "-":
            groups.pop(row.category, None)
            yield row, [Change("Đối tượng", name, NOTHING)]
            continue
        groups[row.category] = row
        if old is None:
            # What an entry began with is no change of it.
            if row.history_date != person.created_at:
                yield row, [Change("Đối tượng", NOTHING, name)]
        else:
            found = _differences(PersonCategory, old, row, {})
            yield row, [Change(f"{name}: {change.field.lower()}", change.before, change.after) for change in found]


def _differences(model: type[Model], before: Any, after: Any, areas: dict[int, str]) -> list[Change]:
    found = []
    for column in model._meta.concrete_fields:
        if column.name in _LEFT_OUT or not hasattr(before, column.attname):
            continue
        old, new = getattr(before, column.attname), getattr(after, column.attname)
        if old != new:
            words = str(column.verbose_name)
            found.append(Change(words[:1].upper() + words[1:], _words(column, old, areas), _words(column, new, areas)))
    return found


def _words(column: Field, value: Any, areas: dict[int, str]) -> str:
    """A stored value as the screen says it."""
    if value is None or value == "":
        return NOTHING
    if column.name == "residence":
        return areas.get(value, NOTHING)
    if column.is_relation:
        return f"hồ sơ số {value}"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return vietnamese.vn_date(value)
    return str(dict(column.flatchoices).get(value, value))
