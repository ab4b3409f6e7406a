"""Everything a summary report says, as plain values of one moment (tasks/summary/shape.py); nothing is written."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from directive_tracker.vietnamese import fold, vn_date, vn_number
from tasks import figures, tallies
from tasks.chasing.letters import OFFICE_WORD, inside_a_sentence, own_head
from tasks.digests.freezing import one_moment
from tasks.models import Assignment, Directive, UpwardReport, UpwardState
from tasks.summary import parts
from tasks.summary.asof import Moment, Standing, moment_of, standing
from tasks.summary.shape import ClausePart, Head, Said, Summary, TaskPart, Typed, UnitRow, WorkRow
from tasks.tallies import FIGURE_NAMES, Figures
from tasks.timeliness import timeliness_of
from units.calendar import work_calendar

# Where the copy in hand carries no number or no day, whoever signs fills them in.
BLANK = "…"
# What stands between number and body of a document without a number, by its kind.
KIND_CODES = {
    "cong van": "CV",
    "chi thi": "CT",
    "ket luan": "KL",
    "ke hoach": "KH",
    "thong bao": "TB",
    "nghi quyet": "NQ",
    "quyet dinh": "QĐ",
    "chuong trinh": "CTr",
    "huong dan": "HD",
}
COUNTED = ("done_on_time", "done_late", "open_in_time", "open_overdue")


def freeze(directive: Directive, *, now: datetime, typed: Typed, as_of: date | None = None) -> Summary:
    """All that a draft says.

    Args:
        now: the pages' clock.
        typed: what the office wrote itself.
        as_of: the day of the figures; today where there is none. Of a day that is over its end is put together again
            from the history (tasks/summary/asof.py).

    Errors: Refused with a sentence for a day that has not come or lies before the issue.
    Returns: plain values; the number of statements does not depend on the number of rows.
    """
    moment = moment_of(directive, as_of, now=now)
    with one_moment():
        return _frozen(directive, moment, typed)


def _frozen(directive: Directive, moment: Moment, typed: Typed) -> Summary:
    stood = standing(directive, moment)
    sendings = parts.accepted(directive, moment)
    leading, led = parts.leading(directive, stood, sendings)
    extended, returned = parts.times(directive, moment)
    reported = parts.figures_of_indicators(directive, stood)
    traces = _traces(stood)
    traces |= {f"leading.{name}": works for name, works in led.items()}
    traces |= {
        f"indicator.{pk}": sorted({one.assignment_id for one in rows if one.is_in_force})
        for pk, rows in reported.items()
    }
    traces |= _times_traces(stood, {"extensions": extended, "returned": returned})
    total = _figures(traces, "total")
    present = {work.pk for work in stood.works}
    return {
        "as_of": moment.day.isoformat(),
        "period_from": directive.issued_on.isoformat() if directive.issued_on else "",
        "directive": directive.short_title,
        "document": cited(directive),
        "event_date": directive.event_date.isoformat() if directive.event_date else "",
        "head": _head(directive, moment.day),
        "sentence": sentence_of(total, moment.day),
        "total": asdict(total),
        "extensions": sum(times for work, times in extended.items() if work in present),
        "returned": sum(times for work, times in returned.items() if work in present),
        "leading": leading,
        "clauses": _clauses(stood, sendings, reported, traces),
        "units": _units(stood, extended, returned, traces),
        "overdue": parts.overdue(stood, work_calendar()),
        "conditions": parts.conditions(stood),
        "coming": parts.coming(stood),
        # The registry counts how it stands today; of a day that is over it says nothing.
        "registry": None if moment.is_past else figures.read_table("veterans", moment.day),
        "typed": typed,
        "works": [_work(work, moment.day) for work in stood.works],
        "traces": {name: works for name, works in traces.items() if works},
        "changes": None,
    }


# --- figures and the works behind them -------------------------------------------------------------


def _traces(stood: Standing) -> dict[str, list[int]]:
    """Name of a figure → its works: of the whole, of each unit, of each task."""
    found: dict[str, list[int]] = defaultdict(list)
    for work in stood.works:
        names = tallies.figures_with(work, today=stood.moment.day)
        for name in (*names, *(["counted"] if names[0] in COUNTED else [])):
            for of in ("total", f"unit.{work.unit_id}", f"task.{work.task_id}"):
                found[f"{of}.{name}"].append(work.pk)
    return found


def _times_traces(stood: Standing, counted: Mapping[str, Mapping[int, int]]) -> dict[str, list[int]]:
    """The works of which a report came back, or that got more time: of the whole and of each unit."""
    found: dict[str, list[int]] = defaultdict(list)
    for name, works in counted.items():
        for work in stood.works:
            if work.pk in works:
                for of in ("total", f"unit.{work.unit_id}"):
                    found[f"{of}.{name}"].append(work.pk)
    return found


def _figures(traces: Mapping[str, list[int]], of: str) -> Figures:
    return Figures(**{name: len(traces.get(f"{of}.{name}", ())) for name in FIGURE_NAMES})


def _work(work: Assignment, today: date) -> WorkRow:
    return {
        "assignment": work.pk,
        "task": work.task_id,
        "code": work.task.code,
        "title": work.task.short_title,
        "unit_pk": work.unit_id,
        "unit": work.unit.short_name,
        "word": str(work.word.label),
        "timeliness": timeliness_of(work, today=today).value,
        "due": work.due_current.isoformat() if work.due_current else "",
        "completed_on": work.completed_on.isoformat() if work.completed_on else "",
    }


def _units(
    stood: Standing, extended: Mapping[int, int], returned: Mapping[int, int], traces: Mapping[str, list[int]]
) -> list[UnitRow]:
    """Units with lead work at that moment, in official order."""
    works: dict[int, list[int]] = defaultdict(list)
    for work in stood.works:
        works[work.unit_id].append(work.pk)
    return [
        {
            "pk": pk,
            "name": unit.short_name,
            "figures": asdict(_figures(traces, f"unit.{pk}")),
            "extensions": sum(extended.get(work, 0) for work in works[pk]),
            "returned": sum(returned.get(work, 0) for work in works[pk]),
        }
        for pk, unit in stood.units.items()
        if pk in works
    ]


def _clauses(
    stood: Standing,
    sendings: Mapping[int, list[parts.Accepted]],
    reported: dict[int, list[parts.Figure]],
    traces: Mapping[str, list[int]],
) -> list[ClausePart]:
    """The tasks by clause in the order of the text, each with what units said in official order."""
    works: dict[int, list[Assignment]] = defaultdict(list)
    for work in stood.works:
        works[work.task_id].append(work)
    found: list[ClausePart] = []
    for task in stood.tasks:
        mine = works[task.pk]
        said: list[Said] = [one for work in mine if (one := parts.said_by(work, sendings.get(work.pk, [])))]
        part: TaskPart = {
            "pk": task.pk,
            "code": task.code,
            "title": task.title,
            "figures": asdict(_figures(traces, f"task.{task.pk}")),
            "said": said,
            "indicators": parts.indicators(task, mine, reported),
        }
        if not found or found[-1]["code"] != task.clause.code:
            found.append({"code": task.clause.code, "heading": task.clause.title, "tasks": []})
        found[-1]["tasks"].append(part)
    return found


# --- words -----------------------------------------------------------------------------------------


def sentence_of(total: Figures, day: date) -> str:
    """ "Tính đến hết ngày 15/4/2024, trong 90 việc giao chủ trì được thống kê có 40 việc hoàn thành (…), 50 việc chưa …"."""
    words = f"Tính đến ngày {vn_date(day)}, "
    if not total.counted:
        words += "chưa có việc nào được thống kê"
    else:
        words += (
            f"trong {vn_number(total.counted)} việc giao chủ trì được thống kê có {vn_number(total.done)} việc hoàn thành "
            f"({vn_number(total.done_on_time)} đúng hạn, {vn_number(total.done_late)} quá hạn), "
            f"{vn_number(total.open)} việc chưa hoàn thành ({vn_number(total.open_in_time)} trong hạn, "
            f"{vn_number(total.open_overdue)} quá hạn)"
        )
    if total.waiting:
        words += f"; {vn_number(total.waiting)} việc đã gửi, chờ xác nhận"
    if total.outside:
        words += f"; ngoài thống kê {vn_number(total.outside)} việc"
    return words + "."


def cited(directive: Directive) -> str:
    """ "Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về …"; blanks where number or day are empty."""
    number = directive.number or BLANK
    code = KIND_CODES.get(fold(directive.kind))
    if not directive.number and code and "tinh uy" in fold(directive.issuer):
        number = f"{BLANK}-{code}/TU"
    day = vn_date(directive.issued_date) or BLANK
    return f"{directive.kind} số {number}, ngày {day} của {directive.issuer} về {inside_a_sentence(directive.title)}"


def _head(directive: Directive, day: date) -> Head:
    """What stands above and below: the office that follows the directive writes, to those above and to the Committee."""
    office = directive.office
    head = own_head(office, kind="BC", today=day)
    committee = office.name.removeprefix(OFFICE_WORD)
    above = UpwardReport.objects.filter(directive=directive).exclude(state=UpwardState.DROPPED)
    names = dict.fromkeys(above.order_by("pk").values_list("to_whom", flat=True))
    is_office = head.organ == OFFICE_WORD.strip()
    standing_committee = [f"Thường trực {committee} (b/c)"] if is_office else []
    return {
        "superior": head.superior,
        "organ": head.organ,
        "symbol": head.symbol,
        "place": head.place,
        "subject": f"tổng hợp kết quả thực hiện {cited(directive)}",
        "recipients": [*(f"{name} (b/c)" for name in names), *standing_committee, f"Lưu {office.name}"],
        "authority": "K/T CHÁNH VĂN PHÒNG" if is_office else "",
        "position": "PHÓ CHÁNH VĂN PHÒNG" if is_office else "",
    }
