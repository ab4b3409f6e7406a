"""The first account of a server: manage.py first_administrator --username … --full-name … --email … --office …"""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.views.decorators.debug import sensitive_variables

from accounts import founding
from accounts.forms import FirstAdministratorForm
from directive_tracker import clock


class Command(BaseCommand):
    """Make it, with the office and its roles; exit 0, or 1 with what is wrong. Only while nobody has an account."""

    help = (
        "Tạo Văn phòng và người quản trị đầu tiên của một máy chủ còn trống. Mật khẩu được hỏi (không hiện), "
        "hoặc đọc từ dòng đầu của đầu vào chuẩn; không bao giờ là tham số."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the person and the office."""
        parser.add_argument("--username", required=True, help="tên đăng nhập, chữ không dấu và số, ví dụ: vanphong")
        parser.add_argument("--full-name", required=True, help="họ và tên")
        parser.add_argument("--email", default="", help="thư điện tử, để nhận lời nhắc và đặt lại mật khẩu")
        parser.add_argument("--office", required=True, help="tên đầy đủ của văn phòng, ví dụ: Văn phòng Tỉnh ủy")

    @sensitive_variables()
    def handle(self, *args: Any, username: str, full_name: str, email: str, office: str, **options: Any) -> None:
        """Ask for the password and make the account. Errors: CommandError."""
        first, again = _password()
        form = FirstAdministratorForm(
            {
                "office_name": office,
                "full_name": full_name,
                "username": username,
                "email": email,
                "password1": first,
                "password2": again,
            }
        )
        if not form.is_valid():
            raise CommandError("\n".join(_sentences(form)), returncode=1)
        user = form.save(commit=False)
        try:
            founding.found(user, office_name=form.cleaned_data["office_name"], now=clock.now(), ip=None)
        except founding.AlreadyFounded:
            raise CommandError(
                "Hệ thống đã có tài khoản; người quản trị thêm người khác trong trang quản trị.", returncode=1
            ) from None
        self.stdout.write(
            f"Đã tạo {office} và tài khoản quản trị {user.username}. Việc tiếp theo: đăng nhập, trang “Bắt đầu”."
        )


def _password() -> tuple[str, str]:
    """The password, typed twice at a terminal or once as the first line of the input."""
    if sys.stdin.isatty():
        return getpass.getpass("Mật khẩu: "), getpass.getpass("Gõ lại mật khẩu: ")
    line = sys.stdin.readline().rstrip("\r\n")
    return line, line


def _sentences(form: FirstAdministratorForm) -> list[str]:
    """What is wrong, each with the name of what it is about."""
    return [
        f"{form.fields[name].label}: {sentence}" if name in form.fields else str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
