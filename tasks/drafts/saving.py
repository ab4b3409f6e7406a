"""Keeping what was typed in a draft: part by part, and never over what somebody else saved meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from directive_tracker.writing import update_rows
from tasks.drafts.inputs import PAPER_FIELDS, REPORT_FIELDS, SECTION_FIELDS, ReportInput, SectionInput
from tasks.errors import Refused
from tasks.indicators.entry import FIGURE_FIELDS, keep_figures_typed
from tasks.models import ProgressReport, SectionFile, UnitReport

# Of a section's row, everything that typing changes.
TYPED_FIELDS = (*SECTION_FIELDS, *FIGURE_FIELDS, "version", "saved_by", "saved_at", "saved_in")


class DraftConflict(Refused):
    """Somebody else saved the draft meanwhile."""


def via_of(by) -> dict[str, str]:
    """Under which name and position the person came through a mailed link (tasks/links); empty for the signed-in."""
    via = getattr(by, "via", None)
    return {"via_name": via.name if via else "", "via_position": via.position if via else ""}


@dataclass(frozen=True)
class Clash:
    """A part that somebody else saved meanwhile; section None: the part about the whole report."""

    section: ProgressReport | None
    by: str
    at: datetime

    @property
    def sentence(self) -> str:
        """What the person is told."""
        part = f"mục {self.section.assignment.task.code}" if self.section else "phần “Toàn báo cáo”"
        return f"{self.by} vừa lưu {part}; hai bản khác nhau, cả hai đều được giữ."


@transaction.atomic
def save_draft(
    report: UnitReport,
    data: ReportInput,
    *,
    by,
    now: datetime,
    version: int,
    sections: list[ProgressReport] | None = None,
) -> list[Clash]:
    """Keep what was typed, part by part; a part that somebody else saved meanwhile stays theirs and is returned.

    Args:
        version: of the report when the form was opened; it decides for the parts that bring no version of their own.
        sections: all of the report's, where they have been read already, after the report; every change of one is a new
            version or state of the report, so old ones are found out.

    Raises:
        DraftConflict: a colleague saved in between and a part cannot say which version it is; nothing is overwritten.
        Refused: the report is not the unit's to type on now.
    """
    sections = list(report.sections.select_related("assignment__task")) if sections is None else sections
    clashes, typed = keep_typed(report, data, by=by, now=now, version=version, sections=sections)
    write_sections(typed)
    return clashes


def keep_typed(
    report: UnitReport, data: ReportInput, *, by, now: datetime, version: int, sections: list[ProgressReport]
) -> tuple[list[Clash], list[ProgressReport]]:
    """Keep what was typed, but for the sections' own rows, in the caller's transaction.

    Arguments and errors: as of save_draft, which writes the sections at once; who sends them writes each once.

    Returns: the parts that stay somebody else's, and the sections that hold what was typed and are still to be written
    (write_sections).
    """
    clashes, values = _plan(report, data, sections, version=version)
    if not _claim(report, values, by=by, now=now):
        # Somebody saved or sent since we read: wait until they are through, then look again.
        UnitReport.objects.select_for_update().get(pk=report.pk)
        report.refresh_from_db()
        refuse_closed(report)
        read_again(report, sections)
        clashes, values = _plan(report, data, sections, version=version)
        _claim(report, values, by=by, now=now)
    stale, kept = {clash.section for clash in clashes}, []
    for section in sections:
        entry = data.sections.get(section.pk)
        if entry is not None and section.is_editable and section not in stale:
            section.saved_by, section.saved_at, section.saved_in = by, now, data.page
            _keep_section(section, entry, now=now)
            kept.append(section)
    return clashes, kept


def write_sections(typed: Iterable[ProgressReport]) -> None:
    """Write the rows of sections that hold what was typed."""
    for section in typed:
        update_section(section, TYPED_FIELDS)


def update_section(section: ProgressReport, names: Iterable[str]) -> None:
    """Write these fields of the section's row."""
    attributes = [ProgressReport._meta.get_field(name).attname for name in names]
    update_rows(ProgressReport, {"id": section.pk}, {name: getattr(section, name) for name in attributes})


