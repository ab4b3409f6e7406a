"""A plan → the database. The caller opens the transaction; a few statements for each kind of row."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from directive_tracker import vietnamese
from units.importing.plan import Item, Plan, Ref
from units.importing.snapshot import Snapshot
from units.models import Area, Deputation, Membership, Unit

REASON = "Nhập từ tệp"
BATCH = 500


class _Keys:
    """The primary keys of areas, units and people by their own keys, growing as rows are made."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.areas = {(one.level, one.code, one.valid_from): one.pk for one in snapshot.areas.values()}
        self.units = {one.code: one.pk for one in snapshot.units.values()}
        self.people = {one.username: one.pk for one in snapshot.people.values()}

    def of(self, keys: dict[Any, int], ref: Ref | None) -> int | None:
        """The primary key that is meant. Errors: KeyError when the row is not there."""
        return None if ref is None else keys[ref.key]


def apply_plan(plan: Plan, snapshot: Snapshot, *, by: User | None, now: datetime) -> None:
    """Write everything of the plan.

    Args:
        plan: made from this very snapshot, which was taken in this transaction.
        by: who imports; None for the command line, which cannot make deputations.
        now: moment of the history rows.
    Errors: IntegrityError when the database refuses a row; nothing may be kept then.
    """
    keys = _Keys(snapshot)
    _areas(plan.of("areas"), keys)
    _units(plan.of("units"), keys, by=by, now=now)
    _people(plan.of("persons"), keys, now=now)
    _roles(plan.of("roles"), keys)
    _deputations(plan.of("deputies"), keys, by=by, now=now)


def _areas(items: list[Item], keys: _Keys) -> None:
    def values_of(item: Item) -> dict[str, Any]:
        values = dict(item.values)
        if "parent" in values:
            values["parent_id"] = keys.of(keys.areas, values.pop("parent"))
        if "name" in values:
            # Bulk writing calls no save(), which would make the keys.
            values["search_key"] = vietnamese.fold(values["name"])
            values["sort_key"] = vietnamese.sort_key(values["name"])[:400]
        return values

    for wave in _waves([item for item in items if item.is_new], "parent"):
        made = Area.objects.bulk_create([Area(**values_of(item)) for item in wave], BATCH)
        keys.areas.update((item.key, area.pk) for item, area in zip(wave, made, strict=True))
    _update(Area, items, values_of)


def _waves(items: list[Item], name: str) -> list[list[Item]]:
    """The items in groups, each after the group that holds what it refers to."""
    groups: list[list[Item]] = []
    left = {item.key: item for item in items}
    while left:
        waiting = {key for key, item in left.items() if (ref := item.values.get(name)) and ref.key in left}
        ready = [item for key, item in left.items() if key not in waiting]
        if not ready:
            raise ValueError(f"circle among {sorted(map(str, left))}")
        groups.append(ready)
        left = {key: item for key, item in left.items() if key in waiting}
    return groups


def _update(model: Any, items: list[Item], values_of: Any) -> None:
    """Update rows in one statement for each set of changed columns and batch."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    for item in items:
        if not item.is_new:
            values = values_of(item)
            groups.setdefault(tuple(sorted(values)), []).append(model(pk=item.pk, **values))
    for names, rows in groups.items():
        model.objects.bulk_update(rows, names, BATCH)


def _units(items: list[Item], keys: _Keys, *, by: User | None, now: datetime) -> None:
    def values_of(item: Item) -> dict[str, Any]:
        values = dict(item.values)
        for name, known in (("parent", keys.units), ("area", keys.areas)):
            if name in values:
                values[f"{name}_id"] = keys.of(known, values.pop(name))
        return values

    for wave in _waves([item for item in items if item.is_new], "parent"):
        units = [_with_key(Unit(**values_of(item))) for item in wave]
        made = bulk_create_with_history(
            units, Unit, BATCH, default_user=by, default_date=now, default_change_reason=REASON
        )
        keys.units.update((item.key, unit.pk) for item, unit in zip(wave, made, strict=True))
    changes = [item for item in items if not item.is_new]
    # Whole rows: the history keeps every column of the unit.
    rows = Unit.objects.in_bulk([item.pk for item in changes])
    names = {"search_key"}
    for item in changes:
        for name, value in values_of(item).items():
            setattr(rows[item.pk], name, value)
            names.add(name.removesuffix("_id"))
        _with_key(rows[item.pk])
    moved = [item.pk for item in changes if "parent" in item.values]
    if len(moved) > 1:
        # Two units that change places would stand in a circle after the first of them.
        Unit.objects.filter(pk__in=moved).update(parent=None)
    if rows:
        bulk_update_with_history(
            list(rows.values()), Unit, sorted(names), BATCH, default_user=by, default_date=now, default_change_reason=REASON,
            manager=Unit.objects,
        )  # fmt: skip


def _with_key(unit: Unit) -> Unit:
    """The search key as Unit.save() makes it."""
    unit.search_key = vietnamese.fold(f"{unit.name} {unit.short_name} {unit.symbol}")[:400]
    return unit


def _people(items: list[Item], keys: _Keys, *, now: datetime) -> None:
    fresh = [item for item in items if item.is_new]
    # They are invited and choose a password themselves.
    people = [_with_keys(User(**item.values, password=_no_password(), date_joined=now)) for item in fresh]
    made = User.objects.bulk_create(people, BATCH)
    keys.people.update((item.key, user.pk) for item, user in zip(fresh, made, strict=True))
    changes = [item for item in items if not item.is_new]
    rows = User.objects.in_bulk([item.pk for item in changes])
    names = {"search_key", "sort_key"}
    for item in changes:
        for name, value in item.values.items():
            setattr(rows[item.pk], name, value)
            names.add(name)
        _with_keys(rows[item.pk])
    if rows:
        User.objects.bulk_update(list(rows.values()), sorted(names), BATCH)


def _no_password() -> str:
    """What make_password(None) gives, at a hundredth of its cost; the random part makes old links invalid."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)


def _with_keys(user: User) -> User:
    """The keys as User.save() makes them."""
    user.search_key = vietnamese.fold(f"{user.full_name} {user.username} {user.phone}")[:300]
    user.sort_key = vietnamese.name_key(user.full_name)[:400]
    return user


def _roles(items: list[Item], keys: _Keys) -> None:
    def values_of(item: Item) -> dict[str, Any]:
        values = dict(item.values)
        for name, known in (("user", keys.people), ("unit", keys.units), ("area", keys.areas)):
            if name in values:
                values[f"{name}_id"] = keys.of(known, values.pop(name))
        return values

    # First what is ended: a new role may begin where the same file ends an old one.
    _update(Membership, items, values_of)
    Membership.objects.bulk_create([Membership(**values_of(item)) for item in items if item.is_new], BATCH)


def _deputations(items: list[Item], keys: _Keys, *, by: User | None, now: datetime) -> None:
    def values_of(item: Item) -> dict[str, Any]:
        values = dict(item.values)
        for name in ("deputy", "principal"):
            if name in values:
                values[f"{name}_id"] = keys.of(keys.people, values.pop(name))
        return values

    _update(Deputation, items, values_of)
    made_by = by.pk if by else None
    Deputation.objects.bulk_create(
        [Deputation(**values_of(item), made_by_id=made_by, made_at=now) for item in items if item.is_new], BATCH
    )
