"""More time: asked once at a time, decided once, and the date moves only on approval."""

from datetime import date

import pytest
from django.test import Client

from directive_tracker import clock
from tasks import tallies
from tasks.errors import Refused
from tasks.extensions import decide_extension, permit_extension, request_extension, withdraw_extension
from tasks.models import Assignment, ExtensionPermit, ExtensionRequest
from tests.factories import at, make_assignment, make_membership, make_task, make_unit
from tests.tasks.story import make_story

pytestmark = pytest.mark.django_db
NOW = at("2024-03-25", "09:00")


def ask(story, new_due=date(2024, 4, 26), reason="Chờ tổng hợp từ các xã"):
    return request_extension(story.assignment, by=story.reporter, now=NOW, new_due=new_due, reason=reason)


def test_approval_moves_the_current_date_keeps_the_original_and_says_why():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story, date(2024, 4, 19))

    decide_extension(request, by=story.office, now=NOW, approve=True)

    saved = Assignment.objects.get(pk=story.assignment.pk)
    change = saved.due_changes.get()
    assert (saved.due_original, saved.due_current, saved.due_source, saved.due_version) == (
        date(2024, 3, 29),
        date(2024, 4, 19),
        "extended",
        2,
    )
    assert change.reason == "Gia hạn theo đề nghị: Chờ tổng hợp từ các xã"


def test_the_office_may_grant_another_date():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story, date(2024, 4, 30))

    decide_extension(request, by=story.office, now=NOW, approve=True, granted_due=date(2024, 4, 12))

    assert Assignment.objects.get(pk=story.assignment.pk).due_current == date(2024, 4, 12)


def test_a_refusal_needs_a_reason_and_moves_nothing():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story)

    with pytest.raises(Refused):
        decide_extension(request, by=story.office, now=NOW, approve=False)
    decide_extension(request, by=story.office, now=NOW, approve=False, reason="Việc cần đúng hạn")

    assert Assignment.objects.get(pk=story.assignment.pk).due_current == date(2024, 3, 29)
    assert ExtensionRequest.objects.get().state == "refused"


def test_only_one_request_waits_at_a_time():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    ask(story)

    with pytest.raises(Refused) as refusal:
        ask(story, date(2024, 5, 3))

    assert str(refusal.value) == "Phần việc đã có một đề nghị gia hạn đang chờ quyết định."
    assert ExtensionRequest.objects.count() == 1


def test_a_request_is_decided_once():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story)
    stale = ExtensionRequest.objects.select_related("assignment").get(pk=request.pk)
    decide_extension(request, by=story.office, now=NOW, approve=True)

    with pytest.raises(Refused):
        decide_extension(stale, by=story.office, now=NOW, approve=False, reason="Không đồng ý")

    assert ExtensionRequest.objects.get().state == "approved"


