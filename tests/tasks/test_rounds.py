"""Reasons at single fields, what changed between two sendings, how long the office took."""

from datetime import date

import pytest

from directive_tracker.vietnamese import vn_date
from records.models import StoredFile
from tasks import reporting, reviewing
from tasks.drafts import checking, inputs, opening, saving
from tasks.drafts.inputs import ProductInput, SectionInput
from tasks.errors import Refused
from tasks.models import Assignment, ReportRound, UnitReport
from tasks.reportview import sections_for_reading
from tasks.rounds import differences
from tasks.rounds.differences import Change, Piece, words_of
from tasks.rounds.review_time import review_times, words, working_days
from tasks.timeliness import timeliness_of
from tests.factories import at, make_assignment, make_product, make_task, make_unit
from tests.tasks.story import make_story, owe_paper, send
from units.calendar import work_calendar

pytestmark = pytest.mark.django_db
MONDAY = at("2024-04-15", "09:00")


# --- reasons at fields ------------------------------------------------------------------------------


def test_each_field_that_comes_back_has_its_reason_and_together_they_say_it():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)

    reviewing.return_section(
        section,
        by=story.office,
        now=MONDAY,
        reason="",
        field_reasons={"indicators": "Thiếu số buổi", "results": " Ghi rõ địa bàn ", "files": "  "},
    )

    round_ = ReportRound.objects.get()
    assert round_.returned_fields == ["results", "indicators"]
    assert round_.field_reasons == {"results": "Ghi rõ địa bàn", "indicators": "Thiếu số buổi"}
    assert round_.reason == "Kết quả: Ghi rõ địa bàn; Số liệu: Thiếu số buổi"


@pytest.mark.parametrize(
    ("reason", "field_reasons", "sentence"),
    [
        ("", {}, "Hãy ghi lý do trả lại (ít nhất 3 ký tự)."),
        ("", {"results": "x"}, "Hãy ghi lý do từng chỗ (ít nhất 3 ký tự)."),
        ("Thiếu", {"lạ": "Sai chỗ"}, "Chỗ cần sửa không có trong danh sách."),
    ],
)
def test_a_return_that_does_not_say_what_to_mend_changes_nothing(reason, field_reasons, sentence):
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)

    with pytest.raises(Refused) as refusal:
        reviewing.return_section(section, by=story.office, now=MONDAY, reason=reason, field_reasons=field_reasons)

    assert str(refusal.value) == sentence


def test_long_reasons_of_fields_fit_into_the_one_of_the_whole():
    story = make_story(state="in_progress")
    section = send(story, claims_completion=True)

    reviewing.return_section(
        section, by=story.office, now=MONDAY, reason="", field_reasons={"results": "a " * 240, "files": "b " * 240}
    )

    assert len(ReportRound.objects.get().reason) == 499


# --- differences ------------------------------------------------------------------------------------


def test_two_texts_are_compared_word_by_word():
    assert words_of("Đã tổ chức 3 buổi tại xã", "Đã tổ chức 5 buổi tại các xã") == [
        Piece("same", "Đã tổ chức "),
        Piece("del", "3 "),
        Piece("ins", "5 "),
        Piece("same", "buổi tại "),
        Piece("ins", "các "),
        Piece("same", "xã"),
    ]


def test_a_long_stretch_that_is_the_same_is_shown_by_its_ends():
    pieces = words_of("Mở " + "x " * 100 + "cuối", "Mở " + "x " * 100 + "hết")

    assert pieces[0] == Piece("same", "Mở " + "x " * 14 + "… " + "x " * 15)
    assert pieces[1:] == [Piece("del", "cuối"), Piece("ins", "hết")]


def test_texts_too_long_to_compare_stand_one_after_the_other():
    old, new = "a " * 3500, "b " * 3500

    assert words_of(old, new) == [Piece("del", old), Piece("ins", new)]


def make_stored(name: str, user) -> StoredFile:
    return StoredFile.objects.create(
        original_name=name,
        file=name,
        size=10,
        sha256=f"{len(name):064x}",
        content_type="application/pdf",
        uploaded_by=user,
        uploaded_at=MONDAY,
    )


