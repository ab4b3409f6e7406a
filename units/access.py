"""Who a user is today: roles, units with everything below, areas with everything below.

Resolved once per request in one statement, together with those whom the user may stand in for; every `visible_to`
begins here (design: seeing and doing).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from directive_tracker.plans import kept
from directive_tracker.prepared import Rights
from units.roles import Role

# One statement: the user and those whom the user may stand in for that day, their memberships in force, then units and
# areas below them. UNION (not UNION ALL) ends even where a tree has been bent into a circle.
# The CTEs `who` and `mine` are for statements that are hung on as well (`also`).
ACCESS_SQL = """
WITH RECURSIVE who(id, name, until) AS (
    SELECT CAST(%s AS bigint), '', CAST(NULL AS date)
    UNION ALL
    SELECT accounts_user.id, accounts_user.full_name, units_deputation.valid_to FROM units_deputation
    JOIN accounts_user ON accounts_user.id = units_deputation.principal_id AND accounts_user.is_active
    WHERE units_deputation.deputy_id = %s AND units_deputation.ended_at IS NULL
    AND units_deputation.valid_from <= %s AND units_deputation.valid_to >= %s
),
mine(person, role, unit_id, area_id) AS (
    SELECT who.id, role, unit_id, area_id FROM who JOIN units_membership ON units_membership.user_id = who.id
    WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
),
unit_scope(person, role, id, own) AS (
    SELECT person, role, unit_id, 1 FROM mine WHERE unit_id IS NOT NULL
    UNION
    SELECT unit_scope.person, unit_scope.role, child.id, 0 FROM units_unit child
    JOIN unit_scope ON child.parent_id = unit_scope.id
    WHERE unit_scope.role IN ('reporter', 'unit_head')
),
area_scope(person, id, own) AS (
    SELECT person, area_id, 1 FROM mine WHERE role = 'registrar' AND area_id IS NOT NULL
    UNION
    SELECT area_scope.person, child.id, 0 FROM units_area child JOIN area_scope ON child.parent_id = area_scope.id
)
SELECT 'unit', person, role, unit_scope.id, own, units_unit.name, CAST(NULL AS date)
FROM unit_scope JOIN units_unit ON units_unit.id = unit_scope.id
UNION ALL
SELECT 'area', person, 'registrar', id, own, '', CAST(NULL AS date) FROM area_scope
UNION ALL
SELECT 'person', id, '', id, 1, name, until FROM who WHERE until IS NOT NULL
"""

# The same for what a person may do in one unit alone, as its reporter or head.
_MINE_IN_FORCE = "WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)"
UNIT_ACCESS_SQL = ACCESS_SQL.replace(
    _MINE_IN_FORCE, f"{_MINE_IN_FORCE} AND unit_id = %s AND role IN ('reporter', 'unit_head')"
)

# Of the rights, the keys of rows.
_KEYS = (
    "own_unit_ids",
    "reporter_unit_ids",
    "head_unit_ids",
    "visible_unit_ids",
    "area_ids",
    "desk_unit_ids",
    "interested_unit_ids",
)


@dataclass(frozen=True)
class Access(Rights):
    """The rights one user has on one day.

    own_unit_ids: units the user works in; visible_unit_ids: these and everything below
    (for reporters and heads); area_ids: a registrar's areas and everything below;
    desk_unit_ids: own units whose business the user does (not administrators, who look after the system);
    interested_unit_ids: units whose work the user must not judge – the own ones and those of everybody whom the
    user may stand in for, whoever is being acted for at the moment;
    unit_name: the own unit's name, several joined.
    """

    roles: frozenset[str] = frozenset()
    own_unit_ids: frozenset[int] = frozenset()
    reporter_unit_ids: frozenset[int] = frozenset()
    head_unit_ids: frozenset[int] = frozenset()
    visible_unit_ids: frozenset[int] = frozenset()
    area_ids: frozenset[int] = field(default=frozenset())
    unit_name: str = ""
    desk_unit_ids: frozenset[int] = frozenset()
    interested_unit_ids: frozenset[int] = frozenset()

    @cached_property
    def ids(self) -> tuple[int, ...]:
        """The keys of all units and areas in it."""
        return tuple(sorted(set().union(*(getattr(self, name) for name in _KEYS))))

    def with_ids(self, ids: Sequence[int]) -> "Access":
        """The same rights in other units and areas, which have no name here."""
        put = dict(zip(self.ids, ids, strict=True))
        moved = {name: frozenset(put[pk] for pk in getattr(self, name)) for name in _KEYS}
        return replace(self, **moved, unit_name="")

    @cached_property
    def shape(self) -> "Access":
        """The same for everybody who has the same rights elsewhere."""
        return self.with_ids(range(len(self.ids)))

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

    @property
    def may_name_a_deputy(self) -> bool:
        """Whether the person may ask a colleague of the same unit to stand in (units/views.py)."""
        return self.is_office or self.is_reader or self.is_unit_head


NOBODY = Access()
# Roles that do no business of the unit they are noted with.
NO_DESK = (Role.ADMINISTRATOR, Role.REGISTRAR)


@dataclass(frozen=True)
class Principal:
    """Somebody whom the user may stand in for today, with what the user then sees and does."""

    id: int
    name: str
    until: date
    access: Access


@dataclass(frozen=True)
class Standing:
    """Everything that one statement says about a user and a day.

    own: the person's own rights; principals: whom the person may stand in for, by name; acting_for: the one that was
    chosen, if the deputation is still in force; stamp: the person's own roles, each with its unit or area;
    also: the rows of the statement that was hung on (person, number).
    """

    own: Access = NOBODY
    principals: tuple[Principal, ...] = ()
    acting_for: Principal | None = None
    stamp: frozenset[str] = frozenset()
    also: tuple[tuple[int, int], ...] = ()

    @property
    def access(self) -> Access:
        """The rights that count now: the principal's while acting, else the own ones."""
        return self.acting_for.access if self.acting_for else self.own


