"""State × role: what each may do; the same functions show buttons and guard POSTs."""

import pytest

from tasks import permissions
from tasks.extensions import request_extension
from tests.factories import at, make_assignment, make_membership, make_office, make_unit, make_user
from tests.tasks.story import make_story, send

pytestmark = pytest.mark.django_db
STATES = [
    "assigned",
    "in_progress",
    "returned_by_unit",
    "awaiting_unit_head",
    "submitted",
    "redo",
    "paused",
    "completed",
    "not_applicable",
    "cancelled",
]
WHO = ["office", "office_of_own_unit", "reporter", "head", "sibling", "reader", "administrator"]
# function → (states in which it is open, who then may)
TABLE = {
    "can_acknowledge": ({"assigned"}, {"reporter", "head", "office_of_own_unit"}),
    "can_give_back": ({"assigned"}, {"reporter", "head", "office_of_own_unit"}),
    "can_answer_given_back": ({"returned_by_unit"}, {"office"}),
    "can_request_extension": (
        {"assigned", "in_progress", "redo"},
        {"reporter", "head", "office_of_own_unit"},
    ),
    "can_manage": (set(STATES), {"office"}),
    "can_review": (set(STATES), {"office"}),
    "can_nudge": (
        {"assigned", "in_progress", "returned_by_unit", "awaiting_unit_head", "redo"},
        {"office"},
    ),
}


def make_person(story, who):
    if who == "office":
        return story.office
    if who in ("reporter", "sibling"):
        return story.reporter if who == "reporter" else story.stranger
    user = make_user(who)
    if who == "office_of_own_unit":
        make_membership(user, make_office(), "office")
        make_membership(user, story.unit, "reporter")
    if who == "head":
        make_membership(user, story.unit, "unit_head")
    if who == "reader":
        make_membership(user, make_unit("Thường trực"), "reader")
    if who == "administrator":
        make_membership(user, make_office(), "administrator")
    return user


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("function", sorted(TABLE))
def test_who_may_do_what_in_which_state(function, who):
    story = make_story()
    person = make_person(story, who)
    states, people = TABLE[function]

    answers = {}
    for state in STATES:
        story.assignment.state = state
        answers[state] = getattr(permissions, function)(person, story.assignment)

    expected = {state: state in states and who in people for state in STATES}
    assert answers == expected


def test_nobody_of_a_unit_decides_about_the_units_own_work():
    story = make_story(state="in_progress")
    both = make_person(story, "office_of_own_unit")
    section = send(story, claims_completion=True)
    request = request_extension(
        story.other_assignment,
        by=story.stranger,
        now=at("2024-04-10"),
        new_due=at("2024-04-26").date(),
        reason="Chờ các xã",
    )
    make_membership(both, story.other_unit, "reporter")

    answers = [
        permissions.can_decide_section(both, section),
        permissions.can_decide_extension(both, request),
        permissions.can_manage(both, story.assignment),
    ]

    assert answers == [False, False, False]


def test_the_offices_own_work_is_accepted_by_the_standing_committee():
    story = make_story()
    committee = make_unit("Thường trực Tỉnh ủy")
    reader = make_user("thuongtruc")
    make_membership(reader, committee, "reader")
    story.task.reviewing_unit = committee
    story.task.save()
    office_work = make_assignment(story.task, make_office())

    answers = [permissions.can_review(user, office_work) for user in (reader, story.office)]

    assert answers == [True, False]


def test_a_lead_accepts_contributions_and_the_office_does_not():
    story = make_story()
    part = make_assignment(story.task, make_unit("Hội Cựu chiến binh"), role="coordinating")

    answers = [permissions.can_review(user, part) for user in (story.reporter, story.office)]

    assert answers == [True, False]


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_directive_that_is_not_open_lets_nobody_act(state):
    story = make_story()
    story.directive.state = state
    story.assignment.directive = story.directive

    answers = [
        permissions.can_acknowledge(story.reporter, story.assignment),
        permissions.can_report(story.reporter, story.unit.pk, story.directive),
        permissions.can_manage(story.office, story.assignment),
        permissions.can_review(story.office, story.assignment),
    ]

    assert answers == [False, False, False, False]
