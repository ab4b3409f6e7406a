"""One workbook from the upload over the check to the import: what pages, jobs and the command have in common."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import ZONE
from records.audit import record
from records.models import StoredFile
from records.results import keep_file
from records.spreadsheets import XLSX
from records.uploads import CheckedUpload, check_upload, store_checked
from units.errors import Refused
from units.importing.applying import apply_plan
from units.importing.checking import check_book
from units.importing.layout import LAYOUTS
from units.importing.plan import LINES, Item, Plan, sentence_of, show
from units.importing.reading import KINDS, Book, Remark, as_utf8, read_book
from units.importing.snapshot import take_snapshot
from units.importing.workbook import errors_bytes
from units.models import ImportState, ListImport

# What a page shows; the file of errors has them all.
SHOWN = 200
# Above so many rows a job does the work. 5 000 people took 1.8 s of processor time to take in and check and 2.0 s to
# import, so that this many stay below two seconds.
ROWS_IN_REQUEST = 3000

NOTHING_TO_DO = "Không có gì để nhập: mọi dòng đều đã giống dữ liệu đang có."
HAS_ERRORS = "Tệp còn lỗi nên chưa nhập gì. Hãy sửa tệp rồi nộp lại, hoặc chọn “Chỉ nhập các dòng đúng”."
STALE = "Dữ liệu đã thay đổi từ lúc kiểm tra nên chưa nhập gì. Kết quả kiểm tra mới ở bên dưới."
NOT_NOW = "Tệp này đang được xử lý hoặc đã nhập rồi."
BY_DATABASE = "Chưa nhập gì: dữ liệu vừa được người khác sửa cùng lúc. Hãy kiểm tra lại rồi nhập."
NOBODY_MAKES_DEPUTIES = "Trang “Thay mặt” cần biết ai lập: hãy nhập qua trang quản trị, hoặc thêm --by TÊN_ĐĂNG_NHẬP."

Step = Callable[[int, int], None]


def no_step(done: int, total: int) -> None:
    """Nobody follows."""


class Stale(Refused):
    """The database is no longer as it was when the file was checked."""


@dataclass(frozen=True)
class Accepted:
    """A file that passed the guard and is a workbook of ours."""

    checked: CheckedUpload
    book: Book


def accept(upload: UploadedFile) -> Accepted:
    """Check a file as every upload and read it; nothing is stored.

    Errors: UploadRefused (SecretDocumentRefused among them) with a sentence.
    """
    encoding = ""
    if (upload.name or "").lower().endswith(".csv") and (upload.size or 0) <= settings.UPLOAD_MAX_BYTES:
        data, encoding = as_utf8(upload.read())
        upload = SimpleUploadedFile(upload.name or "tep.csv", data)
    # A list of colleagues is what belongs here.
    checked = check_upload(upload, allow=KINDS, person_lists=True)
    book = read_book(checked.data, checked.extension)
    if encoding:
        words = f"Tệp ghi theo bảng mã {encoding}, đã đổi sang Unicode. Hãy xem kỹ dấu của các tên."
        book.remarks.insert(0, Remark("csv", None, words))
    return Accepted(checked, book)


def begin(accepted: Accepted, *, by, now: datetime) -> ListImport:
    """Keep the file; the check follows. The same file, not yet imported, is taken up again."""
    again = (
        ListImport.objects.filter(file__sha256=accepted.checked.sha256, uploaded_by=by, state=ImportState.CHECKED)
        .select_related("file")
        .first()
    )
    if again is not None:
        return again
    return ListImport.objects.create(file=store_checked(accepted.checked, by=by, now=now), uploaded_by=by)


def book_of(found: ListImport) -> Book:
    """Read the stored file again. Errors: UploadRefused, OSError when the file is gone."""
    with found.file.file.open("rb") as stored:
        return read_book(stored.read(), found.file.extension)


def run_check(found: ListImport, book: Book, *, now: datetime, step: Step = no_step) -> Plan:
    """Check the book against the database of this moment and keep what was found for the page."""
    plan = check_book(book, take_snapshot(), today=now.astimezone(ZONE).date())
    step(1, 2)
    found.error_file = _keep_errors(found, book, plan, now) if plan.problems else None
    found.outcome, found.digest, found.checked_at = outcome_of(plan), plan.digest(), now
    found.state, found.job = ImportState.CHECKED, None
    found.save(update_fields=["error_file", "outcome", "digest", "checked_at", "state", "job"])
    step(2, 2)
    return plan


def _keep_errors(found: ListImport, book: Book, plan: Plan, now: datetime) -> StoredFile:
    content = errors_bytes(book, plan, demo=settings.DEMO)
    stem = found.file.original_name.rpartition(".")[0] or "tep"
    return keep_file(content, f"{stem} – lỗi.xlsx", XLSX, by=found.uploaded_by, now=now)


def run_import(found: ListImport, book: Book, *, by, now: datetime, only_right: bool = False, digest: str = "") -> Plan:
    """Import in one transaction what the check showed, or nothing at all.

    Args:
        only_right: leave out the rows with errors instead of refusing all.
        digest: the mark of what the person saw; "" where nobody looked (the command).
    Errors: Refused with a sentence; Stale when the database has changed since, after checking anew.
    """
    try:
        with transaction.atomic():
            plan = _import(found, book, by=by, now=now, only_right=only_right, digest=digest)
    except Stale:
        run_check(found, book, now=now)
        raise
    except IntegrityError as error:
        raise Refused(BY_DATABASE) from error
    return plan


def _import(found: ListImport, book: Book, *, by, now: datetime, only_right: bool, digest: str) -> Plan:
    row = ListImport.objects.select_for_update().get(pk=found.pk)
    if row.state not in (ImportState.CHECKED, ImportState.APPLYING):
        raise Refused(NOT_NOW)
    snapshot = take_snapshot(lock=True)
    plan = check_book(book, snapshot, today=now.astimezone(ZONE).date())
    if digest and plan.digest() != digest:
        raise Stale(STALE)
    if plan.problems and not only_right:
        raise Refused(HAS_ERRORS)
    if not plan.has_work:
        raise Refused(NOTHING_TO_DO)
    if by is None and any(item.is_new for item in plan.of("deputies")):
        raise Refused(NOBODY_MAKES_DEPUTIES)
    apply_plan(plan, snapshot, by=by, now=now)
    record("units.imported", by=by, at=now, target=row, data=_audit_data(plan))
    found.state, found.job = ImportState.APPLIED, None
    found.applied_by, found.applied_at, found.outcome = by, now, outcome_of(plan)
    found.save(update_fields=["state", "job", "applied_by", "applied_at", "outcome"])
    return plan


def _audit_data(plan: Plan) -> dict[str, Any]:
    """Counts alone: one act is one row, and rows about persons carry no values."""
    data: dict[str, Any] = {"count": len(plan.items)}
    for line, figures in plan.figures().items():
        data[LINES[line]] = sentence_of(figures)
    return data


# --- for page and command -----------------------------------------------------------------------


def outcome_of(plan: Plan) -> dict[str, Any]:
    """The plan as JSON: figures, the first errors, changes and remarks, and how many there are."""
    changes = [item for item in plan.items if not item.is_new]
    fresh = [item for item in plan.items if item.is_new]
    return {
        "figures": plan.figures(),
        "errors": [{**asdict(one), "column": one.column} for one in plan.problems[:SHOWN]],
        "error_count": len(plan.problems),
        "changes": [_change(item) for item in changes[:SHOWN]],
        "change_count": len(changes),
        "fresh": [
            {"line": item.line, "sheet": item.sheet, "row": item.row, "label": item.label} for item in fresh[:SHOWN]
        ],
        "fresh_count": len(fresh),
        "remarks": [asdict(one) for one in plan.remarks[:SHOWN]],
        "remark_count": len(plan.remarks),
        "has_work": plan.has_work,
    }


def _change(item: Item) -> dict[str, Any]:
    fields = [
        {"name": header_of(item.line, name), "old": show(name, item.before[name]), "new": show(name, value)}
        for name, value in item.values.items()
    ]
    return {"line": item.line, "sheet": item.sheet, "row": item.row, "label": item.label, "fields": fields}


_LAYOUT_OF_LINE = {"areas": "areas", "units": "units", "persons": "people", "roles": "people", "deputies": "deputies"}


def header_of(line: str, name: str) -> str:
    """The heading of the column a value comes from."""
    layout = next(layout for layout in LAYOUTS if layout.kind == _LAYOUT_OF_LINE[line])
    return layout.column(name).header


def lines_of(outcome: dict[str, Any]) -> list[tuple[str, str, dict[str, int]]]:
    """(name of the line, its figures in words, its figures) of an outcome."""
    figures = outcome.get("figures", {})
    return [(LINES[line], sentence_of(figures[line]), figures[line]) for line in LINES if line in figures]
