"""After an occasion: what is kept on which ground until when, what the clock takes, who is due with several occasions."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from records.models import AuditEvent, StoredFile
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW, TODAY
from veterans import campaigns, gratitude
from veterans.enums import KeptKind
from veterans.models import (
    Campaign,
    Consent,
    Delegation,
    DelegationMember,
    Gift,
    GratitudePlan,
    Keeping,
    Person,
    PlanEntry,
    VisitPhoto,
)
from veterans.protection import after, consents, retention
from veterans.protection.law import AFTER

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]

CLOSED = at("2024-05-20", "17:00")
DAYS = {"starts_on": date(2024, 7, 1), "honour_day": date(2024, 7, 27), "ends_on": date(2024, 7, 31)}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ERASED_FILE = str(tmp_path / "erased.jsonl")


def close(campaign: Campaign, land, when: datetime = CLOSED) -> Campaign:
    return campaigns.close_campaign(campaign, words="Còn việc, vẫn kết thúc.", by=land.office, now=when)


def open_next(land) -> Campaign:
    return campaigns.open_campaign(name="Ngày 27/7", by=land.office, now=at("2024-06-10"), **DAYS)


def agree(person, given, *, by):
    consents.note(person, purpose="keep", given=given, said_by="Chính người đó", way="paper", on=TODAY, by=by, now=NOW)


def plan_of(campaign, land) -> GratitudePlan:
    return GratitudePlan.objects.create(
        campaign=campaign, area=land.near, unit=land.unit, title="Kế hoạch", made_by=land.of_near, made_at=NOW
    )


def picture(visit, land, kind: str) -> VisitPhoto:
    file = StoredFile.objects.create(
        file=ContentFile(b"sealed", name="anh.bin"),
        original_name="anh.jpg",
        extension=".jpg",
        content_type="image/jpeg",
        size=6,
        sha256=f"{kind}{visit.pk}".ljust(64, "0"),
        uploaded_by=land.of_near,
        uploaded_at=NOW,
        is_sealed=True,
    )
    consent = None
    if kind == "person":
        consent = Consent.objects.create(
            person=visit.person,
            purpose="photo",
            given=True,
            said_by="Con",
            way="paper",
            on=TODAY,
            recorded_by=land.of_near,
            recorded_at=NOW,
        )
    return VisitPhoto.objects.create(
        visit=visit, kind=kind, file=file, consent=consent, added_by=land.of_near, added_at=NOW
    )


@pytest.fixture
def left(land, add):
    """A visit with a picture of either kind, and a delegation with a leader and two members."""
    visit = gratitude.record_visit(add("A Thăm"), on=date(2024, 4, 10), unit=land.unit, by=land.of_near, now=NOW)
    for kind in ("signed_list", "person"):
        picture(visit, land, kind)
    delegation = Delegation.objects.create(
        plan=plan_of(land.campaign, land),
        unit=land.unit,
        name="Đoàn số 1",
        leader="Ông Y Canari",
        leader_title="Phó Chủ tịch",
        on=TODAY,
        made_by=land.of_near,
        made_at=NOW,
    )
    for name in ("Bà Canari", "Ông Canari"):
        DelegationMember.objects.create(delegation=delegation, name=name, title="Chuyên viên")
    return delegation


def line(campaign, kind: str) -> after.Line:
    campaign.refresh_from_db()
    return next(each for each in after.table(campaign) if each.kind == kind)


def there(campaign) -> list[int]:
    return [line(campaign, kind).count for kind in ("signed", "pictures", "delegations")]


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_ground_and_a_word_on_what_then_happens():
    assert list(AFTER) == list(KeptKind)
    assert [kind for kind, rule in AFTER.items() if not rule.basis or not rule.then] == []


def test_the_table_counts_what_is_there(land, left, add):
    agree(add("A Giữ"), True, by=land.of_near)
    agree(add("A Không"), False, by=land.of_near)
    counts = {str(each.kind): each.count for each in after.table(land.campaign)}
    assert counts == {
        "agreed": 1,
        "others": 2,
        "accounts": 1,
        "signed": 1,
        "pictures": 1,
        "delegations": 3,
        "phones": 0,
        "approvals": 0,
    }


def test_days_count_from_the_end_of_the_occasion_or_of_its_purpose_where_that_is_later(land):
    assert line(land.campaign, "pictures").until is None
    close(land.campaign, land)
    assert line(land.campaign, "pictures").until == date(2025, 5, 20)
    assert line(land.campaign, "signed").until == date(2034, 5, 20)
    assert line(land.campaign, "accounts").until is None
    retention.set_rule(purpose_ends_on=date(2024, 8, 31), keep_months=6, living_days=30, by=land.office, now=NOW)
    assert line(land.campaign, "pictures").until == date(2025, 8, 31)
    assert line(land.campaign, "others").until == date(2025, 2, 28)


def test_an_occasion_closed_after_midnight_in_viet_nam_ended_on_that_day(land):
    close(land.campaign, land, when=at("2024-05-21", "00:30"))
    assert line(land.campaign, "pictures").until == date(2025, 5, 21)


def test_the_purpose_of_an_ended_occasion_can_still_be_set(land):
    close(land.campaign, land)
    row = retention.set_rule(purpose_ends_on=date(2024, 5, 31), keep_months=1, living_days=30, by=land.office, now=NOW)
    assert row.campaign == land.campaign


# --- setting ----------------------------------------------------------------------------------------------------------


def keep(land, kind="pictures", basis="Ý kiến của người được chụp", months: int | None = 6) -> Keeping:
    return after.set_keeping(land.campaign, kind, basis=basis, months=months, by=land.office, now=NOW)


def test_another_time_and_ground_stand_in_the_log_with_what_they_were(land):
    keep(land, basis="  Ý kiến  một ")
    keep(land, basis="Ý kiến hai", months=9)
    found = line(land.campaign, "pictures")
    assert (found.basis, found.months, found.set_by, Keeping.objects.count()) == ("Ý kiến hai", 9, land.office, 1)
    data = [event.data for event in AuditEvent.objects.filter(verb="registry.keeping_set").order_by("pk")]
    assert data == [
        {
            "from": {"basis": "Sự đồng ý cho chụp ảnh; chỉ cần cho tổng kết đợt", "months": 12},
            "to": {"basis": "Ý kiến một", "months": 6},
        },
        {"from": {"basis": "Ý kiến một", "months": 6}, "to": {"basis": "Ý kiến hai", "months": 9}},
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"basis": " "}, "Hãy ghi căn cứ"),
        ({"basis": "a" * 301}, "dài nhất 300"),
        ({"months": 601}, "từ 0 đến 600"),
        ({"kind": "signed", "months": 119}, "từ 120 đến 600"),
        ({"kind": "phones"}, "không đặt ở đây"),
        ({"kind": "others"}, "không đặt ở đây"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(land, values, words):
    with pytest.raises(Refused, match=words):
        keep(land, **values)
    assert Keeping.objects.count() == 0


def test_the_database_takes_no_row_without_a_ground_none_twice_and_none_that_is_fixed(land):
    keep(land)
    for kind, basis in (("signed", ""), ("pictures", "Hai"), ("others", "Căn cứ")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Keeping.objects.create(campaign=land.campaign, kind=kind, basis=basis, set_by=land.office, set_at=NOW)


# --- the clock --------------------------------------------------------------------------------------------------------


def on_disk(tmp_path: Path) -> int:
    return sum(1 for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("now", "counts"),
    [
        (at("2025-05-20", "23:59"), [1, 1, 3]),
        (at("2025-05-21", "00:01"), [1, 0, 3]),
        (at("2026-05-20", "23:59"), [1, 0, 3]),
        (at("2026-05-21", "00:01"), [1, 0, 0]),
        (at("2034-05-20", "23:59"), [1, 0, 0]),
        (at("2034-05-21", "00:01"), [0, 0, 0]),
    ],
)
def test_the_clock_takes_each_kind_from_the_day_after_its_last(
    land, left, tmp_path, django_capture_on_commit_callbacks, now, counts
):
    close(land.campaign, land)
    with django_capture_on_commit_callbacks(execute=True):
        after.carry_out(now=now)
    assert (there(land.campaign), on_disk(tmp_path)) == (counts, counts[0] + counts[1])
    assert after.carry_out(now=now) == 0


def test_of_a_delegation_its_day_and_its_number_of_members_stay(land, left):
    close(land.campaign, land)
    after.carry_out(now=at("2040-01-01"))
    left.refresh_from_db()
    rows = list(left.members.values_list("name", "title"))
    assert (left.leader, left.leader_title, left.name, left.on) == ("Đã xóa tên", "", "Đoàn số 1", TODAY)
    assert rows == [("Đã xóa tên", ""), ("Đã xóa tên", "")]


def test_what_was_taken_is_logged_as_numbers_without_a_name(land, left):
    close(land.campaign, land)
    after.carry_out(now=at("2040-01-01"))
    events = AuditEvent.objects.filter(verb="registry.keeping_ended").order_by("pk")
    assert [event.data for event in events] == [
        {"kept_kind": "kept_signed", "count": 1},
        {"kept_kind": "kept_pictures", "count": 1},
        {"kept_kind": "kept_delegations", "count": 3},
    ]
    assert "Canari" not in str(list(AuditEvent.objects.values_list("data", "reason", "target_label")))


def test_an_open_occasion_and_one_opened_again_lose_nothing(land, left):
    assert after.carry_out(now=at("2040-01-01")) == 0
    close(land.campaign, land)
    campaigns.reopen_campaign(land.campaign, reason="Còn người chưa thăm", by=land.office, now=CLOSED)
    assert (after.carry_out(now=at("2040-01-01")), there(land.campaign)) == (0, [1, 1, 3])


def test_the_clock_erases_no_person_no_visit_and_no_approval(land, left):
    close(land.campaign, land)
    after.carry_out(now=at("2099-01-01"))
    assert Person.objects.filter(full_name="A Thăm", erased_at__isnull=True).count() == 1
    assert line(land.campaign, "accounts").count == 1


def test_more_than_one_batch_is_taken(land, left, add, monkeypatch):
    monkeypatch.setattr(after, "BATCH", 2)
    visit = VisitPhoto.objects.first().visit
    for number in range(4):
        other = gratitude.record_visit(
            visit.person, on=date(2024, 4, number + 1), unit=land.unit, by=land.of_near, now=NOW
        )
        picture(other, land, "person")
    close(land.campaign, land)
    assert after.carry_out(now=at("2025-06-01")) == 5


# --- who is due with several occasions --------------------------------------------------------------------------------


def due_names(day: str) -> list[str]:
    return [row.full_name for row in retention.due(Person.objects.all(), today=date.fromisoformat(day))]


@pytest.fixture
def over(land):
    """The purpose of the first occasion ends on 31/5/2024, and nothing is kept longer."""
    retention.set_rule(purpose_ends_on=date(2024, 5, 31), keep_months=0, living_days=30, by=land.office, now=NOW)


def test_a_later_occasion_does_not_make_anybody_of_the_one_before_forgotten(land, add, over):
    add("A Im")
    close(land.campaign, land)
    open_next(land)
    assert (due_names("2024-05-31"), due_names("2024-06-15")) == ([], ["A Im"])


def test_who_stands_in_a_later_occasion_is_not_due_by_the_one_before(land, add, over):
    people = {name: add(name) for name in ("A Im", "A Kế", "A Bỏ", "A Thăm", "A Quà", "A Thôi")}
    close(land.campaign, land)
    following = open_next(land)
    values = {"plan": plan_of(following, land), "form": "home", "added_by": land.of_near, "added_at": NOW}
    PlanEntry.objects.create(person=people["A Kế"], **values)
    PlanEntry.objects.create(
        person=people["A Bỏ"], state="dropped", dropped_because="Ốm", dropped_by=land.of_near, dropped_at=NOW, **values
    )
    gratitude.record_visit(
        people["A Thăm"], on=date(2024, 7, 2), unit=land.unit, by=land.of_near, now=at("2024-07-02", "09:00")
    )
    source = following.sources.first()
    promised = {"source": source, "unit": land.unit, "promised_by": land.of_near, "promised_at": NOW, "money": 1}
    Gift.objects.create(person=people["A Quà"], **promised)
    settled = {"settled_by": land.of_near, "settled_at": NOW, "why": "Trùng"}
    Gift.objects.create(person=people["A Thôi"], state="withdrawn", **promised, **settled)
    assert sorted(due_names("2024-08-15")) == ["A Bỏ", "A Im", "A Thôi"]


def test_who_came_into_the_registry_after_the_end_is_not_left_by_it(land, add, over):
    add("A Trước")
    close(land.campaign, land)
    open_next(land)
    add("A Sau", now=at("2024-06-20"))
    assert due_names("2024-07-01") == ["A Trước"]


def test_when_the_later_one_is_over_as_well_all_who_did_not_agree_are_due(land, add, over):
    silent, kept = add("A Im"), add("A Giữ")
    agree(kept, True, by=land.of_near)
    close(land.campaign, land)
    following = open_next(land)
    PlanEntry.objects.create(
        plan=plan_of(following, land), person=silent, form="home", added_by=land.of_near, added_at=NOW
    )
    retention.set_rule(purpose_ends_on=date(2024, 8, 31), keep_months=0, living_days=30, by=land.office, now=NOW)
    assert (due_names("2024-08-31"), due_names("2024-09-01")) == ([], ["A Im"])


# --- pages ------------------------------------------------------------------------------------------------------------


def page(client, user, campaign, kind="") -> object:
    client.force_login(user)
    name = "veterans:campaign_keeping" if kind else "veterans:campaign_after"
    return client.get(reverse(name, args=[campaign.pk, *([kind] if kind else [])]))


@pytest.mark.parametrize(
    ("who", "reads", "sets"),
    [
        ("of_province", 200, 200),
        ("office", 200, 200),
        ("of_near", 200, 403),
        ("reader", 200, 403),
        ("reporter", 403, 403),
        ("administrator", 403, 403),
    ],
)
def test_who_reads_the_page_and_who_sets_a_time(client, land, who, reads, sets):
    user = getattr(land, who)
    answers = [page(client, user, land.campaign).status_code, page(client, user, land.campaign, "pictures").status_code]
    assert answers == [reads, sets]


def test_outside_the_registry_small_numbers_are_not_told_and_no_name_is(client, land, left, add):
    agree(add("A Canari"), True, by=land.of_near)
    for number in range(9):
        add(f"B Số {number}")
    seen = page(client, land.reader, land.campaign).content.decode()
    own = page(client, land.of_province, land.campaign).content.decode()
    cells = '<td class="num" data-label="Đang lưu">{}</td>'
    assert (cells.format("dưới 5") in seen, cells.format("10") in seen, "Canari" in seen) == (True, False, False)
    assert (cells.format("1") in own, cells.format("10") in own, "Canari" in own) == (True, True, False)


@pytest.mark.parametrize("kind", ["phones", "agreed", "khong-co"])
def test_a_kind_whose_time_is_fixed_has_no_form(client, land, kind):
    assert page(client, land.office, land.campaign, kind).status_code == 404


def test_a_wrong_number_of_months_is_told_and_nothing_typed_is_lost(client, land):
    client.force_login(land.office)
    url = reverse("veterans:campaign_keeping", args=[land.campaign.pk, "signed"])
    answers = [
        client.post(url, {"basis": "Theo kế toán", "months": months}) for months in ("12", "mười", "-1", "9" * 30)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422]
    assert "Số tháng phải từ 120 đến 600." in answers[0].content.decode()
    assert ['value="Theo kế toán"' in answer.content.decode() for answer in answers] == [True, True, True, True]
    assert Keeping.objects.count() == 0
    assert client.post(url, {"basis": "Theo kế toán", "months": "240"}).status_code == 302
    assert line(land.campaign, "signed").months == 240


@pytest.mark.parametrize("many", [1, 40])
def test_the_page_asks_the_same_number_of_statements_for_any_number_of_people(
    client, land, left, add, django_assert_num_queries, many
):
    for number in range(many):
        agree(add(f"A Số {number}"), number % 2 == 0, by=land.of_near)
    page(client, land.office, land.campaign)
    with django_assert_num_queries(16):
        client.get(reverse("veterans:campaign_after", args=[land.campaign.pk]))


def test_before_the_first_occasion_the_rule_is_refused_in_words(client, land):
    land.campaign.sources.all().delete()
    Campaign.objects.all().delete()
    client.force_login(land.office)
    data = {"do": "rule", "rule-purpose_ends_on": "31/05/2024", "rule-keep_months": "24", "rule-living_days": "30"}
    answer = client.post(reverse("veterans:retention"), data)
    assert (answer.status_code, "Chưa mở đợt tri ân nào" in answer.content.decode()) == (422, True)


# --- several occasions on the pages ------------------------------------------------------------------


def rule_of(campaign, land, ends, months=0):
    return retention.set_rule(
        campaign=campaign, purpose_ends_on=ends, keep_months=months, living_days=30, by=land.office, now=NOW
    )


def test_an_earlier_occasion_that_keeps_longer_holds_its_people_when_a_later_one_is_over(land, add):
    rule_of(land.campaign, land, date(2024, 5, 31), months=24)
    person = add("A Im")
    PlanEntry.objects.create(
        plan=plan_of(land.campaign, land), person=person, form="home", added_by=land.of_near, added_at=NOW
    )
    add("A Chưa Vào Kế Hoạch")
    close(land.campaign, land)
    following = open_next(land)
    rule_of(following, land, date(2024, 8, 31))
    assert due_names("2024-09-01") == []
    assert due_names("2026-06-01") == ["A Chưa Vào Kế Hoạch", "A Im"]


def test_an_occasion_without_an_end_of_its_purpose_holds_its_people(land, add):
    add("A Im")
    close(land.campaign, land)
    following = open_next(land)
    rule_of(following, land, date(2024, 8, 31))
    assert due_names("2030-01-01") == []
    rule_of(land.campaign, land, date(2024, 5, 31))
    assert due_names("2030-01-01") == ["A Im"]


@pytest.mark.parametrize("count", [1, 30])
def test_who_is_due_is_read_in_two_statements(land, add, over, django_assert_num_queries, count):
    for _ in range(count):
        add("A Im")
    close(land.campaign, land)
    open_next(land)
    with django_assert_num_queries(2):
        assert len(due_names("2024-08-15")) == count


def test_the_end_of_the_purpose_of_an_earlier_occasion_is_set_on_its_own_page(client, land):
    close(land.campaign, land)
    following = open_next(land)
    client.force_login(land.office)
    url = reverse("veterans:campaign_keeping", args=[land.campaign.pk, "others"])
    assert client.get(url).status_code == 200
    data = {"purpose_ends_on": "31/05/2024", "keep_months": "6", "living_days": "30"}
    assert client.post(url, {**data, "keep_months": "x"}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert retention.kept_until(retention.rule(land.campaign)) == date(2024, 11, 30)
    assert retention.kept_until(retention.rule(following)) is None


@pytest.mark.parametrize("kind", ["pictures", "delegations"])
def test_pictures_and_names_are_not_kept_without_end(client, land, kind):
    client.force_login(land.office)
    url = reverse("veterans:campaign_keeping", args=[land.campaign.pk, kind])
    answer = client.post(url, {"basis": "Theo ý kiến họp", "months": ""})
    assert (answer.status_code, "không lưu vô thời hạn" in answer.content.decode()) == (422, True)
    assert "Để trống là không thời hạn" not in answer.content.decode()
    assert Keeping.objects.count() == 0


def test_who_sets_a_time_on_an_old_page_is_told_who_did_what_and_when(client, land):
    client.force_login(land.office)
    url = reverse("veterans:campaign_keeping", args=[land.campaign.pk, "pictures"])
    data = {"basis": "Theo ý kiến họp", "seen": ""}
    assert client.post(url, {**data, "months": "6"}).status_code == 302
    answer = client.post(url, {**data, "months": "9"})
    assert answer.status_code == 422
    assert "đã đặt lại mục này lúc 09:00 15/4/2024, sau khi anh/chị mở trang." in answer.content.decode()
    assert Keeping.objects.get().months == 6
    assert (
        client.post(url, {**data, "months": "9", "seen": after.seen_as(Keeping.objects.get().set_at)}).status_code
        == 302
    )


@pytest.mark.parametrize("who", ["reader", "office", "of_far"])
def test_few_visits_and_pictures_are_few_people_and_not_told_outside_the_district(client, land, left, who):
    seen = page(client, getattr(land, who), land.campaign).content.decode()
    cells = '<td class="num" data-label="Đang lưu">{}</td>'
    # People who did not agree, visits and gifts, pictures of lists, pictures of persons.
    assert seen.count(cells.format("dưới 5")) == 4
    assert seen.count(cells.format("1")) == 0
