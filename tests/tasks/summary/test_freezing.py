"""What a summary report says: head, who issued a document, what units said, indicators, what is late and what comes."""

import json
from datetime import date

import pytest

from records.models import AuditEvent
from tasks.errors import Refused
from tasks.models import SummaryReport, UpwardReport
from tasks.summary.freezing import freeze
from tasks.summary.making import make
from tests.factories import at, make_assignment, make_directive, make_task, make_unit
from tests.tasks.summary.story import DAK_HA, NGOC_HOI, NOTHING, make_play, play_until_15_march
from units.models import UnitKind

pytestmark = pytest.mark.django_db
NOW = at("2024-03-15", "20:00")


def said(data, code: str) -> list[tuple[str, str]]:
    """(unit, words) of one task."""
    tasks = [task for clause in data["clauses"] for task in clause["tasks"]]
    return [(one["unit"], one["text"]) for task in tasks if task["code"] == code for one in task["said"]]


# --- head ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "subject"),
    [
        (
            {"kind": "Công văn", "issuer": "Ban Thường vụ Tỉnh ủy", "title": "Tuyên truyền kỷ niệm 70 năm"},
            "Công văn số …-CV/TU, ngày … của Ban Thường vụ Tỉnh ủy về tuyên truyền kỷ niệm 70 năm",
        ),
        (
            {
                "kind": "Chỉ thị",
                "number": "15-CT/TU",
                "issued_date": date(2024, 2, 5),
                "issuer": "Tỉnh ủy Kon Tum",
                "title": "Điện Biên Phủ",
            },
            "Chỉ thị số 15-CT/TU, ngày 05/02/2024 của Tỉnh ủy Kon Tum về Điện Biên Phủ",
        ),
        (
            {"kind": "Kế hoạch", "issuer": "Ủy ban nhân dân tỉnh", "title": "Tổ chức lễ kỷ niệm"},
            "Kế hoạch số …, ngày … của Ủy ban nhân dân tỉnh về tổ chức lễ kỷ niệm",
        ),
    ],
)
def test_the_subject_names_the_document_and_leaves_blank_what_it_does_not_carry(values, subject):
    frozen = freeze(make_directive(**values), now=NOW, typed=NOTHING)

    assert frozen["head"]["subject"] == f"tổng hợp kết quả thực hiện {subject}"


def test_the_report_goes_to_those_above_to_the_committee_and_into_the_files():
    directive = make_directive()
    for whom, state in (("Ban Tuyên giáo Trung ương", "open"), ("Bộ Quốc phòng", "dropped")):
        UpwardReport.objects.create(
            directive=directive, to_whom=whom, about="kết quả", state=state, made_at=NOW, updated_at=NOW
        )

    head = freeze(directive, now=NOW, typed=NOTHING)["head"]

    assert head["recipients"] == [
        "Ban Tuyên giáo Trung ương (b/c)",
        "Thường trực Tỉnh ủy (b/c)",
        "Lưu Văn phòng Tỉnh ủy",
    ]
    assert (head["organ"], head["symbol"]) == ("Văn phòng", "BC/VP")
    assert (head["authority"], head["position"]) == ("K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")


# --- what units said -------------------------------------------------------------------------------


def test_only_accepted_reports_speak_and_the_newest_of_them():
    play = make_play()
    play_until_15_march(play)
    newer = play.send("1a.2", NGOC_HOI, at("2024-03-12"), results="Treo 20 pano.")
    play.accept(newer, at("2024-03-13"))
    play.send("1a.2", DAK_HA, at("2024-03-14"), results="Chưa ai xem.")

    frozen = freeze(play.directive, now=NOW, typed=NOTHING)

    assert said(frozen, "1a.1") == [(DAK_HA, "Đã tổ chức 5 buổi.")]
    assert said(frozen, "1a.2") == [(NGOC_HOI, "Treo 20 pano.")]


