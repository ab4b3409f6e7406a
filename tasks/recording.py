"""Recording a document: guarded, once, with its breakdown where one is known."""

import hashlib
import re
from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from directive_tracker.vietnamese import fold, nfc
from records.audit import record
from records.uploads import store_checked
from tasks.breakdown import apply_breakdown, breakdown_for, header_values
from tasks.drafting.proposing import draft_from
from tasks.drafting.proposing import header_values as drafted_header
from tasks.errors import AlreadyRecorded, Refused
from tasks.intake.proposal import Header
from tasks.intake.reading import propose
from tasks.models import Directive, DirectiveText, NonTaskSpan
from tasks.sources import Document, read_document
from tasks.textcleaning import Span, uncovered
from tasks.texts.reading import marks_on
from units.models import Unit, UnitKind

SUBJECT_LINES = 40
_SUBJECT = re.compile(r"^(?:V/v|Về việc)[\s:.]*(\S.*)$", re.IGNORECASE)


def record_directive(
    source_bytes: bytes, filename: str, by, now: datetime, *, declared: str = "", document: Document | None = None
) -> tuple[Directive, bool]:
    """Record a document as a draft: the original file, the clean text, and its tasks where a data file knows it.

    The same bytes are recorded once: the second call returns the first one's directive and False.
    A document no data file knows is read: header, tasks, bodies and times are proposed and wait to be looked at.
    Arguments: source_bytes and filename as they came; by, a User or None; now; declared, the degree
    of secrecy a person chose; document, what was read of these bytes already (a scan).
    Errors: records.uploads.UploadRefused (SecretDocumentRefused among them) before anything is stored;
    tasks.errors.AlreadyRecorded when another file of the same number, issuer and day is recorded;
    tasks.errors.Refused when the office or a unit it names is not there; BrokenBreakdown for a data file that does not fit.
    """
    document = document or read_document(SimpleUploadedFile(filename, source_bytes), declared=declared)
    # Of the bytes as they came: that is what "the same document" means.
    sha256 = hashlib.sha256(source_bytes).hexdigest()
    known = recorded_before(sha256)
    if known is not None:
        return known, False
    try:
        return _create(document, sha256, by=by, now=now), True
    except IntegrityError:
        # Two people may record the same document at one moment; the text's checksum is unique.
        known = recorded_before(sha256)
        if known is None:
            raise
        return known, False


def recorded_before(sha256: str) -> Directive | None:
    """The document whose original has this checksum."""
    return Directive.objects.filter(texts__version=1, texts__source_sha256=sha256).first()


@transaction.atomic
def _create(document: Document, sha256: str, *, by, now: datetime) -> Directive:
    content = breakdown_for(sha256)
    checked, (body, footnotes) = document.file, document.text
    proposal = None if content else propose(body, [note["text"] for note in footnotes])
    values = header_values(content) if content else _read_header(checked.name, body, proposal.header)
    directive = Directive.objects.create(recorded_by=by, recorded_at=now, **values)
    text = DirectiveText.objects.create(
        directive=directive,
        version=1,
        body=body,
        footnotes=footnotes,
        source_sha256=sha256,
        created_at=now,
        read_by=document.read_by,
        read_with=document.read_with,
        read_pages=document.read_pages,
    )
    if content:
        count = apply_breakdown(directive, text, content, by=by, now=now)
    else:
        count = draft_from(directive, text, proposal, now=now, today=timezone.localdate(now))
    # Last, so that a breakdown that does not fit leaves no file behind.
    text.source_file = store_checked(checked, by=by, now=now)
    text.save(update_fields=["source_file"])
    record("directive.recorded", by=by, at=now, target=directive, data={"sha256": sha256, "tasks": count})
    return directive


def _read_header(filename: str, body: str, header: Header) -> dict:
    """The fields as read from the document, and the office that watches it.

    Errors: AlreadyRecorded when a document of this number, issuer and day is there; Refused without an office.
    """
    office = Unit.objects.filter(kind=UnitKind.OFFICE).in_official_order().first()
    if office is None:
        raise Refused("Chưa có đơn vị nào là Văn phòng để theo dõi văn bản. Hãy khai đơn vị trước.")
    title = _subject(body) or " ".join(re.sub(r"[_\s]+", " ", nfc(PurePath(filename).stem)).split()) or "Văn bản"
    values = drafted_header(header, title=title)
    if values["number"] and values["issued_date"]:
        for other in alike(values["number"], values["issuer"]):
            if other.issued_date == values["issued_date"]:
                raise AlreadyRecorded(other)
    return {**values, "office": office}


def alike(number: str, issuer: str, *, but: Directive | None = None) -> list[Directive]:
    """The documents of the same number and issuer, however these are typed, newest first.

    Arguments: but, one that is not meant.
    """
    key = paper_key(number)
    if not key:
        return []
    rows = Directive.objects.exclude(number="").exclude(pk=but.pk if but else None)
    # The figures a number begins with are typed alike by everybody; the rest is compared without blanks.
    near = rows.filter(search_key__startswith=key[: len(key) - len(key.lstrip("0123456789"))])
    return [row for row in near.order_by("-pk") if paper_key(row.number) == key and fold(row.issuer) == fold(issuer)]


def paper_key(number: str) -> str:
    """A number as it is compared: without blanks and accents."""
    return "".join(fold(number).split())


def _subject(body: str) -> str:
    """The trích yếu after "V/v" near the beginning, or ""."""
    for line in body.splitlines()[:SUBJECT_LINES]:
        if found := _SUBJECT.match(line.strip()):
            return found[1].rstrip(" .,;")
    return ""


def uncovered_sentences(text: DirectiveText) -> list[Span]:
    """The sentences no task and no "không phải nhiệm vụ" touches, as (start, end) in code points.

    Arguments: text, one version. Errors: none.
    """
    taken = [(mark.start, mark.end) for mark in marks_on(text)]
    taken += NonTaskSpan.objects.filter(text=text).values_list("start", "end")
    return uncovered(text.body, taken)
