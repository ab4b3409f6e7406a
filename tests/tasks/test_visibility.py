"""Who sees what (design: seeing and doing), with rows that could leak always present."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from tasks.models import Assignment, Directive, ProgressReport, UnitReport
from tests.factories import (
    at,
    make_area,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story, send, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Two districts, a commune below the first, a draft beside the issued directive, all roles."""
    story = make_story(state="in_progress")
    make_directive(state="draft", short_title="Bản thảo")
    commune = make_unit("Đảng ủy xã Đắk Hring", parent=story.unit)
    below = make_assignment(make_task(story.directive, "1a.2"), commune)
    reader, admin, registrar, gone, future = (
        make_user(n) for n in ("thuongtruc", "quantri", "sotrian", "danghi", "chuaden")
    )
    make_membership(reader, make_unit("Thường trực"), "reader")
    make_membership(admin, make_office(), "administrator")
    make_membership(registrar, role="registrar", area=make_area())
    make_membership(gone, story.unit, "reporter", valid_to=date(2024, 1, 1))
    make_membership(future, story.unit, "reporter", valid_from=date(2199, 1, 1))
    inactive = make_reporter(story.unit, "dakhoa", is_active=False)
    return {
        "story": story,
        "below": below,
        "users": {
            "office": story.office,
            "reporter": story.reporter,
            "commune": make_reporter(commune, "dakhring"),
            "sibling": story.stranger,
            "reader": reader,
            "administrator": admin,
            "registrar": registrar,
            "ended": gone,
            "not_yet": future,
            "deactivated": inactive,
            "anonymous": AnonymousUser(),
        },
    }


DIRECTIVES_SEEN = {
    "office": 2,
    "reporter": 1,
    "commune": 1,
    "sibling": 1,
    "reader": 1,
    "registrar": 1,
    "administrator": 0,
    "ended": 0,
    "not_yet": 0,
    "deactivated": 0,
    "anonymous": 0,
}
ASSIGNMENTS_SEEN = {
    "office": {"own", "sibling", "below"},
    "reader": {"own", "sibling", "below"},
    "reporter": {"own", "below"},
    "commune": {"below"},
    "sibling": {"sibling"},
    "registrar": set(),
    "administrator": set(),
    "ended": set(),
    "not_yet": set(),
    "deactivated": set(),
    "anonymous": set(),
}


@pytest.mark.parametrize(("who", "count"), DIRECTIVES_SEEN.items())
def test_directives_seen_by_each_role(house, who, count):
    seen = Directive.objects.visible_to(house["users"][who])

    assert seen.count() == count


@pytest.mark.parametrize(("who", "names"), ASSIGNMENTS_SEEN.items())
def test_assignments_seen_by_each_role(house, who, names):
    story = house["story"]
    named = {
        story.assignment.pk: "own",
        story.other_assignment.pk: "sibling",
        house["below"].pk: "below",
    }

    seen = Assignment.objects.visible_to(house["users"][who])

    assert {named[pk] for pk in seen.values_list("pk", flat=True)} == names


@pytest.mark.parametrize(
    ("who", "sees_draft", "sees_sent"),
    [
        ("office", False, True),
        ("reader", False, True),
        ("reporter", True, True),
        ("commune", False, False),
        ("sibling", False, False),
        ("registrar", False, False),
        ("administrator", False, False),
        ("ended", False, False),
        ("deactivated", False, False),
        ("anonymous", False, False),
    ],
)
def test_a_draft_is_the_units_own_and_a_sent_report_goes_up(house, who, sees_draft, sees_sent):
    story, user = house["story"], house["users"][who]
    write(story, moment=at("2024-04-10"))
    draft = (UnitReport.objects.visible_to(user).exists(), ProgressReport.objects.visible_to(user).exists())

    send(story)
    sent = (UnitReport.objects.visible_to(user).exists(), ProgressReport.objects.visible_to(user).exists())

    assert draft == (sees_draft, sees_draft)
    assert sent == (sees_sent, sees_sent)


