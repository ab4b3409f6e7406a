"""Compile the translations without GNU gettext, which many machines lack."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


def findings(source: Path) -> list[str]:
    """Return what is wrong with one .po file and its .mo, as a list of sentences.

    Arguments: source, the path of the .po file. Errors: OSError when it is not a readable catalogue.
    """
    catalogue = polib.pofile(str(source))
    found = [f"{source}: fuzzy: {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    found += [f"{source}: untranslated: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    # A fuzzy header makes other tools skip the whole file.
    if catalogue.metadata_is_fuzzy:
        found.append(f"{source}: the header is fuzzy")
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        found.append(f"{compiled}: does not match its .po, run manage.py compilevi")
    return found


class Command(BaseCommand):
    """manage.py compilevi [--check]: .po → .mo below every LOCALE_PATHS; needs the development requirements."""

    help = "Compiles every .po below LOCALE_PATHS to .mo; --check only tells what is out of date."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --check."""
        parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when something is amiss")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Compile or check. Errors: CommandError with the findings of --check."""
        sources = sorted(source for folder in settings.LOCALE_PATHS for source in Path(folder).rglob("*.po"))
        if check:
            found = [sentence for source in sources for sentence in findings(source)]
            if found:
                raise CommandError("\n".join(found))
            return
        for source in sources:
            polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
            self.stdout.write(str(source.with_suffix(".mo")))
