"""Findings level by level, the wish to look again, the work list, several at once."""

from datetime import date

import pytest
from django.urls import reverse

from records.models import AuditEvent
from tasks.errors import Refused
from tests.factories import make_membership, make_user
from tests.veterans.conftest import NOW, logged_words
from units.models import Role
from veterans import living, people, verification
from veterans.enums import Finding, Verification
from veterans.models import Person, VerificationStep
from veterans.people import Evidence
from veterans.permissions import can_ask_again, own_step, step_allowed, steps_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.veterans.urls")]

LEVELS = ("hamlet", "commune", "district", "province")
LABOURER = {"frontline_labourer": Evidence("Giấy chứng nhận", "DC-01")}


def find(person, land, level, finding="enough", reason="", **values):
    return verification.verify(person, to=level, finding=finding, reason=reason, by=land.of_province, now=NOW, **values)


def upto(person, land, level):
    """The entry with "đủ căn cứ" up to a level; "new" is none."""
    for step in LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ():
        find(person, land, step)
    person.refresh_from_db()
    return person


def said(person):
    return list(person.verification_steps.order_by("pk").values_list("kind", "level", "finding", "reason"))


# How an entry stands: reached level, finding, asked to look again → the level that it waits for.
WAITS = [
    ("new", "", "", "hamlet"),
    ("hamlet", "enough", "", "commune"),
    ("commune", "enough", "", "district"),
    ("district", "enough", "", "province"),
    ("province", "enough", "", ""),
    ("hamlet", "not_enough", "", ""),
    ("commune", "not_eligible", "", ""),
    ("province", "not_enough", "", ""),
    ("hamlet", "not_enough", "Có giấy", "hamlet"),
    ("commune", "not_eligible", "Có người làm chứng", "commune"),
    ("district", "enough", "Tên khác một chữ", "district"),
    ("province", "enough", "Tên khác một chữ", "province"),
]


@pytest.mark.parametrize(("level", "finding", "asked", "waits"), WAITS)
def test_whom_an_entry_waits_for_is_the_same_in_the_database_and_in_python(add, land, level, finding, asked, waits):
    person = add()
    verified = {} if level == "new" else {"verified_on": date(2024, 4, 1), "verified_by": land.of_near}
    Person.objects.filter(pk=person.pk).update(
        verification=level, finding=finding, finding_reason="Vì sao", review_asked=asked, **verified
    )
    stored = Person.objects.get(pk=person.pk)
    assert (stored.waits_for, verification.waits_for(stored) or "") == (waits, waits)


@pytest.mark.parametrize(
    "away",
    [
        {"removed_on": date(2024, 4, 1), "removal_reason": "Trùng"},
        {
            "erased_at": NOW,
            "birth_year": None,
            "birth_is_estimated": None,
            "living_source": "",
            "living_state": "unknown",
        },
        {
            "living_state": "deceased",
            "death_source": "Gia đình",
            "death_reported_at": NOW,
            "death_confirmed_at": NOW,
        },
    ],
    ids=["taken off", "erased", "dead"],
)
def test_who_is_off_the_list_or_dead_waits_for_nobody(add, land, away):
    person = add()
    people_of = {
        "removed_on": {"removed_by": land.of_near},
        "death_source": {"death_reported_by": land.of_near, "death_confirmed_by": land.of_province},
    }
    for key, more in people_of.items():
        away = {**away, **(more if key in away else {})}
    Person.objects.filter(pk=person.pk).update(review_asked="", **away)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.waits_for, verification.waits_for(stored)) == ("", None)


def test_each_step_is_written_down_and_the_entry_keeps_the_last(add, land):
    person = upto(add(), land, "commune")
    find(person, land, "district", "not_enough", "  Thiếu  xác nhận ")
    person.refresh_from_db()
    assert said(person) == [
        ("found", "hamlet", "enough", ""),
        ("found", "commune", "enough", ""),
        ("found", "district", "not_enough", "Thiếu xác nhận"),
    ]
    assert (person.verification, person.finding, person.finding_reason) == (
        "district",
        "not_enough",
        "Thiếu xác nhận",
    )


