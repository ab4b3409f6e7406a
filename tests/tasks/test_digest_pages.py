"""The digest read back: frozen row, page, text and HTML of the mail say the same; who may see; nothing typed in mails."""

import re
from datetime import date

import pytest
from django.core import mail as outgoing

from directive_tracker import clock
from notifications.models import Message, NoticeRule
from notifications.rounds import run_round
from tasks.digests.making import make_due, make_now
from tasks.digests.reading import shown
from tasks.models import Assignment, Digest
from tasks.whole.rates import rate_words
from tests.factories import at, make_assignment, make_directive, make_reporter, make_task, make_unit
from tests.tasks.digests import EXCUSE, NAME, REASON, Figures, mail_of, make_committee, request_extension

pytestmark = pytest.mark.django_db
NOW = at("2024-04-26", "08:00")
FIRST, THURSDAY = at("2024-04-18", "17:00"), at("2024-04-25", "17:00")


@pytest.fixture(autouse=True)
def _friday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 4, 26))
    NoticeRule.objects.update(is_active=False)


@pytest.fixture
def house():
    """Two weeks: the second one with a work done, one late, one extended."""
    found = make_committee()
    make_due(FIRST)
    works = found.works
    Assignment.objects.filter(pk=works["open"].pk).update(state="completed", completed_on=date(2024, 4, 22))
    request_extension(found, "paused", asked="2024-04-29", granted_at="2024-04-22")
    make_due(THURSDAY)
    Message.objects.filter(key__startswith="digest:weekly:2024-04-18").update(state="sent", sent_at=FIRST)
    run_round(now=NOW)
    return found


def newest() -> Digest:
    return Digest.objects.order_by("-pk").first()


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


# --- the same everywhere -----------------------------------------------------------------------------


def test_frozen_row_page_text_and_html_of_the_mail_say_the_same_numbers(client, house):
    client.force_login(house.reader)
    (sent,) = outgoing.outbox
    mail = mail_of(sent)
    text = mail.get_body(("plain",)).get_content()
    frozen = newest().data["total"]

    page = Figures(client.get(newest().get_absolute_url()).content.decode())
    html = Figures(mail.get_body(("html",)).get_content())

    expected = {
        "done_on_time": "3",
        "done_late": "1",
        "open_in_time": "1",
        "open_without_due": "0",
        "open_overdue": "4",
        "counted": "9",
        "outside": "3",
        "encouraged": "1",
        "undecided": "1",
        "paused": "1",
        "waiting": "2",
        "not_acknowledged": "2",
        "changed_done": "1",
        "changed_overdue": "1",
        "changed_recovered": "0",
        "changed_extensions": "1",
    }
    assert page.numbers == html.numbers == expected
    assert {name: str(number) for name, number in frozen.items()}.items() <= expected.items()
    assert written(text) == {**expected, "open_without_due": "0"}
    # A long subject is folded before its first word.
    assert mail["Subject"].strip() == "Báo cáo nhanh tuần 19/4–25/4/2024: 4/9 việc hoàn thành, 4 việc quá hạn"


LINES = {
    "Hoàn thành đúng hạn": "done_on_time",
    "Hoàn thành quá hạn": "done_late",
    "Chưa hoàn thành, trong hạn": "open_in_time",
    "trong đó không thời hạn": "open_without_due",
    "Chưa hoàn thành, quá hạn": "open_overdue",
    "Cộng": "counted",
    "Ngoài thống kê": "outside",
    "khuyến khích": "encouraged",
    "chờ quyết định": "undecided",
    "tạm dừng": "paused",
    "Đã gửi, chờ xác nhận": "waiting",
    "Chưa tiếp nhận": "not_acknowledged",
    "Mới hoàn thành": "changed_done",
    "Mới quá hạn": "changed_overdue",
    "Không còn quá hạn": "changed_recovered",
    "Gia hạn": "changed_extensions",
}


