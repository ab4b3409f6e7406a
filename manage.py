#!/usr/bin/env python
"""Django's command line for Directive Tracker."""

import json
import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from directive_tracker.doctor.findings import Finding, Level, report
from directive_tracker.env import SettingError


def main() -> None:
    """Run the command; a wrong environment variable ends with its one line instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")
    try:
        _ = settings.INSTALLED_APPS
    except SettingError as error:
        if sys.argv[1:] == ["doctor", "--json"]:
            print(
                json.dumps(report([Finding("settings", Level.ERROR, str(error), ".env.example")]), ensure_ascii=False)
            )
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
