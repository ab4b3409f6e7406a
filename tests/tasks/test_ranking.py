"""A ranking counts timeliness of required work only, says why each unit has its place, and compares with four weeks before."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tasks.errors import Refused
from tasks.models import Assignment, ExtensionRequest, FigureDay, Ranking, TaskWait
from tasks.ranking.freezing import freeze, ranks_of
from tasks.ranking.making import make
from tasks.ranking.reading import own_place, whole
from tests.factories import at, make_assignment, make_directive, make_office_user, make_task, make_unit
from tests.tasks.figures import make_house

pytestmark = pytest.mark.django_db

SUNDAY, MONDAY = date(2024, 4, 14), date(2024, 4, 15)
NOW = at(MONDAY, "09:00")


def values(data: dict) -> dict[str, tuple]:
    """Unit → (done on time, of how many, rank)."""
    return {place["name"]: (place["done"], place["due"], place["rank"]) for place in data["places"].values()}


class Office:
    """A directive on which units have works of chosen ends; each `unit` says how many of each."""

    def __init__(self) -> None:
        self.directive = make_directive()
        self.tasks = [make_task(self.directive, f"1a.{number}") for number in range(1, 8)]

    def unit(self, name: str, on_time: int = 0, late: int = 0, overdue: int = 0, coming: int = 0):
        unit = make_unit(name)
        ends = ["on_time"] * on_time + ["late"] * late + ["overdue"] * overdue + ["coming"] * coming
        for task, end in zip(self.tasks, ends, strict=False):
            {
                "on_time": lambda task: make_assignment(
                    task, unit, due=date(2024, 4, 10), state="completed", completed_on=date(2024, 4, 10)
                ),
                "late": lambda task: make_assignment(
                    task, unit, due=date(2024, 4, 1), state="completed", completed_on=date(2024, 4, 5)
                ),
                "overdue": lambda task: make_assignment(task, unit, due=date(2024, 4, 9), state="in_progress"),
                "coming": lambda task: make_assignment(task, unit, due=date(2024, 5, 7), state="in_progress"),
            }[end](task)
        return unit


@pytest.fixture
def office() -> Office:
    return Office()


def frozen(office: Office, *, day: date = SUNDAY, minimum: int = 3) -> dict:
    return freeze(office.directive, day=day, minimum=minimum)


# --- what counts -----------------------------------------------------------------------------------


def test_the_value_is_what_was_done_on_time_of_what_is_done_or_overdue(office):
    office.unit("Huyện ủy Đắk Hà", on_time=2, late=1, overdue=1, coming=3)

    assert values(frozen(office)) == {"Huyện ủy Đắk Hà": (2, 4, 1)}


@pytest.mark.parametrize(
    ("words", "work", "task", "counted"),
    [
        ("paused", {"state": "paused"}, {}, (0, 0)),
        ("not applicable", {"state": "not_applicable"}, {}, (0, 0)),
        ("cancelled", {"state": "cancelled"}, {}, (0, 0)),
        ("encouraged", {}, {"strength": "encouraged"}, (0, 0)),
        ("undecided", {}, {"condition_state": "undecided"}, (0, 0)),
        ("decided to apply", {}, {"condition_state": "applies"}, (0, 1)),
        ("coordinating", {"role": "coordinating"}, {}, (0, 0)),
        ("sent in time and waiting", {"state": "submitted", "submitted_on": date(2024, 4, 9)}, {}, (0, 0)),
        ("sent late and waiting", {"state": "submitted", "submitted_on": date(2024, 4, 11)}, {}, (0, 1)),
        ("returned, with time left", {"state": "redo", "due": date(2024, 4, 19)}, {}, (0, 0)),
        ("returned, time over", {"state": "redo"}, {}, (0, 1)),
        ("without a due day, open", {"due": None}, {}, (0, 0)),
        ("without a due day, done", {"due": None, "state": "completed"}, {}, (1, 1)),
        ("due on the day itself", {"due": SUNDAY}, {}, (0, 0)),
        ("due the day before", {"due": date(2024, 4, 13)}, {}, (0, 1)),
        ("extended", {"due_original": date(2024, 4, 1), "due": date(2024, 4, 20)}, {}, (0, 0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_which_work_counts(office, words, work, task, counted):
    given = {"due": date(2024, 4, 9), "state": "in_progress"} | work
    unit = make_unit("Huyện ủy Đắk Hà")
    # Makes the unit stand in the ranking, whatever becomes of the work in question.
    make_assignment(office.tasks[0], unit, due=date(2024, 5, 7), state="in_progress")

    make_assignment(make_task(office.directive, "9", **task), unit, **given)

    assert values(frozen(office))["Huyện ủy Đắk Hà"][:2] == counted


@pytest.mark.parametrize(
    ("work", "until_sunday", "until_monday"),
    [
        ({"state": "completed", "due": date(2024, 4, 12), "completed_on": MONDAY}, (0, 1), (0, 1)),
        ({"state": "completed", "due": date(2024, 4, 19), "completed_on": MONDAY}, (0, 0), (1, 1)),
        ({"state": "completed", "due": SUNDAY, "completed_on": MONDAY}, (0, 0), (0, 1)),
        ({"state": "submitted", "due": SUNDAY, "submitted_on": MONDAY}, (0, 0), (0, 1)),
    ],
)
def test_what_was_done_or_sent_after_the_day_stood_open_on_it(office, work, until_sunday, until_monday):
    unit = make_unit("Huyện ủy Đắk Hà")
    make_assignment(office.tasks[0], unit, **work)

    assert values(frozen(office, day=SUNDAY))["Huyện ủy Đắk Hà"][:2] == until_sunday
    assert values(frozen(office, day=MONDAY))["Huyện ủy Đắk Hà"][:2] == until_monday


def test_over_all_followed_documents_the_works_of_each_add_up_and_ended_ones_stay_out(office):
    unit = office.unit("Huyện ủy Đắk Hà", on_time=2, overdue=1)
    other = make_task(make_directive(title="Chỉ đạo khác"), "1")
    ended = make_task(make_directive(title="Chỉ đạo đã xong", state="closed"), "1")
    for task in (other, ended):
        make_assignment(task, unit, due=date(2024, 4, 9), state="in_progress")

    data = freeze(None, day=SUNDAY, minimum=3)

    assert values(data) == {"Huyện ủy Đắk Hà": (2, 4, 1)}
    assert data["directives"] == 2


# --- ranks -----------------------------------------------------------------------------------------


def test_equal_values_share_a_rank_and_the_next_leaves_as_many_out(office):
    office.unit("A", on_time=3)
    office.unit("B", on_time=4, overdue=2)
    office.unit("C", on_time=2, late=1)
    office.unit("D", on_time=1, overdue=2)

    found = {name: rank for name, (_, _, rank) in values(frozen(office)).items()}

    assert found == {"A": 1, "B": 2, "C": 2, "D": 4}


def test_values_that_round_alike_are_still_compared_exactly():
    thirds = {1: (2, 3), 2: (666, 1000), 3: (4, 6)}
    from_fractions = {unit: Fraction(*value) for unit, value in thirds.items()}

    assert ranks_of(from_fractions) == {1: 1, 2: 3, 3: 1}


def test_a_unit_with_too_few_works_has_no_rank_and_stands_apart_in_official_order(office):
    office.unit("Ít việc, chậm", overdue=2)
    office.unit("Đủ việc", on_time=1, overdue=2)
    office.unit("Ít việc, kịp", on_time=2)
    office.unit("Chưa đến hạn", coming=3)

    shown = whole(kept(office))

    assert [(row.name, row.rank) for row in shown.ranked] == [("Đủ việc", 1)]
    assert [(row.name, row.rank_words) for row in shown.others] == [
        ("Ít việc, chậm", "chưa đủ việc đến hạn để xếp"),
        ("Ít việc, kịp", "chưa đủ việc đến hạn để xếp"),
        ("Chưa đến hạn", "chưa đủ việc đến hạn để xếp"),
    ]


def test_the_minimum_is_the_one_chosen_when_it_is_made(office):
    office.unit("Huyện ủy Đắk Hà", on_time=2)

    assert values(frozen(office, minimum=2))["Huyện ủy Đắk Hà"] == (2, 2, 1)
    assert values(frozen(office, minimum=3))["Huyện ủy Đắk Hà"] == (2, 2, None)


# --- why, and since when ---------------------------------------------------------------------------


def kept(office: Office, *, minimum: int = 3) -> Ranking:
    return make(office.directive, day=SUNDAY, minimum=minimum, by=make_office_user(), now=NOW)


def test_each_late_work_says_its_days_its_extension_and_who_was_waited_for(office):
    unit = make_unit("Huyện ủy Đắk Hà")
    late = make_assignment(
        office.tasks[0], unit, due=date(2024, 4, 1), state="completed", completed_on=date(2024, 4, 5)
    )
    asking = make_assignment(office.tasks[1], unit, due=date(2024, 4, 9), state="in_progress")
    waiting = make_assignment(
        office.tasks[2], unit, due=date(2024, 4, 8), state="submitted", submitted_on=date(2024, 4, 11)
    )
    given_back = make_assignment(office.tasks[3], unit, due=date(2024, 4, 12), state="returned_by_unit")
    blocked = make_assignment(office.tasks[4], unit, due=date(2024, 4, 11), state="in_progress")
    with_head = make_assignment(office.tasks[5], unit, due=date(2024, 4, 13), state="awaiting_unit_head")
    plain = make_assignment(office.tasks[6], unit, due=date(2024, 3, 31), state="in_progress")
    somebody = make_office_user("nguoi-xin")
    asked = {"reason": "Cần thêm thời gian", "requested_by": somebody, "requested_at": NOW}
    ExtensionRequest.objects.create(
        assignment=asking, old_due=date(2024, 4, 9), requested_due=date(2024, 4, 20), **asked
    )
    ExtensionRequest.objects.create(
        assignment=plain,
        old_due=date(2024, 3, 20),
        requested_due=date(2024, 3, 31),
        state="approved",
        granted_due=date(2024, 3, 31),
        decided_by=somebody,
        decided_at=NOW,
        **asked,
    )
    TaskWait.objects.create(task=office.tasks[4], waits_for=office.tasks[1], set_by=somebody, set_at=NOW)

    costs = own_place(kept(office), unit.pk).costs

    assert [(cost.code, cost.done_on, cost.days, cost.extended_to, cost.asks, cost.waits) for cost in costs] == [
        ("1a.7", None, 14, date(2024, 3, 31), False, "đơn vị"),
        ("1a.2", None, 5, None, True, "Văn phòng trả lời xin gia hạn"),
        ("1a.3", None, 3, None, False, "Văn phòng xác nhận kết quả"),
        ("1a.5", None, 3, None, False, "nhiệm vụ 1a.2 xong trước"),
        ("1a.4", None, 2, None, False, "Văn phòng trả lời việc đơn vị trả lại"),
        ("1a.6", None, 1, None, False, "lãnh đạo đơn vị duyệt"),
        ("1a.1", date(2024, 4, 5), 4, None, False, ""),
    ]
    assert [cost.url for cost in costs][-1] == late.get_absolute_url()
    assert {waiting.pk, given_back.pk, blocked.pk, with_head.pk} <= {
        late["work"] for late in Ranking.objects.get().data["places"][str(unit.pk)]["late"]
    }


def before(office: Office, unit, **columns) -> None:
    """What stood at the end of 10/3/2024, which is the newest row until four weeks before 14/4."""
    names = ("done_on_time", "done_late", "open_in_time", "open_overdue", "open_without_due", "outside", "waiting")
    FigureDay.objects.create(
        directive=office.directive,
        unit=unit,
        day=date(2024, 3, 10),
        noted_at=at("2024-03-11"),
        **{**dict.fromkeys(names, 0), **columns},
    )


def test_each_unit_is_compared_with_itself_four_weeks_before_and_who_improved_comes_first(office):
    better, worse = office.unit("Tăng", on_time=3, overdue=1), office.unit("Giảm", on_time=2, overdue=2)
    same, new = office.unit("Bằng", on_time=3), office.unit("Mới", on_time=3)
    before(office, better, done_on_time=3, open_overdue=2)
    before(office, worse, done_on_time=3, done_late=1)
    before(office, same, done_on_time=4)
    before(office, new, done_on_time=2)

    shown = whole(kept(office))

    assert [(row.name, row.before, row.percent, row.trend) for row in shown.better] == [
        ("Tăng", 60, 75, "tăng 15 điểm so với 4 tuần trước")
    ]
    assert {row.name: (row.sign, row.trend) for row in shown.ranked} == {
        "Bằng": ("=", "không đổi so với 4 tuần trước"),
        "Mới": ("", "chưa đủ số liệu của 4 tuần trước để so"),
        "Tăng": ("↑", "tăng 15 điểm so với 4 tuần trước"),
        "Giảm": ("↓", "giảm 25 điểm so với 4 tuần trước"),
    }
    assert [row.trend_short for row in shown.ranked] == ["không đổi", "chưa so được", "tăng 15 điểm", "giảm 25 điểm"]


def test_a_unit_sees_how_the_others_lie_and_no_name_of_theirs(office):
    mine = office.unit("Huyện ủy Đắk Hà", on_time=3, overdue=1)
    office.unit("Huyện ủy Ngọc Hồi", on_time=3)
    office.unit("Thành ủy Kon Tum", on_time=1, overdue=3)

    place = own_place(kept(office), mine.pk)

    assert (place.row.rank, place.ranked, place.median) == (2, 3, 75)
    assert [(band.units, band.own) for band in place.bands] == [
        (1, False),
        (0, False),
        (1, True),
        (0, False),
        (1, False),
    ]
    assert "Ngọc Hồi" not in repr(place)
    assert "Kon Tum" not in repr(place)


# --- what is kept ----------------------------------------------------------------------------------


def test_a_frozen_ranking_stays_what_it_was(office):
    unit = office.unit("Huyện ủy Đắk Hà", on_time=2, overdue=1)
    ranking = kept(office)

    Assignment.objects.filter(unit=unit).update(state="completed", completed_on=date(2024, 4, 1))
    unit.short_name = "Đảng ủy Đắk Hà"
    unit.save()

    row = whole(Ranking.objects.get(pk=ranking.pk)).ranked[0]
    assert (row.name, row.value_words) == ("Huyện ủy Đắk Hà", "2/3 (66%)")


def test_with_no_work_that_counts_there_is_nothing_to_rank(office):
    with pytest.raises(Refused, match="Chưa có việc nào thuộc diện thống kê"):
        kept(office)
    assert Ranking.objects.count() == 0


def test_many_late_works_are_named_up_to_forty_and_counted_all(office):
    unit = make_unit("Huyện ủy Đắk Hà")
    for number in range(45):
        task = make_task(office.directive, f"n{number}")
        make_assignment(task, unit, due=SUNDAY - timedelta(days=number + 1), state="in_progress")

    place = own_place(kept(office), unit.pk)

    assert (len(place.costs), place.more, place.row.late, place.costs[0].days) == (40, 5, 45, 45)


def test_ten_units_take_as_many_statements_as_one():
    def statements(units: int, tasks: int) -> int:
        with transaction.atomic():
            house = make_house(units=units, tasks=tasks)
            with CaptureQueriesContext(connection) as captured:
                data = freeze(house.directive, day=SUNDAY, minimum=1)
            transaction.set_rollback(True)
        assert data["ranked"] == units
        return len(captured)

    assert statements(10, 3) == statements(1, 1)
