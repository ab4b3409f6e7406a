"""Nobody of a unit judges the unit's own work: state × person × action, at the guards, in the services and on the pages."""

from datetime import date

import pytest
from django.urls import reverse

from directive_tracker import clock
from notifications.models import Notice
from tasks import extensions, issuing, lifecycle, permissions, reporting, reviewing
from tasks.enums import AssignmentRole, AssignmentState, ReportState, SectionState
from tasks.errors import Refused
from tasks.models import Assignment, ExtensionRequest, ProgressReport, UnitReport
from tests.factories import (
    at,
    make_assignment,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from tests.tasks.story import Story, make_story, send, write
from units.models import Deputation

pytestmark = pytest.mark.django_db

NOW = at("2024-04-10", "09:00")
STATES = [str(state) for state in AssignmentState]
# Everybody below belongs to the unit whose work it is, whatever else they are.
OWN_PEOPLE = [
    "reporter",
    "head",
    "office_and_reporter",
    "office_and_head",
    "reader_and_reporter",
    "monitor_and_reporter",
    "reporter_acting_for_office",
    "office_standing_in_for_reporter",
]
# Nobody of these may judge either, though they do not belong to the unit.
STRANGERS = [
    "sibling",
    "administrator",
    "administrator_of_office_and_sibling",
    "reader",
    "registrar",
    "deactivated_office",
]
GUARDS = ["can_answer_given_back", "can_manage", "can_review", "can_nudge"]


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: NOW.date())
    monkeypatch.setattr(clock, "now", lambda: NOW)


def deputation(deputy, principal) -> None:
    Deputation.objects.create(
        deputy=deputy,
        principal=principal,
        valid_from=date(2024, 4, 1),
        valid_to=date(2024, 4, 30),
        reason="Đi công tác",
        made_by=principal,
        made_at=NOW,
    )


def person(story: Story, who: str):
    """One of the people above, with the memberships the name says."""
    known = {"reporter": story.reporter, "sibling": story.stranger, "office": story.office}
    if who in known:
        return known[who]
    user = make_user(who.replace("_", ""), is_active=who != "deactivated_office")
    roles = {
        "head": [("unit_head", story.unit)],
        "office_and_reporter": [("office", None), ("reporter", story.unit)],
        "office_and_head": [("office", None), ("unit_head", story.unit)],
        "reader_and_reporter": [("reader", make_office()), ("reporter", story.unit)],
        "monitor_and_reporter": [("reporter", story.unit)],
        "reporter_acting_for_office": [("reporter", story.unit)],
        "office_standing_in_for_reporter": [("office", None)],
        "administrator": [("administrator", make_office())],
        "administrator_of_office_and_sibling": [("administrator", make_office()), ("reporter", story.other_unit)],
        "deactivated_office": [("office", None)],
        "reader": [("reader", make_unit("Thường trực Tỉnh ủy"))],
        "registrar": [],
    }
    for role, unit in roles[who]:
        make_membership(user, unit or make_office(), role)
    if who == "monitor_and_reporter":
        story.task.monitors.add(story.unit)
    if who == "reporter_acting_for_office":
        deputation(user, story.office)
        user.acting_for = story.office
    if who == "office_standing_in_for_reporter":
        deputation(user, story.reporter)
    return user


# --- guards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OWN_PEOPLE)
def test_no_guard_opens_for_whoever_belongs_to_the_unit(who):
    story = make_story()
    user = person(story, who)

    open_ = []
    for state in STATES:
        story.assignment.state = state
        open_ += [(state, name) for name in GUARDS if getattr(permissions, name)(user, story.assignment)]

    assert open_ == []


@pytest.mark.parametrize("who", STRANGERS)
def test_no_guard_opens_for_whoever_has_no_say(who):
    story = make_story()
    user = person(story, who)

    open_ = []
    for state in STATES:
        story.assignment.state = state
        open_ += [(state, name) for name in GUARDS if getattr(permissions, name)(user, story.assignment)]

    assert open_ == []


@pytest.mark.parametrize("who", ["office", "office_and_sibling_reporter", "sibling_acting_for_office"])
def test_who_has_nothing_to_do_with_the_unit_may_judge(who):
    story = make_story()
    user = story.office if who == "office" else make_user(who.replace("_", ""))
    if who == "office_and_sibling_reporter":
        make_membership(user, make_office(), "office")
    if who != "office":
        make_membership(user, story.other_unit, "reporter")
    if who == "sibling_acting_for_office":
        deputation(user, story.office)
        user.acting_for = story.office

    assert [permissions.can_manage(user, story.assignment), permissions.can_review(user, story.assignment)] == [
        True,
        True,
    ]


