"""A directive of any size, and its readers, for tests of overview, matrix and brief."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from tasks import tallies
from tasks.models import Assignment, AssignmentProduct, Directive, DirectiveTask, ReportingPeriod
from tests.factories import (
    at,
    make_clause,
    make_directive,
    make_membership,
    make_office_user,
    make_product,
    make_task,
    make_unit,
    make_user,
)
from units.models import Unit, UnitKind

TODAY = date(2024, 4, 15)
NOW = at("2024-04-15", "08:00")


@dataclass
class House:
    directive: Directive
    office: User
    reader: User
    units: list[Unit]
    tasks: list[DirectiveTask]


def make_house(units: int = 1, tasks: int = 1) -> House:
    """Every unit leads every task, due on 12/4/2024, in progress; the first task asks for a văn bản triển khai."""
    directive = make_directive()
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực Tỉnh ủy", kind=UnitKind.STANDING_COMMITTEE), "reader")
    house = House(
        directive,
        make_office_user(),
        reader,
        [make_unit(f"Huyện ủy Số {number}") for number in range(units)],
        [],
    )
    clause = make_clause(directive, "1a")
    for number in range(tasks):
        house.tasks.append(make_task(directive, f"1a.{number + 1}", clause=clause))
    created = Assignment.objects.bulk_create(
        Assignment(
            directive=directive,
            task=task,
            unit=unit,
            role="lead",
            state="in_progress",
            due_original=date(2024, 4, 12),
            due_current=date(2024, 4, 12),
            acknowledged_on=date(2024, 2, 16),
            assigned_on=date(2024, 2, 15),
            updated_at=at("2024-02-15"),
        )
        for task in house.tasks
        for unit in house.units
    )
    paper = make_product(house.tasks[0], due_kind="fixed", due_date=date(2024, 2, 29))
    AssignmentProduct.objects.bulk_create(
        AssignmentProduct(assignment=row, product=paper, due_date=date(2024, 2, 29))
        for row in created
        if row.task_id == house.tasks[0].pk
    )
    ReportingPeriod.objects.create(
        directive=directive,
        name="Kỳ tháng 4",
        opens_on=date(2024, 4, 1),
        cutoff_on=date(2024, 4, 14),
        due_on=date(2024, 4, 17),
    )
    count(house)
    return house


def count(house: House) -> None:
    """Keep the figures of everything in the house."""
    tallies.refresh(
        house.directive,
        unit_ids=[unit.pk for unit in house.units],
        task_ids=[task.pk for task in house.tasks],
        today=TODAY,
    )
