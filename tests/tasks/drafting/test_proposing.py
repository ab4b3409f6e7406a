"""An unknown document becomes a draft with tasks, bodies and times that wait to be looked at."""

from datetime import date

import pytest

from tasks.drafting.codes import code_of, free_code
from tasks.drafting.times import due_values
from tasks.errors import AlreadyRecorded, Refused
from tasks.intake.proposal import Deadline, DeadlineKind
from tasks.issuing import issue
from tasks.models import Assignment, Directive
from tasks.recording import alike, uncovered_sentences
from tests.factories import make_office_user
from tests.tasks.drafting.draft import (
    LETTER,
    NOW,
    by_code,
    codes,
    given,
    make_bodies,
    products,
    record_letter,
    words_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bodies():
    return make_bodies()


@pytest.fixture
def directive(bodies):
    return record_letter()


def test_the_header_is_read(directive):
    assert (directive.kind, directive.number, directive.issued_date) == ("Công văn", "41-CV/TU", date(2026, 2, 27))
    assert (directive.title, directive.issuer) == ("chuẩn bị Ngày hội đọc sách", "BAN THƯỜNG VỤ")
    assert (directive.signer_authority, directive.signer_title, directive.signer_name) == (
        "T/M BAN THƯỜNG VỤ",
        "PHÓ BÍ THƯ",
        "Lê Văn Thử",
    )
    assert (directive.state, directive.office.code) == ("draft", "vptu")


def test_each_task_has_its_code_its_words_and_the_rule_that_made_it(directive):
    rows = [(task.code, task.why, words_of(task)[0][:31], task.is_unchecked) for task in by_code(directive).values()]
    assert rows == [
        ("1", "subject", "Ban Tuyên giáo Tỉnh ủy chủ trì,", True),
        ("2a", "heading", "Tổ chức ngày hội tại địa bàn tr", True),
        ("2b", "heading", "Báo cáo kết quả trước ngày 25 h", True),
        ("3", "subject", "Hội Người cao tuổi tỉnh vận độn", True),
    ]


def test_known_names_become_bodies_and_unknown_ones_stay_words(directive):
    tasks = by_code(directive)
    assert given(tasks["1"]) == [
        ("lead", "Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy", 100),
        ("coordinating", "Tỉnh đoàn", "Tỉnh đoàn", 100),
    ]
    assert given(tasks["2a"]) == [("lead", "Các huyện ủy, thành ủy", "Các huyện ủy, thành ủy", 100)]
    assert given(tasks["3"]) == [("lead", "", "Hội Người cao tuổi tỉnh", None)]


def test_stated_times_become_due_rules_with_their_words(directive):
    tasks = by_code(directive)
    assert {code: products(task) for code, task in tasks.items()} == {
        "1": [("report", "fixed", date(2026, 3, 20), None, "text", "trước ngày 20/3/2026")],
        "2a": [("report", "end_of_quarter", date(2026, 6, 30), None, "text", "trong quý II năm 2026")],
        "2b": [("report", "monthly", None, 25, "text", "trước ngày 25 hằng tháng")],
        "3": [("report", "none", None, None, "office", "")],
    }


def test_addressees_copies_and_cited_documents_are_rows(directive):
    lines = [
        (line.written, [unit.code for unit in line.units.all()], [group.code for group in line.groups.all()])
        for line in directive.addressees.all()
    ]
    assert lines == [("Ban Tuyên giáo Tỉnh ủy", ["ban-tuyen-giao"], []), ("Các huyện ủy, thành ủy", [], ["huyen-uy"])]
    assert [copy.written for copy in directive.copies.all()] == ["Như trên", "Lưu Văn phòng Tỉnh ủy"]
    assert list(directive.cited_documents.values_list("number", "date")) == [("12-KH/TU", date(2026, 1, 5))]


def test_only_what_nobody_decided_about_stays_open_and_never_head_or_foot(directive):
    text = directive.current_text
    assert [text.body[start:end] for start, end in uncovered_sentences(text)] == [
        "Thực hiện Kế hoạch số 12-KH/TU, ngày 05/01/2026 của Ban Thường vụ Tỉnh ủy, Ban Thường vụ Tỉnh ủy yêu cầu:",
        "Các huyện ủy, thành ủy:",
        "Ngày hội là dịp để mọi người thêm yêu sách.",
    ]


def test_nothing_is_issued_while_a_proposal_waits_to_be_looked_at(directive):
    office = make_office_user()
    with pytest.raises(Refused, match=r"chưa ai soát \(1, 2a, 2b, 3\)"):
        issue(directive, by=office, now=NOW)
    assert Assignment.objects.count() == 0


def test_issuing_is_possible_once_everything_was_looked_at(directive):
    office = make_office_user()
    directive.tasks.update(checked_by=office, checked_at=NOW)
    assert issue(directive, by=office, now=NOW).created == 6


def test_the_offices_own_work_is_reviewed_by_the_standing_committee(bodies):
    directive = record_letter(
        text="TỈNH ỦY\nSố 5-CV/TU\n\n1. Văn phòng Tỉnh ủy theo dõi, đôn đốc việc thực hiện.\n"
        "2. Ban Tuyên giáo Tỉnh ủy hướng dẫn tuyên truyền.\n"
    )
    reviewers = {code: task.reviewing_unit.code for code, task in by_code(directive).items()}
    assert reviewers == {"1": "thuong-truc", "2": "vptu"}


def test_the_same_document_from_another_file_leads_to_the_one_that_is_there(directive):
    with pytest.raises(AlreadyRecorded, match="Văn bản số 41-CV/TU của BAN THƯỜNG VỤ đã được ghi") as refusal:
        record_letter(text=LETTER + "\n\n", name="khac.txt")
    assert refusal.value.directive == directive
    assert Directive.objects.count() == 1


def test_a_document_of_the_same_number_and_another_day_is_recorded_and_named_as_alike(directive):
    other = record_letter(text=LETTER.replace("27 tháng 02 năm 2026", "27 tháng 02 năm 2025"), name="cu.txt")
    assert alike(other.number, other.issuer, but=other) == [directive]
    assert alike("41 - cv/tu", "Ban thường vụ", but=None) == [other, directive]
    assert alike("", "", but=None) == []


def test_a_document_that_asks_nothing_is_recorded_without_tasks(bodies):
    directive = record_letter(text="Thơ mừng xuân.\n\nHoa mai nở vàng trước ngõ.\n", name="tho.txt")
    assert (codes(directive), directive.title, directive.number) == ([], "tho", "")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("1", "1"),
        ("1.a", "1a"),
        ("1.-2", "1b"),
        ("1.-5", "1đ"),
        ("III.2", "III.2"),
        ("B.V.1.đ", "B.V.1đ"),
        ("1.-30", "1.30"),
        ("1.a.-1", "1a.a"),
        ("PL.12", "PL.12"),
        ("3.p2", "3.p2"),
        ("end", "cuối"),
        ("1." * 60 + "1", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1."),
    ],
)
def test_a_printed_path_is_a_short_code(path, code):
    assert code_of(path) == code


