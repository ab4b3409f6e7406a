"""The page "Lịch làm việc": who may, what it shows, every change by its preview."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from directive_tracker import clock
from records import jobs_runner
from records.models import Job
from tests.admin_pages import person
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_product,
    make_task,
    make_unit,
    make_user,
)
from units import admin_calendar
from units.models import CalendarDay, CalendarYear, Role

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/units/calendarday/"
HEAD = ["Ngày", "Nghỉ hay làm việc", "Lý do", "Số thông báo", "Hoán đổi với"]
SWAP_ROWS = [
    ["02/5/2024", "Nghỉ", "Nghỉ hoán đổi", "12-TB/TU", "11/5/2024"],
    ["11/5/2024", "Làm việc", "Làm bù", "12-TB/TU", "02/5/2024"],
]


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 15))


@pytest.fixture
def admin(client) -> User:
    user = make_user("quantri", full_name="Lê Quản Trị")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hidden(response) -> dict[str, str]:
    """The fields a preview carries to the button that saves."""
    page = response.content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("change", "digest")}


def entry(**values) -> dict:
    return {"kind": "off", "day": "02/5/2024", "reason": "Nghỉ thêm", "notice_number": "12-TB/TU", **values}


def sheet(rows: list[list], *, head: list[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Lịch làm việc"
    for row in [head, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client, content: bytes, name: str = "lich.xlsx", **values):
    data = {"year": "2024", "file": SimpleUploadedFile(name, content), **values}
    return client.post(f"{PAGE}nhap/", data)


# --- the year -------------------------------------------------------------------------------------


def test_a_year_shows_its_months_days_off_and_make_up_days_with_their_reasons(admin, client):
    page = text_of(client.get(f"{PAGE}?nam=2024"))

    assert "Lịch nghỉ năm 2024 đã công bố." in page
    assert "Tháng 4 19 ngày làm việc" in page
    assert "29/4/2024 Thứ Hai nghỉ Nghỉ hoán đổi, làm bù 04/5/2024 (văn bản số 2450/VPCP-KGVX) lịch chung" in page
    assert "04/5/2024 Thứ Bảy làm việc Làm bù cho ngày 29/4/2024 (văn bản số 2450/VPCP-KGVX) lịch chung" in page


def test_a_year_without_data_is_marked_until_somebody_says_it_is_announced(admin, client):
    assert "Lịch nghỉ năm 2027 chưa công bố: các ngày nghỉ dưới đây là dự kiến" in text_of(
        client.get(f"{PAGE}?nam=2027")
    )

    shown = client.post(f"{PAGE}nam/2027/cong-bo/", {"announced": "1", "notice_number": "9000/TB-BNV"})
    client.post(f"{PAGE}luu/", hidden(shown))

    assert "năm 2027: lịch nghỉ đã công bố (văn bản số 9000/TB-BNV)" in text_of(shown)
    assert "Lịch nghỉ năm 2027 đã công bố (văn bản số 9000/TB-BNV)." in text_of(client.get(f"{PAGE}?nam=2027"))


@pytest.mark.parametrize("year", ["", "0", "20240", "1800", "²⁰²⁴", "-200", "nămnay"])
def test_a_year_that_cannot_be_is_this_one(admin, client, year):
    assert "Lịch làm việc năm 2024" in text_of(client.get(PAGE, {"nam": year}))


def test_the_page_costs_the_same_with_one_entry_and_with_many(admin, client, django_assert_num_queries):
    client.get(PAGE)
    for count in (1, 200):
        CalendarDay.objects.all().delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(date=date.fromordinal(date(2024, 1, 1).toordinal() + number), is_working=False, reason="Thử")
            for number in range(count)
        )
        with django_assert_num_queries(5):
            client.get(f"{PAGE}?nam=2024")


def test_the_office_reads_the_year_and_changes_nothing(client):
    client.force_login(person("office"))

    page = client.get(f"{PAGE}?nam=2024")

    assert page.status_code == 200
    assert "Ghi ngày nghỉ, ngày làm bù" not in page.content.decode()
    assert client.post(f"{PAGE}ngay/", entry()).status_code == 403
    assert client.post(f"{PAGE}luu/", {"change": "", "digest": ""}).status_code == 403


@pytest.mark.parametrize("path", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_the_bare_administration_writes_no_day(admin, client, path):
    row = CalendarDay.objects.create(date=date(2024, 5, 2), is_working=False, reason="Nghỉ thêm")

    response = client.post(
        PAGE + path.format(pk=row.pk), {"date": "03/5/2024", "is_working": "", "reason": "Khác", "post": "yes"}
    )

    assert response.status_code == 403
    assert list(CalendarDay.objects.values_list("date", "reason")) == [(date(2024, 5, 2), "Nghỉ thêm")]


# --- one entry ------------------------------------------------------------------------------------


def test_an_entry_is_shown_first_and_saved_by_the_button(admin, client):
    shown = client.post(f"{PAGE}ngay/", entry())
    before = CalendarDay.objects.count()
    saved = client.post(f"{PAGE}luu/", hidden(shown), follow=True)

    assert "02/5/2024 (Thứ Năm): nghỉ – Nghỉ thêm (văn bản số 12-TB/TU)" in text_of(shown)
    assert "Không có hạn nào phải chuyển" in text_of(shown)
    assert before == 0
    assert "Đã lưu lịch làm việc." in text_of(saved)
    assert "02/5/2024 Thứ Năm nghỉ Nghỉ thêm (văn bản số 12-TB/TU) cơ quan ghi" in text_of(saved)


def test_a_swap_writes_both_days_and_taking_one_away_takes_both(admin, client):
    shown = client.post(f"{PAGE}ngay/", entry(kind="swap", make_up="11/5/2024"))
    client.post(f"{PAGE}luu/", hidden(shown))
    rows = list(CalendarDay.objects.values_list("date", "is_working", "swapped_with"))

    removal = client.get(f"{PAGE}bo/{CalendarDay.objects.first().pk}/")
    client.post(f"{PAGE}luu/", hidden(removal))

    assert rows == [
        (date(2024, 5, 2), False, date(2024, 5, 11)),
        (date(2024, 5, 11), True, date(2024, 5, 2)),
    ]
    assert "02/5/2024 (Thứ Năm): theo lịch chung" in text_of(removal)
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": "30/4/2024"}, "Ngày 30/4/2024 vốn đã là ngày nghỉ (Ngày Chiến thắng)."),
        ({"day": "05/5/2024"}, "Ngày 05/5/2024 vốn đã là ngày nghỉ."),
        ({"kind": "work"}, "Ngày 02/5/2024 vốn đã là ngày làm việc."),
        ({"kind": "swap"}, "Xin ghi ngày làm bù."),
        ({"kind": "swap", "make_up": "02/5/2024"}, "Ngày làm bù phải là một ngày khác."),
        ({"kind": "swap", "make_up": "04/5/2024"}, "Ngày 04/5/2024 vốn đã là ngày làm việc."),
        ({"kind": "holiday"}, "Xin chọn một việc trong danh sách."),
        ({"day": "29/02/2023"}, "Không có ngày này."),
        ({"day": "31/12/9999"}, "Năm 9999 nằm ngoài lịch; xin ghi năm từ 1995 đến 2099."),
        ({"day": ""}, "Xin ghi ngày, ví dụ 02/5/2024."),
        ({"reason": " "}, "Xin ghi lý do."),
    ],
)
def test_an_entry_that_cannot_stand_comes_back_with_a_sentence(admin, client, values, sentence):
    response = client.post(f"{PAGE}ngay/", entry(**values))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert 'value="12-TB/TU"' in response.content.decode()


def test_a_preview_that_is_no_longer_true_is_shown_anew(admin, client):
    shown = client.post(f"{PAGE}ngay/", entry())
    CalendarDay.objects.create(date=date(2024, 5, 2), is_working=False, reason="Người khác ghi")

    late = client.post(f"{PAGE}luu/", hidden(shown))
    untouched = CalendarDay.objects.get().reason
    client.post(f"{PAGE}luu/", hidden(late))

    assert late.status_code == 409
    assert "vừa thay đổi nên chưa lưu gì" in text_of(late)
    assert "trước đó: 02/5/2024 (Thứ Năm): nghỉ – Người khác ghi" in text_of(late)
    assert (untouched, CalendarDay.objects.get().reason) == ("Người khác ghi", "Nghỉ thêm")


def test_the_button_pressed_twice_saves_once(admin, client):
    shown = hidden(client.post(f"{PAGE}ngay/", entry()))
    client.post(f"{PAGE}luu/", shown)

    again = client.post(f"{PAGE}luu/", shown, follow=True)

    assert "Không có gì thay đổi: lịch đã đúng như vậy." in text_of(again)
    assert CalendarDay.objects.count() == 1


def test_a_change_that_nobody_sealed_is_refused(admin, client):
    response = client.post(f"{PAGE}luu/", {"change": "x", "digest": "y"}, follow=True)

    assert "Không đọc được thay đổi này. Xin nhập lại." in text_of(response)


@pytest.fixture
def _few(monkeypatch):
    """Already one moved day is many."""
    monkeypatch.setattr(admin_calendar, "MOVES_IN_REQUEST", 0)
    task = make_task(make_directive(), "1a.1")
    make_product(task, due_kind="before_event", due_days=3)
    return make_assignment(task, make_unit("Huyện ủy Đắk Hà"), due=date(2024, 5, 3))


def test_very_many_days_are_moved_by_a_job(admin, client, _few):
    shown = hidden(client.post(f"{PAGE}ngay/", entry(day="03/5/2024")))

    response = client.post(f"{PAGE}luu/", shown)
    job = Job.objects.get()
    before = CalendarDay.objects.count()
    jobs_runner.run(job.pk, now=at("2024-04-15"))

    job.refresh_from_db()
    _few.refresh_from_db()
    assert response["Location"] == f"/viec-nen/{job.pk}/"
    assert (before, job.state, CalendarDay.objects.count()) == (0, "done", 1)
    assert _few.due_current == date(2024, 5, 2)


def test_a_job_that_comes_too_late_saves_nothing_and_says_so(admin, client, _few):
    client.post(f"{PAGE}luu/", hidden(client.post(f"{PAGE}ngay/", entry(day="03/5/2024"))))
    CalendarDay.objects.create(date=date(2024, 5, 3), is_working=False, reason="Người khác ghi")

    jobs_runner.run(Job.objects.get().pk, now=at("2024-04-15"))

    job = Job.objects.get()
    assert (job.state, job.message) == (
        "failed",
        "Lịch hoặc phần việc vừa thay đổi nên chưa lưu gì. Hãy xem trước lại trên trang Lịch làm việc.",
    )
    assert CalendarDay.objects.get().reason == "Người khác ghi"


# --- a year by file -------------------------------------------------------------------------------


def test_a_year_is_taken_in_by_file_and_the_same_file_twice_changes_nothing(admin, client):
    content = sheet([*SWAP_ROWS, [date(2024, 4, 30), "nghỉ", "Ngày Chiến thắng", None, None]])
    shown = send(client, content, announced="on", notice_number="5000/TB")
    client.post(f"{PAGE}luu/", hidden(shown))

    again = send(client, content, announced="on")

    assert "1 dòng của tệp đã đúng theo lịch hiện có." in text_of(shown)
    assert list(CalendarDay.objects.values_list("date", "is_working", "reason", "notice_number", "swapped_with")) == [
        (date(2024, 5, 2), False, "Nghỉ hoán đổi", "12-TB/TU", date(2024, 5, 11)),
        (date(2024, 5, 11), True, "Làm bù", "12-TB/TU", date(2024, 5, 2)),
    ]
    assert list(CalendarYear.objects.values_list("year", "announced", "notice_number")) == [(2024, True, "5000/TB")]
    assert again.status_code == 200
    assert "Không có gì thay đổi: lịch đã đúng như vậy." in text_of(again)


def test_a_csv_file_with_semicolons_is_read_as_well(admin, client):
    lines = [";".join(HEAD), *(";".join(row) for row in SWAP_ROWS)]

    shown = send(client, "\r\n".join(lines).encode("utf-8-sig"), "lich.csv")

    assert "11/5/2024 (Thứ Bảy): làm việc – Làm bù, làm bù cho ngày 02/5/2024 (văn bản số 12-TB/TU)" in text_of(shown)


@pytest.mark.parametrize("year", [2024, 2027])
def test_the_file_of_a_year_brought_back_unchanged_changes_nothing(admin, client, year):
    CalendarDay.objects.create(date=date(year, 6, 3), is_working=False, reason="Đại hội", notice_number="1-TB/TU")

    content = client.get(f"{PAGE}nam/{year}/tep.xlsx").content
    shown = send(client, content, year=str(year))

    assert shown.status_code == 200
    assert "Không có gì thay đổi: lịch đã đúng như vậy." in text_of(shown)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["32/5/2024", "Nghỉ", "Lễ"], "Lịch làm việc, dòng 2 A (Ngày) 32/5/2024 Không có ngày “32/5/2024” trong lịch. Viết ngày/tháng/năm, ví dụ 07/5/2024."),
        (["02/5/24", "Nghỉ", "Lễ"], "A (Ngày) 02/5/24 “02/5/24” viết năm hai chữ số nên không rõ. Viết đủ năm, ví dụ 07/5/2024."),
        ([None, "Nghỉ", "Lễ"], "A (Ngày) (trống) Thiếu ngày. dd/mm/yyyy."),
        (["02/5/2024", "có", "Lễ"], "B (Nghỉ hay làm việc) có Không rõ “có” là nghỉ hay làm việc. Ghi Nghỉ hoặc Làm việc."),
        (["02/5/2024", "Nghỉ", None], "C (Lý do) (trống) Thiếu lý do. Ví dụ Tết Nguyên Đán, Làm bù."),
        (["02/5/2024", "Nghỉ", "Lễ" * 101], "Dài 202 chữ, quá giới hạn. Nhiều nhất 200 chữ."),
        (["02/5/2025", "Nghỉ", "Lễ"], "A (Ngày) 02/5/2025 Ngày 02/5/2025 không thuộc năm 2024. Chỉ ghi các ngày của năm 2024."),
        (["02/5/2024", "Nghỉ", "Lễ", None, "02/5/2024"], "E (Hoán đổi với) 02/5/2024 Một ngày không hoán đổi với chính nó."),
        (["02/5/2024", "Nghỉ", "Lễ", None, "mai"], "E (Hoán đổi với) mai “mai” không phải là ngày."),
        (["02/5/1890", "Nghỉ", "Lễ"], "Năm 1890 nằm ngoài lịch. Năm từ 1995 đến 2099."),
    ],
)  # fmt: skip
def test_an_error_in_a_file_names_row_column_value_and_what_would_be_right(admin, client, row, told):
    response = send(client, sheet([row]))

    assert response.status_code == 422
    assert told in text_of(response)


def test_a_day_that_stands_twice_in_a_file_differently_is_an_error(admin, client):
    response = send(client, sheet([["02/5/2024", "Nghỉ", "Lễ"], ["02/5/2024", "Nghỉ", "Khác"]]))

    assert "Lịch làm việc, dòng 3 A (Ngày) 02/5/2024 Ngày này đã ghi khác ở một dòng trên." in text_of(response)


def test_half_a_swap_in_a_file_is_refused_with_a_sentence(admin, client):
    response = send(client, sheet(SWAP_ROWS[:1]))

    assert response.status_code == 422
    assert "Ngày 02/5/2024 (nghỉ) hoán đổi với ngày 11/5/2024" in text_of(response)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"khong phai tep", "lich.xlsx", "Nội dung của tệp “lich.xlsx” không đúng với đuôi “.xlsx”."),
        (sheet([["a"]], head=["Cột lạ"]), "lich.xlsx", "Không nhận ra trang nào trong tệp"),
        (b"", "lich.xlsx", "Tệp này trống."),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(admin, client, content, name, sentence):
    response = send(client, content, name)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_a_notice_with_weekdays_before_the_days_is_read(admin, client):
    shown = send(client, sheet([["Thứ Năm, ngày 02/5/2024", "Nghỉ bù", "Nghỉ thêm", None, None]]))

    assert "02/5/2024 (Thứ Năm): nghỉ – Nghỉ thêm" in text_of(shown)
