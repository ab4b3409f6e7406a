"""However the reading of a scan ends, its file and its pages are gone afterwards."""

from datetime import datetime

from django.db import transaction

from records.audit import record
from tasks.enums import IncomingState, ScanState
from tasks.models import Directive, IncomingFile, ScanPage, ScanReading

SECRET = (
    "Khi đọc ảnh thấy văn bản có dấu mật. Tệp và mọi phần đã đọc đã được xóa khỏi hệ thống, kể cả tên tệp. "
    "Hãy xử lý theo quy định về bảo vệ bí mật nhà nước."
)
SECRET_ARRIVED = "Một tệp bị từ chối vì có dấu mật."
STOPPED = "Đã dừng theo yêu cầu; tệp không được giữ lại."
VERBS = {ScanState.SECRET: "scan.secret", ScanState.STOPPED: "scan.stopped", ScanState.FAILED: "scan.failed"}


def end(
    reading: ScanReading,
    state: ScanState,
    *,
    by,
    now: datetime,
    words: str = "",
    directive: Directive | None = None,
) -> bool:
    """Note how it ended and take the file away; False when it had ended before.

    Args:
        words: for the person who brought it; sentences of their own stand for SECRET and STOPPED.
        directive: what was recorded, for DONE; for FAILED the same paper, recorded from another file.
    """
    words = {ScanState.SECRET: SECRET, ScanState.STOPPED: STOPPED}.get(state, words)
    nameless = {"name": "", "sha256": ""} if state == ScanState.SECRET else {}
    stored = reading.file
    if stored is not None:
        # Before the row: should the machine fail now, there is a row without a file and not a file without a row.
        stored.file.storage.delete(stored.file.name)
    with transaction.atomic():
        won = ScanReading.objects.filter(pk=reading.pk, state=ScanState.READING).update(
            state=state, file=None, ended_at=now, lease_until=None, words=words[:400], directive=directive, **nameless
        )
        if not won:
            return False
        ScanPage.objects.filter(reading=reading).delete()
        if stored is not None:
            stored.remove()
        if reading.incoming_id is not None:
            _tell_incoming(reading.incoming_id, state, by=by, now=now, words=words, directive=directive)
        if state in VERBS:
            record(VERBS[state], by=by, at=now, target=reading)
    return True


def _tell_incoming(pk: int, state: ScanState, *, by, now: datetime, words: str, directive: Directive | None) -> None:
    """The arrived file the scan was: recorded, refused, or waiting again."""
    changes: dict = {"state": IncomingState.WAITING}
    if state == ScanState.DONE:
        changes = {"state": IncomingState.RECORDED, "directive": directive, "decided_by": by, "decided_at": now}
    elif state == ScanState.SECRET:
        changes = {"state": IncomingState.REFUSED, "refusal": SECRET_ARRIVED, "name": ""}
    elif state == ScanState.FAILED:
        changes = {"state": IncomingState.REFUSED, "refusal": words[:400], "directive": directive}
    IncomingFile.objects.filter(pk=pk, state=IncomingState.READING).update(**changes)
