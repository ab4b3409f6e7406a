"""The work of the job: page after page, the guard behind each, the document recorded at the end."""

import logging
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from directive_tracker import crypto
from records import jobs_runner, secrecy
from records.errors import SecretDocumentRefused, UploadRefused
from records.models import Job
from records.ocr.pictures import page_picture
from records.ocr.reading import read_page, read_stamps
from records.ocr.tools import CannotRead, Tools, find_tools
from records.uploads import CheckedUpload
from tasks import permissions
from tasks.enums import ScanState
from tasks.errors import AlreadyRecorded, Refused
from tasks.models import ScanPage, ScanReading
from tasks.recording import record_directive
from tasks.scanning.ending import end
from tasks.scanning.starting import LEASE
from tasks.sources import ReadPages, check_document, document_of, pages_to_read

logger = logging.getLogger(__name__)

GONE = "Tệp không còn trong kho lưu. Hãy gửi lại."
NO_PROGRAM = "Máy chủ không còn phần đọc chữ từ ảnh. Hãy gửi tệp có chữ, hoặc báo quản trị viên."
NO_RIGHT = "Người gửi không còn quyền ghi văn bản."
FIRST_PAGE = "Không đọc được trang đầu của bản quét nên không kiểm tra được độ mật. Hãy quét lại rõ hơn rồi gửi lại."


class _Taken(Exception):
    """The reading has ended or another worker has it."""


def read(job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    """Read one scan to its end and record it; the reading's row says how it ended.

    Errors: JobCancelled, the file being gone by then.
    """
    reading = ScanReading.objects.select_related("file", "incoming").get(pk=job.arguments["scan"])
    by = job.started_by
    try:
        _sign_of_life(reading, job)
        if not permissions.can_record_directive(by):
            raise UploadRefused(NO_RIGHT)
        _read_and_record(reading, job, progress, now)
    except _Taken:
        return
    except SecretDocumentRefused:
        end(reading, ScanState.SECRET, by=by, now=now)
    except jobs_runner.JobCancelled:
        end(reading, ScanState.STOPPED, by=by, now=now)
        raise
    except AlreadyRecorded as refusal:
        end(reading, ScanState.FAILED, words=str(refusal), by=by, now=now, directive=refusal.directive)
    except (UploadRefused, Refused) as refusal:
        end(reading, ScanState.FAILED, words=str(refusal), by=by, now=now)


def _read_and_record(reading: ScanReading, job: Job, progress: jobs_runner.Progress, now: datetime) -> None:
    source = _source_of(reading)
    checked = check_document(SimpleUploadedFile(reading.name, source))
    tools = find_tools()
    if tools is None:
        raise UploadRefused(NO_PROGRAM)
    wanted = pages_to_read(checked)
    have = dict(reading.read_pages.values_list("number", "text"))
    for number in wanted:
        progress.step(len(have), len(wanted))
        if number not in have:
            have[number] = _page(reading, job, checked, number, tools, is_first=number == wanted[0])
            _keep(reading, number, have[number])
    progress.step(len(wanted), len(wanted))
    _sign_of_life(reading, job)
    document = document_of(checked, ReadPages({number: have[number] for number in wanted}, tools.version))
    directive, _ = record_directive(source, reading.name, job.started_by, now, document=document)
    end(reading, ScanState.DONE, by=job.started_by, now=now, directive=directive)


def _source_of(reading: ScanReading) -> bytes:
    if reading.file is None:
        raise _Taken
    try:
        with reading.file.open_plain() as content:
            return content.read()
    except (FileNotFoundError, crypto.Unreadable) as error:
        raise UploadRefused(GONE) from error


def _page(reading: ScanReading, job: Job, checked: CheckedUpload, number: int, tools: Tools, *, is_first: bool) -> str:
    """The words of one page that passed the guard. Errors: SecretDocumentRefused; UploadRefused; _Taken."""
    _sign_of_life(reading, job)
    try:
        picture = page_picture(checked.data, checked.extension, number)
        if is_first:
            # Before the page itself: nothing of a secret paper is read further than its stamp.
            for words in read_stamps(picture, tools):
                secrecy.guard(words, from_picture=True)
            _sign_of_life(reading, job)
        text = read_page(picture, tools)
    except CannotRead as error:
        logger.warning("page %s of scan %s cannot be read: %s", number, reading.pk, error)
        if is_first:
            raise UploadRefused(FIRST_PAGE) from error
        return f"[Trang {number}: không đọc được chữ từ ảnh]"
    secrecy.guard(text, from_picture=True)
    return text


def _keep(reading: ScanReading, number: int, text: str) -> None:
    """A page more: the worker is well, whatever happened before."""
    ScanPage.objects.get_or_create(reading=reading, number=number, defaults={"text": text})
    ScanReading.objects.filter(pk=reading.pk).update(attempts=1)


def _sign_of_life(reading: ScanReading, job: Job) -> None:
    """Errors: _Taken when the reading was ended or handed to another job meanwhile."""
    mine = ScanReading.objects.filter(pk=reading.pk, state=ScanState.READING, job=job)
    if not mine.update(lease_until=timezone.now() + LEASE):
        raise _Taken
