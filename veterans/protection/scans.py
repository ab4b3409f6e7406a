"""Scanned papers of a person: stored sealed, opened with a purpose, removed for ever."""

from datetime import datetime

from django.db import transaction

from records import uploads
from records.audit import record
from tasks.errors import Refused
from veterans.models import Person, PersonScan
from veterans.people import locked

ALLOWED = (".pdf", ".jpg", ".jpeg", ".png")
MOST = 20


@transaction.atomic
def add(person: Person, upload, *, kind: str, category: str = "", by, now: datetime) -> PersonScan:
    """Check a file like every other one and keep it sealed. Errors: UploadRefused, Refused."""
    person = locked(person)
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa.")
    if person.scans.count() >= MOST:
        raise Refused(f"Một hồ sơ giữ nhiều nhất {MOST} bản chụp; hãy bỏ bản không cần nữa.")
    # The paper is the person's: the guard against lists of persons is for other rooms.
    file = uploads.store_upload(upload, by=by, now=now, sealed=True, allow=ALLOWED, person_lists=True)
    scan = PersonScan.objects.create(
        person=person,
        kind=kind,
        category=category if kind == PersonScan.Kind.EVIDENCE else "",
        file=file,
        added_by=by,
        added_at=now,
    )
    record("person.scan_added", by=by, at=now, target=person, data={"step": f"scan_{kind}"})
    return scan


@transaction.atomic
def remove(scan: PersonScan, *, by, now: datetime) -> None:
    """Take a scan away, its file on the disk as well. Errors: Refused when somebody has just done it."""
    held = PersonScan.objects.select_for_update(of=("self",)).select_related("person", "file").filter(pk=scan.pk)
    scan = held.first()
    if scan is None:
        raise Refused("Bản chụp này vừa được người khác bỏ.")
    file, person, kind = scan.file, scan.person, scan.kind
    scan.delete()
    file.remove()
    record("person.scan_removed", by=by, at=now, target=person, data={"step": f"scan_{kind}"})
