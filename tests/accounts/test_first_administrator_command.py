"""How an empty server begins: manage.py first_administrator."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.management.commands.first_administrator import Command
from accounts.models import User
from records.models import AuditEvent
from tests.factories import make_user
from units.models import Membership, Unit

pytestmark = pytest.mark.django_db
OPTIONS = {
    "username": "Lan",
    "full_name": "Trần Thị Lan",
    "email": "lan@example.vn",
    "office": "Văn phòng Tỉnh ủy Kon Tum",
}


@pytest.fixture(autouse=True)
def server(settings) -> None:
    settings.EMBEDDED = False


def begin(monkeypatch, password: str = "con duong xanh 1954", **changed: str) -> str:
    """Run the command with the password on its input; what it said."""
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("first_administrator", stdout=said, **{**OPTIONS, **changed})
    return said.getvalue()


def test_the_office_and_its_first_person_are_made_and_the_log_says_so(monkeypatch):
    said = begin(monkeypatch)

    user = User.objects.get()
    assert "Đã tạo Văn phòng Tỉnh ủy Kon Tum và tài khoản quản trị lan." in said
    assert (user.username, user.full_name, user.email, user.is_superuser) == (
        "lan",
        "Trần Thị Lan",
        "lan@example.vn",
        False,
    )
    assert user.check_password("con duong xanh 1954")
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "office"}
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["account.first_administrator"]


@pytest.mark.parametrize(
    ("password", "changed", "words"),
    [
        ("ngan", {}, "Gõ lại mật khẩu: "),
        ("", {}, "Mật khẩu: "),
        ("van phong tinh uy kon tum", {}, "Gõ lại mật khẩu: "),
        ("con duong xanh 1954", {"email": "khong-phai-thu"}, "Thư điện tử: "),
        ("con duong xanh 1954", {"office": " "}, "Tên văn phòng: "),
        ("con duong xanh 1954", {"username": "hai từ"}, "Tên đăng nhập: "),
    ],
)
def test_what_is_wrong_is_said_by_name_and_makes_nothing(monkeypatch, password, changed, words):
    with pytest.raises(CommandError) as refusal:
        begin(monkeypatch, password, **changed)

    assert words in str(refusal.value)
    assert refusal.value.returncode == 1
    assert (User.objects.count(), Unit.objects.count()) == (0, 0)


def test_with_an_account_there_is_no_second_beginning(monkeypatch):
    make_user("nguoidau")

    with pytest.raises(CommandError, match="Hệ thống đã có tài khoản"):
        begin(monkeypatch)

    assert list(User.objects.values_list("username", flat=True)) == ["nguoidau"]


def test_a_password_is_no_argument():
    parser = Command().create_parser("manage.py", "first_administrator")

    taken = {name for action in parser._actions for name in action.option_strings}

    assert [name for name in taken if "pass" in name] == []


def test_the_page_of_the_embedded_default_stays_closed_on_a_server(client):
    assert client.get("/accounts/first-administrator/").status_code == 404