def test_no_change_points_to_the_words_before_it():
    play = make_play()
    sent = play_until_15_march(play)
    same = play.send("1a.2", NGOC_HOI, at("2024-03-12"), no_change=True)
    play.accept(same, at("2024-03-13"))

    frozen = freeze(play.directive, now=NOW, typed=NOTHING)

    one = frozen["clauses"][0]["tasks"][1]["said"][0]
    assert one["text"] == "Treo 12 pano.\n(Báo cáo ngày 12/3/2024: không có thay đổi.)"
    assert one["proposals"] == "Đề nghị cấp mẫu pano."
    assert one["round"] == sent["progress"].rounds.get().pk
    assert one["sent_on"] == "2024-03-12"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reported_outside_on": date(2024, 3, 11)}, "Đã báo cáo ngoài hệ thống, ngày 11/3/2024."),
        ({"nothing_arose": True}, "Không phát sinh trong kỳ."),
        ({"nothing_arose": True, "results": "Chờ lịch."}, "Không phát sinh trong kỳ.\nChờ lịch."),
        ({"no_change": True}, "Báo cáo ngày 12/3/2024: không có thay đổi."),
        ({"results": "a" * 10_000}, "a" * 10_000),
        ({"results": "<b>Lê & Trần</b>"}, "<b>Lê & Trần</b>"),
    ],
)
def test_a_report_without_words_of_its_own_is_put_into_words(typed, words):
    play = make_play()
    section = play.send("1a.2", DAK_HA, at("2024-03-12"), **typed)
    play.accept(section, at("2024-03-13"))

    assert said(freeze(play.directive, now=NOW, typed=NOTHING), "1a.2") == [(DAK_HA, words)]


# --- figures, late work, what comes ----------------------------------------------------------------


def test_indicators_are_those_of_accepted_reports_with_target_and_share():
    play = make_play()
    play_until_15_march(play)

    line = freeze(play.directive, now=NOW, typed=NOTHING)["clauses"][0]["tasks"][0]["indicators"][0]

    assert (line["name"], line["value"], line["target"], line["share"]) == ("Buổi sinh hoạt", "5", "20", "25%")
    assert (line["reported"], line["asked"]) == (1, 2)


def test_late_work_stands_with_its_days_and_what_falls_due_by_day():
    play = make_play()
    play_until_15_march(play)
    make_assignment(play.tasks["2"], play.units[DAK_HA], due=date(2024, 4, 30))
    task = make_task(play.directive, "1b.1")
    make_assignment(task, play.units[DAK_HA], due=date(2024, 3, 29))

    frozen = freeze(play.directive, now=NOW, typed=NOTHING)

    assert [(row["code"], row["unit"], row["days"], row["working_days"]) for row in frozen["overdue"]] == [
        ("1a.2", DAK_HA, 5, 5),
        ("1a.2", NGOC_HOI, 5, 5),
    ]
    # Undecided and encouraged work is owed by nobody.
    assert [(row["day"], row["code"], row["count"]) for row in frozen["coming"]] == [("2024-03-29", "1b.1", 1)]


def test_every_number_has_its_works_and_they_are_as_many():
    play = make_play()
    play_until_15_march(play)

    frozen = freeze(play.directive, now=NOW, typed=NOTHING)

    works = {row["assignment"]: f"{row['code']} {row['unit']}" for row in frozen["works"]}
    total = {
        name.removeprefix("total."): [works[pk] for pk in pks]
        for name, pks in frozen["traces"].items()
        if name.startswith("total.")
    }
    assert total == {
        "counted": [f"1a.1 {DAK_HA}", f"1a.1 {NGOC_HOI}", f"1a.2 {DAK_HA}", f"1a.2 {NGOC_HOI}"],
        "done_on_time": [f"1a.1 {DAK_HA}"],
        "open_in_time": [f"1a.1 {NGOC_HOI}"],
        "open_overdue": [f"1a.2 {DAK_HA}", f"1a.2 {NGOC_HOI}"],
        "outside": [f"1a.5 {NGOC_HOI}", f"2 {NGOC_HOI}"],
        "encouraged": [f"1a.5 {NGOC_HOI}"],
        "undecided": [f"2 {NGOC_HOI}"],
        "waiting": [f"1a.1 {NGOC_HOI}"],
        "not_acknowledged": [f"1a.5 {NGOC_HOI}", f"2 {NGOC_HOI}"],
        "returned": [f"1a.2 {DAK_HA}"],
    }
    assert [works[pk] for pk in frozen["traces"]["leading.missing"]] == [f"1a.1 {NGOC_HOI}"]


# --- little or nothing there -----------------------------------------------------------------------


def test_a_directive_without_work_is_put_into_words():
    frozen = freeze(make_directive(), now=NOW, typed=NOTHING)

    assert frozen["sentence"] == "Tính đến ngày 15/3/2024, chưa có việc nào được thống kê."
    assert (frozen["units"], frozen["clauses"], frozen["overdue"], frozen["coming"]) == ([], [], [], [])


def test_work_that_is_all_outside_the_figures_is_put_into_words():
    directive = make_directive()
    make_assignment(make_task(directive, "1a.5", strength="encouraged"), make_unit(DAK_HA))

    frozen = freeze(directive, now=NOW, typed=NOTHING)

    assert frozen["sentence"] == ("Tính đến ngày 15/3/2024, chưa có việc nào được thống kê; ngoài thống kê 1 việc.")


