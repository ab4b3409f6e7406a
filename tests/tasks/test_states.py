"""Who may do what in which state: every action × state × person, and what is not listed is refused.

A cell is asked for real: the guard that shows the button and stops the POST first, then the service itself, in a
transaction that is rolled back. "Done" is both; a guard that lets somebody through whom the service refuses by the
state is no act either.
"""

from datetime import date

import pytest

from directive_tracker import clock
from tasks import lifecycle, permissions, reporting, reviewing
from tasks.asking import service as asking
from tasks.enums import AssignmentState, ExtensionState, QuestionKind, ReportState, SectionState
from tasks.extensions import decide_extension, permit_extension, request_extension, withdraw_extension
from tasks.models import ExtensionRequest, ProgressReport, UnitQuestion, UnitReport
from tasks.rounds.recalling import recall, take_from_head
from tests.tasks.states import NOW, TODAY, Cast, cells, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Cast()


# --- the unit's work -----------------------------------------------------------------------------------

WORDS = "Theo ý kiến đã thống nhất"
P = permissions
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
    "propose a day": (
        lambda user, a: P.can_ask(user, a, QuestionKind.OTHER_DUE),
        lambda a, by: asking.propose_due(a, by=by, now=NOW, day=date(2024, 4, 26), reason=WORDS),
    ),
    "ask for time": (
        P.can_request_extension,
        lambda a, by: request_extension(a, by=by, now=NOW, new_due=date(2024, 4, 26), reason=WORDS),
    ),
    "keep": (P.can_answer_given_back, lambda a, by: lifecycle.keep(a, by=by, now=NOW, reason=WORDS)),
    "cancel": (P.can_manage, lambda a, by: lifecycle.cancel(a, by=by, now=NOW, reason=WORDS)),
    "not applicable": (P.can_manage, lambda a, by: lifecycle.mark_not_applicable(a, by=by, now=NOW, reason=WORDS)),
    "pause": (P.can_manage, lambda a, by: lifecycle.pause(a, by=by, now=NOW, reason=WORDS)),
    "resume": (P.can_manage, lambda a, by: lifecycle.resume(a, by=by, now=NOW)),
    "reopen": (P.can_manage, lambda a, by: lifecycle.reopen(a, by=by, now=NOW, reason=WORDS)),
    "nudge": (P.can_nudge, lambda a, by: lifecycle.nudge(a, by=by, now=NOW, message=WORDS)),
}
OPEN_AND_PAUSED = "assigned in_progress returned_by_unit awaiting_unit_head submitted redo paused"
WORK = table(f"""
acknowledge    | reporter unit_head    | assigned
not ours       | reporter unit_head    | assigned
ask            | reporter unit_head    | assigned in_progress redo
propose a day  | reporter unit_head    | assigned in_progress
ask for time   | reporter unit_head    | assigned in_progress redo
keep           | office deputy         | returned_by_unit
cancel         | office deputy         | {OPEN_AND_PAUSED}
not applicable | office deputy         | {OPEN_AND_PAUSED}
pause          | office deputy         | assigned in_progress redo
resume         | office deputy         | paused
reopen         | office deputy         | completed not_applicable
nudge          | office deputy monitor | assigned in_progress returned_by_unit awaiting_unit_head redo
""")


@pytest.mark.parametrize("action", sorted(ON_WORK))
def test_who_may_do_what_to_a_units_work_in_which_state(cast, action):
    assert cells(cast, cast.assignment, AssignmentState, ON_WORK[action]) == WORK[action]


def test_only_who_decides_lets_a_late_unit_ask_and_only_while_the_work_is_in_its_hands(cast):
    permit = (
        lambda user, a: P.can_permit_extension(user, a, today=TODAY),
        lambda a, by: permit_extension(a, by=by, now=NOW, reason=WORDS, until=date(2024, 4, 1)),
    )

    found = cells(cast, lambda state: cast.assignment(state, due=date(2024, 3, 22)), AssignmentState, permit)

    assert found == table("permit | office deputy | assigned in_progress redo")["permit"]


# --- reports and their sections ------------------------------------------------------------------------

ON_SECTION = {
    "accept": (P.can_decide_section, lambda s, by: reviewing.accept_section(s, by=by, now=NOW)),
    "return": (P.can_decide_section, lambda s, by: reviewing.return_section(s, by=by, now=NOW, reason=WORDS)),
    "take back": (
        lambda user, s: P.can_recall(user, s.unit_report),
        lambda s, by: recall(s.unit_report, by=by, now=NOW, sections=[s]),
    ),
}
SECTIONS = table("""
accept    | office deputy      | submitted
return    | office deputy      | submitted
take back | reporter unit_head | submitted
""")


@pytest.mark.parametrize("action", sorted(ON_SECTION))
def test_who_may_do_what_to_a_section_in_which_state(cast, action):
    def make(state: str) -> ProgressReport:
        return cast.section(cast.report(ReportState.SUBMITTED), state)

    assert cells(cast, make, SectionState, ON_SECTION[action]) == SECTIONS[action]


