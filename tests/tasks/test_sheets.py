"""The lists of the tasks room as Excel files: what the page shows, all of it, and nothing else."""

from datetime import date, datetime

import pytest

from records import sheets
from records.jobs import run_sheet
from records.models import AuditEvent, Job, StoredFile
from tests.factories import (
    at,
    make_assignment,
    make_directive,
    make_office_user,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.sheets import ask, columns, table
from tests.tasks.test_listing import many
from units.models import Membership

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
WORK = ("Mã việc", "Việc", "Đơn vị", "Tình trạng", "Hạn hiện nay", "Số ngày quá hạn")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 08:00; files lie in a folder of the test."""
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


def small_world():
    """Three works of two units with the names that make trouble."""
    directive = make_directive(short_title="Kế hoạch <70> & năm")
    first = make_task(directive, "1a.1", title="=SUM(A1) tuyên truyền", short_title="Tuyên truyền")
    second = make_task(directive, "1b", title="x" * 300, short_title="Phối hợp")
    dak_ha, moi = make_unit("Huyện ủy <Đắk Hà> & xã"), make_unit("@Tỉnh đoàn")
    make_assignment(first, dak_ha, due=date(2024, 4, 10), state="in_progress")
    make_assignment(first, moi, due=None, state="assigned")
    make_assignment(second, dak_ha, due=date(2024, 4, 19), state="completed", completed_on=date(2024, 4, 12))
    return directive, dak_ha, moi


# --- the list of assignments ----------------------------------------------------------------------------------------------


def test_the_list_of_assignments_is_handed_over_as_it_stands_on_the_page(client, office):
    small_world()

    answer = ask(client, "phan-viec")

    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    assert answer["Content-Disposition"] == 'attachment; filename="phan-viec-cua-cac-don-vi-20240415.xlsx"'
    assert columns(answer.content, *WORK) == [
        ("1a.1", "=SUM(A1) tuyên truyền", "Huyện ủy <Đắk Hà> & xã", "Đang làm", datetime(2024, 4, 10), 5),
        ("1b", "x" * 300, "Huyện ủy <Đắk Hà> & xã", "Xong", datetime(2024, 4, 19), None),
        ("1a.1", "=SUM(A1) tuyên truyền", "@Tỉnh đoàn", "Mới giao", None, None),
    ]


def test_the_file_holds_just_what_the_filters_of_the_page_leave_and_names_them(client, office):
    directive, dak_ha, _ = small_world()

    answer = ask(client, "phan-viec", f"directive={directive.pk}&unit={dak_ha.pk}&word=doing&q=tuyen+truyen&page=7")

    assert columns(answer.content, "Mã việc", "Đơn vị") == [("1a.1", "Huyện ủy <Đắk Hà> & xã")]
    assert table(answer.content)[0] == [
        "Phần việc của các đơn vị",
        "Số liệu lúc 08:00 15/4/2024 · Lọc theo: Tìm việc, đơn vị: tuyen truyen; Văn bản: Kế hoạch <70> & năm; "
        "Đơn vị: Huyện ủy <Đắk Hà> & xã; Tình trạng: Đang làm",
    ]


def test_a_filter_that_means_nothing_is_left_out_as_on_the_page(client, office):
    small_world()

    answer = ask(client, "phan-viec", "word=vo-ly&timeliness=%00&directive=99999999999999999999&q=%00&due=31/2/2024")

    assert len(columns(answer.content, "Mã việc")) == 3


def test_the_rows_of_the_file_are_the_rows_of_all_pages(client, office):
    many(60)
    pages = [client.get(f"/phan-viec/?page={number}") for number in (1, 2, 3)]

    answer = ask(client, "phan-viec")

    shown = [(row.assignment.unit.short_name,) for page in pages for row in page.context["rows"]]
    assert columns(answer.content, "Đơn vị") == shown
    assert (len(shown), shown[0], shown[59]) == (60, ("Đơn vị 0",), ("Đơn vị 59",))


def test_a_unit_gets_its_own_work_and_nobody_elses(client):
    _, dak_ha, _ = small_world()
    client.force_login(make_reporter(dak_ha))

    answer = ask(client, "phan-viec")

    assert columns(answer.content, "Đơn vị") == [("Huyện ủy <Đắk Hà> & xã",)] * 2


def test_the_log_says_who_took_which_list_along_and_not_what_was_typed(client, office):
    small_world()

    ask(client, "phan-viec", "q=nguyen+van+a&word=doing")

    event = AuditEvent.objects.get(verb="export.list")
    assert (event.actor, event.data) == (
        office,
        {
            "count": 0,
            "file": "phan-viec-cua-cac-don-vi-20240415.xlsx",
            "list": "Phần việc của các đơn vị",
            "filter": "Tìm việc, đơn vị; Tình trạng: Đang làm",
        },
    )


def test_the_button_on_the_page_carries_the_filters_but_not_the_page_number(client, office):
    many(60)

    body = client.get("/phan-viec/?role=lead&q=dak+%26&page=2").content.decode()
    body += client.get("/phan-viec/?role=lead&page=2").content.decode()

    assert 'action="/xuat-excel/phan-viec/"' in body
    assert 'name="loc" value="role=lead"' in body


# --- long lists -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch):
    """Everything over two rows is long."""
    monkeypatch.setattr(sheets, "AT_ONCE", 2)


@pytest.fixture
def bells(monkeypatch):
    """What was rung for, instead of a worker."""
    rung = []
    monkeypatch.setattr("directive_tracker.ringing.ring", lambda name, args: rung.append((name, args)))
    return rung


def run(job: Job) -> Job:
    run_sheet(job.pk)
    job.refresh_from_db()
    return job


def test_a_long_list_is_written_by_a_job_and_waits_among_the_own_files(
    client, office, long, bells, django_capture_on_commit_callbacks
):
    small_world()

    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(client, "phan-viec", "role=lead")
    job = run(Job.objects.get())

    assert answer["Location"] == f"/viec-nen/{job.pk}/"
    assert bells == [("records.make_sheet", [job.pk])]
    assert (job.title, job.state, job.done, job.total) == ("Xuất Excel: Phần việc của các đơn vị", "done", 3, 3)
    assert job.result_file.original_name == "phan-viec-cua-cac-don-vi-20240415.xlsx"
    assert len(columns(job.result_file.file.open("rb").read(), "Mã việc")) == 3
    assert "Xuất Excel: Phần việc của các đơn vị" in client.get("/tep-cua-toi/").content.decode()


def test_rights_count_at_the_moment_at_which_the_list_is_written(client, long, bells):
    _, dak_ha, _ = small_world()
    make_assignment(make_task(make_directive()), dak_ha)
    reporter = make_reporter(dak_ha)
    client.force_login(reporter)
    ask(client, "phan-viec")
    Membership.objects.filter(user=reporter).update(valid_to=date(2024, 4, 14))

    job = run(Job.objects.get())

    assert (job.state, job.done) == ("done", 0)
    assert columns(job.result_file.file.open("rb").read(), "Mã việc") == []


def test_a_list_that_is_not_the_persons_any_more_is_not_written_and_the_job_says_so(
    client, office, long, bells, monkeypatch
):
    small_world()
    Membership.objects.filter(user=office).update(valid_to=date(2024, 4, 14))
    job = Job.objects.create(
        kind="sheet",
        title="Xuất Excel: Việc quá hạn",
        arguments={"list": "don-doc", "filter": ""},
        started_by=office,
        created_at=at(TODAY),
    )

    job = run(job)

    assert (job.state, job.message, StoredFile.objects.count()) == (
        "failed",
        "Anh/chị không còn quyền xem danh sách này, nên tệp không được tạo.",
        0,
    )


def test_what_a_database_cannot_keep_of_an_address_is_carried_along_all_the_same(client, office, long, bells):
    small_world()

    answer = ask(client, "phan-viec", "q=\x00&word=\ud83d".encode("utf-8", "replace").decode())

    assert answer.status_code == 302
    assert run(Job.objects.get()).state == "done"


@pytest.mark.parametrize("key", ["khong-co", "phan-viec-2"])
def test_a_list_that_is_none_does_not_exist(client, office, key):
    assert ask(client, key).status_code == 404


@pytest.mark.parametrize("size", [5, 405])
def test_a_list_costs_the_same_number_of_statements_at_any_size(client, office, size, django_assert_num_queries):
    many(size)
    ask(client, "phan-viec")

    with django_assert_num_queries(8):
        answer = ask(client, "phan-viec")

    assert len(columns(answer.content, "Mã việc")) == size


def test_somebody_without_a_role_gets_an_empty_list(client):
    small_world()
    client.force_login(make_user("khong-vai-tro"))

    assert columns(ask(client, "phan-viec").content, "Mã việc") == []
