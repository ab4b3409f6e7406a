"""The pages of the import: who may, what they show, what they do."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directive_tracker import clock
from records import access as file_access
from records.models import AuditEvent, Job, StoredFile
from tests.admin_pages import person as one_with_role
from tests.factories import make_membership, make_office, make_unit, make_user
from tests.units.test_import_checking import deputy, person
from tests.units.workbooks import PEOPLE_HEAD, lists, upload, xlsx
from units import jobs
from units.importing import service
from units.models import ListImport, Membership, Role

pytestmark = pytest.mark.django_db
PAGE = "/don-vi/nhap/"


@pytest.fixture
def admin(client) -> User:
    user = make_user("quantri", full_name="Lê Quản Trị")
    make_membership(user, make_office(), Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def send(client: Client, content: bytes, name: str = "danh-sach.xlsx"):
    return client.post(PAGE, {"file": upload(content, name)}, follow=True)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


GOOD = {"people": [person(mail="moi@example.vn", role="reporter", unit="hu-dak-ha")]}
HALF = {"people": [*GOOD["people"], person("kem", "Kém", role="reporter", unit="Huyện ủy Đăk Hà")]}


@pytest.mark.parametrize("role", ["office", "reporter", "unit_head", "reader", "registrar", "nobody", "stranger"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "mau.xlsx"),
        ("post", "hien-co.xlsx"),
        ("get", "{pk}/"),
        ("post", "{pk}/nhap/"),
        ("post", "{pk}/kiem-tra-lai/"),
    ],
)
def test_only_administrators_come_in(role, method, path, admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    send(client, lists(**GOOD))
    found, other = ListImport.objects.get(), Client()
    user = one_with_role(role)
    if user:
        other.force_login(user)

    response = getattr(other, method)(PAGE + path.format(pk=found.pk))

    assert response.status_code == (302 if user is None else 403)
    assert "/accounts/login/" in response.get("Location", "/accounts/login/")
    assert User.objects.filter(username="moi").exists() is False


def test_the_first_page_explains_every_column(admin, client):
    page = text_of(client.get(PAGE))
    for words in ("Người và vai trò", "Duyệt qua lãnh đạo", "Có; Không", "Lãnh đạo đơn vị", "Huyện, thành phố"):
        assert words in page
    assert client.get(PAGE).headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_file_is_checked_shown_and_imported_by_a_second_step(admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    shown = send(client, lists(**GOOD))
    found = ListImport.objects.get()
    assert (shown.request["PATH_INFO"], User.objects.filter(username="moi").exists()) == (f"{PAGE}{found.pk}/", False)
    assert "moi – Cán bộ đầu mối – Huyện ủy Đắk Hà (hu-dak-ha)" in text_of(shown)

    done = client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest}, follow=True)

    assert "Đã nhập 2 dòng." in text_of(done)
    assert Membership.objects.get(user__username="moi").unit.code == "hu-dak-ha"
    event = AuditEvent.objects.get(verb="units.imported")
    assert (event.actor, event.data["count"], event.ip) == (admin, 2, "127.0.0.1")


def test_errors_are_shown_and_come_back_as_a_file(admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    page = text_of(send(client, lists(**HALF)))
    found = ListImport.objects.get()
    for words in ("1 lỗi cần sửa", "dòng 3", "F (Đơn vị)", "Có phải “Huyện ủy Đắk Hà” (mã hu-dak-ha)?"):
        assert words in page
    assert ">Nhập<" not in page

    response = client.get(reverse("records:file", args=[found.error_file.pk]))
    assert response.headers["Content-Disposition"].endswith("danh-sach%20%E2%80%93%20l%E1%BB%97i.xlsx")


def test_all_or_nothing_unless_the_right_rows_alone_are_asked_for(admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    send(client, lists(**HALF))
    found = ListImport.objects.get()

    refused = client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest}, follow=True)
    made = User.objects.filter(username="moi").exists()
    client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest, "only_right": "1"})

    assert ("Tệp còn lỗi nên chưa nhập gì." in text_of(refused), made) == (True, False)
    assert sorted(User.objects.values_list("username", flat=True)) == ["moi", "quantri"]


def test_the_stored_files_are_for_administrators_alone(admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    send(client, lists(**HALF))
    second = make_user("quantri2")
    make_membership(second, make_office(), Role.ADMINISTRATOR)
    office, ended = one_with_role("office"), make_user("quantri3")
    make_membership(ended, make_office(), Role.ADMINISTRATOR, valid_to="2024-01-01")

    files = list(StoredFile.objects.order_by("pk"))

    assert len(files) == 2
    assert [file_access.may_see(user, stored) for stored in files for user in (admin, second, office, ended)] == [
        True,
        True,
        False,
        False,
    ] * 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04", "x.xlsx", "Không đọc được tệp “x.xlsx”"),
        (b"%PDF-1.4", "x.pdf", "Không nhận tệp “x.pdf”. Chỉ nhận các loại tệp: csv, ods, xls, xlsx."),
        (xlsx({"A": [["x"], ["y"]]}), "x.xlsx", "Không nhận ra trang nào trong tệp."),
        (xlsx({"A": [["TỐI MẬT"], PEOPLE_HEAD, ["dakha", "Hoa"]]}), "x.xlsx", "có dấu “TỐI MẬT”"),
        (b"", "x.csv", "Tệp này trống."),
    ],
)
def test_what_cannot_be_taken_is_told_and_not_kept(content, name, sentence, admin, client):
    response = send(client, content, name)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert (StoredFile.objects.count(), ListImport.objects.count()) == (0, 0)


def test_no_file_at_all_is_told(admin, client):
    response = client.post(PAGE)
    assert (response.status_code, "Hãy chọn tệp." in text_of(response)) == (422, True)


def test_the_same_file_not_yet_imported_is_taken_up_again(admin, client):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    content = lists(**GOOD)
    send(client, content)
    send(client, content)
    assert (ListImport.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_what_changed_since_the_check_is_shown_again_before_anything_is_written(admin, client):
    unit = make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    send(client, lists(**GOOD))
    found = ListImport.objects.get()
    make_membership(make_user("moi", full_name="Người Khác"), unit, Role.OFFICE)

    page = text_of(client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest}, follow=True))

    assert "Dữ liệu đã thay đổi từ lúc kiểm tra" in page
    assert "Người Khác</del> → Phạm Văn Mới" in page
    assert User.objects.get(username="moi").full_name == "Người Khác"


def test_the_current_state_is_handed_out_and_that_is_written_down(admin, client):
    response = client.post(f"{PAGE}hien-co.xlsx")
    assert (response.headers["Content-Type"], response.content[:2]) == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK",
    )
    event = AuditEvent.objects.get(verb="units.exported")
    assert (event.actor, event.data) == (admin, {"count": 3})
    assert client.get(f"{PAGE}hien-co.xlsx").status_code == 405


def test_what_is_not_there_is_404(admin, client):
    assert client.get(f"{PAGE}999/").status_code == 404
    assert client.post(f"{PAGE}999/nhap/").status_code == 404


def test_a_long_file_is_checked_and_imported_by_jobs(admin, client, monkeypatch):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    monkeypatch.setattr(service, "ROWS_IN_REQUEST", 0)
    page = text_of(send(client, lists(**GOOD)))
    found = ListImport.objects.get()
    check = Job.objects.get()
    assert ("Đang kiểm tra…" in page, found.state, check.kind) == (True, "waiting", "units_check")

    jobs.lists(check.pk)
    assert "Sẽ tạo (2)" in text_of(client.get(f"{PAGE}{found.pk}/"))
    found.refresh_from_db()
    client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest})
    client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest})
    apply = Job.objects.exclude(pk=check.pk).get()
    jobs.lists(apply.pk)

    found.refresh_from_db()
    assert (found.state, found.applied_by, Job.objects.filter(state="done").count()) == ("applied", admin, 2)
    assert User.objects.filter(username="moi").count() == 1


def test_a_job_of_somebody_who_administrates_no_more_imports_nothing(admin, client, monkeypatch):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    send(client, lists(**GOOD))
    found = ListImport.objects.get()
    monkeypatch.setattr(service, "ROWS_IN_REQUEST", 0)
    client.post(f"{PAGE}{found.pk}/nhap/", {"digest": found.digest})
    other = make_user("quantri2")
    make_membership(other, make_office(), Role.ADMINISTRATOR)
    admin.memberships.update(valid_from="1900-01-01", valid_to="2001-01-01")

    jobs.lists(Job.objects.get().pk)

    client.force_login(other)
    assert User.objects.filter(username="moi").exists() is False
    assert "Người yêu cầu không còn là quản trị hệ thống." in text_of(client.get(f"{PAGE}{found.pk}/"))


def test_a_job_that_was_stopped_leaves_a_file_that_can_be_checked_again(admin, client, monkeypatch):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    monkeypatch.setattr(service, "ROWS_IN_REQUEST", 0)
    send(client, lists(**GOOD))
    found = ListImport.objects.get()
    Job.objects.update(state="cancelled", finished_at=clock.now())
    monkeypatch.setattr(service, "ROWS_IN_REQUEST", 10)

    stopped = text_of(client.get(f"{PAGE}{found.pk}/"))
    again = text_of(client.post(f"{PAGE}{found.pk}/kiem-tra-lai/", follow=True))

    assert ("Việc bị dừng giữa chừng" in stopped, "Sẽ tạo (2)" in again) == (True, True)


# --- the command --------------------------------------------------------------------------------


def run(path, *options: str) -> dict:
    out = StringIO()
    call_command("import_people", str(path), *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.fixture
def file_of(tmp_path):
    def write(content: bytes, name: str = "danh-sach.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_the_command_checks_and_imports_on_demand(admin, file_of):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    path = file_of(lists(**GOOD))
    figures = {
        "persons": {"create": 1, "update": 0, "same": 0, "error": 0},
        "roles": {"create": 1, "update": 0, "same": 0, "error": 0},
    }
    assert run(path) == {"applied": False, "sheets": figures, "errors": [], "remarks": []}
    assert (User.objects.count(), StoredFile.objects.count()) == (1, 0)
    assert run(path, "--apply", "--by", "quantri") == {"applied": True, "sheets": figures, "errors": [], "remarks": []}
    assert run(path, "--apply")["applied"] is False
    assert AuditEvent.objects.get(verb="units.imported").actor == admin


def test_the_command_tells_errors_and_ends_well(admin, file_of):
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha")
    answer = run(file_of(lists(**HALF)), "--apply")
    assert (answer["applied"], User.objects.filter(username="moi").exists()) == (False, False)
    assert answer["errors"] == [
        {
            "sheet": "Người và vai trò",
            "row": 3,
            "letter": "F",
            "header": "Đơn vị",
            "value": "Huyện ủy Đăk Hà",
            "wrong": "Không có đơn vị “Huyện ủy Đăk Hà”.",
            "right": "Có phải “Huyện ủy Đắk Hà” (mã hu-dak-ha)?",
            "column": "F (Đơn vị)",
        }
    ]
    assert run(file_of(lists(**HALF)), "--apply", "--only-right")["applied"] is True


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"PK\x03\x04", ()),
        (xlsx({"A": [["MẬT"], PEOPLE_HEAD, ["dakha", "Hoa"]]}), ()),
        (lists(deputies=[deputy()]), ("--by", "khong-co")),
        (None, ()),
    ],
)
def test_the_command_refuses_with_exit_code_2(content, options, file_of, tmp_path):
    path = file_of(content) if content else tmp_path / "khong-co.xlsx"
    with pytest.raises(CommandError) as refusal:
        run(path, *options)
    assert refusal.value.returncode == 2
