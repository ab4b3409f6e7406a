"""What programs do: the pages' own functions and refusals, each write once, nothing half done."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from records.models import AuditEvent
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.opening import open_report
from tasks.drafts.saving import save_draft
from tasks.enums import AssignmentState, DirectiveState, ReportState
from tasks.models import AssignmentProduct, Indicator, IndicatorCategory, IndicatorValue, UnitReport
from tasks.reviewing import return_section
from tests.api.house import NOW, Program, kind, program, report_of
from tests.factories import (
    make_assignment,
    make_directive,
    make_membership,
    make_office_user,
    make_product,
    make_reporter,
    make_task,
    make_unit,
)
from units.api_writes import KEPT_FOR, forget
from units.models import ApiWrite, Role

pytestmark = pytest.mark.django_db


# --- taking note ------------------------------------------------------------------------------------------------------------


def test_work_is_taken_in_the_holder_s_name(asks, work, reporter):
    answer = asks.post(f"/assignments/{work.pk}/acknowledge")
    work.refresh_from_db()

    assert (answer.status_code, answer.json()["acknowledged_on"]) == (200, "2024-04-15")
    assert (work.state, work.acknowledged_by) == (AssignmentState.IN_PROGRESS, reporter)
    event = AuditEvent.objects.get(verb="assignment.acknowledged")
    assert (event.actor, event.data["api"].startswith("Phần mềm (dt_")) == (reporter, True)


def test_taken_twice_the_answer_says_by_whom(asks, work):
    asks.post(f"/assignments/{work.pk}/acknowledge")

    again = asks.post(f"/assignments/{work.pk}/acknowledge")

    assert (again.status_code, kind(again)) == (409, "state")
    assert again.json()["detail"] == "Việc 1a.1 đã được Nguyễn Văn Dakha tiếp nhận ngày 15/4/2024."


def test_of_a_unit_below_work_is_seen_and_not_taken(asks, unit, directive):
    below = make_assignment(make_task(directive), make_unit("Đảng ủy xã", parent=unit))

    assert asks.get(f"/assignments/{below.pk}").status_code == 200
    assert kind(asks.post(f"/assignments/{below.pk}/acknowledge")) == "not-your-unit"
    assert asks.post(f"/assignments/{make_assignment().pk}/acknowledge").status_code == 404


# --- once -------------------------------------------------------------------------------------------------------------------


def test_the_same_key_gets_the_same_answer_and_nothing_is_done_again(asks, work):
    first = asks.post("/reports", report_of(work), key="don-1")
    again = asks.post("/reports", report_of(work), key="don-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert UnitReport.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(asks, work):
    asks.post("/reports", report_of(work), key="don-1")
    other = asks.post("/reports", report_of(work, results="Khác."), key="don-1")

    assert (other.status_code, kind(other)) == (422, "idempotency-key-reused")


def test_another_program_s_key_is_another_key(asks, work, reporter):
    asks.post(f"/assignments/{work.pk}/acknowledge", key="mot")
    other = program(reporter).post(f"/assignments/{work.pk}/acknowledge", key="mot")

    assert kind(other) == "state"


def test_what_was_refused_leaves_the_key_free(asks, work):
    refused = asks.post("/reports", report_of(work, results=""), key="don-1")
    done = asks.post("/reports", report_of(work), key="don-1")

    assert (refused.status_code, kind(refused), done.status_code) == (422, "incomplete", 201)
    assert list(ApiWrite.objects.values_list("key", "status")) == [("don-1", 201)]


@pytest.mark.parametrize("key", ["", "có dấu".encode().decode("latin-1"), "a b", "x" * 101])
def test_without_a_good_key_nothing_is_done(asks, work, key):
    answer = asks.post("/reports", report_of(work), key=key)

    assert answer.status_code == 400
    assert not UnitReport.objects.exists()


def test_keys_are_forgotten_after_a_week_and_not_before(asks, work):
    asks.post(f"/assignments/{work.pk}/acknowledge", key="mot")
    now = timezone.now()

    assert forget(now=now + KEPT_FOR - timedelta(minutes=1)) == 0
    assert forget(now=now + KEPT_FOR) == 1


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_send_one_report(asks, work):
    """Each of the others is told to wait, or gets the first one's answer."""
    answers: list = []

    def send() -> None:
        answers.append(Program(asks.secret).post("/reports", report_of(work), key="cung-luc"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers if answer.status_code == 201}) == 1
    assert (UnitReport.objects.count(), ApiWrite.objects.count()) == (1, 1)
    assert asks.post("/reports", report_of(work), key="cung-luc")["Idempotent-Replayed"] == "true"


