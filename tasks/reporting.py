"""Sending a unit's report: to the unit's head where that is wanted, and to the office."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone

from directive_tracker.writing import insert_row, update_rows
from records.audit import record
from tasks import reminders
from tasks.behalf.periods import make_room
from tasks.closing.guard import followed_too, hold_followed
from tasks.drafts.checking import ReportIncomplete, is_blank, problems_in
from tasks.drafts.inputs import TEXT_FIELDS, ReportInput
from tasks.drafts.reading import editable_sections
from tasks.drafts.saving import TYPED_FIELDS, Clash, keep_typed, read_again, save_draft, update_section, write_sections
from tasks.enums import REPORTABLE_STATES, AssignmentState, ReportState, RoundWay, SectionState
from tasks.errors import Refused
from tasks.handing.telling import tell_contributed
from tasks.indicators.entry import frozen_figures, values_of
from tasks.indicators.tallying import Tallies, tallies_for
from tasks.lifecycle import keep_figures, objecting, required_reason
from tasks.models import (
    DraftCopy,
    IndicatorValue,
    ProgressReport,
    ReportRound,
    SectionFile,
    SectionProduct,
    UnitReport,
)
from tasks.rounds.recalling import back_to_writing
from tasks.rounds.settling import settle

S = AssignmentState
# Section → code of a figure → what is on record for it.
Counted = Mapping[int, Mapping[str, Tallies]]


@transaction.atomic
def submit(
    report: UnitReport,
    *,
    by,
    now: datetime,
    as_head: bool = False,
    sections: list[ProgressReport] | None = None,
) -> None:
    """Send the report: to the unit's head where the unit wants so, else to the office.

    Args:
        as_head: the sender may speak for the unit, so no further approval is needed.
        sections: all of the report's as they were just saved in its present version, with products and files; read
            where they are not given.

    Raises:
        ReportIncomplete: with every place to mend.
        Refused: somebody sent it meanwhile.
    """
    sections = editable_sections(report) if sections is None else [s for s in sections if s.is_editable]
    tallies = tallies_for(report, sections, today=timezone.localdate(now))
    problems = problems_in(sections, _explained(report, tallies))
    if problems:
        raise ReportIncomplete(problems)
    _hand_in(report, sections, tallies, by=by, now=now, as_head=as_head)


@dataclass(frozen=True)
class Handed:
    """What became of a report that was typed and sent at once: the parts that somebody else saved meanwhile, or why it was
    not sent; what was typed is kept either way."""

    clashes: list[Clash] = field(default_factory=list)
    refusal: Refused | None = None


def keep_and_submit(
    report: UnitReport,
    data: ReportInput,
    *,
    by,
    now: datetime,
    version: int,
    sections: list[ProgressReport],
    as_head: bool = False,
    files_changed: bool = False,
) -> Handed:
    """Keep what was typed and send it, in one transaction. What stands against sending takes nothing typed away: what is
    missing is told before anything is sent, and after any other refusal or an error the draft alone is kept, in a transaction
    of its own.

    Args:
        sections: all of the report's, read after the report, with products and files.
        files_changed: files came or went with the form, so that the sections must be read again before they are sent.
        The others: as of save_draft and submit.

    Raises:
        DraftConflict, Refused: as of save_draft; nothing is kept then.
    """
    draft: dict = {"by": by, "now": now, "version": version, "sections": sections}
    refusal = None
    try:
        with transaction.atomic():
            clashes, typed = keep_typed(report, data, **draft)
            if clashes or files_changed:
                write_sections(typed)
                typed = []
            if clashes:
                return Handed(clashes)
            chosen = editable_sections(report) if files_changed else [s for s in sections if s.is_editable]
            tallies = tallies_for(report, chosen, today=timezone.localdate(now))
            if problems := problems_in(chosen, _explained(report, tallies)):
                write_sections(typed)
                return Handed(refusal=ReportIncomplete(problems))
            try:
                _hand_in(report, chosen, tallies, by=by, now=now, as_head=as_head, typed=typed)
            except Refused as found:
                transaction.set_rollback(True)
                refusal = found
    except DatabaseError:
        # What the database could not send is not lost.
        read_again(report, sections)
        save_draft(report, data, **draft)
        raise
    if refusal is None:
        return Handed()
    read_again(report, sections)
    return Handed(save_draft(report, data, **draft), refusal)


def _explained(report: UnitReport, tallies: Counted) -> Counted:
    """What a differing figure is explained against: the office, which enters for a unit, is asked nothing – an answer
    would tell it numbers that stay with the unit."""
    return {} if report.on_behalf else tallies


def _hand_in(
    report: UnitReport,
    sections: list[ProgressReport],
    tallies: Counted,
    *,
    by,
    now: datetime,
    as_head: bool,
    typed: Collection[ProgressReport] = (),
) -> None:
    """To the unit's head where the unit wants so, else to the office.

    Args:
        sections: those the unit may type on, complete.
        tallies: what is on record for their figures.
        typed: those of them that hold what was typed and are still to be written.
    """
    if report.unit.needs_head_approval and not as_head and not report.on_behalf:
        write_sections(typed)
        old = report.get_state_display()
        _change_state(report, ReportState.AWAITING_UNIT_HEAD, from_state=report.state)
        for section in sections:
            if section.claims_completion and not is_blank(section):
                section.assignment.move_to(
                    S.AWAITING_UNIT_HEAD,
                    from_=set(REPORTABLE_STATES),
                    by=by,
                    now=now,
                    note="Chờ lãnh đạo đơn vị duyệt",
                )
                keep_figures(section.assignment, now=now)
        record(
            "report.to_unit_head", by=by, at=now, target=report, data={"from": old, "to": report.get_state_display()}
        )
        reminders.tell_unit_head(report, by=by, now=now)
        return
    _send(report, sections, tallies, by=by, now=now, from_state=report.state, typed=typed)


@transaction.atomic
def approve_by_head(report: UnitReport, *, by, now: datetime) -> None:
    """The unit's head lets the report go to the office; the day counts from now."""
    sections = editable_sections(report)
    tallies = tallies_for(report, sections, today=timezone.localdate(now))
    _send(report, sections, tallies, by=by, now=now, from_state=ReportState.AWAITING_UNIT_HEAD)


