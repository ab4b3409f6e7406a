"""Files of a draft: that come with the form, and that reach a section one by one while the rest is being typed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from directive_tracker.prepared import Prepared
from records import partial, uploads
from records.models import PartialUpload, StoredFile
from tasks.drafts.saving import refuse_closed
from tasks.errors import Refused
from tasks.models import ProgressReport, SectionFile, SectionProduct, UnitReport

SENT = "Mục này vừa được gửi hoặc không còn sửa được; tệp chưa kèm vào. Xin tải lại trang."


# For so long a file that was stored and hangs nowhere waits for the form to be sent again.
AGAIN_WITHIN = timedelta(days=1)


@transaction.atomic
def keep_file(
    section: ProgressReport, checked: uploads.CheckedUpload, *, by, now: datetime, delivery: int | None = None
) -> StoredFile | None:
    """Store a file that came with the form, before the form is kept; None where the section has it already.

    A form may come twice: clicked twice, or sent again after an answer that never arrived. What was stored then and hangs
    nowhere yet is taken, so that no file lies there twice.

    Args:
        delivery: the paper it is the file of; None: one of the files beside them.

    Errors: Refused when the report was sent meanwhile; UploadRefused as of store_checked.
    """
    refuse_closed(UnitReport.objects.select_for_update().get(pk=section.unit_report_id))
    same = (checked.sha256, checked.name)
    if delivery is None:
        if _ATTACHED.rows(section.pk, *same):
            return None
    elif papers := _PAPERS.rows(section.pk, delivery, *same):
        return papers[0].file
    stored = _HANGS_NOWHERE.rows(by.pk, now - AGAIN_WITHIN, *same)
    return stored[0] if stored else uploads.store_checked(checked, by=by, now=now)


def _attached(section: int, sha256: str, name: str) -> QuerySet:
    same = {"file__sha256": sha256, "file__original_name": name}
    return SectionFile.objects.filter(section=section, removed_at=None, **same).order_by("pk").values_list("pk")[:1]


def _papers(section: int, delivery: int, sha256: str, name: str) -> QuerySet[SectionProduct]:
    same = {"file__sha256": sha256, "file__original_name": name}
    return (
        SectionProduct.objects.filter(section=section, delivery=delivery, **same).select_related("file").order_by("pk")
    )


def _hangs_nowhere(person: int, since: datetime, sha256: str, name: str) -> QuerySet[StoredFile]:
    same = {"sha256": sha256, "original_name": name}
    stored = StoredFile.objects.filter(**same, uploaded_by=person, is_sealed=False, uploaded_at__gt=since)
    for model in (SectionFile, SectionProduct):
        stored = stored.exclude(Exists(model._base_manager.filter(file=OuterRef("pk")).order_by()))
    return stored.order_by("pk")[:1]


_ATTACHED = Prepared(_attached, primary=True)
_PAPERS = Prepared(_papers, primary=True)
_HANGS_NOWHERE = Prepared(_hangs_nowhere, primary=True)


def attach(
    report: UnitReport, section_id: int, upload: PartialUpload, *, checksum: str, by, now: datetime
) -> SectionFile:
    """Check a file that came in parts and attach it to a section.

    Errors: Refused when the section takes no file now; those of records.partial.finish.
    """
    section = fit_section(report, section_id)
    return hang(report, section, partial.finish(upload, checksum=checksum, by=by, now=now))


@transaction.atomic
def hang(report: UnitReport, section: ProgressReport, stored: StoredFile) -> SectionFile:
    """Let a stored file hang on a section that takes files. Errors: Refused when the report was sent meanwhile."""
    _hold(report, section)
    return SectionFile.objects.create(section=section, file=stored)


def attach_paper(
    report: UnitReport, section_id: int, delivery_id: int, upload: PartialUpload, *, checksum: str, by, now: datetime
) -> SectionProduct:
    """The same for the file of one paper that the section owes; another file takes the place of the one before.

    Errors: as attach.
    """
    section = fit_section(report, section_id)
    product = _paper(section, delivery_id)
    return _hang_paper(report, section, product, partial.finish(upload, checksum=checksum, by=by, now=now))


def hang_paper(report: UnitReport, section: ProgressReport, delivery_id: int, stored: StoredFile) -> SectionProduct:
    """The same as hang for the file of one paper that the section owes. Errors: Refused."""
    return _hang_paper(report, section, _paper(section, delivery_id), stored)


@transaction.atomic
def _hang_paper(
    report: UnitReport, section: ProgressReport, product: SectionProduct, stored: StoredFile
) -> SectionProduct:
    _hold(report, section)
    product.file = stored
    product.save(update_fields=["file"])
    return product


def _paper(section: ProgressReport, delivery_id: int) -> SectionProduct:
    product = section.products.filter(delivery=delivery_id).first()
    if product is None:
        raise Refused("Mục này không còn văn bản đó. Xin tải lại trang.")
    return product


def fit_section(report: UnitReport, section_id: int) -> ProgressReport:
    """The section, for a file. Errors: Refused when it takes none now."""
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
