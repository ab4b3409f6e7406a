"""A frozen summary report as its page shows it: every number with the list of works behind it.

Nothing is counted here. What stands in the row is shown; the addresses behind names lead to today's pages, those behind
numbers to the works as they were frozen (`trace`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directive_tracker.reversing import row_url
from directive_tracker.vietnamese import vn_change, vn_number
from tasks.models import ProgressReport, SummaryReport
from tasks.summary.changes import COMPARED
from tasks.summary.shape import ChangedWork, Changes, Summary
from tasks.tallies import Figures
from tasks.timeliness import Timeliness

# The four classes with their parts, then what stands beside them: name → words, whether it is a part of the line above.
LINES = {
    "done_on_time": (Timeliness.DONE_ON_TIME.label, False),
    "done_late": (Timeliness.DONE_LATE.label, False),
    "open_in_time": (Timeliness.OPEN_IN_TIME.label, False),
    "open_without_due": ("trong đó không thời hạn", True),
    "open_overdue": (Timeliness.OPEN_OVERDUE.label, False),
}
BESIDE = {
    "outside": (Timeliness.OUTSIDE.label, False),
    "encouraged": ("khuyến khích", True),
    "undecided": ("chờ quyết định", True),
    "paused": ("tạm dừng", True),
    "waiting": ("Đã gửi, chờ xác nhận", False),
    "not_acknowledged": ("Chưa tiếp nhận", False),
}
# Names of figures that a trace may have → their words.
FIGURE_WORDS = {
    "counted": "Việc được thống kê",
    **{name: words for name, (words, _) in {**LINES, **BESIDE}.items()},
    "extensions": "Việc được gia hạn",
    "returned": "Việc có báo cáo bị trả lại",
    "asked": "Phải ban hành văn bản triển khai",
    "papers": "Đã ban hành văn bản triển khai",
    "missing": "Chưa có văn bản triển khai",
}
IN_A_ROW = ("counted", "done_on_time", "done_late", "open_in_time", "open_overdue", "extensions", "returned")
CLASS_WORDS = {kind.value: str(kind.label) for kind in Timeliness}
CHANGED = {
    "done": "Mới hoàn thành",
    "undone": "Không còn tính là hoàn thành",
    "overdue": "Mới quá hạn",
    "recovered": "Không còn quá hạn",
    "narratives": "Nội dung báo cáo mới",
}


@dataclass(frozen=True)
class Shown:
    """Everything the page shows of one draft."""

    report: SummaryReport
    data: Summary
    as_of: date
    total: Figures
    lines: list[dict[str, Any]]
    leading: dict[str, Any]
    clauses: list[dict[str, Any]]
    units: list[dict[str, Any]]
    total_row: list[SafeString]
    overdue: list[dict[str, Any]]
    conditions: list[dict[str, Any]]
    coming: list[dict[str, Any]]
    difficulties: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    registry: dict[str, Any] | None
    changes: dict[str, Any] | None


def shown(report: SummaryReport, user: Any) -> Shown:
    """The draft for its template (1 statement: which reports the sendings belong to)."""
    data: Summary = report.data
    links = _Links(report, data["traces"])
    sent = report_urls(data, user)
    return Shown(
        report=report,
        data=data,
        as_of=date.fromisoformat(data["as_of"]),
        total=Figures(**data["total"]),
        lines=_lines(data, links),
        leading=_leading(data, links),
        clauses=_clauses(data, links, sent),
        units=[
            {
                "name": row["name"],
                "numbers": links.row(
                    f"unit.{row['pk']}", _row_values(row["figures"], row["extensions"], row["returned"])
                ),
            }
            for row in data["units"]
        ],
        total_row=links.row("total", _row_values(data["total"], data["extensions"], data["returned"])),
        overdue=[_late(row) for row in data["overdue"]],
        conditions=[
            {**row, "decide_by": _day(row["decide_by"]), "url": row_url("tasks:task_detail", row["task"])}
            for row in data["conditions"]
        ],
        coming=[
            {**row, "day": _day(row["day"]), "url": row_url("tasks:task_detail", row["task"])} for row in data["coming"]
        ],
        difficulties=_named(data, sent, "difficulties"),
        proposals=_named(data, sent, "proposals"),
        registry=_registry(data),
        changes=_changes(data),
    )


class _Links:
    """Numbers of one draft, each with the address of its works."""

    def __init__(self, report: SummaryReport, traces: Mapping[str, list[int]]) -> None:
        self.traces = traces
        # One look-up for some hundred numbers.
        self.before, _, self.after = reverse("tasks:summary_trace", args=[report.pk, "_"]).rpartition("_")

    def number(self, name: str, value: int | str) -> SafeString:
        """The number, a link where works stand behind it. Arguments: a word is shown as it is."""
        words = vn_number(value) if isinstance(value, int) else value
        if name not in self.traces:
            return format_html("{}", words)
        return format_html('<a href="{}{}{}">{}</a>', self.before, name, self.after, words)

    def row(self, of: str, values: Mapping[str, int]) -> list[SafeString]:
        return [self.number(f"{of}.{name}", value) for name, value in values.items()]


def _row_values(figures: Mapping[str, int], extensions: int, returned: int) -> dict[str, int]:
    """The numbers of one row of the table of progress, in the order of its columns."""
    values = {**figures, "counted": counted(figures), "extensions": extensions, "returned": returned}
    return {name: values[name] for name in IN_A_ROW}


def counted(figures: Mapping[str, int]) -> int:
    """All that the four classes hold."""
    return Figures(**figures).counted


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def report_urls(data: Summary, user: Any) -> dict[int, str]:
    """Sending → the address of its section in the unit's report; one statement."""
    rounds = {one["round"] for clause in data["clauses"] for task in clause["tasks"] for one in task["said"]}
    rows = ProgressReport.objects.visible_to(user).filter(rounds__in=rounds).order_by()
    return {
        sending: f"{row_url('tasks:report_detail', report)}#muc-{section}"
        for sending, report, section in rows.values_list("rounds", "unit_report_id", "pk")
        if sending in rounds
    }


