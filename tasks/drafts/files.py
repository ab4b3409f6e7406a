"""Files that reach a section of a draft one by one, while the rest is being typed."""

from datetime import datetime

from django.db import transaction

from records import partial
from records.models import PartialUpload
from tasks.errors import Refused
from tasks.models import ProgressReport, SectionFile, SectionProduct, UnitReport

SENT = "Mục này vừa được gửi hoặc không còn sửa được; tệp chưa kèm vào. Xin tải lại trang."


def attach(
    report: UnitReport, section_id: int, upload: PartialUpload, *, checksum: str, by, now: datetime
) -> SectionFile:
    """Check a file that came in parts and attach it to a section.

    Errors: Refused when the section takes no file now; those of records.partial.finish.
    """
    section = _fit_section(report, section_id)
    stored = partial.finish(upload, checksum=checksum, by=by, now=now)
    with transaction.atomic():
        _hold(report, section)
        return SectionFile.objects.create(section=section, file=stored)


def attach_paper(
    report: UnitReport, section_id: int, delivery_id: int, upload: PartialUpload, *, checksum: str, by, now: datetime
) -> SectionProduct:
    """The same for the file of one paper that the section owes; another file takes the place of the one before.

    Errors: as attach.
    """
    section = _fit_section(report, section_id)
    product = section.products.filter(delivery=delivery_id).first()
    if product is None:
        raise Refused("Mục này không còn văn bản đó. Xin tải lại trang.")
    stored = partial.finish(upload, checksum=checksum, by=by, now=now)
    with transaction.atomic():
        _hold(report, section)
        product.file = stored
        product.save(update_fields=["file"])
    return product


def _fit_section(report: UnitReport, section_id: int) -> ProgressReport:
    section = report.sections.select_related("assignment__task").filter(pk=section_id).first()
    if section is None or not section.is_editable:
        raise Refused(SENT)
    if section.assignment.task.words_and_counts_only:
        raise Refused("Mục này chỉ nhận chữ và số đếm, không nhận tệp.")
    return section


def _hold(report: UnitReport, section: ProgressReport) -> None:
    """Sending the report waits for this row as well, so no file arrives after it."""
    locked = UnitReport.objects.select_for_update().get(pk=report.pk)
    if not locked.is_editable or not ProgressReport.objects.get(pk=section.pk).is_editable:
        raise Refused(SENT)
