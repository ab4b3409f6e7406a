"""The report of each profile read back from its file, part by part, against typed values; docs/layout.md shows the same."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tasks.models import SummaryReport
from tasks.summary.writing import write
from tests.tasks.summary.frozen import AS_OF, frozen
from tests.tasks.summary.measuring import measure

PROFILES = ("HD36", "HD05", "ND30")
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM: 15, bold, capitals, centred"
EXACT = "exactly 18 pt, 6 pt before, first line 10 mm"
# part → what stands in the file of HD36, HD05, ND30
EXPECTED = {
    "paper, edges": ("210 × 297; 20, 20, 30, 15", "210 × 297; 20, 20, 30, 15", "210 × 297; 20, 20, 30, 15"),
    "appendix: paper, edges": ("297 × 210; 30, 15, 20, 20", "297 × 210; 30, 15, 20, 20", "297 × 210; 30, 15, 20, 20"),
    "font": ("Times New Roman", "Times New Roman", "Times New Roman"),
    "page number": (
        "10 mm from above, 14, centred",
        "10 mm from above, 14, centred",
        "10 mm from above, 14, centred",
    ),
    "head, right, first line": (PARTY, PARTY, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM: 12, bold, capitals, centred"),
    "head, right, last line": (PARTY, PARTY, "Độc lập - Tự do - Hạnh phúc: 13, bold, centred"),
    "line below it": ("line", "line", "line"),
    "organ above": ("14, capitals, centred", "14, capitals, centred", "12, capitals, centred"),
    "organ": ("14, bold, capitals, centred", "14, bold, capitals, centred", "12, bold, capitals, centred"),
    "below the organ": ("*", "*", "line"),
    "number": ("Số -BC/VPTU: 14, centred", "Số -BC/VPTU: 14, centred", "Số: /BC-VPTU: 13, centred"),
    "place and day": ("14, italic, centred", "14, italic, centred", "13, italic, centred"),
    "draft": (
        "Dự thảo lần 2: 14, italic, centred",
        "Dự thảo lần 2: 14, italic, centred",
        "Dự thảo lần 2: 13, italic, centred",
    ),
    "type name": ("15, bold, capitals, centred", "15, bold, capitals, centred", "14, bold, capitals, centred"),
    "what it is about": ("14, bold, centred", "14, bold, centred", "14, bold, centred"),
    "below it": ("-----", "-----", "line"),
    "text": ("14, justified", "14, justified", "14, justified"),
    "text: spaces": (EXACT, EXACT, "1.15 lines, 6 pt before, first line 10 mm"),
    "part": (
        "I- 14, bold, capitals, justified",
        "I- 14, bold, capitals, justified",
        "I. 14, bold, capitals, justified",
    ),
    "section": ("1. 14, bold, justified", "1. 14, bold, justified", "1. 14, bold, justified"),
    "point": ("a) 14, justified", "a) 14, justified", "a) 14, justified"),
    "table head": ("12, bold, centred", "12, bold, centred", "12, bold, centred"),
    "table": ("12, left", "12, left", "12, left"),
    "Nơi nhận": ("14, underline, left", "14, underline, left", "12, bold, italic, left"),
    "its list": (", . 12, left", "; . 12, left", "; . 11, left"),
    "authority": (
        "K/T 14, bold, capitals, centred",
        "K/T 14, bold, capitals, centred",
        "KT. 13, bold, capitals, centred",
    ),
    "position": ("14, capitals, centred", "14, capitals, centred", "13, bold, capitals, centred"),
    "lines for the signature": ("4", "4", "4"),
}


@pytest.mark.parametrize("profile", PROFILES)
def test_every_part_of_the_report_has_the_shape_of_its_profile(profile):
    report = SummaryReport(draft_number=2, as_of=AS_OF, profile=profile, data=frozen())

    measured = measure(write(report, moment=AS_OF, demo=False))

    assert measured == {part: values[PROFILES.index(profile)] for part, values in EXPECTED.items()}


def test_the_table_of_the_documentation_shows_what_was_measured():
    text = (Path(settings.BASE_DIR) / "docs" / "layout.md").read_text("utf-8")

    rows = [
        re.split(r"\s*\|\s*", line.strip().strip("|").strip()) for line in text.splitlines() if line.startswith("|")
    ]

    assert rows[0] == ["part", "HD36", "HD05", "ND30"]
    assert {part.replace("`", ""): tuple(values) for part, *values in rows[2:]} == EXPECTED
