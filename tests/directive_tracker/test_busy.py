"""A database that does not answer: a clear page, what was typed still there, and no fault of the server."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from directive_tracker.logs import AwayIsNoFault
from directive_tracker.outages import is_database_away
from tests.factories import make_office_user
from tests.services import free_port

handler500 = "directive_tracker.middleware_busy.server_error"
SENTENCE = "Hệ thống đang bận, xin thử lại sau ít giây"
ends_left = [0]


def end_own_session(request: HttpRequest) -> HttpResponse:
    """Lose the connection in the middle of the page, as often as the test says."""
    if ends_left[0]:
        ends_left[0] -= 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    request.POST.get("note")
    return HttpResponse(f"xong, {request.user}")


def write(request: HttpRequest) -> HttpResponse:
    """Write a row."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE moi (so int)")
    return HttpResponse("xong")


def ask_wrongly(request: HttpRequest) -> HttpResponse:
    """A page with a mistake in its statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT khong_co FROM khong_co_bang")
    return HttpResponse("xong")


def wait_too_long(request: HttpRequest) -> HttpResponse:
    """A statement that is stopped for its own length."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(1)")
    return HttpResponse("xong")


urlpatterns = [
    path("ngat/", end_own_session),
    path("api/v1/ghi/", write),
    path("ghi/", write),
    path("sai/", ask_wrongly),
    path("lau/", wait_too_long),
    path("", include("directive_tracker.urls")),
]


