"""What the office owes the bodies above: written down, changed, sent, opened again, reminded of."""

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from notifications.models import Message, Notice
from records.errors import SecretDocumentRefused
from records.models import AuditEvent, StoredFile
from tasks.errors import Refused
from tasks.models import CitedDocument, Tally, UpwardReport, UpwardReportStep
from tasks.today import build_today
from tasks.upward.telling import UpwardPlanner
from tasks.upward.writing import Sent, Wanted, change, drop, mark_sent, reopen, write
from tests.factories import at, make_directive, make_office_user, make_reporter, make_unit

pytestmark = pytest.mark.django_db
# Thursday; the holiday of 30/4 and 1/5 is not in the calendar of a test.
NOW = at("2024-05-16", "09:00")
DUE = date(2024, 5, 20)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office():
    return make_office_user(full_name="Trần Thị Hạnh")


@pytest.fixture
def directive():
    return make_directive()


def owed(directive, office, **values):
    wanted = Wanted(**{"to_whom": "Ban Tuyên giáo Trung ương", "about": "Kết quả kỷ niệm", "due": DUE, **values})
    return write(directive, wanted, by=office, now=NOW)


def steps(report):
    return list(UpwardReportStep.objects.filter(report=report).order_by("pk").values_list("kind", "words"))


def test_a_duty_is_written_down_as_the_document_names_it(directive, office):
    cited = CitedDocument.objects.create(directive=directive, number="135-HD/BTGTW", issuer="Ban Tuyên giáo Trung ương")
    report = owed(directive, office, cited=cited, note="Bản điện tử")
    report.refresh_from_db()
    assert (report.to_whom, report.about, report.due, report.cited, report.note, report.state) == (
        "Ban Tuyên giáo Trung ương",
        "Kết quả kỷ niệm",
        DUE,
        cited,
        "Bản điện tử",
        "open",
    )
    assert (steps(report), AuditEvent.objects.get(verb="upward.written").target_id) == (
        [("made", "")],
        directive.pk,
    )


def test_a_change_keeps_what_was_there_before(directive, office):
    report = owed(directive, office)
    wanted = Wanted(to_whom=report.to_whom, about="Kết quả tuyên truyền", due=None)
    assert change(report, wanted, by=office, now=NOW) is True
    assert change(report, wanted, by=office, now=NOW) is False
    assert steps(report)[1:] == [("changed", "nội dung trước đó: Kết quả kỷ niệm; hạn gửi trước đó: 20/5/2024")]


def test_it_is_sent_with_number_day_signer_and_file(directive, office):
    report = owed(directive, office)
    content = "BÁO CÁO\nKết quả.".encode()
    upload = SimpleUploadedFile("bao-cao.txt", content)
    mark_sent(report, Sent(date(2024, 5, 15), "12-BC/TU", "Lê Văn A"), upload=upload, by=office, now=NOW)
    report.refresh_from_db()
    assert (report.state, report.sent_words) == ("sent", "số 12-BC/TU, ngày 15/5/2024, Lê Văn A ký")
    assert report.file.sha256 == hashlib.sha256(content).hexdigest()
    assert steps(report)[1:] == [("sent", "số 12-BC/TU, ngày 15/5/2024, Lê Văn A ký")]


def test_sent_outside_of_the_program_it_has_its_day_alone(directive, office):
    report = owed(directive, office)
    mark_sent(report, Sent(NOW.date()), by=office, now=NOW)
    report.refresh_from_db()
    assert report.sent_words == "ngày 16/5/2024"


def test_opened_again_the_old_number_and_file_stay_in_the_history(directive, office):
    report = owed(directive, office)
    upload = SimpleUploadedFile("bao-cao.txt", b"Ket qua.")
    mark_sent(report, Sent(date(2024, 5, 15), "12-BC/TU"), upload=upload, by=office, now=NOW)
    reopen(report, reason="Gửi nhầm bản", by=office, now=NOW)
    report.refresh_from_db()
    assert (report.state, report.number, report.sent_on, report.file) == ("open", "", None, None)
    last = UpwardReportStep.objects.latest("pk")
    assert last.words == "Gửi nhầm bản (trước đó: số 12-BC/TU, ngày 15/5/2024)"
    assert last.file.original_name == "bao-cao.txt"


def test_dropped_with_its_reason_it_is_not_reminded_of(directive, office):
    report = owed(directive, office)
    drop(report, reason="Gộp vào báo cáo năm", by=office, now=NOW)
    assert (steps(report)[1:], planned()) == ([("dropped", "Gộp vào báo cáo năm")], 0)


def test_history_is_never_changed(directive, office):
    step = UpwardReportStep.objects.get(report=owed(directive, office))
    with pytest.raises(TypeError, match="append-only"):
        step.save()


ACTS = {
    "change": lambda report, by: change(report, Wanted("Ban khác", "Việc khác"), by=by, now=NOW),
    "send": lambda report, by: mark_sent(report, Sent(NOW.date()), by=by, now=NOW),
    "drop": lambda report, by: drop(report, reason="Gộp", by=by, now=NOW),
    "reopen": lambda report, by: reopen(report, reason="Nhầm", by=by, now=NOW),
}


