"""Tệp của tôi: what the person asked for, until when it is kept, and that it is gone afterwards."""

from datetime import date

import pytest

from records import own_files
from records.models import AuditEvent, Job
from records.results import keep_file
from tests.factories import at, make_office_user, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


def job_of(user, *, kind="sheet", day="2024-04-15", title="Xuất Excel: Phần việc", state="done", content=b"PK") -> Job:
    done = state == "done"
    finished = state not in ("queued", "running")
    return Job.objects.create(
        kind=kind,
        title=title,
        state=state,
        started_by=user,
        created_at=at(day),
        finished_at=at(day) if finished else None,
        result_file=keep_file(content, "phan-viec.xlsx", "x", by=user, now=at(day)) if done else None,
    )


def page(client) -> str:
    return " ".join(client.get("/tep-cua-toi/").content.decode().split())


def test_the_page_shows_ones_own_files_newest_first_and_nobody_elses(client, office):
    job_of(office, title="Cũ", day="2024-04-12")
    job_of(office, title="Mới")
    job_of(make_user("khac"), title="Của người khác")

    body = page(client)

    assert "Của người khác" not in body
    assert 0 < body.index("Mới") < body.index("Cũ")
    assert "giữ đến 08:00 15/5/2024" in body


def test_work_that_makes_no_file_for_its_owner_is_not_among_them(client, office):
    job_of(office, kind="units_import", title="Nhập đơn vị")

    assert "Chưa có tệp nào" in page(client)


@pytest.mark.parametrize(
    ("state", "words", "buttons"),
    [
        ("queued", "Đang chờ", "/huy/"),
        ("running", "Đang chạy", "/huy/"),
        ("done", "giữ đến", "/xoa/"),
        ("failed", "Không xong", ""),
        ("cancelled", "Đã hủy", ""),
    ],
)
def test_each_state_has_its_words_and_its_button(client, office, state, words, buttons):
    job_of(office, state=state)

    body = page(client)

    assert words in body
    assert [sign for sign in ("/huy/", "/xoa/") if sign in body] == ([buttons] if buttons else [])


def test_a_file_is_taken_away_after_thirty_days_and_the_page_says_so(
    client, office, django_capture_on_commit_callbacks
):
    old, kept = job_of(office, day="2024-03-15"), job_of(office, day="2024-03-17")

    with django_capture_on_commit_callbacks(execute=True):
        assert own_files.forget(now=at("2024-04-15", "08:01")) == 1

    old.refresh_from_db()
    kept.refresh_from_db()
    assert (old.result_file.size, kept.result_file.size) == (0, 2)
    assert old.result_file.file.storage.exists(old.result_file.file.name) is False
    assert "Tệp đã xóa" in page(client)
    assert own_files.forget(now=at("2024-04-15", "08:01")) == 0


@pytest.mark.parametrize(
    ("kind", "after", "gone"),
    [
        ("sheet", "2024-05-15", 0),
        ("sheet", "2024-05-16", 1),
        ("matrix_xlsx", "2024-05-16", 1),
        ("registry_export", "2024-04-16", 0),
        ("registry_export", "2024-04-17", 1),
        ("registry_plan_names", "2024-04-17", 1),
        ("registry_paper", "2024-04-17", 1),
        ("units_export", "2024-05-16", 1),
        ("units_import", "2030-01-01", 0),
        ("registry_read", "2030-01-01", 0),
    ],
)
def test_each_kind_is_kept_as_long_as_its_room_says(office, kind, after, gone):
    job_of(office, kind=kind)

    assert own_files.forget(now=at(after)) == gone


def test_the_owner_takes_a_file_away_before_its_time(client, office, django_capture_on_commit_callbacks):
    job = job_of(office)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/tep-cua-toi/{job.pk}/xoa/", follow=True)

    job.refresh_from_db()
    assert (job.result_file.size, "Đã xóa tệp" in answer.content.decode()) == (0, True)
    assert AuditEvent.objects.filter(verb="file.own_removed", actor=office).count() == 1
    assert client.get(f"/tep/{job.result_file_id}/").status_code == 404


def test_a_file_that_is_gone_already_is_said_to_be(client, office):
    job = job_of(office)
    client.post(f"/tep-cua-toi/{job.pk}/xoa/")

    answer = client.post(f"/tep-cua-toi/{job.pk}/xoa/", follow=True)

    assert "đã được xóa trước đó" in answer.content.decode()
    assert AuditEvent.objects.filter(verb="file.own_removed").count() == 1


@pytest.mark.parametrize("kind", ["sheet", "units_import"])
def test_nobody_takes_away_what_is_not_theirs_or_no_copy(client, office, kind):
    job = job_of(make_user("khac") if kind == "sheet" else office, kind=kind)

    answer = client.post(f"/tep-cua-toi/{job.pk}/xoa/")

    job.refresh_from_db()
    assert (answer.status_code, job.result_file.size) == (404, 2)


def test_the_page_costs_the_same_number_of_statements_at_any_size(client, office, django_assert_max_num_queries):
    for _ in range(30):
        job_of(office)

    with django_assert_max_num_queries(10):
        assert client.get("/tep-cua-toi/?page=-1").status_code == 200


def test_the_menu_of_a_person_leads_there(client, office):
    assert '<a href="/tep-cua-toi/">Tệp của tôi</a>' in client.get("/tep-cua-toi/").content.decode()
