"""Reports whose signed paper is the original and whose scan is missing: the office's list, its filter, its sheet."""

from datetime import date

import pytest
from django.core import mail as outgoing

from notifications.models import Message, Notice
from notifications.rounds import run_round
from records.models import AuditEvent, StoredFile
from tasks.models import Directive, UnitReport
from tasks.papers.reminding import plan_reminders
from tests.factories import at, make_directive, make_membership, make_office_user, make_reporter, make_unit, make_user
from tests.sheets import ask, table
from units.access import access_of
from units.models import Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
LIST = "/bao-cao/thieu-ban-chup/"
REMIND = "/bao-cao/thieu-ban-chup/nhac/"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


@pytest.fixture
def office(client):
    user = make_office_user()
    client.force_login(user)
    return user


@pytest.fixture
def directive():
    return make_directive(report_original="paper", short_title="Trên giấy")


def sent(directive: Directive, unit, by, day="2024-04-10", state="submitted", **values) -> UnitReport:
    return UnitReport.objects.create(
        directive=directive, unit=unit, state=state, created_by=by, created_at=at(day), saved_by=by, saved_at=at(day),
        submitted_by=by, submitted_at=None if state == "draft" else at(day), **values,
    )  # fmt: skip


def names(page) -> list[str]:
    return [row.report.unit.name for row in page.context["rows"]]


def test_the_list_holds_what_was_sent_without_its_scan_longest_missing_first(client, office, directive):
    scan = StoredFile.objects.create(
        sha256="a" * 64,
        size=1,
        content_type="application/pdf",
        original_name="a.pdf",
        uploaded_by=office,
        uploaded_at=at(TODAY),
    )
    sent(directive, make_unit("Gửi sau"), office, "2024-04-12")
    sent(directive, make_unit("Đã chấp nhận"), office, "2024-04-08", state="decided")
    sent(directive, make_unit("Gửi trước"), office, "2024-04-05")
    sent(directive, make_unit("Đủ"), office, signed_file=scan)
    sent(directive, make_unit("Bị trả lại"), office, state="returned")
    sent(directive, make_unit("Đang soạn"), office, state="draft")
    sent(make_directive(), make_unit("Bản chính trên hệ thống"), office)
    sent(make_directive(report_original="paper", state="closed"), make_unit("Đã kết thúc"), office)

    page = client.get(LIST)

    assert names(page) == ["Gửi trước", "Đã chấp nhận", "Gửi sau"]
    assert [row.waits for row in page.context["rows"]] == [
        "đã 6 ngày làm việc",
        "đã 5 ngày làm việc",
        "đã 1 ngày làm việc",
    ]


def test_the_filter_narrows_by_document_and_by_unit_without_accents(client, office, directive):
    other = make_directive(report_original="paper")
    dak_ha, ngoc_hoi = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    sent(directive, dak_ha, office)
    sent(directive, ngoc_hoi, office)
    sent(other, ngoc_hoi, office)

    by_unit, by_directive = client.get(LIST, {"q": "ngoc hoi"}), client.get(LIST, {"directive": directive.pk})

    assert names(by_unit) == ["Huyện ủy Ngọc Hồi", "Huyện ủy Ngọc Hồi"]
    assert names(by_directive) == ["Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"]


@pytest.mark.parametrize("value", ["999999", "x", "-1", "٣", "9" * 40])
def test_a_document_that_is_none_is_said_and_left_out(client, office, directive, value):
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office)

    page = client.get(LIST, {"directive": value})

    assert "Đã bỏ qua: Văn bản. Điều kiện khác vẫn giữ." in page.content.decode()
    assert names(page) == ["Huyện ủy Đắk Hà"]


def test_a_row_says_whom_to_telephone_and_the_sheet_does_not(client, office, directive):
    unit = make_unit("Huyện ủy Đắk Hà")
    make_reporter(unit, "dakha", full_name="Y Hương", phone="0260 3862 524")
    sent(directive, unit, office, paper_number="12", paper_symbol="BC/HU", paper_signer="A Thắng")

    page = client.get(LIST)
    _, rows = table(ask(client, "thieu-ban-chup").content)

    assert 'href="tel:02603862524"' in page.content.decode()
    assert rows[-1][:3] == ["Huyện ủy Đắk Hà", "Trên giấy", "Giữa kỳ"]
    assert rows[-1][4] == "12-BC/HU"
    assert "3862" not in str(rows)


