"""A unit's figures by Excel: the form that is taken away, and what comes back of it – shown first, kept in the draft, never sent."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from records.models import AuditEvent
from tasks.drafts.opening import open_report
from tasks.models import Indicator, IndicatorCategory, UnitReport
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY)
H, J, K = 9, 10, 11  # the columns of the number, of the word, of the key


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


class Scene:
    """One unit that is asked for three figures: one in two parts, one with a range; one more of a task of words only."""

    def __init__(self, client):
        self.client = client
        self.unit = make_unit("Huyện ủy <Đắk Hà>")
        self.person = make_reporter(self.unit, "dakha")
        self.directive = make_directive(short_title="Kế hoạch 70 năm")
        task = make_task(self.directive, "1a.1")
        self.articles = Indicator.objects.create(
            task=task, code="CT1", order=1, name="=Tin, bài", measure="bài", most=50
        )
        self.talks = Indicator.objects.create(task=task, code="CT2", order=2, name="Buổi nói chuyện", measure="buổi")
        self.youth = IndicatorCategory.objects.create(indicator=self.talks, code="tn", order=1, name="thanh niên")
        self.army = IndicatorCategory.objects.create(indicator=self.talks, code="cc", order=2, name="cựu chiến binh")
        words = make_task(self.directive, "3a.4", words_and_counts_only=True)
        self.opinions = Indicator.objects.create(task=words, code="CT9", order=1, name="Ý kiến", measure="ý kiến")
        make_assignment(task, self.unit, state="in_progress")
        make_assignment(words, self.unit, state="in_progress")
        self.report = open_report(self.unit, self.directive, by=self.person, now=NOW)
        self.first, self.words = self.report.sections.order_by("assignment__task__order")
        self.url = f"/don-vi/bao-cao/{self.report.pk}/so-lieu/"
        client.force_login(self.person)

    def form(self):
        """The form as Excel opens it."""
        return load_workbook(io.BytesIO(self.client.get(f"{self.url}mau/").content))

    def filled(self, values, comments=()):
        """The form with these numbers from the first line on."""
        book = self.form()
        sheet = book["Số liệu"]
        for number, value in enumerate(values, start=4):
            sheet.cell(number, H).value = value
        for number, text in enumerate(comments, start=4):
            sheet.cell(number, J).value = text
        return book

    def send(self, book, name="so-lieu.xlsx"):
        data = book
        if isinstance(book, Workbook):
            buffer = io.BytesIO()
            book.save(buffer)
            data = buffer.getvalue()
        return self.client.post(self.url, {"file": SimpleUploadedFile(name, data)})

    def confirm(self, answer, *, only=None):
        """Press the button of the page that shows what would be kept."""
        keys = [change.line.key for change in answer.context["plan"].changes]
        chosen = keys if only is None else [keys[number] for number in only]
        return self.client.post(self.url, {"du-lieu": answer.context["sealed"], "ghi": chosen}, follow=True)

    def kept(self):
        self.first.refresh_from_db()
        self.words.refresh_from_db()
        return self.first.indicator_values, self.first.indicator_parts, self.words.indicator_values


@pytest.fixture
def scene(client):
    return Scene(client)


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def shown(answer) -> list[tuple]:
    """(old, new) of each line that would be changed."""
    return [(change.line.stored, change.value) for change in answer.context["plan"].changes]


def problems(answer) -> list[tuple[str, str]]:
    return [(problem.cell, problem.words) for problem in answer.context["plan"].problems]


# --- the form ---------------------------------------------------------------------------------------------------------------


def test_the_form_lists_what_the_report_asks_for_and_opens_only_what_may_be_typed(scene):
    book = scene.form()
    sheet = book["Số liệu"]

    assert [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=3)] == [
        ["Mã việc", "Việc", "Chỉ tiêu", "Trong đó", "Đơn vị tính"],
        ["1a.1", "Tuyên truyền", "=Tin, bài", None, "bài"],
        ["1a.1", "Tuyên truyền", "Buổi nói chuyện", "thanh niên", "buổi"],
        ["1a.1", "Tuyên truyền", "Buổi nói chuyện", "cựu chiến binh", "buổi"],
        ["3a.4", "Tuyên truyền", "Ý kiến", None, "ý kiến"],
    ]
    assert sheet["A1"].value == "Số liệu báo cáo – Huyện ủy <Đắk Hà>, báo cáo giữa kỳ, Kế hoạch 70 năm"
    assert (sheet["C4"].data_type, sheet["C4"].quotePrefix) == ("s", True)
    assert [sheet.cell(4, column).protection.locked for column in range(1, 12)] == [True] * 8 + [False] * 2 + [True]
    assert (sheet.protection.sheet, sheet.column_dimensions["K"].hidden, book["nguon"].sheet_state) == (
        True,
        True,
        "veryHidden",
    )
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.operator, rule.formula1) == ("I4:I7", "whole", "greaterThanOrEqual", "0")


def test_the_form_shows_what_the_draft_holds_beside_the_empty_cell(scene):
    scene.first.indicator_values = {"CT1": 12}
    scene.first.save()

    sheet = scene.form()["Số liệu"]

    assert [sheet.cell(4, column).value for column in (8, 9)] == [12, None]


# --- back into the draft ----------------------------------------------------------------------------------------------------


def test_numbers_are_shown_first_and_nothing_is_kept_until_somebody_says_so(scene):
    answer = scene.send(scene.filled([12, 3, 4, None]))

    assert (answer.status_code, shown(answer)) == (200, [(None, 12), (None, 3), (None, 4)])
    assert scene.kept() == ({}, {}, {})


def test_what_was_confirmed_stands_in_the_draft_and_is_not_sent(scene):
    answer = scene.confirm(scene.send(scene.filled([12, 3, 4, 7], ["đã rà soát"])))

    assert scene.kept() == ({"CT1": 12, "CT2": 7}, {"CT2": {"tn": 3, "cc": 4}}, {"CT9": 7})
    assert scene.first.indicator_comments == {"CT1": "đã rà soát"}
    assert UnitReport.objects.get().state == "draft"
    assert "Đã ghi 4 số liệu từ tệp vào bản nháp. Chưa gửi." in words_of(answer)
    assert AuditEvent.objects.get(verb="report.figures_filled").data == {"count": 4}


def test_what_was_typed_otherwise_stays_when_figures_are_filled_in(scene):
    scene.first.results = "Đã ban hành kế hoạch."
    scene.first.indicator_values = {"CT1": 5}
    scene.first.save()

    scene.confirm(scene.send(scene.filled([None, 3])))

    assert scene.kept()[:2] == ({"CT1": 5, "CT2": 3}, {"CT2": {"tn": 3}})
    assert scene.first.results == "Đã ban hành kế hoạch."


def test_a_number_that_differs_from_the_typed_one_is_shown_and_may_be_left_out(scene):
    scene.first.indicator_values = {"CT1": 5}
    scene.first.save()
    answer = scene.send(scene.filled([6, 3]))

    scene.confirm(answer, only=[1])

    assert "thay số đã gõ" in words_of(answer)
    assert shown(answer) == [(5, 6), (None, 3)]
    assert scene.kept()[0] == {"CT1": 5, "CT2": 3}


def test_a_line_that_says_the_same_changes_nothing(scene):
    scene.first.indicator_values = {"CT1": 5}
    scene.first.save()

    answer = scene.send(scene.filled([5]))

    assert (shown(answer), answer.context["plan"].same) == ([], 1)
    assert "Không có gì để ghi" in words_of(answer)


def test_what_somebody_else_saved_meanwhile_is_not_written_over(scene):
    answer = scene.send(scene.filled([6]))
    scene.first.refresh_from_db()
    scene.first.version += 1
    scene.first.indicator_values = {"CT1": 9}
    scene.first.save()

    after = scene.confirm(answer)

    assert scene.kept()[0] == {"CT1": 9}
    assert "số của phần này chưa ghi, xin nạp lại tệp" in words_of(after)


# --- messy files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.234", 1234),
        ("1 234", 1234),
        (" 12 ", 12),
        (12.0, 12),
        (0, 0),
        ("1\u00a0234", 1234),
        (999_999_999_999_999, 999_999_999_999_999),
    ],
)
def test_figures_are_read_as_people_type_them(scene, typed, kept):
    assert shown(scene.send(scene.filled([typed]))) == [(None, kept)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (12.5, "“12,5” có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi 12 hoặc 13."),
        ("12,5", "“12,5” có phần lẻ, mục này chỉ ghi số nguyên. Xin ghi 12 hoặc 13."),
        (-3, "“-3” là số âm: số liệu chỉ từ 0 trở lên. Nếu cần giảm số đã báo cáo, xin ghi lại số đúng."),
        ("12 bài", "“12 bài” có chữ: đơn vị tính (bài) đã in bên cạnh, chỉ ghi số. Xin ghi 12."),
        ("nhiều", "“nhiều” không phải số. Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."),
        (True, "“TRUE” không phải số. Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."),
        (datetime(2024, 4, 15), "“15/04/2024” không phải một số nguyên. Xin ghi một số nguyên, ví dụ 1234 hoặc 1.234."),
    ],
)
def test_what_is_no_whole_number_is_named_with_its_cell_and_the_others_can_be_kept(scene, typed, words):
    answer = scene.send(scene.filled([typed, 3]))

    assert answer.status_code == 422
    assert problems(answer) == [("I4", words)]
    assert shown(answer) == [(None, 3)]


def test_a_formula_is_read_by_its_value_and_one_without_a_value_is_named(scene):
    answer = scene.send(scene.filled(["=1+1", 3]))

    assert problems(answer) == [
        (
            "I4",
            "công thức chưa tính ra giá trị. Xin mở tệp bằng Excel và lưu lại, hoặc ghi thẳng số vào ô.",
        )
    ]
    assert shown(answer) == [(None, 3)]


def test_lines_may_be_sorted_left_out_and_have_columns_beside_them(scene):
    book = scene.filled([12, 3, 4, 7])
    sheet = book["Số liệu"]
    sheet.delete_rows(5)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    for number, row in enumerate(reversed(rows), start=4):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    sheet.insert_cols(2)
    sheet["M3"] = "Ghi chú riêng"
    sheet["M4"] = "chị Hương xem lại"

    answer = scene.send(book)

    assert [(change.line.name, change.value) for change in answer.context["plan"].changes] == [
        ("Ý kiến", 7),
        ("Buổi nói chuyện, cựu chiến binh", 4),
        ("=Tin, bài", 12),
    ]


def test_a_cell_merged_over_lines_is_not_guessed_at(scene):
    book = scene.filled([12, 3, 4])
    book["Số liệu"].merge_cells("I4:I5")

    answer = scene.send(book)

    assert [cell for cell, _ in problems(answer)] == ["I4", "I5"]
    assert shown(answer) == [(None, 4)]


def test_a_line_that_lost_its_key_or_stands_twice_is_named(scene):
    book = scene.filled([12, 3, 4])
    sheet = book["Số liệu"]
    sheet.cell(4, K).value = None
    sheet.cell(6, K).value = sheet.cell(5, K).value

    answer = scene.send(book)

    assert problems(answer) == [
        ("I4", "dòng này không còn mã dòng nên không biết là chỉ tiêu nào. Xin ghi số vào đúng dòng của mẫu."),
        ("I6", "chỉ tiêu này đã có ở một dòng phía trên. Xin giữ một dòng."),
    ]
    assert shown(answer) == [(None, 3)]


def test_a_figure_that_is_not_asked_for_any_more_is_named(scene):
    book = scene.filled([12, None, None, 7])
    scene.opinions.delete()

    answer = scene.send(book)

    assert [cell for cell, _ in problems(answer)] == ["I7"]
    assert shown(answer) == [(None, 12)]


def test_the_form_of_another_report_is_refused_whole(scene):
    book = scene.filled([12])
    other = make_unit("Tỉnh đoàn")
    person = make_reporter(other)
    make_assignment(scene.articles.task, other, state="in_progress")
    report = open_report(other, scene.directive, by=person, now=NOW)
    scene.client.force_login(person)
    scene.url = f"/don-vi/bao-cao/{report.pk}/so-lieu/"

    answer = scene.send(book)

    assert answer.status_code == 422
    assert (
        "Tệp này là mẫu của một báo cáo khác (Huyện ủy &lt;Đắk Hà&gt;, báo cáo giữa kỳ, Kế hoạch 70 năm)"
        in words_of(answer)
    )
    assert answer.context["plan"] is None


def changed(book, what) -> Workbook:
    """The form with its hidden sheet changed."""
    what(book["nguon"])
    return book


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (lambda sheet: sheet.parent.remove(sheet), "Tệp này không phải mẫu số liệu tải từ báo cáo."),
        (lambda sheet: sheet.__setitem__("B1", 0), "Tệp này theo mẫu cũ."),
        (lambda sheet: sheet.__setitem__("A1", "khác"), "Tệp này không phải mẫu số liệu tải từ báo cáo."),
        (lambda sheet: sheet.__setitem__("C1", None), "Tệp này không phải mẫu số liệu tải từ báo cáo."),
        (lambda sheet: sheet.parent["Số liệu"].delete_rows(3), "Không thấy dòng tiêu đề của mẫu"),
    ],
)
def test_what_is_none_of_our_forms_is_refused_with_what_to_do(scene, what, words):
    answer = scene.send(changed(scene.filled([12]), what))

    assert (answer.status_code, words in words_of(answer)) == (422, True)


@pytest.mark.parametrize("name", ["so-lieu.xlsm", "so-lieu.xls", "so-lieu.csv", "so-lieu.pdf"])
def test_only_plain_excel_files_are_taken(scene, name):
    answer = scene.send(b"PK\x03\x04 khong phai", name)

    assert (answer.status_code, scene.kept()) == (422, ({}, {}, {}))


def test_a_broken_file_and_no_file_are_refused_in_words(scene):
    broken = scene.send(b"PK\x03\x04" + b"\x00" * 200)
    nothing = scene.client.post(scene.url, {})

    assert (broken.status_code, nothing.status_code) == (422, 422)
    assert "Hãy chọn tệp." in words_of(nothing)


def test_a_link_in_the_words_of_a_task_of_words_only_is_refused(scene):
    answer = scene.send(scene.filled([None, None, None, 7], ["", "", "", "xem http://vi-du.vn/"]))

    assert [cell for cell, _ in problems(answer)] == ["J7"]
    assert shown(answer) == [(None, 7)]


@pytest.mark.parametrize("sealed", ["", "x", "a:b:c"])
def test_a_confirmation_that_was_made_up_changes_nothing(scene, sealed):
    answer = scene.client.post(scene.url, {"du-lieu": sealed, "ghi": ["1-1"]}, follow=True)

    assert "Trang xem trước đã cũ" in words_of(answer)
    assert scene.kept() == ({}, {}, {})


def test_nothing_ticked_keeps_nothing(scene):
    answer = scene.confirm(scene.send(scene.filled([12])), only=[])

    assert "Chưa chọn số nào để ghi" in words_of(answer)
    assert scene.kept() == ({}, {}, {})


def test_a_running_total_below_the_last_one_and_an_unlikely_number_are_pointed_out(scene):
    sent = UnitReport.objects.create(
        directive=scene.directive, unit=scene.unit, state="decided", created_by=scene.person, created_at=NOW,
        saved_by=scene.person, saved_at=NOW, submitted_by=scene.person, submitted_at=NOW,
    )  # fmt: skip
    section = sent.sections.create(assignment=scene.first.assignment, state="accepted")
    section.rounds.create(
        number=1, submitted_by=scene.person, submitted_at=NOW, submitted_on=TODAY, decision="accepted",
        decided_by=scene.person, decided_at=NOW, content={"indicators": {"CT1": 24}},
    )  # fmt: skip

    lower = scene.send(scene.filled([12]))
    unlikely = scene.send(scene.filled([60]))

    assert [change.remark for change in lower.context["plan"].changes] == ["số lũy kế thấp hơn lần báo cáo trước (24)"]
    assert [change.remark for change in unlikely.context["plan"].changes] == [
        "ngoài mức thường gặp (không quá 50 bài); khi gửi cần một câu giải thích"
    ]


def test_a_file_that_unpacks_to_very_much_is_refused(scene):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 400_000_000)

    answer = scene.send(buffer.getvalue())

    assert (answer.status_code, scene.kept()) == (422, ({}, {}, {}))


# --- the way there ----------------------------------------------------------------------------------------------------------------


def test_the_reports_form_leads_there_and_keeps_what_was_typed(scene):
    url = f"/don-vi/bao-cao/{scene.report.pk}/soan/"
    body = scene.client.get(url).content.decode()
    prefix = f"muc{scene.first.pk}"

    answer = scene.client.post(
        url, {"chung-version": "1", f"{prefix}-results": "Đã làm.", f"{prefix}-version": "1", "do": "figures"}
    )

    scene.first.refresh_from_db()
    assert f'href="{scene.url}mau/"' in body
    assert (answer["Location"], scene.first.results) == (scene.url, "Đã làm.")


def test_a_report_that_was_sent_takes_no_figures(scene):
    UnitReport.objects.update(state="submitted", submitted_at=NOW, submitted_by=scene.person)

    assert [scene.client.get(scene.url).status_code, scene.client.get(f"{scene.url}mau/").status_code] == [403, 403]
