"""Words beside the work: who reads, who writes, whom they mention and how that is told, taking back."""

from datetime import date

import pytest

from notifications.models import Message, Notice
from records.models import AuditEvent
from tasks.errors import Refused
from tasks.models import Comment, CommentMention
from tasks.talking.rules import Person, card_number, named_in, people_for
from tasks.talking.writing import take_back, write_comment
from tests.factories import (
    at,
    make_assignment,
    make_membership,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story
from units.models import UnitKind

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY, "09:00"))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


def say(story, by=None, scope="all", text="Đề nghị gửi số liệu.", people=(), moment=None) -> Comment:
    return write_comment(
        story.assignment, by=by or story.office, now=moment or at(TODAY), text=text, scope=scope, mentions=people
    )


def people(story, user, scope="all") -> dict[str, Person]:
    return {person.name: person for person in people_for(user, story.assignment, scope, today=TODAY)}


def address(story) -> str:
    return f"/phan-viec/{story.assignment.pk}/trao-doi/"


# --- who reads -------------------------------------------------------------------------------------

READS = {
    # who: (within the office, open)
    "office": (True, True),
    "reader": (False, True),
    "reporter": (False, True),
    "head": (False, True),
    "monitor": (False, True),
    "stranger": (False, False),
    "administrator": (False, False),
}


@pytest.mark.parametrize(("who", "expected"), READS.items())
def test_words_within_the_office_are_the_offices_and_open_ones_go_with_the_work(who, expected):
    story = make_story()
    monitor = make_unit("Ban Tuyên giáo")
    story.task.monitors.add(monitor)
    person = {"office": story.office, "reporter": story.reporter, "stranger": story.stranger}.get(who) or make_user(who)
    places = {"head": (story.unit, "unit_head"), "monitor": (monitor, "reporter")}
    places |= {"reader": (make_unit(kind=UnitKind.STANDING_COMMITTEE), "reader")}
    places |= {"administrator": (make_unit(), "administrator")}
    if who in places:
        make_membership(person, *places[who])
    inside, opened = say(story, scope="office"), say(story)

    seen = set(Comment.objects.visible_to(person).values_list("pk", flat=True))

    assert (inside.pk in seen, opened.pk in seen) == expected


def test_what_is_within_the_office_is_on_no_page_and_in_no_count_of_the_unit(client):
    story = make_story()
    say(story, scope="office", text="Chỉ để Văn phòng đọc.")
    say(story, text="Ai cũng đọc được.")

    pages = {}
    for name, user in (("office", story.office), ("unit", story.reporter)):
        client.force_login(user)
        pages[name] = [
            client.get(path).content.decode()
            for path in (f"/phan-viec/{story.assignment.pk}/", address(story), "/phan-viec/")
        ]

    assert ["Chỉ để Văn phòng đọc." in page for page in pages["office"]] == [True, True, False]
    assert ["Chỉ để Văn phòng đọc." in page for page in pages["unit"]] == [False, False, False]
    assert ("2 lời trao đổi" in pages["office"][2], "1 lời trao đổi" in pages["unit"][2]) == (True, True)


# --- writing ---------------------------------------------------------------------------------------


def test_the_office_writes_for_itself_unless_it_says_otherwise(client):
    story = make_story()
    client.force_login(story.office)

    client.post(address(story), {"text": "Chờ ý kiến Thường trực."})
    client.post(address(story), {"text": "Đề nghị gửi số liệu.", "scope": "all"})

    assert list(Comment.objects.values_list("text", "scope")) == [
        ("Chờ ý kiến Thường trực.", "office"),
        ("Đề nghị gửi số liệu.", "all"),
    ]


def test_a_unit_writes_openly_and_cannot_write_into_the_office(client):
    story = make_story()
    client.force_login(story.reporter)

    first = client.post(address(story), {"text": "Đã gửi công văn cho các xã."})
    second = client.post(address(story), {"text": "Đã gửi.", "scope": "office"})

    assert (first.status_code, second.status_code) == (302, 422)
    assert list(Comment.objects.values_list("scope", "by__username")) == [("all", "dakha")]


