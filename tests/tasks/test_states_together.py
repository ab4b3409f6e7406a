"""The same tables for what is done beside a unit's own lead work: parts and contributions, work handed on, papers
released, conditions, instructions, inspections, events, words, links, what the office enters. What is not listed is
refused."""

from datetime import date, timedelta

import pytest

from directive_tracker import clock
from tasks import issuing, lifecycle, permissions, reviewing
from tasks.asking import service as asking
from tasks.behalf.entering import open_on_behalf
from tasks.enums import (
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    QuestionKind,
    ReportState,
    SectionState,
)
from tasks.events import activities, inspections
from tasks.events import rules as event_rules
from tasks.events.activities import ActivityInput
from tasks.extensions import request_extension
from tasks.handing import contributions, giving, releasing
from tasks.handing import rules as handing_rules
from tasks.handing.giving import PartInput
from tasks.instructions import handling
from tasks.instructions import rules as instruction_rules
from tasks.links import making
from tasks.models import (
    Activity,
    ActivityState,
    Assignment,
    Comment,
    CommentScope,
    Directive,
    DirectiveTask,
    Finding,
    FindingState,
    InspectedPlace,
    Inspection,
    Instruction,
    InstructionState,
    Partner,
    ProductRelease,
    ReleaseRecipient,
    ReportLink,
)
from tasks.talking import rules as talking_rules
from tasks.talking import writing
from tests.factories import make_assignment, make_membership, make_reporter, make_task, make_unit, make_user
from tests.tasks.states import NOW, TODAY, Cast, cells, table
from tests.tasks.story import owe_paper
from units.models import Role

pytestmark = pytest.mark.django_db
WORDS = "Theo ý kiến đã thống nhất"
LATER = date(2024, 4, 26)
P = permissions


