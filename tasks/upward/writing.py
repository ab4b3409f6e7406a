"""Writing an upward report down, changing it, noting that it was sent. Each step is kept with what was there before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, nfc, vn_date, vn_datetime
from notifications.models import Pulse
from records.audit import record
from records.uploads import check_upload, store_checked
from tasks.closing.guard import hold_followed
from tasks.errors import Refused
from tasks.lifecycle import required_reason
from tasks.models import CitedDocument, Directive, UpwardReport, UpwardReportStep, UpwardState, UpwardStepKind
from tasks.models.task import DUE_YEARS

_WORDS = {
    "cited": "văn bản viện dẫn",
    "to_whom": "gửi đến",
    "about": "nội dung",
    "due": "hạn gửi",
    "note": "ghi chú",
}


@dataclass(frozen=True)
class Wanted:
    """What is to be reported to whom until when, as it was typed."""

    to_whom: str
    about: str
    due: date | None = None
    cited: CitedDocument | None = None
    note: str = ""


@dataclass(frozen=True)
class Sent:
    """How it was sent. Number and signer may be empty: a report outside of the program has its day alone."""

    sent_on: date
    number: str = ""
    signer: str = ""


@transaction.atomic
def write(directive: Directive, wanted: Wanted, *, by: Any, now: datetime) -> UpwardReport:
    """Write a duty down. Errors: Refused for a closed document, a cited document of another one, or an impossible day."""
    if directive.is_closed:
        raise Refused("Văn bản đã kết thúc theo dõi, không ghi thêm báo cáo lên cấp trên được.")
    _refuse_unfit(directive, wanted)
    report = UpwardReport.objects.create(
        directive=directive, made_by=by, made_at=now, updated_at=now, **_values(wanted)
    )
    _step(report, UpwardStepKind.MADE, by=by, now=now)
    record("upward.written", by=by, at=now, target=directive)
    return report


def _values(wanted: Wanted) -> dict[str, Any]:
    return {
        "to_whom": nfc(wanted.to_whom).strip(),
        "about": nfc(wanted.about).strip(),
        "due": wanted.due,
        "cited": wanted.cited,
        "note": nfc(wanted.note).strip(),
    }


def _refuse_unfit(directive: Directive, wanted: Wanted) -> None:
    if not wanted.to_whom.strip() or not wanted.about.strip():
        raise Refused("Hãy ghi báo cáo gửi đến đâu và về việc gì.")
    if wanted.cited is not None and wanted.cited.directive_id != directive.pk:
        raise Refused("Văn bản viện dẫn vừa chọn không thuộc văn bản này.")
    if wanted.due is not None and not DUE_YEARS[0] <= wanted.due.year <= DUE_YEARS[1]:
        raise Refused(f"Hạn {vn_date(wanted.due)} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}.")


def _held(report: UpwardReport, *states: str) -> UpwardReport:
    """The row under lock. Errors: Refused with who did what when, where it is not in one of these states any more."""
    hold_followed(report.directive_id)
    row = UpwardReport.objects.select_for_update().get(pk=report.pk)
    if row.state not in states:
        last = row.steps.select_related("by").order_by("-pk").first()
        who = f"{last.by or 'Chương trình'} đã “{str(last).lower()}” lúc {vn_datetime(last.at)}. " if last else ""
        raise Refused(f"{who}Xin xem lại rồi làm tiếp.")
    return row


def _step(
    report: UpwardReport, kind: UpwardStepKind, *, by: Any, now: datetime, words: str = "", file: Any = None
) -> None:
    UpwardReportStep.objects.create(report=report, kind=kind, words=words[:1000], file=file, by=by, at=now)


@transaction.atomic
def change(report: UpwardReport, wanted: Wanted, *, by: Any, now: datetime) -> bool:
    """Change an open one; whether anything is another one now. Errors: Refused as `write`, or when it was sent meanwhile."""
    row = _held(report, UpwardState.OPEN)
    _refuse_unfit(report.directive, wanted)
    values = _values(wanted)
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return False
    UpwardReport.objects.filter(pk=row.pk).update(updated_at=now, **values)
    said = "; ".join(f"{_WORDS[name]} trước đó: {_said(value)}" for name, value in before.items())
    _step(row, UpwardStepKind.CHANGED, by=by, now=now, words=said)
    record("upward.changed", by=by, at=now, target=report.directive, data={"fields": sorted(before)})
    # Its day may be another one: what is due is looked at anew.
    Pulse.objects.plan_anew()
    return True


def _said(value: Any) -> str:
    if isinstance(value, date):
        return vn_date(value)
    return str(value) if value else "chưa ghi"


def mark_sent(report: UpwardReport, sent: Sent, *, upload: UploadedFile | None = None, by: Any, now: datetime) -> None:
    """Note that it was sent, when, under which number, by whom signed, with its file.

    Errors: records.uploads.UploadRefused before anything is stored; Refused for a day to come, or when somebody was quicker.
    """
    if sent.sent_on > timezone.localdate(now, ZONE):
        raise Refused("Ngày gửi ở sau hôm nay. Xin ghi ngày đã gửi.")
    if sent.sent_on.year < DUE_YEARS[0]:
        raise Refused(f"Năm {sent.sent_on.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]}.")
    checked = check_upload(upload) if upload else None
    with transaction.atomic():
        row = _held(report, UpwardState.OPEN)
        row.state, row.sent_on, row.updated_at = UpwardState.SENT, sent.sent_on, now
        row.number, row.signer = nfc(sent.number).strip(), nfc(sent.signer).strip()
        if checked is not None:
            row.file = store_checked(checked, by=by, now=now)
        row.save()
        _step(row, UpwardStepKind.SENT, by=by, now=now, words=row.sent_words)
        record("upward.sent", by=by, at=now, target=report.directive)


@transaction.atomic
def reopen(report: UpwardReport, *, reason: str, by: Any, now: datetime) -> None:
    """Take back that it was sent or dropped; number, signer and file stay in the history. Errors: Refused."""
    reason = required_reason(reason, "lý do mở lại")
    row = _held(report, UpwardState.SENT, UpwardState.DROPPED)
    words = f"{reason} (trước đó: {row.sent_words or row.get_state_display().lower()})"
    old_file = row.file
    row.state, row.sent_on, row.number, row.signer, row.file = UpwardState.OPEN, None, "", "", None
    row.updated_at = now
    row.save()
    _step(row, UpwardStepKind.REOPENED, by=by, now=now, words=words, file=old_file)
    record("upward.reopened", by=by, at=now, target=report.directive, reason=reason)


@transaction.atomic
def drop(report: UpwardReport, *, reason: str, by: Any, now: datetime) -> None:
    """Note that it need not be sent any more. Errors: Refused without a reason, or when it was sent meanwhile."""
    reason = required_reason(reason, "lý do không phải gửi nữa")
    row = _held(report, UpwardState.OPEN)
    row.state, row.updated_at = UpwardState.DROPPED, now
    row.save()
    _step(row, UpwardStepKind.DROPPED, by=by, now=now, words=reason)
    record("upward.dropped", by=by, at=now, target=report.directive, reason=reason)
