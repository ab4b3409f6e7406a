"""A worker that is killed in the middle of a scan costs one page: the tick lets another one go on."""

import base64
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from directive_tracker import clock
from records import jobs_runner
from records.models import Job
from tasks.models import ScanPage, ScanReading
from tasks.scanning.jobs import go_on_reading
from tasks.scanning.taking import take
from tests import drawn, services
from tests.factories import make_office, make_office_user

ROOT = Path(__file__).parents[2]


def address_of_database() -> str:
    """This test's database, for another program."""
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return f"sqlite:///{given['NAME']}"


def killed(job: Job, scratch: Path, *, after: int) -> int:
    """The exit code of a program that reads the scan and is killed when so many pages were kept."""
    variables = {
        "ENV_FILE": "",
        "DEMO": "false",
        "EMBEDDED": "true",
        "VAR_DIR": str(scratch),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DATABASE_URL": address_of_database(),
        "DJANGO_SETTINGS_MODULE": "directive_tracker.settings",
        "FIELD_KEY": base64.urlsafe_b64encode(settings.FIELD_KEY).decode(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.tasks.killed_scan", str(job.pk), str(after)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode


@pytest.mark.django_db(transaction=True)
def test_a_killed_program_costs_one_page(settings, tmp_path):
    services.reading_tools()
    settings.MEDIA_ROOT = tmp_path / "media"
    make_office()
    office = make_office_user()
    pages = [drawn.page((f"Trang số {word} của văn bản.",)) for word in ("một", "hai", "ba")]
    reading = take(drawn.scanned_pdf(*pages), "a.pdf", by=office, now=clock.now()).reading
    first = Job.objects.get()

    code = killed(first, tmp_path / "var", after=2)

    first.refresh_from_db()
    assert (code, first.state) == (-signal.SIGKILL, "running")
    assert sorted(ScanPage.objects.values_list("number", flat=True)) == [1, 2]
    # Its last sign of life is two minutes old.
    ScanReading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert go_on_reading() == 1
    jobs_runner.run(Job.objects.latest("pk").pk, now=clock.now())
    reading.refresh_from_db()
    body = reading.directive.current_text.body
    assert (reading.state, ScanPage.objects.count()) == ("done", 0)
    assert [f"Trang số {word} của văn bản." in body for word in ("một", "hai", "ba")] == [True, True, True]
    assert [path.suffix for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == [".pdf"]
