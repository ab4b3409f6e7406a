"""A program of its own that checks one list as it is sent, and tells how it went: python -m tests.records.limited_upload."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from records.errors import UploadRefused  # noqa: E402
from records.uploads import check_upload  # noqa: E402


def main(path: str) -> dict[str, object]:
    """Check a file. Returns the refusal, how many rows were looked at, and the most memory in MB."""
    refusal, rows = "", 0
    try:
        data = Path(path).read_bytes()
        checked = check_upload(SimpleUploadedFile("ds.xlsx", data), allow=(".xlsx",), person_lists=True)
        rows = len(checked.content.tables[0])
    except UploadRefused as refused:
        refusal = str(refused)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {"refusal": refusal, "rows": rows, "mb": int(status.split("VmHWM:")[1].split()[0]) / 1024}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
