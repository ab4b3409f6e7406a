"""A frozen digest as page, mail and print show it: its plain values with days, words and the addresses behind them.

Nothing is counted here; what stands in the row is what is shown. Addresses lead to today's lists, filtered alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from directive_tracker.vietnamese import ZONE, vn_change, vn_date, vn_number, vn_weekday
from tasks.models.digest import Digest
from tasks.tallies import FIGURE_NAMES, Figures
from tasks.timeliness import Timeliness
from tasks.whole.rates import rate_words
from tasks.whole.waiting import WORDS, filters_of

# With more lines of units than this a mail leaves them to the page, and the page shows one directive's at a time.
FEW_UNITS = 60
REGISTRY = {
    "veterans.communes_reviewed": "Xã, phường, thị trấn đã rà soát",
    "veterans.communes_total": "Tổng số xã, phường, thị trấn",
    "veterans.verified_living": "Người đã xác minh, đang sống",
    "veterans.visited": "Người đã được thăm",
    "veterans.unvisited": "Người chưa được thăm",
    "veterans.unvisited_old": "Trong đó từ 95 tuổi",
}
CHANGED = {
    "done": "Mới hoàn thành",
    "undone": "Không còn tính là hoàn thành",
    "overdue": "Mới quá hạn",
    "recovered": "Không còn quá hạn",
}


def works_url(**chosen: Any) -> str:
    """The list of lead works filtered alike; without a directive those of all that are followed."""
    if "directive" not in chosen:
        chosen["followed"] = "on"
    return f"{reverse('tasks:assignment_list')}?{urlencode({**chosen, 'role': 'lead'})}"


@dataclass(frozen=True)
class Line:
    """One figure: its words, its number, the list behind it, how much it changed ("+5", "" where nothing is known)."""

    name: str
    words: str
    number: int
    url: str = ""
    change: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Shown:
    """Everything page and mail show of one digest."""

    digest: Digest
    sentence: str
    total: Figures
    lines: list[Line]
    beside: list[Line]
    directives: list[dict[str, Any]]
    overdue: list[dict[str, Any]]
    overdue_count: int
    waiting: list[dict[str, Any]]
    conditions: list[dict[str, Any]]
    instructions: list[dict[str, Any]]
    coming: list[dict[str, Any]]
    coming_count: int
    coming_more: int
    coming_first: date
    coming_last: date
    figures: list[dict[str, Any]]
    registry: list[tuple[str, Any]]
    registry_sentence: str
    registry_note: str
    changes: dict[str, Any] | None

    @property
    def several(self) -> bool:
        return len(self.directives) > 1

    @property
    def overdue_more(self) -> int:
        return self.overdue_count - len(self.overdue)

    @property
    def overdue_url(self) -> str:
        return works_url(timeliness=Timeliness.OPEN_OVERDUE)

    @property
    def unit_lines(self) -> int:
        return sum(row["unit_count"] for row in self.directives)

    @property
    def has_all_units(self) -> bool:
        """Whether the units of every directive are there."""
        return self.unit_lines <= FEW_UNITS


def shown(digest: Digest, *, directive: int | None = None) -> Shown:
    """The digest for a template; reads nothing but the row.

    Args:
        directive: whose units are shown where all would be too many; the first one's where it is not in the digest.
    """
    data = digest.data
    pks = [row["pk"] for row in data["directives"]]
    few = sum(len(row["units"]) for row in data["directives"]) <= FEW_UNITS
    with_units = set(pks) if few else {directive if directive in pks else pks[0]}
    total, changes = Figures(**data["total"]), data["changes"]
    coming = data["coming"]
    return Shown(
        digest=digest,
        sentence=data["sentence"],
        total=total,
        lines=_lines(total, changes),
        beside=_beside(total, changes),
        directives=[_directive(row, with_units=row["pk"] in with_units) for row in data["directives"]],
        overdue=[_overdue(row) for row in data["overdue"]["rows"]],
        overdue_count=data["overdue"]["count"],
        waiting=[_waiting(row) for row in data["waiting"]],
        conditions=[
            {**row, "decide_by": _day(row["decide_by"]), "url": reverse("tasks:task_detail", args=[row["task"]])}
            for row in data["conditions"]
        ],
        # A digest that was frozen before there were any has none.
        instructions=[
            {**row, "said_on": _day(row["said_on"]), "url": reverse("tasks:instruction", args=[row["pk"]])}
            for row in data.get("instructions", [])
        ],
        coming=_by_day(coming["rows"]),
        coming_count=coming["count"],
        coming_more=coming["more"],
        coming_first=date.fromisoformat(coming["first"]),
        coming_last=date.fromisoformat(coming["last"]),
        figures=[_reported(row) for row in data.get("figures", [])],
        registry=_registry(data["registry"]),
        registry_sentence=data["registry"].get("veterans", {}).get("sentence", ""),
        registry_note=data["registry"].get("veterans", {}).get("note", ""),
        changes=_changes(changes) if changes else None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _change(changes: dict[str, Any] | None, name: str) -> str:
    return vn_change(*changes["figures"][name]) if changes and name in changes["figures"] else ""


def _line(changes: dict[str, Any] | None, name: str, words: str, number: int, **filters: Any) -> Line:
    return Line(name, words, number, works_url(**filters), _change(changes, name))


def _lines(total: Figures, changes: dict[str, Any] | None) -> list[Line]:
    """The four classes and their parts, in the words of the official statistics."""
    return [
        _line(changes, "done_on_time", "Hoàn thành đúng hạn", total.done_on_time, timeliness=Timeliness.DONE_ON_TIME),
        _line(changes, "done_late", "Hoàn thành quá hạn", total.done_late, timeliness=Timeliness.DONE_LATE),
        _line(
            changes,
            "open_in_time",
            "Chưa hoàn thành, trong hạn",
            total.open_in_time,
            timeliness=Timeliness.OPEN_IN_TIME,
        ),
        Line(
            "open_without_due",
            "trong đó không thời hạn",
            total.open_without_due,
            works_url(detail="no_due"),
            is_part=True,
        ),
        _line(
            changes,
            "open_overdue",
            "Chưa hoàn thành, quá hạn",
            total.open_overdue,
            timeliness=Timeliness.OPEN_OVERDUE,
        ),
    ]


def _beside(total: Figures, changes: dict[str, Any] | None) -> list[Line]:
    """What stands beside the four classes, with its parts."""
    other = total.outside - total.paused - total.undecided - total.encouraged
    lines = [
        Line("outside", "Ngoài thống kê", total.outside, works_url(timeliness=Timeliness.OUTSIDE)),
        Line("encouraged", "khuyến khích", total.encouraged, works_url(detail="encouraged"), is_part=True),
        Line("undecided", "chờ quyết định", total.undecided, works_url(detail="undecided"), is_part=True),
        Line("paused", "tạm dừng", total.paused, works_url(detail="paused"), is_part=True),
    ]
    if other:
        lines.append(Line("set_aside", "không phát sinh, đã hủy", other, works_url(detail="set_aside"), is_part=True))
    return [
        *lines,
        _line(changes, "waiting", "Đã gửi, chờ xác nhận", total.waiting, word="waiting"),
        Line("not_acknowledged", "Chưa tiếp nhận", total.not_acknowledged, works_url(detail="not_acknowledged")),
    ]


def _rated(total: Figures) -> dict[str, Any]:
    ended = total.came_due
    return {"rate": rate_words(total.done_on_time, ended, none="chưa có"), "ended": ended}


def _linked(total: Figures, **filters: Any) -> dict[str, str]:
    """The list behind each number of one row."""
    classes = {
        "done_on_time": Timeliness.DONE_ON_TIME,
        "done_late": Timeliness.DONE_LATE,
        "open_in_time": Timeliness.OPEN_IN_TIME,
        "open_overdue": Timeliness.OPEN_OVERDUE,
    }
    return {
        "counted": works_url(**filters, detail="counted"),
        "waiting": works_url(**filters, word="waiting"),
        "extensions": works_url(**filters, detail="extended"),
        "returned": works_url(**filters, detail="returned"),
        **{name: works_url(**filters, timeliness=value) for name, value in classes.items()},
    }


def _directive(row: dict[str, Any], *, with_units: bool) -> dict[str, Any]:
    total = Figures(**row["total"])
    filters = {"directive": row["pk"]}
    return {
        **row,
        "total": total,
        "url": reverse("tasks:overview", args=[row["pk"]]),
        "urls": _linked(total, **filters),
        **_rated(total),
        "unit_count": len(row["units"]),
        "units": [_unit(unit, filters) for unit in row["units"]] if with_units else [],
    }


def _unit(row: dict[str, Any], filters: dict[str, Any]) -> dict[str, Any]:
    total = Figures(**{name: row[name] for name in FIGURE_NAMES})
    mine = {**filters, "unit": row["pk"]}
    return {**row, "total": total, "url": works_url(**mine), "urls": _linked(total, **mine), **_rated(total)}


def _overdue(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "due": _day(row["due"]),
        "expected": _day(row["expected"]),
        "url": reverse("tasks:assignment_panel", args=[row["assignment"]]),
    }


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    words, measure = WORDS[row["what"]]
    return {
        **row,
        "what_words": words,
        "measure": measure,
        "since": _day(row["since"]),
        "url": works_url(**filters_of(row["what"], row["who_pk"])),
    }


def _by_day(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a day: its works by task."""
    days: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        url = works_url(directive=row["directive"], task=row["task"], due=row["day"], detail="open")
        days.setdefault(row["day"], []).append({**row, "url": url})
    return [
        {
            "day": (day := date.fromisoformat(text)),
            "words": f"{vn_weekday(day)} {vn_date(day)}",
            "count": sum(work["count"] for work in works),
            "works": works,
            "url": works_url(due=text, detail="open"),
        }
        for text, works in days.items()
    ]


