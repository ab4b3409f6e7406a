"""The letter for signature: what it says, its form read back from the file, who may read it and when."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from directive_tracker import clock
from records.models import AuditEvent, StoredFile
from records.sentences import details
from tasks import permissions
from tasks.chasing.letters import LetterHead, directive_words, letter_work, mark_sent, usual_head, write_letters
from tasks.chasing.notes import explain_delay
from tasks.chasing.rules import chaser_of
from tasks.errors import Refused
from tasks.exports import docx
from tasks.exports.party_form import HD05, HD36, day_words, form_for
from tasks.history import history_of
from tasks.models import ChaseLetter
from tests.factories import (
    at,
    make_area,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_reporter,
    make_task,
    make_unit,
    make_user,
)
from tests.tasks.story import make_story
from units.models import AreaLevel, Unit

pytestmark = pytest.mark.django_db
NOW, TODAY = at("2024-04-15", "09:00"), date(2024, 4, 15)
LATE, BY = date(2024, 4, 10), date(2024, 4, 19)
HEAD = LetterHead(
    superior="Tỉnh ủy Kon Tum",
    organ="Văn phòng",
    symbol="CV/VPTU",
    place="Kon Tum",
    authority="K/T Chánh Văn phòng",
    position="Phó Chánh Văn phòng",
)
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@pytest.fixture(autouse=True)
def monday(monkeypatch, settings, tmp_path):
    """The pages' clock stands at Monday 15/4/2024, 09:00; files go into a folder of the test."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


def make_letter(story, **values) -> ChaseLetter:
    typed = {"by": story.office, "now": NOW, "report_by": BY, "head": HEAD} | values
    (letter,) = write_letters([story.unit], **typed)
    return letter


def opened(letter: ChaseLetter):
    """The file read back."""
    with letter.file.file.open("rb") as stored:
        return Document(io.BytesIO(stored.read()))


def lines(cell) -> list[str]:
    return [paragraph.text.replace("\xa0", " ") for paragraph in cell.paragraphs]


def look(paragraph) -> tuple:
    """(points, bold, italic, underlined, alignment) of a line."""
    first = paragraph.runs[0]
    return (first.font.size.pt, first.bold, first.italic, first.underline, paragraph.alignment)


# --- the form -------------------------------------------------------------------------------------


def test_paper_margins_and_letters_are_those_of_the_guidance():
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    (section,) = paper.sections

    size = (section.page_width.mm, section.page_height.mm)
    margins = [
        edge.mm for edge in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]
    fonts = paper.styles["Normal"].element.rPr.rFonts

    assert [round(value) for value in (*size, *margins)] == [210, 297, 20, 20, 30, 15]
    assert round(section.header_distance.mm) == 10
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert paper.styles["Normal"].font.size == Pt(14)


def test_the_head_names_the_party_the_organ_and_leaves_number_and_day_blank():
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    left, right = paper.tables[0].rows[0].cells

    assert lines(left) == [
        "TỈNH ỦY KON TUM",
        "VĂN PHÒNG",
        "*",
        "Số        -CV/VPTU",
        "đôn đốc thực hiện nhiệm vụ quá hạn",
    ]
    assert [look(paragraph) for paragraph in left.paragraphs] == [
        (14, False, False, False, CENTRE),
        (14, True, False, False, CENTRE),
        (14, False, False, False, CENTRE),
        (14, False, False, False, CENTRE),
        (12, False, True, False, CENTRE),
    ]
    assert lines(right) == [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "",
        "Kon Tum, ngày         tháng         năm 2024",
    ]
    assert look(right.paragraphs[0]) == (15, True, False, False, CENTRE)
    assert look(right.paragraphs[2]) == (14, False, True, False, CENTRE)
    # A drawn line below the title, no underlined letters.
    (border,) = right.paragraphs[1]._p.pPr.findall(qn("w:pBdr"))
    assert border.find(qn("w:top")).get(qn("w:val")) == "single"


def test_the_text_is_justified_in_lines_of_18_points_with_a_first_line_of_10_millimetres():
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    texts = [paragraph for paragraph in paper.paragraphs if paragraph.alignment == JUSTIFIED]

    assert len(texts) == 3
    for paragraph in texts:
        form = paragraph.paragraph_format
        assert look(paragraph) == (14, False, False, False, JUSTIFIED)
        assert (form.line_spacing_rule, form.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(18))
        assert (round(form.first_line_indent.mm), form.space_before) == (10, Pt(6))


