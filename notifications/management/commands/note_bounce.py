"""manage.py note_bounce < mail.eml: a mail server hands over what came back, and the ledger keeps the reason."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError

from notifications.bounces import NotABounce, note


class Command(BaseCommand):
    help = "Đọc một thư báo không gửi được từ đầu vào chuẩn và ghi lý do vào Sổ gửi."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say in words what was written down; exit 1 for a mail that is no failure of ours."""
        try:
            mail = note(sys.stdin.buffer.read())
        except NotABounce as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{mail.key}: {mail.last_error or 'không đổi'}")
