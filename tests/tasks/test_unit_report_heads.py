"""A unit's report in Word has the head of its kind: of the Party, of State bodies and the Front, of the Youth Union."""

import io
from datetime import date

import pytest
from docx import Document

from tasks.exports.docx_unit_report import unit_report
from tests.factories import at, make_area
from tests.tasks.story import make_story, write
from units.models import AreaLevel, Unit

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM", 15, True)
STATE = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True), ("Độc lập - Tự do - Hạnh phúc", 13, True)]


def lines(cell) -> list[tuple]:
    """(text, points, bold) of each line that says something."""
    found = []
    for paragraph in cell.paragraphs:
        if words := " ".join(paragraph.text.split()):
            found.append((words, paragraph.runs[0].font.size.pt, paragraph.runs[0].bold))
    return found


@pytest.mark.parametrize(
    ("kind", "name", "left", "right", "body"),
    [
        (
            "party_committee",
            "Huyện ủy Đắk Hà",
            [
                ("ĐẢNG BỘ TỈNH KON TUM", 14, False),
                ("HUYỆN ỦY ĐẮK HÀ", 14, True),
                ("*", 14, False),
                ("Số -BC/HU", 14, False),
            ],
            [PARTY, ("Kon Tum, ngày tháng năm 2024", 14, False)],
            ("BÁO CÁO", 15),
        ),
        (
            "state_body",
            "Ủy ban nhân dân tỉnh",
            [("ỦY BAN NHÂN DÂN TỈNH", 12, True), ("Số: /BC-HU", 13, False)],
            [*STATE, ("Kon Tum, ngày tháng năm 2024", 13, False)],
            ("BÁO CÁO", 14),
        ),
        (
            "mass_organisation",
            "Hội Nông dân tỉnh",
            [("HỘI NÔNG DÂN TỈNH", 12, True), ("Số: /BC-HU", 13, False)],
            [*STATE, ("Kon Tum, ngày tháng năm 2024", 13, False)],
            ("BÁO CÁO", 14),
        ),
        (
            "mass_organisation",
            "Tỉnh đoàn Kon Tum",
            [("TỈNH ĐOÀN KON TUM", 12, True), ("Số: /BC-HU", 13, False)],
            [("ĐOÀN TNCS HỒ CHÍ MINH", 13, True), ("Kon Tum, ngày tháng năm 2024", 13, False)],
            ("BÁO CÁO", 14),
        ),
    ],
)
def test_the_head_of_a_units_report_is_that_of_its_kind(kind, name, left, right, body):
    make_area("Tỉnh Kon Tum", level=AreaLevel.PROVINCE)
    story = make_story(state="in_progress")
    Unit.objects.filter(pk=story.unit.pk).update(kind=kind, name=name, symbol="HU")
    report = write(story, moment=at("2024-04-10", "09:00"))
    report.unit.refresh_from_db()

    paper = Document(io.BytesIO(unit_report(report, [], today=TODAY, moment=at("2024-04-15", "09:00"), demo=False)))

    cells = paper.tables[0].rows[0].cells
    assert [lines(cell) for cell in cells] == [left, right]
    title = next(paragraph for paragraph in paper.paragraphs if paragraph.text)
    assert (title.text, title.runs[0].font.size.pt) == body