@pytest.fixture(autouse=True)
def _own_pages(settings) -> None:
    settings.ROOT_URLCONF = __name__
    ends_left[0] = 0


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def nobody_answers(transactional_db) -> Iterator[None]:
    """The database's port is closed, as after a crash; all tables are there again afterwards."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = free_port()
    yield
    connection.close()
    connection.settings_dict["PORT"] = port


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_page_whose_connection_dies_half_way_is_made_again(visitor):
    visitor.force_login(make_office_user())
    ends_left[0] = 1

    response = visitor.get("/ngat/")

    assert (response.status_code, response.content.decode()) == (200, "xong, Nguyễn Văn Vanphong")


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_page_that_loses_its_connection_twice_says_so(visitor):
    visitor.force_login(make_office_user())
    ends_left[0] = 2

    response = visitor.get("/ngat/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert SENTENCE in response.content.decode()
    assert visitor.get("/ngat/").status_code == 200


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_what_is_sent_is_never_repeated_by_us_and_comes_back_to_be_sent_again(visitor):
    visitor.force_login(make_office_user())
    ends_left[0] = 1

    response = visitor.post("/ngat/?muc=2", {"note": 'Đã xong <b>"80%"</b>', "do": "send", "tick": ["1", "2"]})

    page = response.content.decode()
    assert (response.status_code, ends_left[0]) == (503, 0)
    assert '<form method="post" action="/ngat/?muc=2">' in page
    assert 'name="note" value="Đã xong &lt;b&gt;&quot;80%&quot;&lt;/b&gt;"' in page
    assert page.count('name="tick"') == 2
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.pg
@pytest.mark.parametrize("address", ["/", "/thong-bao/", "/accounts/profile/"])
def test_a_signed_in_person_sees_the_page_while_nobody_answers(visitor, nobody_answers, address):
    visitor.cookies["sessionid"] = "phien-nao-do-dai-ba-muoi-hai-chu"

    response = visitor.get(address)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert SENTENCE in response.content.decode()


@pytest.mark.pg
def test_a_password_does_not_come_back(visitor, nobody_answers):
    response = visitor.post("/accounts/login/", {"username": "vanphong", "password": "mat-khau-thu"})

    assert response.status_code == 503
    assert "mat-khau-thu" not in response.content.decode()
    assert "Mật khẩu và mã xác thực không được giữ lại" in response.content.decode()


@pytest.mark.pg
def test_scripts_parts_of_pages_and_programs_are_told_in_their_own_form(visitor, nobody_answers):
    visitor.cookies["sessionid"] = "phien-nao-do-dai-ba-muoi-hai-chu"
    part = {"data": b"%PDF-", "content_type": "application/octet-stream"}

    draft = visitor.post("/ngat/", {"note": "a"}, headers={"X-Autosave": "1"})
    piece = visitor.post("/tep/tung-phan/1/?start=0", **part, headers={"X-Autosave": "1"})
    htmx = visitor.get("/thong-bao/", headers={"HX-Request": "true"})
    cells = visitor.post("/ngat/", {}, headers={"Accept": "application/json"})
    api = visitor.get("/api/v1/ghi/")

    assert [answer.status_code for answer in (draft, piece, htmx, cells, api)] == [503] * 5
    assert {answer.headers["Retry-After"] for answer in (draft, piece, htmx, cells, api)} == {"5"}
    assert json.loads(draft.content)["message"].startswith(SENTENCE)
    assert json.loads(cells.content)["words"].startswith(SENTENCE)
    assert "<" not in htmx.content.decode()
    assert (api.headers["Content-Type"], json.loads(api.content)["status"]) == ("application/problem+json", 503)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_server_that_only_reads_is_busy_and_the_next_request_asks_anew(visitor, settings):
    visitor.force_login(make_office_user())
    options = connection.settings_dict["OPTIONS"]
    kept = options["options"]
    connection.close()
    options["options"] = "-c default_transaction_read_only=on"
    try:
        refused = visitor.post("/ghi/", {"note": "a"})
    finally:
        options["options"] = kept
    taken = visitor.post("/ghi/", {"note": "a"})
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE moi")

    assert (refused.status_code, taken.status_code) == (503, 200)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_a_mistake_of_ours_stays_a_fault(visitor):
    wrong, long = visitor.get("/sai/"), visitor.get("/lau/")

    assert (wrong.status_code, long.status_code) == (500, 500)
    assert "Máy chủ gặp lỗi" in wrong.content.decode()


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_on_one_machine_a_mistake_stays_a_fault_and_a_lock_is_none(visitor, tmp_path):
    assert visitor.get("/sai/").status_code == 500
    assert is_database_away(_sqlite_error(tmp_path, "INSERT INTO a VALUES (1)")) is True
    assert is_database_away(_sqlite_error(tmp_path, "SELEC 1")) is False


def test_nothing_but_the_database_s_own_errors_counts():
    assert is_database_away(None) is False
    assert is_database_away(ValueError("connection refused")) is False
    assert is_database_away(ProgrammingError("no such column")) is False
    assert is_database_away(OperationalError("server closed the connection unexpectedly")) is True


def test_the_log_names_a_lost_database_in_one_line_and_a_fault_with_its_place():
    lost, fault = (
        logging.LogRecord("django.request", logging.ERROR, "", 1, "Internal Server Error: /", (), (type(e), e, None))
        for e in (OperationalError("gone"), ProgrammingError("wrong"))
    )
    for record in (lost, fault):
        AwayIsNoFault().filter(record)

    assert (lost.levelname, lost.exc_info) == ("WARNING", None)
    assert (fault.levelname, fault.exc_info is None) == ("ERROR", False)


def _sqlite_error(folder: Path, statement: str) -> OperationalError:
    """An error as SQLite makes it while somebody else writes, wrapped as Django does."""
    writer, other = (sqlite3.connect(folder / "a.sqlite3", timeout=0, isolation_level=None) for _ in range(2))
    writer.execute("CREATE TABLE IF NOT EXISTS a (b)")
    writer.execute("BEGIN EXCLUSIVE")
    with closing(writer), closing(other), pytest.raises(sqlite3.OperationalError) as caught:
        other.execute(statement)
    made = OperationalError(*caught.value.args)
    made.__cause__ = caught.value
    return made