def test_what_is_written_is_on_record_without_its_words():
    story = make_story()
    say(story, text="Nội dung riêng.")

    event = AuditEvent.objects.get(verb="comment.written")
    assert (event.target_id, event.data) == (
        story.assignment.pk,
        {"scope": "Mọi người thấy phần việc", "mentioned": 0},
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Hãy ghi nội dung trao đổi."),
        ("   ", "Hãy ghi nội dung trao đổi."),
        ("Bà A số 233123456 cần hỗ trợ", "số giống số căn cước"),
        ("căn cước 062199000123", "số giống số căn cước"),
        ("x" * 2001, "2000"),
        ("@Nguyễn Văn Không Có xem giúp", "Không thấy ai tên “Nguyễn”"),
    ],
)
def test_what_cannot_be_written_is_said_and_stays_on_the_page(client, text, words):
    story = make_story()
    client.force_login(story.office)

    answer = client.post(address(story), {"text": text, "scope": "all"})

    page = answer.content.decode()
    assert (answer.status_code, words in page, text.strip() in page) == (422, True, True)
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        ("233123456", True),
        ("062199000123", True),
        ("233 123 456", True),
        ("số 062 199 000 123.", True),
        ("0912345678", False),
        ("0260 3862 000", False),
        ("123.456.789 đồng", False),
        ("15/4/2024", False),
        ("1234567890123", False),
        ("27-KH/HU", False),
        ("năm 2024, 2147 lượt", False),
    ],
)
def test_nine_or_twelve_figures_read_like_an_identity_card(text, is_card):
    assert card_number(text) is is_card


def test_nothing_is_written_beside_work_of_a_closed_document():
    story = make_story()
    story.directive.state, story.directive.closed_on = "closed", TODAY
    story.directive.save()

    with pytest.raises(Refused):
        say(story)


def test_a_comment_is_never_edited():
    comment = say(make_story())
    comment.text = "Khác"

    with pytest.raises(TypeError):
        comment.save()


# --- mentions --------------------------------------------------------------------------------------


def test_whom_one_may_mention_are_those_who_may_read_it():
    story = make_story()
    colleague = make_office_user("binh", full_name="Lê Thị Bình")
    monitor = make_unit("Ban Tuyên giáo")
    story.task.monitors.add(monitor)
    make_reporter(monitor, "tuyengiao", full_name="Trần Văn Cường")

    assert set(people(story, story.office, "office")) == {"Lê Thị Bình"}
    assert set(people(story, story.office)) == {"Lê Thị Bình", "Nguyễn Văn Dakha", "Trần Văn Cường"}
    # A unit is told no names of the monitor's or of other units' people.
    assert set(people(story, story.reporter)) == {"Lê Thị Bình", "Nguyễn Văn Vanphong"}
    assert colleague.is_active


def person(pk: int, name: str) -> Person:
    return Person(pk, name, "Văn phòng", 1)


HANH, HANG, OTHER_HANH = person(1, "Nguyễn Thị Hạnh"), person(2, "Lê Thị Hằng"), person(3, "Trần Thị Hạnh")


@pytest.mark.parametrize(
    ("text", "ticked", "found", "unknown", "ambiguous"),
    [
        ("@Nguyễn Thị Hạnh xem giúp", set(), {1}, [], []),
        ("nhờ @nguyen thi hanh.", set(), {1}, [], []),
        ("@Hằng, @Nguyễn Thị Hạnh", set(), {1, 2}, [], []),
        ("@Hạnh xem giúp", set(), set(), [], ["Hạnh"]),
        ("@Hạnh xem giúp", {3}, {3}, [], []),
        ("@Minh xem giúp", set(), set(), ["Minh"], []),
        ("thư a@b.vn", set(), set(), [], []),
        ("không nhắc ai", {2}, {2}, [], []),
        ("@", set(), set(), [], []),
    ],
)
def test_typed_names_are_understood_or_asked_about(text, ticked, found, unknown, ambiguous):
    named = named_in(text, [HANH, HANG, OTHER_HANH], ticked)

    assert (named.people, named.unknown, [name for name, _ in named.ambiguous]) == (found, unknown, ambiguous)


def test_two_people_of_one_name_are_asked_about_by_their_offices(client):
    story = make_story()
    for name in ("hanh1", "hanh2"):
        make_office_user(name, full_name="Nguyễn Thị Hạnh")
    client.force_login(story.office)

    answer = client.post(address(story), {"text": "@Nguyễn Thị Hạnh xem giúp", "scope": "office"})

    assert answer.status_code == 422
    assert "Có 2 người tên “Nguyễn Thị Hạnh”" in answer.content.decode()


