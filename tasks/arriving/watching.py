"""Looking into the sources: what is new is checked as every upload, then noted; nothing is copied."""

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from records import secrecy
from records.audit import record
from records.errors import SecretDocumentRefused, UploadRefused
from records.ocr.pictures import page_picture
from records.ocr.reading import read_page, read_stamps
from records.ocr.tools import CannotRead, find_tools
from records.uploads import CheckedUpload, clean_name, too_large
from tasks.arriving.sources import ArrivedFile, Source, SourceGone, active, place_key
from tasks.enums import IncomingState
from tasks.models import IncomingFile, IncomingPlace
from tasks.recording import recorded_before
from tasks.scanning.ending import SECRET_ARRIVED
from tasks.sources import check_document, pages_to_read

logger = logging.getLogger(__name__)

# A file whose size or time changed so shortly ago may still be written.
SETTLED = timedelta(seconds=10)
# What one look may take; the rest is seen by the next.
SECONDS = 40.0
CHUNK = 1024 * 1024
# Beyond this a file is no document, and its checksum would take minutes.
MOST_BYTES = 2 * 1024 * 1024 * 1024


@dataclass
class Seen:
    """What one look brought: files new on the list, refused, known already, still being written, unreadable now."""

    new: int = 0
    refused: int = 0
    known: int = 0
    waiting: int = 0
    failed: int = 0


def watch(*, now: datetime) -> Seen:
    """Look once into every source that is switched on.

    Args:
        now: when new rows say they were seen; whether a file is still being written goes by the machine's own clock.
    """
    seen, stop_at = Seen(), time.monotonic() + SECONDS
    for slug, source in active().items():
        try:
            _watch_one(slug, source, seen, now=now, stop_at=stop_at)
        except SourceGone as error:
            seen.failed += 1
            logger.error("source %s: %s", slug, error)
    return seen


def _watch_one(slug: str, source: Source, seen: Seen, *, now: datetime, stop_at: float) -> None:
    listed = {place_key(slug, file.key): file for file in source.list()}
    places = {place.key: place for place in IncomingPlace.objects.filter(source=slug)}
    gone = [place.pk for key, place in places.items() if key not in listed]
    for start in range(0, len(gone), 500):
        IncomingPlace.objects.filter(pk__in=gone[start : start + 500]).delete()
    for key, file in listed.items():
        if time.monotonic() > stop_at:
            return
        place = places.get(key)
        if place is not None and (place.size, place.changed) == (file.size, file.changed):
            if place.incoming_id is not None:
                seen.known += 1
                continue
        else:
            place, _ = IncomingPlace.objects.update_or_create(
                key=key,
                defaults={
                    "source": slug,
                    "size": file.size,
                    "changed": file.changed,
                    "noted_at": timezone.now(),
                    "incoming": None,
                },
            )
        if not _is_settled(file, place):
            seen.waiting += 1
            continue
        _look_at(slug, source, file, place, seen, now=now)


def _is_settled(file: ArrivedFile, place: IncomingPlace) -> bool:
    """By the file's own time, or by ours where that lies in the future or comes from another clock."""
    moment = timezone.now()
    before = moment - SETTLED
    return file.changed / 1e9 <= before.timestamp() or place.noted_at <= before


def _look_at(slug: str, source: Source, file: ArrivedFile, place: IncomingPlace, seen: Seen, *, now: datetime) -> None:
    """Take one settled file: known by its checksum, or checked and noted."""
    try:
        sha256, data = _read(source, file)
    except (SourceGone, OSError) as error:
        seen.failed += 1
        logger.warning("a file of source %s cannot be read: %s", slug, type(error).__name__)
        return
    if sha256 is None:
        seen.waiting += 1  # it changed under our hands
        return
    incoming = IncomingFile.objects.filter(sha256=sha256).first()
    if incoming is None:
        incoming, is_new = _note(slug, file, sha256, data, now=now)
        seen.new += is_new and incoming.state != IncomingState.REFUSED
        seen.refused += is_new and incoming.state == IncomingState.REFUSED
        seen.known += not is_new
    else:
        seen.known += 1
    IncomingPlace.objects.filter(pk=place.pk).update(incoming=incoming)


def _read(source: Source, file: ArrivedFile) -> tuple[str | None, bytes | None]:
    """Its checksum, and its bytes where they are not more than an upload may have; (None, None) when it is changing.

    Errors: SourceGone, OSError; OSError for what is no document by its size.
    """
    if file.size > MOST_BYTES:
        raise OSError("larger than any document")
    digest, parts, size = hashlib.sha256(), [], 0
    with source.open(file.key) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size <= settings.UPLOAD_MAX_BYTES:
                parts.append(chunk)
            else:
                parts.clear()
            if size > file.size:
                break
    if size != file.size:
        return None, None
    return digest.hexdigest(), b"".join(parts) if size <= settings.UPLOAD_MAX_BYTES else None


def _note(slug: str, file: ArrivedFile, sha256: str, data: bytes | None, *, now: datetime) -> tuple[IncomingFile, bool]:
    """The row of a new file; of two who see it at once the second gets the first one's."""
    name = clean_name(file.name)
    values = {
        "name": name,
        "size": file.size,
        "source": slug,
        "seen_at": now,
        **_judged(name, data, file.size, sha256, now=now),
    }
    try:
        with transaction.atomic():
            incoming = IncomingFile.objects.create(sha256=sha256, **values)
            if not incoming.name:
                record("incoming.refused_secret", by=None, at=now, target=incoming)
            return incoming, True
    except IntegrityError:
        return IncomingFile.objects.get(sha256=sha256), False


def _judged(name: str, data: bytes | None, size: int, sha256: str, *, now: datetime) -> dict:
    """State and words of a new file. The name of a secret paper may be secret: it is not kept."""
    known = recorded_before(sha256)
    if known is not None:
        return {"state": IncomingState.RECORDED, "directive": known, "decided_at": now}
    try:
        secrecy.guard_name(name)
        if data is None:
            raise UploadRefused(too_large(name, size))
        checked = check_document(SimpleUploadedFile(name, data))
        _guard_first_page(checked)
    except SecretDocumentRefused:
        return {"state": IncomingState.REFUSED, "refusal": SECRET_ARRIVED, "name": ""}
    except UploadRefused as refusal:
        return {"state": IncomingState.REFUSED, "refusal": str(refusal)[:400]}
    return {"state": IncomingState.WAITING}


def _guard_first_page(checked: CheckedUpload) -> None:
    """Where pictures can be read, a scan with a mark does not even come onto the list. Errors: SecretDocumentRefused."""
    wanted = pages_to_read(checked)
    tools = find_tools() if wanted else None
    if tools is None:
        return
    try:
        picture = page_picture(checked.data, checked.extension, wanted[0])
        for words in [*read_stamps(picture, tools), read_page(picture, tools)]:
            secrecy.guard(words, from_picture=True)
    except CannotRead as error:
        logger.warning("the first page of an arrived scan cannot be read: %s", error)
