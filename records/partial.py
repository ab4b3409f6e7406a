"""Files in parts over a bad line: begun, continued where the server says, finished with a checksum, forgotten after a day."""

import zlib
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from records import uploads
from records.errors import StoreDoesNotAnswer, UploadRefused
from records.models import PartialUpload, StoredFile, UploadPart

MOST_BYTES_AT_ONCE = 512 * 1024
# A program hands in the files of a whole report before it sends it.
MOST_OPEN = 60
KEPT_FOR = timedelta(days=1)


class WrongPlace(Exception):
    """A part that does not continue where the file ends; `received` is where it does."""

    def __init__(self, received: int):
        super().__init__(f"at {received}")
        self.received = received


@transaction.atomic
def begin(*, name: str, size: int, mark: str, owner, now: datetime) -> PartialUpload:
    """The file on its way: a new one, or the same person's same file that was cut off.

    Args:
        mark: what the browser knows the file by besides name and size, at most 60 characters.
    Errors: UploadRefused for a kind or size that would be refused at the end.
    """
    name = uploads.check_announced(name, size)
    upload, is_new = PartialUpload.objects.get_or_create(
        owner=owner, name=name, size=size, mark=mark[:60], defaults={"begun_at": now, "touched_at": now}
    )
    if is_new:
        surplus = PartialUpload.objects.filter(owner=owner).values_list("pk", flat=True)[MOST_OPEN:]
        PartialUpload.objects.filter(pk__in=list(surplus)).delete()
    return upload


@transaction.atomic
def append(upload: PartialUpload, *, start: int, data: bytes, now: datetime) -> int:
    """Add a part; returns how much there is now.

    Errors: WrongPlace when it does not begin where the file ends; UploadRefused when it is empty, too large or too much.
    """
    if not data or len(data) > MOST_BYTES_AT_ONCE or start + len(data) > upload.size:
        raise UploadRefused(f"Phần của tệp “{upload.name}” không đúng cỡ. Hãy chọn lại tệp.")
    waiting = PartialUpload.objects.filter(pk=upload.pk, received=start)
    if not waiting.update(received=start + len(data), touched_at=now):
        upload.refresh_from_db(fields=["received"])
        raise WrongPlace(upload.received)
    UploadPart.objects.create(upload=upload, start=start, data=data)
    return start + len(data)


def keep_whole(data: bytes, *, name: str, mark: str, owner, now: datetime) -> PartialUpload:
    """A file that came in one piece, to wait like those in parts; the same file again is the one that waits already.

    Errors: as begin.
    """
    upload = begin(name=name, size=len(data), mark=mark, owner=owner, now=now)
    for start in range(upload.received, len(data), MOST_BYTES_AT_ONCE):
        append(upload, start=start, data=data[start : start + MOST_BYTES_AT_ONCE], now=now)
    # One that waited already waits from now on.
    upload.touched_at = now
    upload.save(update_fields=["touched_at"])
    return upload


def finish(upload: PartialUpload, *, checksum: str, by, now: datetime, **checks) -> StoredFile:
    """Check the whole as every file is checked, store it, and forget the parts – also of a file that is refused.

    They stay where the store does not answer: whoever chooses the file again has nothing to send but the end.

    Args:
        checksum: CRC-32 of the whole in eight hexadecimal digits, as the browser counted it.
        checks: the arguments of records.uploads.check_upload.
    Errors: WrongPlace while something is missing; UploadRefused with the sentence for the screen.
    """
    if upload.received != upload.size:
        raise WrongPlace(upload.received)
    data = b"".join(bytes(part) for part in upload.parts.order_by("start").values_list("data", flat=True))
    try:
        if f"{zlib.crc32(data):08x}" != checksum.lower():
            raise UploadRefused(f"Tệp “{upload.name}” đến nơi không còn nguyên vẹn. Hãy chọn lại tệp để gửi lại.")
        stored = uploads.store_upload(SimpleUploadedFile(upload.name, data), by=by, now=now, **checks)
    except StoreDoesNotAnswer:
        raise
    except UploadRefused:
        upload.delete()
        raise
    upload.delete()
    return stored


def clean_up(*, now: datetime) -> int:
    """Forget what nobody went on with for a day; the number of files."""
    _, by_model = PartialUpload.objects.filter(touched_at__lt=now - KEPT_FOR).delete()
    return by_model.get("records.PartialUpload", 0)
