"""A question that pages ask again and again, put together once a process.

Django's query API takes longer to put a wide statement together than the database to answer it: half the time of a page
that reads one row with everything beside it. Here the queryset is built and compiled once with marks in the place of the
values, and each later request puts its values where the marks stood. The rows come out as Django makes them.

Rights are a part of the key, and the keys of units in them are values too: whoever has the same rights in another unit asks
the same question. PostgreSQL keeps the plans (directive_tracker/plans.py).
"""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from directive_tracker import replica
from directive_tracker.plans import Plan, plan_of

# Of one question, so many forms (one for each set of rights, for example) are kept in a process.
FORMS = 64
# The first number that no column holds.
_BEYOND = 2**63
# Marks of the values and of the keys in rights do not meet.
_FIRST_ID = 100_000


class Rights(ABC):
    """A part of the key that holds keys of rows; these are compared with columns and nothing else is done with them."""

    @property
    @abstractmethod
    def ids(self) -> tuple[int, ...]:
        """All of them, in an order of their own."""

    @abstractmethod
    def with_ids(self, ids: Sequence[int]) -> "Rights":
        """The same rights about other rows: each key replaced by the one that stands in its place in `ids`."""

    @property
    @abstractmethod
    def shape(self) -> "Rights":
        """The same for all who have the same rights about other rows."""