def written(text: str) -> dict[str, str]:
    """The numbers of the plain text by their words."""
    found = {}
    for line in text.splitlines():
        words, colon, number = line.strip().partition(": ")
        if colon and words in LINES:
            found[LINES[words]] = number.split()[0]
    return found


def test_units_and_late_work_stand_alike_on_page_and_in_the_mail(client, house):
    client.force_login(house.office)
    mail = mail_of(outgoing.outbox[0])
    text = mail.get_body(("plain",)).get_content()

    page = Figures(client.get(newest().get_absolute_url()).content.decode()).tables
    html = Figures(mail.get_body(("html",)).get_content()).tables

    units = [
        ["Huyện ủy Đắk Hà", "5", "1", "1", "0", "3", "0", "1", "1/5 (20%)"],
        ["Huyện ủy Ngọc Hồi", "4", "2", "0", "1", "1", "1", "0", "2/3 (66%)"],
        ["Cộng", "9", "3", "1", "1", "4", "1", "1", "3/8 (37%)"],
    ]
    assert page["units"][1:] == html["units"][1:] == units
    late = [
        ("Huyện ủy Đắk Hà", "1b.1 Tuyên truyền", "12/4/2024", "8"),
        ("Huyện ủy Ngọc Hồi", "1b.1 Tuyên truyền", "12/4/2024", "8"),
        ("Huyện ủy Đắk Hà", "1b.2 Tuyên truyền", "15/4/2024", "1"),
        ("Huyện ủy Đắk Hà", "1a.3 Tuyên truyền", "24/4/2024", "1"),
    ]
    assert [tuple(row[:4]) for row in page["overdue"][1:]] == late
    assert [tuple(row[:4]) for row in html["overdue"][1:]] == late
    for unit, work, due, days in late:
        assert f"{unit}: {work}, hạn {due}, quá hạn {days} ngày làm việc" in text
    assert "Huyện ủy Ngọc Hồi: giao 4; xong đúng hạn 2, quá hạn 0; chưa xong trong hạn 1, quá hạn 1;" in text


def test_what_a_unit_typed_stands_on_the_page_and_in_no_mail(client, house):
    client.force_login(house.reader)
    page = client.get(newest().get_absolute_url()).content.decode()
    mail = mail_of(outgoing.outbox[0])
    mailed = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"] + [
        str(mail["Subject"]),
        Message.objects.get(key__startswith="digest:weekly:2024-04-25").body,
    ]

    assert f"Chủ quan: {REASON}" in words_of(page)
    assert [word for word in (REASON, EXCUSE, NAME) for text in mailed if word in text] == []
    assert NAME not in page
    assert "chủ quan, dự kiến xong 22/4/2024" in mailed[0]


def test_nothing_is_fetched_when_the_mail_is_opened(house):
    html = mail_of(outgoing.outbox[0]).get_body(("html",)).get_content()

    assert [word for word in ("<img", "src=", "@import", "url(", "<link", "<script") if word in html] == []
    assert 'href="http://127.0.0.1:8000/bao-cao-nhanh/' in html


def test_every_number_leads_to_the_list_with_as_many_works_as_long_as_nothing_changes(client, house):
    client.force_login(house.reader)
    make_assignment(house.tasks["1b.1"], make_unit(), due=date(2024, 5, 2), state="in_progress")
    digest = shown(make_now(by=house.office, now=NOW, send=False))
    (directive,) = digest.directives
    links = [(line.name, line.number, line.url) for line in [*digest.lines, *digest.beside]]
    links += [(row["what"], row["count"], row["url"]) for row in digest.waiting]
    for unit in directive["units"]:
        links += [
            (name, unit["total"].__getattribute__(name), unit["urls"][name]) for name in ("counted", "open_overdue")
        ]
        links += [(name, unit[name], unit["urls"][name]) for name in ("extensions", "returned")]
    links += [("coming", row["count"], row["url"]) for row in digest.coming]

    wrong = [
        (name, number, url, client.get(url).context["count"])
        for name, number, url in links
        if client.get(url).context["count"] != number
    ]

    assert wrong == []
    assert len(links) == 26


