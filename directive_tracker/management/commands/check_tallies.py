"""Compare the kept figures with a live count: manage.py check_tallies."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from tasks import tallies
from tasks.enums import DirectiveState
from tasks.models import Directive


class Command(BaseCommand):
    """Exit 0 when every kept figure equals what is counted now, else 1 with a line for each difference."""

    help = "So các con số tổng hợp đang giữ với số đếm lại; khác nhau thì thoát với mã 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --directive."""
        parser.add_argument(
            "--directive", type=int, metavar="ID", help="chỉ một văn bản; mặc định là mọi văn bản đang giao"
        )

    def handle(self, *args: Any, directive: int | None, **options: Any) -> None:
        """Compare. Errors: CommandError with exit code 1 when they differ, 2 when there is no such directive."""
        directives = Directive.objects.filter(state=DirectiveState.ISSUED).order_by("pk")
        if directive is not None:
            directives = directives.filter(pk=directive)
            if not directives:
                raise CommandError(f"Không có văn bản đang giao nào mang mã {directive}.", returncode=2)
        found = 0
        for row in directives:
            lines = tallies.differences(row, today=clock.today())
            found += len(lines)
            for line in lines:
                self.stdout.write(f"{row}: {line}")
        if found:
            raise CommandError(f"{found} con số không khớp.", returncode=1)
        self.stdout.write(f"Khớp: {len(directives)} văn bản.")
