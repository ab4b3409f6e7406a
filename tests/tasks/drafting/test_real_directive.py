"""The real directive from a file that no data file knows: read, split by verbs, issued as the office would."""

from pathlib import Path

import pytest

from tasks import breakdown
from tasks.drafting import editing
from tasks.issuing import preview_issue
from tasks.recording import record_directive
from tests.factories import at, make_user
from units.reference import load_reference

pytestmark = pytest.mark.django_db

NOW = at("2024-02-15", "08:00")
SOURCE = Path(breakdown.DATA) / "kon-tum-70-nam-dien-bien-phu.txt"


@pytest.fixture
def directive(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load_reference()
    office = make_user("vanphong")
    # One more line end: the bytes are others, so the data file does not know them.
    found, _ = record_directive(SOURCE.read_bytes() + b"\n", "cong-van.txt", office, NOW)
    for task in found.tasks.all():
        if len(editing.parts_of(task)) > 1:
            editing.split_by_verbs(task, by=office, now=NOW)
    return found


def test_splitting_by_verbs_gives_the_sixteen_in_the_order_of_the_text(directive):
    assert [task.code for task in directive.tasks.order_by("order")] == [
        *("1a.1", "1a.2", "1a.3", "1a.4", "1a.5"),
        *("1b.1", "1b.2", "1b.3"),
        *("1c.1", "1c.2"),
        "2",
        *("3a.1", "3a.2", "3a.3", "3a.4"),
        "3b",
    ]


def test_partners_stay_with_the_part_that_names_them(directive):
    rows = {
        task.code: [recipient.written for recipient in task.recipients.filter(role="coordinating")]
        for task in directive.tasks.all()
    }
    assert {code: names for code, names in rows.items() if names} == {
        "1b.1": ["các địa phương, đơn vị liên quan"],
        "1b.2": ["các địa phương, đơn vị liên quan"],
        "1b.3": ["các địa phương, đơn vị liên quan"],
        "1c.2": ["Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"],
        "2": ["Đài Truyền hình Việt Nam"],
        "3a.3": ["Hãng phim Tài liệu và Khoa học Trung ương", "Đài Truyền hình Việt Nam"],
    }


def test_the_encouraged_and_the_conditional_work_are_seen(directive):
    assert list(directive.tasks.filter(strength="encouraged").values_list("code", flat=True)) == ["1a.5"]
    assert list(directive.tasks.filter(condition_state="undecided").values_list("code", flat=True)) == ["2"]


def test_twenty_two_units_get_a_hundred_and_eleven_pieces_of_work(directive):
    preview = preview_issue(directive, on=NOW.date())
    assert (preview.lead_count, len({item.unit.pk for item in preview.planned if item.role == "lead"})) == (111, 22)
