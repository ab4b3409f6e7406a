"""Seal everything anew under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from veterans.protection import resealing


class Command(BaseCommand):
    """After FIELD_KEY was changed and the old key put into FIELD_KEY_FALLBACKS; can be stopped and run again."""

    help = "Seal sensitive values, copies and files anew under FIELD_KEY and make their blind indexes again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError while something is left under an old key: that key must not be thrown away."""
        counts = resealing.Counts()
        steps = (resealing.reseal_values, resealing.reseal_copies, resealing.reseal_files)
        for step in steps:
            for _ in step(counts):
                if options["verbosity"] > 1:
                    self.stderr.write(f"{counts.sealed}…")
        left = resealing.left()
        self.stdout.write(f"Đã mã hóa lại {counts.sealed} mục bằng khóa mới; còn {left} mục dưới khóa cũ.")
        if counts.unreadable or left:
            raise CommandError(
                f"Có {counts.unreadable} mục không mở được bằng khóa nào và {left} mục chưa chuyển; chưa được bỏ khóa cũ."
            )
