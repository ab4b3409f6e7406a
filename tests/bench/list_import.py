"""Run under the servers' settings: bring in a list of invented persons and say as JSON how long it took.

python -m tests.bench.list_import ROWS
"""

import io
import json
import os
import random
import sys
import threading
import time
from pathlib import Path

import django

django.setup()

from openpyxl import Workbook  # noqa: E402

from directive_tracker.scale import words  # noqa: E402
from records.models import StoredFile  # noqa: E402
from records.results import keep_file  # noqa: E402
from records.spreadsheets import XLSX  # noqa: E402
from tests.factories import at, make_membership, make_user  # noqa: E402
from units.models import Area, AreaLevel, Role  # noqa: E402
from units.reference import load_reference  # noqa: E402
from veterans.importing import applying, checking  # noqa: E402
from veterans.models import PersonImport  # noqa: E402

NOW = at("2024-04-15", "09:00")
HEADING = ("STT", "Họ và tên", "Giới tính", "Năm sinh", "Dân tộc", "Thôn", "Xã", "Huyện", "Đối tượng", "Số CCCD")


def list_of(rows: int, by) -> StoredFile:
    """A workbook of so many persons, over all communes of the districts."""
    chance = random.Random(14)
    communes = list(Area.objects.communes().filter(parent__level=AreaLevel.DISTRICT).select_related("parent"))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADING)
    for number in range(rows):
        place = communes[number % len(communes)]
        whom = (number + 1, words.person_name(chance), "Nam", chance.randint(1920, 1938), "Kinh")
        where = (f"Thôn {number % 9 + 1}", place.name, place.parent.name)
        sheet.append([*whom, *where, "TNXP", f"0620{chance.randrange(10**8):08d}"])
    out = io.BytesIO()
    book.save(out)
    return keep_file(out.getvalue(), "danh-sach.xlsx", XLSX, by=by, now=NOW, sealed=True)


class Memory:
    """The most that this process and the one that reads the file held together, in MB; looked at four times a second.

    What the system says of an ended process counts the one that began it as well.
    """

    def __init__(self) -> None:
        self.largest = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
            self.largest = max(self.largest, sum(map(_megabytes, ["self", *children])))
            time.sleep(0.25)


def _megabytes(process: str) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(status.split("VmRSS:")[1].split()[0]) / 1024 if "VmRSS:" in status else 0.0


def bring(rows: int) -> dict:
    """Seconds of reading with its checks and of the import, and the largest memory of both programs."""
    load_reference()
    province = Area.objects.filter(level=AreaLevel.PROVINCE).order_by("valid_from", "pk")[0]
    by = make_user("danhsach")
    make_membership(by, role=Role.REGISTRAR, area=province)
    found = PersonImport.objects.create(
        file=list_of(rows, by), sender="Nơi gửi", sender_key="noi gui", area=province, uploaded_by=by, uploaded_at=NOW
    )
    memory = Memory()
    begun, spent = time.monotonic(), time.process_time()
    checking.check(found, by=by, now=NOW)
    read, read_cpu = time.monotonic() - begun, time.process_time() - spent
    begun, spent = time.monotonic(), time.process_time()
    counts = applying.apply(found, by=by, now=NOW)
    return {
        "rows": rows,
        "read_seconds": round(read, 1),
        "import_seconds": round(time.monotonic() - begun, 1),
        # Of this process, without the other's and the database's.
        "cpu_seconds": [round(read_cpu, 1), round(time.process_time() - spent, 1)],
        "megabytes": round(memory.largest),
        **counts,
    }


if __name__ == "__main__":
    print(json.dumps(bring(int(sys.argv[1]))))
