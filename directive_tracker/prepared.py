"""A question that pages ask again and again, put together once a process.

Django's query API takes longer to put a wide statement together than the database to answer it: half the time of a page
that reads one row with everything beside it. Here the queryset is built and compiled once with marks in the place of the
values, and each later request puts its values where the marks stood. The rows come out as Django makes them.
"""

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

# Of one question, so many forms (one for each set of rights, for example) are kept in a process.
FORMS = 64


@dataclass(frozen=True)
class _Form:
    """One compiled form of a question: the places of the values among the parameters; no compiler: it has no answer."""

    queryset: QuerySet
    compiler: SQLCompiler | None
    sql: str = ""
    params: tuple[Any, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


class Prepared:
    """A queryset that is compiled once for each key.

    Args:
        build: called with the key's parts, then with the values; returns the queryset. What it depends on must be a part of
            the key or a value. It may compare values with columns and must do nothing else with them.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self.build = build
        self._form = lru_cache(maxsize=FORMS)(self._compile)

    def rows(self, *values: int | str | datetime, key: tuple[Hashable, ...] = ()) -> list[Any]:
        """The rows for these values; one statement.

        Args:
            values: numbers, texts or moments, each always of the same type.
        """
        form, params = self._asked(values, key)
        if form.compiler is None:
            return []
        compiler = copy.copy(form.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (form.sql, params)  # type: ignore[method-assign]
        query = form.queryset.query
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=form.queryset.model,
            query=SimpleNamespace(
                get_compiler=lambda *args, **kwargs: compiler,
                extra_select=query.extra_select,
                values_select=query.values_select,
                annotation_select=query.annotation_select,
            ),
            _fields=form.queryset._fields,
            _known_related_objects={},
        )
        rows: Any = form.queryset._iterable_class(asked)  # type: ignore[arg-type]
        return list(rows)

    def statement(self, *values: int | str | datetime, key: tuple[Hashable, ...] = ()) -> tuple[str, tuple[Any, ...]]:
        """The statement for these values and its parameters, for INSERT … SELECT; empty where it can have no answer."""
        form, params = self._asked(values, key)
        return form.sql, params

    def _asked(self, values: tuple[Any, ...], key: tuple[Hashable, ...]) -> tuple[_Form, tuple[Any, ...]]:
        """The form for the key, and its parameters with the values in their places."""
        connection = connections[DEFAULT_DB_ALIAS]
        form = self._form(connection.vendor, key, tuple(type(value) for value in values))
        params = list(form.params)
        for place, number in form.places:
            params[place] = _as_param(values[number], connection)
        return form, tuple(params)

    def _compile(self, vendor: str, key: tuple[Hashable, ...], types: tuple[type, ...]) -> _Form:
        """Build and compile with marks. Errors: TypeError where a value does not come out as a parameter of its own."""
        connection = connections[DEFAULT_DB_ALIAS]
        marks = [_mark(kind, number) for number, kind in enumerate(types)]
        queryset = self.build(*key, *marks)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return _Form(queryset, None)
        numbers = {_as_param(mark, connection): number for number, mark in enumerate(marks)}
        places = tuple(
            (place, numbers[param])
            for place, param in enumerate(params)
            if isinstance(param, int | str | datetime) and param in numbers
        )
        if {number for _, number in places} != set(range(len(marks))):
            raise TypeError(f"{self.build.__qualname__}: a value is no parameter of the statement")
        return _Form(queryset, compiler, sql, tuple(params), places)


def _mark(kind: type, number: int) -> int | str | datetime:
    """A value that stands nowhere else."""
    if kind is int:
        return 7_301_845_519_206_400_000 + number
    if kind is str:
        return f"\ufdd0{number}\ufdd0"
    if kind is datetime:
        return datetime(9876, 5, 4, 3, 2, 1, number + 1, tzinfo=UTC)
    raise TypeError(f"no mark for a value of type {kind.__name__}")


def _as_param(value: Any, connection: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
