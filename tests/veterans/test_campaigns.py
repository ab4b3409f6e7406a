"""The occasion: opened by few, changed with a trace, ended when nothing waits, read by office and readers without names."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import make_assignment, make_directive, make_task
from tests.veterans.conftest import NOW
from tests.veterans.test_gratitude import approve, visit
from veterans import campaigns, gifts
from veterans.campaigns import Left
from veterans.gifts import Given
from veterans.models import Campaign

pytestmark = pytest.mark.django_db


def close(land, words="Hết đợt"):
    return campaigns.close_campaign(land.campaign, words=words, by=land.of_province, now=NOW)


def test_a_new_occasion_has_a_source_for_each_level(land):
    assert list(land.campaign.sources.values_list("level", "name")) == [
        ("central", "Trung ương"),
        ("province", "Tỉnh"),
        ("district", "Huyện, thành phố"),
        ("commune", "Xã, phường, thị trấn"),
        ("company", "Doanh nghiệp, nhà hảo tâm"),
    ]


def test_a_giver_is_one_giver_however_it_is_spelled(land):
    campaigns.add_named_source(land.campaign, level="company", name="Công ty Ánh  Dương", by=land.of_province, now=NOW)
    with pytest.raises(Refused, match="Đợt này đã có nguồn “CONG TY ANH DUONG”"):
        campaigns.add_named_source(
            land.campaign, level="company", name="CONG TY ANH DUONG", by=land.of_province, now=NOW
        )


def test_a_changed_day_stands_in_the_log_with_what_it_was(land):
    fields = {"honour_day": date(2024, 5, 8)}
    campaigns.change_campaign(land.campaign, fields=fields, version=1, by=land.office, now=NOW)
    event = AuditEvent.objects.get(verb="registry.campaign_changed")
    assert event.data == {"from": {"honour_day": "2024-05-07"}, "to": {"honour_day": "2024-05-08"}}
    with pytest.raises(Refused, match="đã thay đổi đợt này lúc 09:00 15/4/2024"):
        campaigns.change_campaign(land.campaign, fields=fields, version=1, by=land.office, now=NOW)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"honour_day": date(2024, 2, 14)}, "Ngày kỷ niệm đứng trước ngày bắt đầu đợt."),
        ({"ends_on": date(2024, 5, 6)}, "Ngày kết thúc đứng trước ngày kỷ niệm."),
    ],
)
def test_days_out_of_order_are_told(land, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        campaigns.change_campaign(land.campaign, fields=fields, version=1, by=land.office, now=NOW)


def test_an_occasion_does_not_begin_after_its_first_visit(land, add):
    visit(add(), land)
    fields = {"starts_on": date(2024, 4, 6)}
    with pytest.raises(Refused, match="Đã có lần thăm ngày 05/4/2024"):
        campaigns.change_campaign(land.campaign, fields=fields, version=1, by=land.office, now=NOW)


def test_what_is_left_is_counted_and_wants_a_word(land, add):
    reached, waiting = add("A Thút"), add("Y Blưm")
    for person in (reached, waiting):
        approve(person, land)
    visit(reached, land)
    gifts.promise(waiting, Given(land.sources["central"], money=1), unit=land.unit, by=land.of_near, now=NOW)
    assert campaigns.what_is_left(land.campaign, today=date(2024, 4, 15)) == Left(
        not_visited=1, promised=1, from_phones=0, delegations=0
    )
    with pytest.raises(Refused, match="Hãy ghi vì sao kết thúc đợt lúc này"):
        close(land, words=" ")
    close(land, words="Chuyển sang đợt 27/7")
    event = AuditEvent.objects.get(verb="registry.campaign_closed")
    assert (event.reason, Campaign.objects.get().closing_words) == ("Chuyển sang đợt 27/7", "Chuyển sang đợt 27/7")


def test_after_its_end_nothing_is_written_until_it_is_opened_again(land, add):
    person = add()
    close(land)
    with pytest.raises(Refused, match="Chưa mở đợt tri ân nào"):
        visit(person, land)
    with pytest.raises(Refused, match="không sửa được nữa"):
        campaigns.change_campaign(land.campaign, fields={}, version=2, by=land.office, now=NOW)
    with pytest.raises(Refused, match="không thêm nguồn được nữa"):
        campaigns.add_named_source(land.campaign, level="company", name="Quỹ", by=land.office, now=NOW)
    with pytest.raises(Refused, match="Hãy ghi vì sao mở lại đợt"):
        campaigns.reopen_campaign(land.campaign, reason="", by=land.office, now=NOW)
    campaigns.reopen_campaign(land.campaign, reason="Còn hai cụ", by=land.office, now=NOW)
    assert visit(person, land).campaign == land.campaign


def test_one_that_is_over_is_not_opened_beside_another(land):
    close(land)
    days = {"starts_on": date(2024, 7, 1), "honour_day": date(2024, 7, 27), "ends_on": date(2024, 7, 31)}
    campaigns.open_campaign(name="27/7", by=land.office, now=NOW, **days)
    with pytest.raises(Refused, match="Đợt “27/7” đang thực hiện; mỗi lúc chỉ một đợt"):
        campaigns.reopen_campaign(land.campaign, reason="Còn hai cụ", by=land.office, now=NOW)


def test_the_office_opens_one_with_the_tasks_of_a_document_by_their_codes(client, land):
    close(land)
    task = make_task(make_directive(issued_on=date(2024, 2, 15), state="issued"), code="1b.3")
    client.force_login(land.office)
    typed = {
        "name": "Ngày 27/7",
        "starts_on": "01/7/2024",
        "honour_day": "27/7/2024",
        "ends_on": "31/7/2024",
        "directive": task.directive_id,
        "visit_task": "1B.3",
    }
    answer = client.post(reverse("veterans:campaign_open"), typed | {"plan_task": "9z"})
    assert answer.status_code == 422
    assert "Văn bản này không có nhiệm vụ “9z”. Có: 1b.3." in answer.content.decode()
    assert client.post(reverse("veterans:campaign_open"), typed).status_code == 302
    made = Campaign.objects.get(state="open")
    assert (made.name, made.visit_task, made.plan_task) == ("Ngày 27/7", task, None)


def test_a_reader_sees_the_occasion_and_no_name(client, land, add, django_assert_num_queries):
    add("A Thút")
    client.force_login(land.reader)
    client.get(reverse("veterans:campaign"))
    with django_assert_num_queries(7):
        page = client.get(reverse("veterans:campaign")).content.decode()
    assert "Kỷ niệm 70 năm" in page
    assert "A Thút" not in page


def test_what_a_unit_does_for_the_occasion_is_told_to_readers_and_to_no_registrar(client, land):
    task = make_task(make_directive(), "1b.2")
    land.campaign.plan_task = task
    land.campaign.save()
    make_assignment(task, land.unit, due=date(2024, 4, 19))
    found = {}
    for who in ("office", "reader", "of_near"):
        client.force_login(getattr(land, who))
        page = client.get(reverse("veterans:campaign")).content.decode()
        found[who] = ("1b.2" in page, "hạn 19/4/2024" in page)
    assert found == {"office": (True, True), "reader": (True, True), "of_near": (True, False)}


def test_where_none_was_opened_the_pages_say_so(client, land, add):
    land.campaign.sources.all().delete()
    Campaign.objects.all().delete()
    client.force_login(land.of_province)
    assert "Chưa mở đợt tri ân nào" in client.get(reverse("veterans:campaign")).content.decode()
    assert "Chưa mở đợt tri ân nào" in client.get(reverse("veterans:visit_add", args=[add().pk])).content.decode()
    assert "Chưa có đợt tri ân nào" in client.get(reverse("veterans:area_review")).content.decode()


def test_an_old_page_is_told_who_changed_the_occasion_and_when(land):
    campaigns.change_campaign(land.campaign, fields={"basis": "Một"}, version=1, by=land.of_province, now=NOW)
    with pytest.raises(Refused, match=f"Trong lúc sửa, {land.of_province} đã thay đổi đợt này lúc 09:00 15/4/2024"):
        campaigns.change_campaign(land.campaign, fields={"basis": "Hai"}, version=1, by=land.office, now=NOW)
    land.campaign.refresh_from_db()
    assert land.campaign.basis == "Một"


@pytest.mark.parametrize("name", ["", "  ", "!!!", "–"])
def test_a_giver_without_a_letter_is_told(land, name):
    with pytest.raises(Refused, match="Hãy ghi tên nguồn quà"):
        campaigns.add_named_source(land.campaign, level="company", name=name, by=land.office, now=NOW)


def test_a_refused_reopening_keeps_what_was_typed(client, land):
    close(land)
    days = {"starts_on": date(2024, 7, 1), "honour_day": date(2024, 7, 27), "ends_on": date(2024, 7, 31)}
    campaigns.open_campaign(name="27/7", by=land.office, now=NOW, **days)
    client.force_login(land.office)
    answers = [
        client.post(reverse("veterans:campaign_reopen", args=[land.campaign.pk]), {"again-words": words})
        for words in ("Còn hai cụ chưa thăm", "")
    ]
    page = answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [422, 422]
    assert ("mỗi lúc chỉ một đợt" in page, "Mở đợt mới" in page) == (True, False)


def test_the_page_says_what_was_changed_from_what_to_what(client, land):
    campaigns.change_campaign(
        land.campaign, fields={"ends_on": date(2024, 5, 19)}, version=1, by=land.of_province, now=NOW
    )
    client.force_login(land.reader)
    page = client.get(reverse("veterans:campaign")).content.decode()
    assert "đến ngày từ “15/5/2024” thành “19/5/2024”" in page


def test_opening_the_next_one_offers_who_may_be_kept_in_numbers(client, land, add):
    close(land)
    for number in range(6):
        add(f"A Số {number}")
    client.force_login(land.office)
    assert (
        "0 người đã đồng ý lưu cho dịp sau, 6 người chưa trả lời"
        in client.get(reverse("veterans:campaign_open")).content.decode()
    )
