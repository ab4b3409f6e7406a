"""The page of what a draft does to earlier documents, and where it shows once that is issued."""

from datetime import date

import pytest

from tasks.issuing import issue
from tasks.models import Amendment, CitedDocument, Directive
from tests.tasks.amending.papers import NEW_DUE, NOW, make_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(client):
    papers = make_papers()
    client.force_login(papers.office)
    return papers


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def address(papers, tail=""):
    return f"/van-ban/{papers.later.pk}/sua-doi/{tail}"


def form(papers, code, kind="due"):
    return address(papers, f"?van-ban={papers.earlier.pk}&nhiem-vu={papers.tasks[code].pk}&kieu={kind}")


def test_the_way_leads_from_the_document_to_its_task_to_what_is_done(client, papers):
    assert f'href="?van-ban={papers.earlier.pk}"' in page(client, address(papers))
    tasks = page(client, address(papers, f"?van-ban={papers.earlier.pk}"))
    assert f'href="?van-ban={papers.earlier.pk}&amp;nhiem-vu={papers.tasks["2"].pk}"' in tasks
    kinds = page(client, address(papers, f"?van-ban={papers.earlier.pk}&nhiem-vu={papers.tasks['2'].pk}"))
    assert f'nhiem-vu={papers.tasks["2"].pk}&amp;kieu=due"' in kinds
    assert "Chỉ đổi hạn cho các đơn vị" in page(client, form(papers, "2"))
    answer = client.post(form(papers, "2"), {"new_due": "26/4/2024", "words": "Câu."})
    row = Amendment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(papers))
    assert (row.kind, row.task, row.new_due, row.words, row.made_by) == (
        "due",
        papers.tasks["2"],
        NEW_DUE,
        "Câu.",
        papers.office,
    )
    table = page(client, address(papers))
    assert "<strong>hạn mới 26/4/2024</strong>" in table
    assert "<strong>hạn mới 26/4/2024</strong>" in page(client, f"/van-ban/{papers.later.pk}/giao/")


def test_a_suggestion_fills_the_form(client, papers):
    Directive.objects.filter(pk=papers.earlier.pk).update(issued_date=date(2024, 2, 15))
    CitedDocument.objects.create(directive=papers.later, number="41-CV/TU", date=date(2024, 2, 15))
    papers.later.texts.update(body="Gia hạn nhiệm vụ 2 của Công văn số 41-CV/TU, hoàn thành trước ngày 26/4/2024.")
    offered = page(client, address(papers))
    assert "Theo lời văn, có thể sửa đổi" in offered
    link = offered.split('btn-sm" href="')[1].split('"')[0].replace("&amp;", "&")
    filled = page(client, link)
    assert 'value="26/4/2024"' in filled
    assert "Gia hạn nhiệm vụ 2 của Công văn số 41-CV/TU" in filled


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("due", ["new_due", "only", "words", "note"]),
        ("ends", ["words", "note"]),
        ("replaces", ["new_task", "words", "note"]),
        ("units", ["take", "give", "role", "words", "note"]),
        ("adds", ["new_task", "words", "note"]),
    ],
)
def test_each_kind_asks_for_what_it_needs(client, papers, kind, shown):
    assert list(client.get(form(papers, "1", kind)).context["form"].fields) == shown


def test_a_supplement_to_the_whole_document_is_written_down(client, papers):
    client.post(address(papers, f"?van-ban={papers.earlier.pk}&nhiem-vu=0"), {"words": "Bổ sung phần tổ chức."})
    row = Amendment.objects.get()
    assert (row.kind, row.task, row.amended, row.words) == ("adds", None, papers.earlier, "Bổ sung phần tổ chức.")


def test_nobody_issues_amendments_they_have_not_seen(client, papers):
    shown = client.get(f"/van-ban/{papers.later.pk}/giao/").context["changes_mark"]
    papers.amend("ends", "2")
    answer = client.post(f"/van-ban/{papers.later.pk}/giao/", {"changes": shown})
    assert (answer.status_code, Directive.objects.get(pk=papers.later.pk).state) == (422, "draft")
    assert "Các điểm sửa đổi văn bản khác đã đổi từ khi anh/chị xem." in answer.content.decode()


