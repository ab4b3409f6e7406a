"""Erase again what a restored backup has brought back."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from tasks.errors import Refused
from veterans.models import Erasure, Person
from veterans.protection import erased_list, erasing, scrubbing

BASIS = "Xóa lại sau khi khôi phục bản sao lưu"


class Command(BaseCommand):
    """Reads the kept list of erased entries and erases those that are there again; run after every restore."""

    help = "After a restore: erase again the entries that had been erased since the backup was made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", default=settings.ERASED_FILE, help="the kept list (default: ERASED_FILE)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError for a list that is not there or cannot be read."""
        try:
            lines = list(erased_list.read(options["list"]))
        except FileNotFoundError:
            raise CommandError(f"Không có sổ xóa {options['list']}; chưa xóa lại hồ sơ nào.") from None
        except (OSError, ValueError) as problem:
            raise CommandError(f"Không đọc được sổ xóa {options['list']}: {problem}") from problem
        again = 0
        for line in lines:
            person = Person.objects.filter(pk=line.number, created_at=line.created_at, erased_at__isnull=True).first()
            if person is None:
                continue
            # Absorbed entries were erased with the one they belong to; alone they stand in the list as well.
            Person.objects.filter(pk=person.pk).update(merged_into=None)
            Erasure.objects.filter(person_number=person.pk).delete()
            try:
                erasing.erase(person, kind=line.kind, basis=BASIS, by=None, now=clock.now())
            except Refused as refusal:
                raise CommandError(f"Hồ sơ số {person.pk}: {refusal}") from refusal
            again += 1
        if again:
            scrubbing.scrub()
        self.stdout.write(f"Trong sổ xóa có {len(lines)} hồ sơ; đã xóa lại {again} hồ sơ.")
