"""Pictures of a call: checked like every file, kept sealed, the visit's once the visit is recorded.

One of the person is kept only with a yes: given with this call, or the newest answer about photos (constraint photo_with_consent).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from records import uploads
from records.audit import record
from records.errors import PersonListRefused, SecretDocumentRefused, UploadRefused
from tasks.errors import Refused
from veterans.models import Consent, Person, SentPhoto, SentVisit, Visit, VisitPhoto
from veterans.people import locked
from veterans.protection import consents

ALLOWED = (".jpg", ".jpeg", ".png")
MOST = VisitPhoto.MOST
Kind = VisitPhoto.Kind
NO_CONSENT = "Ảnh người được thăm không được giữ: chưa có đồng ý cho chụp ảnh."


@dataclass(frozen=True)
class Picture:
    """A picture that passed every check; mark: what the phone knows it by."""

    kind: str
    mark: str
    checked: uploads.CheckedUpload


def check(files: Iterable, told: Iterable[tuple[str, str]]) -> tuple[list[Picture], list[str]]:
    """Check what came along, storing nothing; returns what is good, and a sentence for each that is not.

    Args:
        files: uploaded files, in the order of `told`: the kind and the mark of each.
    """
    good: list[Picture] = []
    refused: list[str] = []
    for place, (file, (kind, mark)) in enumerate(zip(files, told, strict=False), start=1):
        if kind not in Kind.values:
            refused.append(f"Ảnh {place} không rõ là ảnh gì nên không được giữ.")
        elif len(good) == MOST:
            refused.append(f"Ảnh {place} không được giữ: mỗi lần thăm nhiều nhất {MOST} ảnh.")
        else:
            # The name on the phone may be somebody's; only its ending is looked at.
            _, dot, ending = (file.name or "").rpartition(".")
            file.name = f"anh-{place}{dot}{ending[:5]}"
            try:
                checked = uploads.check_upload(file, allow=ALLOWED, person_lists=True)
            except (UploadRefused, SecretDocumentRefused, PersonListRefused) as refusal:
                refused.append(f"{refusal} Phần còn lại của lần thăm vẫn được giữ.")
            else:
                good.append(Picture(kind, mark or checked.sha256, checked))
    return good, refused


def keep(sent: SentVisit, pictures: Iterable[Picture], *, by, now: datetime) -> None:
    """Store the pictures of a visit that was sent, each once. Inside the caller's transaction. Errors: UploadRefused."""
    known = set(sent.photos.values_list("sha", flat=True))
    for picture in pictures:
        if picture.mark not in known:
            known.add(picture.mark)
            file = uploads.store_checked(picture.checked, by=by, now=now, sealed=True)
            SentPhoto.objects.create(sent=sent, kind=picture.kind, file=file, sha=picture.mark)


def agreed(person: Person) -> Consent | None:
    """The yes that a photo of the person rests on: the newest answer, if it is one."""
    row = person.consents.filter(purpose=Consent.Purpose.PHOTO).order_by("-pk").first()
    return row if row is not None and row.given else None


def hand_over(sent: SentVisit, visit: Visit, *, by, now: datetime) -> list[str]:
    """Make the pictures that were sent the visit's, those it has not yet; returns a sentence for what it does not take.

    Inside the caller's transaction, which holds the person.
    """
    have = list(visit.photos.values_list("file__sha256", flat=True))
    consent, left = agreed(visit.person), []
    for row in sent.photos.select_related("file").order_by("pk"):
        file = row.file
        row.delete()
        if file.sha256 in have:
            file.remove()
        elif row.kind == Kind.PERSON and consent is None:
            file.remove()
            left.append(NO_CONSENT)
        elif len(have) >= MOST:
            file.remove()
            left.append(f"Lần thăm đã có {MOST} ảnh nên không nhận thêm.")
        else:
            have.append(file.sha256)
            VisitPhoto.objects.create(
                visit=visit,
                kind=row.kind,
                file=file,
                consent=consent if row.kind == Kind.PERSON else None,
                added_by=by,
                added_at=now,
            )
    return list(dict.fromkeys(left))


@transaction.atomic
def add(visit: Visit, upload, *, kind: str, by, now: datetime) -> VisitPhoto:
    """Add one picture at a desk. Errors: UploadRefused; Refused without consent, or for one more than there may be."""
    person = locked(visit.person)
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa.")
    consent = agreed(person) if kind == Kind.PERSON else None
    if kind == Kind.PERSON and consent is None:
        raise Refused(f"{NO_CONSENT} Hãy ghi ý kiến ở trang dữ liệu của hồ sơ trước.")
    if visit.photos.count() >= MOST:
        raise Refused(f"Mỗi lần thăm giữ nhiều nhất {MOST} ảnh; hãy bỏ ảnh không cần nữa.")
    file = uploads.store_upload(upload, by=by, now=now, sealed=True, allow=ALLOWED, person_lists=True)
    row = VisitPhoto.objects.create(visit=visit, kind=kind, file=file, consent=consent, added_by=by, added_at=now)
    record("person.photo_added", by=by, at=now, target=person, data={"step": f"photo_{kind}"})
    return row


@transaction.atomic
def remove(photo: VisitPhoto, *, by, now: datetime) -> None:
    """Take a picture away, its file on the disk as well. Errors: Refused when somebody has just done it."""
    held = VisitPhoto.objects.select_for_update(of=("self",)).select_related("visit__person", "file")
    row = held.filter(pk=photo.pk).first()
    if row is None:
        raise Refused("Ảnh này vừa được người khác bỏ.")
    file, person, kind = row.file, row.visit.person, row.kind
    row.delete()
    file.remove()
    record("person.photo_removed", by=by, at=now, target=person, data={"step": f"photo_{kind}"})


def note_consent(person: Person, told: dict | None, *, on, by, now: datetime) -> None:
    """Write down what was answered about the photo with this call; a no without a witness is a no all the same.

    Errors: Refused for a yes that nobody would believe: without who said it, or spoken without a witness.
    """
    if told is None:
        return
    whole = told["said_by"] and (told["way"] != Consent.Way.SPOKEN or told["witness"])
    if told["given"] or whole:
        consents.note(person, purpose=Consent.Purpose.PHOTO, on=on, by=by, now=now, **told)