@transaction.atomic
def return_by_head(report: UnitReport, *, by, now: datetime, reason: str) -> None:
    """The unit's head wants changes: back to whoever writes.

    Raises:
        Refused: no reason, or somebody was quicker.
    """
    reason = required_reason(reason, "điều cần sửa")
    back_to_writing(report, by=by, now=now, note=reason)
    data = {"from": ReportState.AWAITING_UNIT_HEAD.label, "to": report.get_state_display()}
    record("report.returned_by_head", by=by, at=now, target=report, data=data, reason=reason)
    reminders.tell_reporters(report, "head_returned", "Lãnh đạo đơn vị đề nghị sửa báo cáo", detail=reason, now=now)


def _change_state(report: UnitReport, new: ReportState, *, from_state: str, **values) -> None:
    """Let one of two people win; whoever saved or sent meanwhile is not overlooked. The document is held as followed."""
    unchanged = {"id": report.pk, "state": from_state, "version": report.version}
    if not update_rows(UnitReport, unchanged, {"state": new, **values}, also=followed_too("tasks_unitreport")):
        hold_followed(report.directive_id)
        raise Refused("Báo cáo vừa được người khác gửi hoặc thay đổi. Xin xem lại.")
    report.state = new
    for name, value in values.items():
        setattr(report, name, value)


def _send(
    report: UnitReport,
    sections: list[ProgressReport],
    tallies: Counted,
    *,
    by,
    now: datetime,
    from_state: str,
    typed: Collection[ProgressReport] = (),
) -> None:
    entered = report.on_behalf and from_state == ReportState.DRAFT
    make_room(report)
    _change_state(report, ReportState.SUBMITTED, from_state=from_state, submitted_by=by, submitted_at=now)
    # What the unit's head lets through was written by whoever saved it last.
    via = {"via_name": report.via_name, "via_position": report.via_position}
    sent, empty, left = [], [], False
    for section in sections:
        if is_blank(section):
            if section.state == SectionState.DRAFT:
                empty.append(section.pk)
            else:
                left = True
                write_sections([section] if section in typed else [])
            continue
        written = TYPED_FIELDS if section in typed else ("version",)
        counted = tallies.get(section.pk, {})
        _send_section(section, counted, by=by, now=now, via=via, entered=entered, written=written)
        sent.append(section.assignment)
    if empty:
        _drop(empty)
    if left:  # what came back and was emptied is still to be mended
        settle(report)
    data = {"from": ReportState(from_state).label, "to": report.get_state_display()}
    if entered:
        data["way"] = report.behalf_words
    record("report.submitted", by=by, at=now, target=report, data={**data, "sections": len(sent)})
    if entered:
        reminders.tell_entered(report, now=now)
    whose = report.unit.short_name
    title = f"Văn phòng nhập thay báo cáo của {whose}" if entered else f"{whose} gửi báo cáo"
    reminders.tell_office("report", title, url=report.get_review_url(), target=report, about=sent, now=now)
    reminders.tell_reviewing_units(report, sent, title, now=now)
    tell_contributed(sent, now=now)


