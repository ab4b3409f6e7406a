"""Files of programs: handed in one by one, waiting in the database for the report that names them."""

import hashlib
import zlib
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Router, UploadedFile
from pydantic import Field

from directive_tracker import clock
from directive_tracker.api import shapes
from directive_tracker.api.fields import LARGEST, Given
from directive_tracker.api.operations import write
from directive_tracker.api.problems import Problem
from directive_tracker.api.reading import report_shown
from records import partial, uploads
from records.errors import StoreDoesNotAnswer, UploadRefused
from records.models import PartialUpload, StoredFile
from records.models.files import delete_content
from tasks.models import UnitReport
from tasks.papers.scans import SCANS, attach_scan
from tasks.permissions import can_attach_signed
from units.access import Access
from units.models import ApiToken, Scope

router = Router(tags=["Báo cáo"])


def own_units(access: Access) -> frozenset[int]:
    """The units whose work a program does for its holder."""
    return access.reporter_unit_ids | access.head_unit_ids


@write(
    router,
    "/files",
    scope=Scope.REPORT,
    answers=shapes.WaitingFile,
    summary="Gửi trước một tệp, để báo cáo gửi sau đính vào",
    status=201,
    takes_file=True,
)
def hand_in_file(
    request: HttpRequest,
    file: UploadedFile = File(description="Tệp, có tên và đuôi."),  # noqa: B008
) -> dict[str, Any]:
    """Tệp được kiểm như ở trang rồi chờ một ngày; báo cáo, văn bản hay bản chụp nào cần thì ghi `id` của tệp. Gửi lại
    đúng tệp đang chờ thì nhận lại `id` ấy."""
    if not own_units(request.access):
        raise PermissionDenied
    try:
        uploads.check_upload(file)
        waiting = _keep(request.auth.token, file, owner=request.user, now=timezone.now())
    except UploadRefused as refusal:
        raise Problem(422, "file-refused", str(refusal)) from None
    return {
        "id": waiting.pk,
        "name": waiting.name,
        "size": waiting.size,
        "kept_until": waiting.touched_at + partial.KEPT_FOR,
    }


class ScanGiven(Given):
    file: int = Field(ge=1, le=LARGEST, description="id của tệp đã gửi ở /files: pdf hoặc ảnh.")


@write(
    router,
    "/reports/{int:report_id}/signed",
    scope=Scope.REPORT,
    answers=shapes.Sent,
    summary="Đính bản chụp văn bản đã ký vào báo cáo đã gửi",
)
def attach_signed(request: HttpRequest, report_id: int, given: ScanGiven) -> dict[str, Any]:
    """Bản gửi sau thay bản trước; bản trước vẫn còn trong nhật ký."""
    visible = UnitReport.objects.visible_to(request.user).select_related("directive", "unit", "period")
    report = get_object_or_404(visible, pk=report_id)
    if report.unit_id not in own_units(request.access):
        raise PermissionDenied
    if not can_attach_signed(request.user, report):
        raise Problem(409, "state", "Báo cáo chưa gửi, hoặc văn bản đã kết thúc theo dõi: chưa đính bản chụp được.")
    with ExitStack() as undo:
        stored = Waiting(request, undo).stored(given.file, "/file", allow=SCANS)
        attach_scan(report, stored, by=request.user, now=clock.now())
        undo.pop_all()
    return {**report_shown(report), "detail": "Đã đính bản chụp văn bản đã ký."}


class Waiting:
    """The files that wait for this key, each stored when it is first named and then hung wherever it is named.

    Args:
        undo: takes the contents off the store again, should the transaction not come to its end.
    """

    def __init__(self, request: HttpRequest, undo: ExitStack) -> None:
        self.request, self.undo = request, undo
        self._stored: dict[int, StoredFile] = {}

    def stored(self, file: int, pointer: str, **checks: Any) -> StoredFile:
        """The file, stored now or before. Errors: Problem, which names the place."""
        if file not in self._stored:
            # Nobody else may take it meanwhile: two reports that name it come one after the other.
            mine = PartialUpload.objects.visible_to(self.request.user).filter(
                mark__startswith=_start(self.request.auth.token)
            )
            upload = mine.select_for_update().filter(pk=file).first()
            if upload is None:
                raise at_place(
                    pointer,
                    f"Không có tệp {file} đang chờ: tệp đã dùng ở báo cáo trước, đã quá một ngày, hoặc của mã khác. "
                    "Xin gửi lại tệp ở /files.",
                )
            self._stored[file] = self._store(upload, pointer, **checks)
        return self._stored[file]

    def _store(self, upload: PartialUpload, pointer: str, **checks: Any) -> StoredFile:
        try:
            stored = partial.finish(upload, checksum=upload.mark[-8:], by=self.request.user, now=clock.now(), **checks)
        except StoreDoesNotAnswer as refusal:
            raise Problem(503, "busy", str(refusal), retry_after=60) from None
        except UploadRefused as refusal:
            raise at_place(pointer, str(refusal)) from None
        self.undo.callback(delete_content, stored.file.storage, stored.file.name)
        return stored


def at_place(pointer: str, sentence: str) -> Problem:
    """One place of what was sent is not right."""
    return Problem(422, "invalid", f"Có 1 chỗ cần sửa: {pointer}.", errors=[{"pointer": pointer, "detail": sentence}])


def _start(token: ApiToken) -> str:
    """What the marks of files begin with that came with this key; others of the same holder are not among them."""
    return f"api{token.pk}-"


def _keep(token: ApiToken, file: DjangoFile, *, owner: Any, now: datetime) -> PartialUpload:
    file.seek(0)
    data = file.read()
    # The same content is the same file; the checksum stands at the end, for the day it is taken.
    mark = f"{_start(token)}{hashlib.sha256(data).hexdigest()[:32]}-{zlib.crc32(data):08x}"
    return partial.keep_whole(data, name=file.name or "", mark=mark, owner=owner, now=now)
