"""The file of a list: checked as every upload, kept sealed, and begun."""

from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from directive_tracker import vietnamese
from records.models.jobs import JobState
from records.uploads import CheckedUpload, check_upload, store_checked
from units.models import Area
from veterans.models import PersonImport

State = PersonImport.State
KINDS = (".xlsx", ".xls", ".ods", ".csv")


def accept(upload: UploadedFile) -> CheckedUpload:
    """Check a file as every upload; nothing is stored. Errors: UploadRefused (secret papers among them)."""
    # Here lists of persons belong.
    return check_upload(upload, allow=KINDS, person_lists=True, any_encoding=True)


def begin(checked: CheckedUpload, *, sender: str, area: Area, by: Any, now: datetime) -> PersonImport:
    """Keep the file, sealed; the reading follows. The same person's same file, still open, is taken up again,
    also while a job reads it: a form sent twice brings one list."""
    sender = " ".join(vietnamese.nfc(sender).split())
    again = (
        PersonImport.objects.visible_to(by)
        .filter(file__sha256=checked.sha256, uploaded_by=by, area=area, sender=sender)
        .filter(Q(state=State.CHECKED) | Q(state=State.READING, job__state__in=[JobState.QUEUED, JobState.RUNNING]))
        .first()
    )
    if again is not None:
        return again
    return PersonImport.objects.create(
        file=store_checked(checked, by=by, now=now, sealed=True),
        sender=sender,
        sender_key=vietnamese.fold(sender),
        area=area,
        uploaded_by=by,
        uploaded_at=now,
    )


def opened(found: PersonImport) -> BinaryIO:
    """The plain file, to be read from anywhere in it. Errors: OSError, crypto.Unreadable when it is gone or damaged."""
    with found.file.open_plain() as plain:
        return BytesIO(plain.read())


def taken_before(found: PersonImport) -> PersonImport | None:
    """The newest import of the same bytes that is in the registry now."""
    same = PersonImport.objects.filter(
        file__sha256=found.file.sha256, area=found.area_id, state=PersonImport.State.APPLIED
    )
    return same.exclude(pk=found.pk).order_by("-applied_at", "-pk").first()