def _drop(empty: Collection[int]) -> None:
    """Sections nobody wrote in leave nothing behind; the objects keep their keys, because the sending may yet be undone.

    Nothing else hangs on a section that was never sent; the database would refuse.
    """
    for model in (SectionProduct, SectionFile, DraftCopy):
        rows = model.objects.filter(section__in=empty)
        rows._raw_delete(rows.db)
    rows = ProgressReport.objects.filter(pk__in=empty)
    rows._raw_delete(rows.db)


def content_of(section: ProgressReport) -> dict:
    """The section frozen as JSON: dates ISO, indicators by code, papers by delivery id."""
    return {
        **{name: getattr(section, name) for name in TEXT_FIELDS},
        "expected_on": section.expected_on.isoformat() if section.expected_on else None,
        "no_change": section.no_change,
        "nothing_arose": section.nothing_arose,
        "claims_completion": section.claims_completion,
        "reported_outside_on": (section.reported_outside_on.isoformat() if section.reported_outside_on else None),
        **frozen_figures(section),
        "products": [
            {
                "delivery": product.delivery_id,
                "name": product.delivery.product.name,
                "number": product.number,
                "symbol": product.symbol,
                "paper_date": product.paper_date.isoformat() if product.paper_date else None,
                "signer": product.signer,
                "file": product.file_id,
                "file_name": str(product.file) if product.file else "",
            }
            for product in section.products.all()
            if product.is_filled
        ],
    }


def _send_section(
    section: ProgressReport,
    counted: Mapping[str, Tallies],
    *,
    by,
    now: datetime,
    via: dict[str, str],
    entered: bool,
    written: Iterable[str],
) -> None:
    """Freeze the section as its next round and hand it over.

    Args:
        counted: what is on record for its figures, by their codes; kept with them.
        written: the fields of its row to write besides the state.
    """
    today = timezone.localdate(now)
    # A section that was never sent has no rounds to ask for.
    sent_before = section.state != SectionState.DRAFT
    last = (section.rounds.aggregate(last=Max("number"))["last"] or 0) if sent_before else 0
    round_ = ReportRound(
        section=section,
        number=last + 1,
        submitted_by=by,
        submitted_at=now,
        submitted_on=today,
        content=content_of(section),
        way=RoundWay.BEHALF if entered else RoundWay.LINK if via["via_name"] else RoundWay.PAGE,
        **via,
    )
    insert_row(round_)
    files = [item.file_id for item in section.files.all() if item.removed_at is None]
    if files:
        round_.files.add(*files)
    if figures := values_of(round_, section, section.assignment.task.indicators.all(), counted):
        IndicatorValue.objects.bulk_create(figures)
    for product in section.products.all():
        if product.is_filled and product.delivery.submitted_on is None:
            product.delivery.submitted_on = today
            product.delivery.save(update_fields=["submitted_on"])
    if section.may_have_copies:
        section.copies.all().delete()
    section.state = SectionState.SUBMITTED
    section.version += 1
    update_section(section, ("state", *written))
    _move_assignment(section, by=by, now=now)


def _move_assignment(section: ProgressReport, *, by, now: datetime) -> None:
    """Only a section that claims completion hands the assignment to the office."""
    today = timezone.localdate(now)
    assignment = section.assignment
    fields = {}
    if assignment.acknowledged_on is None:  # reporting on work is taking note of it
        fields = assignment.note_taken(by=by, today=today, objects=bool(objecting([assignment])))
    if section.claims_completion:
        assignment.move_to(
            S.SUBMITTED,
            from_={*REPORTABLE_STATES, S.AWAITING_UNIT_HEAD},
            by=by,
            now=now,
            note="Đề nghị xác nhận hoàn thành",
            submitted_on=today,
            **fields,
        )
        keep_figures(assignment, now=now)
    elif assignment.state in (S.ASSIGNED, S.AWAITING_UNIT_HEAD):
        assignment.move_to(
            S.IN_PROGRESS,
            from_={S.ASSIGNED, S.AWAITING_UNIT_HEAD},
            by=by,
            now=now,
            note="Báo cáo tiến độ",
            **fields,
        )
        keep_figures(assignment, now=now)
