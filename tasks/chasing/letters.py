"""Letters for signature (công văn đôn đốc): what one says, making it, writing down that it was sent."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, nfc, vn_date
from directive_tracker.workdays import WorkCalendar
from records.audit import record
from records.results import keep_file
from tasks.chasing.notes import NOTHING, Said, said_about
from tasks.chasing.rules import chaser_of, expected_day_error, late
from tasks.enums import AssignmentRole
from tasks.errors import Refused
from tasks.exports.docx import CONTENT_TYPE
from tasks.exports.docx_chase_letter import chase_letter
from tasks.exports.party_form import form_for
from tasks.models import Assignment, ChaseLetter, Directive
from tasks.permissions import can_mark_sent, can_write_letter
from units.calendar import work_calendar
from units.models import Area, AreaLevel, Unit

# One press; each letter takes about a twentieth of a second.
MOST_UNITS = 30
SUBJECT = "đôn đốc thực hiện nhiệm vụ quá hạn"
OFFICE_WORD = "Văn phòng "
NUMBER_MAX = 60


@dataclass(frozen=True)
class LetterHead:
    """What stands around the text: who writes, from where, who signs; each office sets it once and it is remembered."""

    superior: str
    organ: str
    symbol: str
    place: str
    authority: str
    position: str


def usual_head(office: Unit, user, *, today: date) -> LetterHead:
    """The head of the last letter, or the office's own."""
    last = ChaseLetter.objects.visible_to(user).order_by("-pk").values_list("content", flat=True).first()
    if last:
        return LetterHead(**{name: last[name] for name in LetterHead.__dataclass_fields__})
    return own_head(office, kind="CV", today=today)


def own_head(office: Unit, *, kind: str, today: date) -> LetterHead:
    """A head made of the office's name and the province's, for a paper of that kind ("CV", "BC"); 1 statement."""
    provinces = Area.objects.valid_on(today).filter(level=AreaLevel.PROVINCE).order_by("pk")
    province = provinces.values_list("name", flat=True).first() or ""
    place = province.removeprefix("Tỉnh ").removeprefix("Thành phố ")
    organ, superior = office.name, ""
    if office.name.startswith(OFFICE_WORD):
        organ, superior = OFFICE_WORD.strip(), office.name.removeprefix(OFFICE_WORD)
        superior = superior if place in superior else f"{superior} {place}"
    return LetterHead(
        superior=superior,
        organ=organ,
        symbol=f"{kind}/{office.symbol or 'VP'}",
        place=place,
        authority="",
        position="Chánh Văn phòng" if organ == OFFICE_WORD.strip() else "",
    )


def letter_work(user, *, today: date):
    """The late lead work a letter by this person may list: in the units' hands, none of the own units'."""
    rows = late(Assignment.objects.visible_to(user).filter(role=AssignmentRole.LEAD), today=today)
    return (
        chaser_of(user)
        .narrow(rows)
        .select_related("task", "unit", "directive__office")
        .order_by("unit__sort_order", "unit", "directive_id", "task__order", "pk")
    )


def groups_of(assignments: Sequence[Assignment], *, today: date, calendar: WorkCalendar) -> dict[int, list[dict]]:
    """Unit → the late work as the letter lists it, by document (one statement for what the units said)."""
    said = said_about([assignment.pk for assignment in assignments])
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for assignment in assignments:
        directive = assignment.directive
        group = found.setdefault(assignment.unit_id, {}).setdefault(
            directive.pk, {"directive": directive_words(directive), "works": []}
        )
        answer = said.get(assignment.pk, NOTHING)
        group["works"].append(_work(assignment, answer, today=today, calendar=calendar))
    return {unit_id: list(groups.values()) for unit_id, groups in found.items()}


def _work(assignment: Assignment, answer: Said, *, today: date, calendar: WorkCalendar) -> dict[str, Any]:
    delay = answer.delay
    return {
        "assignment": assignment.pk,
        "code": assignment.task.code,
        "title": assignment.task.title,
        "due": assignment.due_current.isoformat(),
        "working_days_late": calendar.count_between(assignment.due_current, today),
        "cause": f"{delay.head[:1].upper()}{delay.head[1:]}: {delay.text}" if delay else "",
        "expected_on": delay.until.isoformat() if delay and delay.until else "",
    }


def directive_words(directive: Directive) -> str:
    """As letters cite: "Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về …"."""
    words = directive.kind
    if directive.number:
        words += f" số {directive.number}"
    if directive.issued_date:
        words += (
            f", ngày {vn_date(directive.issued_date)}"
            if directive.number
            else f" ngày {vn_date(directive.issued_date)}"
        )
    return f"{words} của {directive.issuer} về {inside_a_sentence(directive.title)}"


def inside_a_sentence(title: str) -> str:
    """The title as it goes on after other words."""
    return title[:1].lower() + title[1:] if _is_plain_word(title) else title