def test_a_document_that_only_amends_is_issued_from_the_page(client, papers):
    papers.new.recipients.all().delete()
    row = papers.amend("ends", "2")
    shown = page(client, f"/van-ban/{papers.later.pk}/giao/")
    assert "Giao, sửa đổi văn bản khác" in shown
    assert 'data-dt-confirm="Giao văn bản này? 1 điểm sửa đổi có hiệu lực ngay."' in shown
    answer = client.post(f"/van-ban/{papers.later.pk}/giao/", {"changes": str(row.pk)}, follow=True)
    assert "Đã giao văn bản; các điểm sửa đổi có hiệu lực." in answer.content.decode()
    assert papers.states("2")["north"][1] == "cancelled"


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, papers):
    answer = client.post(form(papers, "2"), {"new_due": "", "words": "Câu giữ lại."})
    said = answer.content.decode()
    assert (answer.status_code, Amendment.objects.count()) == (422, 0)
    assert "Hãy ghi hạn mới, ví dụ 29/02/2024." in said
    assert "Câu giữ lại." in said


@pytest.mark.parametrize("tail", ["?van-ban=abc", "?van-ban=999999", "?van-ban=9999999999999999999999", "?van-ban=²"])
def test_an_address_of_no_document_is_not_found(client, papers, tail):
    assert client.get(address(papers, tail)).status_code == 404


def test_a_row_is_taken_out_before_issue(client, papers):
    row = papers.amend("ends", "2")
    client.post(address(papers, f"{row.pk}/bo/"))
    assert Amendment.objects.count() == 0


def test_units_are_given_and_taken_on_the_page(client, papers):
    north, west = papers.units["north"], papers.units["west"]
    client.post(form(papers, "2", "units"), {"take": north.pk, "give": west.pk, "role": "coordinating"})
    rows = Amendment.objects.get().units.values_list("unit", "change", "role")
    assert list(rows) == [(north.pk, "take", ""), (west.pk, "give", "coordinating")]


def test_the_amended_pages_say_by_what_and_with_which_sentence(client, papers):
    papers.amend("due", "1", new_due=NEW_DUE, words="Lùi thời hạn.")
    issue(papers.later, by=papers.office, now=NOW)
    said = f'Được đổi hạn bởi <a href="/van-ban/{papers.later.pk}/">Công văn 57-CV/TU</a> ngày 20/3/2024'
    for place in (
        f"/van-ban/{papers.earlier.pk}/",
        f"/nhiem-vu/{papers.tasks['1'].pk}/",
        papers.part("1", "north").get_absolute_url(),
    ):
        shown = page(client, place)
        assert said in shown
        assert "“Lùi thời hạn.”" in shown
    assert "Được đổi hạn" not in page(client, papers.part("2", "north").get_absolute_url())
    history = page(client, address(papers))
    assert "có hiệu lực" in history
    assert "Bỏ<span" not in history


def test_a_unit_reads_it_and_may_not_open_the_page(client, papers):
    papers.amend("due", "1", new_due=NEW_DUE, words="Lùi thời hạn.", note="Chỉ Văn phòng đọc")
    issue(papers.later, by=papers.office, now=NOW)
    part = papers.part("1", "north")
    client.force_login(part.unit.memberships.get().user)
    shown = page(client, part.get_absolute_url())
    assert "“Lùi thời hạn.”" in shown
    assert "Chỉ Văn phòng đọc" not in shown
    assert client.get(address(papers)).status_code == 403


def test_the_new_task_says_what_it_stands_for(client, papers):
    papers.amend("replaces", "2", new_task=papers.new)
    assert "Thay cho" in page(client, papers.new.get_absolute_url())


def test_the_page_costs_the_same_for_one_row_and_forty(client, papers, django_assert_num_queries):
    papers.amend("due", "1", new_due=NEW_DUE, only=[papers.units["north"]])
    client.get(address(papers))
    with django_assert_num_queries(STATEMENTS):
        client.get(address(papers))
    for _ in range(40):
        papers.amend("due", "1", new_due=NEW_DUE, only=[papers.units["north"]])
    with django_assert_num_queries(STATEMENTS):
        client.get(address(papers))


STATEMENTS = 13
