"""What changed from one draft of a summary report to the next, as plain values that are frozen with the new one."""

from collections.abc import Iterable, Mapping
from datetime import date

from directive_tracker.vietnamese import vn_date, vn_number
from tasks.models import SummaryReport
from tasks.summary.shape import ChangedFigure, ChangedWork, Changes, IndicatorFigure, Paper, Said, Summary, WorkRow
from tasks.timeliness import Timeliness

DONE = (Timeliness.DONE_ON_TIME.value, Timeliness.DONE_LATE.value)
OVERDUE = (Timeliness.OPEN_OVERDUE.value,)
# Figure → its words, in the order of the page.
COMPARED = {
    "counted": "Việc được thống kê",
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "open_in_time": "Chưa hoàn thành, trong hạn",
    "open_overdue": "Chưa hoàn thành, quá hạn",
    "outside": "Ngoài thống kê",
    "waiting": "Đã gửi, chờ xác nhận",
}


def changes_between(previous: SummaryReport, data: Summary) -> Changes:
    """From the draft before to this one; reads nothing but the two."""
    before: Summary = previous.data
    was, now = _by_work(before), _by_work(data)
    found: Changes = {
        "previous": previous.pk,
        "draft_number": previous.draft_number,
        "previous_as_of": before["as_of"],
        "figures": {name: [_figure(before, name), _figure(data, name)] for name in COMPARED},
        "done": [_came(row) for row in _new_in(DONE, was, now)],
        "undone": [_left(row, now) for row in _new_in(DONE, now, was)],
        "overdue": [_came(row) for row in _new_in(OVERDUE, was, now)],
        "recovered": [_left(row, now) for row in _new_in(OVERDUE, now, was)],
        "papers": _new_papers(before, data),
        "indicators": _indicators(before, data),
        "narratives": _narratives(before, data),
        "words": [],
    }
    found["words"] = _words(found)
    return found


def _by_work(data: Summary) -> dict[int, WorkRow]:
    return {row["assignment"]: row for row in data["works"]}


def _figure(data: Summary, name: str) -> int:
    if name == "counted":
        return sum(data["total"][part] for part in ("done_on_time", "done_late", "open_in_time", "open_overdue"))
    return data["total"][name]


def _new_in(classes: tuple[str, ...], old: Mapping[int, WorkRow], new: Mapping[int, WorkRow]) -> list[WorkRow]:
    """The works that are in the classes in `new` and were not in `old`."""
    known = {pk for pk, row in old.items() if row["timeliness"] in classes}
    return [row for pk, row in new.items() if row["timeliness"] in classes and pk not in known]


def _came(row: WorkRow, how: str = "") -> ChangedWork:
    return {
        "assignment": row["assignment"],
        "code": row["code"],
        "title": row["title"],
        "unit": row["unit"],
        "how": how,
    }


def _left(row: WorkRow, now: Mapping[int, WorkRow]) -> ChangedWork:
    """With what became of it."""
    present = now.get(row["assignment"])
    if present is None:
        return _came(row, "không còn trong danh sách")
    if present["timeliness"] in DONE:
        return _came(row, "đã hoàn thành")
    if present["timeliness"] == Timeliness.OUTSIDE.value:
        return _came(row, "ra ngoài thống kê")
    if present["due"] != row["due"]:
        return _came(row, f"hạn mới {_day(present['due'])}" if present["due"] else "không còn thời hạn")
    return _came(row, present["word"].lower())


def _day(text: str) -> str:
    return vn_date(date.fromisoformat(text)) if text else ""


def _new_papers(before: Summary, data: Summary) -> list[Paper]:
    known = {(paper["assignment"], paper["name"]) for paper in before["leading"]["papers"]}
    return [paper for paper in data["leading"]["papers"] if (paper["assignment"], paper["name"]) not in known]


def _all_indicators(data: Summary) -> Iterable[IndicatorFigure]:
    return (line for clause in data["clauses"] for task in clause["tasks"] for line in task["indicators"])


def _indicators(before: Summary, data: Summary) -> list[ChangedFigure]:
    was = {line["pk"]: line["value"] for line in _all_indicators(before)}
    return [
        {
            "pk": line["pk"],
            "code": line["code"],
            "name": line["name"],
            "measure": line["measure"],
            "before": was.get(line["pk"], ""),
            "now": line["value"],
        }
        for line in _all_indicators(data)
        if line["value"] != was.get(line["pk"], "")
    ]


def _all_said(data: Summary) -> dict[int, tuple[str, Said]]:
    """Work → code of its task, what the unit said."""
    return {
        one["assignment"]: (task["code"], one)
        for clause in data["clauses"]
        for task in clause["tasks"]
        for one in task["said"]
    }


def _narratives(before: Summary, data: Summary) -> list[ChangedWork]:
    """The works of which a unit says something it had not said."""
    was, works = _all_said(before), _by_work(data)
    found = []
    for pk, (_, said) in _all_said(data).items():
        old = was.get(pk)
        if old is None:
            found.append(_came(works[pk], "mới có báo cáo"))
        elif any(old[1][name] != said[name] for name in ("text", "difficulties", "proposals")):  # type: ignore[literal-required]
            found.append(_came(works[pk], "nội dung đã khác"))
    return found


def _words(found: Changes) -> list[str]:
    """Plain sentences for the report: "Hoàn thành thêm 6 việc." """
    counts = (
        ("Hoàn thành thêm {n} việc", found["done"]),
        ("{n} việc không còn tính là hoàn thành", found["undone"]),
        ("{n} việc mới quá hạn", found["overdue"]),
        ("{n} việc không còn quá hạn", found["recovered"]),
        ("Thêm {n} văn bản triển khai", found["papers"]),
        ("{n} chỉ tiêu có số liệu mới", found["indicators"]),
        ("{n} việc có nội dung báo cáo mới", found["narratives"]),
    )
    words = [text.format(n=vn_number(len(rows))) + "." for text, rows in counts if rows]
    return words or ["Không có thay đổi."]