@dataclass(frozen=True)
class _Form:
    """One compiled form of a question: the places of the values among the parameters; no compiler: it has no answer.

    What Django finds out anew for every evaluation – how columns become values, which columns make which object – is the
    same for each and kept with the form.
    """

    queryset: QuerySet
    compiler: SQLCompiler | None
    sql: str = ""
    params: tuple[Any, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    plan: Plan | None = None

    @property
    def makes_objects(self) -> bool:
        """Whether the rows are objects of a model, not dictionaries or tuples."""
        return self.queryset._iterable_class is ModelIterable

    @cached_property
    def _compiled(self) -> Any:
        return self.compiler

    @cached_property
    def _converters(self) -> dict[int, Any]:
        """Column → what turns its value into a Python value."""
        compiler = self._compiled
        return dict(compiler.get_converters([expression for expression, *_ in compiler.select[: compiler.col_count]]))

    @cached_property
    def _parts(self) -> tuple[type[Model], slice, list[str], list[Any]]:
        """The model, its columns and their names, and what makes the related objects of a row."""
        info, select = self._compiled.klass_info, self._compiled.select
        columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = [expression.target.attname for expression, *_ in select[columns]]
        return info["model"], columns, names, get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def objects(self, sql: str, params: tuple[Any, ...], using: str) -> list[Any]:
        """The objects as Django's ModelIterable makes them; they are the primary's, wherever they were read."""
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
        model, columns, names, related = self._parts
        annotations = (self._compiled.annotation_col_map or {}).items()
        made = []
        for raw in found:
            row = list(raw)
            for place, (converters, expression) in self._converters.items():
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            item = model.from_db(DEFAULT_DB_ALIAS, names, row[columns])
            for populator in related:
                populator.populate(row, item)
            for name, place in annotations:
                setattr(item, name, row[place])
            made.append(item)
        return made

    def plain_rows(self, sql: str, params: tuple[Any, ...], using: str) -> list[Any]:
        """Dictionaries, tuples or single values, as the queryset says."""
        compiler = copy.copy(self._compiled)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *args, **kwargs: (sql, params)
        compiler.get_converters = lambda fields: self._converters
        query = self.queryset.query
        asked = SimpleNamespace(
            db=using,
            model=self.queryset.model,
            query=SimpleNamespace(
                get_compiler=lambda *args, **kwargs: compiler,
                extra_select=query.extra_select,
                values_select=query.values_select,
                selected=query.selected,
                annotation_select=query.annotation_select,
            ),
            _fields=self.queryset._fields,
            _known_related_objects={},
        )
        rows: Any = self.queryset._iterable_class(asked)  # type: ignore[arg-type]
        return list(rows)


class Prepared:
    """A queryset that is compiled once for each key.

    Args:
        build: called with the key's parts, then with the values; returns the queryset. What it depends on must be a part of
            the key or a value. It may compare values with columns and must do nothing else with them.
        primary: never asked of a replica (directive_tracker/replica.py).
    """

    def __init__(self, build: Callable[..., QuerySet], *, primary: bool = False) -> None:
        self.build, self.primary = build, primary
        self._form = lru_cache(maxsize=FORMS)(self._compile)

    def rows(self, *values: int | str | date, key: tuple[Hashable, ...] = ()) -> list[Any]:
        """The rows for these values; one statement.

        Args:
            values: numbers, texts, days or moments, each always of the same type.
        """
        form, params = self._asked(values, key)
        if form.compiler is None or not _fit(values):
            return []
        using = DEFAULT_DB_ALIAS if self.primary else replica.alias()
        asked = form.plan.asked(params, using=using) if form.plan else (form.sql, params)
        return form.objects(*asked, using) if form.makes_objects else form.plain_rows(*asked, using)

    def statement(self, *values: int | str | date, key: tuple[Hashable, ...] = ()) -> tuple[str, tuple[Any, ...]]:
        """The statement for these values and its parameters, for INSERT … SELECT; empty where it can have no answer."""
        form, params = self._asked(values, key)
        return (form.sql, params) if _fit(values) else ("", ())

    def _asked(self, values: tuple[Any, ...], key: tuple[Hashable, ...]) -> tuple[_Form, tuple[Any, ...]]:
        """The form for the key, and its parameters with the values in their places."""
        connection = connections[DEFAULT_DB_ALIAS]
        shapes = tuple(part.shape if isinstance(part, Rights) else part for part in key)
        form = self._form(connection.vendor, shapes, tuple(type(value) for value in values))
        params = list(form.params)
        found = (*values, *(pk for part in key if isinstance(part, Rights) for pk in part.ids))
        for place, number in form.places:
            params[place] = _as_param(found[number], connection)
        return form, tuple(params)

    def _compile(self, vendor: str, key: tuple[Hashable, ...], types: tuple[type, ...]) -> _Form:
        """Build and compile with marks. Errors: TypeError where a value does not come out as a parameter of its own."""
        connection = connections[DEFAULT_DB_ALIAS]
        marks: list[Any] = [_mark(kind, number) for number, kind in enumerate(types)]
        values, asked = len(marks), []
        for part in key:
            ids = (
                [_mark(int, _FIRST_ID + len(marks) + n) for n in range(len(part.ids))]
                if isinstance(part, Rights)
                else []
            )
            asked.append(part.with_ids(ids) if isinstance(part, Rights) else part)
            marks += ids
        queryset = self.build(*asked, *marks[:values])
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return _Form(queryset, None)
        numbers = {_as_param(mark, connection): number for number, mark in enumerate(marks)}
        places = tuple(
            (place, numbers[param])
            for place, param in enumerate(params)
            if isinstance(param, int | str | date) and param in numbers
        )
        if not set(range(values)) <= {number for _, number in places}:
            raise TypeError(f"{self.build.__qualname__}: a value is no parameter of the statement")
        plan = plan_of(sql, params, places=[place for place, _ in places])
        return _Form(queryset, compiler, sql, tuple(params), places, plan)


def _fit(values: tuple[Any, ...]) -> bool:
    """Whether a column can hold these; nothing equals a number beyond that, and a database refuses the question."""
    return not any(type(value) is int and not -_BEYOND <= value < _BEYOND for value in values)


def _mark(kind: type, number: int) -> int | str | date:
    """A value that stands nowhere else."""
    if kind is int:
        return 7_301_845_519_206_400_000 + number
    if kind is str:
        return f"\ufdd0{number}\ufdd0"
    if kind is datetime:
        return datetime(9876, 5, 4, 3, 2, 1, number + 1, tzinfo=UTC)
    if kind is date:
        return date(9875, 5, 4) + timedelta(days=number)
    raise TypeError(f"no mark for a value of type {kind.__name__}")


def _as_param(value: Any, connection: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