@pytest.mark.parametrize(
    ("state", "fits"),
    [("open", {"change", "send", "drop"}), ("sent", {"reopen"}), ("dropped", {"reopen"})],
)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_fits_its_states_and_whoever_comes_late_reads_who_was_quicker(directive, office, state, fits, act):
    report = owed(directive, office)
    if state == "sent":
        ACTS["send"](report, office)
    if state == "dropped":
        ACTS["drop"](report, office)
    if act in fits:
        ACTS[act](report, office)
        return
    with pytest.raises(Refused, match=r"Trần Thị Hạnh đã “.*” lúc 09:00 16/5/2024\. Xin xem lại"):
        ACTS[act](report, office)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"to_whom": "  "}, "gửi đến đâu"),
        ({"about": ""}, "gửi đến đâu"),
        ({"due": date(1999, 1, 1)}, "không hợp lý"),
    ],
)
def test_what_is_not_whole_is_refused(directive, office, values, said):
    with pytest.raises(Refused, match=said):
        owed(directive, office, **values)


def test_a_cited_document_of_another_one_is_refused(directive, office):
    other = CitedDocument.objects.create(directive=make_directive(), number="1-CV/X")
    with pytest.raises(Refused, match="không thuộc văn bản này"):
        owed(directive, office, cited=other)


def test_a_closed_document_takes_no_new_duty(office):
    with pytest.raises(Refused, match="đã kết thúc theo dõi"):
        owed(make_directive(state="closed"), office)


@pytest.mark.parametrize("day", [date(2024, 5, 17), date(1999, 5, 1)])
def test_an_impossible_day_of_sending_is_refused(directive, office, day):
    report = owed(directive, office)
    with pytest.raises(Refused):
        mark_sent(report, Sent(day), by=office, now=NOW)


def test_a_secret_report_is_refused_before_anything_is_kept(directive, office):
    report = owed(directive, office)
    upload = SimpleUploadedFile("a.txt", "TỐI MẬT\nBÁO CÁO".encode())
    with pytest.raises(SecretDocumentRefused):
        mark_sent(report, Sent(NOW.date()), upload=upload, by=office, now=NOW)
    report.refresh_from_db()
    assert (report.state, StoredFile.objects.count()) == ("open", 0)


# --- reminders and figures ------------------------------------------------------------------------


def planned(now=NOW, since=None):
    return UpwardPlanner().plan(now=now, since=since)


@pytest.mark.parametrize(
    ("moment", "titles"),
    [
        (at("2024-05-14", "23:59"), []),
        (at("2024-05-15", "00:01"), ["Báo cáo Ban Tuyên giáo Trung ương đến hạn 20/5/2024: Kết quả kỷ niệm"]),
        (at("2024-05-20", "23:59"), ["Báo cáo Ban Tuyên giáo Trung ương đến hạn 20/5/2024: Kết quả kỷ niệm"]),
        (at("2024-05-21", "00:01"), ["Báo cáo Ban Tuyên giáo Trung ương quá hạn 20/5/2024: Kết quả kỷ niệm"]),
    ],
)
def test_the_office_is_told_three_working_days_before_and_one_after_in_the_app_only(directive, office, moment, titles):
    owed(directive, office)
    make_reporter(make_unit())
    planned(moment)
    assert list(Notice.objects.values_list("title", flat=True)) == titles
    assert set(Notice.objects.values_list("recipient", "message")) <= {(office.pk, None)}
    assert Message.objects.count() == 0


def test_each_stage_is_told_once_and_a_moved_day_anew(directive, office):
    report = owed(directive, office)
    assert (planned(), planned()) == (1, 0)
    change(report, Wanted(report.to_whom, report.about, due=date(2024, 5, 17)), by=office, now=NOW)
    assert planned(since=NOW) == 1


def test_only_what_was_touched_is_looked_at_in_between(directive, office):
    owed(directive, office)
    assert planned(since=at("2024-05-16", "09:01")) == 0
    assert [rows.count() for rows in UpwardPlanner().touched(NOW)] == [1]


def test_planning_costs_the_same_for_one_and_fifty(directive, office, django_assert_num_queries):
    planned()
    owed(directive, office)
    with django_assert_num_queries(8):
        planned()
    for number in range(50):
        owed(directive, office, about=f"Việc {number}")
    with django_assert_num_queries(8):
        planned()


def test_today_says_what_is_near_and_late_and_nothing_else(directive, office):
    for about, due in (("gần", DUE), ("trễ", date(2024, 5, 2)), ("xa", date(2024, 6, 20)), ("không hạn", None)):
        owed(directive, office, about=about, due=due)
    sent = owed(directive, office, about="đã gửi")
    mark_sent(sent, Sent(NOW.date()), by=office, now=NOW)
    page = build_today(office, today=NOW.date())
    assert [row.about for row in page.upward] == ["trễ", "gần"]


def test_it_stands_in_no_figure_of_the_units(directive, office):
    owed(directive, office, due=date(2024, 5, 2))
    assert Tally.objects.count() == 0


def test_units_see_nothing_of_it(directive, office):
    owed(directive, office)
    assert UpwardReport.objects.visible_to(make_reporter(make_unit())).count() == 0