def test_a_unit_that_ended_in_between_keeps_its_row():
    play = make_play()
    play_until_15_march(play)
    unit = play.units[DAK_HA]
    unit.valid_to = date(2024, 3, 1)
    unit.save()

    frozen = freeze(play.directive, now=NOW, typed=NOTHING)

    assert [row["name"] for row in frozen["units"]] == [DAK_HA, NGOC_HOI]


@pytest.mark.parametrize("works", [1, 6])
def test_the_number_of_statements_does_not_grow(works, django_assert_num_queries):
    directive = make_directive()
    for number in range(works):
        task = make_task(directive, f"1a.{number}")
        for _ in range(works):
            make_assignment(task, make_unit())

    with django_assert_num_queries(16):
        freeze(directive, now=NOW, typed=NOTHING)


# --- making ----------------------------------------------------------------------------------------


def test_a_draft_is_kept_with_number_layout_and_its_entry_in_the_log():
    play = make_play()

    report = make(play.directive, by=play.office, now=NOW, typed=NOTHING)

    row = SummaryReport.objects.get()
    assert (row.pk, row.draft_number, row.profile, row.previous, row.made_by) == (
        report.pk,
        1,
        "HD36",
        None,
        play.office,
    )
    assert row.as_of == NOW
    event = AuditEvent.objects.get(verb="summary.made")
    assert (event.target_label, event.data) == ("70 năm Điện Biên Phủ", {"draft": 1, "figures_of": "2024-03-15"})


def test_a_draft_of_a_day_that_is_over_is_of_its_last_minute():
    play = make_play()

    report = make(play.directive, by=None, now=NOW, typed=NOTHING, as_of=date(2024, 3, 1))

    assert report.as_of == at("2024-03-01", "23:59")
    assert report.made_by is None


@pytest.mark.parametrize(
    ("kind", "day", "profile"),
    [
        (UnitKind.OFFICE, "2026-05-26", "HD36"),
        (UnitKind.OFFICE, "2026-05-27", "HD05"),
        (UnitKind.STATE_BODY, "2024-03-15", "ND30"),
    ],
)
def test_the_layout_is_that_of_the_day_and_of_the_kind_of_office(kind, day, profile):
    office = make_unit("Văn phòng", kind=kind)

    report = make(make_directive(office=office), by=None, now=at(day), typed=NOTHING)

    assert report.profile == profile


def test_a_draft_stays_what_it_was():
    play = make_play()
    sent = play_until_15_march(play)
    report = make(play.directive, by=play.office, now=NOW, typed=NOTHING)
    before = json.dumps(report.data, sort_keys=True)

    play.accept(sent["waiting"], at("2024-03-18"))

    assert json.dumps(SummaryReport.objects.get().data, sort_keys=True) == before
    with pytest.raises(TypeError):
        report.save()


def test_who_presses_twice_gets_one_draft():
    play = make_play()

    first = make(play.directive, by=play.office, now=NOW, typed=NOTHING)
    again = make(play.directive, by=play.office, now=at("2024-03-15", "20:00:30"), typed=NOTHING)
    other = make(play.directive, by=play.office, now=at("2024-03-15", "20:00:40"), typed={**NOTHING, "good": "Tốt."})

    assert (first.pk, other.draft_number) == (again.pk, 2)
    assert SummaryReport.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "day", "words"),
    [
        ("issued", "2024-03-16", "Ngày 16/3/2024 chưa tới; số liệu chỉ lấy được đến hôm nay, 15/3/2024."),
        (
            "issued",
            "2024-02-14",
            "Ngày 14/02/2024 trước ngày giao việc (15/02/2024); hãy ghi một ngày từ ngày giao.",
        ),
        (
            "closed",
            "2024-03-01",
            "Văn bản chưa giao hoặc đã kết thúc theo dõi, nên không lập báo cáo tổng hợp được.",
        ),
        ("draft", "2024-03-01", "Văn bản chưa giao hoặc đã kết thúc theo dõi, nên không lập báo cáo tổng hợp được."),
    ],
)
def test_a_day_or_a_document_that_cannot_be_is_refused_with_words(state, day, words):
    directive = make_directive(state=state)

    with pytest.raises(Refused) as refusal:
        make(directive, by=None, now=NOW, typed=NOTHING, as_of=date.fromisoformat(day))

    assert str(refusal.value) == words
    assert not SummaryReport.objects.exists()
