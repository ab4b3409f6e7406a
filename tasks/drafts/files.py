"""Files that reach a section of a draft one by one, while the rest is being typed."""

from datetime import datetime

from django.db import transaction

from records import partial
from records.models import PartialUpload
from tasks.errors import Refused
from tasks.models import ProgressReport, SectionFile, UnitReport

SENT = "Mục này vừa được gửi hoặc không còn sửa được; tệp chưa kèm vào. Xin tải lại trang."


def attach(
    report: UnitReport, section_id: int, upload: PartialUpload, *, checksum: str, by, now: datetime
) -> SectionFile:
    """Check a file that came in parts and attach it to a section.

    Errors: Refused when the section takes no file now; those of records.partial.finish.
    """
    section = report.sections.select_related("assignment__task").filter(pk=section_id).first()
    if section is None or not section.is_editable:
        raise Refused(SENT)
    if section.assignment.task.words_and_counts_only:
        raise Refused("Mục này chỉ nhận chữ và số đếm, không nhận tệp.")
    stored = partial.finish(upload, checksum=checksum, by=by, now=now)
    with transaction.atomic():
        # Sending the report waits for this row as well, so no file arrives after it.
        locked = UnitReport.objects.select_for_update().get(pk=report.pk)
        if not locked.is_editable or not ProgressReport.objects.get(pk=section.pk).is_editable:
            raise Refused(SENT)
        return SectionFile.objects.create(section=section, file=stored)
