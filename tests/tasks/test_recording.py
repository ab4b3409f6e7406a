"""Recording the real directive, and documents nobody has described."""

import hashlib
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from records.errors import SecretDocumentRefused, UploadRefused
from records.models import AuditEvent, StoredFile
from tasks import breakdown, recording
from tasks.breakdown import BrokenBreakdown
from tasks.duerules import due_of, task_due
from tasks.errors import Refused
from tasks.models import Directive, DirectiveText, Indicator, Product
from tasks.recording import record_directive, uncovered_sentences
from units.calendar import work_calendar
from units.models import Unit
from units.reference import load_reference

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 2, 15, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SOURCE = Path(breakdown.DATA) / "kon-tum-70-nam-dien-bien-phu.txt"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def directive():
    load_reference()
    found, _ = record_directive(SOURCE.read_bytes(), SOURCE.name, None, NOW)
    return found


def tasks_of(directive):
    return {task.code: task for task in directive.tasks.all()}


# --- header and text ------------------------------------------------------------------------------


def test_the_header_has_no_number_and_no_date_and_keeps_the_slip_beside_the_correction(directive):
    assert (directive.number, directive.issued_date, directive.state) == ("", None, "draft")
    assert (directive.signer_authority, directive.signer_title) == ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ")
    assert (directive.signer_name, directive.signer_name_corrected) == ("A Pót", "A Pớt")
    assert (directive.issuer, directive.event_date) == ("Ban Thường vụ Tỉnh ủy", date(2024, 5, 7))


def test_the_original_is_kept_byte_for_byte(directive):
    stored = directive.current_text.source_file
    assert stored.sha256 == "55b8e411ee1744d43679abea1428c9b7ab0f2e35a3dd5933219dbe8e4775065d"
    with stored.file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == stored.sha256


def test_the_clean_text_has_its_footnote_apart(directive):
    text = directive.current_text
    assert "<sup>" not in text.body and "#" not in text.body and "*" not in text.body
    assert [note["mark"] for note in text.footnotes] == ["1"]
    assert text.body[: text.footnotes[0]["at"]].endswith("Hiệp định Giơ-ne-vơ")


def test_cited_documents_stand_as_printed_with_the_correction(directive):
    rows = [(c.number, c.number_corrected, c.date) for c in directive.cited_documents.all()]
    assert rows == [
        ("135-HD/BTGTW", "", date(2024, 1, 8)),
        ("114/HĐ-MTTW-BTT", "114/HD-MTTW-BTT", date(2024, 1, 16)),
    ]


def test_five_lines_of_address_and_three_copies(directive):
    lines = [
        (line.written, [u.code for u in line.units.all()], [g.code for g in line.groups.all()])
        for line in directive.addressees.all()
    ]
    assert lines == [
        ("Ban cán sự đảng Ủy ban nhân dân tỉnh", ["bcsd-ubnd"], []),
        ("Ban Tuyên giáo Tỉnh ủy", ["ban-tuyen-giao"], []),
        (
            "Đảng đoàn Ủy ban MTTQ Việt Nam tỉnh và các tổ chức chính trị-xã hội tỉnh",
            ["mttq"],
            ["to-chuc-ct-xh"],
        ),
        ("Ban Thường vụ Tỉnh đoàn", ["tinh-doan"], []),
        ("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy", [], ["huyen-thanh-dang-uy-truc-thuoc"]),
    ]
    assert [copy.written for copy in directive.copies.all()] == [
        "Như trên",
        "Ban Tuyên giáo Trung ương (b/c)",
        "Lưu Văn phòng Tỉnh ủy",
    ]


def test_periods_are_cut_off_on_the_14th(directive):
    assert list(directive.periods.values_list("cutoff_on", "due_on")) == [
        (date(2024, 3, 14), date(2024, 3, 18)),
        (date(2024, 4, 14), date(2024, 4, 16)),
        (date(2024, 5, 14), date(2024, 5, 16)),
    ]


# --- clauses, tasks, spans ------------------------------------------------------------------------


def test_six_clauses_give_sixteen_tasks(directive):
    clauses = [clause.code for clause in directive.current_text.clauses.all()]
    assert clauses == ["1", "1a", "1b", "1c", "2", "3", "3a", "3b"]
    by_clause = Counter(task.clause.code for task in directive.tasks.all())
    assert by_clause == {"1a": 5, "1b": 3, "1c": 2, "2": 1, "3a": 4, "3b": 1}


