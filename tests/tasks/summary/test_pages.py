"""The pages of the summary report: drafts, making one, one draft as it was frozen, the works behind a number."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from directive_tracker import clock
from tasks.models import SummaryReport
from tasks.summary.making import make
from tests.factories import at, make_directive, make_office_user
from tests.tasks.digests import Figures
from tests.tasks.summary.story import DAK_HA, NGOC_HOI, NOTHING, make_play, play_until_15_march

pytestmark = pytest.mark.django_db
NOW = at("2024-03-15", "20:00")


@pytest.fixture(autouse=True)
def _march(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 3, 15))


@pytest.fixture
def play():
    found = make_play()
    play_until_15_march(found)
    return found


def drafts_url(play) -> str:
    return reverse("tasks:summary_list", args=[play.directive.pk])


def draft(play, **typed) -> SummaryReport:
    return make(play.directive, by=play.office, now=NOW, typed={**NOTHING, **typed})


# --- making ----------------------------------------------------------------------------------------


def test_the_office_makes_a_draft_and_reads_it(client, play):
    client.force_login(play.office)

    answer = client.post(drafts_url(play), {"as_of": "", "good": "Kịp thời.", "bad": "", "next": ""}, follow=True)

    report = SummaryReport.objects.get()
    assert answer.redirect_chain == [(f"/bao-cao-tong-hop/{report.pk}/", 302)]
    assert report.data["typed"] == {"good": "Kịp thời.", "bad": "", "next": ""}
    page = answer.content.decode()
    assert "Đã lập dự thảo lần 1." in page
    assert "Kịp thời." in page


def test_the_words_of_the_draft_before_go_on(client, play):
    draft(play, good="Kịp thời.", bad="Chậm.")
    client.force_login(play.office)

    page = client.get(drafts_url(play)).content.decode()

    assert ">\nKịp thời.</textarea>" in page
    assert ">\nChậm.</textarea>" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("31/02/2024", "Không có ngày “31/02/2024” trong lịch."),
        ("tuần trước", "“tuần trước” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024."),
        ("16/3/2024", "Ngày 16/3/2024 chưa tới; số liệu chỉ lấy được đến hôm nay, 15/3/2024."),
        ("01/01/2024", "Ngày 01/01/2024 trước ngày giao việc (15/02/2024); hãy ghi một ngày từ ngày giao."),
        ("1/1/99999", "“1/1/99999” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 07/5/2024."),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_typed_is_lost(client, play, day, words):
    client.force_login(play.office)

    answer = client.post(drafts_url(play), {"as_of": day, "good": "Kịp thời <ngay>.", "bad": "", "next": ""})

    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words in page
    assert "Kịp thời <ngay>." in page
    assert f'value="{day}"' in page
    assert not SummaryReport.objects.exists()


def test_a_secret_mark_is_refused(client, play):
    client.force_login(play.office)

    answer = client.post(drafts_url(play), {"as_of": "", "good": "TUYỆT MẬT\nNội dung", "bad": "", "next": ""})

    assert answer.status_code == 422
    assert not SummaryReport.objects.exists()


def test_words_longer_than_the_field_are_refused_with_their_length(client, play):
    client.force_login(play.office)

    answer = client.post(drafts_url(play), {"as_of": "", "good": "a" * 20_001, "bad": "", "next": ""})

    assert answer.status_code == 422
    assert "20001" in answer.content.decode()


def test_a_draft_of_a_day_that_is_over_can_be_made_on_the_page(client, play):
    client.force_login(play.office)

    client.post(drafts_url(play), {"as_of": "28/02/2024", "good": "", "bad": "", "next": ""})

    assert SummaryReport.objects.get().data["as_of"] == "2024-02-28"


@pytest.mark.parametrize(("who", "status"), [("office", 302), ("reader", 403), ("reporter", 403)])
def test_only_the_office_makes_drafts(client, play, who, status):
    people = {"office": play.office, "reader": play.reader, "reporter": play.reporters[DAK_HA]}
    client.force_login(people[who])

    answer = client.post(drafts_url(play), {"as_of": "", "good": "", "bad": "", "next": ""})

    assert answer.status_code == status
    assert SummaryReport.objects.exists() == (status == 302)


def test_readers_see_the_drafts_without_the_form(client, play):
    draft(play)
    client.force_login(play.reader)

    page = client.get(drafts_url(play)).content.decode()

    assert "Dự thảo lần 1" in page
    assert "Lập dự thảo" not in page


@pytest.mark.parametrize("page", ["-1", "0", "99", "x", "1" * 30])
def test_a_page_that_is_not_there_is_answered_with_one_that_is(client, play, page):
    client.force_login(play.office)

    assert client.get(drafts_url(play), {"page": page}).status_code == 200


def test_a_document_that_ended_is_only_read(client):
    directive = make_directive(state="closed")
    client.force_login(make_office_user())
    address = reverse("tasks:summary_list", args=[directive.pk])

    page = client.get(address).content.decode()

    assert "Văn bản đã kết thúc theo dõi; các dự thảo chỉ để xem." in page
    assert client.post(address, {"as_of": "", "good": "", "bad": "", "next": ""}).status_code == 403


def test_a_document_that_is_not_issued_has_no_drafts(client):
    directive = make_directive(state="draft")
    client.force_login(make_office_user())

    assert client.get(reverse("tasks:summary_list", args=[directive.pk])).status_code == 404


# --- one draft -------------------------------------------------------------------------------------


def test_the_page_shows_the_frozen_numbers(client, play):
    report = draft(play)
    client.force_login(play.reader)

    page = Figures(client.get(report.get_absolute_url()).content.decode())

    assert page.numbers == {
        "done_on_time": "1",
        "done_late": "0",
        "open_in_time": "1",
        "open_without_due": "0",
        "open_overdue": "2",
        "counted": "4",
        "outside": "2",
        "encouraged": "1",
        "undecided": "1",
        "paused": "0",
        "waiting": "1",
        "not_acknowledged": "2",
    }
    assert page.tables["units"][1:] == [
        [DAK_HA, "2", "1", "0", "0", "1", "0", "1"],
        [NGOC_HOI, "2", "0", "0", "1", "1", "0", "0"],
        ["Cộng", "4", "1", "0", "1", "2", "0", "1"],
    ]
    assert page.tables["papers"][1:] == [[DAK_HA, "Văn bản triển khai", "12-KH/HU", "27/02/2024"]]
    assert page.tables["indicators"][1:] == [["Buổi sinh hoạt", "5", "buổi", "20 (25%)", "1/2"]]


def test_each_narrative_leads_to_its_report(client, play):
    report = draft(play)
    client.force_login(play.reader)
    section = play.work("1a.1", DAK_HA).progress_reports.get()
    address = f"/don-vi/bao-cao/{section.unit_report_id}/#muc-{section.pk}"

    page = client.get(report.get_absolute_url()).content.decode()

    assert f'<a href="{address}">{DAK_HA}</a></strong>: <span class="s-words">Đã tổ chức 5 buổi.</span>' in page
    assert f'id="muc-{section.pk}"' in client.get(address).content.decode()


def test_what_units_typed_is_shown_as_text(client, play):
    section = play.send("1a.2", DAK_HA, at("2024-03-12"), results="<script>x</script> & Trần")
    play.accept(section, at("2024-03-13"))
    client.force_login(play.office)

    page = client.get(draft(play).get_absolute_url()).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt; &amp; Trần" in page
    assert "<script>x" not in page


def test_a_draft_shows_what_changed_since_the_one_before(client, play):
    make(play.directive, by=play.office, now=NOW, typed=NOTHING, as_of=date(2024, 2, 20))
    client.force_login(play.office)

    page = client.get(draft(play).get_absolute_url()).content.decode()

    assert "Hoàn thành thêm 1 việc. 2 việc mới quá hạn." in page
    assert Figures(page).tables["changes"][1:3] == [
        ["Việc được thống kê", "4", "4", "0"],
        ["Hoàn thành đúng hạn", "0", "1", "+1"],
    ]


def test_a_draft_of_nothing_is_put_into_words(client):
    directive = make_directive()
    office = make_office_user()
    report = make(directive, by=office, now=NOW, typed=NOTHING)
    client.force_login(office)

    page = client.get(report.get_absolute_url()).content.decode()

    for words in (
        "Văn bản không yêu cầu đơn vị ban hành văn bản triển khai riêng.",
        "Văn bản chưa có nhiệm vụ nào.",
        "Chưa có phần việc chủ trì nào.",
        "Không có việc quá hạn.",
        "Không còn việc nào sắp đến hạn.",
    ):
        assert words in page


def test_the_page_asks_as_much_of_the_database_at_any_size(client, play, django_assert_max_num_queries):
    report = draft(play)
    client.force_login(play.reader)

    with django_assert_max_num_queries(8):
        client.get(report.get_absolute_url())


# --- the works behind a number ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("total.open_overdue", [["1a.2 Tuyên truyền", DAK_HA], ["1a.2 Tuyên truyền", NGOC_HOI]]),
        ("total.done_on_time", [["1a.1 Tuyên truyền", DAK_HA]]),
        ("leading.missing", [["1a.1 Tuyên truyền", NGOC_HOI]]),
        ("total.returned", [["1a.2 Tuyên truyền", DAK_HA]]),
    ],
)
def test_a_number_unfolds_into_its_works(client, play, name, rows):
    report = draft(play)
    client.force_login(play.reader)

    page = Figures(client.get(reverse("tasks:summary_trace", args=[report.pk, name])).content.decode())

    assert [row[:2] for row in page.tables["works"][1:]] == rows


def test_the_works_stay_what_they_were_when_the_draft_was_made(client, play):
    report = draft(play)
    section = play.work("1a.1", NGOC_HOI).progress_reports.get()
    play.accept(section, at("2024-03-18"))
    client.force_login(play.reader)

    page = Figures(client.get(reverse("tasks:summary_trace", args=[report.pk, "total.waiting"])).content.decode())

    assert page.tables["works"][1:] == [
        ["1a.1 Tuyên truyền", NGOC_HOI, "Đã gửi, chờ xác nhận Chưa hoàn thành, trong hạn", "15/3/2024", "chưa có"]
    ]


def test_every_number_of_the_page_leads_to_a_list(client, play):
    report = draft(play)
    client.force_login(play.reader)
    before = reverse("tasks:summary_trace", args=[report.pk, "x"])[:-2]
    page = client.get(report.get_absolute_url()).content.decode()

    addresses = {part.split('"')[0] for part in page.split(f'href="{before}')[1:]}

    assert len(addresses) == 28
    assert {client.get(f"{before}{address}").status_code for address in addresses} == {200}


@pytest.mark.parametrize("name", ["total", "total.done_late", "x", "unit.999.counted", "..", "total.%00"])
def test_a_number_that_is_not_there_is_not_found(client, play, name):
    report = draft(play)
    client.force_login(play.reader)

    assert client.get(f"/bao-cao-tong-hop/{report.pk}/so/{name}/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("reader", 200), ("office", 200), ("reporter", 403)])
def test_office_and_readers_alone_read_drafts(client, play, who, status):
    people = {"office": play.office, "reader": play.reader, "reporter": play.reporters[DAK_HA]}
    report = draft(play)
    client.force_login(people[who])

    assert client.get(report.get_absolute_url()).status_code == status
    assert client.get(reverse("tasks:summary_trace", args=[report.pk, "total.waiting"])).status_code == status
