"""The files of a summary report: each kind is made once from the frozen row, then handed over as it is."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from directive_tracker.vietnamese import ZONE
from records import office_suite
from records.audit import record
from records.results import keep_file
from tasks.exports.docx import CONTENT_TYPE
from tasks.models import SummaryFile, SummaryReport
from tasks.summary.writing import write

PDF_TYPE = "application/pdf"
# Texts and lines of tables that are written within two seconds on a slow machine; a longer report is a job.
QUICK = 1_500


def is_long(report: SummaryReport) -> bool:
    """Whether writing it takes longer than somebody should wait for a page."""
    data = report.data
    said = sum(len(task["said"]) for clause in data["clauses"] for task in clause["tasks"])
    return said + len(data["units"]) + len(data["overdue"]) > QUICK


def made_file(report: SummaryReport, kind: str) -> SummaryFile | None:
    """The file of this kind, where it has been made."""
    return SummaryFile.objects.filter(report=report, kind=kind).select_related("file").first()


def word_file(report: SummaryReport, *, by: Any, now: datetime) -> SummaryFile:
    """The Word file, made on the first call.

    Args:
        report: with template and its file loaded.

    Errors: templates.TemplateRefused where the office's own template cannot be filled in.
    """
    found = made_file(report, SummaryFile.Kind.DOCX)
    if found is not None:
        return found
    content = write(report, moment=now, demo=settings.DEMO)
    return _keep(report, SummaryFile.Kind.DOCX, content, by=by, now=now)


def pdf_file(report: SummaryReport, *, by: Any, now: datetime) -> SummaryFile:
    """The PDF of the Word file, made on the first call.

    Errors: office_suite.CannotConvert, also where there is no office suite; templates.TemplateRefused.
    """
    found = made_file(report, SummaryFile.Kind.PDF)
    if found is not None:
        return found
    program = office_suite.find_program()
    if program is None:
        raise office_suite.CannotConvert("there is no office suite")
    with word_file(report, by=by, now=now).file.open_plain() as word:
        content = office_suite.to_pdf(word.read(), program=program)
    return _keep(report, SummaryFile.Kind.PDF, content, by=by, now=now)


@transaction.atomic
def _keep(report: SummaryReport, kind: str, content: bytes, *, by: Any, now: datetime) -> SummaryFile:
    """File it; whoever was faster has made the same file, and theirs stays."""
    SummaryReport.objects.select_for_update().only("pk").get(pk=report.pk)
    found = made_file(report, kind)
    if found is not None:
        return found
    day = report.as_of.astimezone(ZONE).date()
    name = f"bao-cao-tong-hop-{report.directive_id}-{day:%Y%m%d}-du-thao-{report.draft_number}.{kind}"
    content_type = CONTENT_TYPE if kind == SummaryFile.Kind.DOCX else PDF_TYPE
    stored = keep_file(content, name, content_type, by=by, now=now)
    made = SummaryFile.objects.create(report=report, kind=kind, file=stored, made_at=now)
    record("summary.file_made", by=by, at=now, target=report, data={"file": name})
    return made