def test_the_sheet_holds_what_the_filter_chose(client, office, directive):
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office)
    sent(directive, make_unit("Huyện ủy Ngọc Hồi"), office)

    _, rows = table(ask(client, "thieu-ban-chup", "q=dak+ha").content)

    assert [row[0] for row in rows] == ["Đơn vị", "Huyện ủy Đắk Hà"]


def test_the_day_leads_to_the_list_where_something_is_missing_and_only_there(client, office, directive):
    before = client.get("/hom-nay/").content.decode()
    sent(directive, make_unit("Huyện ủy Đắk Hà"), office, state="decided")
    after = client.get("/hom-nay/").content.decode()

    assert LIST not in before
    assert f'<a href="{LIST}">1 báo cáo thiếu bản chụp đã ký</a>' in after


def test_the_list_is_the_offices_alone(client, directive):
    reader = make_user("thuongtruc")
    make_membership(reader, make_unit("Thường trực"), Role.READER)
    for person in (reader, make_reporter(make_unit("Huyện ủy Đắk Hà"), "dakha")):
        client.force_login(person)
        assert (client.get(LIST).status_code, ask(client, "thieu-ban-chup").status_code) == (403, 403)


@pytest.mark.parametrize("count", [1, 300])
def test_the_list_asks_the_same_statements_for_one_report_and_three_hundred(
    client, office, directive, count, django_assert_num_queries
):
    for number in range(count):
        sent(directive, make_unit(f"Đơn vị {number}"), office)
    client.get(LIST)

    with django_assert_num_queries(7):
        page = client.get(LIST)

    assert len(page.context["rows"]) == min(count, 25)


# --- reminding ------------------------------------------------------------------------------------


def with_people(name: str, count: int = 1):
    unit = make_unit(name)
    people = [make_reporter(unit, f"{unit.pk}-{n}", email=f"u{unit.pk}-{n}@example.org") for n in range(count)]
    return unit, people


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(kind="scan_missing").values_list("recipient__username", "title"))


def test_the_chosen_units_are_told_in_the_app_and_by_the_days_mail(client, office, directive):
    (dak_ha, people), (ngoc_hoi, _) = with_people("Huyện ủy Đắk Hà", 2), with_people("Huyện ủy Ngọc Hồi")
    first, second = sent(directive, dak_ha, office), sent(directive, ngoc_hoi, office)
    preview = client.get(REMIND, {"bao-cao": [first.pk]})

    answer = client.post(REMIND, {"bao-cao": [first.pk]}, follow=True)

    assert "Huyện ủy Đắk Hà" in preview.content.decode() and "Ngọc Hồi" not in preview.content.decode()
    assert "2 người, trong ứng dụng và bằng thư" in preview.content.decode()
    assert "Đã nhắc 1 đơn vị về 1 báo cáo; 2 người nhận được." in answer.content.decode()
    assert told() == [(person.username, f"Còn thiếu bản chụp báo cáo đã ký: {directive}") for person in people]
    assert {message.kind for message in Message.objects.all()} == {"daily"}
    assert Notice.objects.first().url == first.get_absolute_url()
    event = AuditEvent.objects.get(verb="report.scan_reminded")
    assert (event.actor, event.target_type, event.target_id) == (office, "tasks.unitreport", first.pk)
    assert "đã nhắc 15/4/2024" in answer.content.decode()
    assert second.pk not in Notice.objects.values_list("target_id", flat=True)


@pytest.mark.parametrize(("day", "again"), [("2024-04-15", 0), ("2024-04-17", 0), ("2024-04-18", 1)])
def test_who_was_reminded_in_the_last_two_working_days_is_left_in_peace(
    client, office, directive, monkeypatch, day, again
):
    unit, _ = with_people("Huyện ủy Đắk Hà")
    report = sent(directive, unit, office)
    client.post(REMIND, {"bao-cao": [report.pk]})
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(day, "23:59"))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: date.fromisoformat(day))

    answer = client.post(REMIND, {"bao-cao": [report.pk]})

    assert len(told()) == 1 + again
    assert answer.status_code == (302 if again else 422)
    assert ("đã nhắc ngày 15/4/2024" in answer.content.decode()) is not bool(again)


