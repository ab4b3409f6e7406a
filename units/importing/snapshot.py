"""The database as a check sees it: a constant number of statements, however long the file is."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from units.models import Area, AreaAlias, Deputation, Membership, Unit

AREA_FIELDS = ("pk", "level", "code", "name", "parent_id", "valid_from", "valid_to")
UNIT_FIELDS = (
    "pk", "code", "name", "short_name", "kind", "parent_id", "area_id", "symbol", "phone", "email", "sort_order",
    "needs_head_approval", "valid_from", "valid_to",
)  # fmt: skip
PERSON_FIELDS = ("pk", "username", "full_name", "position", "phone", "email", "is_active")
ROLE_FIELDS = ("pk", "user_id", "role", "unit_id", "area_id", "is_contact", "valid_from", "valid_to")
DEPUTATION_FIELDS = ("pk", "deputy_id", "principal_id", "valid_from", "valid_to", "reason", "ended_at")


@dataclass(frozen=True)
class Snapshot:
    """Rows by primary key, each a named tuple of the fields above; spellings: area → its other names."""

    areas: dict[int, Any]
    spellings: dict[int, list[str]]
    units: dict[int, Any]
    people: dict[int, Any]
    roles: dict[int, Any]
    deputations: dict[int, Any]

    @cached_property
    def codes_used_again(self) -> set[str]:
        """The codes that more than one area has or had."""
        return {code for code, count in Counter(area.code for area in self.areas.values()).items() if count > 1}


def take_snapshot(*, lock: bool = False) -> Snapshot:
    """Read it.

    Args:
        lock: keep others from changing the rows until the transaction ends; for applying.
    """
    spellings: dict[int, list[str]] = {}
    for area, name in AreaAlias.objects.order_by("pk").values_list("area_id", "name"):
        spellings.setdefault(area, []).append(name)
    return Snapshot(
        areas=_rows(Area.objects.all(), AREA_FIELDS, lock),
        spellings=spellings,
        units=_rows(Unit.objects.all(), UNIT_FIELDS, lock),
        people=_rows(User.objects.all(), PERSON_FIELDS, lock),
        roles=_rows(Membership.objects.all(), ROLE_FIELDS, lock),
        deputations=_rows(Deputation.objects.all(), DEPUTATION_FIELDS, lock),
    )


def _rows(queryset: QuerySet, fields: tuple[str, ...], lock: bool) -> dict[int, Any]:
    if lock:
        queryset = queryset.select_for_update()
    return {row.pk: row for row in queryset.order_by("pk").values_list(*fields, named=True)}
