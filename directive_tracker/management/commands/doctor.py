"""manage.py doctor: what is wrong with this setup, in words; exit code 0 when nothing is, 1 otherwise."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from directive_tracker.commands import print_json
from directive_tracker.doctor.checks import examine
from directive_tracker.doctor.findings import Level, is_well, report

SIGNS = {Level.OK: "  được ", Level.SKIPPED: "  bỏ qua", Level.WARNING: "! lưu ý", Level.ERROR: "X HỎNG "}


class Command(BaseCommand):
    help = "Nói bằng lời hệ thống đang hỏng ở đâu và phải làm gì; không sửa và không gửi gì."
    # What is wrong may be the very thing these would stop at.
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json: one object on stdout."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="một đối tượng JSON trên stdout")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        """Ends with exit code 1 where something is broken; warnings do not count."""
        findings = examine()
        if as_json:
            print_json(self, report(findings))
        else:
            for finding in findings:
                self.stdout.write(f"{SIGNS[finding.level]}  {finding.check:<12} {finding.says}")
                if finding.do:
                    self.stdout.write(f"{'':23} → {finding.do}")
            bad = sum(finding.level == Level.ERROR for finding in findings)
            look = sum(finding.level == Level.WARNING for finding in findings)
            self.stdout.write(f"{bad} chỗ hỏng, {look} điều lưu ý.")
        if not is_well(findings):
            sys.exit(1)
