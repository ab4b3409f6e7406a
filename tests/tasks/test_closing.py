"""Kết thúc theo dõi: what is still open, the ending itself, and taking it back."""

from datetime import date

import pytest
from django.urls import reverse

from directive_tracker import clock
from notifications.models import Notice, NoticeState
from records.models import AuditEvent, Job
from tasks.closing.checking import open_points
from tasks.closing.ending import Ending, end, follow_again
from tasks.errors import Refused
from tasks.extensions import request_extension
from tasks.lifecycle import acknowledge, cancel, nudge
from tasks.models import Assignment, Directive, Instruction, Tally
from tasks.reviewing import accept_section
from tests.factories import at, make_directive, make_office_user
from tests.tasks.story import Story, make_story, send, write

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def office_time(monkeypatch):
    """09:00 of 15/4/2024 on every page."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def story() -> Story:
    return make_story()


def ended(story: Story, **values) -> Job:
    values = {"day": TODAY, "report_number": "125-BC/VPTU", "anyway": True} | values
    return end(story.directive, Ending(**values), by=story.office, now=NOW)


def points(story: Story) -> dict[str, int]:
    return {point.words: point.count for point in open_points(story.directive, story.office)}


# --- what is open -------------------------------------------------------------------------------------------------


def test_open_work_is_counted_and_named_by_unit(story):
    found = open_points(story.directive, story.office)

    assert [(point.words, point.count, point.names) for point in found] == [
        ("Phần việc chưa xong", 2, ("Huyện ủy Đắk Hà (1)", "Huyện ủy Ngọc Hồi (1)"))
    ]


def test_a_sent_section_a_draft_and_a_request_for_more_time_are_open(story):
    send(story)
    acknowledge(story.other_assignment, by=story.stranger, now=NOW)
    request_extension(
        story.other_assignment, by=story.stranger, now=NOW, new_due=date(2024, 4, 26), reason="Chờ kinh phí."
    )
    story.unit, story.reporter, story.assignment = story.other_unit, story.stranger, story.other_assignment
    write(story, moment=NOW)

    assert points(story) == {
        "Phần việc chưa xong": 2,
        "Mục báo cáo chờ xem xét": 1,
        "Báo cáo đơn vị đang soạn, chưa gửi": 1,
        "Xin gia hạn chưa trả lời": 1,
    }


def test_an_undecided_condition_and_an_instruction_are_open(story):
    story.task.condition_state, story.task.condition_text = "undecided", "nếu có điểm cầu"
    story.task.save()
    Instruction.objects.create(
        directive=story.directive, words="Làm sớm.", said_by="Đồng chí A", said_on=TODAY, source="page",
        written_by=story.office, written_at=NOW,
    )  # fmt: skip

    assert points(story) == {
        "Phần việc chưa xong": 2,
        "Điều kiện chưa quyết định": 1,
        "Ý kiến chỉ đạo chưa kết thúc": 1,
    }


def test_what_is_open_is_counted_in_as_many_statements_for_many_units(story, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        open_points(story.directive, story.office)


# --- ending -------------------------------------------------------------------------------------------------------


def test_ending_keeps_day_person_number_and_what_was_open(story):
    ended(story)

    directive = Directive.objects.get(pk=story.directive.pk)
    assert (directive.state, directive.closed_on, directive.closed_by, directive.closing_report) == (
        "closed",
        date(2024, 4, 15),
        story.office,
        "125-BC/VPTU",
    )
    event = AuditEvent.objects.get(verb="directive.closed")
    assert event.data == {
        "from": "Đã giao",
        "to": "Đã kết thúc theo dõi",
        "closed_on": "2024-04-15",
        "closing_report": "125-BC/VPTU",
        "left_open": {"Phần việc chưa xong": 2},
    }


def test_ending_begins_the_archive(story):
    job = ended(story)

    assert (job.kind, job.title, job.arguments, job.state) == (
        "directive_archive",
        "Hồ sơ lưu trữ: 70 năm Điện Biên Phủ",
        {"directive": story.directive.pk},
        "queued",
    )


def test_notices_that_have_not_left_are_taken_back(story):
    nudge(story.assignment, by=story.office, now=at("2024-04-13", "20:00"), message="Đề nghị khẩn trương.")
    assert Notice.objects.filter(kind="nudge", state=NoticeState.PLANNED).count() == 1

    ended(story)

    assert list(Notice.objects.filter(kind="nudge").values_list("state", flat=True)) == ["superseded"]


def test_figures_stay_as_on_the_day_of_the_ending(story, client):
    cancel(story.other_assignment, by=story.office, now=NOW, reason="Thừa một đơn vị.")
    before = list(Tally.objects.order_by("pk").values_list("open_in_time", "open_overdue", "outside"))
    ended(story)
    client.force_login(story.office)

    for address in ("tasks:directive_list", "tasks:overview"):
        args = [story.directive.pk] if address == "tasks:overview" else []
        assert client.get(reverse(address, args=args)).status_code == 200

    assert list(Tally.objects.order_by("pk").values_list("open_in_time", "open_overdue", "outside")) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": date(2024, 4, 16)}, "Ngày 16/4/2024 chưa tới. Hãy ghi ngày đến hôm nay."),
        ({"day": date(2024, 2, 14)}, "Văn bản giao ngày 15/02/2024; ngày kết thúc phải từ ngày đó trở đi."),
        ({"report_number": "   "}, "Hãy ghi số của báo cáo tổng hợp, ví dụ 125-BC/VPTU."),
        (
            {"anyway": False},
            "Văn bản còn việc chưa xong. Hãy xem lại; nếu vẫn kết thúc thì đánh dấu vào ô đồng ý.",
        ),
    ],
)
def test_an_ending_that_makes_no_sense_is_refused(story, values, words):
    with pytest.raises(Refused) as refusal:
        ended(story, **values)

    assert str(refusal.value) == words
    assert Directive.objects.get(pk=story.directive.pk).state == "issued"


def test_whoever_ends_it_second_hears_who_was_first(story):
    ended(story)

    with pytest.raises(Refused, match="đã kết thúc theo dõi văn bản này ngày 15/4/2024"):
        ended(story)

    assert Job.objects.count() == 1


def test_a_draft_is_not_ended():
    office = make_office_user()
    draft = make_directive(state="draft")

    with pytest.raises(Refused, match="chưa giao"):
        end(draft, Ending(TODAY, "1-BC", True), by=office, now=NOW)


# --- whoever pressed in the same second -----------------------------------------------------------------------------


def test_services_refuse_what_was_begun_before_the_ending(story):
    """Each has passed its page's question already: the row in their hands says that the document is followed."""
    section = send(story)

    def stale() -> Assignment:
        row = Assignment.objects.select_related("directive", "task", "unit").get(pk=story.other_assignment.pk)
        row.directive.state = "issued"
        return row

    ended(story)
    section.assignment.directive.state = "issued"
    more = {"new_due": date(2024, 4, 26), "reason": "Chờ kinh phí."}

    for act in (
        lambda: accept_section(section, by=story.office, now=NOW),
        lambda: acknowledge(stale(), by=story.stranger, now=NOW),
        lambda: cancel(stale(), by=story.office, now=NOW, reason="Không cần nữa."),
        lambda: request_extension(stale(), by=story.stranger, now=NOW, **more),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert str(refusal.value) == "Văn bản đã kết thúc theo dõi; chỉ xem, không sửa được nữa."

    assert story.other_assignment.status_changes.count() == 0


# --- following again ------------------------------------------------------------------------------------------------


def test_an_ending_by_mistake_is_taken_back_with_its_reason(story):
    ended(story)

    follow_again(story.directive, by=story.office, now=at("2024-04-22"), reason="Kết thúc nhầm văn bản.")

    directive = Directive.objects.get(pk=story.directive.pk)
    assert (directive.state, directive.closed_on, directive.closed_by, directive.closing_report) == (
        "issued",
        None,
        None,
        "",
    )
    event = AuditEvent.objects.get(verb="directive.followed_again")
    assert (event.reason, event.data["closing_report"]) == ("Kết thúc nhầm văn bản.", "125-BC/VPTU")


def test_figures_go_on_from_the_day_it_is_followed_again(story):
    acknowledge(story.assignment, by=story.reporter, now=NOW)
    ended(story)

    follow_again(story.directive, by=story.office, now=at("2024-04-22"), reason="Kết thúc nhầm văn bản.")

    tally = Tally.objects.get(directive=story.directive, unit=story.unit)
    assert (tally.day, tally.open_in_time, tally.open_overdue) == (date(2024, 4, 22), 0, 1)


def test_following_again_asks_for_a_reason(story):
    ended(story)

    with pytest.raises(Refused, match="Hãy ghi lý do theo dõi lại"):
        follow_again(story.directive, by=story.office, now=NOW, reason=" ")


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_open_and_ends_only_when_that_was_said(story, client):
    client.force_login(story.office)
    address = reverse("tasks:directive_end", args=[story.directive.pk])
    typed = {"closed_on": "15/4/2024", "report_number": "125-BC/VPTU"}

    shown = client.get(address)
    refused = client.post(address, typed)
    done = client.post(address, {**typed, "anyway": "on"})

    assert "Phần việc chưa xong" in shown.content.decode()
    assert refused.status_code == 422
    assert 'value="125-BC/VPTU"' in refused.content.decode()
    assert (done.status_code, done["Location"]) == (302, address)


def test_the_document_says_that_it_is_ended_and_shows_no_button_of_work(story, client):
    ended(story)
    client.force_login(story.office)

    page = client.get(story.directive.get_absolute_url()).content.decode()
    work = client.get(story.assignment.get_absolute_url()).content.decode()

    assert "Đã kết thúc theo dõi ngày 15/4/2024 theo báo cáo số 125-BC/VPTU" in page
    for words in ("don-doc/?van-ban=", "Kết thúc theo dõi</a>", "phan-dau/"):
        assert words not in page
    for words in ("/dung/", "/huy/", "cho-phep-gia-han", "cuoc-goi"):
        assert words not in work


def test_a_draft_that_was_never_sent_stays_readable_for_its_unit(story, client):
    report = write(story, moment=NOW, results="Đang làm dở.")
    ended(story)
    client.force_login(story.reporter)

    page = client.get(reverse("tasks:report_detail", args=[report.pk]))

    assert page.status_code == 200
    assert "Đang làm dở." in page.content.decode()


def test_the_list_is_narrowed_to_what_is_ended(story, client):
    other = make_directive(short_title="Văn bản khác", title="Về việc khác", office=story.directive.office)
    ended(story)
    client.force_login(story.office)
    address = reverse("tasks:directive_list")

    closed = client.get(f"{address}?xem=da-ket-thuc")
    followed = client.get(f"{address}?xem=dang-theo-doi")

    assert [row[0].pk for row in closed.context["rows"]] == [story.directive.pk]
    assert [row[0].pk for row in followed.context["rows"]] == [other.pk]
    assert "kết thúc 15/4/2024 theo báo cáo số 125-BC/VPTU" in closed.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("closed_on", "32/13/2024"),
        ("closed_on", ""),
        ("closed_on", "16/4/2024"),
        ("report_number", ""),
        ("report_number", "9" * 61),
        ("report_number", "\x00"),
    ],
)
def test_bad_input_is_answered_with_words_and_keeps_what_was_typed(story, client, field, typed):
    client.force_login(story.office)
    data = {"closed_on": "15/4/2024", "report_number": "125-BC/VPTU", "anyway": "on", field: typed}

    response = client.post(reverse("tasks:directive_end", args=[story.directive.pk]), data)

    assert response.status_code == 422
    assert Directive.objects.get(pk=story.directive.pk).state == "issued"


def test_the_job_of_a_colleague_is_not_shown_beside_the_archive(client, story):
    job = ended(story)
    colleague = make_office_user("dong-nghiep")
    pages = {}
    for person in (story.office, colleague):
        client.force_login(person)
        pages[person.username] = client.get(f"/van-ban/{story.directive.pk}/ket-thuc/").context["job"]

    assert (pages[story.office.username], pages["dong-nghiep"]) == (job, None)