# --- services -------------------------------------------------------------------------------------

R = "Căn cứ đã nêu"
# name → (state the work is in, what is done, state it is in afterwards)
VERBS = {
    "keep": ("returned_by_unit", lambda a, by: lifecycle.keep(a, by=by, now=NOW, reason=R), "assigned"),
    "cancel": ("in_progress", lambda a, by: lifecycle.cancel(a, by=by, now=NOW, reason=R), "cancelled"),
    "pause": ("in_progress", lambda a, by: lifecycle.pause(a, by=by, now=NOW, reason=R), "paused"),
    "resume": ("paused", lambda a, by: lifecycle.resume(a, by=by, now=NOW), "in_progress"),
    "not_applicable": (
        "in_progress",
        lambda a, by: lifecycle.mark_not_applicable(a, by=by, now=NOW, reason=R),
        "not_applicable",
    ),
    "reopen": ("completed", lambda a, by: lifecycle.reopen(a, by=by, now=NOW, reason=R), "redo"),
    "nudge": ("in_progress", lambda a, by: lifecycle.nudge(a, by=by, now=NOW, message=R), "in_progress"),
}


@pytest.mark.parametrize("who", OWN_PEOPLE)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_no_service_judges_the_own_units_work(verb, who):
    state, act, _ = VERBS[verb]
    story = make_story(state=state)
    user = person(story, who)

    with pytest.raises(Refused, match="tự quyết định việc của chính đơn vị mình"):
        act(story.assignment, user)

    story.assignment.refresh_from_db()
    assert (story.assignment.state, story.assignment.nudges.count()) == (state, 0)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_service_works_for_the_office(verb):
    state, act, after = VERBS[verb]
    story = make_story(state=state)

    act(story.assignment, story.office)

    story.assignment.refresh_from_db()
    assert story.assignment.state == after


@pytest.mark.parametrize("who", OWN_PEOPLE)
def test_nobody_of_the_unit_decides_about_its_report(who):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    user = person(story, who)

    for decide in (
        lambda: reviewing.accept_section(section, by=user, now=NOW),
        lambda: reviewing.return_section(section, by=user, now=NOW, reason=R),
        lambda: reviewing.accept_sections([section], by=user, now=NOW),
    ):
        with pytest.raises(Refused, match="tự quyết định"):
            decide()

    section.refresh_from_db()
    assert (permissions.can_decide_section(user, section), section.state) == (False, SectionState.SUBMITTED)


@pytest.mark.parametrize("who", OWN_PEOPLE)
@pytest.mark.parametrize("approve", [True, False])
def test_nobody_of_the_unit_decides_about_its_extension(who, approve):
    story = make_story(state="in_progress")
    request = extensions.request_extension(
        story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason=R
    )
    user = person(story, who)

    with pytest.raises(Refused, match="tự quyết định"):
        extensions.decide_extension(request, by=user, now=NOW, approve=approve, reason=R)

    story.assignment.refresh_from_db()
    assert permissions.can_decide_extension(user, request) is False
    assert (ExtensionRequest.objects.get().state, story.assignment.due_current) == ("pending", date(2024, 4, 19))


@pytest.mark.parametrize("who", OWN_PEOPLE)
@pytest.mark.parametrize("applies", [True, False])
def test_nobody_of_a_unit_decides_a_condition_its_work_hangs_on(who, applies):
    story = make_story()
    story.task.condition_state, story.task.condition_text = "undecided", "nếu có điểm cầu"
    story.task.save()
    user = person(story, who)

    with pytest.raises(Refused, match="tự quyết định"):
        lifecycle.decide_condition(story.task, applies=applies, by=user, now=NOW, reason=R)

    story.task.refresh_from_db()
    assert (permissions.can_decide_condition(user, story.task), story.task.condition_state) == (False, "undecided")
    assert permissions.can_decide_condition(story.office, story.task)


