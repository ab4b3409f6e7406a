"""The plan's pages: who may, what a POST leaves behind, what a refused form keeps, the same statements for any number."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from records.models import Job, StoredFile
from tests.factories import make_area, make_membership, make_user
from tests.veterans.conftest import NOW, logged_words
from units.models import AreaLevel, Role
from veterans import gratitude
from veterans.enums import Finding, Verification
from veterans.gifts import Given
from veterans.models import DuplicatePair, Gift, GratitudePlan, Person, PlanApproval, PlanEntry, Wish
from veterans.planning import access, choosing, numbers, plans
from veterans.planning.money import Fund, set_money

pytestmark = [pytest.mark.django_db]


def url(name, *args, **query):
    return reverse(f"veterans:{name}", args=args, query=query or None)


@pytest.fixture
def near(client, land):
    """The registrar of the near district, signed in."""
    client.force_login(land.of_near)
    return client


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- making ---------------------------------------------------------------------------------------------------------------


def test_a_registrar_of_a_district_makes_its_plan(near, land):
    answer = near.post(url("plan_add"), {"area": land.near.pk, "unit": land.unit.pk, "intent": "Tri ân"})

    plan = GratitudePlan.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, url("plan_detail", plan.pk))
    assert (plan.area, plan.unit, plan.intent, plan.made_by) == (land.near, land.unit, "Tri ân", land.of_near)


def test_another_district_and_a_commune_are_no_choice(near, land):
    answers = [near.post(url("plan_add"), {"area": area.pk, "unit": land.unit.pk}) for area in (land.far, land.hring)]
    assert ([answer.status_code for answer in answers], GratitudePlan.objects.count()) == ([422, 422], 0)


def test_the_registrar_of_a_commune_makes_no_plan(client, land):
    user = make_user("hring")
    make_membership(user, role=Role.REGISTRAR, area=land.hring)
    client.force_login(user)
    assert client.get(url("plan_add")).status_code == 403
    assert "Kế hoạch do cán bộ sổ tri ân cấp huyện hoặc cấp tỉnh lập" in words(client.get(url("plan_list")))


@pytest.mark.parametrize(("who", "status"), [("of_near", 200), ("of_province", 200), ("of_far", 404), ("office", 404)])
def test_who_sees_a_plan(client, land, plan, who, status):
    client.force_login(getattr(land, who))
    assert client.get(url("plan_detail", plan.pk)).status_code == status


def test_a_closed_occasion_is_only_read(near, land, plan):
    type(land.campaign).objects.update(state="closed", closed_by=land.of_province, closed_at=NOW)
    answers = [near.get(url(name, plan.pk)).status_code for name in ("plan_detail", "plan_people", "plan_choose")]
    assert answers == [200, 200, 403]


def test_a_district_is_shown_by_commune_and_the_province_by_district(client, land, plan, verified):
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Tỉnh", by=land.of_province, now=NOW)
    near, other, far = verified(), verified("A Khiên", land.hamon), verified("A Lới", land.rokoi)
    choosing.put_in(plan, {near.pk: "home", other.pk: "gift"}, lines=[], by=land.of_near, now=NOW)
    choosing.put_in(whole, {near.pk: "home", far.pk: "meeting"}, lines=[], by=land.of_province, now=NOW)

    found = [[(row.name, row.cells, row.people) for row in numbers.table_of(each).rows] for each in (plan, whole)]

    assert found == [
        [("Xã Đăk Hring", [0, 1, 0, 0], 1), ("Xã Hà Mòn", [0, 0, 1, 0], 1)],
        [("Huyện Đăk Hà", [0, 1, 0, 0], 1), ("Huyện Sa Thầy", [1, 0, 0, 0], 1)],
    ]
    client.force_login(land.of_province)
    page = client.get(url("plan_detail", whole.pk)).content.decode()
    assert f"?dia-ban={land.far.pk}" in page
    people = words(client.get(url("plan_people", whole.pk, **{"dia-ban": land.far.pk})))
    assert ("A Lới" in people, "A Thút" in people) == (True, False)


# --- money ----------------------------------------------------------------------------------------------------------------


def test_money_in_letters_is_told_beside_the_field_and_nothing_typed_is_lost(near, land, plan):
    pk = land.sources["province"].pk
    answer = near.post(
        url("plan_money", plan.pk),
        {f"each_{pk}": "hai triệu", f"budget_{pk}": "10.000.000", "version": plan.version},
    )
    page = words(answer)
    assert (answer.status_code, plan.funding.count()) == (422, 0)
    assert "Tỉnh: tiền mỗi suất (đồng): Số tiền chỉ gồm chữ số, ví dụ 2.000.000." in page
    assert ("hai triệu" in page, "10.000.000" in page) == (True, True)


def test_money_as_people_type_it(near, land, plan):
    pk = land.sources["province"].pk
    near.post(
        url("plan_money", plan.pk),
        {f"each_{pk}": "2.000.000 đ", f"budget_{pk}": "900 000 000 000", "version": plan.version},
    )
    assert list(plan.funding.values_list("each", "budget")) == [(2_000_000, 900_000_000_000)]


def test_an_older_page_of_the_money_is_told_who_was_quicker(near, land, funded):
    answer = near.post(url("plan_money", funded.pk), {"version": 1})
    assert answer.status_code == 422
    assert f"{land.of_near} ghi kinh phí của kế hoạch tri ân lúc" in words(answer)
    assert funded.funding.count() == 2


# --- putting in -------------------------------------------------------------------------------------------------------------


def test_those_who_are_ticked_are_put_in_with_form_and_gifts(near, land, funded, verified, lines):
    first, second = verified(), verified("A Khiên")
    data = {"pick": [first.pk, second.pk], f"form-{first.pk}": "home", f"form-{second.pk}": "meeting", "line": lines}

    answer = near.post(url("plan_choose", funded.pk), data)

    assert answer.status_code == 302
    assert list(PlanEntry.objects.order_by("person").values_list("person", "form")) == [
        (first.pk, "home"),
        (second.pk, "meeting"),
    ]
    assert Gift.objects.filter(person=first).count() == 2


def test_the_list_offers_the_wished_form_and_says_what_there_is_already(near, land, funded, verified, lines):
    wished, known, old = (
        verified(wishes=["meeting"]),
        verified("A Khiên"),
        verified("A Lới", living_on=date(2024, 2, 1)),
    )
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Tỉnh", by=land.of_province, now=NOW)
    choosing.put_in(whole, {known.pk: "meeting"}, lines=[], by=land.of_province, now=NOW)
    given = Given(land.sources["commune"], money=500_000)
    gratitude.record_visit(known, on=date(2024, 4, 5), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)

    page = words(near.get(url("plan_choose", funded.pk)))

    assert '<option value="meeting" selected>Gặp mặt</option>' in page.split(f'name="form-{wished.pk}"')[1][:400]
    assert '<option value="gift" selected>Tặng quà</option>' in page.split(f'name="form-{old.pk}"')[1][:400]
    assert "Kế hoạch Tỉnh Kon Tum: gặp mặt" in page
    assert "Quà của Xã, phường, thị trấn: đã trao" in page
    assert page.count("tin còn sống đã cũ") == 3
    assert "500.000" not in page


def test_a_filter_by_wish(near, land, funded, verified):
    verified("A Nhà", wishes=["home", "house"]), verified("A Không")
    found = {
        wish: [name for name in ("A Nhà", "A Không") if name in words(near.get(url("plan_choose", funded.pk, **{"nguyen-vong": wish})))]
        for wish in ("home", "meeting", "none", "x")
    }  # fmt: skip
    assert found == {"home": ["A Nhà"], "meeting": [], "none": ["A Không"], "x": ["A Nhà", "A Không"]}


def test_a_whole_commune_is_put_in_by_wish_and_pairs_are_passed_by(near, land, funded, verified, lines):
    home, other, elsewhere = verified(wishes=["home"]), verified("A Khiên"), verified("A Lới", land.hamon)
    pair = [verified("Y Hai"), verified("Y Hai", birth_year=1931)]
    DuplicatePair.objects.create(first=pair[0], second=pair[1], score=90, found_at=NOW)

    answer = near.post(url("plan_choose", funded.pk, **{"dia-ban": land.hring.pk}), {"all": "1", "line": lines})

    assert list(PlanEntry.objects.order_by("person").values_list("person", "form")) == [
        (home.pk, "home"),
        (other.pk, "gift"),
    ]
    assert "2 người chưa đưa vào vì có cặp hồ sơ nghi trùng chưa xem" in words(answer)
    assert elsewhere.plan_entries.count() == 0


def test_a_whole_district_is_not_put_in_at_once(near, land, funded, verified):
    verified()
    for query in ({}, {"dia-ban": land.near.pk}):
        answer = near.post(url("plan_choose", funded.pk, **query), {"all": "1"})
        assert (answer.status_code, "Hãy chọn một xã" in words(answer)) == (422, True)
    assert PlanEntry.objects.count() == 0


def test_who_is_left_out_is_told_by_name_and_may_be_put_in_after_all(near, land, funded, verified):
    first, second = verified(), verified("A Thút", birth_year=1931)
    DuplicatePair.objects.create(first=first, second=second, score=90, found_at=NOW)
    data = {"pick": first.pk, f"form-{first.pk}": "home"}

    left = words(near.post(url("plan_choose", funded.pk), data))
    told = near.post(url("plan_choose", funded.pk), {"pair": first.pk, f"form-{first.pk}": "home"})

    assert "A Thút (Xã Đăk Hring): Có cặp hồ sơ nghi trùng chưa xem." in left
    assert (told.status_code, [row.person_id for row in PlanEntry.objects.all()]) == (302, [first.pk])


def test_a_gift_that_a_source_has_given_is_told_by_person_and_source(near, land, funded, verified, lines):
    person = verified()
    given = Given(land.sources["province"], money=1)
    gratitude.record_visit(person, on=date(2024, 4, 5), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)

    page = words(
        near.post(url("plan_choose", funded.pk), {"pick": person.pk, f"form-{person.pk}": "home", "line": lines})
    )

    assert "A Thút (Xã Đăk Hring): Nguồn “Tỉnh” đã trao quà cho người này ngày 05/4/2024" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Chưa chọn người nào"),
        ({"pick": "x"}, "Chưa chọn người nào"),
        ({"pick": "9" * 30}, "Chưa chọn người nào"),
        ({"pick": "999999999", "form-999999999": "home"}, "không còn thuộc địa bàn"),
        ({"pick": "1", "form-1": "tea"}, "chưa chọn hình thức"),
    ],
)
def test_what_makes_no_sense_is_told(near, funded, data, sentence):
    answer = near.post(url("plan_choose", funded.pk), data)
    assert (answer.status_code, sentence in words(answer)) == (422, True)


def test_nobody_of_another_district_is_put_in(near, land, funded, verified):
    stranger = verified("Siu Y Canari", land.rokoi)
    answer = near.post(url("plan_choose", funded.pk), {"pick": stranger.pk, f"form-{stranger.pk}": "home"})
    assert (answer.status_code, "Canari" in words(answer), PlanEntry.objects.count()) == (422, False, 0)


# --- entries ---------------------------------------------------------------------------------------------------------------


def test_an_entry_is_taken_out_with_a_reason(near, land, funded, verified):
    entry = choosing.put_in(funded, {verified().pk: "home"}, lines=[], by=land.of_near, now=NOW).added[0]

    empty = near.post(url("plan_entry", entry.pk), {"do": "drop", "drop-reason": " "})
    done = near.post(url("plan_entry", entry.pk), {"do": "drop", "drop-reason": "Gia đình xin thôi"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert "Gia đình xin thôi" in words(near.get(url("plan_people", funded.pk, loc="ra")))
    assert "Gia đình" not in logged_words()


def test_the_registrar_of_the_person_reads_the_provinces_entry_and_does_not_change_it(near, land, verified):
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Tỉnh", by=land.of_province, now=NOW)
    entry = choosing.put_in(whole, {verified().pk: "home"}, lines=[], by=land.of_province, now=NOW).added[0]

    page = near.get(url("plan_entry", entry.pk))
    sent = near.post(url("plan_entry", entry.pk), {"do": "drop", "drop-reason": "x"})

    assert (page.status_code, "Đưa ra khỏi kế hoạch" in words(page), sent.status_code) == (200, False, 403)


def test_somebody_who_has_died_or_moved_is_shown_to_be_looked_at(near, land, funded, verified):
    gone, away = verified("A Mất"), verified("A Đi")
    choosing.put_in(funded, {gone.pk: "home", away.pk: "home"}, lines=[], by=land.of_near, now=NOW)
    Person.objects.filter(pk=gone.pk).update(removed_on=NOW.date(), removed_by=land.of_near, removal_reason="Trùng")
    Person.objects.filter(pk=away.pk).update(residence=land.rokoi)

    page = words(near.get(url("plan_detail", funded.pk)))

    assert "1 mục của người đã từ trần" in page
    assert "1 mục của người nay ở ngoài địa bàn này" in page
    assert "A Mất" in words(near.get(url("plan_people", funded.pk, loc="xem")))
    near.post(url("plan_moved_away", funded.pk))
    assert PlanEntry.objects.get(person=away).state == "dropped"


# --- approval ---------------------------------------------------------------------------------------------------------------


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return SimpleUploadedFile("ban-ky.png", buffer.getvalue())


def test_the_way_from_submitting_to_the_approval_with_its_scan(near, land, funded, verified):
    choosing.put_in(funded, {verified().pk: "home"}, lines=[], by=land.of_near, now=NOW)
    version = funded.version

    near.post(url("plan_submit", funded.pk), {"version": version})
    near.post(url("plan_return", funded.pk), {"return-reason": "Thiếu xã", "return-version": version + 1})
    assert "Thiếu xã" in words(near.get(url("plan_detail", funded.pk)))
    near.post(url("plan_submit", funded.pk), {"version": version + 2})
    paper = {"number": "12", "symbol": "KH/MTTQ", "approved_on": "15/4/2024", "signer": "Bà Y Hà"}
    answer = near.post(url("plan_approve", funded.pk), {**paper, "file": picture(), "version": version + 3})

    approval = PlanApproval.objects.get()
    assert (answer.status_code, str(approval), approval.people, approval.money) == (302, "12-KH/MTTQ", 1, 10_000_000)
    assert [
        access.may_see(user, approval.file) for user in (land.of_near, land.of_province, land.of_far, land.office)
    ] == [
        True,
        True,
        False,
        False,
    ]
    page = words(near.get(url("plan_detail", funded.pk)))
    assert ("Số 12-KH/MTTQ, ngày 15/4/2024" in page, "Đã thay đổi sau khi phê duyệt" in page) == (True, False)


def test_a_day_to_come_and_a_file_of_another_kind_are_told(near, land, funded, verified):
    choosing.put_in(funded, {verified().pk: "home"}, lines=[], by=land.of_near, now=NOW)
    plans.submit(funded, version=funded.version, by=land.of_near, now=NOW)
    paper = {"number": "12", "approved_on": "15/4/2024", "signer": "Bà Y Hà", "version": funded.version + 1}

    tomorrow = near.post(url("plan_approve", funded.pk), paper | {"approved_on": "16/4/2024"})
    program = near.post(url("plan_approve", funded.pk), paper | {"file": SimpleUploadedFile("a.exe", b"MZ")})

    assert [answer.status_code for answer in (tomorrow, program)] == [422, 422]
    assert "Ngày phê duyệt không được sau hôm nay" in words(tomorrow)
    assert ("Không nhận tệp “a.exe”" in words(program), "Bà Y Hà" in words(program)) == (True, True)
    assert (PlanApproval.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_list_of_names_is_a_job_without_a_name_in_it(near, land, funded, verified):
    choosing.put_in(funded, {verified("A Zqcanari").pk: "home"}, lines=[], by=land.of_near, now=NOW)
    near.post(url("plan_names", funded.pk))
    job = Job.objects.get()
    assert (job.kind, job.arguments) == ("registry_plan_names", {"plan": funded.pk})
    assert "anari" not in f"{job.title} {logged_words()}"


# --- statements ---------------------------------------------------------------------------------------------------------------


def crowd(land, plan, count: int) -> None:
    """So many verified people of as many wishes, half of them in the plan with a gift."""
    start = Person.objects.count()
    people = [
        Person(
            full_name=f"A Đông {chr(97 + number % 26)}",
            residence=land.hring if number % 2 else land.hamon,
            birth_year=1930,
            birth_is_estimated=False,
            living_state="living",
            living_on=date(2024, 4, 1),
            living_source="Trưởng thôn",
            verification=Verification.PROVINCE,
            finding=Finding.ENOUGH,
            verified_on=date(2024, 4, 1),
            verified_by=land.of_near,
            created_by=land.of_near,
            created_at=NOW,
        )
        for number in range(start, start + count)
    ]
    for person in people:
        person.set_keys()
    Person.objects.bulk_create(people)
    Wish.objects.bulk_create(Wish(person=each, form="home", noted_by=land.of_near, noted_at=NOW) for each in people)
    said = {"plan": plan, "form": "home", "added_by": land.of_near, "added_at": NOW}
    entries = PlanEntry.objects.bulk_create(PlanEntry(person=each, **said) for each in people[::2])
    Gift.objects.bulk_create(
        Gift(
            person=entry.person,
            source=land.sources["province"],
            unit=land.unit,
            money=1,
            entry=entry,
            promised_by=land.of_near,
            promised_at=NOW,
        )
        for entry in entries
    )


@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("plan_people", {}, 9),
        ("plan_people", {"loc": "ra"}, 5),
        ("plan_choose", {"loc": "ca"}, 14),
        ("plan_detail", {}, 12),
        ("plan_money", {}, 8),
    ],
)
def test_pages_cost_the_same_at_two_and_at_three_hundred(near, land, funded, name, query, statements):
    costs = []
    for count in (2, 300):
        crowd(land, funded, count)
        address = url(name, funded.pk, **query)
        near.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert near.get(address).status_code == 200
        costs.append(len(asked))
    assert costs == [statements, statements]


def test_the_list_of_plans_costs_the_same_at_one_and_at_three_hundred(client, land, funded):
    client.force_login(land.of_province)
    costs = []
    for count in (0, 300):
        for number in range(count):
            area = make_area(f"Huyện {number}", level=AreaLevel.DISTRICT, parent=land.province)
            GratitudePlan.objects.create(
                campaign=land.campaign, area=area, unit=land.unit, title="x", made_by=land.of_near, made_at=NOW
            )
        client.get(url("plan_list"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("plan_list")).status_code == 200
        costs.append(len(asked))
    assert costs == [6, 6]


def test_putting_fifty_in_costs_so_many_statements(land, funded, lines):
    crowd(land, funded, 100)
    free = Person.objects.filter(plan_entries=None).order_by("pk")
    with CaptureQueriesContext(connection) as asked:
        found = choosing.put_in(funded, {person.pk: "home" for person in free}, lines=lines, by=land.of_near, now=NOW)
    assert (len(found.added), len(asked) <= 50 * 8 + 20) == (50, True)


def test_money_may_be_set_for_every_source_at_once(land, funded):
    funds = {source.pk: Fund(each=1) for source in land.sources.values()}
    set_money(funded, funds, version=funded.version, by=land.of_near, now=NOW)
    assert funded.funding.count() == 5
