"""What the office does with an arrived file: record it, leave it out, bring it back."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from directive_tracker.vietnamese import vn_datetime
from records.audit import record
from records.errors import SecretDocumentRefused
from tasks.arriving.sources import Source, SourceGone, find
from tasks.enums import IncomingState
from tasks.errors import AlreadyRecorded, Refused
from tasks.models import Directive, IncomingFile
from tasks.scanning.ending import SECRET_ARRIVED
from tasks.scanning.taking import Taken, take

NOT_THERE = (
    "Tệp không còn ở nơi đến hoặc đã đổi nội dung, nên chưa ghi được. Hãy hỏi nơi gửi; "
    "bản mới sẽ hiện trong danh sách này."
)
UNREADABLE = "Chưa mở được nơi tệp đến. Xin thử lại sau ít phút; nếu vẫn vậy, báo quản trị viên."


def record_incoming(incoming: IncomingFile, *, by, now: datetime) -> Taken:
    """Record a waiting file as a document, with the guards of every upload; a scan is read first.

    Errors: Refused when somebody decided before, or the file is gone or changed; AlreadyRecorded when the paper was
    recorded from another file, which the row then says; UploadRefused when it cannot be taken
    now, and SecretDocumentRefused, which the row then says.
    """
    _still_waiting(incoming)
    data, source, key = _bytes_of(incoming)
    try:
        taken = take(data, incoming.name, by=by, now=now, incoming=incoming)
    except SecretDocumentRefused:
        _refuse_secret(incoming, by=by, now=now)
        raise
    except AlreadyRecorded as refusal:
        IncomingFile.objects.filter(pk=incoming.pk, state=IncomingState.WAITING).update(
            state=IncomingState.REFUSED,
            refusal=str(refusal)[:400],
            directive=refusal.directive,
            decided_by=by,
            decided_at=now,
        )
        raise
    if taken.directive is not None:
        _recorded(incoming, taken.directive, by=by, now=now)
        source.done(key)
    return taken


@transaction.atomic
def ignore(incoming: IncomingFile, *, by, now: datetime) -> None:
    """Take a waiting file off the list. Errors: Refused when somebody decided before."""
    _change(incoming, IncomingState.WAITING, IncomingState.IGNORED, by=by, now=now)
    record("incoming.ignored", by=by, at=now, target=incoming)


@transaction.atomic
def bring_back(incoming: IncomingFile, *, by, now: datetime) -> None:
    """Put a file that was left out back onto the list. Errors: Refused when somebody did before."""
    _change(incoming, IncomingState.IGNORED, IncomingState.WAITING, by=by, now=now)
    record("incoming.brought_back", by=by, at=now, target=incoming)


def _change(incoming: IncomingFile, before: IncomingState, after: IncomingState, *, by, now: datetime) -> None:
    won = IncomingFile.objects.filter(pk=incoming.pk, state=before).update(state=after, decided_by=by, decided_at=now)
    if not won:
        raise Refused(_what_happened(incoming))


def _still_waiting(incoming: IncomingFile) -> None:
    """Errors: Refused with who did what when."""
    if not incoming.is_waiting:
        raise Refused(_what_happened(incoming))


def _what_happened(incoming: IncomingFile) -> str:
    found = IncomingFile.objects.select_related("decided_by").get(pk=incoming.pk)
    state = found.get_state_display()
    if found.decided_by is None or found.decided_at is None:
        return f"Tệp này hiện ở tình trạng “{state}”; không có gì thay đổi."
    return f"Tệp này đã được {found.decided_by} chuyển sang “{state}” lúc {vn_datetime(found.decided_at)}."


def _bytes_of(incoming: IncomingFile) -> tuple[bytes, Source, str]:
    """The content as it was seen, its source and its key there. Errors: Refused."""
    try:
        found = find(incoming)
        if found is None:
            raise Refused(NOT_THERE)
        source, file = found
        with source.open(file.key) as stream:
            data = stream.read(settings.UPLOAD_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise Refused(NOT_THERE) from error
    except (SourceGone, OSError) as error:
        raise Refused(UNREADABLE) from error
    if hashlib.sha256(data).hexdigest() != incoming.sha256:
        raise Refused(NOT_THERE)
    return data, source, file.key


def _recorded(incoming: IncomingFile, directive: Directive, *, by, now: datetime) -> None:
    with transaction.atomic():
        won = IncomingFile.objects.filter(pk=incoming.pk, state=IncomingState.WAITING).update(
            state=IncomingState.RECORDED, directive=directive, decided_by=by, decided_at=now
        )
        if won:
            record("incoming.recorded", by=by, at=now, target=incoming)


@transaction.atomic
def _refuse_secret(incoming: IncomingFile, *, by, now: datetime) -> None:
    IncomingFile.objects.filter(pk=incoming.pk, state=IncomingState.WAITING).update(
        state=IncomingState.REFUSED, refusal=SECRET_ARRIVED, name="", decided_by=by, decided_at=now
    )
    record("incoming.refused_secret", by=by, at=now, target=incoming)
