"""Who a user is today: roles, units with everything below, areas with everything below.

Resolved once per request in one statement; every `visible_to` begins here (design: seeing and doing).
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from units.models import Role

# One statement: the memberships in force, then units and areas below them.
ACCESS_SQL = """
WITH RECURSIVE mine(role, unit_id, area_id) AS (
    SELECT role, unit_id, area_id FROM units_membership
    WHERE user_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
),
unit_scope(role, id, own) AS (
    SELECT role, unit_id, 1 FROM mine WHERE unit_id IS NOT NULL
    UNION
    SELECT unit_scope.role, child.id, 0 FROM units_unit child
    JOIN unit_scope ON child.parent_id = unit_scope.id
    WHERE unit_scope.role IN ('reporter', 'unit_head')
),
area_scope(id) AS (
    SELECT area_id FROM mine WHERE role = 'registrar' AND area_id IS NOT NULL
    UNION
    SELECT child.id FROM units_area child JOIN area_scope ON child.parent_id = area_scope.id
)
SELECT 'unit', role, unit_scope.id, own, units_unit.name
FROM unit_scope JOIN units_unit ON units_unit.id = unit_scope.id
UNION ALL
SELECT 'area', 'registrar', id, 1, '' FROM area_scope
"""


@dataclass(frozen=True)
class Access:
    """The rights one user has on one day.

    own_unit_ids: units the user works in; visible_unit_ids: these and everything below
    (for reporters and heads); area_ids: a registrar's areas and everything below;
    unit_name: the own unit's name, several joined.
    """

    roles: frozenset[str] = frozenset()
    own_unit_ids: frozenset[int] = frozenset()
    reporter_unit_ids: frozenset[int] = frozenset()
    head_unit_ids: frozenset[int] = frozenset()
    visible_unit_ids: frozenset[int] = frozenset()
    area_ids: frozenset[int] = field(default=frozenset())
    unit_name: str = ""

    @property
    def is_office(self) -> bool:
        return Role.OFFICE in self.roles

    @property
    def is_reader(self) -> bool:
        return Role.READER in self.roles

    @property
    def is_reporter(self) -> bool:
        return Role.REPORTER in self.roles

    @property
    def is_unit_head(self) -> bool:
        return Role.UNIT_HEAD in self.roles

    @property
    def is_registrar(self) -> bool:
        return Role.REGISTRAR in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    @property
    def sees_all_assignments(self) -> bool:
        return self.is_office or self.is_reader

    @property
    def works_for_a_unit(self) -> bool:
        return self.is_reporter or self.is_unit_head


NOBODY = Access()


def resolve_access(user, *, today: date) -> Access:
    """Read the user's rights for that day in one statement; nobody's for a stranger."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    with connection.cursor() as cursor:
        cursor.execute(ACCESS_SQL, [user.pk, today, today])
        rows = cursor.fetchall()
    units = [(role, pk, bool(own)) for kind, role, pk, own, _ in rows if kind == "unit"]
    areas = [pk for kind, _, pk, _, _ in rows if kind == "area"]
    own_names = {name for kind, _, _, own, name in rows if kind == "unit" and own}
    return Access(
        roles=frozenset([role for role, _, _ in units] + (["registrar"] if areas else [])),
        own_unit_ids=frozenset(pk for _, pk, own in units if own),
        reporter_unit_ids=frozenset(pk for role, pk, own in units if own and role == Role.REPORTER),
        head_unit_ids=frozenset(pk for role, pk, own in units if own and role == Role.UNIT_HEAD),
        visible_unit_ids=frozenset(pk for role, pk, _ in units if role in (Role.REPORTER, Role.UNIT_HEAD)),
        area_ids=frozenset(areas),
        unit_name=" · ".join(sorted(own_names)),
    )


def access_of(user, *, today: date) -> Access:
    """The user's rights, remembered on the user object for the length of a request.

    The cache key is the day, so that a membership that ends at midnight ends for a
    long-running process too.
    """
    cached = getattr(user, "_access", None)
    if cached is None or cached[0] != today:
        cached = (today, resolve_access(user, today=today))
        user._access = cached
    return cached[1]