def resolve_standing(
    user: Any, *, today: date, acting_for: int | None = None, also: str = "", also_params: Iterable[Any] = ()
) -> Standing:
    """Read in one statement who the user is that day and whom the user may stand in for.

    Args:
        acting_for: the key of the person whom the user has chosen to act for; ignored once the deputation is over.
        also: a SELECT of seven columns ('also', person, '', number, 0, '', NULL as date) that is hung on; it may read
            the CTEs `who` and `mine`.
    """
    if not user.is_authenticated or not user.is_active:
        return Standing()
    params = [user.pk, user.pk, today, today, today, today, *also_params]
    with connection.cursor() as cursor:
        cursor.execute(*kept(f"{ACCESS_SQL} UNION ALL {also}" if also else ACCESS_SQL).asked(params))
        rows = cursor.fetchall()
    own = _access([row for row in rows if row[1] == user.pk])
    people = {row[1]: row for row in rows if row[0] == "person"}
    theirs = {pk: _access([row for row in rows if row[1] == pk]) for pk in people}
    interested = own.own_unit_ids.union(*(access.own_unit_ids for access in theirs.values()))
    principals = sorted(
        (Principal(pk, row[5], _day(row[6]), _handed_on(theirs[pk], own, interested)) for pk, row in people.items()),
        key=lambda principal: (principal.name, principal.id),
    )
    return Standing(
        own=replace(own, interested_unit_ids=interested),
        principals=tuple(principals),
        acting_for=next((principal for principal in principals if principal.id == acting_for), None),
        stamp=_stamp([row for row in rows if row[1] == user.pk and row[4]]),
        also=tuple((row[1], row[3]) for row in rows if row[0] == "also"),
    )