def test_recipients_stand_at_the_left_and_the_signature_is_left_blank():
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    left, right = paper.tables[-1].rows[0].cells

    assert lines(left) == ["Nơi nhận:", "- Như trên,", "- Thường trực Tỉnh ủy (b/c),", "- Lưu Văn phòng Tỉnh ủy."]
    assert look(left.paragraphs[0]) == (14, False, False, True, WD_ALIGN_PARAGRAPH.LEFT)
    assert look(left.paragraphs[1]) == (12, False, False, False, WD_ALIGN_PARAGRAPH.LEFT)
    assert lines(right) == ["K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "", "", "", "", ""]
    assert look(right.paragraphs[0]) == (14, True, False, False, CENTRE)
    assert look(right.paragraphs[1]) == (14, False, False, False, CENTRE)


def test_pages_are_numbered_at_the_top_from_the_second_on():
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    (section,) = paper.sections

    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize(("demo", "words"), [(True, "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"), (False, "")])
def test_every_page_of_the_demo_says_that_the_data_is_invented(settings, demo, words):
    settings.DEMO = demo
    paper = opened(make_letter(make_story(state="in_progress", due=LATE)))
    (section,) = paper.sections

    assert section.first_page_header.paragraphs[0].text == words
    assert section.header.paragraphs[0].text.endswith(words)
    assert paper.core_properties.comments == words


def test_a_letter_dated_after_the_new_guidance_ends_its_recipients_with_semicolons():
    assert [form_for(date(2026, 5, day)).code for day in (26, 27)] == ["HD36", "HD05"]
    assert form_for(date(2010, 1, 1)) is HD36
    assert docx.listed(HD05, ["Như trên", "Lưu Văn phòng"]) == ["- Như trên;", "- Lưu Văn phòng."]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 2, 5), "ngày 05 tháng 02 năm 2024"),
        (date(2024, 5, 27), "ngày 27 tháng 5 năm 2024"),
        (date(2024, 1, 31), "ngày 31 tháng 01 năm 2024"),
        (date(2024, 12, 9), "ngày 09 tháng 12 năm 2024"),
    ],
)
def test_a_day_in_words_has_a_zero_before_small_days_and_the_first_two_months(day, words):
    assert day_words(day) == words


# --- what it says ---------------------------------------------------------------------------------


def test_the_letter_lists_the_units_late_work_with_what_it_said():
    story = make_story(state="in_progress", due=LATE)
    second = make_assignment(
        make_task(story.directive, "1a.2", title="Rà soát <A & B>"), story.unit, due=date(2024, 3, 29), state="redo"
    )
    explain_delay(second, by=story.reporter, now=NOW, cause="objective", reason="Chờ các xã", expected_on=BY)

    paper = opened(make_letter(story))

    table = paper.tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [
            "STT",
            "Mã",
            "Nhiệm vụ",
            "Thời hạn",
            "Quá hạn (ngày làm việc)",
            "Nguyên nhân đơn vị nêu",
            "Dự kiến xong",
        ],
        ["1", "1a.1", story.task.title, "10/4/2024", "3", "chưa nêu", "chưa nêu"],
        ["2", "1a.2", "Rà soát <A & B>", "29/3/2024", "11", "Khách quan: Chờ các xã", "19/4/2024"],
    ]
    assert table.rows[0].cells[0].paragraphs[0].runs[0].font.size == Pt(12)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert sum(round(column.width / Mm(1)) for column in table.columns) == 165