@pytest.fixture
def cast(monkeypatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return Cast()


# --- a unit's work in another role ---------------------------------------------------------------------


class Roles:
    """The cast's unit has a part of another unit's work, contributes to it, or is only told of it."""

    def __init__(self, cast: Cast, role: str) -> None:
        self.cast, self.role = cast, role
        cast.story.other_assignment.delete()  # the stranger leads nothing of it
        above = make_unit("Ban cán sự đảng UBND tỉnh")
        cast.people["above"] = make_reporter(above, "ubnd")
        cast.people["above_head"] = make_user("ubnd.truong")
        make_membership(cast.people["above_head"], above, Role.UNIT_HEAD)
        self.lead = make_assignment(cast.story.task, above, state="in_progress", due=date(2024, 5, 7))

    def assignment(self, state: str) -> Assignment:
        parent = {"parent": self.lead, "depth": 1, "part_words": "Tuyên truyền"} if self.role == "part" else {}
        # Who is only told of it owes nothing by any day.
        due = None if self.role == "informed" else date(2024, 4, 19)
        return self.cast.assignment(state, role=self.role, due=due, **parent)


ON_WORK = {
    "acknowledge": (P.can_acknowledge, lambda a, by: lifecycle.acknowledge(a, by=by, now=NOW)),
    "not ours": (
        lambda user, a: P.can_ask(user, a, QuestionKind.NOT_OURS),
        lambda a, by: asking.say_not_ours(a, by=by, now=NOW, reason=WORDS),
    ),
    "ask": (
        lambda user, a: P.can_ask(user, a, QuestionKind.UNCLEAR),
        lambda a, by: asking.ask(a, by=by, now=NOW, words=WORDS),
    ),
    "ask for time": (
        P.can_request_extension,
        lambda a, by: request_extension(a, by=by, now=NOW, new_due=LATER, reason=WORDS),
    ),
    "hand on": (
        handing_rules.can_hand_on,
        lambda a, by: giving.hand_on(a, [make_unit("Đảng ủy xã", parent=a.unit)], PartInput(WORDS), by=by, now=NOW),
    ),
    "name a partner": (
        handing_rules.can_keep_partners,
        lambda a, by: giving.add_partner(a, "Hội Khuyến học", WORDS, by=by, now=NOW),
    ),
    "keep": (P.can_answer_given_back, lambda a, by: lifecycle.keep(a, by=by, now=NOW, reason=WORDS)),
    "cancel": (P.can_manage, lambda a, by: lifecycle.cancel(a, by=by, now=NOW, reason=WORDS)),
    "not applicable": (P.can_manage, lambda a, by: lifecycle.mark_not_applicable(a, by=by, now=NOW, reason=WORDS)),
    "pause": (P.can_manage, lambda a, by: lifecycle.pause(a, by=by, now=NOW, reason=WORDS)),
    "resume": (P.can_manage, lambda a, by: lifecycle.resume(a, by=by, now=NOW)),
    "reopen": (P.can_manage, lambda a, by: lifecycle.reopen(a, by=by, now=NOW, reason=WORDS)),
    "nudge": (P.can_nudge, lambda a, by: lifecycle.nudge(a, by=by, now=NOW, message=WORDS)),
    "write beside it": (
        talking_rules.may_comment,
        lambda a, by: writing.write_comment(a, by=by, now=NOW, text="Đã nhận", scope="all"),
    ),
}
IN_HAND = "assigned in_progress redo"
UNSENT = "assigned in_progress returned_by_unit awaiting_unit_head redo"
OPEN = f"{UNSENT} submitted"
EVERY = f"{OPEN} paused completed not_applicable cancelled"
# A part is judged by who handed it on and by the office; what only contributes or is told of it, by the office.
TABLES = {
    role: table(f"""
acknowledge     | reporter unit_head | assigned
not ours        | reporter unit_head | assigned
ask             | reporter unit_head | {IN_HAND}
ask for time    | {asks}             | {IN_HAND}
hand on         | {hands_on}         | {IN_HAND}
name a partner  | reporter unit_head | {OPEN}
keep            | {judges}           | returned_by_unit
cancel          | {judges}           | {OPEN} paused
not applicable  | {judges}           | {OPEN} paused
pause           | {judges}           | {IN_HAND}
resume          | {judges}           | paused
reopen          | {judges}           | completed not_applicable
nudge           | {judges} monitor   | {UNSENT}
write beside it | office deputy reader reporter unit_head monitor stranger above above_head | {EVERY}
""")
    for role, hands_on, asks, judges in (
        ("part", "reporter unit_head", "reporter unit_head", "office deputy above above_head"),
        ("coordinating", "reporter unit_head", "reporter unit_head", "office deputy"),
        ("informed", "", "", "office deputy"),
    )
}


@pytest.mark.parametrize("action", sorted(ON_WORK))
@pytest.mark.parametrize("role", sorted(TABLES))
def test_who_may_do_what_to_work_that_is_no_lead_work(cast, role, action):
    found = cells(cast, Roles(cast, role).assignment, AssignmentState, ON_WORK[action])

    assert found == TABLES[role].get(action, {})


@pytest.mark.parametrize("role", ["part", "coordinating"])
@pytest.mark.parametrize("verb", ["accept", "return"])
def test_what_is_sent_for_it_is_accepted_by_who_handed_it_on_or_leads(cast, role, verb):
    roles = Roles(cast, role)

    def make(state: str):
        section = cast.section(cast.report(ReportState.SUBMITTED), state)
        values = {"parent": roles.lead, "depth": 1, "part_words": "Tuyên truyền"} if role == "part" else {}
        Assignment.objects.filter(pk=section.assignment_id).update(role=role, **values)
        return type(section).objects.get(pk=section.pk)

    acts = {
        "accept": lambda s, by: reviewing.accept_section(s, by=by, now=NOW),
        "return": lambda s, by: reviewing.return_section(s, by=by, now=NOW, reason=WORDS),
    }
    found = cells(cast, make, SectionState, (P.can_decide_section, acts[verb]))

    assert found == table("x | above above_head | submitted")["x"]


# --- work that others do for it ------------------------------------------------------------------------


def test_who_hands_work_on_takes_its_open_parts_back_and_asks_for_contributions(cast):
    commune = make_unit("Đảng ủy xã", parent=cast.story.unit)

    def make(state: str) -> Assignment:
        mine = cast.assignment(state)
        values = {"role": "part", "parent": mine, "depth": 1, "part_words": "Tuyên truyền", "state": "in_progress"}
        make_assignment(cast.story.task, commune, **values)
        return mine

    def ask(mine: Assignment, by) -> None:
        others = contributions.others_of(mine, by)
        contributions.ask(mine, others, words=WORDS, wanted_by=None, by=by, now=NOW)

    end = (
        lambda user, a: handing_rules.works_for(user, a.unit_id),
        lambda a, by: giving.end_parts(a, by=by, now=NOW, reason=WORDS),
    )

    asked = cells(cast, make, AssignmentState, (handing_rules.can_ask, ask))

    assert asked == table(f"x | reporter unit_head | {OPEN}")["x"]
    assert cells(cast, make, AssignmentState, end) == table(f"x | reporter unit_head | {EVERY}")["x"]


def test_a_partner_is_struck_out_by_the_units_own_people_once(cast):
    def make(state: str) -> Partner:
        mine = cast.assignment("in_progress")
        ended = {"ended_at": NOW, "ended_by": cast.story.reporter} if state == "ended" else {}
        return Partner.objects.create(
            assignment=mine, name="Hội Khuyến học", does=WORDS, added_by=cast.story.reporter, added_at=NOW, **ended
        )

    action = (
        lambda user, p: handing_rules.can_keep_partners(user, p.assignment),
        lambda p, by: giving.end_partner(p, by=by, now=NOW),
    )

    assert cells(cast, make, ["there", "ended"], action) == table("x | reporter unit_head | there")["x"]


# --- a paper is released -------------------------------------------------------------------------------


def test_a_sent_paper_is_released_by_its_unit_alone(cast):
    def make(state: str):
        delivery = owe_paper(cast.assignment("in_progress"))
        if state == "sent":
            delivery.number, delivery.symbol = "12", "KH/HU"
            delivery.save()
        return delivery

    action = (
        handing_rules.can_release,
        lambda d, by: releasing.release(d, [cast.story.other_unit], words="", by=by, now=NOW),
    )

    assert cells(cast, make, ["owed", "sent"], action) == table("x | reporter unit_head | sent")["x"]


def test_recipients_that_have_not_opened_it_are_reminded_by_the_unit_and_the_office(cast):
    def make(state: str) -> ProductRelease:
        delivery = owe_paper(cast.assignment("in_progress"))
        release = ProductRelease.objects.create(
            delivery=delivery, number="12", symbol="KH/HU", released_by=cast.story.reporter, released_at=NOW
        )
        yesterday = NOW - timedelta(days=1)
        opened = {"opened_at": NOW} if state == "opened" else {}
        ReleaseRecipient.objects.create(release=release, unit=cast.story.other_unit, sent_at=yesterday, **opened)
        return release

    action = (handing_rules.can_remind_recipients, lambda r, by: releasing.remind(r, by=by, now=NOW))

    assert (
        cells(cast, make, ["unopened", "opened"], action)
        == table("x | office deputy reporter unit_head | unopened")["x"]
    )


def bring(directive: Directive, state: str) -> None:
    """Put the document into that state, with the days that belong to it."""
    days = {"draft": {"issued_on": None}, "issued": {}, "closed": {"closed_on": TODAY}}[state]
    Directive.objects.filter(pk=directive.pk).update(state=state, **days)


# --- the directive, its tasks and conditions -----------------------------------------------------------


def test_a_condition_is_decided_by_the_office_once(cast):
    def make(state: str) -> DirectiveTask:
        task = make_task(
            cast.story.directive,
            "2",
            **({} if state == "none" else {"condition_text": "nếu có điểm cầu"}),
            condition_state=state,
        )
        make_assignment(task, cast.story.unit, state="assigned")
        return task

    action = (
        P.can_decide_condition,
        lambda t, by: lifecycle.decide_condition(t, applies=True, by=by, now=NOW, reason=WORDS),
    )

    assert cells(cast, make, ConditionState, action) == table("x | office deputy | undecided")["x"]


def test_a_unit_is_added_by_the_office_or_the_lead_while_the_document_is_followed(cast):
    def make(state: str) -> DirectiveTask:
        bring(cast.story.directive, state)
        task = make_task(cast.story.directive, "1b")
        make_assignment(task, cast.story.unit, state="in_progress")
        return DirectiveTask.objects.get(pk=task.pk)

    action = (
        P.can_fix_coordinating,
        lambda t, by: issuing.add_assignment(t, cast.story.other_unit, AssignmentRole.COORDINATING, by=by, now=NOW),
    )

    found = cells(cast, make, DirectiveState, action)

    assert found == table("x | office deputy reporter unit_head | issued")["x"]


def test_the_office_enters_a_report_for_a_unit_while_the_document_is_followed(cast):
    def make(state: str) -> Directive:
        bring(cast.story.directive, state)
        cast.assignment("in_progress")
        return Directive.objects.get(pk=cast.story.directive.pk)

    unit = cast.story.unit
    action = (
        lambda user, d: P.can_report_on_behalf(user, unit.pk, d),
        lambda d, by: open_on_behalf(unit, d, basis="paper", by=by, now=NOW),
    )

    assert cells(cast, make, DirectiveState, action) == table("x | office deputy | issued")["x"]


# --- instructions --------------------------------------------------------------------------------------

ON_INSTRUCTION = {
    "nudge": lambda i, by: handling.nudge(i, handling.concerned(i), by=by, now=NOW),
    "make a task": lambda i, by: handling.make_task(
        i,
        handling.NewTask("Kiểm tra việc treo cờ", "Kiểm tra", LATER, [i.directive.assignments.first().unit]),
        by=by,
        now=NOW,
    ),
    "follow": lambda i, by: handling.follow(i, by=by, now=NOW),
    "note": lambda i, by: handling.note(i, by=by, now=NOW, words=WORDS),
    "end": lambda i, by: handling.finish(i, by=by, now=NOW, words=WORDS),
    "open again": lambda i, by: handling.reopen(i, by=by, now=NOW, words=WORDS),
}
INSTRUCTIONS = table("""
nudge       | office deputy | open followed
make a task | office deputy | open followed
follow      | office deputy | open followed
note        | office deputy | open followed
end         | office deputy | open followed
open again  | office deputy | done
""")


@pytest.mark.parametrize("action", sorted(ON_INSTRUCTION))
def test_who_may_do_what_to_an_instruction_in_which_state(cast, action):
    def make(state: str) -> Instruction:
        cast.assignment("in_progress", due=date(2024, 3, 22))
        return Instruction.objects.create(
            directive=cast.story.directive,
            words="Đẩy nhanh tiến độ.",
            said_by="Đồng chí Bí thư",
            said_on=TODAY,
            source="briefing",
            state=state,
            written_by=cast.people["reader"],
            written_at=NOW,
        )

    found = cells(cast, make, InstructionState, (instruction_rules.can_handle, ON_INSTRUCTION[action]))

    assert found == INSTRUCTIONS[action]


def test_an_instruction_is_written_by_the_office_and_the_readers_while_the_document_is_followed(cast):
    def make(state: str) -> Directive:
        bring(cast.story.directive, state)
        return Directive.objects.get(pk=cast.story.directive.pk)

    said = handling.Said(
        words="Đẩy nhanh tiến độ.", said_by="Đồng chí Bí thư", said_on=TODAY, source="briefing", tasks=[]
    )
    action = (instruction_rules.can_write_instruction, lambda d, by: handling.write(d, said, by=by, now=NOW))

    assert cells(cast, make, DirectiveState, action) == table("x | office deputy reader | issued")["x"]


# --- inspections and events ----------------------------------------------------------------------------


def an_inspection(cast: Cast, *, sent: bool) -> tuple[Inspection, Finding]:
    """The monitor's notebook with one place of the unit and one finding."""
    cast.assignment("in_progress")
    monitor = cast.people["monitor"]
    inspection = inspections.begin_inspection(cast.story.task, day=TODAY, by=monitor, now=NOW)
    place = inspections.add_place(
        inspection, kind="road", name="Đường Hùng Vương", unit=cast.story.unit, by=monitor, now=NOW
    )
    finding = inspections.add_finding(place, words="Băng rôn phai màu", mend_by=LATER, photo=None, by=monitor, now=NOW)
    if sent:
        inspections.send_inspection(inspection, by=monitor, now=NOW)
    return inspection, finding


ON_INSPECTION = {
    "send": lambda i, by: inspections.send_inspection(i, by=by, now=NOW),
    "add a place": lambda i, by: inspections.add_place(
        i, kind="square", name="Quảng trường", unit=InspectedPlace.objects.get(inspection=i).unit, by=by, now=NOW
    ),
    "strike a place out": lambda i, by: inspections.remove_place(
        InspectedPlace.objects.get(inspection=i), by=by, now=NOW
    ),
}


@pytest.mark.parametrize("action", sorted(ON_INSPECTION))
def test_a_notebook_is_written_by_the_inspecting_unit_until_it_is_sent(cast, action):
    found = cells(
        cast,
        lambda state: an_inspection(cast, sent=state == "sent")[0],
        ["begun", "sent"],
        (event_rules.can_write_inspection, ON_INSPECTION[action]),
    )

    assert found == table("x | monitor | begun")["x"]


ON_FINDING = {
    "answer": (
        event_rules.can_answer_finding,
        lambda f, by: inspections.answer(f, words="Đã thay", done_on=TODAY, photo=None, by=by, now=NOW),
    ),
    "send back": (
        event_rules.can_send_back_finding,
        lambda f, by: inspections.send_back(f, words="Còn một chỗ", mend_by=LATER, by=by, now=NOW),
    ),
    "close": (event_rules.can_close_finding, lambda f, by: inspections.close(f, words="", by=by, now=NOW)),
}
FINDINGS = table("""
answer    | reporter unit_head    | open sent_back
send back | office deputy monitor | answered
close     | office deputy monitor | open answered sent_back
""")


@pytest.mark.parametrize("action", sorted(ON_FINDING))
def test_who_may_do_what_to_a_finding_in_which_state(cast, action):
    def make(state: str) -> Finding:
        _, finding = an_inspection(cast, sent=True)
        Finding.objects.filter(pk=finding.pk).update(state=state)
        return Finding.objects.get(pk=finding.pk)

    assert cells(cast, make, FindingState, ON_FINDING[action]) == FINDINGS[action]


ON_EVENT = {
    "mend": lambda a, by: activities.change_activity(
        a, ActivityInput("meeting", "Hội nghị huyện", a.starts_on), version=a.version, by=by, now=NOW
    ),
    "hold": lambda a, by: activities.hold(a, attendance=120, by=by, now=NOW),
    "postpone": lambda a, by: activities.postpone(a, new_day=LATER, note=WORDS, by=by, now=NOW),
    "cancel": lambda a, by: activities.cancel(a, note=WORDS, by=by, now=NOW),
}
EVENTS = table("""
mend     | reporter unit_head | planned held postponed
hold     | reporter unit_head | planned postponed
postpone | reporter unit_head | planned postponed
cancel   | reporter unit_head | planned held postponed
""")


@pytest.mark.parametrize("action", sorted(ON_EVENT))
def test_who_may_do_what_to_an_event_in_which_state(cast, action):
    def make(state: str) -> Activity:
        data = ActivityInput("meeting", "Hội nghị", TODAY)
        event = activities.record_activity(cast.assignment("in_progress"), data, by=cast.story.reporter, now=NOW)
        Activity.objects.filter(pk=event.pk).update(state=state)
        return Activity.objects.get(pk=event.pk)

    assert cells(cast, make, ActivityState, (event_rules.can_change_activity, ON_EVENT[action])) == EVENTS[action]


# --- words and links -----------------------------------------------------------------------------------


def test_words_are_taken_back_by_who_wrote_them_on_the_same_day(cast):
    def make(state: str) -> Comment:
        moment = NOW - timedelta(days=1) if state == "yesterday" else NOW
        taken = {"taken_back_at": NOW} if state == "taken back" else {}
        return Comment.objects.create(
            assignment=cast.assignment("in_progress"),
            text="Đã nhận",
            scope=CommentScope.ALL,
            by=cast.story.reporter,
            at=moment,
            **taken,
        )

    action = (
        lambda user, c: talking_rules.may_take_back(user, c, today=TODAY),
        lambda c, by: writing.take_back(c, by=by, now=NOW),
    )

    assert cells(cast, make, ["today", "yesterday", "taken back"], action) == {"reporter": {"today"}}


def test_a_mailed_link_is_taken_back_by_the_office_and_the_unit_once(cast):
    def make(state: str) -> ReportLink:
        story = cast.story
        link = making.ensure(story.unit, story.directive, None, story.reporter, now=NOW, today=TODAY)
        if state == "revoked":
            making.revoke(link, by=story.office, now=NOW, at=NOW)
        return ReportLink.objects.get(pk=link.pk)

    action = (P.can_revoke_link, lambda row, by: making.revoke(row, by=by, now=NOW, at=NOW))

    assert cells(cast, make, ["live", "revoked"], action) == table("x | office deputy reporter unit_head | live")["x"]