def _reported(row: dict[str, Any]) -> dict[str, Any]:
    """What units of one document reported, each figure with the page it unfolds on."""
    lines = [{**line, "url": reverse("tasks:indicator_detail", args=[line["pk"]])} for line in row["lines"]]
    return {**row, "lines": lines, "url": reverse("tasks:directive_figures", args=[row["directive"]])}


def _registry(registry: dict[str, Any]) -> list[tuple[str, Any]]:
    """The registry's figures as words and number; "31" of "102" communes stand in one line."""
    values = registry.get("veterans")
    if not values:
        return []
    return [
        (
            REGISTRY["veterans.communes_reviewed"],
            f"{vn_number(values['communes_reviewed'])}/{vn_number(values['communes_total'])}",
        ),
        (REGISTRY["veterans.verified_living"], values["verified_living"]),
        (REGISTRY["veterans.visited"], values["visited"]),
    ]


def _changes(changes: dict[str, Any]) -> dict[str, Any]:
    sorts = []
    for name, words in CHANGED.items():
        rows = [
            {**row, "count": len(row["units"]), "url": works_url(directive=row["directive"], task=row["task"])}
            for row in changes[name]["rows"]
        ]
        named = sum(row["count"] for row in rows)
        sorts.append(
            {
                "name": name,
                "words": words,
                "count": changes[name]["count"],
                "rows": rows,
                "more": changes[name]["count"] - named,
            }
        )
    extensions = [
        {
            **row,
            "from": _day(row["from"]),
            "to": _day(row["to"]),
            "url": reverse("tasks:assignment_panel", args=[row["assignment"]]),
        }
        for row in changes["extensions"]["rows"]
    ]
    return {
        **changes,
        "previous_as_of": datetime.fromisoformat(changes["previous_as_of"]).astimezone(ZONE),
        "previous_url": reverse("tasks:digest", args=[changes["previous"]]),
        "sorts": sorts,
        "extensions": extensions,
        "extension_count": changes["extensions"]["count"],
        "extension_more": changes["extensions"]["count"] - len(extensions),
        "registry": [(REGISTRY.get(name, name), *pair) for name, pair in changes["registry"].items()],
    }
