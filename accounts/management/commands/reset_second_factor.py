"""For the server's keeper when no administrator can sign in any more: manage.py reset_second_factor USERNAME --reason …"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import second_factor
from accounts.models import User
from directive_tracker import clock


class Command(BaseCommand):
    """Take a person's second factor off; exit 0 when done, 1 when there is no such account or nothing to take off."""

    help = "Bỏ xác thực hai bước của một tài khoản (mất điện thoại và mã dự phòng); ghi vào nhật ký."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the account and the reason."""
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--reason", required=True, help="lý do, ghi vào nhật ký")

    def handle(self, *args: Any, username: str, reason: str, **options: Any) -> None:
        """Take it off. Errors: CommandError."""
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"Không có tài khoản {username}.", returncode=1)
        if not second_factor.reset(user, by=None, now=timezone.now(), at=clock.now(), reason=reason):
            raise CommandError(f"Tài khoản {username} chưa bật xác thực hai bước.", returncode=1)
        self.stdout.write(f"Đã bỏ xác thực hai bước của {user}.")