def test_figures_papers_boxes_and_files_are_compared_by_what_they_say():
    story = make_story(state="in_progress")
    story.task.indicators.create(code="buoi", name="Số buổi", measure="buổi", order=1)
    delivery = owe_paper(story.assignment)
    first_file, second_file = (make_stored(name, story.reporter) for name in ("anh-cu.pdf", "anh-moi.pdf"))
    section = send(
        story,
        results="Đã làm.",
        indicator_values={"buoi": 1200},
        products={delivery.pk: ProductInput("12", "KH/HU", date(2024, 4, 9), "Trần Văn B")},
        new_files=[first_file],
    )
    reviewing.return_section(section, by=story.office, now=at("2024-04-11"), reason="Sửa số")
    attached = section.files.get()
    send(
        story,
        day="2024-04-12",
        results="Đã làm.",
        indicator_values={"buoi": 1350},
        products={delivery.pk: ProductInput("13", "KH/HU", date(2024, 4, 9), "Trần Văn B")},
        new_files=[second_file],
        removed_file_ids={attached.pk},
        claims_completion=True,
    )

    (reading,) = sections_for_reading(UnitReport.objects.get(), story.office)
    (step,) = reading.changes

    assert step.texts == []
    assert step.values == [
        Change("Đề nghị xác nhận hoàn thành", "", "có"),
        Change("Số buổi", "1.200 buổi", "1.350 buổi"),
        Change(
            "Kế hoạch",
            "số 12-KH/HU, ngày 09/4/2024, Trần Văn B ký",
            "số 13-KH/HU, ngày 09/4/2024, Trần Văn B ký",
        ),
    ]
    assert (step.files_added, step.files_removed) == (["anh-moi.pdf"], ["anh-cu.pdf"])
    assert (step.older.number, step.newer.number) == (1, 2)


def test_a_figure_of_which_only_the_explanation_changed_is_shown_with_its_words(client):
    story = make_story(state="in_progress")
    story.task.indicators.create(code="buoi", name="Số buổi", measure="buổi", order=1, least=0, most=100)
    figures = {"results": "Đã làm.", "indicator_values": {"buoi": 1200}}
    section = send(story, **figures, indicator_comments={"buoi": "Có thêm <b>đoàn</b> về nguồn."})
    reviewing.return_section(
        section, by=story.office, now=at("2024-04-11"), reason="", field_reasons={"figure:buoi": "Nói rõ hơn"}
    )
    words = {"buoi": "Có thêm <b>ba đoàn</b> về nguồn."}
    send(story, day="2024-04-12", **figures, indicator_comments=words)
    client.force_login(story.office)

    (reading,) = sections_for_reading(UnitReport.objects.get(), story.office)
    (step,) = reading.changes
    page = client.get(UnitReport.objects.get().get_review_url()).content.decode()

    assert (step.values, step.files_added) == ([], [])
    assert step.texts == [
        (
            "Giải thích số liệu: Số buổi",
            [
                Piece("same", "Có thêm "),
                Piece("del", "<b>đoàn</b> "),
                Piece("ins", "<b>ba đoàn</b> "),
                Piece("same", "về nguồn."),
            ],
        )
    ]
    assert [(place.label, place.is_mended) for place in step.asked] == [("Số buổi", True)]
    assert "<dt>Giải thích số liệu: Số buổi</dt>" in page
    assert "</span>&lt;b&gt;ba đoàn&lt;/b&gt; </ins>" in page


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        (None, "Bổ sung", [Piece("ins", "Bổ sung")]),
        ("Bỏ đi", None, [Piece("del", "Bỏ đi")]),
        (None, "", []),
        ("Như cũ", "Như cũ", []),
    ],
)
def test_an_explanation_that_came_or_went_is_shown_and_one_that_stayed_is_not(before, after, pieces):
    older, newer = (
        ReportRound(number=number, content={"indicator_comments": {} if words is None else {"buoi": words}})
        for number, words in ((1, before), (2, after))
    )

    found = differences.between(older, newer, {"buoi": ("Số buổi", "buổi")})

    assert found.texts == ([("Giải thích số liệu: Số buổi", pieces)] if pieces else [])


def test_two_sendings_that_are_alike_have_no_step():
    same = ReportRound(number=1, content={"results": "Như cũ"}), ReportRound(number=2, content={"results": "Như cũ"})

    assert differences.steps_of(list(same), {}, {}) == []


# --- the second clock -------------------------------------------------------------------------------


def test_a_slow_office_never_makes_a_unit_late():
    story = make_story(state="in_progress", due=date(2024, 4, 10))
    section = send(story, day="2024-04-10", claims_completion=True)
    waiting = timeliness_of(story.assignment, today=date(2024, 5, 20))

    reviewing.accept_section(section, by=story.office, now=at("2024-05-20"))

    saved = Assignment.objects.select_related("task").get(pk=story.assignment.pk)
    round_ = ReportRound.objects.get()
    assert (waiting, timeliness_of(saved, today=date(2024, 5, 20))) == ("open_in_time", "done_on_time")
    assert working_days(round_, today=date(2024, 5, 20), calendar=work_calendar()) == 25


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2024, 4, 12), "Văn phòng mới nhận"),
        (date(2024, 4, 15), "Văn phòng đang xem 1 ngày làm việc"),
        (date(2024, 4, 19), "Văn phòng đang xem 4 ngày làm việc"),
    ],
)
def test_the_wait_is_told_in_working_days(today, said):
    """Friday 12/4; Thursday 18/4 is a holiday."""
    story = make_story(state="in_progress")
    send(story, day="2024-04-12")

    assert words(ReportRound.objects.get(), "Văn phòng", today=today, calendar=work_calendar()) == said


