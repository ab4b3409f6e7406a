"""Handing work on: who gets a part, until when, who decides about it, what becomes of it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from notifications.models import Notice
from records.models import AuditEvent
from tasks import extensions, lifecycle, permissions, reviewing
from tasks.errors import Refused
from tasks.handing import giving, rules
from tasks.handing.giving import PartInput, hand_on
from tasks.models import Assignment, Tally
from tasks.tallies import refresh
from tasks.today import build_today
from tests.factories import at, make_assignment, make_reporter, make_unit
from tests.tasks.together import DUE, NOW, give, make_district, report

pytestmark = pytest.mark.django_db
LATER = at("2024-04-06", "09:00")


def test_three_communes_get_a_part_each_with_the_words_and_a_day_of_their_own():
    district = make_district()

    parts = give(district)

    assert [(part.unit.name, part.role, part.depth, part.due_current, part.state) for part in parts] == [
        ("Đảng ủy xã 1", "part", 1, DUE, "assigned"),
        ("Đảng ủy xã 2", "part", 1, DUE, "assigned"),
        ("Đảng ủy xã 3", "part", 1, DUE, "assigned"),
    ]
    assert {part.part_words for part in parts} == {"Tuyên truyền trên loa, báo cáo số buổi."}
    assert [notice.title for notice in Notice.objects.filter(recipient=district.people[0])] == [
        "Huyện ủy Đắk Hà giao: việc 1a.1 Tuyên truyền, hạn 12/4/2024"
    ]
    assert AuditEvent.objects.filter(verb="assignment.handed_on").count() == 3


def test_new_work_that_is_handed_on_has_been_taken_note_of():
    district = make_district(state="assigned")

    give(district)

    assert Assignment.objects.get(pk=district.work.pk).state == "in_progress"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"due": date(2024, 4, 20)}, "Hạn 20/4/2024 sau hạn của Huyện ủy Đắk Hà (19/4/2024)"),
        ({"due": date(2024, 3, 31)}, "Hạn 31/3/2024 đã qua"),
        ({"words": "  "}, "Hãy ghi nội dung giao lại"),
        ({"words": "x" * 1001}, "dài 1001 ký tự"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words_and_nobody_gets_one(values, sentence):
    district = make_district()

    with pytest.raises(Refused) as refusal:
        give(district, **values)

    assert sentence in str(refusal.value)
    assert not Assignment.objects.filter(role="part").exists()


def test_a_unit_gets_one_part_of_the_same_work():
    district = make_district(1)
    give(district)

    with pytest.raises(Refused, match="đã có phần rồi"):
        give(district)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_assignment(district.story.task, district.communes[0], role="part", parent=district.work)


def test_a_unit_that_is_not_below_gets_a_part_only_knowingly_and_the_office_hears_of_it():
    district = make_district(0)
    ministry = make_unit("Sở Văn hóa, Thể thao và Du lịch", kind="state_body")

    with pytest.raises(Refused, match="không trực thuộc Huyện ủy Đắk Hà"):
        give(district, [ministry])
    (part,) = give(district, [ministry], across=True)

    assert part.unit == ministry
    assert AuditEvent.objects.get(verb="assignment.handed_across").target_id == part.pk
    assert [notice.kind for notice in Notice.objects.filter(recipient=district.story.office)] == ["handed_across"]


def test_work_is_handed_on_three_times_and_never_back_to_who_handed_it_on():
    district = make_district(1)
    people, units = [district.story.reporter, *district.people], [district.communes[0]]
    for number in (2, 3):
        units.append(make_unit(f"Đơn vị {number}", parent=units[-1]))
        people.append(make_reporter(units[-1]))
    work, depths = district.work, []
    for person, unit in zip(people, units, strict=False):
        (work,) = hand_on(work, [unit], PartInput("Làm tiếp."), by=person, now=NOW)
        depths.append(work.depth)

    with pytest.raises(Refused, match="đã qua 3 lần giao lại"):
        hand_on(work, [make_unit(parent=units[-1])], PartInput("Làm tiếp."), by=people[-1], now=NOW)
    first = Assignment.objects.get(unit=units[0], role="part")
    assert depths == [1, 2, 3]
    assert district.story.unit not in rules.receivers(first, today=date(2024, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=first.pk).update(parent=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=first.pk).update(depth=4)


def test_a_part_that_was_taken_back_can_be_given_again_with_its_history():
    district = make_district(1)
    (part,) = give(district)
    lifecycle.cancel(part, by=district.story.reporter, now=LATER, reason="Giao nhầm nội dung")

    (again,) = hand_on(
        district.work,
        district.communes,
        PartInput("Lập danh sách.", date(2024, 4, 15)),
        by=district.story.reporter,
        now=at("2024-04-08"),
    )

    assert (again.pk, again.state, again.part_words, again.due_current) == (
        part.pk,
        "assigned",
        "Lập danh sách.",
        date(2024, 4, 15),
    )
    assert [change.new_state for change in again.status_changes.all()] == ["assigned", "cancelled", "assigned"]


def test_who_handed_a_part_on_decides_about_it_and_nobody_of_another_unit_of_the_task_does():
    district = make_district(1)
    (part,) = give(district)
    lifecycle.acknowledge(part, by=district.people[0], now=NOW)
    story = district.story
    everybody = (story.reporter, story.stranger, story.office, district.people[0])

    assert [permissions.can_manage(person, part) for person in everybody] == [True, False, True, False]
    assert [permissions.can_nudge(person, part) for person in everybody] == [True, False, True, False]
    assert [permissions.can_review(person, part) for person in everybody] == [True, False, False, False]


def test_a_part_is_seen_by_its_unit_and_those_it_came_from_not_by_other_leads_of_the_task():
    district = make_district(0)
    far = make_unit("Sở Tài chính")
    person = make_reporter(far)
    (part,) = give(district, [far], across=True)
    sibling = make_unit("Sở Y tế")
    give(district, [sibling], across=True)

    seen = {
        name: set(Assignment.objects.visible_to(user).values_list("pk", flat=True)) & {part.pk, district.work.pk}
        for name, user in {
            "parent": district.story.reporter,
            "other lead": district.story.stranger,
            "part": person,
            "office": district.story.office,
        }.items()
    }

    assert seen == {
        "parent": {part.pk, district.work.pk},
        "other lead": set(),
        "part": {part.pk},
        "office": {part.pk, district.work.pk},
    }
    assert Assignment.objects.visible_to(person).count() == 1


def test_more_time_for_a_part_is_given_by_who_handed_it_on_and_not_past_its_own_day():
    district = make_district(1)
    (part,) = give(district)
    lifecycle.acknowledge(part, by=district.people[0], now=NOW)
    request = extensions.request_extension(
        part, by=district.people[0], now=LATER, new_due=date(2024, 4, 17), reason="Chờ hội nghị"
    )
    told = Notice.objects.get(recipient=district.story.reporter, kind="extension")

    with pytest.raises(Refused, match="sau hạn của Huyện ủy Đắk Hà"):
        extensions.decide_extension(
            request, by=district.story.reporter, now=LATER, approve=True, granted_due=date(2024, 4, 30)
        )
    extensions.decide_extension(
        request, by=district.story.reporter, now=LATER, approve=True, granted_due=date(2024, 4, 18)
    )

    assert told.url == f"/phan-viec/{district.work.pk}/cung-lam/"
    assert not Notice.objects.filter(recipient=district.story.office, kind="extension").exists()
    assert Assignment.objects.get(pk=part.pk).due_current == date(2024, 4, 18)


def test_what_a_parts_unit_asks_waits_for_who_handed_it_on_and_not_for_the_office():
    district = make_district(2)
    first, second = give(district)
    lifecycle.acknowledge(first, by=district.people[0], now=NOW)
    extensions.request_extension(
        first, by=district.people[0], now=LATER, new_due=date(2024, 4, 17), reason="Chờ hội nghị"
    )
    lifecycle.give_back(second, by=district.people[1], now=LATER, reason="Xã không có loa truyền thanh")

    page = build_today(district.story.office, today=date(2024, 4, 8))

    assert (page.extensions, page.given_back) == ([], [])
    assert {notice.kind for notice in Notice.objects.filter(recipient=district.story.reporter)} == {
        "extension",
        "given_back",
    }


def test_the_end_of_a_part_never_ends_the_work_it_belongs_to():
    district = make_district(1)
    (part,) = give(district)

    report(part, district.people[0], claims_completion=True, accept_by=district.story.reporter)

    assert Assignment.objects.get(pk=part.pk).state == "completed"
    assert Assignment.objects.get(pk=district.work.pk).state == "in_progress"


def test_parts_stand_in_no_tally_and_none_of_the_four_classes():
    district = make_district()
    give(district)
    today = date(2024, 4, 20)

    refresh(
        district.story.directive,
        unit_ids=[district.story.unit.pk, *(unit.pk for unit in district.communes)],
        task_ids=[district.story.task.pk],
        today=today,
    )

    assert Assignment.objects.counted().count() == 2
    assert Assignment.objects.overdue(today=today).count() == 2
    assert {row.unit: row.counted + row.outside for row in Tally.objects.filter(unit__isnull=False)} == {
        district.story.unit: 1,
        **dict.fromkeys(district.communes, 0),
    }


def test_when_the_work_is_accepted_the_unit_hears_that_parts_are_still_open_and_may_end_them():
    district = make_district(2)
    parts = give(district)
    section = report(district.work, district.story.reporter, claims_completion=True)

    reviewing.accept_section(section, by=district.story.office, now=LATER)
    told = Notice.objects.get(recipient=district.story.reporter, kind="parts_left")
    ended = giving.end_parts(district.work, by=district.story.reporter, now=LATER, reason="Việc của huyện đã xong")

    assert told.title == "Việc 1a.1 Tuyên truyền đã kết thúc, còn 2 phần đã giao lại chưa xong"
    assert ended == 2
    assert set(Assignment.objects.filter(pk__in=[part.pk for part in parts]).values_list("state", flat=True)) == {
        "cancelled"
    }
    assert Notice.objects.filter(recipient=district.people[0], kind="part_withdrawn").count() == 1


def test_a_part_is_neither_ended_without_a_reason_nor_by_somebody_of_its_own_unit():
    district = make_district(1)
    (part,) = give(district)

    with pytest.raises(Refused):
        giving.end_parts(district.work, by=district.story.reporter, now=LATER, reason=" ")
    with pytest.raises(Refused):
        lifecycle.cancel(part, by=district.people[0], now=LATER, reason="Không làm nữa")


def test_a_partner_is_a_name_once_and_leaves_the_list_with_who_and_when():
    district = make_district(0)
    story = district.story
    partner = giving.add_partner(district.work, "Hội  Người cao tuổi", "Mời hội viên dự", by=story.reporter, now=NOW)

    with pytest.raises(Refused, match="đã có trong danh sách"):
        giving.add_partner(district.work, "Hội Người cao tuổi", "Mời hội viên", by=story.reporter, now=NOW)
    giving.end_partner(partner, by=story.reporter, now=LATER)

    partner.refresh_from_db()
    assert (partner.name, partner.ended_by, partner.ended_at) == ("Hội Người cao tuổi", story.reporter, LATER)
    with pytest.raises(Refused):
        giving.end_partner(partner, by=story.reporter, now=LATER)