@pytest.mark.parametrize(
    ("finding", "reason", "sentence"),
    [
        ("not_enough", " ", "còn thiếu giấy tờ"),
        ("not_eligible", "", "vì sao người này không thuộc diện"),
        ("", "x", "Hãy chọn kết luận"),
        ("maybe", "x", "Hãy chọn kết luận"),
        ("not_enough", "x" * 501, "Chỉ ghi được 500 ký tự"),
    ],
)
def test_a_finding_says_why(add, land, finding, reason, sentence):
    with pytest.raises(Refused, match=sentence):
        find(add(), land, "hamlet", finding, reason)
    assert VerificationStep.objects.count() == 0


def test_the_reason_never_reaches_the_log(add, land):
    person = add()
    find(person, land, "hamlet", "not_eligible", "Sinh sau chiến dịch")
    verification.ask_again(person, reason="Khai nhầm năm", by=land.of_near, now=NOW)
    assert [word for word in ("Sinh sau", "not_eligible", "Khai nhầm") if word in logged_words()] == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("finding", ["not_enough", "not_eligible"])
def test_nobody_leaves_the_list_by_a_finding_and_a_wish_brings_the_entry_back(add, land, level, finding):
    person = upto(add(), land, LEVELS[LEVELS.index(level) - 1] if level != "hamlet" else "new")
    find(person, land, level, finding, "Lý do")
    assert Person.objects.on_the_list().count() == 1
    assert Person.objects.waiting_for(level).count() == 0
    with pytest.raises(Refused, match="hãy đề nghị xem lại"):
        find(person, land, level)
    verification.ask_again(person, reason="Có thêm giấy", by=land.of_near, now=NOW)
    assert [row.pk for row in Person.objects.waiting_for(level)] == [person.pk]
    find(person, land, level)
    person.refresh_from_db()
    assert (person.verification, person.finding, person.finding_reason, person.review_asked) == (
        level,
        "enough",
        "",
        "",
    )


def test_only_an_entry_with_a_finding_is_looked_at_again_and_one_wish_is_enough(add, land):
    person = add()
    with pytest.raises(Refused, match="chưa có kết luận"):
        verification.ask_again(person, reason="Xem lại", by=land.of_near, now=NOW)
    find(person, land, "hamlet")
    with pytest.raises(Refused, match="vì sao cần xem lại"):
        verification.ask_again(person, reason=" ", by=land.of_near, now=NOW)
    verification.ask_again(person, reason="Xem lại", by=land.of_near, now=NOW)
    with pytest.raises(Refused, match="Đã có đề nghị"):
        verification.ask_again(person, reason="Xem lại nữa", by=land.of_far, now=NOW)


def test_new_evidence_brings_an_entry_back_that_lacked_it(add, land):
    person = add()
    find(person, land, "hamlet", "not_enough", "Thiếu giấy")
    person.refresh_from_db()
    evidence = {"frontline_labourer": Evidence("Giấy chứng nhận", "DC-01", witness="Bí thư chi bộ thôn")}
    people.change_person(person, fields={}, categories=evidence, version=person.version, by=land.of_near, now=NOW)
    person.refresh_from_db()
    assert (person.waits_for, person.review_asked) == (
        "hamlet",
        "Giấy tờ hoặc người làm chứng đã được sửa, bổ sung.",
    )
    assert said(person)[-1] == ("asked", "hamlet", "", "Giấy tờ hoặc người làm chứng đã được sửa, bổ sung.")


def test_another_name_begins_the_verification_again(add, land):
    person = upto(add(), land, "province")
    people.change_person(
        person, fields={"full_name": "A Khác"}, categories=LABOURER, version=person.version, by=land.of_near, now=NOW
    )
    person.refresh_from_db()
    assert (person.verification, person.finding, person.waits_for) == ("new", "", "hamlet")
    assert said(person)[-1] == ("reset", "new", "", "")


def test_the_dead_are_not_verified(add, land):
    person = add()
    living.report_death(person, source="gia đình", by=land.of_near, now=NOW)
    living.confirm_death(person, by=land.of_province, now=NOW)
    with pytest.raises(Refused, match="đã từ trần"):
        find(person, land, "hamlet")


def test_only_those_found_to_belong_are_counted(add, land):
    for name, finding in (("A Một", "enough"), ("A Hai", "not_enough"), ("A Ba", "not_eligible")):
        find(upto(add(name), land, "district"), land, "province", finding, "Lý do")
    assert [person.full_name for person in Person.objects.verified_living()] == ["A Một"]