def _lines(data: Summary, links: _Links) -> list[dict[str, Any]]:
    values = {**data["total"], "counted": counted(data["total"])}
    lines = {**LINES, "counted": ("Cộng", False), **BESIDE}
    return [
        {
            "name": name,
            "words": words,
            "is_part": is_part,
            "is_sum": name == "counted",
            "number": links.number(f"total.{name}", values[name]),
        }
        for name, (words, is_part) in lines.items()
    ]


def _leading(data: Summary, links: _Links) -> dict[str, Any]:
    found = data["leading"]
    return {
        **found,
        "asked_number": links.number("leading.asked", found["asked"]),
        "papers_number": links.number("leading.papers", len(found["papers"])),
        "missing_number": links.number("leading.missing", len(found["missing"])),
        "papers": [
            {
                **paper,
                "paper_date": _day(paper["paper_date"]),
                "url": row_url("tasks:assignment_detail", paper["assignment"]),
            }
            for paper in found["papers"]
        ],
    }


def _clauses(data: Summary, links: _Links, sent: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {
            **clause,
            "tasks": [
                {
                    **task,
                    "url": row_url("tasks:task_detail", task["pk"]),
                    "counted": counted(task["figures"]),
                    "numbers": {
                        name: links.number(f"task.{task['pk']}.{name}", value)
                        for name, value in {**task["figures"], "counted": counted(task["figures"])}.items()
                    },
                    "said": [_said(one, sent) for one in task["said"] if one["text"]],
                    "indicators": [
                        {**line, "number": links.number(f"indicator.{line['pk']}", line["value"])}
                        for line in task["indicators"]
                    ],
                }
                for task in clause["tasks"]
            ],
        }
        for clause in data["clauses"]
    ]


def _said(one: Mapping[str, Any], sent: Mapping[int, str]) -> dict[str, Any]:
    return {**one, "sent_on": _day(one["sent_on"]), "url": sent.get(one["round"], "")}


def _named(data: Summary, sent: Mapping[int, str], what: str) -> list[dict[str, Any]]:
    """What units said of difficulties, or proposed, as `words`, with the code of the task."""
    return [
        {**_said(one, sent), "code": task["code"], "words": words}
        for clause in data["clauses"]
        for task in clause["tasks"]
        for one in task["said"]
        if (words := one[what])  # type: ignore[literal-required]
    ]


