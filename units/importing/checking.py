"""Rows and a snapshot of the database → a plan and its errors. Reads nothing, writes nothing."""

from datetime import date

from units.importing.context import Check
from units.importing.deputies import check_deputies
from units.importing.layout import AREAS, DEPUTIES, PEOPLE, UNITS, Layout
from units.importing.people import check_people
from units.importing.places import check_areas, check_units, know_areas, know_units
from units.importing.plan import Plan, Problem
from units.importing.reading import Book, Row, Sheet
from units.importing.snapshot import Snapshot

# By which a row is known at all; a sheet without them has one error instead of one in every row.
_NEEDED = {
    AREAS: (("code",), ("level",)),
    UNITS: (("code", "name"),),
    PEOPLE: (("username",),),
    DEPUTIES: (("deputy",), ("principal",), ("valid_from",), ("valid_to",)),
}
_STEPS = ((AREAS, check_areas), (UNITS, check_units), (PEOPLE, check_people), (DEPUTIES, check_deputies))
_LINES = {AREAS: ("areas",), UNITS: ("units",), PEOPLE: ("persons", "roles"), DEPUTIES: ("deputies",)}


def check_book(book: Book, snapshot: Snapshot, *, today: date) -> Plan:
    """What importing the book would do today, and everything that is wrong in it.

    Later sheets may name what earlier ones make: areas, then units, then people and roles, then deputies.
    Rows with an error, and rows that need what such a row would make, are left out of the plan.
    """
    check = Check(snapshot, today)
    check.plan.remarks.extend(book.remarks)
    know_areas(check)
    know_units(check)
    for person in snapshot.people.values():
        check.people.add(person.username, person.full_name)
    rows: dict[str, list[Row]] = {kind: [] for kind, _ in _STEPS}
    for sheet in book.sheets:
        if _has_what_it_needs(check, sheet):
            rows[sheet.layout.kind].extend(sheet.rows)
            for line in _LINES[sheet.layout.kind]:
                check.plan.count(line, "same", 0)
    for kind, step in _STEPS:
        step(check, rows[kind])
    order = {sheet.title: place for place, sheet in enumerate(book.sheets)}
    check.plan.problems.sort(key=lambda one: (order.get(one.sheet, -1), one.row or 0, len(one.letter), one.letter))
    check.plan.remarks.sort(key=lambda one: (order.get(one.sheet, -1), one.row or 0))
    return check.plan


def _has_what_it_needs(check: Check, sheet: Sheet) -> bool:
    for names in _NEEDED[sheet.layout.kind]:
        if not any(name in sheet.places for name in names):
            words = " hoặc ".join(f"“{sheet.layout.column(name).header}”" for name in names)
            check.plan.problems.append(
                Problem(sheet.title, None, "", "", "", f"Thiếu cột {words}.", _columns(sheet.layout))
            )
            check.plan.count(_LINES[sheet.layout.kind][0], "error", len(sheet.rows))
            return False
    return True


def _columns(layout: Layout) -> str:
    return "Các cột của trang này: " + ", ".join(column.header for column in layout.columns) + "."
