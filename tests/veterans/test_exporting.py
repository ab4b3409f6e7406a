"""The list as a file: watermark, rights, a second confirmation, nothing that computes, gone after a day."""

import io
from datetime import date

import openpyxl
import pytest

from records import jobs_runner
from records.models import AuditEvent, Job
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY, logged_words
from units.models import Membership
from veterans import gratitude, people
from veterans.enums import Category
from veterans.gifts import Given
from veterans.models import Person
from veterans.protection import exporting, jobs, requests

pytestmark = pytest.mark.django_db

EXPORT = "/so-tri-an/xuat/"
SECRETS = {"id_number": "062030000123", "health": "limited", "relative_phone": "0950000001", "phone": "0950000002"}
WATERMARK = "Người xuất: Nguyễn Văn Mttq · 09:00 15/4/2024 · Mục đích: lập kế hoạch thăm hỏi"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def give_right(user):
    Membership.objects.filter(user=user).update(may_export_sensitive=True)


def asked(client, user, **data):
    """The job after the page was asked, run by a worker."""
    client.force_login(user)
    answer = client.post(EXPORT, {"purpose": "plan_visits", **data})
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("pk")
    jobs_runner.run(job.pk, now=NOW)
    return Job.objects.get(pk=job.pk)


def book_of(job):
    return openpyxl.load_workbook(io.BytesIO(job.result_file.open_plain().read()))


def rows_of(job):
    return [list(row) for row in book_of(job).active.iter_rows(values_only=True)]


def test_the_watermark_stands_on_the_sheet_and_in_the_print_header(client, add, land):
    add()
    book = book_of(asked(client, land.of_province))
    for sheet in book:
        assert [sheet["A1"].value, sheet["A2"].value] == ["Danh sách tri ân", WATERMARK]
        assert sheet.oddHeader.center.text == WATERMARK
        assert "hủy khi xong" in sheet.oddFooter.center.text
        assert sheet.print_title_rows == "$3:$3"


def test_without_the_second_right_no_sensitive_column_can_be_asked_for(client, add, land):
    add(**SECRETS)
    page = client.get(EXPORT) if client.force_login(land.of_province) is None else None
    assert "Kèm thông tin nhạy cảm" not in page.content.decode()
    job = asked(client, land.of_province, kinds=["id_number", "health"], confirmed="1")
    text = str(rows_of(job))
    assert [word for word in (*SECRETS.values(), "Đi lại hạn chế", "0620", "0950") if word in text] == []
    assert AuditEvent.objects.get(verb="registry.exported").data == {"count": 1, "purpose": "plan_visits"}


def test_with_the_right_a_second_confirmation_is_asked_before_anything_is_written(client, add, land):
    add(**SECRETS)
    give_right(land.of_province)
    client.force_login(land.of_province)
    page = client.post(EXPORT, {"purpose": "plan_visits", "kinds": ["health"]}).content.decode()
    assert "Tệp sẽ có thông tin nhạy cảm của 1 người" in page
    assert Job.objects.count() == 0


def test_confirmed_sensitive_columns_are_written_and_logged_by_name(client, add, land):
    add(**SECRETS)
    give_right(land.of_province)
    rows = rows_of(asked(client, land.of_province, kinds=["health", "relative_phone"], confirmed="1"))
    assert rows[2][-2:] == ["Sức khỏe", "Điện thoại người thân"]
    assert rows[3][-2:] == ["Đi lại hạn chế", "0950000001"]
    event = AuditEvent.objects.get(verb="registry.exported")
    assert event.data == {"count": 1, "purpose": "plan_visits", "fields": ["sức khỏe", "điện thoại người thân"]}
    assert [word for word in ("0950", "A Thút") if word in logged_words()] == []


def test_the_right_reaches_as_far_as_its_area_and_is_asked_again_when_the_file_is_written(client, add, land):
    add("A Gần", land.hring, **SECRETS)
    add("A Xa", land.rokoi, **SECRETS)
    Membership.objects.filter(user=land.of_province).update(area=land.near, may_export_sensitive=True)
    Membership.objects.create(user=land.of_province, role="registrar", area=land.far)
    rows = rows_of(asked(client, land.of_province, kinds=["phone"], confirmed="1"))
    assert {row[1]: row[-1] for row in rows[3:]} == {"A Gần": "0950000002", "A Xa": None}

    client.post(EXPORT, {"purpose": "plan_visits", "kinds": ["phone"], "confirmed": "1"})
    Membership.objects.filter(user=land.of_province).update(may_export_sensitive=False)
    job = Job.objects.latest("pk")
    jobs_runner.run(job.pk, now=NOW)
    assert "0950000002" not in str(rows_of(Job.objects.get(pk=job.pk)))