def test_evidence_is_kept_whole_with_its_history(add, land):
    whole = Evidence("Giấy chứng nhận", "DC-9", "UBND tỉnh", date(2016, 5, 3), "A Khiên")
    person = add(categories={"frontline_labourer": whole})
    assert people.evidence_of(person.categories.get()) == whole
    people.change_person(
        person, fields={}, categories={"frontline_labourer": ("", "")}, version=1, by=land.of_near, now=NOW
    )
    rows = person.categories.get().history.order_by("history_id")
    assert [(row.issuer, row.history_user) for row in rows] == [("UBND tỉnh", land.of_province), ("", land.of_near)]


# --- who ------------------------------------------------------------------------------------------

# The registrar's area → the steps; an entry at each state: may this registrar write the next finding, ask again?
MAY = {
    "hring": {"new": (True, False), "hamlet": (True, True), "commune": (False, True), "district": (False, True)},
    "near": {"new": (True, False), "hamlet": (True, True), "commune": (True, True), "district": (False, True)},
    "province": {"new": (True, False), "hamlet": (True, True), "commune": (True, True), "district": (True, True)},
    "hamon": dict.fromkeys(("new", "hamlet", "commune", "district"), (False, False)),
}


@pytest.mark.parametrize("state", ["new", "hamlet", "commune", "district"])
@pytest.mark.parametrize("area", list(MAY))
def test_each_level_writes_its_own_step_and_those_below(add, land, area, state):
    keeper = make_user("can-bo")
    make_membership(keeper, role=Role.REGISTRAR, area=getattr(land, area))
    person = upto(add(), land, state)
    assert (step_allowed(keeper, person) is not None, can_ask_again(keeper, person)) == MAY[area][state]


@pytest.mark.parametrize("who", ["reader", "reporter", "administrator", "office", "of_far"])
def test_nobody_else_does(add, land, who):
    user = getattr(land, who)
    person = upto(add(), land, "hamlet")
    assert (step_allowed(user, person), can_ask_again(user, person)) == (None, False)


def test_the_work_list_begins_with_the_highest_own_step(land):
    keeper = make_user("can-bo")
    make_membership(keeper, role=Role.REGISTRAR, area=land.hring)
    assert [own_step(user) for user in (keeper, land.of_near, land.of_province, land.reader)] == [
        Verification.COMMUNE,
        Verification.DISTRICT,
        Verification.PROVINCE,
        None,
    ]
    make_membership(keeper, role=Role.REGISTRAR, area=land.far)
    assert steps_of(keeper) == {
        Verification.HAMLET: [land.hring.pk, land.far.pk],
        Verification.COMMUNE: [land.hring.pk, land.far.pk],
        Verification.DISTRICT: [land.far.pk],
    }


# --- pages ----------------------------------------------------------------------------------------


