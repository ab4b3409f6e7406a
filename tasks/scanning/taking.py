"""A document from its bytes: recorded at once where it has words, read by a job where it is a scan."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import vn_number
from records.audit import record
from records.errors import UploadRefused
from records.ocr.tools import PACKAGES, find_tools
from records.uploads import CheckedUpload, store_checked
from tasks.enums import IncomingState, ScanState
from tasks.models import Directive, IncomingFile, ScanReading
from tasks.recording import record_directive, recorded_before
from tasks.scanning.jobs import start_reading
from tasks.sources import NotRead, check_document, document_of, pages_to_read

# Two seconds a page: three minutes.
MOST_PAGES = 100


class Taken(NamedTuple):
    """The document, or the scan that is being read; created is False for one that was there before."""

    directive: Directive | None
    reading: ScanReading | None
    created: bool


def take(
    data: bytes, name: str, *, by, now: datetime, declared: str = "", incoming: IncomingFile | None = None
) -> Taken:
    """Record a document or begin to read it.

    Args:
        data, name: the file as it came.
        declared: the degree of secrecy a person chose.
        incoming: the arrived file it is.

    Errors: UploadRefused (SecretDocumentRefused among them) before anything is stored; tasks.errors.Refused.
    """
    checked = check_document(SimpleUploadedFile(name, data), declared=declared)
    sha256 = hashlib.sha256(data).hexdigest()
    known = recorded_before(sha256)
    if known is not None:
        return Taken(known, None, False)
    wanted = pages_to_read(checked)
    if wanted:
        if len(wanted) > MOST_PAGES:
            raise UploadRefused(
                f"Tệp “{checked.name}” có {vn_number(len(wanted))} trang là ảnh; mỗi lần chỉ đọc được "
                f"{vn_number(MOST_PAGES)} trang. Hãy tách phần văn bản chỉ đạo ra tệp riêng rồi gửi lại."
            )
        if find_tools() is not None:
            original = replace(checked, data=data)
            return _begin(original, sha256, len(wanted), by=by, now=now, incoming=incoming)
        _refuse_pictures_alone(checked)
    directive, created = record_directive(data, name, by, now, declared=declared, document=document_of(checked))
    return Taken(directive, None, created)


def _refuse_pictures_alone(checked: CheckedUpload) -> None:
    """A machine that cannot read pictures takes what has words beside them. Errors: NotRead."""
    if not (checked.content.text or "").strip():
        raise NotRead(
            f"Tệp “{checked.name}” là bản quét, máy chủ chưa đọc được chữ từ ảnh. Hãy gửi tệp có chữ (Word, hoặc PDF "
            f"xuất từ Word), hoặc nhờ quản trị cài {', '.join(PACKAGES)} trên máy chủ."
        )


def _begin(
    checked: CheckedUpload, sha256: str, pages: int, *, by, now: datetime, incoming: IncomingFile | None
) -> Taken:
    """Keep the scan sealed and let a job read it; of two who bring the same at once the second follows the first."""
    try:
        with transaction.atomic():
            running = ScanReading.objects.filter(sha256=sha256, state=ScanState.READING).first()
            if running is not None:
                return Taken(None, running, False)
            reading = ScanReading.objects.create(
                file=store_checked(checked, by=by, now=now, sealed=True),
                name=checked.name,
                sha256=sha256,
                pages=pages,
                incoming=incoming,
                begun_by=by,
                begun_at=now,
            )
            if incoming is not None:
                IncomingFile.objects.filter(pk=incoming.pk, state=IncomingState.WAITING).update(
                    state=IncomingState.READING, decided_by=by, decided_at=now
                )
            start_reading(reading, by=by, now=now)
            record("scan.begun", by=by, at=now, target=reading, data={"count": pages})
            return Taken(None, reading, True)
    except IntegrityError:
        running = ScanReading.objects.filter(sha256=sha256, state=ScanState.READING).first()
        if running is None:
            raise
        return Taken(None, running, False)
