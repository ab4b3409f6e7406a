"""The four classes are the same wherever they are read: overview, tasks × units, digest, its mail, summary report, Word, Excel.

One directive is played; every page and file is read back and compared with the numbers typed here.
"""

import re
from collections import Counter
from datetime import date
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.core import mail as outgoing
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from directive_tracker import clock
from notifications.models import NoticeRule
from notifications.rounds import run_round
from records import jobs_runner
from records.models import Job
from tasks import tallies
from tasks.digests.making import make_now
from tasks.models import Assignment, Digest, SummaryReport
from tests.factories import at, make_assignment, make_task
from tests.tasks.digests import Figures, mail_of
from tests.tasks.summary.story import DAK_HA, NGOC_HOI, Play, make_play, play_until_15_march

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-03-15", "14:00"), date(2024, 3, 15)

# Hoàn thành đúng hạn, quá hạn; chưa hoàn thành trong hạn, quá hạn; all of them.
UNITS = {DAK_HA: [1, 1, 0, 1, 3], NGOC_HOI: [1, 0, 1, 1, 3]}
WHOLE = [2, 1, 1, 2, 6]
NAMES = ("done_on_time", "done_late", "open_in_time", "open_overdue", "counted")


@pytest.fixture
def play(monkeypatch) -> Play:
    """The story, with one more work done in time and one done late; the afternoon of 15/3/2024."""
    NoticeRule.objects.update(is_active=False)
    found = make_play()
    play_until_15_march(found)
    task = make_task(found.directive, "1b.1")
    for unit, done in ((NGOC_HOI, date(2024, 3, 8)), (DAK_HA, date(2024, 3, 12))):
        make_assignment(task, found.units[unit], due=date(2024, 3, 10), state="completed", completed_on=done)
    parts = Assignment.objects.filter(directive=found.directive)
    tallies.refresh(
        found.directive,
        unit_ids=parts.values_list("unit", flat=True),
        task_ids=parts.values_list("task", flat=True),
        today=TODAY,
    )
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return found


def numbers(cells: list[str], places: tuple[int, ...]) -> list[int]:
    return [int(cells[place]) for place in places]


def rows_of(table: list[list[str]], places: tuple[int, ...]) -> dict[str, list[int]]:
    """First cell → the numbers at these places, of every line of a read table that begins with a unit or the sum."""
    lines = (row for row in table if len(row) > max(places) and row[0] in (*UNITS, "Cộng"))
    return {row[0]: numbers(row, places) for row in lines}


def words_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_the_overview(client, play):
    client.force_login(play.reader)

    page = client.get(reverse("tasks:overview", args=[play.directive.pk])).content.decode()

    words = words_of(page)
    assert "3 trên 6 việc hoàn thành · 2 việc quá hạn" in words
    assert "Hoàn thành đúng hạn 2 Hoàn thành quá hạn 1 Chưa hoàn thành 3" in words
    assert "Cộng 3 + 3 = 6" in words
    table = Figures(page).tables[""]
    assert rows_of(table, (2, 3, 4, 6, 1)) == {**UNITS, "Cộng": WHOLE}


def test_tasks_and_units_on_their_page_and_in_the_workbook(client, play):
    client.force_login(play.office)

    page = client.get(reverse("tasks:matrix", args=[play.directive.pk])).content.decode()
    client.post(reverse("tasks:export_matrix", args=[play.directive.pk]))
    job = Job.objects.get()
    jobs_runner.run(job.pk, now=NOW)
    job.refresh_from_db()
    with job.result_file.open_plain() as file:
        book = load_workbook(BytesIO(file.read()))

    # Done of all that lead the task, as the line's own column says.
    done = {"1a.1": "1/2", "1a.2": "0/2", "1a.5": "0/1", "2": "0/1", "1b.1": "2/2"}
    sheet = [[str(cell.value or "") for cell in row] for row in book.worksheets[0].iter_rows()]
    assert {row[0]: row[2] for row in sheet if row[0] in done} == done
    on_page = dict(re.findall(r"(1[ab]\.\d|\b2) Tuyên truyền (\d/\d)", words_of(page)))
    assert on_page == done
    assert classes_in(book.worksheets[1]) == UNITS


def classes_in(sheet) -> dict[str, list[int]]:
    """Unit → the classes, told from what the lines of the list say of their works."""
    lines = list(sheet.iter_rows(values_only=True))
    head = next(number for number, line in enumerate(lines) if line[0] == "Mã nhiệm vụ")
    found = {unit: Counter() for unit in UNITS}
    for code, _, unit, _, word, _, due, late, _, _, done in lines[head + 1 :]:
        if code in ("1a.5", "2"):  # encouraged, undecided
            continue
        if word == "Xong":
            found[unit]["done_on_time" if done <= due else "done_late"] += 1
        else:
            found[unit]["open_overdue" if late else "open_in_time"] += 1
    return {unit: [*(counts[name] for name in NAMES[:4]), sum(counts.values())] for unit, counts in found.items()}


def test_the_digest_its_page_and_its_mail(client, play):
    digest = make_now(by=play.office, now=NOW, send=True)
    run_round(now=NOW)
    client.force_login(play.reader)

    frozen = Digest.objects.get(pk=digest.pk).data
    page = Figures(client.get(digest.get_absolute_url()).content.decode())
    sent = next(one for one in outgoing.outbox if one.to == [play.reader.email])
    mail = Figures(mail_of(sent).get_body(("html",)).get_content())

    assert [frozen["total"][name] for name in NAMES[:4]] == WHOLE[:4]
    for read in (page, mail):
        assert [int(read.numbers[name]) for name in NAMES] == WHOLE
        assert rows_of(read.tables["units"], (2, 3, 4, 5, 1)) == {**UNITS, "Cộng": WHOLE}


def test_the_summary_report_its_page_and_its_word_file(client, play, tmp_path):
    file = tmp_path / "bao-cao.docx"
    call_command("summary_report", str(file), stderr=StringIO())
    client.force_login(play.reader)

    report = SummaryReport.objects.get()
    page = Figures(client.get(report.get_absolute_url()).content.decode())
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(file).tables]
    # Appendix 1: STT, unit, given, then the classes with those without a day in between.
    progress = next(table for table in tables if "Hoàn thành đúng hạn" in table[0])

    assert [report.data["total"][name] for name in NAMES[:4]] == WHOLE[:4]
    assert [int(page.numbers[name]) for name in NAMES] == WHOLE
    assert rows_of(page.tables["units"], (2, 3, 4, 5, 1)) == {**UNITS, "Cộng": WHOLE}
    assert {row[1]: numbers(row, (3, 4, 5, 7, 2)) for row in progress[1:]} == {**UNITS, "Tổng số": WHOLE}