def url(name, *args, **query):
    address = reverse(f"veterans:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def shown(answer):
    return [person.full_name for person in answer.context["page"]]


def pick(*rows):
    return {"pick": [f"{row.pk}:{row.version}" for row in rows]}


def test_the_work_list_shows_what_waits_for_the_level_by_commune_oldest_first(client, add, land):
    for name, commune, day in (
        ("A Một", land.hring, "2024-04-10"),
        ("A Hai", land.hring, "2024-04-02"),
        ("A Ba", land.hamon, "2024-04-01"),
        ("A Xa", land.rokoi, "2024-04-01"),
    ):
        person = upto(add(name, commune), land, "commune")
        Person.objects.filter(pk=person.pk).update(verified_on=day)
    upto(add("A Chưa"), land, "hamlet")
    client.force_login(land.of_near)
    answer = client.get(url("verify_list"))
    assert shown(answer) == ["A Hai", "A Một", "A Ba"]
    assert [(tab["key"], tab["number"]) for tab in answer.context["tabs"]] == [
        ("hamlet", 0),
        ("commune", 1),
        ("district", 3),
    ]
    assert shown(client.get(url("verify_list", buoc="commune"))) == ["A Chưa"]
    assert shown(client.get(url("verify_list", **{"dia-ban": land.hamon.pk}))) == ["A Ba"]
    # Neither a step nor an area of others, nor nonsense.
    assert shown(client.get(url("verify_list", buoc="province", **{"dia-ban": land.far.pk}))) == [
        "A Hai",
        "A Một",
        "A Ba",
    ]
    assert shown(client.get(url("verify_list", buoc="x", loc="y", page="z", **{"dia-ban": "9" * 30}))) == [
        "A Hai",
        "A Một",
        "A Ba",
    ]


def test_what_rests_stands_apart_with_its_reason(client, add, land):
    find(add("A Thiếu"), land, "hamlet", "not_enough", "Chưa có ai làm chứng")
    find(add("A Ngoài"), land, "hamlet", "not_eligible", "Đi sau chiến dịch")
    client.force_login(land.of_near)
    lacking, outside = (client.get(url("verify_list", loc=key)) for key in ("thieu", "khong-thuoc-dien"))
    assert (shown(lacking), shown(outside)) == (["A Thiếu"], ["A Ngoài"])
    assert "Chưa có ai làm chứng" in lacking.content.decode()
    assert "Đi sau chiến dịch" in outside.content.decode()


def test_several_get_one_finding_and_who_was_changed_meanwhile_is_left(client, add, land):
    first, second, stale, far = add("A Một"), add("A Hai"), add("A Ba"), add("A Xa", land.rokoi)
    data = pick(first, second, stale, far)
    people.change_person(
        stale,
        fields={"hamlet": "Thôn 1"},
        categories={"frontline_labourer": ("", "")},
        version=1,
        by=land.of_near,
        now=NOW,
    )
    client.force_login(land.of_near)
    answer = client.post(url("verify_list", buoc="hamlet"), data, follow=True)
    assert sorted(Person.objects.filter(verification="hamlet").values_list("full_name", flat=True)) == [
        "A Hai",
        "A Một",
    ]
    page = answer.content.decode()
    assert "Đã ghi 2 người: thôn rà soát, đủ căn cứ." in page
    assert "2 người không ghi được" in page
    assert AuditEvent.objects.filter(verb="person.verified", actor=land.of_near).count() == 2


@pytest.mark.parametrize("data", [{}, {"pick": ["x", "1", ":", "9" * 40 + ":1", "1:" + "9" * 40]}])
def test_nonsense_is_no_choice(client, add, land, data):
    add()
    client.force_login(land.of_near)
    answer = client.post(url("verify_list", buoc="hamlet"), data, follow=True)
    assert "Chưa chọn người nào." in answer.content.decode()
    assert Person.objects.exclude(verification="new").count() == 0


def test_a_step_of_a_higher_level_is_not_written_by_the_list(client, add, land):
    person = upto(add(), land, "district")
    client.force_login(land.of_near)
    client.post(url("verify_list", buoc="province"), pick(person))
    person.refresh_from_db()
    assert person.verification == "district"


def test_the_work_list_costs_the_same_at_1_and_at_300_waiting(client, add, land, django_assert_num_queries):
    client.force_login(land.of_near)
    add("A Đầu")
    client.get(url("verify_list", buoc="hamlet"))
    with django_assert_num_queries(8):
        client.get(url("verify_list", buoc="hamlet"))
    _many(add, 299)
    with django_assert_num_queries(8):
        answer = client.get(url("verify_list", buoc="hamlet"))
    assert len(answer.context["page"].object_list) == 50
    assert answer.context["page"].paginator.count == 300


def _many(add, count):
    model = add("A Mẫu")
    rows = [
        Person(
            full_name=f"A Số {number}",
            birth_year=1930,
            birth_is_estimated=False,
            residence=model.residence,
            created_by=model.created_by,
            created_at=NOW,
        )
        for number in range(count - 1)
    ]
    Person.objects.bulk_create(rows)


def test_a_finding_with_its_reason_through_the_card(client, add, land):
    person = add()
    client.force_login(land.of_near)
    refused = client.post(url("person_verify", person.pk), {"to": "hamlet", "reasoned": "1", "finding-reason": "Giữ"})
    assert (refused.status_code, "Giữ" in refused.content.decode()) == (422, True)
    data = {"to": "hamlet", "reasoned": "1", "finding-finding": "not_enough", "finding-reason": "Chưa có ai làm chứng"}
    assert client.post(url("person_verify", person.pk), data).status_code == 302
    page = client.get(url("person_detail", person.pk)).content.decode()
    assert "Chưa có ai làm chứng" in page
    assert Person.objects.get(pk=person.pk).finding == Finding.NOT_ENOUGH
    assert client.post(url("person_ask_again", person.pk), {"again-reason": "Có giấy"}).status_code == 302
    page = client.get(url("person_detail", person.pk)).content.decode()
    assert "<strong>Đề nghị xem lại:</strong> Có giấy" in page
