"""A plan on its way: made once an area, submitted, sent back, approved, changed and approved again; its money."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from records.errors import UploadRefused
from records.models import StoredFile
from tasks.errors import Refused
from tests.factories import at
from tests.veterans.conftest import NOW
from veterans import gratitude
from veterans.gifts import Given
from veterans.models import Gift, GratitudePlan, PlanApproval
from veterans.planning import choosing, money, plans
from veterans.planning.money import Fund

pytestmark = pytest.mark.django_db

LATER = at("2024-04-16", "00:10")
PAPER = {"number": "12", "symbol": "KH/MTTQ", "approved_on": date(2024, 4, 15), "signer": "Bà Y Hà, Phó Chủ tịch"}


def put(plan, land, person, now=NOW):
    return choosing.put_in(
        plan,
        {person.pk: "home"},
        lines=list(plan.funding.values_list("pk", flat=True)),
        by=land.of_near,
        now=now,
    ).added[0]


def step(function, plan, land, now=NOW, **values):
    plan.refresh_from_db()
    return function(plan, version=plan.version, by=land.of_near, now=now, **values)


@pytest.fixture
def approved(funded, land, verified):
    """The plan with one person, approved."""
    put(funded, land, verified())
    step(plans.submit, funded, land)
    step(plans.approve, funded, land, **PAPER)
    funded.refresh_from_db()
    return funded


# --- making --------------------------------------------------------------------------------------------------------------


def test_an_area_has_one_plan_in_one_occasion(plan, land):
    with pytest.raises(Refused, match="Huyện Đăk Hà đã có kế hoạch trong đợt này"):
        plans.make_plan(area=land.near, unit=land.unit, title="", by=land.of_near, now=NOW)
    assert GratitudePlan.objects.count() == 1


def test_a_commune_has_none(land):
    with pytest.raises(ValidationError, match="lập cho huyện, thành phố hoặc toàn tỉnh"):
        plans.make_plan(area=land.hring, unit=land.unit, title="", by=land.of_near, now=NOW)


def test_a_plan_without_a_name_is_called_by_occasion_and_area(land):
    made = plans.make_plan(area=land.far, unit=land.unit, title=" ", intent=" Một \n\n Hai", by=land.of_far, now=NOW)
    assert (made.title, made.intent) == (
        "Kế hoạch gặp mặt, thăm hỏi, tri ân – Kỷ niệm 70 năm, huyện Sa Thầy",
        "Một\nHai",
    )


def test_whoever_read_an_older_page_is_told_who_changed_what(plan, land):
    step(plans.change_plan, plan, land, unit=land.unit, title="Tên khác", intent="")

    with pytest.raises(Refused) as told:
        plans.change_plan(plan, unit=land.unit, title="X", intent="", version=1, by=land.of_province, now=NOW)
    assert str(told.value) == (
        f"Kế hoạch vừa được thay đổi: {land.of_near} sửa kế hoạch tri ân lúc 09:00 15/4/2024. Hãy xem lại rồi làm tiếp."
    )


# --- state × act ----------------------------------------------------------------------------------------------------------

# Where the plan stands → what may be done: submit, send back, approve, set money, change words.
STATES = [
    ("draft", [True, False, False, True, True]),
    ("submitted", [False, True, True, False, False]),
    ("approved", [False, False, False, True, True]),
    ("approved, changed", [True, False, False, True, True]),
]


@pytest.mark.parametrize(("state", "allowed"), STATES)
def test_what_may_be_done_in_which_state(funded, land, verified, state, allowed):
    put(funded, land, verified())
    if state != "draft":
        step(plans.submit, funded, land)
    if state.startswith("approved"):
        step(plans.approve, funded, land, **PAPER)
    if state == "approved, changed":
        put(funded, land, verified("A Khiên"), now=LATER)
    acts = [
        lambda: step(plans.submit, funded, land),
        lambda: step(plans.send_back, funded, land, why="Thiếu một xã"),
        lambda: step(plans.approve, funded, land, **PAPER),
        lambda: step(money.set_money, funded, land, funds={}),
        lambda: step(plans.change_plan, funded, land, unit=land.unit, title="", intent=""),
    ]

    answers = []
    for act in acts:
        before = GratitudePlan.objects.get()
        try:
            act()
            answers.append(True)
        except Refused:
            answers.append(False)
        GratitudePlan.objects.filter(pk=before.pk).update(
            state=before.state, submitted_at=before.submitted_at, submitted_by=before.submitted_by
        )

    assert answers == allowed


def test_an_empty_plan_is_not_sent_up(plan, land):
    with pytest.raises(Refused, match="chưa có người nào"):
        step(plans.submit, plan, land)


def test_a_plan_that_comes_back_says_why_until_it_goes_up_again(funded, land, verified):
    put(funded, land, verified())
    step(plans.submit, funded, land)
    back = step(plans.send_back, funded, land, why=" Thiếu  xã Hà Mòn ")
    assert (back.state, back.returned_because) == ("draft", "Thiếu xã Hà Mòn")

    again = step(plans.submit, funded, land)

    assert (again.state, again.returned_because) == ("submitted", "")


# --- approval ---------------------------------------------------------------------------------------------------------------


def test_an_approval_keeps_for_what_it_was_given(approved, land):
    row = PlanApproval.objects.get()
    assert (str(row), row.people, row.money, row.recorded_by) == ("12-KH/MTTQ", 1, 10_000_000, land.of_near)
    assert (approved.state, bool(plans.changes_since(approved))) == ("approved", False)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": " "}, "số văn bản và người ký"),
        ({"signer": ""}, "số văn bản và người ký"),
        ({"approved_on": date(2024, 4, 16)}, "không được sau hôm nay"),
    ],
)
def test_an_approval_without_its_paper_is_none(funded, land, verified, wrong, sentence):
    put(funded, land, verified())
    step(plans.submit, funded, land)
    with pytest.raises(Refused, match=sentence):
        step(plans.approve, funded, land, **(PAPER | wrong))


def test_ten_past_midnight_is_the_next_day_in_viet_nam(funded, land, verified):
    put(funded, land, verified())
    step(plans.submit, funded, land)
    found = step(plans.approve, funded, land, now=LATER, **(PAPER | {"approved_on": date(2024, 4, 16)}))
    assert found.approved_on == date(2024, 4, 16)


def test_a_scan_that_is_refused_leaves_the_plan_waiting(funded, land, verified):
    put(funded, land, verified())
    step(plans.submit, funded, land)
    with pytest.raises(UploadRefused):
        step(plans.approve, funded, land, upload=SimpleUploadedFile("ban-ky.pdf", b"MZ no pdf"), **PAPER)
    assert (GratitudePlan.objects.get().state, PlanApproval.objects.count(), StoredFile.objects.count()) == (
        "submitted",
        0,
        0,
    )


def test_a_change_after_the_approval_is_told_in_numbers_and_approved_again(approved, land, verified):
    gone = approved.entries.get()
    put(approved, land, verified("A Khiên"), now=LATER)
    brief = put(approved, land, verified("A Lới"), now=LATER)
    choosing.drop(gone, why="Gia đình xin thôi", by=land.of_near, now=LATER)
    # In and out again since then is no change.
    choosing.drop(brief, why="Nhầm xã", by=land.of_near, now=LATER)
    step(money.set_money, approved, land, funds={land.sources["province"].pk: Fund(each=2_000_000, budget=12_000_000)})

    assert plans.changes_since(approved) == plans.Changes(
        added=1, dropped=1, money_before=10_000_000, money_now=12_000_000
    )
    step(plans.submit, approved, land, now=LATER)
    step(plans.approve, approved, land, now=LATER, **(PAPER | {"number": "15"}))
    assert [(str(row), row.money) for row in approved.approvals.all()] == [
        ("15-KH/MTTQ", 12_000_000),
        ("12-KH/MTTQ", 10_000_000),
    ]
    assert bool(plans.changes_since(approved)) is False


# --- money -------------------------------------------------------------------------------------------------------------------


def line_of(plan, level) -> money.Line:
    return next(line for line in money.balance_of(plan).lines if line.source.level == level)


def test_the_balance_counts_the_gifts_of_this_plan_alone(funded, land, verified):
    person, other, stranger = verified(), verified("A Khiên"), verified("A Lới")
    entry = put(funded, land, person)
    put(funded, land, other)
    given = Given(land.sources["province"], money=2_000_000)
    gratitude.record_visit(
        person, on=date(2024, 4, 15), unit=land.unit, gifts=[given], entry=entry, by=land.of_near, now=NOW
    )
    gratitude.record_visit(stranger, on=date(2024, 4, 15), unit=land.unit, gifts=[given], by=land.of_near, now=NOW)

    found = line_of(funded, "province")

    assert (found.budget, found.promised, found.given, found.doubled, found.left) == (
        10_000_000,
        2_000_000,
        2_000_000,
        0,
        6_000_000,
    )
    assert (found.promised_gifts, found.given_gifts, found.words) == (1, 1, "")


def test_a_gift_given_twice_is_spent_and_shown_apart(funded, land, verified):
    entry = put(funded, land, verified())
    given = Given(land.sources["province"], money=2_000_000)
    gratitude.record_visit(
        entry.person, on=date(2024, 4, 15), unit=land.unit, gifts=[given], entry=entry, by=land.of_near, now=NOW
    )
    Gift.objects.filter(state="given").update(state="doubled", why="Gộp hồ sơ")

    found = line_of(funded, "province")

    assert (found.given, found.doubled, found.doubled_gifts, found.left) == (0, 2_000_000, 1, 8_000_000)


def test_more_than_was_set_aside_is_said_and_not_forbidden(funded, land, verified):
    step(money.set_money, funded, land, funds={land.sources["province"].pk: Fund(each=2_000_000, budget=3_000_000)})
    for name in ("A Thút", "A Khiên"):
        put(funded, land, verified(name))

    found = line_of(funded, "province")

    assert (found.left, found.words) == (-1_000_000, "vượt dự toán 1.000.000 đồng")


def test_a_new_amount_reaches_promised_gifts_only_when_it_is_said(funded, land, verified):
    put(funded, land, verified())
    funds = {land.sources["province"].pk: Fund(each=3_000_000, budget=10_000_000)}

    renewed = [step(money.set_money, funded, land, funds=funds, renew=renew) for renew in (False, True)]

    assert renewed == [0, 1]
    assert Gift.objects.get(source=land.sources["province"]).money == 3_000_000


def test_a_source_that_has_promised_is_not_taken_away(funded, land, verified):
    put(funded, land, verified())
    with pytest.raises(Refused, match="Nguồn “Tỉnh” đã hứa 1 suất trong kế hoạch này"):
        step(money.set_money, funded, land, funds={land.sources["province"].pk: Fund()})
    assert funded.funding.count() == 2


def test_an_empty_line_is_no_source(funded, land):
    step(money.set_money, funded, land, funds={land.sources["district"].pk: Fund()})
    assert list(funded.funding.values_list("source__level", flat=True)) == ["province"]


@pytest.mark.parametrize(
    ("fund", "sentence"),
    [
        (Fund(each=-1), "tiền mỗi suất phải từ 0 đến 10 tỷ"),
        (Fund(each=10_000_000_001), "tiền mỗi suất phải từ 0 đến 10 tỷ"),
        (Fund(budget=1_000_000_000_001), "dự toán phải từ 0 đến 1.000 tỷ"),
        (Fund(goods="x" * 201), "200 ký tự; đang có 201"),
    ],
)
def test_impossible_sums_are_told(funded, land, fund, sentence):
    with pytest.raises(Refused, match=sentence):
        step(money.set_money, funded, land, funds={land.sources["province"].pk: fund})
