"""The month: what stands on which day, who sees it, days off and make-up Saturdays, the file, the cost."""

from datetime import date, time

import pytest

from directive_tracker import clock
from tasks.events.inspections import send_inspection
from tasks.events.month import Wanted, build_month, gather, read_month
from tasks.exports.ics import IcsEvent, write_ics
from tasks.models import Activity, ReportingPeriod
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit
from tests.tasks.events import MEND_BY, NOW, TODAY, find, inspect, make_field, sent
from units.calendar import work_calendar

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    """The pages' clock stands at Monday 15/4/2024, 09:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def put(field, day: date, *, assignment=None, **values) -> Activity:
    """An event of the field's unit."""
    values = {"kind": "meeting", "title": "Hội nghị", "ends_on": day} | values
    return Activity.objects.create(
        assignment=assignment or field.assignment, starts_on=day, saved_by=field.story.reporter, saved_at=NOW, **values
    )


def words(user, first: date, last: date, **wanted) -> list[tuple[str, str]]:
    found = gather(first, last, Wanted(user, TODAY, **wanted), limit=None)
    return [(entry.day.isoformat()[5:], entry.words) for entry in found.all]


# --- weeks and days -------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_with_days_off_and_the_make_up_saturday():
    field = make_field()

    month = build_month(MAY, Wanted(field.story.office, TODAY), work_calendar())

    assert [len(week) for week in month.weeks] == [7] * 5
    first = month.weeks[0]
    assert [(day.day.day, day.in_month, day.kind) for day in first] == [
        (29, False, ""),
        (30, False, ""),
        (1, True, "off"),
        (2, True, ""),
        (3, True, ""),
        (4, True, "made-up"),
        (5, True, "off"),
    ]
    assert first[2].why == "Ngày Quốc tế Lao động"
    assert first[5].why == "Làm bù cho ngày 29/4/2024 (văn bản số 2450/VPCP-KGVX)"


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("", date(2024, 4, 1)),
        ("2024-05", MAY),
        ("2024-5", MAY),
        ("1999-12", None),
        ("2100-01", None),
        ("2024-13", None),
        ("2024-00", None),
        ("2024", None),
        ("-", None),
        ("٢٠٢٤-05", None),
    ],
)
def test_a_month_is_read_or_refused(word, first):
    assert read_month(word, today=TODAY) == first


@pytest.mark.parametrize(
    "query",
    [
        "thang=x",
        "thang=2024-99",
        "van-ban=x",
        "van-ban=987654321",
        "don-vi=-1",
        "don-vi=" + "9" * 30,
        "ngay=2024-02-30",
        "ngay=x",
    ],
)
@pytest.mark.parametrize("path", ["/lich/", "/lich/thang.ics"])
def test_an_address_that_names_nothing_is_not_found(client, path, query):
    field = make_field()
    client.force_login(field.story.office)
    expected = 200 if query.startswith("ngay") and path.endswith("ics") else 404

    assert client.get(f"{path}?{query}").status_code == expected


# --- what stands there --------------------------------------------------------------------------------------


def test_everything_with_a_day_stands_in_the_month():
    field = make_field(due=date(2024, 4, 19))
    ReportingPeriod.objects.create(
        directive=field.story.directive,
        name="Kỳ tháng 4/2024",
        opens_on=date(2024, 4, 8),
        cutoff_on=date(2024, 4, 14),
        due_on=date(2024, 4, 16),
    )
    sent(field)
    put(field, date(2024, 4, 12), starts_at=time(7, 30))
    put(field, date(2024, 4, 12), title="Bỏ", state="cancelled")

    april = words(field.story.office, date(2024, 4, 1), date(2024, 4, 30))
    may = words(field.story.office, MAY, date(2024, 5, 31))

    assert april == [
        ("04-12", "Bỏ – Huyện ủy Đắk Hà"),
        ("04-12", "07:30 Hội nghị – Huyện ủy Đắk Hà"),
        ("04-14", "Kỳ tháng 4/2024: chốt số liệu"),
        ("04-15", "Kiểm tra 1a.1 – Ban Tuyên giáo"),
        ("04-16", "Kỳ tháng 4/2024: gửi báo cáo chậm nhất"),
        ("04-18", "Khắc phục sau kiểm tra: 1 kiến nghị"),
        ("04-19", "Hạn 1a.1 Tuyên truyền, 2 đơn vị: chưa xong"),
    ]
    assert may == [("05-07", "Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ")]


