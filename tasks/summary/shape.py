"""What a frozen summary report holds: plain values that JSON keeps. Built by freezing, read by writing, reading and changes.

Days are ISO words, names are the office's own words, texts are what units typed and the office accepted. No person is named
by the program; what a unit typed stays as it is and never goes into a mail. Numbers are numbers: who shows them writes 1.234.
"""

from typing import NotRequired, TypedDict


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


class WorkRow(TypedDict):
    """One lead work as it stood: word is what units see (tasks.enums.UnitWord), timeliness its class or "outside"."""

    assignment: int
    task: int
    code: str
    title: str
    unit_pk: int
    unit: str
    word: str
    timeliness: str
    due: str
    completed_on: str


class Condition(TypedDict):
    """One task that waits for somebody's decision."""

    task: int
    code: str
    title: str
    question: str
    decider: str
    decide_by: str


class Coming(TypedDict):
    """One task that falls due on one day; count: how many units still have to do it."""

    day: str
    task: int
    code: str
    title: str
    count: int


class ChangedWork(TypedDict):
    """One work that came into a class or left it; how: why it left, "" where it came."""

    assignment: int
    code: str
    title: str
    unit: str
    how: str


class ChangedFigure(TypedDict):
    """One indicator whose sum is another one; words as pages write them, "" where there was none."""

    pk: int
    code: str
    name: str
    measure: str
    before: str
    now: str


class Changes(TypedDict):
    """From the draft before to this one. figures: name → [before, now], those that stayed too; words: plain sentences.

    papers: documents that have come since; narratives: works of which the units say something else.
    """

    previous: int
    draft_number: int
    previous_as_of: str
    figures: dict[str, list[int]]
    done: list[ChangedWork]
    undone: list[ChangedWork]
    overdue: list[ChangedWork]
    recovered: list[ChangedWork]
    papers: list[Paper]
    indicators: list[ChangedFigure]
    narratives: list[ChangedWork]
    words: list[str]


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
    conditions: list[Condition]
    coming: list[Coming]
    registry: Registry | None
    typed: Typed
    works: list[WorkRow]
    traces: dict[str, list[int]]
    changes: NotRequired[Changes | None]
