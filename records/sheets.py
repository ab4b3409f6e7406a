"""Lists that can be taken along as an Excel file: each is named once, and what is written is what its page shows.

A room registers a list with a function that opens it for one person and the filters of the page's address; the page has
a button (`{% sheet_button %}`) that posts just these filters. The rows are asked for with the rights of the moment at which
they are written: a long list is written by a job, and whoever lost a right meanwhile gets nothing.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict

from directive_tracker.vietnamese import ZONE, fold
from records.audit import record
from records.sheetfile import Column, Head, write_list

# Rows that are handed over at once; more are written by a job.
AT_ONCE = 2_000
CHUNK = 500
# Of what the page's address is, so much is carried along.
MOST_FILTER = 4_000
_FILE_NAME = 60


def params_of(text: str) -> QueryDict:
    """The filters of a page's address, without the one sign that no database keeps.

    Errors: SuspiciousOperation (400) for more parameters than a page has.
    """
    return QueryDict(text[:MOST_FILTER].replace("\x00", "").replace("%00", ""))


@dataclass(frozen=True)
class Asked:
    """Somebody's wish: who asks, the filters of the page's address, the moment."""

    user: Any
    params: QueryDict
    now: datetime

    @property
    def today(self) -> date:
        """The day in Việt Nam."""
        return self.now.astimezone(ZONE).date()


@dataclass(frozen=True)
class Filter:
    """One condition in words. typed: the value is what somebody typed; it may name a person and stays out of the log."""

    label: str
    value: str
    typed: bool = False


@dataclass(frozen=True)
class Opened:
    """A list as one person may see it.

    count: how many rows there are, counted no further than its argument. target: what the log's line is about.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    count: Callable[[int], int]
    filters: Sequence[Filter] = ()
    target: Model | None = None

    @property
    def filter_words(self) -> str:
        """The filters as they stand above the rows."""
        return "; ".join(f"{one.label}: {one.value}" for one in self.filters)

    @property
    def logged_words(self) -> str:
        """The filters for the log: what was typed is only named."""
        return "; ".join(one.label if one.typed else f"{one.label}: {one.value}" for one in self.filters)


Opener = Callable[[Asked], Opened]
_lists: dict[str, Opener] = {}


def register(key: str, opener: Opener) -> None:
    """Name a list; called in AppConfig.ready().

    Args:
        key: stands in the address of the button, e.g. "phan-viec".
        opener: called with Asked; says what the list holds for that person.
            Errors: PermissionDenied for a page that is not the person's, Http404 for what the person may not know of.

    Errors: ValueError when another list has the name.
    """
    if _lists.setdefault(key, opener) is not opener:
        raise ValueError(f"the list {key!r} is registered twice")


def keys() -> list[str]:
    """The names of all lists."""
    return sorted(_lists)


def open_list(key: str, asked: Asked) -> Opened:
    """The list for this person. Errors: Http404 for a name that is none, and whatever the list says."""
    if key not in _lists:
        raise Http404("Không có danh sách này.")
    return _lists[key](asked)


def rows_by_chunks(
    found: QuerySet, lines: Callable[[list[Any]], Iterable[Sequence[Any]]], *, chunk: int = CHUNK
) -> Iterator[Sequence[Any]]:
    """The rows of a queryset in its order, a chunk at a time.

    The keys are read first and the rows by them: no statement stays open while a job notes its progress (SQLite would
    refuse the note), and nobody is written twice or left out where rows are added meanwhile.

    Args:
        lines: a chunk of rows → their values.
    """
    keys_in_order = array("q", found.values_list("pk", flat=True))
    for start in range(0, len(keys_in_order), chunk):
        wanted = keys_in_order[start : start + chunk].tolist()
        there = {row.pk: row for row in found.order_by().filter(pk__in=wanted)}
        yield from lines([there[pk] for pk in wanted if pk in there])


def counter(found: QuerySet) -> Callable[[int], int]:
    """Counts a queryset no further than it is asked to."""
    return lambda limit: found.order_by().values("pk")[:limit].count()


def of_queryset(
    title: str,
    columns: Sequence[Column],
    found: QuerySet,
    lines: Callable[[list[Any]], Iterable[Sequence[Any]]],
    **more: Any,
) -> Opened:
    """A list whose rows are those of a queryset; `more` as in Opened."""
    return Opened(title, columns, rows_by_chunks(found, lines), counter(found), **more)


def of_rows(title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], **more: Any) -> Opened:
    """A list that is short by nature; `more` as in Opened."""
    return Opened(title, columns, rows, lambda limit: min(len(rows), limit), **more)


@dataclass
class Written:
    """A file that was written: how many rows, what it is called."""

    rows: int
    name: str
    opened: Opened = field(repr=False)


def write(
    key: str,
    asked: Asked,
    target: Any,
    *,
    opened: Opened | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the list and the line in the log that says who took what along.

    Args:
        target: a path or a binary file.
        opened: the list, where it has been opened already in this request.
        step: told (done, total); may raise to stop.

    Errors: as open_list.
    """
    opened = opened or open_list(key, asked)
    head = Head(opened.title, asked.now, opened.filter_words, settings.DEMO)
    rows = write_list(target, head, opened.columns, opened.rows, total=opened.count(10_000_000), step=step)
    name = "-".join(fold(opened.title).split())
    kept = "".join(sign for sign in name if sign.isalnum() or sign == "-")[:_FILE_NAME].strip("-") or "danh-sach"
    written = Written(rows, f"{kept}-{asked.today:%Y%m%d}.xlsx", opened)
    data = {"count": rows, "file": written.name, "list": opened.title}
    if opened.filters:
        data["filter"] = opened.logged_words
    record("export.list", by=asked.user, at=asked.now, target=opened.target, data=data)
    return written