def test_a_code_that_is_taken_gets_a_number():
    assert (free_code("1b", set()), free_code("1b", {"1b", "1b.2"})) == ("1b", "1b.3")
    assert free_code("x" * 50, {"x" * 40}) == "x" * 38 + ".2"


@pytest.mark.parametrize(
    ("kind", "day", "words", "rule"),
    [
        ("date", "2026-03-20", "trước ngày 20/3/2026", ("fixed", date(2026, 3, 20), None)),
        ("month", "2026-03-31", "trong tháng 3/2026", ("end_of_month", date(2026, 3, 31), None)),
        ("quarter", "2026-06-30", "trong quý II/2026", ("end_of_quarter", date(2026, 6, 30), None)),
        ("year", "2026-12-31", "trong năm 2026", ("fixed", date(2026, 12, 31), None)),
        ("periodic", None, "trước ngày 25 hàng tháng", ("monthly", None, 25)),
        ("periodic", None, "ngày 5 mỗi tháng", ("monthly", None, 5)),
        ("periodic", None, "trước ngày 15 tháng cuối quý", ("quarterly", None, 15)),
        ("periodic", None, "ngày 45 hàng tháng", ("none", None, None)),
        ("periodic", None, "Hằng năm", ("none", None, None)),
        ("date", "1954-05-07", "ngày 07/5/1954", ("none", None, None)),
    ],
)
def test_a_stated_time_is_a_rule_and_no_day_is_invented(kind, day, words, rule):
    values = due_values(Deadline(DeadlineKind(kind), day, words))
    assert (values["due_kind"], values.get("due_date"), values.get("due_days")) == rule
    assert (values["due_source"], values["due_basis"]) == ("text", words)