def test_what_takes_several_days_stands_above_every_month_it_touches():
    field = make_field()
    put(field, date(2024, 4, 26), ends_on=date(2024, 5, 8))
    wanted, calendar = Wanted(field.story.office, TODAY), work_calendar()

    months = [build_month(date(2024, number, 1), wanted, calendar) for number in (3, 4, 5, 6)]

    assert [len(month.spans) for month in months] == [0, 1, 1, 0]


def test_of_many_events_on_a_day_the_first_are_shown_and_the_others_counted():
    field = make_field()
    for number in range(9):
        put(field, TODAY, title=f"Buổi {number}", starts_at=time(8 + number))

    month = build_month(date(2024, 4, 1), Wanted(field.story.office, TODAY), work_calendar())
    (day,) = [day for week in month.weeks for day in week if day.day == TODAY]

    assert [entry.words[:12] for entry in day.entries] == [
        "08:00 Buổi 0",
        "09:00 Buổi 1",
        "10:00 Buổi 2",
        "11:00 Buổi 3",
    ]
    assert day.more == 5


def test_due_days_of_one_unit_lead_to_its_work_and_say_whether_it_is_done():
    field = make_field(due=date(2024, 4, 19))
    done = make_assignment(
        make_task(field.story.directive, "1a.4"), field.story.unit, state="completed", due=date(2024, 4, 19)
    )
    make_assignment(
        make_task(field.story.directive, "1a.5"), field.story.unit, state="cancelled", due=date(2024, 4, 19)
    )

    found = gather(date(2024, 4, 1), date(2024, 4, 30), Wanted(field.story.reporter, TODAY), limit=None)

    assert [(entry.words, entry.url) for entry in found.all] == [
        ("Hạn 1a.1 Tuyên truyền: chưa xong", f"/phan-viec/{field.assignment.pk}/"),
        ("Hạn 1a.4 Tuyên truyền: xong", f"/phan-viec/{done.pk}/"),
    ]


# --- who sees it --------------------------------------------------------------------------------------------


def test_each_sees_the_own_work_monitors_their_tasks_and_nobody_a_draft():
    field = make_field()
    other = make_task(field.story.directive, "8z")
    neighbour = make_assignment(other, field.story.other_unit, due=None)
    put(field, TODAY, title="Của mình")
    put(field, TODAY, title="Của bên cạnh", assignment=neighbour)
    find(field)
    people = {
        "office": field.story.office,
        "reporter": field.story.reporter,
        "stranger": field.story.stranger,
        "monitor": field.monitor,
    }

    seen = {name: [w for _, w in words(user, TODAY, TODAY)] for name, user in people.items()}

    mine, theirs = "Của mình – Huyện ủy Đắk Hà", "Của bên cạnh – Huyện ủy Ngọc Hồi"
    assert seen == {
        "office": [mine, theirs],
        "reporter": [mine],
        "stranger": [theirs],
        "monitor": [mine, "Kiểm tra 1a.1 – Ban Tuyên giáo"],
    }


def test_findings_to_mend_are_told_to_the_inspected_unit_and_not_to_its_neighbour():
    field = make_field()
    sent(field)
    people = {"reporter": field.story.reporter, "stranger": field.story.stranger, "monitor": field.monitor}

    seen = {name: [w for _, w in words(user, MEND_BY, MEND_BY)] for name, user in people.items()}

    line = "Khắc phục sau kiểm tra: 1 kiến nghị"
    assert seen == {"reporter": [line], "stranger": [], "monitor": [line]}


def test_a_lead_does_not_learn_from_the_filter_at_whose_places_else_an_inspection_was():
    field = make_field()
    contributor = make_assignment(field.task, make_unit("Sở Văn hóa"), role="coordinating", state="in_progress")
    inspection = inspect(field)
    find(field, inspection=inspection)
    find(field, inspection=inspection, unit=contributor.unit)
    send_inspection(inspection, by=field.monitor, now=NOW)

    of_the_contributor = words(field.story.reporter, TODAY, TODAY, unit_id=contributor.unit_id)
    of_its_own = words(field.story.reporter, TODAY, TODAY, unit_id=field.story.unit.pk)

    assert of_the_contributor == []
    assert of_its_own == [("04-15", "Kiểm tra 1a.1 – Ban Tuyên giáo")]


