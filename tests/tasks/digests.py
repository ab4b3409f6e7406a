"""A followed directive with works of every class and a reader, for the tests of digests; readers of mail and page."""

from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from accounts.models import User
from tasks.models import Assignment, DelayNote, Directive, DirectiveTask, ExtensionRequest, ReportRound
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import Story, write
from units.models import Unit, UnitKind

# Of what people typed and of people's names none may leave by mail.
REASON, NAME, EXCUSE = "chờ các xã gửi biểu", "Nguyễn Chim Sẻ", "xin thêm ngày vì mưa lũ"


@dataclass
class Committee:
    directive: Directive
    office: User
    reader: User
    units: list[Unit]
    tasks: dict[str, DirectiveTask]
    works: dict[str, Assignment] = field(default_factory=dict)


def make_reader(username: str = "thuongtruc") -> User:
    """A person of the Standing Committee."""
    reader = make_user(username)
    make_membership(reader, make_unit("Thường trực", kind=UnitKind.STANDING_COMMITTEE), "reader")
    return reader


def make_committee() -> Committee:
    """Two units and, as of 18/4/2024: 2 done in time, 1 late; 1 in time without a day, 1 due on 24/4, 1 waits in time;
    3 overdue (4, 4 and 1 working days, the last sent late); 1 encouraged, 1 undecided, 1 paused."""
    directive = make_directive()
    reader = make_reader()
    units = [make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")]
    tasks = {code: make_task(directive, code) for code in ("1a.1", "1a.2", "1a.3", "1b.1", "1b.2")}
    tasks["1a.5"] = make_task(directive, "1a.5", strength="encouraged")
    tasks["2"] = make_task(
        directive, "2", condition_state="undecided", condition_decide_by=date(2024, 4, 19), condition_decider=units[0]
    )
    house = Committee(directive, make_office_user(), reader, units, tasks)
    first, second = units
    april = {day: date(2024, 4, day) for day in (9, 10, 12, 15, 16, 24, 30)}
    rows: dict[str, tuple[str, Unit, dict[str, Any]]] = {
        "done": ("1a.1", first, {"state": "completed", "due": april[12]}),
        "done too": ("1a.1", second, {"state": "completed", "due": april[10]}),
        "done late": ("1a.2", first, {"state": "completed", "due": april[9]}),
        "open": ("1a.2", second, {"state": "in_progress", "due": None}),
        "coming": ("1a.3", first, {"state": "redo", "due": april[24]}),
        "waiting": ("1a.3", second, {"state": "submitted", "due": april[15]}),
        "overdue": ("1b.1", first, {"state": "in_progress", "due": april[12]}),
        "overdue too": ("1b.1", second, {"state": "assigned", "due": april[12]}),
        "sent late": ("1b.2", first, {"state": "submitted", "due": april[15], "submitted_on": april[16]}),
        "paused": ("1b.2", second, {"state": "paused", "due": april[12]}),
        "encouraged": ("1a.5", first, {"state": "in_progress", "due": april[30]}),
        "undecided": ("2", second, {"state": "assigned", "due": april[30]}),
    }
    for name, (code, unit, values) in rows.items():
        house.works[name] = make_assignment(tasks[code], unit, **values)
    _typed(house)
    return house


def _typed(house: Committee) -> None:
    """What people typed: a delay's reason, a request for more time, a report that came back."""
    first, second = house.units
    reporter = make_reporter(first, "dakha", full_name=NAME)
    late = house.works["overdue"]
    for cause, reason in (("objective", "câu cũ"), ("subjective", REASON)):
        DelayNote.objects.create(
            assignment=late,
            cause=cause,
            reason=reason,
            expected_on=date(2024, 4, 22),
            noted_on=date(2024, 4, 16),
            by=reporter,
            at=at("2024-04-16"),
        )
    story = Story(
        directive=house.directive,
        task=house.tasks["1a.3"],
        unit=first,
        other_unit=second,
        office=house.office,
        reporter=reporter,
        stranger=house.office,
        assignment=house.works["coming"],
        other_assignment=house.works["waiting"],
    )
    section = write(story, moment=at("2024-04-12")).sections.get(assignment=house.works["coming"])
    ReportRound.objects.create(
        section=section,
        number=1,
        submitted_by=reporter,
        submitted_at=at("2024-04-12"),
        submitted_on=date(2024, 4, 12),
        content={},
        decision="returned",
        decided_by=house.office,
        decided_at=at("2024-04-12"),
        reason=EXCUSE,
    )
    request_extension(house, "overdue too", asked="2024-04-26")


def request_extension(house: Committee, name: str, *, asked: str, granted_at: str = "") -> ExtensionRequest:
    """The unit asks for more time; granted at that moment's day 09:00 when one is given."""
    answer: dict[str, Any] = {}
    if granted_at:
        answer = {
            "state": "approved",
            "granted_due": date.fromisoformat(asked),
            "decided_by": house.office,
            "decided_at": at(granted_at, "09:00"),
        }
    return ExtensionRequest.objects.create(
        assignment=house.works[name],
        old_due=house.works[name].due_current,
        requested_due=date.fromisoformat(asked),
        reason=EXCUSE,
        requested_by=house.office,
        requested_at=at("2024-04-11"),
        **answer,
    )


class Figures(HTMLParser):
    """The numbers of a page by their mark (data-figure), and the rows of its marked tables as words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.numbers: dict[str, str] = {}
        self.tables: dict[str, list[list[str]]] = {}
        self._figure: list[str] = []
        self._table = ""
        self._cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        if "data-figure" in found:
            self._figure = [found["data-figure"], tag]
            self.numbers[found["data-figure"]] = ""
        if tag == "table":
            self._table = found.get("data-table", "")
            self.tables.setdefault(self._table, [])
        elif tag == "tr":
            self.tables.setdefault(self._table, []).append([])
        elif tag in ("td", "th") and self.tables.get(self._table):
            self.tables[self._table][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if self._figure and tag == self._figure[1]:
            self._figure = []
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._figure:
            self.numbers[self._figure[0]] += data.strip()
        if self._cell and self.tables.get(self._table):
            row = self.tables[self._table][-1]
            row[-1] = " ".join(f"{row[-1]} {data}".split())


def mail_of(sent: Any) -> EmailMessage:
    """A mail of Django's outbox as the receiving side reads its bytes."""
    return message_from_bytes(sent.message().as_bytes(), policy=policy.default)
