"""The office's answer to a report: accept sections, return single ones with a reason. Decided once."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import shortened, vn_datetime
from notifications import outbox
from records.audit import record
from tasks import reminders
from tasks.closing.guard import hold_followed
from tasks.enums import (
    AssignmentState,
    DueSource,
    RoundDecision,
    SectionState,
)
from tasks.errors import Refused, TransitionNotAllowed
from tasks.handing.telling import tell_parts_left
from tasks.lifecycle import REASON_MAX, keep_figures, moved, required_reason
from tasks.models import Assignment, ProgressReport, ReportRound
from tasks.permissions import refuse_own_work
from tasks.rounds.places import WHOLE, labels_of, places_of
from tasks.rounds.settling import current_round, settle
from units.calendar import work_calendar

S = AssignmentState


def _decide(
    section: ProgressReport, new: SectionState, decision, *, by, now, seen: int | None = None, **values
) -> ReportRound:
    """Let one of two people win; the other one is told what happened. Nobody decides about the own unit's section.

    Args:
        seen: the number of the sending that the person has read; what was taken back and sent again meanwhile has not
            been read.
    """
    refuse_own_work(by, section.assignment)
    hold_followed(section.assignment.directive_id)
    won = ProgressReport.objects.filter(pk=section.pk, state=SectionState.SUBMITTED).update(state=new)
    round_ = current_round(section)
    if not won:
        raise TransitionNotAllowed(_what_happened(round_))
    _refuse_unread(round_, seen)
    section.state = new
    for name, value in {
        "decision": decision,
        "decided_by": by,
        "decided_at": now,
        **values,
    }.items():
        setattr(round_, name, value)
    round_.save(update_fields=["decision", "decided_by", "decided_at", *values])
    return round_


def _refuse_unread(round_: ReportRound | None, seen: int | None) -> None:
    """Errors: TransitionNotAllowed when the unit has sent again what was read, which nobody has decided."""
    if seen is None or round_ is None or round_.number == seen or round_.decided_at is not None:
        return
    raise TransitionNotAllowed(
        f"Đơn vị đã rút về và gửi lại mục này lúc {vn_datetime(round_.submitted_at)}, người gửi: "
        f"{round_.submitted_by}. Xin đọc lần gửi {round_.number} rồi quyết định."
    )


def what_became_of(section: ProgressReport) -> str:
    """Who answered the newest sending of the section, when and how, in one sentence."""
    return _what_happened(current_round(section))


def _what_happened(round_: ReportRound | None) -> str:
    if round_ is None or round_.decided_by is None:
        return "Mục này không còn chờ xem xét. Xin xem lại."
    moment = timezone.localtime(round_.decided_at)
    if round_.is_withdrawn:
        return (
            f"{round_.decided_by} đã rút mục này về để sửa lúc {moment:%H:%M}; mục sẽ chờ xem xét khi đơn vị gửi lại."
        )
    return f"{round_.decided_by} đã xem xét mục này lúc {moment:%H:%M}: {round_.get_decision_display().lower()}."


@transaction.atomic
def accept_section(section: ProgressReport, *, by, now: datetime, seen: int | None = None) -> None:
    """Accept one section; a claim of completion completes its assignment.

    `completed_on` is the day the accepted report reached the office, so that a slow reviewer
    never makes a unit late.

    Args:
        seen: the number of the sending that was read (`_decide`).

    Raises:
        Refused: the section is about the work of the person's own unit.
        TransitionNotAllowed: somebody decided meanwhile; the sentence says who and what.
    """
    old = section.assignment.state
    _accept(section, by=by, now=now, seen=seen)
    record(
        "section.accepted",
        by=by,
        at=now,
        target=section.assignment,
        data={**_decided(section.assignment, old, SectionState.ACCEPTED), "report": section.unit_report_id},
    )


def _decided(assignment: Assignment, old: str, to: SectionState) -> dict:
    """From what to what: the work where it moved, else the section."""
    if assignment.state != old:
        return moved(old, assignment.state)
    return {"from": SectionState.SUBMITTED.label, "to": to.label}


def _accept(section: ProgressReport, *, by, now: datetime, seen: int | None = None) -> None:
    round_ = _decide(section, SectionState.ACCEPTED, RoundDecision.ACCEPTED, by=by, now=now, seen=seen)
    assignment = section.assignment
    _deliver_products(assignment, round_)
    if round_.content.get("claims_completion") and assignment.state == S.SUBMITTED:
        assignment.move_to(
            S.COMPLETED,
            from_={S.SUBMITTED},
            by=by,
            now=now,
            note="Xác nhận hoàn thành",
            completed_on=round_.submitted_on,
        )
        outbox.supersede(assignment, now=now)
        keep_figures(assignment, now=now)
        tell_parts_left(assignment, now=now)
    reminders.tell_accepted(section, by=by, now=now)
    settle(section.unit_report)


def _deliver_products(assignment: Assignment, round_: ReportRound) -> None:
    papers = {entry["delivery"]: entry for entry in round_.content.get("products", [])}
    claims = round_.content.get("claims_completion")
    for delivery in assignment.products.select_related("product"):
        entry = papers.get(delivery.pk)
        if entry is not None:
            delivery.number, delivery.symbol = entry["number"], entry["symbol"]
            delivery.signer, delivery.file_id = entry["signer"], entry["file"]
            delivery.paper_date = date.fromisoformat(entry["paper_date"]) if entry["paper_date"] else None
        elif not claims or delivery.product.has_paper:
            continue
        delivery.submitted_on = delivery.submitted_on or round_.submitted_on
        delivery.delivered_on = delivery.delivered_on or round_.submitted_on
        delivery.save()


def _what_to_mend(
    section: ProgressReport, reason: str, fields: tuple[str, ...], field_reasons: Mapping[str, str]
) -> tuple[str, dict[str, str], dict[str, str]]:
    """The reason for the whole, the places with their labels in the order of the form, the reason of each that has
    its own.

    Errors: Refused for an unknown place, no reason at all, or one that is too short or too long.
    """
    said = {key: words.strip() for key, words in field_reasons.items() if words.strip()}
    named = set(fields) | said.keys()
    labels = labels_of(places_of(section, current_round(section))) if named - WHOLE.keys() else WHOLE
    if named - labels.keys():
        raise Refused("Chỗ cần sửa không có trong danh sách.")
    places = {key: label for key, label in labels.items() if key in named}
    joined = "; ".join(f"{label}: {said[key]}" for key, label in places.items() if key in said)
    reason = required_reason(reason if reason.strip() else shortened(joined, REASON_MAX), "lý do trả lại")
    return reason, places, {key: required_reason(said[key], "lý do từng chỗ") for key in places if key in said}


@transaction.atomic
def return_section(
    section: ProgressReport,
    *,
    by,
    now: datetime,
    reason: str,
    fields: tuple[str, ...] = (),
    field_reasons: Mapping[str, str] | None = None,
    without_content: bool = False,
    seen: int | None = None,
) -> None:
    """Send one section back with a reason for the whole, for single fields, or both.

    Args:
        fields: keys of places (tasks/rounds/places.py) that need mending.
        field_reasons: key → what is to be mended there; such a field needs no place in `fields`. Where there is no
            reason for the whole, these say it.
        seen: the number of the sending that was read (`_decide`).
        without_content: the report said nothing; then the due date does not move.

    Raises:
        Refused: no reason, or the section is about the work of the person's own unit.
        TransitionNotAllowed: somebody decided meanwhile.
    """
    if seen is not None:  # what is no longer there is told before a place that is no longer there
        _refuse_unread(current_round(section), seen)
    reason, places, said = _what_to_mend(section, reason, fields, field_reasons or {})
    _decide(
        section,
        SectionState.RETURNED,
        RoundDecision.RETURNED,
        by=by,
        now=now,
        reason=reason,
        returned_fields=list(places),
        returned_labels={key: label for key, label in places.items() if key not in WHOLE},
        field_reasons=said,
        seen=seen,
        without_content=without_content,
    )
    assignment = section.assignment
    old = assignment.state
    if old == S.SUBMITTED:
        _to_be_redone(assignment, by=by, now=now, reason=reason, without_content=without_content)
    data = {"report": section.unit_report_id, "mend": list(places.values())}
    record(
        "section.returned",
        by=by,
        at=now,
        target=assignment,
        data={**_decided(assignment, old, SectionState.RETURNED), **data},
        reason=reason,
    )
    reminders.tell_returned(section, by=by, now=now)
    settle(section.unit_report)


def _to_be_redone(assignment: Assignment, *, by, now: datetime, reason: str, without_content: bool) -> None:
    """The work goes back to its unit, with time for it unless the report said nothing."""
    redo = {"note": reason, "state_reason": reason, "submitted_on": None}
    assignment.move_to(S.REDO, from_={S.SUBMITTED}, by=by, now=now, **redo)
    if not without_content:
        _give_time(assignment, by=by, now=now)
    keep_figures(assignment, now=now)


def _give_time(assignment: Assignment, *, by, now: datetime) -> None:
    """The due date becomes the later of itself and today + N working days."""
    if assignment.due_current is None:
        return
    days = settings.RETURN_WORKING_DAYS
    new_due = work_calendar().add(timezone.localdate(now), days)
    if new_due > assignment.due_current:
        assignment.set_due(
            new_due,
            source=DueSource.RETURNED,
            by=by,
            now=now,
            reason=f"Yêu cầu bổ sung: thêm {days} ngày làm việc kể từ ngày trả lại",
        )
        outbox.supersede(assignment, version_below=assignment.due_version, now=now)


@transaction.atomic
def accept_sections(sections: list[ProgressReport], *, by, now: datetime, seen: Mapping[int, int] | None = None) -> int:
    """Accept these sections of one report together or none; one act, one line in the record. The number accepted.

    Args:
        seen: section id → the number of the sending that was read (`_decide`).
    """
    # In one order, that of taking back too: two people at the same moment wait for each other and do not lock.
    for section in sorted(sections, key=lambda one: one.pk):
        _accept(section, by=by, now=now, seen=(seen or {}).get(section.pk))
    if sections:
        data = {"count": len(sections), "codes": [section.assignment.task.code for section in sections]}
        record("report.sections_accepted", by=by, at=now, target=sections[0].unit_report, data=data)
    return len(sections)


@transaction.atomic
def accept_each(
    sections: list[ProgressReport], *, by, now: datetime, seen: Mapping[int, int]
) -> tuple[list[ProgressReport], list[tuple[ProgressReport, str]]]:
    """Accept sections of any reports, each for itself: what cannot be accepted is left as it is and holds up nothing.

    One act, one line in the record.

    Args:
        seen: section id → the number of the sending that was read (`_decide`).

    Returns: what was accepted; what not, each with the sentence that says why.
    """
    accepted, refused = [], []
    for section in sorted(sections, key=lambda one: one.pk):
        try:
            with transaction.atomic():
                _accept(section, by=by, now=now, seen=seen.get(section.pk))
        except Refused as refusal:
            refused.append((section, str(refusal)))
        else:
            accepted.append(section)
    if accepted:
        units = {section.assignment.unit_id for section in accepted}
        data = {
            "count": len(accepted),
            "units": len(units),
            "codes": [f"{section.assignment.task.code} {section.assignment.unit.short_name}" for section in accepted],
        }
        record("report.many_accepted", by=by, at=now, data=data)
    return accepted, refused
