"""Recording a document: guarded, once, with its breakdown where one is known."""

import hashlib
import re
from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import nfc
from records.audit import record
from records.uploads import store_checked
from tasks.breakdown import apply_breakdown, breakdown_for, header_values
from tasks.errors import Refused
from tasks.models import Directive, DirectiveText, NonTaskSpan, TaskSpan
from tasks.sources import Document, read_document
from tasks.textcleaning import Span, sentences
from units.models import Unit, UnitKind

SUBJECT_LINES = 40
_SUBJECT = re.compile(r"^(?:V/v|Về việc)[\s:.]*(\S.*)$", re.IGNORECASE)


def record_directive(
    source_bytes: bytes, filename: str, by, now: datetime, *, declared: str = ""
) -> tuple[Directive, bool]:
    """Record a document as a draft: the original file, the clean text, and its tasks where a data file knows it.

    The same bytes are recorded once: the second call returns the first one's directive and False.
    A document no data file knows is recorded as text without tasks, its header empty.
    Arguments: source_bytes and filename as they came; by, a User or None; now; declared, the degree
    of secrecy a person chose.
    Errors: records.uploads.UploadRefused (SecretDocumentRefused among them) before anything is stored;
    tasks.errors.Refused when the office or a unit it names is not there; BrokenBreakdown for a data file that does not fit.
    """
    document = read_document(SimpleUploadedFile(filename, source_bytes), declared=declared)
    # Of the bytes as they came: that is what "the same document" means.
    sha256 = hashlib.sha256(source_bytes).hexdigest()
    known = _recorded(sha256)
    if known is not None:
        return known, False
    try:
        return _create(document, sha256, by=by, now=now), True
    except IntegrityError:
        # Two people may record the same document at one moment; the text's checksum is unique.
        known = _recorded(sha256)
        if known is None:
            raise
        return known, False


def _recorded(sha256: str) -> Directive | None:
    return Directive.objects.filter(texts__version=1, texts__source_sha256=sha256).first()


@transaction.atomic
def _create(document: Document, sha256: str, *, by, now: datetime) -> Directive:
    content = breakdown_for(sha256)
    checked, (body, footnotes) = document
    values = header_values(content) if content else _plain_header(checked.name, body)
    directive = Directive.objects.create(recorded_by=by, recorded_at=now, **values)
    text = DirectiveText.objects.create(
        directive=directive,
        version=1,
        body=body,
        footnotes=footnotes,
        source_sha256=sha256,
        created_at=now,
    )
    count = apply_breakdown(directive, text, content, by=by, now=now) if content else 0
    # Last, so that a breakdown that does not fit leaves no file behind.
    text.source_file = store_checked(checked, by=by, now=now)
    text.save(update_fields=["source_file"])
    record("directive.recorded", by=by, at=now, target=directive, data={"sha256": sha256, "tasks": count})
    return directive


def _plain_header(filename: str, body: str) -> dict:
    """What can be said of a document nobody has described: a title, and the office that watches it."""
    office = Unit.objects.filter(kind=UnitKind.OFFICE).in_official_order().first()
    if office is None:
        raise Refused("Chưa có đơn vị nào là Văn phòng để theo dõi văn bản. Hãy khai đơn vị trước.")
    title = _subject(body) or " ".join(re.sub(r"[_\s]+", " ", nfc(PurePath(filename).stem)).split()) or "Văn bản"
    return {
        "kind": "Văn bản",
        "issuer": "",
        "title": title[:300],
        "short_title": title[:80],
        "office": office,
    }


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
    taken = list(TaskSpan.objects.filter(text=text).values_list("start", "end"))
    taken += NonTaskSpan.objects.filter(text=text).values_list("start", "end")
    return [
        (start, end)
        for start, end in sentences(text.body)
        if not any(from_ < end and to > start for from_, to in taken)
    ]