def test_the_filter_by_unit_and_document_narrows_everything():
    field = make_field(due=TODAY)
    put(field, TODAY)
    sent(field)
    elsewhere = make_assignment(make_task(make_directive(event_date=None), "7"), field.story.other_unit, due=TODAY)
    put(field, TODAY, title="Nơi khác", assignment=elsewhere)
    office = field.story.office

    by_unit = [w for _, w in words(office, TODAY, TODAY, unit_id=field.story.other_unit.pk)]
    by_document = [w for _, w in words(office, TODAY, TODAY, directive=elsewhere.directive)]

    assert by_unit == ["Hạn 7 Tuyên truyền: chưa xong", "Nơi khác – Huyện ủy Ngọc Hồi"]
    assert by_document == ["Hạn 7 Tuyên truyền: chưa xong", "Nơi khác – Huyện ủy Ngọc Hồi"]


# --- the file -------------------------------------------------------------------------------------------------


def test_the_file_says_kinds_units_and_codes_and_nothing_that_was_typed(client):
    field = make_field(due=None)
    activity = put(
        field, TODAY, title="Gặp mặt ông Trần Văn Ba", place="Nhà văn hóa", kind="gathering", starts_at=time(7, 30)
    )
    finding = sent(field, words="Chữ đã gõ")
    client.force_login(field.story.office)

    answer = client.get("/lich/thang.ics?thang=2024-04")

    text = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="lich-2024-04.ics"'
    assert "SUMMARY:Gặp mặt\\, thăm hỏi – Huyện ủy Đắk Hà (1a.1)" in text
    assert "DTSTART:20240415T003000Z\r\nDTEND:20240415T013000Z" in text
    assert f"/su-kien/{activity.pk}/" in text
    assert ("Trần Văn Ba" in text, "Nhà văn hóa" in text, finding.words in text) == (False, False, False)


def test_lines_of_a_file_are_folded_by_octets_escaped_and_whole_days_end_on_the_day_after():
    event = IcsEvent("a@b", "Đợt; một, hai\\ba " + "ế" * 60, date(2024, 4, 26), date(2024, 5, 8), cancelled=True)

    body = write_ics([event], name="Lịch", stamp=NOW)

    lines = body.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    whole = body.decode().replace("\r\n ", "")
    assert "SUMMARY:Đợt\\; một\\, hai\\\\ba " + "ế" * 60 in whole
    assert "DTSTART;VALUE=DATE:20240426\r\nDTEND;VALUE=DATE:20240509" in whole
    assert "DTSTAMP:20240415T020000Z" in whole
    assert "STATUS:CANCELLED" in whole


# --- the cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 300])
@pytest.mark.parametrize(
    ("path", "statements"),
    [("/lich/?thang=2024-04", 12), ("/lich/?ngay=2024-04-15", 14), ("/lich/thang.ics?thang=2024-04", 11)],
)
def test_a_page_costs_the_same_for_one_event_and_for_three_hundred(
    client, django_assert_num_queries, path, statements, count
):
    field = make_field()
    values = {"kind": "meeting", "title": "Hội nghị", "saved_by": field.story.reporter, "saved_at": NOW}
    rows = []
    for number in range(count):
        task = make_task(field.story.directive, f"n{number}") if number % 10 == 0 else field.task
        unit = make_unit(f"Đơn vị {number}")
        if number % 100 == 0:
            make_reporter(unit)
        part = make_assignment(task, unit, due=date(2024, 4, 1 + number % 30))
        rows.append(Activity(assignment=part, starts_on=TODAY, ends_on=TODAY, **values))
    Activity.objects.bulk_create(rows)
    inspection = find(field).place.inspection
    send_inspection(inspection, by=field.monitor, now=at("2024-04-15", "09:00"))
    client.force_login(field.story.office)

    with django_assert_num_queries(statements):
        answer = client.get(path)

    assert answer.status_code == 200
