"""Check, and with --apply import, a workbook of units, people, roles and deputies: manage.py import_people FILE."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded, print_json
from directive_tracker.vietnamese import ZONE
from records.uploads import UploadRefused
from units.errors import Refused
from units.importing import service
from units.importing.checking import check_book
from units.importing.plan import Plan
from units.importing.snapshot import take_snapshot


class Command(BaseCommand):
    """Prints {"applied", "sheets": {line: figures}, "errors": [...], "remarks": [...]} alone on stdout."""

    requires_system_checks = ()
    help = (
        "Kiểm tra tệp đơn vị, người, vai trò, thay mặt; có --apply thì nhập, tất cả hoặc không gì cả. "
        "Tệp có lỗi vẫn kết thúc với mã 0; tệp không đọc được hay bị từ chối thì mã 2."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE, --apply, --only-right, --by."""
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp xlsx, xls, ods hoặc csv theo mẫu")
        parser.add_argument("--apply", action="store_true", help="nhập khi không có lỗi nào")
        parser.add_argument(
            "--only-right", action="store_true", help="cùng --apply: nhập các dòng đúng, bỏ các dòng lỗi"
        )
        parser.add_argument("--by", metavar="TÊN_ĐĂNG_NHẬP", help="ghi nhật ký dưới tên người này")

    def handle(self, *args: Any, file: Path, by: str | None, **options: Any) -> None:
        """Check and perhaps import. Errors: CommandError with exit code 2 when the file or the person is refused."""
        try:
            upload = SimpleUploadedFile(file.name, file.read_bytes())
        except OSError as error:
            words = f"Không mở được tệp {file}; hãy kiểm tra đường dẫn và quyền đọc."
            raise CommandError(words, returncode=2) from error
        migrate_if_embedded()
        person = self._person(by)
        try:
            accepted = service.accept(upload)
        except UploadRefused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        now = clock.now()
        plan = check_book(accepted.book, take_snapshot(), today=now.astimezone(ZONE).date())
        applied = False
        if options["apply"]:
            plan, applied = self._apply(accepted, plan, person, now, only_right=options["only_right"])
        print_json(self, {"applied": applied, **_answer(plan)})

    def _person(self, username: str | None) -> User | None:
        if not username:
            return None
        found = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
        if found is None:
            raise CommandError(f"Không có người dùng “{username}”.", returncode=2)
        return found

    def _apply(
        self, accepted: service.Accepted, plan: Plan, person: User | None, now, *, only_right: bool
    ) -> tuple[Plan, bool]:
        """Import what may be imported; a refusal is said on stderr. Nothing is kept of a file that changes nothing."""
        if not plan.has_work:
            self.stderr.write(service.NOTHING_TO_DO)
            return plan, False
        if plan.problems and not only_right:
            self.stderr.write("Tệp còn lỗi nên chưa nhập gì.")
            return plan, False
        found = service.begin(accepted, by=person, now=now)
        service.run_check(found, accepted.book, now=now)
        try:
            return service.run_import(found, accepted.book, by=person, now=now, only_right=only_right), True
        except Refused as refusal:
            self.stderr.write(str(refusal))
            return plan, False


def _answer(plan: Plan) -> dict[str, Any]:
    return {
        "sheets": plan.figures(),
        "errors": [{**asdict(one), "column": one.column} for one in plan.problems],
        "remarks": [asdict(one) for one in plan.remarks],
    }