@pytest.mark.parametrize(
    ("state", "due", "new_due", "reason"),
    [
        ("in_progress", date(2024, 3, 29), date(2024, 3, 29), "Cùng ngày thì không phải gia hạn"),
        ("in_progress", date(2024, 3, 29), date(2024, 3, 28), "Sớm hơn hạn"),
        ("in_progress", date(2024, 3, 1), date(2024, 3, 20), "Ngày đã qua"),
        ("in_progress", None, date(2024, 4, 19), "Không có thời hạn"),
        ("submitted", date(2024, 3, 29), date(2024, 4, 19), "Đang chờ xác nhận"),
        ("completed", date(2024, 3, 29), date(2024, 4, 19), "Đã xong"),
        ("in_progress", date(2024, 3, 29), date(2024, 4, 19), "  "),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(state, due, new_due, reason):
    story = make_story(state=state, due=due)

    with pytest.raises(Refused):
        ask(story, new_due, reason)

    assert ExtensionRequest.objects.count() == 0


# --- after the due day --------------------------------------------------------------------------------

LATE = {"state": "in_progress", "due": date(2024, 3, 22)}


def permit(story, *, until=date(2024, 3, 29), now=NOW):
    return permit_extension(story.assignment, by=story.office, now=now, reason="Mưa lũ kéo dài", until=until)


def test_after_the_due_day_the_office_has_to_let_the_unit_ask():
    story = make_story(**LATE)

    with pytest.raises(Refused) as refusal:
        ask(story)
    permit(story)
    request = ask(story)

    assert str(refusal.value) == (
        "Đã quá hạn nên chưa xin gia hạn được. Xin gọi Văn phòng để được cho phép xin sau hạn, hoặc ghi lý do chậm và "
        "ngày dự kiến xong."
    )
    assert ExtensionPermit.objects.get().used_by == request


def test_on_the_due_day_itself_the_unit_asks_without_a_permit():
    story = make_story(state="in_progress", due=date(2024, 3, 25))

    assert ask(story).state == "pending"


def test_a_permit_serves_one_request():
    story = make_story(**LATE)
    permit(story)
    decide_extension(ask(story), by=story.office, now=NOW, approve=False, reason="Cần đúng hạn")

    with pytest.raises(Refused):
        ask(story)

    assert ExtensionRequest.objects.count() == 1


def test_a_permit_ends_with_its_day():
    story = make_story(**LATE)
    permit(story, until=date(2024, 3, 26))

    with pytest.raises(Refused):
        request_extension(
            story.assignment,
            by=story.reporter,
            now=at("2024-03-27", "00:10"),
            new_due=date(2024, 4, 26),
            reason="Chờ các xã",
        )


def test_a_new_permit_ends_the_one_before():
    story = make_story(**LATE)
    first = permit(story)
    second = permit(story, until=date(2024, 4, 5), now=at("2024-03-26"))

    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (at("2024-03-26"), None)


@pytest.mark.parametrize(
    ("values", "until"),
    [
        ({"state": "in_progress", "due": date(2024, 4, 19)}, date(2024, 4, 1)),
        ({"state": "completed", "due": date(2024, 3, 1)}, date(2024, 4, 1)),
        (LATE, date(2024, 3, 24)),
    ],
)
def test_a_permit_that_makes_no_sense_is_refused(values, until):
    story = make_story(**values)

    with pytest.raises(Refused):
        permit(story, until=until)

    assert ExtensionPermit.objects.count() == 0


def test_nobody_of_the_unit_lets_it_ask():
    story = make_story(**LATE)
    make_membership(story.office, story.unit, "reporter")
    story.office = type(story.office).objects.get(pk=story.office.pk)

    with pytest.raises(Refused):
        permit(story)


# --- how often, taking back, stale pages ---------------------------------------------------------------


def test_each_time_that_was_granted_is_counted_and_shown_in_list_assignment_and_unit_page(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    for day in (date(2024, 4, 5), date(2024, 4, 12)):
        decide_extension(ask(story, day), by=story.office, now=NOW, approve=True)
    decide_extension(ask(story, date(2024, 4, 19)), by=story.office, now=NOW, approve=False, reason="Thôi")
    office, unit = Client(), Client()
    office.force_login(story.office)
    unit.force_login(story.reporter)

    pages = [
        office.get("/phan-viec/").content.decode(),
        office.get(story.assignment.get_absolute_url()).content.decode(),
        unit.get("/don-vi/").content.decode(),
    ]

    assert Assignment.objects.get(pk=story.assignment.pk).extended_times == 2
    assert ["gia hạn 2 lần" in page for page in pages] == [True, True, True]


def test_the_unit_takes_its_request_back_and_may_ask_again():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story)

    withdraw_extension(request, by=story.reporter, now=at("2024-03-25", "10:00"))

    assert ExtensionRequest.objects.get().state == "withdrawn"
    assert Assignment.objects.get(pk=story.assignment.pk).due_current == date(2024, 3, 29)
    assert ask(story).state == "pending"


def test_who_decides_on_an_old_page_is_told_who_did_what_when():
    story = make_story(state="in_progress", due=date(2024, 3, 29))
    request = ask(story)
    stale = ExtensionRequest.objects.select_related("assignment__unit", "assignment__directive").get(pk=request.pk)
    decide_extension(request, by=story.office, now=at("2024-03-25", "09:30"), approve=True)

    with pytest.raises(Refused) as refusal:
        withdraw_extension(stale, by=story.reporter, now=at("2024-03-25", "09:31"))

    assert str(refusal.value) == (
        f"{story.office} đã giải quyết đề nghị này lúc 09:30 25/3/2024: đồng ý đến 26/4/2024."
    )


def test_a_day_after_the_event_is_not_asked_for():
    story = make_story(state="in_progress", due=date(2024, 3, 29))

    with pytest.raises(Refused) as refusal:
        ask(story, date(2024, 5, 8))

    assert str(refusal.value) == (
        "Việc này phải xong trước ngày 07/5/2024 (Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ); "
        "hãy chọn ngày không muộn hơn ngày đó."
    )


def test_a_part_is_not_extended_beyond_the_work_it_belongs_to():
    story = make_story(state="in_progress", due=date(2024, 4, 5))
    below = make_unit("Đảng ủy xã Đăk Hring", parent=story.unit)
    part = make_assignment(
        story.task, below, role="part", parent=story.assignment, state="in_progress", due=date(2024, 3, 29)
    )

    with pytest.raises(Refused) as refusal:
        request_extension(part, by=story.reporter, now=NOW, new_due=date(2024, 4, 8), reason="Chờ thôn")

    assert str(refusal.value) == (
        "Việc này là một phần việc của Huyện ủy Đắk Hà, hạn 05/4/2024; hãy chọn ngày không muộn hơn ngày đó."
    )


# --- decisions whose day is over -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [("2024-04-19", False), ("2024-04-20", True)],
)
def test_a_condition_undecided_after_its_day_stands_in_every_headline(day, said, monkeypatch):
    story = make_story()
    task = make_task(
        story.directive,
        "2",
        condition_state="undecided",
        condition_decide_by=date(2024, 4, 19),
        condition_decider=story.directive.office,
        condition_question="Có điểm cầu không?",
    )
    tallies.refresh(story.directive, unit_ids=[], task_ids=[task.pk], today=date(2024, 4, 1))
    monkeypatch.setattr(clock, "now", lambda: at(day, "00:30"))
    office = Client()
    office.force_login(story.office)
    pk = story.directive.pk

    pages = [office.get(path).context["page"].sentence for path in ("/hom-nay/", f"/tong-quan/{pk}/", f"/trinh/{pk}/")]

    assert ["điều kiện của 2 quá ngày quyết định" in page for page in pages] == [said, said, said]