def test_with_several_directives_each_has_its_table_and_closed_ones_are_not_counted(client, house):
    make_assignment(make_task(make_directive(short_title="Văn bản hai"), "1"), due=date(2024, 5, 30))
    closed = make_directive(state="closed", short_title="Đã kết thúc")
    make_assignment(make_task(closed, "1"), state="completed")
    digest = make_now(by=house.office, now=NOW, send=False)
    client.force_login(house.office)

    page = client.get(digest.get_absolute_url()).content.decode()

    assert [row["title"] for row in digest.data["directives"]] == ["70 năm Điện Biên Phủ", "Văn bản hai"]
    assert ("2 văn bản đang theo dõi" in words_of(page), "<caption>Văn bản hai</caption>" in page) == (True, True)
    done = next(line for line in shown(digest).lines if line.name == "done_on_time")
    assert (done.number, client.get(done.url).context["count"]) == (3, 3)


# --- pages -------------------------------------------------------------------------------------------


def test_the_page_reads_the_frozen_row_and_no_live_figures(client, house):
    client.force_login(house.reader)
    before = client.get(newest().get_absolute_url()).content.decode()
    Assignment.objects.filter(state="in_progress").update(state="completed", completed_on=date(2024, 4, 26))

    after = client.get(newest().get_absolute_url()).content.decode()

    assert Figures(after).numbers == Figures(before).numbers
    assert Figures(after).tables == Figures(before).tables


@pytest.mark.parametrize("count", [1, 30])
def test_list_and_page_cost_the_same_for_one_and_for_many(client, django_assert_num_queries, count):
    found = make_committee()
    for number in range(count):
        make_now(by=found.office, now=at("2024-04-15", f"10:{number:02}"), send=False)
    for number in range(count * 10):
        make_assignment(make_task(found.directive, f"9.{number}"), make_unit(), due=date(2024, 4, 12))
    last = make_now(by=found.office, now=at("2024-04-16", "10:00"), send=False)
    client.force_login(found.reader)
    client.get("/bao-cao-nhanh/")

    # Session and person, rights and badge; then how many and which of the list and whether a ranking was sent, or the row.
    with django_assert_num_queries(5):
        assert client.get("/bao-cao-nhanh/").status_code == 200
    with django_assert_num_queries(3):
        assert client.get(last.get_absolute_url()).status_code == 200


def test_the_list_has_pages_of_25_the_newest_first(client):
    found = make_committee()
    for number in range(27):
        make_now(by=found.office, now=at("2024-04-15", f"10:{number:02}"), send=False)
    client.force_login(found.reader)

    first, second = client.get("/bao-cao-nhanh/").context["page"], client.get("/bao-cao-nhanh/?page=2").context["page"]

    assert (len(first), len(second), str(first[0])) == (25, 2, "Báo cáo nhanh đến 10:26 15/4/2024")


def test_the_office_freezes_on_the_page_and_is_told_when_the_mail_leaves(client, house):
    client.force_login(house.office)

    page = client.post("/bao-cao-nhanh/chot/", {"send": "on"}, follow=True)

    digest = newest()
    assert page.redirect_chain == [(digest.get_absolute_url(), 302)]
    assert "Đã chốt số liệu. Thư cho Thường trực đi từ 08:00 26/4/2024." in words_of(page.content.decode())
    again = client.post("/bao-cao-nhanh/chot/", {}, follow=True)
    assert "Vừa chốt số liệu xong" in words_of(again.content.decode())
    assert newest() == digest


def test_a_reader_reads_but_has_no_button_and_a_unit_has_no_page(client, house):
    client.force_login(house.reader)
    listed = client.get("/bao-cao-nhanh/").content.decode()
    assert ("Báo cáo nhanh tuần 19/4–25/4/2024" in listed, "Chốt số liệu ngay" in listed) == (True, False)
    assert client.post("/bao-cao-nhanh/chot/").status_code == 403

    client.force_login(make_reporter(house.units[0]))
    answers = [client.get(path).status_code for path in ("/bao-cao-nhanh/", newest().get_absolute_url())]
    assert answers == [403, 403]