def _is_plain_word(title: str) -> bool:
    """A first word that is followed by a small one is no name and loses its capital inside a sentence."""
    words = title.split()
    return len(words) > 1 and words[0][1:].islower() and words[1][:1].islower()


@transaction.atomic
def write_letters(units: Iterable[Unit], *, by, now: datetime, report_by: date, head: LetterHead) -> list[ChaseLetter]:
    """Make one letter for each unit: the row, the file and one event in the log each.

    Args:
        report_by: the day by which the units shall report, today or later.

    Errors: Refused with a sentence: no unit, too many, an own unit, a unit without late work, a day that cannot be.
    """
    today = timezone.localdate(now, ZONE)
    chosen = {unit.pk: unit for unit in units}
    if not chosen:
        raise Refused("Hãy chọn ít nhất một đơn vị.")
    if len(chosen) > MOST_UNITS:
        raise Refused(f"Mỗi lần soạn nhiều nhất {MOST_UNITS} công văn; xin chọn bớt đơn vị.")
    for unit in chosen.values():
        if not can_write_letter(by, unit):
            raise Refused(f"Không ai của {unit.short_name} tự soạn công văn đôn đốc đơn vị mình.")
    if error := expected_day_error(report_by, today=today):
        raise Refused(error)
    calendar = work_calendar()
    work = list(letter_work(by, today=today).filter(unit__in=chosen))
    groups = groups_of(work, today=today, calendar=calendar)
    return [
        _write(
            unit,
            [row for row in work if row.unit_id == unit.pk],
            groups.get(unit.pk, []),
            by=by,
            now=now,
            report_by=report_by,
            head=head,
        )
        for unit in chosen.values()
    ]


def _write(
    unit: Unit, work: list[Assignment], groups: list[dict], *, by, now: datetime, report_by: date, head: LetterHead
) -> ChaseLetter:
    """One letter."""
    if not work:
        raise Refused(f"{unit.short_name} không còn việc quá hạn nào cần đôn đốc; xin bỏ chọn đơn vị này.")
    today = timezone.localdate(now, ZONE)
    form = form_for(today)
    office = work[0].directive.office
    committee = office.name.removeprefix(OFFICE_WORD)
    content: dict[str, Any] = {
        **asdict(head),
        "form": form.code,
        "subject": SUBJECT,
        "to": unit.name,
        "issuer": office.name,
        "committee": committee,
        "recipients": ["Như trên", f"Thường trực {committee} (b/c)", f"Lưu {office.name}"],
        "as_of": today.isoformat(),
        "report_by": report_by.isoformat(),
        "groups": groups,
    }
    data = chase_letter(content, form, moment=now, demo=settings.DEMO)
    name = f"cong-van-don-doc-{unit.code}-{today:%Y%m%d}.docx"
    letter = ChaseLetter.objects.create(
        unit=unit,
        content=content,
        as_of=today,
        report_by=report_by,
        file=keep_file(data, name, CONTENT_TYPE, by=by, now=now),
        made_by=by,
        made_at=now,
    )
    letter.assignments.set(work)
    details = {
        "count": len(work),
        "codes": [row.task.code for row in work],
        "file": name,
        "report_by": report_by.isoformat(),
    }
    record("letter.made", by=by, at=now, target=letter, data=details)
    return letter


@transaction.atomic
def mark_sent(letter: ChaseLetter, *, by, now: datetime, number: str, sent_on: date) -> None:
    """Write down that the signed letter went out; from now on the unit and the readers see it.

    Errors: Refused with a sentence: no number, a day before the letter or in the future, somebody was faster.
    """
    today = timezone.localdate(now, ZONE)
    number = " ".join(nfc(number).split())
    if letter.is_sent or not can_mark_sent(by, letter):
        raise Refused("Công văn này đã được ghi là đã gửi, hoặc là công văn gửi đơn vị của anh/chị.")
    if not number:
        raise Refused("Hãy ghi số, ký hiệu của công văn đã ký, ví dụ 127-CV/VPTU.")
    if len(number) > NUMBER_MAX:
        raise Refused(f"Số, ký hiệu dài {len(number)} ký tự; xin rút gọn còn {NUMBER_MAX}.")
    if not letter.as_of <= sent_on <= today:
        raise Refused(
            f"Ngày gửi {vn_date(sent_on)} phải từ ngày soạn ({vn_date(letter.as_of)}) đến hôm nay ({vn_date(today)})."
        )
    values = {"number": number, "sent_on": sent_on, "sent_by": by, "sent_noted_at": now}
    if not ChaseLetter.objects.filter(pk=letter.pk, sent_on__isnull=True).update(**values):
        raise Refused("Người khác vừa ghi công văn này đã gửi. Xin xem lại.")
    for name, value in values.items():
        setattr(letter, name, value)
    record("letter.sent", by=by, at=now, target=letter, data={"to": number, "day": sent_on.isoformat()})