def test_the_unit_above_sees_what_a_unit_below_has_sent_but_not_its_draft(house):
    story, below = house["story"], house["below"]
    commune_story = make_commune_story(story, below)
    write(commune_story, moment=at("2024-04-10"))
    draft_seen = UnitReport.objects.visible_to(story.reporter).count()

    send(commune_story)

    assert draft_seen == 0
    assert UnitReport.objects.visible_to(story.reporter).count() == 1


def make_commune_story(story, assignment):
    reporter = make_reporter(assignment.unit, "xa2")
    return replace(story, unit=assignment.unit, assignment=assignment, reporter=reporter)


def test_the_lead_sees_coordinating_parts_and_coordinators_do_not_see_the_lead():
    story = make_story()
    part = make_assignment(story.task, make_unit("Hội Cựu chiến binh"), role="coordinating")
    helper = make_reporter(part.unit, "hccb")

    lead_sees = set(Assignment.objects.visible_to(story.reporter))
    helper_sees = set(Assignment.objects.visible_to(helper))

    assert lead_sees == {story.assignment, part}
    assert helper_sees == {part}


def test_a_monitor_sees_the_whole_of_its_task_and_nothing_else():
    story = make_story()
    make_assignment(make_task(story.directive, "1a.5"), story.unit)
    monitor_unit = make_unit("Ban Tuyên giáo")
    monitor = make_reporter(monitor_unit, "tuyengiao")
    story.task.monitors.add(monitor_unit)

    seen = set(Assignment.objects.visible_to(monitor))

    assert seen == {story.assignment, story.other_assignment}


def test_a_long_list_finds_the_rows_of_a_short_one_for_everybody(house):
    story, users = house["story"], house["users"]
    commune = house["below"].unit
    helper = make_assignment(story.task, make_unit("Hội Cựu chiến binh"), role="coordinating", state="in_progress")
    part = make_assignment(story.task, commune, role="part", parent=story.assignment, state="in_progress")
    further = make_assignment(story.task, make_unit("Chi bộ thôn 1"), role="part", parent=part, state="in_progress")
    watched = make_task(story.directive, "1a.6")
    watched.monitors.add(helper.unit)
    seen_by_monitor = make_assignment(watched, story.other_unit)
    reviewed = make_task(story.directive, "1a.7", reviewing_unit=make_unit("Ủy ban Kiểm tra"))
    seen_by_reviewer = make_assignment(reviewed, story.other_unit)
    make_assignment(reviewed, make_unit("Hội Nông dân"), role="coordinating")
    users |= {
        "helper": make_reporter(helper.unit, "hccb"),
        "last": make_reporter(further.unit, "thon1"),
        "reviewer": make_reporter(reviewed.reviewing_unit, "kiemtra"),
    }

    short = {name: set(Assignment.objects.visible_to(user)) for name, user in users.items()}
    long = {name: set(Assignment.objects.visible_to(user, many=True)) for name, user in users.items()}
    own = {name: set(Assignment.objects.visible_to(user, many=True, own=True)) for name, user in users.items()}

    assert long == short
    assert own["reporter"] == {story.assignment, house["below"], part}
    assert (own["helper"], own["last"], own["reviewer"]) == ({helper}, {further}, set())
    assert own["office"] == short["office"]
    assert all(own[name] <= short[name] for name in users)
    assert short["reporter"] == {story.assignment, house["below"], helper, part, further}
    assert short["helper"] == {helper, seen_by_monitor}
    assert short["last"] == {further}
    assert short["reviewer"] == {seen_by_reviewer}


def test_a_reviewing_unit_sees_the_lead_work_of_its_task_and_nothing_else():
    story = make_story()
    make_assignment(make_task(story.directive, "1a.5"), story.unit)
    make_assignment(story.task, make_unit("Hội Cựu chiến binh"), role="coordinating")
    reviewing_unit = make_unit("Ủy ban Kiểm tra")
    reviewer = make_reporter(reviewing_unit, "kiemtra")
    story.task.reviewing_unit = reviewing_unit
    story.task.save()

    seen = set(Assignment.objects.visible_to(reviewer))

    assert seen == {story.assignment, story.other_assignment}


def test_the_focal_point_of_the_office_sees_nothing_because_the_office_reviews():
    story = make_story()
    focal_point = make_reporter(story.directive.office, "daumoi")

    assert list(Assignment.objects.visible_to(focal_point)) == []
