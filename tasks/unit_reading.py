"""Which unit a page is about, and a unit's reports: the list of all, and one that was not sent yet, made readable like a sent one."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id
from tasks.enums import SectionState
from tasks.indicators.reading import lines_of
from tasks.models import ReportRound, UnitReport
from tasks.querysets import access_for
from tasks.reporting import content_of
from tasks.reportview import SectionReading, changes_of, read_round
from tasks.rounds.differences import Differences, between
from units.access import Access
from units.models import Unit


def chosen_unit(wanted: str, units: list[Unit], access: Access) -> Unit:
    """The unit that the address names, one's own or one below; the first own one when it names none.

    Errors: Http404 for a unit the person may not know of.
    """
    if not wanted:
        return units[0]
    pk = row_id(wanted)
    if pk not in access.visible_unit_ids:
        raise Http404("Không có đơn vị này trong các đơn vị anh/chị được xem.")
    return next((unit for unit in units if unit.pk == pk), None) or get_object_or_404(Unit, pk=pk)


def reports_of_units(user: Any) -> QuerySet:
    """The reports of the person's units and the units below, newest first, each with how many sections it has."""
    return (
        UnitReport.objects.visible_to(user)
        .filter(unit__in=access_for(user).visible_unit_ids)
        .select_related("unit", "directive", "period", "submitted_by")
        .annotate(
            section_count=Count("sections"),
            accepted_count=Count("sections", filter=Q(sections__state=SectionState.ACCEPTED)),
            returned_count=Count("sections", filter=Q(sections__state=SectionState.RETURNED)),
        )
        .order_by("-pk")
    )


def drafted_sections(report: UnitReport) -> list[SectionReading]:
    """Every section as it would be sent now, in the order of the tasks.

    The round of each reading is not stored; it has no sender. A fixed number of statements.
    """
    sections = (
        report.sections.select_related(
            "assignment__task__directive", "assignment__unit", "assignment__directive", "unit_report"
        )
        .prefetch_related(
            "products__delivery__product",
            "products__file",
            "files__file",
            "rounds__submitted_by",
            "rounds__decided_by",
            "rounds__files",
            "assignment__task__indicators__categories",
        )
        .order_by("assignment__task__order", "pk")
    )
    return [_reading(section) for section in sections]


def _reading(section) -> SectionReading:
    sent = sorted(section.rounds.all(), key=lambda item: item.number)
    draft = ReportRound(section=section, number=len(sent) + 1, content=content_of(section))
    changes = _changes(section, sent, draft)
    draft.content = read_round(draft)
    return SectionReading(
        section=section,
        round=draft,
        rounds=sent,
        indicators=lines_of(section.assignment.task.indicators.all(), draft.content),
        products=draft.content["products"],
        files=[item.file for item in section.files.all() if item.removed_at is None],
        changes=changes,
    )


def _changes(section, sent: list[ReportRound], draft: ReportRound) -> list[Differences]:
    """What is new since the last sending, then what changed before."""
    if not sent or not section.is_editable:
        return changes_of(section, sent)
    measures = {item.code: (item.name, item.measure) for item in section.assignment.task.indicators.all()}
    step = between(sent[-1], draft, measures)
    was = {file.pk: file.original_name for file in sent[-1].files.all()}
    now = {item.file_id: item.file.original_name for item in section.files.all() if item.removed_at is None}
    step.compare_files(was, now)
    return [*([step] if step else []), *changes_of(section, sent)]