def _late(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "due": _day(row["due"]),
        "expected": _day(row["expected"]),
        "url": row_url("tasks:assignment_detail", row["assignment"]),
    }


def _registry(data: Summary) -> dict[str, Any] | None:
    """Rows as lists in the order of the heads."""
    registry = data["registry"]
    if registry is None:
        return None
    names = list(registry["heads"])
    return {
        "heads": list(registry["heads"].values()),
        "rows": [
            {"name": row["name"], "numbers": [row["figures"].get(name) for name in names]} for row in registry["rows"]
        ],
        "total": [registry["total"].get(name) for name in names],
    }


def _changes(data: Summary) -> dict[str, Any] | None:
    changes: Changes | None = data.get("changes")
    if not changes:
        return None
    sorts = [
        {"name": name, "words": words, "count": len(rows), "rows": _grouped(rows, with_how=name != "narratives")}
        for name, words in CHANGED.items()
        if (rows := changes[name])  # type: ignore[literal-required]
    ]
    return {
        **changes,
        "previous_as_of": _day(changes["previous_as_of"]),
        "previous_url": row_url("tasks:summary", changes["previous"]),
        "figures": [
            {"name": name, "words": words, "before": pair[0], "now": pair[1], "change": vn_change(*pair)}
            for name, words in COMPARED.items()
            if (pair := changes["figures"][name])
        ],
        "sorts": sorts,
        "is_empty": not sorts and not changes["papers"] and not changes["indicators"],
    }


def _grouped(rows: Iterable[ChangedWork], *, with_how: bool) -> list[dict[str, Any]]:
    """The works by task and how, in the order of the text; each unit with today's page of its work."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        how = row["how"] if with_how else ""
        group = found.setdefault(
            (row["code"], how), {"code": row["code"], "title": row["title"], "how": how, "units": []}
        )
        group["units"].append({"name": row["unit"], "url": row_url("tasks:assignment_detail", row["assignment"])})
    return list(found.values())


# --- the works behind a number ---------------------------------------------------------------------


def trace(report: SummaryReport, name: str, user: Any) -> dict[str, Any] | None:
    """The works behind one number as they were frozen; None where the draft has no such number (1 statement)."""
    data: Summary = report.data
    works = data["traces"].get(name)
    if works is None:
        return None
    by_pk = {row["assignment"]: row for row in data["works"]}
    sent, said = report_urls(data, user), {}
    for clause in data["clauses"]:
        for task in clause["tasks"]:
            said |= {one["assignment"]: one for one in task["said"]}
    rows = []
    for pk in works:
        one = said.get(pk)
        row = by_pk[pk]
        rows.append(
            {
                **row,
                "due": _day(row["due"]),
                "completed_on": _day(row["completed_on"]),
                "class_words": CLASS_WORDS[row["timeliness"]],
                "url": row_url("tasks:assignment_detail", pk),
                "sent_on": _day(one["sent_on"]) if one else None,
                "report_url": sent.get(one["round"], "") if one else "",
            }
        )
    return {"title": _trace_words(data, name), "rows": rows, "is_indicator": name.startswith("indicator.")}


def _trace_words(data: Summary, name: str) -> str:
    """ "Hoàn thành đúng hạn – Huyện ủy Đắk Hà"."""
    of, _, rest = name.partition(".")
    if of == "indicator":
        lines = (line for clause in data["clauses"] for task in clause["tasks"] for line in task["indicators"])
        return next((f"{line['name']} ({line['code']})" for line in lines if str(line["pk"]) == rest), "Chỉ tiêu")
    if of in ("total", "leading"):
        return FIGURE_WORDS[rest]
    pk, _, figure = rest.partition(".")
    if of == "unit":
        whose = next(row["name"] for row in data["units"] if str(row["pk"]) == pk)
    else:
        tasks = (task for clause in data["clauses"] for task in clause["tasks"])
        whose = next(f"nhiệm vụ {task['code']}" for task in tasks if str(task["pk"]) == pk)
    return f"{FIGURE_WORDS[figure]} – {whose}"