# --- reporting --------------------------------------------------------------------------------------------------------------


def test_a_whole_report_with_figures_and_papers_reaches_the_office(asks, work, unit):
    task = work.task
    people = Indicator.objects.create(task=task, code="nguoi", name="Người dự", measure="người")
    for number, code in enumerate(("nam", "nu")):
        IndicatorCategory.objects.create(indicator=people, code=code, name=code, order=number)
    Indicator.objects.create(task=task, code="buoi", name="Buổi", measure="buổi", most=10)
    product = make_product(task, has_paper=True)
    paper = AssignmentProduct.objects.create(assignment=work, product=product)

    answer = asks.post(
        "/reports",
        report_of(
            work,
            claims_completion=True,
            figures=[
                {"code": "nguoi", "parts": {"nam": 30, "nu": 12}},
                {"code": "buoi", "value": 12, "comment": "Có hai buổi làm lại."},
            ],
            papers=[{"delivery": paper.pk, "number": "12", "symbol": "KH/HU", "date": "2024-02-27", "signer": "A"}],
        ),
    )
    told = asks.get(f"/reports/{answer.json()['id']}").json()
    work.refresh_from_db()

    assert (answer.status_code, answer.json()["state"], work.state) == (201, "submitted", "submitted")
    assert answer.json()["detail"].startswith("Đã gửi báo cáo đến Văn phòng Tỉnh ủy lúc ")
    section = told["sections"][0]
    assert [(one["code"], one["value"], one["comment"]) for one in section["figures"]] == [
        ("nguoi", 42, ""),
        ("buoi", 12, "Có hai buổi làm lại."),
    ]
    assert section["papers"][0]["number"] == "12"
    assert section["submitted_at"] == "2024-04-15T09:00:00+07:00"
    assert IndicatorValue.objects.count() == 4


@pytest.mark.parametrize(
    ("section", "pointer", "words"),
    [
        ({"results": "x" * 10_001}, "/sections/0/results", "Dài quá 10000 ký tự."),
        ({"result": "x"}, "/sections/0/result", "Không có trường này."),
        ({"no_change": "yes"}, "/sections/0/no_change", "Phải là true hoặc false."),
        ({"expected_on": "30/4/2024"}, "/sections/0/expected_on", "Phải là ngày dạng 2024-04-15."),
        ({"results": "a\x00b"}, "/sections/0/results", "1a.1: "),
        ({"figures": [{"code": "khong"}]}, "/sections/0/figures/0/code", "Nhiệm vụ không có chỉ tiêu này."),
        ({"papers": [{"delivery": 1}]}, "/sections/0/papers/0/delivery", "Phần việc này không có văn bản ấy."),
        ({"results": "TỐI MẬT\nx"}, "/sections/0/results", "1a.1: "),
        ({"no_change": True, "claims_completion": True}, "/sections/0/claims_completion", "1a.1: Không thể vừa"),
        ({"assignment": 987_654_321}, "/sections/0/assignment", "Phần việc 987654321 không nằm trong báo cáo này"),
    ],
)
def test_what_is_wrong_is_told_by_its_place_and_nothing_is_kept(asks, work, section, pointer, words):
    answer = asks.post("/reports", report_of(work, **section))

    assert answer.status_code == 422
    assert [row["pointer"] for row in answer.json()["errors"]] == [pointer]
    assert answer.json()["errors"][0]["detail"].startswith(words)
    assert (UnitReport.objects.count(), ApiWrite.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("{", 400, "bad-json"),
        ("[]", 422, "invalid"),
        ('{"directive": 1e400}', 422, "invalid"),
        ("[" * 5000, 400, "bad-json"),
    ],
)
def test_what_is_no_report_at_all_is_refused(asks, body, status, name):
    answer = asks.post("/reports", body)

    assert (answer.status_code, kind(answer)) == (status, name)