def test_who_cannot_be_reminded_is_named_with_the_reason(client, office, directive):
    (full, _), (own, _) = with_people("Đủ bản chụp"), with_people("Đơn vị mình")
    make_membership(office, own, Role.REPORTER)
    lonely = make_unit("Không có đầu mối")
    reports = [sent(directive, unit, office) for unit in (full, own, lonely)]
    UnitReport.objects.filter(pk=reports[0].pk).update(state="returned")

    answer = client.post(REMIND, {"bao-cao": [report.pk for report in reports]})

    page = answer.content.decode()
    assert (answer.status_code, told()) == (422, [])
    assert "Không còn báo cáo nào cần nhắc trong các báo cáo đã chọn" in page
    for why in (
        "không còn thiếu bản chụp",
        "báo cáo của đơn vị mình, không tự nhắc",
        "đơn vị chưa có cán bộ đầu mối, xin gọi điện",
    ):
        assert why in page


def test_all_of_the_list_as_it_is_filtered_can_be_reminded_at_once(client, office, directive):
    for name in ("Huyện ủy Đắk Hà", "Huyện ủy Ngọc Hồi"):
        sent(directive, with_people(name)[0], office)
    page = client.get(LIST, {"q": "dak ha", "page": "1"})

    preview = client.get(page.context["remind_all_url"])
    chosen = [report.pk for report in preview.context["plan"].reports]
    client.post(REMIND, {"bao-cao": chosen})

    assert page.context["remind_all_url"] == f"{REMIND}?q=dak+ha&tat-ca=1"
    assert list(UnitReport.objects.filter(pk__in=chosen).values_list("unit__name", flat=True)) == ["Huyện ủy Đắk Hà"]
    assert len(told()) == 1


@pytest.mark.parametrize(("keys", "status"), [([], 302), (["x"], 404), (["0"], 404), (["999999"], 404), (["٣"], 404)])
def test_a_report_that_is_none_cannot_be_chosen(client, office, keys, status):
    assert client.get(REMIND, {"bao-cao": keys}).status_code == status
    assert client.post(REMIND, {"bao-cao": keys}).status_code == status
    assert told() == []


def test_a_scan_that_came_meanwhile_is_not_mailed_about(client, office, directive):
    unit, _ = with_people("Huyện ủy Đắk Hà")
    report = sent(directive, unit, office)
    client.post(REMIND, {"bao-cao": [report.pk]})
    UnitReport.objects.filter(pk=report.pk).update(state="returned")

    run_round(now=at("2024-04-16", "09:00"))

    assert outgoing.outbox == []


@pytest.mark.parametrize("count", [1, 300])
def test_reminding_asks_the_same_statements_for_one_report_and_three_hundred(
    office, directive, count, django_assert_num_queries
):
    for number in range(count):
        sent(directive, with_people(f"Đơn vị {number}")[0], office)
    access_of(office, today=TODAY)

    with django_assert_num_queries(5):
        plan = plan_reminders(UnitReport.objects.all(), user=office, now=at(TODAY))

    assert (len(plan.recipients), plan.people) == (count, count)


def test_more_than_one_press_may_remind_of_is_refused(client, office, directive, monkeypatch):
    monkeypatch.setattr("tasks.papers.reminding.MOST", 1)
    monkeypatch.setattr("tasks.views.papers.MOST", 1)
    reports = [sent(directive, with_people(name)[0], office) for name in ("A", "B")]

    everything = client.get(REMIND, {"tat-ca": "1"}, follow=True)

    assert "Mỗi lần nhắc nhiều nhất 1 báo cáo" in everything.content.decode()
    assert client.post(REMIND, {"bao-cao": [report.pk for report in reports]}).status_code == 404
    assert told() == []