def test_the_letter_cites_its_document_and_asks_for_a_report_by_a_day():
    story = make_story(state="in_progress", due=LATE)
    directive = story.directive
    directive.number, directive.issued_date, directive.issuer = "127-CV/TU", date(2024, 2, 5), "Ban Thường vụ Tỉnh ủy"
    directive.save()

    texts = [paragraph.text for paragraph in opened(make_letter(story)).paragraphs if paragraph.text]

    assert texts == [
        "Kính gửi: Huyện ủy Đắk Hà",
        "Thực hiện Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về chỉ đạo tổ chức hoạt động kỷ "
        "niệm 70 năm Chiến thắng Điện Biên Phủ, Văn phòng Tỉnh ủy theo dõi, đôn đốc việc thực hiện các nhiệm vụ được "
        "giao.",
        "Tính đến ngày 15/4/2024, đơn vị còn 01 nhiệm vụ đã quá thời hạn nhưng chưa hoàn thành:",
        "Văn phòng Tỉnh ủy đề nghị Huyện ủy Đắk Hà khẩn trương lãnh đạo, chỉ đạo thực hiện các nhiệm vụ nêu trên; báo "
        "cáo kết quả (nêu rõ nguyên nhân chậm, ngày dự kiến hoàn thành đối với nhiệm vụ chưa xong) về Văn phòng Tỉnh "
        "ủy chậm nhất ngày 19/4/2024 để tổng hợp, báo cáo Thường trực Tỉnh ủy.",
    ]


@pytest.mark.parametrize(
    ("number", "day", "title", "words"),
    [
        ("", None, "Tuyên truyền kỷ niệm", "Công văn của Tỉnh ủy về tuyên truyền kỷ niệm"),
        ("5-CV/TU", None, "MTTQ rà soát", "Công văn số 5-CV/TU của Tỉnh ủy về MTTQ rà soát"),
        ("", date(2024, 2, 5), "Điện Biên Phủ", "Công văn ngày 05/02/2024 của Tỉnh ủy về Điện Biên Phủ"),
    ],
)
def test_a_document_is_cited_with_what_is_known_of_it(number, day, title, words):
    directive = make_directive(number=number, issued_date=day, title=title, issuer="Tỉnh ủy")

    assert directive_words(directive) == words


def test_work_of_two_documents_stands_under_the_name_of_each():
    story = make_story(state="in_progress", due=LATE)
    other = make_directive(title="Kế hoạch khác", issuer="Tỉnh ủy")
    make_assignment(make_task(other, "2a"), story.unit, due=LATE, state="in_progress")

    paper = opened(make_letter(story))

    first = "Công văn của Tỉnh ủy Kon Tum về chỉ đạo tổ chức hoạt động kỷ niệm 70 năm Chiến thắng Điện Biên Phủ"
    second = "Công văn của Tỉnh ủy về kế hoạch khác"
    assert [[cell.text for cell in row.cells][:2] for row in paper.tables[1].rows] == [
        ["STT", "Mã"],
        [first, first],
        ["1", "1a.1"],
        [second, second],
        ["2", "2a"],
    ]
    assert "theo dõi, đôn đốc việc thực hiện các văn bản chỉ đạo" in "".join(p.text for p in paper.paragraphs)


def test_only_late_lead_work_in_the_units_hands_is_listed():
    story = make_story(state="in_progress", due=LATE)
    for code, values in {
        "a": {"state": "submitted"},
        "b": {"state": "paused"},
        "c": {"state": "in_progress", "due": TODAY},
        "d": {"state": "in_progress", "role": "coordinating"},
        "e": {"state": "returned_by_unit"},
    }.items():
        make_assignment(make_task(story.directive, code), story.unit, **{"due": LATE, **values})

    letter = make_letter(story)

    assert [work["code"] for work in letter.works] == ["1a.1"]
    assert list(letter.assignments.all()) == [story.assignment]


def test_the_letter_is_frozen_when_the_work_goes_on():
    story = make_story(state="in_progress", due=LATE)
    letter = make_letter(story)
    explain_delay(story.assignment, by=story.reporter, now=NOW, cause="objective", reason="Mưa lũ", expected_on=BY)

    (work,) = ChaseLetter.objects.get(pk=letter.pk).works

    assert (work["due"], work["working_days_late"], work["cause"], work["expected_on"]) == (LATE, 3, "", None)


# --- making it ------------------------------------------------------------------------------------


def test_several_units_get_a_letter_each_and_no_other_units_work():
    story = make_story(state="in_progress", due=LATE)
    story.other_assignment.due_current, story.other_assignment.state = LATE, "in_progress"
    story.other_assignment.save()

    letters = write_letters([story.unit, story.other_unit], by=story.office, now=NOW, report_by=BY, head=HEAD)

    assert [(letter.unit, list(letter.assignments.all())) for letter in letters] == [
        (story.unit, [story.assignment]),
        (story.other_unit, [story.other_assignment]),
    ]
    assert "Huyện ủy Ngọc Hồi" not in str(letters[0].content)