def test_the_office_sees_its_median_its_longest_and_what_waits_longest():
    story = make_story(state="in_progress")
    for sent, decided in (("2024-04-08", "2024-04-08"), ("2024-04-08", "2024-04-09"), ("2024-04-08", "2024-04-12")):
        section = send(story, day=sent)
        reviewing.accept_section(section, by=story.office, now=at(decided, "16:00"))
        story.directive.unit_reports.filter(state="decided").update(period=None)
    send(story, day="2024-04-10")

    times = review_times(today=date(2024, 4, 15), calendar=work_calendar())

    assert (times.decided, times.median, times.longest, times.waiting_longest) == (3, 1, 4, 3)
    assert times.sentence == (
        "30 ngày qua Văn phòng xem xét 3 mục báo cáo: một nửa xong trong 1 ngày làm việc, lâu nhất 4 ngày làm việc; "
        "mục chờ lâu nhất hiện nay đã 3 ngày làm việc"
    )


def test_of_very_many_only_the_last_ones_are_looked_at_and_the_sentence_says_so():
    story = make_story(state="in_progress")
    section = send(story, day="2024-04-08")
    reviewing.accept_section(section, by=story.office, now=at("2024-04-12", "16:00"))
    first = section.rounds.get()
    ReportRound.objects.bulk_create(
        ReportRound(
            section=section, number=number, submitted_by=first.submitted_by, submitted_at=at("2024-04-15"),
            submitted_on=date(2024, 4, 15), decision="accepted", decided_by=story.office,
            decided_at=at("2024-04-15", "17:00"), content={},
        )
        for number in range(2, 2_002)
    )  # fmt: skip

    times = review_times(today=date(2024, 4, 15), calendar=work_calendar())

    assert (times.decided, times.median, times.longest) == (2_000, 0, 0)
    assert times.sentence == (
        "2.000 mục báo cáo Văn phòng xem xét gần đây nhất: một nửa xong trong ngày nhận, lâu nhất trong ngày nhận"
    )


def test_what_others_review_and_what_was_taken_back_is_no_figure_of_the_office():
    story = make_story(state="in_progress")
    task = make_task(story.directive, "2", reviewing_unit=make_unit("Thường trực Tỉnh ủy"))
    theirs = make_assignment(task, story.unit, state="in_progress")
    report = opening.open_report(story.unit, story.directive, by=story.reporter, now=MONDAY)
    section = report.sections.get(assignment=theirs)
    typed = inputs.ReportInput(sections={section.pk: SectionInput(results="Xong.")})
    saving.save_draft(report, typed, by=story.reporter, now=MONDAY, version=report.version)
    reporting.submit(report, by=story.reporter, now=MONDAY)

    times = review_times(today=date(2024, 4, 19), calendar=work_calendar())

    assert (times.decided, times.waiting_longest, times.sentence) == (0, 0, "")


@pytest.mark.parametrize("count", [1, 40])
def test_the_figure_costs_two_statements_whatever_the_number(django_assert_num_queries, count):
    story = make_story(state="in_progress")
    for _ in range(count):
        reviewing.accept_section(send(story), by=story.office, now=at("2024-04-12"))
    calendar = work_calendar()

    with django_assert_num_queries(2):
        review_times(today=date(2024, 4, 15), calendar=calendar)


# --- days before the task ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"expected_on": date(2023, 4, 19)}, "expected_on"),
        ({"reported_outside_on": date(2024, 2, 14)}, "reported_outside_on"),
    ],
)
def test_a_day_before_the_work_was_given_is_not_sent_and_says_which_day_that_was(typed, field):
    story = make_story(state="in_progress")
    (value,) = typed.values()

    with pytest.raises(checking.ReportIncomplete) as problem:
        send(story, **typed)

    assert [(name, words) for _, name, words in problem.value.problems] == [
        (field, f"Ngày {vn_date(value)} trước ngày giao việc (15/02/2024). Xin xem lại ngày, tháng, năm.")
    ]


@pytest.mark.parametrize(("kind", "refused"), [("deployment", True), ("plan", False)])
def test_a_paper_that_carries_the_directive_out_is_not_older_than_it(kind, refused):
    story = make_story(state="in_progress")
    product = make_product(story.task, kind=kind, name="Văn bản", has_paper=True)
    delivery = story.assignment.products.create(product=product)
    paper = {"products": {delivery.pk: ProductInput("12", "KH/HU", date(2024, 1, 9), "Trần Văn B")}}

    try:
        send(story, **paper)
        found = []
    except checking.ReportIncomplete as incomplete:
        found = [name for _, name, _ in incomplete.problems]

    assert found == ([f"paper_date_{delivery.pk}"] if refused else [])
