"""What was said about a delay – by telephone, by the unit itself, in a letter – for lists, panels and histories."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.utils import timezone

from directive_tracker.prepared import Prepared
from directive_tracker.vietnamese import nfc, vn_date
from records.audit import record
from tasks.chasing.rules import expected_day_error, is_late
from tasks.errors import Refused
from tasks.models import Assignment, CallNote, ChaseLetter, DelayCause, DelayNote
from tasks.models.chasing import promise_is_broken
from tasks.paging import PAGE_SIZE
from tasks.permissions import refuse_own_work

SAID_MIN, SAID_MAX = 3, 500
WITH_MIN, WITH_MAX = 2, 120
REASON_MIN, REASON_MAX = 3, 200

CALL, DELAY, LETTER = "call", "delay", "letter"


@dataclass(frozen=True)
class Note:
    """One row of history, whichever table it is of.

    on: the day it speaks of; until: the promised or expected day, of a letter the day to report by; head: with whom,
    which cause, which number; corrected: another row says it better.
    """

    kind: str
    pk: int
    at: datetime
    on: date | None
    until: date | None
    head: str
    text: str
    by: str
    corrected: bool

    @property
    def what(self) -> str:
        """The line of the history."""
        if self.kind == CALL:
            words = f"Gọi điện {vn_date(self.on)}, {self.head}"
            if self.until:
                words += f" – hẹn đến {vn_date(self.until)}"
            return f"{words} (đã sửa ở lần ghi sau)" if self.corrected else words
        if self.kind == DELAY:
            return f"Đơn vị nêu lý do chậm ({self.head}), dự kiến xong {vn_date(self.until)}"
        return f"Công văn đôn đốc số {self.head}, đề nghị báo cáo chậm nhất {vn_date(self.until)}"


@dataclass(frozen=True)
class Said:
    """What counts now about one assignment: the newest call that was not corrected, the newest answer of the unit."""

    notes: tuple[Note, ...] = ()

    @property
    def call(self) -> Note | None:
        """The newest by the day of the call; one that was written down later wins on the same day."""
        calls = [note for note in self.notes if note.kind == CALL and not note.corrected]
        return max(calls, key=lambda note: (note.on, note.pk), default=None)

    @property
    def delay(self) -> Note | None:
        return max((note for note in self.notes if note.kind == DELAY), key=lambda note: note.pk, default=None)

    def promise(self, *, today: date) -> str:
        """ "hẹn đến 20/4/2024", "đã lỡ hẹn 20/4/2024", or "" where nothing was promised."""
        call = self.call
        if call is None or call.until is None:
            return ""
        broken = promise_is_broken(call.until, today=today)
        return f"{'đã lỡ hẹn' if broken else 'hẹn đến'} {vn_date(call.until)}"

    def is_broken(self, *, today: date) -> bool:
        """Whether the last promise was not kept (asked of work that is still late)."""
        return self.call is not None and promise_is_broken(self.call.until, today=today)

    def asks_again(self, *, today: date) -> bool:
        """Whether the unit owes an answer: it gave none, or the day it expected is over."""
        return self.delay is None or promise_is_broken(self.delay.until, today=today)

    @property
    def delay_words(self) -> str:
        """ "chủ quan: chờ các xã; dự kiến xong 20/4/2024", or ""."""
        note = self.delay
        return f"{note.head}: {note.text}; dự kiến xong {vn_date(note.until)}" if note else ""


NOTHING = Said()


def said_about(assignment_ids: Iterable[int]) -> dict[int, Said]:
    """Everything said about these assignments (one statement, none for no assignment); absent where nothing was.

    Of assignments that the caller found through their door. Letters count once they have been sent.
    """
    ids = list(assignment_ids)
    if not ids:
        return {}
    # So many places as a page has rows: one question for pages of every length. No row has the key 0.
    rows = _SAID.rows(*ids, *[0] * (-len(ids) % PAGE_SIZE)) if len(ids) <= PAGE_SIZE else _said(*ids)
    found: dict[int, list[Note]] = defaultdict(list)
    for kind, assignment_id, pk, at, on, until, head, text, by, last in rows:
        if kind == DELAY:
            head = DelayCause(head).label.lower()
        corrected = kind == CALL and last is not None
        found[assignment_id].append(Note(kind, pk, at, on, until, head, text, by, corrected))
    return {assignment_id: Said(tuple(notes)) for assignment_id, notes in found.items()}


def _said(*ids: int) -> QuerySet:
    """Calls, answers and letters about these assignments as rows of one shape."""
    kinds = {kind: Value(kind, output_field=CharField()) for kind in (CALL, DELAY, LETTER)}
    plain = Value("", output_field=CharField())
    calls = CallNote.objects.filter(assignment__in=ids).values_list(
        kinds[CALL],
        "assignment_id",
        "pk",
        "at",
        "called_on",
        "promised_until",
        "spoke_with",
        "said",
        "by__full_name",
        "corrected_by",
    )
    delays = DelayNote.objects.filter(assignment__in=ids).values_list(
        kinds[DELAY], "assignment_id", "pk", "at", "noted_on", "expected_on", "cause", "reason", "by__full_name", "pk"
    )
    letters = ChaseLetter.objects.filter(assignments__in=ids, sent_on__isnull=False).values_list(
        kinds[LETTER],
        "assignments",
        "pk",
        "sent_noted_at",
        "sent_on",
        "report_by",
        "number",
        plain,
        "sent_by__full_name",
        "pk",
    )
    return calls.order_by().union(delays.order_by(), letters.order_by(), all=True)


_SAID = Prepared(_said)


def history_notes(assignment: Assignment, said: Said | None = None) -> tuple[Note, ...]:
    """The notes of one assignment for its history; `said` where the caller has read them already."""
    return (said or said_about([assignment.pk]).get(assignment.pk, NOTHING)).notes


# --- writing -------------------------------------------------------------------------------------


@transaction.atomic
def note_call(
    assignment: Assignment,
    *,
    by,
    now: datetime,
    spoke_with: str,
    called_on: date,
    said: str,
    promised_until: date | None = None,
    corrects: CallNote | None = None,
) -> CallNote:
    """Write down a call about work; what was promised changes no due date.

    Args:
        called_on: the day of the call, today or before, not before the work was given.
        promised_until: the day the unit promised, or None.
        corrects: a call noted wrongly before; both rows stay, the new one counts.

    Errors: Refused with a sentence: the own unit's work, a day that cannot be, a call that was corrected already.
    """
    refuse_own_work(by, assignment)
    today = timezone.localdate(now)
    spoke_with, said = " ".join(nfc(spoke_with).split()), nfc(said).strip()
    _between(spoke_with, "phần nói chuyện với ai", WITH_MIN, WITH_MAX)
    _between(said, "nội dung trao đổi", SAID_MIN, SAID_MAX)
    _refuse_days_that_cannot_be(assignment, called_on, promised_until, today=today)
    if corrects is not None:
        # Lock what is corrected, so that the second of two people gets a sentence.
        locked = CallNote.objects.select_for_update().filter(pk=corrects.pk, assignment=assignment).first()
        if locked is None or CallNote.objects.filter(corrects=locked).exists():
            raise Refused("Lần ghi này đã được sửa rồi. Xin xem lại trong Diễn biến.")
    note = CallNote.objects.create(
        assignment=assignment,
        spoke_with=spoke_with,
        called_on=called_on,
        said=said,
        promised_until=promised_until,
        corrects=corrects,
        by=by,
        at=now,
    )
    # The log is read by more people than the page of the work: a day, no names and no words.
    data = {"promised": promised_until.isoformat()} if promised_until else {}
    record(
        "assignment.call_corrected" if corrects else "assignment.call_noted",
        by=by,
        at=now,
        target=assignment,
        data=data,
    )
    return note


def _refuse_days_that_cannot_be(
    assignment: Assignment, called_on: date, promised_until: date | None, *, today: date
) -> None:
    """A call lies between the giving and today, a promise on its day or after it. Errors: Refused with a sentence."""
    if called_on > today:
        raise Refused(f"Ngày gọi {vn_date(called_on)} chưa đến; hãy ghi hôm nay ({vn_date(today)}) hoặc trước đó.")
    if called_on < assignment.assigned_on:
        raise Refused(f"Ngày gọi {vn_date(called_on)} trước ngày giao việc ({vn_date(assignment.assigned_on)}).")
    if promised_until is None:
        return
    if promised_until < called_on:
        raise Refused(f"Ngày hẹn {vn_date(promised_until)} trước ngày gọi ({vn_date(called_on)}).")
    # A call written down days later may tell of a promise that is over by now.
    if error := expected_day_error(promised_until, today=called_on):
        raise Refused(error)


@transaction.atomic
def explain_delay(
    assignment: Assignment, *, by, now: datetime, cause: str, reason: str, expected_on: date
) -> DelayNote:
    """The unit says why its work is late and when it expects to be done; said again, the newest counts.

    Args:
        cause: a value of DelayCause.
        expected_on: today or later, at most a year ahead.

    Errors: Refused with a sentence.
    """
    today = timezone.localdate(now)
    if not is_late(assignment, today=today):
        raise Refused(f"Việc {assignment.task.code} không còn quá hạn ở đơn vị, không cần nêu lý do nữa.")
    if cause not in DelayCause.values:
        raise Refused("Hãy chọn nguyên nhân: khách quan hoặc chủ quan.")
    reason = " ".join(nfc(reason).split())
    _between(reason, "lý do chậm", REASON_MIN, REASON_MAX)
    if error := expected_day_error(expected_on, today=today):
        raise Refused(error)
    note = DelayNote.objects.create(
        assignment=assignment, cause=cause, reason=reason, expected_on=expected_on, noted_on=today, by=by, at=now
    )
    data = {"cause": DelayCause(cause).label.lower(), "expected": expected_on.isoformat()}
    record("assignment.delay_explained", by=by, at=now, target=assignment, data=data, reason=reason)
    return note


def _between(text: str, what: str, least: int, most: int) -> None:
    if len(text) < least:
        raise Refused(f"Hãy ghi {what} (ít nhất {least} ký tự).")
    if len(text) > most:
        raise Refused(f"{what[:1].upper()}{what[1:]} dài {len(text)} ký tự; xin rút gọn còn {most}.")