def test_spans_point_at_the_words_that_give_the_task(directive):
    body = directive.current_text.body
    tasks = tasks_of(directive)
    quoted = {code: [body[s.start : s.end] for s in tasks[code].spans.all()] for code in ("1a.3", "1b.3")}
    assert quoted == {
        "1a.3": ["phát động phong trào thi đua yêu nước", "chào mừng kỷ niệm Sự kiện trên"],
        "1b.3": [
            "Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh chủ trì, phối hợp với các địa phương, đơn vị liên quan",
            "tổ chức gặp mặt, thăm hỏi, tri ân trong dịp kỷ niệm Sự kiện trên",
        ],
    }


def test_every_span_lies_in_its_clause(directive):
    for task in directive.tasks.all():
        for span in task.spans.all():
            assert task.clause.start <= span.start < span.end <= task.clause.end


def test_no_sentence_of_the_real_directive_stays_uncovered(directive):
    assert uncovered_sentences(directive.current_text) == []


def test_a_sentence_shows_again_when_its_only_task_loses_it(directive):
    tasks_of(directive)["3b"].spans.all().delete()
    text = directive.current_text
    ((start, end),) = uncovered_sentences(text)
    assert text.body[start:end].startswith("Theo dõi, kiểm tra, đôn đốc việc thực hiện")


def test_only_1a5_is_encouraged_and_only_3a4_takes_words_and_counts_alone(directive):
    tasks = directive.tasks.all()
    assert [task.code for task in tasks if task.is_encouraged] == ["1a.5"]
    assert [task.code for task in tasks if task.words_and_counts_only] == ["3a.4"]


def test_clause_2_waits_for_a_decision(directive):
    task = tasks_of(directive)["2"]
    assert (task.condition_state, task.condition_text) == ("undecided", "nếu có điểm cầu ở tỉnh Kon Tum")
    assert (task.condition_question, task.condition_decide_by) == ("Kon Tum có điểm cầu không?", date(2024, 4, 19))
    assert [task.code for task in directive.tasks.all() if task.condition_state != "none"] == ["2"]


def test_the_office_reviews_and_3b_makes_the_propaganda_board_monitor_of_1a2(directive):
    assert {task.reviewing_unit.code for task in directive.tasks.all()} == {"van-phong"}
    monitors = {task.code: [unit.code for unit in task.monitors.all()] for task in directive.tasks.all()}
    assert {code: units for code, units in monitors.items() if units} == {"1a.2": ["ban-tuyen-giao"]}


# --- due dates and recipients ---------------------------------------------------------------------


def test_due_dates_are_those_the_office_proposes(directive):
    calendar = work_calendar()
    dues = {task.code: task_due(list(task.products.all()), directive, calendar)[0] for task in directive.tasks.all()}
    assert dues == {
        "1a.1": date(2024, 5, 7),
        "1a.2": date(2024, 5, 8),
        "1a.3": date(2024, 3, 29),
        "1a.4": date(2024, 5, 7),
        "1a.5": date(2024, 5, 5),
        "1b.1": date(2024, 3, 15),
        "1b.2": date(2024, 3, 29),
        "1b.3": date(2024, 5, 7),
        "1c.1": None,
        "1c.2": date(2024, 3, 29),
        "2": date(2024, 5, 5),
        "3a.1": date(2024, 2, 29),
        "3a.2": date(2024, 5, 5),
        "3a.3": date(2024, 5, 7),
        "3a.4": date(2024, 5, 31),
        "3b": date(2024, 5, 8),
    }


def test_the_deployment_papers_are_due_on_29_february(directive):
    calendar = work_calendar()
    papers = Product.objects.filter(kind="deployment").order_by("task__order")
    assert [(p.task.code, due_of(p, directive, calendar), p.has_paper) for p in papers] == [
        ("1a.1", date(2024, 2, 29), True),
        ("2", date(2024, 2, 29), True),
        ("3a.1", date(2024, 2, 29), True),
    ]


def test_the_one_milestone_counted_back_from_the_event_is_five_working_days_before(directive):
    product = Product.objects.get(due_kind="before_event")
    assert (product.task.code, product.is_required) == ("2", False)
    assert due_of(product, directive, work_calendar()) == date(2024, 4, 26)


def test_every_due_date_says_it_is_the_offices_and_why(directive):
    rows = Product.objects.values_list("due_source", "due_basis")
    assert {source for source, _ in rows} == {"office"}
    assert all(basis for _, basis in rows)


def lead_units(task, day=date(2024, 2, 15)):
    """The units that get the task, expanded here by hand, each once."""
    found = set()
    for recipient in task.recipients.filter(role="lead"):
        found |= {recipient.unit.code} if recipient.unit else {u.code for u in recipient.group.members_on(day)}
    return found