def resolve_in_unit(user: Any, unit_id: int, *, today: date) -> Standing:
    """Read in one statement what the user may do that day as reporter or head of one unit, and nothing of the rest: no other
    unit, no other role, nobody to stand in for."""
    if not user.is_authenticated or not user.is_active:
        return Standing()
    with connection.cursor() as cursor:
        cursor.execute(*kept(UNIT_ACCESS_SQL).asked([user.pk, user.pk, today, today, today, today, unit_id]))
        rows = [row for row in cursor.fetchall() if row[1] == user.pk]
    own = _access(rows)
    return Standing(
        own=replace(own, interested_unit_ids=own.own_unit_ids), stamp=_stamp([row for row in rows if row[4]])
    )


def _access(rows: list[tuple]) -> Access:
    """The rights that one person's rows of the statement say."""
    units = [(role, pk, bool(own)) for kind, _, role, pk, own, *_ in rows if kind == "unit"]
    areas = [row[3] for row in rows if row[0] == "area"]
    own_names = {row[5] for row in rows if row[0] == "unit" and row[4]}
    return Access(
        roles=frozenset([role for role, _, _ in units] + ([Role.REGISTRAR.value] if areas else [])),
        own_unit_ids=frozenset(pk for _, pk, own in units if own),
        reporter_unit_ids=frozenset(pk for role, pk, own in units if own and role == Role.REPORTER),
        head_unit_ids=frozenset(pk for role, pk, own in units if own and role == Role.UNIT_HEAD),
        visible_unit_ids=frozenset(pk for role, pk, _ in units if role in (Role.REPORTER, Role.UNIT_HEAD)),
        area_ids=frozenset(areas),
        unit_name=" · ".join(sorted(own_names)),
        desk_unit_ids=frozenset(pk for role, pk, own in units if own and role not in NO_DESK),
    )


def _handed_on(theirs: Access, own: Access, interested: frozenset[int]) -> Access:
    """What a deputy has of the principal's rights.

    The administration is never handed on, the registry only to somebody who keeps a registry himself.
    """
    withheld = {Role.ADMINISTRATOR.value} | (set() if own.is_registrar else {Role.REGISTRAR.value})
    return replace(
        theirs,
        roles=theirs.roles - withheld,
        area_ids=theirs.area_ids if own.is_registrar else frozenset(),
        interested_unit_ids=interested,
    )


def _stamp(rows: list[tuple]) -> frozenset[str]:
    """The memberships as words: "reporter:unit:5", "registrar:area:12"."""
    return frozenset(f"{role}:{kind}:{pk}" for kind, _, role, pk, *_ in rows if kind in ("unit", "area"))


def _day(value: Any) -> date:
    """A day as PostgreSQL gives it, or as SQLite writes it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def resolve_access(user: Any, *, today: date) -> Access:
    """Read the user's own rights for that day in one statement; nobody's for a stranger."""
    return resolve_standing(user, today=today).own


@dataclass(frozen=True)
class Seer:
    """Stands for whoever has these rights where rows are chosen by rights alone; knows nothing else of anybody.

    So a question that is put together once for all who have the same rights (directive_tracker/prepared.py) fails instead
    of showing one what is another's.
    """

    access: Access


def access_of(user: Any, *, today: date) -> Access:
    """The rights that count for the user, remembered on the user object for the length of a request.

    While `user.acting_for` is set they are the principal's (nobody's once the deputation is over). The cache key is
    the day and the principal, so that a membership that ends at midnight ends for a long-running process too.
    """
    if isinstance(user, Seer):
        return user.access
    principal = getattr(user, "acting_for", None)
    key = (today, principal.pk if principal else None)
    cached = getattr(user, "_access", None)
    if cached is None or cached[0] != key:
        standing = resolve_standing(user, today=today, acting_for=key[1])
        gone = principal is not None and standing.acting_for is None
        cached = remember(user, NOBODY if gone else standing.access, today=today)
    return cached[1]


def remember(user: Any, access: Access, *, today: date) -> tuple:
    """Keep rights that have been read already on the user object, for `access_of`."""
    principal = getattr(user, "acting_for", None)
    user._access = ((today, principal.pk if principal else None), access)
    return user._access