def test_all_or_none_when_one_section_of_many_is_the_own_units():
    story = make_story(state="in_progress")
    mine = send(story, claims_completion=True)
    other = Story(
        **{**vars(story), "unit": story.other_unit, "assignment": story.other_assignment, "reporter": story.stranger}
    )
    theirs = send(other, claims_completion=True)
    user = person(story, "office_and_reporter")

    with pytest.raises(Refused):
        reviewing.accept_sections([theirs, mine], by=user, now=NOW)

    assert set(ProgressReport.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_lead_accepts_contributions_but_not_those_of_an_own_unit():
    story = make_story(state="in_progress")
    part = make_assignment(story.task, make_unit("Hội Cựu chiến binh"), role="coordinating", state="in_progress")
    helper = Story(
        **{**vars(story), "unit": part.unit, "assignment": part, "reporter": make_reporter(part.unit, "hccb")}
    )
    section = send(helper)
    both = make_user("haivai")
    make_membership(both, story.unit, "reporter")
    make_membership(both, part.unit, "reporter")

    assert [permissions.can_decide_section(user, section) for user in (story.reporter, both)] == [True, False]
    with pytest.raises(Refused):
        reviewing.accept_section(section, by=both, now=NOW)
    reviewing.accept_section(section, by=story.reporter, now=NOW)
    assert ProgressReport.objects.get().state == "accepted"


def test_a_part_handed_on_is_accepted_by_the_unit_that_handed_it_on():
    story = make_story()
    part = make_assignment(
        story.task, make_unit("Đảng ủy xã"), role=AssignmentRole.PART, parent=story.assignment, state="in_progress"
    )

    assert [permissions.can_review(user, part) for user in (story.reporter, story.stranger, story.office)] == [
        True,
        False,
        False,
    ]


def test_the_head_lets_the_own_units_report_go_to_the_office():
    story = make_story(state="in_progress")
    story.unit.needs_head_approval = True
    story.unit.save()
    report = write(story, moment=NOW)
    reporting.submit(report, by=story.reporter, now=NOW)
    head = person(story, "head")

    assert permissions.can_approve_as_head(head, report)
    reporting.approve_by_head(report, by=head, now=NOW)
    assert UnitReport.objects.get().state == ReportState.SUBMITTED


def test_a_unit_that_reviews_a_task_is_not_given_it():
    story = make_story()

    with pytest.raises(Refused, match="không thể tự xem xét"):
        issuing.add_assignment(story.task, make_office(), AssignmentRole.LEAD, by=story.office, now=NOW)


# --- pages ----------------------------------------------------------------------------------------


def status(client, user, url: str, **data) -> int:
    client.force_login(user)
    return client.post(url, data).status_code


@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("who", ["office_and_reporter", "office_and_head", "office_standing_in_for_reporter"])
def test_the_pages_do_not_let_the_office_act_on_the_own_units_work(client, verb, who):
    state, _, _ = VERBS[verb]
    story = make_story(state=state)
    user = person(story, who)
    url = reverse("tasks:assignment_action", args=[story.assignment.pk, verb])

    assert [status(client, user, url, reason=R, message=R), client.get(url).status_code] == [403, 403]
    assert Assignment.objects.get(pk=story.assignment.pk).state == state


def test_the_button_for_everything_takes_nothing_of_the_own_unit(client):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)
    user = person(story, "office_and_reporter")
    url = section.unit_report.get_review_url()

    answers = [
        status(client, user, url, decision="accept_all"),
        status(client, user, url, decision="accept", section=section.pk),
        status(client, user, url, decision="return", section=section.pk),
    ]

    assert answers == [403, 403, 403]
    assert ProgressReport.objects.get().state == "submitted"


def test_the_own_units_extension_and_condition_are_for_colleagues(client):
    story = make_story(state="in_progress")
    story.task.condition_state, story.task.condition_text = "undecided", "nếu có điểm cầu"
    story.task.save()
    request = extensions.request_extension(
        story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason=R
    )
    user = person(story, "office_and_reporter")

    assert status(client, user, reverse("tasks:extension_decide", args=[request.pk]), decision="approve") == 403
    assert status(client, user, reverse("tasks:condition_decide", args=[story.task.pk]), applies="no", reason=R) == 403


def test_the_day_asks_nobody_about_the_own_units_work(client):
    story = make_story(state="in_progress")
    user = person(story, "office_and_reporter")
    extensions.request_extension(story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason=R)
    send(story)
    page = {}
    for who in (user, story.office):
        client.force_login(who)
        found = client.get(reverse("tasks:today")).context["page"]
        page[who] = (found.report_count, len(found.extensions), found.decisions)

    assert page == {user: (0, 0, 0), story.office: (1, 1, 2)}
    # Nor are they told that something waits for them: two matters, one colleague.
    assert list(Notice.objects.filter(kind__in=["extension", "report"]).values_list("recipient", flat=True)) == [
        story.office.pk,
        story.office.pk,
    ]


