"""What a frozen summary report holds: plain values that JSON keeps. Built by freezing, read by writing, reading and changes.

Days are ISO words, names are the office's own words, texts are what units typed and the office accepted. No person is named
by the program; what a unit typed stays as it is and never goes into a mail. Numbers are numbers: who shows them writes 1.234.
"""

from typing import Any, NotRequired, TypedDict


class Head(TypedDict):
    """What stands above and below the report. superior: "" where the organ has none above it."""

    superior: str
    organ: str
    symbol: str  # "BC/VPTU", after the blank number
    place: str
    subject: str  # trích yếu: "tổng hợp kết quả thực hiện Công văn số …"
    recipients: list[str]
    authority: str  # "K/T CHÁNH VĂN PHÒNG" or ""
    position: str


class Paper(TypedDict):
    """A document by which a unit put the directive to work."""

    assignment: int
    unit_pk: int
    unit: str
    name: str
    identity: str  # "12-KH/HU" or ""
    paper_date: str  # ISO or ""


class Leading(TypedDict):
    """Part I: who was to issue a document, who has, who has not."""

    asked: int
    papers: list[Paper]
    missing: list[str]


class Said(TypedDict):
    """What one unit reported on one task, from its newest accepted round."""

    assignment: int
    round: int
    unit_pk: int
    unit: str
    sent_on: str
    text: str
    difficulties: str
    proposals: str


class IndicatorFigure(TypedDict):
    """One indicator over all units. value, target: words as the figures' pages write them, "" where there is none."""

    pk: int
    code: str  # of the task
    name: str
    measure: str
    value: str
    target: str
    share: str
    reported: int
    asked: int


class TaskPart(TypedDict):
    """One task of part II."""

    pk: int
    code: str
    title: str
    figures: dict[str, int]  # of tasks.tallies.Figures
    said: list[Said]
    indicators: list[IndicatorFigure]


class ClausePart(TypedDict):
    """One clause with its tasks, in the order of the text."""

    code: str
    heading: str
    tasks: list[TaskPart]


class UnitRow(TypedDict):
    """One unit in the table of progress: the figures, and how often more time was given and reports came back."""

    pk: int
    name: str
    figures: dict[str, int]
    extensions: int
    returned: int


class LateRow(TypedDict):
    """One overdue work. days, working_days: how long."""

    assignment: int
    code: str
    title: str
    unit_pk: int
    unit: str
    due: str
    days: int
    working_days: int
    reason: str
    expected: str


class RegistryRow(TypedDict):
    """One area of the registry's appendix; numbers too small to be told are None. No name of a person."""

    name: str
    figures: dict[str, int | None]


class Registry(TypedDict):
    """Appendix 3: heads are the words over the columns, in the order of the figures' names."""

    heads: dict[str, str]
    rows: list[RegistryRow]
    total: dict[str, int | None]


class Typed(TypedDict):
    """What the office itself wrote for this draft; each a text, "" where nothing."""

    good: str
    bad: str
    next: str


class Summary(TypedDict):
    """All of it. traces: name of a figure → the works it counts, so that each number unfolds as it was."""

    as_of: str
    period_from: str
    directive: str
    document: str
    event_date: str
    head: Head
    sentence: str
    total: dict[str, int]
    extensions: int
    returned: int
    leading: Leading
    clauses: list[ClausePart]
    units: list[UnitRow]
    overdue: list[LateRow]
    conditions: list[dict[str, Any]]
    coming: list[dict[str, Any]]
    registry: Registry | None
    typed: Typed
    traces: dict[str, list[int]]
    changes: NotRequired[dict[str, Any] | None]