ON_REPORT = {
    "send": (P.can_edit_report, lambda r, by: reporting.submit(r, by=by, now=NOW)),
    "approve": (P.can_approve_as_head, lambda r, by: reporting.approve_by_head(r, by=by, now=NOW)),
    "send back": (P.can_approve_as_head, lambda r, by: reporting.return_by_head(r, by=by, now=NOW, reason=WORDS)),
    "take from the head": (P.can_take_from_head, lambda r, by: take_from_head(r, by=by, now=NOW)),
    "take back": (P.can_recall, lambda r, by: recall(r, by=by, now=NOW)),
}
REPORTS = table("""
send               | reporter unit_head | draft returned recalled
approve            | unit_head          | awaiting_unit_head
send back          | unit_head          | awaiting_unit_head
take from the head | reporter unit_head | awaiting_unit_head
take back          | reporter unit_head | submitted
""")
SECTION_OF = {
    ReportState.DRAFT: SectionState.DRAFT,
    ReportState.AWAITING_UNIT_HEAD: SectionState.DRAFT,
    ReportState.SUBMITTED: SectionState.SUBMITTED,
    ReportState.RETURNED: SectionState.RETURNED,
    ReportState.RECALLED: SectionState.RECALLED,
    ReportState.DECIDED: SectionState.ACCEPTED,
}


@pytest.mark.parametrize("action", sorted(ON_REPORT))
def test_who_may_do_what_to_a_report_in_which_state(cast, action):
    def make(state: str) -> UnitReport:
        report = cast.report(state)
        cast.section(report, SECTION_OF[state])
        return report

    assert cells(cast, make, ReportState, ON_REPORT[action]) == REPORTS[action]


# --- requests and questions ----------------------------------------------------------------------------

ON_REQUEST = {
    "grant": (P.can_decide_extension, lambda r, by: decide_extension(r, by=by, now=NOW, approve=True)),
    "refuse": (P.can_decide_extension, lambda r, by: decide_extension(r, by=by, now=NOW, approve=False, reason=WORDS)),
    "take back": (P.can_withdraw_extension, lambda r, by: withdraw_extension(r, by=by, now=NOW)),
}
REQUESTS = table("""
grant     | office deputy      | pending
refuse    | office deputy      | pending
take back | reporter unit_head | pending
""")


@pytest.mark.parametrize("action", sorted(ON_REQUEST))
def test_who_may_do_what_to_a_request_for_time_in_which_state(cast, action):
    def make(state: str) -> ExtensionRequest:
        decided = {"decided_by": cast.story.office, "decided_at": NOW} if state != ExtensionState.PENDING else {}
        return ExtensionRequest.objects.create(
            assignment=cast.assignment("in_progress"),
            old_due=date(2024, 4, 19),
            requested_due=date(2024, 4, 26),
            granted_due=date(2024, 4, 26) if state == ExtensionState.APPROVED else None,
            reason=WORDS,
            requested_by=cast.story.reporter,
            requested_at=NOW,
            state=state,
            **decided,
        )

    assert cells(cast, make, ExtensionState, ON_REQUEST[action]) == REQUESTS[action]


ANSWERS = {
    "keep not_ours": lambda q, by: asking.keep(q, by=by, now=NOW, words=WORDS),
    "cancel not_ours": lambda q, by: asking.cancel(q, by=by, now=NOW, words=WORDS),
    "explain unclear": lambda q, by: asking.explain(q, by=by, now=NOW, words=WORDS),
    "agree other_due": lambda q, by: asking.agree(q, by=by, now=NOW),
    "set_another other_due": lambda q, by: asking.set_another(q, date(2024, 4, 23), by=by, now=NOW, words=WORDS),
}


@pytest.mark.parametrize("action", [*ANSWERS, "withdraw not_ours", "withdraw unclear", "withdraw other_due"])
def test_a_question_is_answered_by_who_decides_and_taken_back_by_who_asked_while_it_is_open(cast, action):
    verb, kind = action.split()

    def make(state: str) -> UnitQuestion:
        answered = {"answered_by": cast.story.office, "answered_at": NOW} if state == "kept" else {}
        return UnitQuestion.objects.create(
            assignment=cast.assignment("returned_by_unit" if kind == "not_ours" else "in_progress"),
            kind=kind,
            words=WORDS,
            due_version=1,
            old_due=date(2024, 4, 19),
            proposed_due=date(2024, 4, 26) if kind == "other_due" else None,
            asked_by=cast.story.reporter,
            asked_at=NOW,
            state=state,
            **answered,
        )

    withdraws = verb == "withdraw"
    guard = P.can_withdraw_question if withdraws else P.can_answer
    act = (lambda q, by: asking.withdraw(q, by=by, now=NOW)) if withdraws else ANSWERS[action]
    expected = "reporter unit_head" if withdraws else "office deputy"

    assert cells(cast, make, ["open", "kept"], (guard, act)) == table(f"x | {expected} | open")["x"]


def test_a_closed_directive_takes_no_act_of_anybody(cast):
    cast.story.directive.state, cast.story.directive.closed_on = "closed", TODAY
    cast.story.directive.save()

    for action in ON_WORK.values():
        assert cells(cast, cast.assignment, ["assigned", "in_progress", "paused", "completed"], action) == {}
