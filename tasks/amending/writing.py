"""Writing down what a draft does to earlier documents, and taking it out again. Nothing takes effect here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directive_tracker.vietnamese import nfc, vn_date
from records.audit import record
from tasks.enums import AssignmentRole, DirectiveState
from tasks.errors import Refused
from tasks.models import Amendment, AmendmentKind, AmendmentUnit, Directive, DirectiveTask, UnitChange
from tasks.models.task import DUE_YEARS
from units.models import Unit


@dataclass(frozen=True)
class Wanted:
    """One amendment as a person typed it. units: of a new day, the only ones it is for; taken, given: of "units"."""

    kind: str
    task: DirectiveTask | None = None
    new_task: DirectiveTask | None = None
    new_due: date | None = None
    only: list[Unit] = field(default_factory=list)
    take: list[Unit] = field(default_factory=list)
    give: list[Unit] = field(default_factory=list)
    role: str = AssignmentRole.COORDINATING
    words: str = ""
    note: str = ""


@transaction.atomic
def add(document: Directive, amended: Directive, wanted: Wanted, *, by: Any, now: datetime) -> Amendment:
    """Write down one thing the draft does to an issued document.

    Errors: Refused with a sentence when the document is no draft, the other one is not followed, or something is missing.
    """
    _refuse_unfit(document, amended, wanted)
    is_due = wanted.kind == AmendmentKind.DUE
    has_task = wanted.kind in (AmendmentKind.ADDS, AmendmentKind.REPLACES)
    amendment = Amendment.objects.create(
        document=document,
        amended=amended,
        task=wanted.task,
        new_task=wanted.new_task if has_task else None,
        kind=wanted.kind,
        new_due=wanted.new_due if is_due else None,
        words=nfc(" ".join(wanted.words.split()))[:1000],
        note=nfc(wanted.note).strip()[:500],
        made_by=by,
        made_at=now,
    )
    AmendmentUnit.objects.bulk_create(_units(amendment, wanted))
    data = {"kind": AmendmentKind(wanted.kind).label, "task": wanted.task.code if wanted.task else ""}
    record("amendment.added", by=by, at=now, target=document, data={**data, "amended": str(amended)})
    return amendment


def _units(amendment: Amendment, wanted: Wanted) -> Iterable[AmendmentUnit]:
    if amendment.kind == AmendmentKind.DUE:
        for unit in wanted.only:
            yield AmendmentUnit(amendment=amendment, unit=unit, change=UnitChange.ONLY)
    if amendment.kind == AmendmentKind.UNITS:
        for unit in wanted.take:
            yield AmendmentUnit(amendment=amendment, unit=unit, change=UnitChange.TAKE)
        for unit in wanted.give:
            yield AmendmentUnit(amendment=amendment, unit=unit, change=UnitChange.GIVE, role=wanted.role)


def _refuse_unfit(document: Directive, amended: Directive, wanted: Wanted) -> None:
    # Held until the row is written: nobody issues it in between.
    state = Directive.objects.select_for_update().values_list("state", flat=True).get(pk=document.pk)
    if state != DirectiveState.DRAFT:
        raise Refused("Văn bản này đã giao; điểm sửa đổi chỉ ghi được khi còn là dự thảo.")
    if amended.pk == document.pk:
        raise Refused("Văn bản không tự sửa đổi chính nó. Hãy chọn văn bản khác.")
    if not amended.is_issued:
        raise Refused(f"{amended} chưa giao hoặc đã kết thúc theo dõi, không sửa đổi được.")
    if wanted.task is not None and wanted.task.directive_id != amended.pk:
        raise Refused("Nhiệm vụ vừa chọn không thuộc văn bản được sửa đổi. Hãy chọn lại.")
    if wanted.new_task is not None and wanted.new_task.directive_id != document.pk:
        raise Refused("Nhiệm vụ mới phải là nhiệm vụ của chính văn bản này.")
    if wanted.kind != AmendmentKind.ADDS and wanted.task is None:
        raise Refused("Hãy chọn nhiệm vụ được sửa đổi.")
    if wanted.kind == AmendmentKind.REPLACES and wanted.new_task is None:
        raise Refused("Hãy chọn nhiệm vụ của văn bản này thay cho nhiệm vụ cũ.")
    if wanted.kind == AmendmentKind.UNITS and not (wanted.take or wanted.give):
        raise Refused("Hãy chọn ít nhất một đơn vị giao thêm hoặc không giao nữa.")
    _refuse_day(wanted)
    ending = (AmendmentKind.ENDS, AmendmentKind.REPLACES)
    if wanted.kind in ending and document.amendments_made.filter(task=wanted.task, kind__in=ending).exists():
        raise Refused(f"Văn bản này đã ghi kết thúc nhiệm vụ {wanted.task.code}. Hãy bỏ dòng ấy nếu muốn ghi lại.")


def _refuse_day(wanted: Wanted) -> None:
    if wanted.kind != AmendmentKind.DUE:
        return
    if wanted.new_due is None:
        raise Refused("Hãy ghi hạn mới, ví dụ 29/02/2024.")
    if not DUE_YEARS[0] <= wanted.new_due.year <= DUE_YEARS[1]:
        raise Refused(f"Hạn {vn_date(wanted.new_due)} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}.")


@transaction.atomic
def remove(amendment: Amendment, *, by: Any, now: datetime) -> None:
    """Take an amendment out before its document is issued. Errors: Refused when it has taken effect."""
    state = Directive.objects.select_for_update().values_list("state", flat=True).get(pk=amendment.document_id)
    if state != DirectiveState.DRAFT or amendment.is_applied:
        raise Refused("Văn bản đã giao, điểm sửa đổi này đã có hiệu lực và không bỏ được nữa.")
    data = {
        "kind": amendment.get_kind_display(),
        "task": amendment.task.code if amendment.task else "",
        "amended": str(amendment.amended),
    }
    record("amendment.removed", by=by, at=now, target=amendment.document, data=data)
    amendment.delete()