# --- the office's own work ------------------------------------------------------------------------


@pytest.fixture
def office_story():
    """Văn phòng leads a task that Thường trực reviews; its focal point reports."""
    story = make_story()
    office = make_office()
    committee = make_unit("Thường trực Tỉnh ủy")
    reader = make_user("thuongtruc")
    make_membership(reader, committee, "reader")
    story.task.reviewing_unit = committee
    story.task.save()
    story.unit, story.assignment = office, make_assignment(story.task, office, state="in_progress")
    story.reporter = make_reporter(office, "dauMoiVp")
    story.stranger = reader
    return story


def test_the_offices_own_report_is_told_to_and_accepted_by_the_standing_committee(client, office_story):
    story, reader = office_story, office_story.stranger
    section = send(story, claims_completion=True)
    url = section.unit_report.get_review_url()

    assert list(Notice.objects.filter(kind="report").values_list("recipient", "url")) == [(reader.pk, url)]
    assert status(client, story.office, url, decision="accept_all") == 403
    assert status(client, story.reporter, url, decision="accept", section=section.pk) == 403
    assert status(client, reader, url, decision="accept", section=section.pk, seen=f"{section.pk}-1") == 302
    story.assignment.refresh_from_db()
    assert (story.assignment.state, story.assignment.completed_on) == ("completed", date(2024, 4, 10))


def test_the_offices_own_time_and_state_are_the_standing_committees(client, office_story):
    story, reader = office_story, office_story.stranger
    request = extensions.request_extension(
        story.assignment, by=story.reporter, now=NOW, new_due=date(2024, 4, 26), reason=R
    )
    extend = reverse("tasks:extension_decide", args=[request.pk])
    pause = reverse("tasks:assignment_action", args=[story.assignment.pk, "pause"])

    assert [status(client, story.office, url, decision="approve", reason=R) for url in (extend, pause)] == [403, 403]
    assert [status(client, reader, url, decision="approve", reason=R) for url in (extend, pause)] == [302, 302]
    story.assignment.refresh_from_db()
    assert (story.assignment.state, story.assignment.due_current) == ("paused", date(2024, 4, 26))


def test_a_reader_has_no_say_about_the_units(client, office_story):
    story, reader = office_story, office_story.stranger

    assert [
        permissions.can_manage(reader, story.other_assignment),
        permissions.can_manage(story.office, story.other_assignment),
    ] == [
        False,
        True,
    ]


def test_a_condition_the_offices_work_hangs_on_is_decided_by_the_standing_committee(client, office_story):
    story, reader = office_story, office_story.stranger
    story.task.condition_state, story.task.condition_text = "undecided", "nếu có điểm cầu"
    story.task.save()
    url = reverse("tasks:condition_decide", args=[story.task.pk])

    assert status(client, story.office, url, applies="no", reason=R) == 403
    assert status(client, reader, url, applies="no", reason=R) == 302
    story.task.refresh_from_db()
    assert (story.task.condition_state, story.task.condition_decided_by) == ("not_applies", reader)


def test_who_only_holds_another_desk_of_the_office_does_not_review():
    story = make_story()
    users = [make_reporter(make_office(), "dauMoiVp"), make_user("quantri2")]
    make_membership(users[1], make_office(), "administrator")
    make_membership(users[1], story.other_unit, "reporter")

    assert [permissions.can_review(user, story.assignment) for user in [*users, make_office_user("vp2")]] == [
        False,
        False,
        True,
    ]


# --- the administration ---------------------------------------------------------------------------


def test_the_administration_only_shows_the_tasks(client):
    story = make_story()
    client.force_login(story.office)

    for name, pk in (
        ("directive", story.directive.pk),
        ("directivetask", story.task.pk),
        ("assignment", story.assignment.pk),
    ):
        assert client.get(f"/quan-tri/tasks/{name}/add/").status_code == 403
        assert client.post(f"/quan-tri/tasks/{name}/{pk}/change/", {"state": "completed"}).status_code == 403
        assert client.post(f"/quan-tri/tasks/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403