def test_issuing_will_give_111_lead_assignments(directive):
    counts = Counter(code for task in directive.tasks.all() for code in lead_units(task))
    assert len(counts) == 22
    assert sum(counts.values()) == 111
    named = {code: counts.pop(code) for code in ("mttq", "quan-su", "ban-tuyen-giao", "bcsd-ubnd")}
    assert named == {"mttq": 8, "quan-su": 7, "ban-tuyen-giao": 5, "bcsd-ubnd": 1}
    assert set(counts.values()) == {5} and len(counts) == 18


def test_two_bodies_coordinate_at_issue_and_the_rest_is_open_text(directive):
    rows = [(r.task.code, r) for t in directive.tasks.all() for r in t.recipients.filter(role="coordinating")]
    assert [(code, r.unit.code) for code, r in rows if not r.is_open_text] == [("1c.2", "mttq"), ("3a.3", "dai-ptth")]
    assert [(code, r.written) for code, r in rows if r.is_open_text] == [
        ("1b.1", "các địa phương, đơn vị liên quan"),
        ("1b.2", "các địa phương, đơn vị liên quan"),
        ("1b.3", "các địa phương, đơn vị liên quan"),
        ("2", "Đài Truyền hình Việt Nam"),
        ("3a.3", "Hãng phim Tài liệu và Khoa học Trung ương"),
        ("3a.3", "Đài Truyền hình Việt Nam"),
    ]


def test_indicators_have_one_measure_each(directive):
    rows = [(i.task.code, i.code, i.measure) for t in directive.tasks.all() for i in t.indicators.all()]
    assert rows == [
        ("1a.1", "CT01", "buổi"),
        ("1a.1", "CT02", "lượt"),
        ("1a.2", "CT03", "tin, bài"),
        ("1a.2", "CT04", "tấm"),
        ("1a.2", "CT05", "chiếc"),
        ("1a.2", "CT06", "lá"),
        ("1a.2", "CT07", "buổi"),
        ("1a.2", "CT08a", "bài"),
        ("1a.2", "CT08b", "lượt"),
        ("1a.3", "CT18", "văn bản"),
        ("1a.3", "CT19", "công trình, phần việc"),
        ("1a.3", "CT20a", "tập thể"),
        ("1a.3", "CT20b", "cá nhân"),
        ("1a.4", "CT11", "hoạt động"),
        ("1a.4", "CT02", "lượt"),
        ("1a.5", "CT09", "bài"),
        ("1a.5", "CT10", "lượt"),
        ("1b.1", "CT13", "người"),
        ("1b.3", "CT14", "người"),
        ("1b.3", "CT15a", "suất"),
        ("1b.3", "CT15b", "đồng"),
        ("1c.1", "CT18", "văn bản"),
        ("1c.1", "CT19", "công trình, phần việc"),
        ("1c.1", "CT20a", "tập thể"),
        ("1c.1", "CT20b", "cá nhân"),
        ("3a.2", "CT12", "tác phẩm"),
        ("3a.3", "CT07", "buổi"),
        ("3a.4", "CT16", "bài"),
        ("3b", "CT17a", "cuộc"),
        ("3b", "CT17b", "lần"),
    ]


def test_reviewed_people_are_asked_for_by_category(directive):
    reviewed = Indicator.objects.get(task__directive=directive, code="CT13")

    assert list(reviewed.categories.values_list("code", "name")) == [
        ("CT13a", "Cựu chiến binh"),
        ("CT13b", "Cựu thanh niên xung phong"),
        ("CT13c", "Dân công hỏa tuyến"),
    ]


def test_running_totals_replace_each_other_and_figures_of_a_period_are_added_up(directive):
    rules = set(Indicator.objects.filter(task__directive=directive).values_list("mode", "over_periods", "over_units"))

    assert rules == {("cumulative", "last", "sum"), ("in_period", "sum", "sum")}


# --- once, refused, without breakdown -------------------------------------------------------------


def test_recording_again_gives_the_same_directive(directive):
    again, created = record_directive(SOURCE.read_bytes(), "ten-khac.txt", None, NOW)
    assert (again, created) == (directive, False)
    assert (Directive.objects.count(), StoredFile.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)


