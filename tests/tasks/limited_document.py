"""A program of its own that checks and reads one document as it is sent: python -m tests.tasks.limited_document PATH."""

import json
import resource
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from records.errors import UploadRefused  # noqa: E402
from records.ocr.pictures import page_picture  # noqa: E402
from records.ocr.tools import CannotRead  # noqa: E402
from tasks.sources import check_document, document_of, pages_to_read  # noqa: E402


def main(path: str) -> dict[str, object]:
    """Check a file, draw its first scanned page. Returns the refusal, the seconds, and the most memory of us and our programs."""
    refusal, start = "", time.monotonic()
    data = Path(path).read_bytes()
    try:
        checked = check_document(SimpleUploadedFile(Path(path).name, data))
        wanted = pages_to_read(checked)
        if wanted:
            page_picture(checked.data, checked.extension, wanted[0])
        document_of(checked)
    except (UploadRefused, CannotRead) as refused:
        refusal = str(refused)
    seconds = time.monotonic() - start
    own = int(Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024
    return {
        "refusal": refusal,
        "seconds": seconds,
        "mb": own,
        "mb_of_programs": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