def read_again(report: UnitReport, sections: Iterable[ProgressReport]) -> None:
    """Read the rows anew, with what hangs on them, after somebody else wrote or a transaction was given up.

    Raises:
        Refused: a section is gone, because the report was sent meanwhile without it.
    """
    report.refresh_from_db()
    for section in sections:
        try:
            section.refresh_from_db()
        except ProgressReport.DoesNotExist:
            raise Refused("Báo cáo vừa được gửi đi rồi rút về. Xin tải lại trang.") from None
        section.may_have_copies = True


def refuse_closed(report: UnitReport) -> None:
    """Refused where nothing may be typed on the report any more."""
    if not report.is_editable:
        raise Refused(f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không sửa được.")


def _plan(
    report: UnitReport, data: ReportInput, sections: list[ProgressReport], *, version: int
) -> tuple[list[Clash], dict[str, object]]:
    """Which parts somebody else saved meanwhile, and what is new about the whole report. Raises what save_draft raises."""
    refuse_closed(report)
    typed = [(section, data.sections[section.pk]) for section in sections if section.pk in data.sections]
    knows_its_own = data.keeps_whole or data.whole_version is not None
    if version != report.version and not (knows_its_own and all(entry.version is not None for _, entry in typed)):
        raise DraftConflict(
            f"{report.writer} vừa lưu bản nháp này. Phần anh/chị gõ vẫn ở dưới, chưa lưu; xin so lại rồi lưu."
        )
    clashes = [
        Clash(section, _saver_of(section, report), section.saved_at or report.saved_at)
        for section, entry in typed
        if section.is_editable and _is_stale(entry.version, section.version, data.page, section.saved_in)
    ]
    values: dict[str, object] = {name: getattr(data, name) for name in REPORT_FIELDS}
    if data.keeps_whole or all(getattr(report, name) == value for name, value in values.items()):
        return clashes, {}
    if _is_stale(data.whole_version, report.whole_version, data.page, report.whole_saved_in):
        return [Clash(None, report.writer, report.saved_at), *clashes], {}
    return clashes, {**values, "whole_version": report.whole_version + 1, "whole_saved_in": data.page}


def _claim(report: UnitReport, values: dict[str, object], *, by, now: datetime) -> bool:
    """Let nobody else save or send until we are through; False when somebody did since the report was read."""
    new = {**values, **via_of(by), "version": report.version + 1, "saved_by": by, "saved_at": now}
    if not update_rows(UnitReport, {"id": report.pk, "version": report.version, "state": report.state}, new):
        return False
    for name, value in new.items():
        setattr(report, name, value)
    return True


def _saver_of(section: ProgressReport, report: UnitReport) -> str:
    """Who saved a section last, by the name that was typed where it came through a link."""
    is_newest = section.saved_at is None or section.saved_at == report.saved_at
    return report.writer if is_newest else str(section.saved_by)


def _is_stale(typed_version: int | None, version: int, page: str, saved_in: str) -> bool:
    """Whether somebody else saved since the page was opened; what the same page saved itself is nobody else's."""
    return typed_version is not None and typed_version != version and not (page and page == saved_in)


def _keep_section(section: ProgressReport, typed: SectionInput, *, now: datetime) -> None:
    """Put what was typed on the section, not written yet; its papers and files are written."""
    for name in SECTION_FIELDS:
        setattr(section, name, getattr(typed, name))
    keep_figures_typed(section, typed)
    section.version += 1
    for product in section.products.all():
        entry = typed.products.get(product.delivery_id)
        if entry is None:
            continue
        before = [getattr(product, name) for name in (*PAPER_FIELDS, "file")]
        for name in PAPER_FIELDS:
            setattr(product, name, getattr(entry, name))
        if entry.file is not None:
            product.file = entry.file
        if before != [getattr(product, name) for name in (*PAPER_FIELDS, "file")]:
            # A file that arrived in parts since the page was read stays.
            product.save(update_fields=[*PAPER_FIELDS, *(["file"] if entry.file is not None else [])])
    if section.assignment.task.words_and_counts_only:
        return
    for stored in typed.new_files:
        SectionFile.objects.create(section=section, file=stored)
    if typed.removed_file_ids:
        section.files.filter(pk__in=typed.removed_file_ids).update(removed_at=now)