def test_money_never_stands_in_the_file(client, add, land):
    person = add(**SECRETS)
    given = Given(land.sources["province"], money=7_654_321, goods="Sữa")
    gratitude.record_visit(person, on=date(2024, 4, 1), unit=land.unit, gifts=[given], by=land.of_province, now=NOW)
    give_right(land.of_province)
    text = str(rows_of(asked(client, land.of_province, kinds=list(SECRETS), confirmed="1")))
    assert [word for word in ("7654321", "7.654.321", "đồng)", "tiền") if word in text] == []
    assert [head for head, _, _ in exporting.COLUMNS if "tiền" in head.lower() or "quà" in head.lower()] == []


def test_only_the_own_areas_stand_in_the_file_and_nobody_who_objected_was_removed_or_erased(client, add, land):
    add("A Gần", land.hring)
    add("A Xa", land.rokoi)
    objected, removed = add("A Phản Đối", land.hring), add("A Bỏ", land.hring)
    asked_for = requests.receive(
        objected, kind="object", asked_by="Chính người đó", received_on=TODAY, by=land.of_near, now=NOW
    )
    requests.carry_out(asked_for, by=land.of_near, now=NOW)
    people.take_off(removed, reason="Trùng", by=land.of_near, now=NOW)
    assert [row[1] for row in rows_of(asked(client, land.of_near))[3:]] == ["A Gần"]


def test_the_filter_narrows_and_stands_in_the_head(client, add, land):
    add("A Một", land.hring)
    add("A Hai", land.hamon)
    add("A Ba", land.hring, categories={Category.MARTYR_RELATIVE: ("Bằng", "1")})
    rows = rows_of(asked(client, land.of_near, area=land.hring.pk, category="martyr_relative"))
    assert rows[2][0] == "Địa bàn: Xã Đăk Hring · Đối tượng: Thân nhân liệt sĩ"
    assert [row[1] for row in rows[4:]] == ["A Ba"]


def test_nothing_typed_computes(client, add, land):
    add("=HYPERLINK(A1) A", hamlet="+84", other_name="@SUM(1)")
    sheet = book_of(asked(client, land.of_near)).active
    cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}


@pytest.mark.parametrize("data", [{"purpose": ""}, {"purpose": "x"}, {"purpose": "plan_visits", "area": "999999"}])
def test_without_a_purpose_or_with_a_foreign_area_no_file_is_made(client, add, land, data):
    add()
    client.force_login(land.of_near)
    assert client.post(EXPORT, data).status_code == 422
    assert Job.objects.count() == 0


@pytest.mark.parametrize("who", ["office", "reader", "reporter", "administrator"])
def test_only_registrars_export(client, land, who):
    client.force_login(getattr(land, who))
    assert [client.get(EXPORT).status_code, client.post(EXPORT, {"purpose": "plan_visits"}).status_code] == [403, 403]


def test_the_file_lies_sealed_and_is_emptied_a_day_later(client, add, land, django_capture_on_commit_callbacks):
    add("A Canari")
    job = asked(client, land.of_near)
    stored = job.result_file
    assert stored.is_sealed
    assert jobs.forget_exports(now=at("2024-04-16", "08:59")) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.forget_exports(now=at("2024-04-16", "09:01")) == 1
    assert not stored.file.storage.exists(stored.file.name)
    assert jobs.forget_exports(now=at("2024-04-17")) == 0


def test_a_chunk_of_people_costs_four_statements(add, land, django_assert_num_queries):
    for number in range(3):
        add(f"A {number}", birth_year=1920 + number, **SECRETS)
    mark = exporting.Mark(by="x", at=NOW, purpose="y", demo=False)
    found = exporting.chosen(Person.objects.visible_to(land.of_province), {})
    with django_assert_num_queries(4):
        _, count = exporting.workbook(found, mark=mark, kinds=["phone"], may_open=lambda person: True)
    assert count == 3
