"""From a product's rule to a day, and the words that explain it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from directive_tracker.workdays import WorkCalendar
from records.models import AuditEvent
from tasks.breakdown import BrokenBreakdown, _record_products
from tasks.duerules import due_of as due
from tasks.duerules import dues_between, explain, follows_calendar, next_due, task_due
from tasks.errors import Refused
from tasks.issuing import add_assignment, issue
from tasks.models import Assignment, Directive, Product, TaskRecipient
from tasks.rulesetting import set_rule
from tests.factories import at, make_directive, make_office_user, make_product, make_reporter, make_task, make_unit

CALENDAR = WorkCalendar()
EVENT = date(2024, 5, 7)
RECEIVED = date(2024, 2, 5)
NOW = at("2024-02-15", "08:30")


def rule(kind: str, days: int | None = None, **values) -> Product:
    return Product(due_kind=kind, due_days=days, **values)


def due_of(product: Product, *, received: date | None = RECEIVED, event: date | None = EVENT, calendar=CALENDAR):
    return due(product, Directive(event_date=event), calendar, received=received)


def words(product: Product, *, received: date | None = RECEIVED, event: date | None = EVENT, **values) -> str:
    values.setdefault("calendar", CALENDAR)
    return explain(product, Directive(event_date=event), received=received, **values)


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "day"),
    [(3, date(2024, 5, 3)), (5, date(2024, 4, 26)), (7, date(2024, 4, 24)), (10, date(2024, 4, 19)), (0, EVENT)],
)
def test_working_days_before_the_event(days, day):
    assert due_of(rule("before_event", days)) == day


@pytest.mark.parametrize(
    ("product", "day"),
    [
        (rule("none"), None),
        (rule("fixed", due_date=date(2024, 2, 29)), date(2024, 2, 29)),
        (rule("window", due_from=date(2024, 4, 26), due_date=date(2024, 5, 8)), date(2024, 5, 8)),
        (rule("continuous", due_date=date(2024, 5, 31)), date(2024, 5, 31)),
        (rule("before_event", 5, due_count="calendar"), date(2024, 5, 2)),
        (rule("after_event", 5), date(2024, 5, 14)),
        (rule("after_event", 5, due_count="calendar"), date(2024, 5, 12)),
        (rule("after_receipt", 5), date(2024, 2, 19)),  # 8 to 14 February were Tết
        (rule("after_receipt", 10, due_count="calendar"), date(2024, 2, 15)),
        (rule("after_receipt", 0), RECEIVED),
        (rule("end_of_month", due_date=date(2024, 2, 1)), date(2024, 2, 29)),
        (rule("end_of_month", due_date=date(2023, 2, 28)), date(2023, 2, 28)),
        (rule("end_of_month", due_date=date(2024, 12, 31)), date(2024, 12, 31)),
        (rule("end_of_quarter", due_date=date(2024, 4, 1)), date(2024, 6, 30)),
        (rule("end_of_quarter", due_date=date(2024, 12, 31)), date(2024, 12, 31)),
        (rule("monthly", 14), date(2024, 2, 14)),
        (rule("monthly", 5), date(2024, 3, 5)),  # the fifth is the day of receipt itself
        (rule("monthly", 31), date(2024, 2, 29)),
        (rule("monthly", 20, due_date=date(2024, 2, 10)), date(2024, 2, 10)),
        (rule("quarterly", 14), date(2024, 3, 14)),
    ],
)
def test_each_kind_gives_its_day(product, day):
    assert due_of(product) == day


@pytest.mark.parametrize(
    ("policy", "day"), [("keep", date(2024, 6, 30)), ("earlier", date(2024, 6, 28)), ("later", date(2024, 7, 1))]
)
def test_a_due_day_on_a_day_off_stays_or_moves_as_the_rule_says(policy, day):
    assert due_of(rule("end_of_quarter", due_date=date(2024, 6, 3), due_on_day_off=policy)) == day


def test_a_make_up_saturday_is_no_day_off_and_a_swapped_monday_is():
    assert due_of(rule("fixed", due_date=date(2024, 5, 4), due_on_day_off="earlier")) == date(2024, 5, 4)
    assert due_of(rule("fixed", due_date=date(2024, 4, 29), due_on_day_off="later")) == date(2024, 5, 2)


def test_without_an_event_or_a_receipt_there_is_no_day_yet():
    assert due_of(rule("before_event", 3), event=None) is None
    assert due_of(rule("after_event", 3), event=None) is None
    assert due_of(rule("after_receipt", 3), received=None) is None
    assert due_of(rule("monthly", 14), received=None) is None


def test_the_task_is_due_with_its_last_required_product():
    products = [
        Product(name="Kế hoạch", due_kind="after_receipt", due_days=10, is_required=True),
        Product(name="Báo cáo", due_kind="before_event", due_days=3, is_required=True),
        Product(name="Ảnh", due_kind="after_event", due_days=30, is_required=False),
    ]

    day, product = task_due(products, Directive(event_date=EVENT), CALENDAR, received=RECEIVED)

    assert (day, product.name) == (date(2024, 5, 3), "Báo cáo")


# --- periodic work --------------------------------------------------------------------------------


def test_periodic_work_is_due_at_each_cutoff_within_its_days():
    monthly = rule("monthly", 14, due_date=date(2024, 5, 14))

    assert dues_between(monthly, date(2024, 2, 15), date(2024, 12, 31), CALENDAR) == [
        date(2024, 3, 14),
        date(2024, 4, 14),
        date(2024, 5, 14),
    ]
    assert next_due(monthly, date(2024, 3, 13), CALENDAR) == date(2024, 3, 14)
    assert next_due(monthly, date(2024, 3, 14), CALENDAR) == date(2024, 4, 14)
    assert next_due(monthly, date(2024, 5, 14), CALENDAR) is None


def test_a_cutoff_on_a_day_off_moves_and_is_counted_once():
    monthly = rule("monthly", 1, due_on_day_off="earlier")

    assert dues_between(monthly, date(2024, 5, 30), date(2024, 9, 30), CALENDAR) == [
        date(2024, 5, 31),  # 1 June is a Saturday
        date(2024, 7, 1),
        date(2024, 8, 1),
        date(2024, 8, 30),  # 1 September is a Sunday
    ]


def test_quarterly_work_is_cut_off_in_the_last_month_of_the_quarter():
    assert dues_between(rule("quarterly", 31), date(2023, 12, 31), date(2024, 12, 31), CALENDAR) == [
        date(2023, 12, 31),
        date(2024, 3, 31),
        date(2024, 6, 30),
        date(2024, 9, 30),
        date(2024, 12, 31),
    ]


# --- more holidays --------------------------------------------------------------------------------

SOME_DAYS = st.sets(st.dates(min_value=date(2024, 1, 1), max_value=date(2025, 12, 31)), max_size=15)
STARTS = st.dates(min_value=date(2024, 3, 1), max_value=date(2025, 9, 30))
DAYS = st.integers(min_value=0, max_value=60)


@given(SOME_DAYS, SOME_DAYS, STARTS, DAYS, st.sampled_from(["keep", "later"]))
def test_more_holidays_never_make_a_day_after_a_start_earlier(days_off, more, start, days, policy):
    fewer = WorkCalendar(dict.fromkeys(days_off, False))
    further = WorkCalendar(dict.fromkeys(days_off | more, False))

    for kind in ("after_event", "after_receipt"):
        product = rule(kind, days, due_on_day_off=policy)
        assert due_of(product, received=start, event=start, calendar=further) >= due_of(
            product, received=start, event=start, calendar=fewer
        )


@given(SOME_DAYS, SOME_DAYS, STARTS, DAYS, st.sampled_from(["keep", "earlier"]))
def test_more_holidays_never_make_a_day_before_an_event_later(days_off, more, start, days, policy):
    fewer = WorkCalendar(dict.fromkeys(days_off, False))
    further = WorkCalendar(dict.fromkeys(days_off | more, False))
    product = rule("before_event", days, due_on_day_off=policy)

    assert due_of(product, event=start, calendar=further) <= due_of(product, event=start, calendar=fewer)


@given(SOME_DAYS, STARTS, DAYS)
def test_a_rule_that_does_not_follow_the_calendar_keeps_its_day_in_every_calendar(days_off, start, days):
    other = WorkCalendar(dict.fromkeys(days_off, False))
    products = [
        rule("fixed", due_date=start),
        rule("after_event", days, due_count="calendar"),
        rule("end_of_month", due_date=start),
        rule("monthly", 14),
    ]

    for product in products:
        assert not follows_calendar(product)
        assert due_of(product, received=start, event=start, calendar=other) == due_of(
            product, received=start, event=start
        )


@pytest.mark.parametrize(
    ("product", "follows"),
    [
        (rule("before_event", 3), True),
        (rule("after_receipt", 3), True),
        (rule("fixed", due_date=EVENT, due_on_day_off="later"), True),
        (rule("monthly", 14, due_on_day_off="earlier"), True),
        (rule("before_event", 3, due_count="calendar"), False),
        (rule("none"), False),
    ],
)
def test_which_rules_another_calendar_could_change(product, follows):
    assert follows_calendar(product) is follows


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "sentence"),
    [
        (
            rule("before_event", 5),
            "07/5/2024 − 5 ngày làm việc = 26/4/2024: 6/5, 4/5 (làm bù), 3/5, 2/5, 26/4; bỏ 5/5 (Chủ nhật), "
            "1/5 (Ngày Quốc tế Lao động), 30/4 (Ngày Chiến thắng), "
            "29/4 (Nghỉ hoán đổi, làm bù 04/5/2024, văn bản số 2450/VPCP-KGVX), 27–28/4 (Thứ Bảy, Chủ nhật)",
        ),
        (
            rule("before_event", 20),
            "07/5/2024 − 20 ngày làm việc = 04/4/2024: 6/5, 4/5 (làm bù), 3/5, … (15 ngày nữa), 5/4, 4/4; "
            "bỏ 1/5 (Ngày Quốc tế Lao động), 30/4 (Ngày Chiến thắng), "
            "29/4 (Nghỉ hoán đổi, làm bù 04/5/2024, văn bản số 2450/VPCP-KGVX), 18/4 (Ngày Giỗ Tổ Hùng Vương), "
            "9 ngày Thứ Bảy, Chủ nhật",
        ),
        (rule("before_event", 0), "07/5/2024 − 0 ngày làm việc = 07/5/2024"),
        (rule("before_event", 6, due_count="calendar"), "07/5/2024 − 6 ngày = 01/5/2024 (Ngày Quốc tế Lao động)"),
        (
            rule("after_receipt", 5),
            "05/02/2024 (ngày nhận việc) + 5 ngày làm việc = 19/02/2024: 6/2, 7/2, 15/2, 16/2, 19/2; "
            "bỏ 8–14/2 (Tết Nguyên Đán), 17–18/2 (Thứ Bảy, Chủ nhật)",
        ),
        (rule("none"), "không thời hạn"),
        (rule("fixed", due_date=date(2024, 2, 29)), "chậm nhất ngày 29/02/2024"),
        (
            rule("window", due_from=date(2024, 4, 26), due_date=date(2024, 5, 8)),
            "trong khoảng 26/4/2024 – 08/5/2024",
        ),
        (rule("continuous", due_date=date(2024, 5, 31)), "thường xuyên đến hết 31/5/2024"),
        (
            rule("end_of_month", due_date=date(2024, 6, 3), due_on_day_off="earlier"),
            "cuối tháng 6/2024: chậm nhất ngày 28/6/2024 (ngày 30/6 là Chủ nhật, lấy ngày làm việc liền trước)",
        ),
        (rule("end_of_quarter", due_date=date(2024, 1, 3)), "cuối quý 1/2024: chậm nhất ngày 31/3/2024 (Chủ nhật)"),
        (rule("monthly", 14, due_date=date(2024, 5, 14)), "hằng tháng, chốt ngày 14, đến hết 14/5/2024; kỳ đầu 14/02/2024 (Mùng năm Tết Nguyên Đán)"),
        (rule("quarterly", 15), "hằng quý, tháng cuối quý, chốt ngày 15; kỳ đầu 15/3/2024"),
    ],
)  # fmt: skip
def test_a_day_is_explained_by_its_steps(product, sentence):
    assert words(product) == sentence


def test_the_steps_of_another_year_carry_it():
    assert words(rule("after_receipt", 5), received=date(2024, 12, 27)) == (
        "27/12/2024 (ngày nhận việc) + 5 ngày làm việc = 06/01/2025: 30/12, 31/12, 2/1/2025, 3/1/2025, 6/1/2025; "
        "bỏ 28–29/12 (Thứ Bảy, Chủ nhật), 1/1/2025 (Tết Dương lịch), 4–5/1/2025 (Thứ Bảy, Chủ nhật)"
    )


def test_without_steps_the_explanation_is_one_short_line():
    assert words(rule("before_event", 5), steps=False) == "07/5/2024 − 5 ngày làm việc = 26/4/2024"


def test_a_year_nobody_has_announced_is_said():
    product = rule("after_receipt", 3)

    doubtful = words(product, received=date(2027, 3, 1), steps=False)
    known = words(product, received=date(2027, 3, 1), steps=False, calendar=WorkCalendar(announced={2027: True}))

    assert doubtful == ("01/3/2027 (ngày nhận việc) + 3 ngày làm việc = 04/3/2027; lịch nghỉ năm 2027 chưa công bố")
    assert known == "01/3/2027 (ngày nhận việc) + 3 ngày làm việc = 04/3/2027"
    assert words(rule("fixed", due_date=date(2027, 3, 1))) == "chậm nhất ngày 01/3/2027"


def test_before_issuing_the_rule_is_named_without_a_day():
    assert words(rule("after_receipt", 5), received=None) == "5 ngày làm việc từ ngày đơn vị nhận việc"
    assert words(rule("before_event", 5), event=None) == ("5 ngày làm việc trước sự kiện; chưa có ngày của sự kiện")
    assert words(rule("monthly", 14), received=None) == "hằng tháng, chốt ngày 14"


def test_a_day_that_was_given_otherwise_is_said_first():
    product = rule("before_event", 3)

    assert words(product, given=date(2024, 5, 2), steps=False) == (
        "chậm nhất ngày 02/5/2024, ghi khi giao; theo lịch hiện nay: 07/5/2024 − 3 ngày làm việc = 03/5/2024"
    )
    assert words(product, given=date(2024, 5, 3), steps=False) == "07/5/2024 − 3 ngày làm việc = 03/5/2024"


# --- rules that cannot stand ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "errors"),
    [
        (rule("before_event", -1), {"due_days": ["-1 không dùng được: xin ghi một số từ 0 đến 366."]}),
        (rule("after_event", 367), {"due_days": ["367 không dùng được: xin ghi một số từ 0 đến 366."]}),
        (rule("after_receipt"), {"due_days": ["Xin ghi một số từ 0 đến 366."]}),
        (rule("monthly", 32), {"due_days": ["32 không dùng được: xin ghi một số từ 1 đến 31."]}),
        (rule("quarterly", 0), {"due_days": ["0 không dùng được: xin ghi một số từ 1 đến 31."]}),
        (rule("fixed"), {"due_date": ["Xin ghi ngày, ví dụ 29/02/2024."]}),
        (rule("fixed", 3, due_date=EVENT), {"due_days": ["Cách tính này không dùng số ngày. Xin để trống."]}),
        (rule("none", due_date=EVENT), {"due_date": ["Không thời hạn thì để trống ngày."]}),
        (rule("window", due_date=EVENT), {"due_from": ["Xin ghi ngày đầu của khoảng, ví dụ 26/4/2024."]}),
        (
            rule("window", due_from=date(2024, 5, 8), due_date=EVENT),
            {"due_date": ["Ngày cuối của khoảng đứng trước ngày đầu (08/5/2024)."]},
        ),
        (
            rule("fixed", due_date=date(9999, 12, 31)),
            {"due_date": ["Năm 9999 không hợp lý. Xin ghi năm từ 2000 đến 2099."]},
        ),
    ],
)
def test_an_absurd_rule_is_refused_with_a_sentence(product, errors):
    with pytest.raises(ValidationError) as refusal:
        product.clean()

    assert refusal.value.message_dict == errors


BROKEN = [
    {"due_kind": "before_event"},
    {"due_kind": "before_event", "due_days": 367},
    {"due_kind": "after_event"},
    {"due_kind": "after_receipt"},
    {"due_kind": "end_of_month"},
    {"due_kind": "end_of_quarter"},
    {"due_kind": "monthly"},
    {"due_kind": "monthly", "due_days": 0},
    {"due_kind": "quarterly", "due_days": 32},
    {"due_kind": "fixed"},
    {"due_kind": "window", "due_from": EVENT},
    {"due_kind": "window", "due_date": EVENT},
    {"due_kind": "none", "due_date": EVENT},
    {"due_kind": "sometime"},
    {"due_kind": "fixed", "due_date": EVENT, "due_count": "moons"},
    {"due_kind": "fixed", "due_date": EVENT, "due_on_day_off": "never"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("values", BROKEN)
def test_the_database_refuses_half_a_rule(values):
    task = make_task()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_product(task, **values)


@pytest.mark.django_db
def test_a_data_file_with_an_absurd_rule_stops_the_recording():
    task = make_task(code="1a.1")

    with pytest.raises(BrokenBreakdown, match=r"task 1a\.1, product 1: .*367 không dùng được"):
        _record_products(task, [{"name": "Kế hoạch", "kind": "plan", "due_kind": "after_event", "due_days": 367}])
    _record_products(
        task,
        [
            {"name": "Kế hoạch", "kind": "plan", "due_kind": "after_receipt", "due_days": 10, "due_count": "calendar"},
            {"name": "Số liệu", "kind": "figures", "due_kind": "monthly", "due_days": 14, "due_date": "2024-05-14"},
        ],
    )

    assert list(Product.objects.order_by("order").values_list("due_kind", "due_days", "due_count", "due_date")) == [
        ("after_receipt", 10, "calendar", None),
        ("monthly", 14, "working", date(2024, 5, 14)),
    ]


# --- given to units -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_unit_counts_from_the_day_it_got_the_work():
    directive = make_directive(state="draft")
    task = make_task(directive, "1a.1")
    make_product(task, due_kind="after_receipt", due_days=5)
    TaskRecipient.objects.create(task=task, role="lead", unit=make_unit("Huyện ủy Đắk Hà"))
    office = make_office_user()

    issue(directive, by=office, now=NOW)
    directive.refresh_from_db()
    task.refresh_from_db()
    add_assignment(task, make_unit("Huyện ủy Ngọc Hồi"), "lead", by=office, now=at("2024-04-26", "16:59"))

    assert list(Assignment.objects.order_by("pk").values_list("assigned_on", "due_original", "products__due_date")) == [
        (date(2024, 2, 15), date(2024, 2, 22), date(2024, 2, 22)),
        (date(2024, 4, 26), date(2024, 5, 7), date(2024, 5, 7)),
    ]


# --- the office's form ----------------------------------------------------------------------------


@pytest.fixture
def draft():
    """A product without a rule, in a draft with an event on 07/5/2024."""
    return make_product(make_task(make_directive(state="draft"), "1a.1"), name="Kế hoạch")


def address(product: Product) -> str:
    return f"/nhiem-vu/{product.task_id}/san-pham/{product.pk}/han/"


def rule_form(**values) -> dict:
    return {
        "due_kind": "before_event",
        "due_days": "5",
        "due_count": "working",
        "due_on_day_off": "keep",
        "due_source": "office",
        **values,
    }


@pytest.mark.django_db
def test_the_office_sets_a_rule_and_the_log_says_so(client, draft):
    office = make_office_user()
    client.force_login(office)

    response = client.post(address(draft), rule_form(due_basis="điểm 1a"))

    draft.refresh_from_db()
    assert response["Location"] == f"/nhiem-vu/{draft.task_id}/"
    assert (draft.due_kind, draft.due_days, draft.due_count, draft.due_basis) == (
        "before_event",
        5,
        "working",
        "điểm 1a",
    )
    event = AuditEvent.objects.get(verb="task.due_rule_changed")
    assert event.data == {
        "product": "Kế hoạch",
        "from": "không thời hạn",
        "to": "07/5/2024 − 5 ngày làm việc = 26/4/2024",
    }


@pytest.mark.django_db
def test_a_preview_shows_the_day_and_writes_nothing(client, draft):
    client.force_login(make_office_user())

    response = client.post(address(draft), rule_form(preview="1"))

    draft.refresh_from_db()
    assert response.status_code == 200
    assert "07/5/2024 − 5 ngày làm việc = 26/4/2024: 6/5, 4/5 (làm bù)" in response.content.decode()
    assert draft.due_kind == "none"
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"due_days": "-3"}, "-3 không dùng được: xin ghi một số từ 0 đến 366."),
        ({"due_days": "99999999999999999999"}, "99999999999999999999 không dùng được: xin ghi một số từ 0 đến 366."),
        ({"due_days": "năm"}, "Xin ghi một số nguyên, ví dụ 5."),
        ({"due_kind": "fixed", "due_date": "30/02/2024"}, "Không có ngày này. Xin ghi ngày/tháng/năm"),
        ({"due_kind": "fixed", "due_date": "31/12/9999"}, "Năm 9999 không hợp lý."),
    ],
)
def test_what_cannot_be_a_rule_comes_back_with_a_sentence_and_what_was_typed(client, draft, values, sentence):
    client.force_login(make_office_user())

    response = client.post(address(draft), rule_form(**values))

    page = response.content.decode()
    draft.refresh_from_db()
    assert response.status_code == 422
    assert sentence in page
    assert f'value="{list(values.values())[-1]}"' in page
    assert draft.due_kind == "none"


@pytest.mark.django_db
def test_changing_ones_mind_about_the_kind_loses_nothing(client, draft):
    client.force_login(make_office_user())

    page = client.post(address(draft), rule_form(due_kind="none", due_days="7", preview="1")).content.decode()

    assert '<input type="hidden" name="due_days" value="7"' in page
    assert "Không thời hạn" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "said"),
    [("", "Chưa đủ để tính: xin ghi tiếp các ô ở trên."), ("-3", "Chưa tính được: xin sửa những chỗ ghi ở trên.")],
)
def test_a_preview_of_half_a_rule_waits_for_the_rest_without_scolding(client, draft, days, said):
    client.force_login(make_office_user())

    page = client.post(address(draft), rule_form(due_days=days, preview="1")).content.decode()

    assert said in page
    assert ("dt-row--wrong" in page) is (days == "-3")
    assert "chỗ cần sửa" not in page


@pytest.mark.django_db
def test_once_given_a_rule_stands_still(draft):
    directive = draft.task.directive
    Directive.objects.filter(pk=directive.pk).update(state="issued", issued_on=date(2024, 2, 15))
    draft.due_kind, draft.due_date = "fixed", date(2024, 2, 29)

    with pytest.raises(Refused, match="Văn bản đã giao"):
        set_rule(draft, by=None, now=NOW)

    assert Product.objects.get().due_kind == "none"


@pytest.mark.django_db
def test_saving_the_same_rule_leaves_no_line_in_the_log(draft):
    assert set_rule(draft, by=None, now=NOW) is False
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_the_page_of_a_part_explains_its_products_from_the_day_it_was_given(client):
    directive = make_directive()
    task = make_task(directive, "1a.1")
    product = make_product(task, due_kind="after_receipt", due_days=5)
    assignment = Assignment.objects.create(
        directive=directive,
        task=task,
        unit=make_unit("Huyện ủy Đắk Hà"),
        role="lead",
        due_current=date(2024, 2, 22),
        assigned_on=date(2024, 2, 15),
        updated_at=NOW,
    )
    assignment.products.create(product=product, due_date=date(2024, 2, 22))
    client.force_login(make_reporter(assignment.unit))

    page = client.get(assignment.get_absolute_url()).content.decode()

    assert "15/02/2024 (ngày nhận việc) + 5 ngày làm việc = 22/02/2024: 16/2, 19/2, 20/2, 21/2, 22/2" in page


@pytest.mark.django_db
def test_an_event_at_the_end_of_the_world_is_refused(client):
    directive = make_directive(state="draft")
    client.force_login(make_office_user())
    values = {"kind": "Công văn", "issuer": "Tỉnh ủy", "title": "Trích yếu", "short_title": "Tên"}

    response = client.post(f"/van-ban/{directive.pk}/phan-dau/", {**values, "event_date": "31/12/9999"})

    assert response.status_code == 422
    assert "Năm 9999 không hợp lý. Xin ghi năm từ 2000 đến 2099." in response.content.decode()
