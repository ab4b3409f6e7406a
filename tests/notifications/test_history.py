"""What was told about one row: each thing once, with the fate of its mails, and nobody's name."""

import pytest
from django.urls import reverse

from notifications import outbox
from notifications.history import told_about
from notifications.models import Message, Notice
from tests.factories import at, make_assignment, make_office_user, make_reporter, make_task, make_unit

pytestmark = pytest.mark.django_db
NOW = at("2024-04-15", "09:00")
LATER = at("2024-04-16", "09:00")


@pytest.fixture
def work():
    unit = make_unit()
    return make_assignment(make_task(code="1a.3"), unit)


def tell(work, user, stage="due-3", *, mail="own", now=NOW):
    outbox.tell(
        key=f"{stage}:{work.pk}:1:{user.pk}",
        kind=stage,
        recipient=user,
        title=f"Việc 1a.3 ({stage})",
        now=now,
        target=work,
        target_version=1,
        unit=work.unit,
        mail=mail,
    )


def test_the_same_thing_told_to_two_people_is_one_line(work):
    for name in ("an", "binh"):
        tell(work, make_reporter(work.unit, name))
    tell(work, make_reporter(work.unit, "chi"), "due-1", mail=None, now=LATER)

    told = told_about(work, now=LATER)

    assert [(line.label, line.people, line.way) for line in told.lines] == [
        ("Trước hạn 1 ngày làm việc", 1, "trong ứng dụng"),
        ("Trước hạn 3 ngày làm việc", 2, "thư sắp gửi"),
    ]
    assert told.summary == "Đã nhắc 1 lần, gần nhất 16/4/2024"


@pytest.mark.parametrize(
    ("notice", "mail", "way"),
    [
        ({}, {}, "thư sắp gửi"),
        ({}, {"state": "held"}, "thư được giữ lại"),
        ({}, {"state": "sending", "lease_until": NOW}, "thư đang gửi"),
        ({}, {"attempts": 1, "last_error": "452 đầy hộp"}, "thư chưa gửi được, sẽ thử lại: 452 đầy hộp"),
        ({"state": "sent", "sent_at": NOW}, {"state": "sent", "sent_at": NOW}, "thư đã gửi"),
        (
            {"state": "sent", "sent_at": NOW},
            {"state": "sent", "sent_at": NOW, "suspect": 1},
            "thư đã gửi (có thể hai lần)",
        ),
        ({"state": "dead"}, {"state": "dead", "last_error": "550 không có"}, "thư không gửi được: 550 không có"),
        ({"state": "superseded"}, {}, "không còn cần"),
        ({"state": "left"}, {}, "người nhận đã rời đơn vị"),
    ],
)
def test_every_state_has_its_words(work, notice, mail, way):
    tell(work, make_reporter(work.unit))
    Notice.objects.update(**notice)
    Message.objects.update(**mail)

    assert [line.way for line in told_about(work, now=NOW).lines] == [way]


def test_the_page_of_a_part_counts_what_was_told_and_names_nobody(client, work):
    person = make_reporter(work.unit, "an", full_name="Y Blô Kpă")
    tell(work, person, mail=None)
    client.force_login(make_office_user())

    detail = client.get(work.get_absolute_url()).content.decode()
    page = client.get(reverse("tasks:assignment_told", args=[work.pk])).content.decode()

    assert "đã nhắc 1 lần, gần nhất 09:00 15/4/2024" in detail
    assert "Trước hạn 3 ngày làm việc" in page
    assert "Y Blô Kpă" not in page


def test_the_page_costs_the_same_for_one_and_for_many(client, work, django_assert_num_queries):
    client.force_login(make_office_user())
    page = reverse("tasks:assignment_told", args=[work.pk])
    tell(work, make_reporter(work.unit))
    with django_assert_num_queries(4):
        client.get(page)
    for number in range(40):
        tell(work, make_reporter(work.unit), f"due-{number}")
    with django_assert_num_queries(4):
        client.get(page)
