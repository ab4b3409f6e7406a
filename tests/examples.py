"""`make examples`: the summary report of the real directive as it is handed out, for docs/examples.

The demo is played to its end in a folder of its own, the report is made by the program's own command for two days, and
LibreOffice draws its pages. Everything in it is invented and says so.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2

from records.office_suite import to_pdf
from tests.services import office_suite

FOLDER = Path(__file__).parent.parent / "docs" / "examples"
# As far as the demo's story goes, and the day on which it begins for visitors.
DAYS = ("2024-04-15", "2024-05-20")
# So wide are the pictures of pages upright, in points of the screen.
WIDTH = 620
# The report has the layout and the draft of its day only where the demo's clock shows that day.
CLOCK = (
    "from datetime import datetime; from directive_tracker import clock; from directive_tracker.vietnamese import ZONE; "
    "clock.set_demo_clock(datetime.fromisoformat('{day}T08:00').replace(tzinfo=ZONE))"
)


def made(folder: str) -> None:
    """Play the demo in `folder` and write the reports and their pictures."""
    environment = {**os.environ, "DEMO": "true", "VAR_DIR": folder, "ENV_FILE": ""}
    _manage(environment, "migrate", "-v", "0")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("bao-cao-tong-hop-*"):
        old.unlink()
    for day in DAYS:
        _manage(environment, "seed_demo", "--today", day)
        _manage(environment, "shell", "-v", "0", "-c", CLOCK.format(day=day))
        file = FOLDER / f"bao-cao-tong-hop-{day}.docx"
        _manage(environment, "summary_report", str(file))
        _pictures(file)


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)


def _pictures(file: Path) -> None:
    """One picture a page, small: they are looked at beside text."""
    with pypdfium2.PdfDocument(to_pdf(file.read_bytes(), program=office_suite())) as document:
        upright = document[0].get_width()
        for number, page in enumerate(document, start=1):
            picture = page.render(scale=WIDTH / upright).to_pil().convert("L").quantize(16)
            picture.save(file.with_name(f"{file.stem}-trang-{number:02}.png"), optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        made(os.environ.get("EXAMPLES_VAR_DIR", scratch))