def test_a_lone_half_of_a_sign_is_refused(asks, work):
    body = json.dumps(report_of(work, results="HALF")).replace("HALF", "\\ud800")

    assert asks.post("/reports", body).status_code == 422


def test_other_media_and_too_much_are_refused(asks, work):
    form = asks.client.post("/api/v1/reports", {"a": "b"}, headers=asks.headers({"Idempotency-Key": "x"}))
    large = asks.post("/reports", report_of(work, results="x" * 6_000_000))

    assert (form.status_code, kind(form)) == (415, "media-type")
    assert (large.status_code, kind(large)) == (413, "too-large")


def test_a_closed_document_and_another_unit_are_refused(asks, unit, reporter):
    closed = make_directive(state=DirectiveState.CLOSED)
    work = make_assignment(make_task(closed), unit)
    foreign = make_assignment()

    assert asks.post("/reports", report_of(work)).status_code == 409
    assert asks.post("/reports", report_of(foreign)).status_code == 404


def test_the_head_s_approval_stays_asked_for(unit, work, reporter):
    unit.needs_head_approval = True
    unit.save()
    head = make_reporter(unit, "lanhdao")
    make_membership(head, unit, Role.UNIT_HEAD)

    answer = program(head, unit).post("/reports", report_of(work))

    assert answer.json()["state"] == ReportState.AWAITING_UNIT_HEAD
    assert answer.json()["detail"] == "Đã trình lãnh đạo đơn vị duyệt. Báo cáo chưa gửi Văn phòng."
    assert kind(program(reporter, unit).post("/reports", report_of(work))) == "state"


def test_what_somebody_is_typing_is_neither_sent_nor_overwritten(asks, work, unit, directive, reporter):
    report = open_report(unit, directive, by=reporter, now=NOW)
    section = report.sections.get()
    typed = ReportInput(sections={section.pk: SectionInput(results="Đang gõ dở")}, keeps_whole=True)
    save_draft(report, typed, by=reporter, now=NOW, version=report.version)

    refused = asks.post("/reports", report_of(work))
    section.refresh_from_db()

    assert (refused.status_code, kind(refused)) == (409, "draft-in-use")
    assert refused.json()["detail"].startswith("Nguyễn Văn Dakha đang gõ dở báo cáo này ở trang (mục 1a.1).")
    assert section.results == "Đang gõ dở"
    assert asks.post("/reports", report_of(work) | {"over_draft": True}).status_code == 201


def test_a_section_that_came_back_is_sent_again(asks, work):
    office = make_office_user()
    sent = asks.post("/reports", report_of(work, claims_completion=True)).json()
    section = UnitReport.objects.get(pk=sent["id"]).sections.get()
    return_section(section, by=office, now=NOW, reason="Thiếu số liệu")

    again = asks.post("/reports", report_of(work, results="Bổ sung số liệu.", claims_completion=True))
    told = asks.get(f"/reports/{sent['id']}").json()

    assert (again.status_code, again.json()["id"]) == (201, sent["id"])
    assert [(one["round"], one["results"]) for one in told["sections"]] == [(2, "Bổ sung số liệu.")]


def test_without_the_scope_nothing_is_done(reporter, unit, work):
    asks = program(reporter, unit, ["read"])

    assert kind(asks.post("/reports", report_of(work))) == "scope-missing"
    assert kind(asks.post(f"/assignments/{work.pk}/acknowledge")) == "scope-missing"