def test_the_loser_of_a_race_gets_the_winners_directive(directive, monkeypatch):
    answers = iter([None, directive])
    monkeypatch.setattr(recording, "recorded_before", lambda sha256: next(answers))
    again, created = record_directive(SOURCE.read_bytes(), SOURCE.name, None, NOW)
    assert (again, created) == (directive, False)
    assert (Directive.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_another_document_is_read_and_its_tasks_wait_to_be_looked_at():
    load_reference()
    source = "UBND TỈNH\nSố: 12/UBND\nV/v treo cờ dịp lễ.\n\n1. Các sở treo cờ. Báo cáo kết quả.".encode()
    directive, created = record_directive(source, "cong-van.txt", None, NOW)
    assert (created, directive.title, directive.number) == (True, "treo cờ dịp lễ", "12/UBND")
    assert (directive.issuer, directive.office.code) == ("UBND TỈNH", "van-phong")
    assert [(task.code, task.is_unchecked, task.title) for task in directive.tasks.all()] == [
        ("1", True, "Các sở treo cờ. Báo cáo kết quả.")
    ]
    assert uncovered_sentences(directive.current_text) == []


def test_a_document_without_subject_is_called_by_its_file_name():
    load_reference()
    directive, _ = record_directive("Nội dung.".encode(), "Kế hoạch_tháng 5.txt", None, NOW)
    assert directive.title == "Kế hoạch tháng 5"


def test_a_secret_document_leaves_nothing_behind(tmp_path):
    load_reference()
    with pytest.raises(SecretDocumentRefused):
        record_directive("TỈNH ỦY\nTUYỆT MẬT\nNội dung".encode(), "a.txt", None, NOW)
    with pytest.raises(SecretDocumentRefused):
        record_directive("Nội dung".encode(), "a.txt", None, NOW, declared="Mật")
    assert (DirectiveText.objects.count(), StoredFile.objects.count(), list(tmp_path.iterdir())) == (0, 0, [])


@pytest.mark.parametrize(("source", "name"), [(b"\xff\xfeab\x80", "a.txt"), (b"  \n", "a.txt"), (b"x", "a.exe")])
def test_what_cannot_be_read_is_refused(source, name):
    with pytest.raises(UploadRefused):
        record_directive(source, name, None, NOW)


def test_without_an_office_nothing_can_be_recorded():
    with pytest.raises(Refused, match="Văn phòng"):
        record_directive("Nội dung.".encode(), "a.txt", None, NOW)
    assert Unit.objects.count() == 0


def test_a_directive_whose_units_are_missing_is_refused_with_the_code(tmp_path):
    load_reference()
    Unit.objects.get(code="dai-ptth").delete()
    with pytest.raises(Refused, match="dai-ptth"):
        record_directive(SOURCE.read_bytes(), SOURCE.name, None, NOW)
    assert (Directive.objects.count(), list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize("quote", ["không có câu này", "Chiến thắng"])
def test_a_quote_that_is_not_there_exactly_once_stops_the_recording(monkeypatch, quote, tmp_path):
    load_reference()
    content = json.loads(SOURCE.with_suffix(".json").read_text())
    content["tasks"][0]["spans"] = [quote]
    monkeypatch.setattr(recording, "breakdown_for", lambda sha256: content)
    if quote == "Chiến thắng":
        # It is there twice within clause 1a.
        assert SOURCE.read_text().count(quote) > 1
    with pytest.raises(BrokenBreakdown):
        record_directive(SOURCE.read_bytes(), SOURCE.name, None, NOW)
    assert (Directive.objects.count(), list(tmp_path.iterdir())) == (0, [])


# --- the command ----------------------------------------------------------------------------------


def test_the_command_answers_in_json_and_is_idempotent(capsys):
    call_command("load_directive", str(SOURCE))
    first = json.loads(capsys.readouterr().out)
    call_command("load_directive", str(SOURCE))
    second = json.loads(capsys.readouterr().out)
    number = Directive.objects.get().pk
    assert first == {"directive": number, "created": True, "tasks": 16}
    assert second == {"directive": number, "created": False, "tasks": 16}


def test_an_office_with_units_of_its_own_gets_none_of_ours_for_another_document(tmp_path):
    Unit.objects.create(name="Văn phòng Huyện ủy", short_name="Văn phòng", code="van-phong", kind="office")
    file = tmp_path / "van-ban.txt"
    file.write_text("Nội dung.")
    call_command("load_directive", str(file))
    assert Unit.objects.count() == 1


@pytest.mark.parametrize("content", [b"T\xe1\xbb\x90I M\xe1\xba\xacT\n", None])
def test_the_command_refuses_with_exit_code_2(tmp_path, content, capsys):
    file = tmp_path / "van-ban.txt"
    if content:
        file.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        call_command("load_directive", str(file))
    assert refusal.value.returncode == 2
    assert capsys.readouterr().out == ""