def test_a_letter_is_a_row_a_file_and_an_event():
    story = make_story(state="in_progress", due=LATE)

    letter = make_letter(story)

    assert (letter.made_by, letter.made_at, letter.as_of, letter.report_by) == (story.office, NOW, TODAY, BY)
    assert letter.file.original_name == f"cong-van-don-doc-{story.unit.code}-20240415.docx"
    event = AuditEvent.objects.get()
    assert (event.verb, event.target_type, event.target_label) == (
        "letter.made",
        "tasks.chaseletter",
        "Công văn đôn đốc Huyện ủy Đắk Hà",
    )
    # PostgreSQL does not keep the order of the keys.
    assert set(details(event).split("; ")) == {
        "gồm: 1a.1",
        f"tệp: cong-van-don-doc-{story.unit.code}-20240415.docx",
        "đề nghị báo cáo chậm nhất: 19/4/2024",
        "số lượng: 1",
    }


def test_a_unit_without_late_work_stops_the_whole_press():
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused, match="Huyện ủy Ngọc Hồi không còn việc quá hạn nào"):
        write_letters([story.unit, story.other_unit], by=story.office, now=NOW, report_by=BY, head=HEAD)

    assert (ChaseLetter.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 4, 14), "Ngày 14/4/2024 đã qua"),
        (date(9999, 12, 31), "Ngày 31/12/9999 xa quá một năm"),
    ],
)
def test_a_day_to_report_by_that_cannot_be_is_refused(day, words):
    story = make_story(state="in_progress", due=LATE)

    with pytest.raises(Refused, match=words):
        make_letter(story, report_by=day)


def test_no_unit_and_too_many_units_are_refused(monkeypatch):
    story = make_story(state="in_progress", due=LATE)
    values = {"by": story.office, "now": NOW, "report_by": BY, "head": HEAD}
    monkeypatch.setattr("tasks.chasing.letters.MOST_UNITS", 1)

    with pytest.raises(Refused, match="ít nhất một đơn vị"):
        write_letters([], **values)
    with pytest.raises(Refused, match="nhiều nhất 1 công văn"):
        write_letters([story.unit, story.other_unit], **values)


def test_nobody_writes_a_letter_to_a_unit_of_the_own_nor_the_office_to_itself():
    story = make_story(state="in_progress", due=LATE)
    make_membership(story.office, story.unit, "reporter")
    office = make_office()
    make_assignment(make_task(story.directive, "1b"), office, due=LATE, state="in_progress")

    with pytest.raises(Refused, match="tự soạn công văn"):
        make_letter(story)

    assert list(letter_work(story.office, today=TODAY)) == []
    assert permissions.can_write_letter(story.office, office) is False
    assert chaser_of(story.office).may_chase_anybody


@pytest.mark.parametrize("who", ["reporter", "unit_head", "reader", "administrator"])
def test_only_the_office_writes_letters(who):
    story = make_story(state="in_progress", due=LATE)
    user = make_user()
    make_membership(user, make_unit(), who)

    with pytest.raises(Refused, match="tự soạn"):
        make_letter(story, by=user)


def test_the_head_comes_from_the_office_and_the_province_and_then_from_the_last_letter():
    story = make_story(state="in_progress", due=LATE)
    make_area("Tỉnh Kon Tum", level=AreaLevel.PROVINCE)
    office = Unit.objects.get(code="vptu")
    office.symbol = "VPTU"
    office.save()

    first = usual_head(office, story.office, today=TODAY)
    make_letter(story)

    assert first == LetterHead("Tỉnh ủy Kon Tum", "Văn phòng", "CV/VPTU", "Kon Tum", "", "Chánh Văn phòng")
    assert usual_head(office, story.office, today=TODAY) == HEAD


def test_a_letter_of_forty_works_runs_over_pages_and_keeps_every_line():
    story = make_story(state="in_progress", due=LATE)
    for number in range(39):
        make_assignment(make_task(story.directive, f"x{number}"), story.unit, due=LATE, state="in_progress")

    paper = opened(make_letter(story))

    assert [row.cells[0].text for row in paper.tables[1].rows][1:] == [str(number) for number in range(1, 41)]


# --- sending it -----------------------------------------------------------------------------------