def test_who_is_mentioned_is_told_in_the_app_and_in_the_mail_of_the_day_without_the_words(client):
    story = make_story()
    client.force_login(story.office)

    client.post(address(story), {"text": "@Nguyễn Văn Dakha gửi giúp số liệu.", "scope": "all"})

    (notice,) = Notice.objects.filter(kind="mention")
    assert (notice.recipient, notice.title, notice.detail) == (
        story.reporter,
        "Có lời nhắc tới anh/chị về việc 1a.1 Tuyên truyền",
        "@Nguyễn Văn Dakha gửi giúp số liệu.",
    )
    assert (notice.url, notice.message.kind) == (f"/phan-viec/{story.assignment.pk}/#trao-doi", "daily")
    assert CommentMention.objects.get().user == story.reporter


def test_somebody_who_may_not_read_it_cannot_be_ticked(client):
    story = make_story()
    client.force_login(story.office)

    answer = client.post(address(story), {"text": "Xem giúp", "scope": "all", "mentions": [story.stranger.pk]})

    assert (answer.status_code, Comment.objects.count(), Notice.objects.filter(kind="mention").count()) == (422, 0, 0)


def test_a_person_of_the_unit_cannot_be_mentioned_where_only_the_office_reads(client):
    story = make_story()
    client.force_login(story.office)

    answer = client.post(address(story), {"text": "Xem giúp", "scope": "office", "mentions": [story.reporter.pk]})

    assert (answer.status_code, "không đọc được lời này" in answer.content.decode()) == (422, True)


# --- taking back -----------------------------------------------------------------------------------


def test_the_author_takes_words_back_on_the_same_day_and_they_leave_the_page(client):
    story = make_story()
    comment = say(story, text="Viết nhầm chỗ.", people=[people(story, story.office)["Nguyễn Văn Dakha"]])
    client.force_login(story.office)

    client.post(f"/trao-doi/{comment.pk}/rut-lai/")

    page = client.get(f"/phan-viec/{story.assignment.pk}/").content.decode()
    assert ("Viết nhầm chỗ." in page, "Người viết đã rút lại lời này lúc 09:00 15/4/2024" in page) == (False, True)
    stored = Comment.objects.get()
    assert (stored.text, stored.taken_back_at) == ("Viết nhầm chỗ.", at(TODAY, "09:00"))
    notice = Notice.objects.get(kind="mention")
    assert (notice.detail, Message.objects.filter(state="held").count()) == ("", 0)
    assert "lời trao đổi" not in client.get("/phan-viec/").content.decode()


@pytest.mark.parametrize(
    ("written", "now", "allowed"),
    [
        (at("2024-04-15", "00:00"), at("2024-04-15", "23:59"), True),
        (at("2024-04-15", "23:59"), at("2024-04-16", "00:00"), False),
    ],
)
def test_words_can_be_taken_back_until_midnight(written, now, allowed):
    story = make_story()
    comment = say(story, moment=written)

    try:
        take_back(comment, by=story.office, now=now)
        taken = True
    except Refused:
        taken = False

    assert (taken, Comment.objects.get().taken_back_at) == (allowed, now if allowed else None)


def test_somebody_elses_words_are_not_taken_back(client):
    story = make_story()
    comment = say(story)
    client.force_login(make_office_user("dongnghiep"))

    assert client.post(f"/trao-doi/{comment.pk}/rut-lai/").status_code == 403


# --- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 25])
def test_a_page_with_words_costs_the_same_for_one_and_twenty_five(client, django_assert_num_queries, count):
    story = make_story()
    for _ in range(count):
        say(story, people=[people(story, story.office)["Nguyễn Văn Dakha"]])
    client.force_login(story.office)

    with django_assert_num_queries(9):
        answer = client.get(address(story))

    assert answer.status_code == 200


def test_counts_in_the_list_cost_no_statement(client, django_assert_num_queries):
    story = make_story()
    for _ in range(3):
        part = make_assignment(make_task(story.directive), story.unit)
        write_comment(part, by=story.office, now=at(TODAY), text="Chờ.", scope="all")
    client.force_login(story.office)

    with django_assert_num_queries(4):
        answer = client.get("/phan-viec/")

    assert answer.content.decode().count("1 lời trao đổi") == 3
