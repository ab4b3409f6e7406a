"""The scan of the signed paper: hangs on the report, and another one takes its place."""

from datetime import datetime
from typing import Any

from records.audit import record
from records.models import StoredFile
from tasks.models import UnitReport

SCANS = (".pdf", ".jpg", ".jpeg", ".png")


def attach_scan(report: UnitReport, stored: StoredFile, *, by: Any, now: datetime) -> None:
    """Let the scan hang on the report; the former stays in the log."""
    UnitReport.objects.filter(pk=report.pk).update(signed_file=stored)
    record("report.signed_attached", by=by, at=now, target=report, data={"file": stored.original_name})
