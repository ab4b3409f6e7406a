"""More time: asked once at a time, decided once, and the date moves only on approval."""

from datetime import date

import pytest

from tasks.errors import Refused
from tasks.extensions import decide_extension, request_extension
from tasks.models import Assignment, ExtensionRequest
from tests.factories import at
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