def everybody(story) -> dict:
    """One of each who may want to read a letter."""
    above = make_unit("Tỉnh ủy")
    Unit.objects.filter(pk=story.unit.pk).update(parent=above)
    people = {"office": story.office, "reporter": story.reporter, "stranger": story.stranger}
    for name, unit, role in (
        ("unit_head", story.unit, "unit_head"),
        ("above", above, "reporter"),
        ("reader", make_unit("Thường trực"), "reader"),
        ("administrator", make_office(), "administrator"),
    ):
        people[name] = make_user(name)
        make_membership(people[name], unit, role)
    watch = make_unit("Ban Tuyên giáo")
    story.task.monitors.add(watch)
    return people | {"monitor": make_reporter(watch, "tuyengiao")}


def test_until_it_is_sent_a_letter_is_the_offices_alone_afterwards_the_units_too(client):
    story = make_story(state="in_progress", due=LATE)
    people = everybody(story)
    letter = make_letter(story)

    def readers() -> set[str]:
        found = set()
        for name, user in people.items():
            client.force_login(user)
            page, file = client.get(letter.get_absolute_url()), client.get(f"/tep/{letter.file_id}/")
            assert page.status_code == file.status_code, name
            if page.status_code == 200:
                found.add(name)
        return found

    before = readers()
    mark_sent(letter, by=story.office, now=NOW, number=" 127-CV/VPTU ", sent_on=TODAY)

    assert before == {"office"}
    assert readers() == {"office", "reporter", "unit_head", "above", "reader"}


def test_a_letter_that_was_sent_stands_in_the_history_of_its_work():
    story = make_story(state="in_progress", due=LATE)
    letter = make_letter(story)
    before = history_of(story.assignment)

    mark_sent(letter, by=story.office, now=at("2024-04-16", "10:00"), number="127-CV/VPTU", sent_on=date(2024, 4, 16))

    assert before == []
    assert [(event.what, event.when) for event in history_of(story.assignment)] == [
        ("Công văn đôn đốc số 127-CV/VPTU, đề nghị báo cáo chậm nhất 19/4/2024", at("2024-04-16", "10:00"))
    ]


@pytest.mark.parametrize(
    ("number", "day", "words"),
    [
        (" ", TODAY, "Hãy ghi số, ký hiệu"),
        ("x" * 61, TODAY, "dài 61 ký tự; xin rút gọn còn 60"),
        ("1-CV/VPTU", date(2024, 4, 14), "phải từ ngày soạn \\(15/4/2024\\) đến hôm nay \\(15/4/2024\\)"),
        ("1-CV/VPTU", date(2024, 4, 16), "Ngày gửi 16/4/2024 phải từ ngày soạn"),
    ],
)
def test_what_cannot_be_of_a_sent_letter_is_refused(number, day, words):
    letter = make_letter(make_story(state="in_progress", due=LATE))

    with pytest.raises(Refused, match=words):
        mark_sent(letter, by=letter.made_by, now=NOW, number=number, sent_on=day)

    assert not ChaseLetter.objects.get(pk=letter.pk).is_sent


def test_a_letter_is_sent_once():
    story = make_story(state="in_progress", due=LATE)
    letter = make_letter(story)
    colleague = ChaseLetter.objects.select_related("unit").get(pk=letter.pk)
    mark_sent(letter, by=story.office, now=NOW, number="127-CV/VPTU", sent_on=TODAY)

    with pytest.raises(Refused, match="Người khác vừa ghi"):
        mark_sent(colleague, by=story.office, now=NOW, number="128-CV/VPTU", sent_on=TODAY)

    assert ChaseLetter.objects.get().number == "127-CV/VPTU"


@pytest.mark.parametrize(
    "values",
    [
        {"report_by": date(2024, 4, 14)},
        {"number": "1-CV/VPTU"},
        {"sent_on": TODAY},
        {"number": "1-CV/VPTU", "sent_on": date(2024, 4, 14), "sent_noted_at": NOW},
    ],
)
def test_the_database_refuses_half_a_sending_and_days_that_cannot_be(values):
    letter = make_letter(make_story(state="in_progress", due=LATE))
    if "sent_noted_at" in values:
        values = {**values, "sent_by": letter.made_by}

    with pytest.raises(IntegrityError), transaction.atomic():
        ChaseLetter.objects.filter(pk=letter.pk).update(**values)