def test_readers_and_office_find_it_in_their_menu(client, house):
    for user in (house.reader, house.office):
        client.force_login(user)
        assert '<a href="/bao-cao-nhanh/"' in client.get("/tong-quan/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "chưa có"), (1, 3, "1/3 (33%)"), (199, 200, "199/200 (99%)")]
)
def test_a_rate_names_its_denominator_and_is_never_rounded_up(part, whole, words):
    assert rate_words(part, whole, none="chưa có") == words


def test_a_mail_with_too_many_units_leaves_them_to_the_page(house):
    for _ in range(61):
        make_assignment(make_task(house.directive), make_unit(), due=date(2024, 5, 30))
    make_now(by=house.office, now=NOW, send=True)
    run_round(now=NOW)

    body = mail_of(outgoing.outbox[-1]).get_body(("plain",)).get_content()

    assert "63 dòng, xem trên trang." in body
    assert "giao 1;" not in body


def test_with_too_many_units_the_page_shows_one_directive_at_a_time(client, house):
    second = make_directive(short_title="Văn bản hai")
    for _ in range(61):
        make_assignment(make_task(second), make_unit(), due=date(2024, 5, 30))
    digest = make_now(by=house.office, now=NOW, send=False)
    client.force_login(house.reader)
    first_pk = house.directive.pk

    answers = {
        chosen: Figures(client.get(f"{digest.get_absolute_url()}{chosen}").content.decode()).tables
        for chosen in ("", f"?van-ban={second.pk}", "?van-ban=999999999", "?van-ban=x")
    }

    assert {chosen: len(tables["units"]) for chosen, tables in answers.items()} == {
        "": 4,
        f"?van-ban={second.pk}": 63,
        "?van-ban=999999999": 4,
        "?van-ban=x": 4,
    }
    assert answers[""]["directives"][1:] == [
        ["70 năm Điện Biên Phủ", "9", "3", "1", "1", "4", "3/8 (37%)"],
        ["Văn bản hai", "61", "0", "0", "61", "0", "chưa có"],
    ]
    assert f'href="?van-ban={first_pk}#g-units"' in client.get(digest.get_absolute_url()).content.decode()


def frozen_with(house, **parts) -> Digest:
    """Another digest with other parts: the one that is there is never changed, PostgreSQL itself sees to that."""
    like = newest()
    return Digest.objects.create(
        kind="on_demand",
        period_from=like.period_from,
        period_to=like.period_to,
        cut_at=like.cut_at,
        as_of=like.as_of,
        made_by=house.office,
        headline=like.headline,
        data={**like.data, **parts},
        known=like.known,
    )


def test_the_sentence_about_the_registry_is_frozen_and_stands_on_the_page_and_in_both_forms_of_the_mail(client, house):
    said = {**newest().data["registry"]["veterans"], "sentence": "98/102 xã đã rà soát"}
    shown = frozen_with(house, registry={"veterans": said})
    client.force_login(house.reader)
    (sent,) = outgoing.outbox
    mail = mail_of(sent)
    begun = "0/0 xã đã rà soát; 0 người đã xác minh còn sống; chưa mở đợt tri ân."

    assert begun in mail.get_body(("plain",)).get_content()
    assert begun in words_of(mail.get_body(("html",)).get_content())
    assert "98/102 xã đã rà soát." in words_of(client.get(shown.get_absolute_url()).content.decode())


def test_a_digest_that_was_frozen_before_there_was_a_sentence_shows_its_figures(client, house):
    before = {"communes_reviewed": 98, "communes_total": 102, "verified_living": "47", "visited": "31", "note": ""}
    shown = frozen_with(house, registry={"veterans": before})
    client.force_login(house.reader)

    page = words_of(client.get(shown.get_absolute_url()).content.decode())

    assert "Xã, phường, thị trấn đã rà soát 98/102 Người đã xác minh, đang sống 47 Người đã được thăm 31" in page
