"""The unit's desk: everybody of the unit sees what the unit was told, and nobody who read it."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from notifications import kinds, outbox
from notifications.badge import unread_count
from notifications.models import Notice
from notifications.rounds import run_round
from tasks import reminders
from tests.factories import (
    at,
    make_area,
    make_assignment,
    make_membership,
    make_office,
    make_office_user,
    make_reporter,
    make_unit,
    make_user,
)
from units.models import Membership, Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY, "09:00")
DESK = "/thong-bao/?xem=don-vi"
STILL, DONE = "Còn phải xử lý", "Không còn phải xử lý"


@pytest.fixture(autouse=True)
def _this_monday(monkeypatch):
    monkeypatch.setattr(kinds, "planners", [])
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)


@pytest.fixture
def unit():
    return make_unit("Huyện ủy Đắk Hà")


@pytest.fixture
def two(unit):
    return [make_reporter(unit, "an"), make_reporter(unit, "binh")]


def tell(users, key, title, unit, **values):
    kind = values.pop("kind", "kept")
    for user in users:
        outbox.tell(key=f"{key}:{user.pk}", kind=kind, recipient=user, title=title, now=NOW, unit=unit, **values)


def desk(client, user):
    client.force_login(user)
    return client.get(DESK).content.decode()


def titles(user):
    return list(Notice.objects.of_units_of(user).order_by("pk").values_list("title", flat=True))


def test_each_obligation_shows_once_whoever_it_was_addressed_to(client, two, unit):
    tell(two, "a", "Giao việc", unit)
    tell(two[:1], "b", "Chỉ báo cho một người", unit)
    tell(two, "c", "Việc của người khác", make_unit())

    shown = [titles(user) for user in two]

    assert shown == [["Giao việc", "Chỉ báo cho một người"]] * 2
    assert desk(client, two[1]).count("Giao việc</button>") + desk(client, two[1]).count("<span>Giao việc</span>") == 1


def test_a_colleague_who_joins_later_sees_what_came_before(two, unit):
    tell(two, "a", "Giao việc", unit)
    late = make_user("moi")
    before = titles(late)

    make_membership(late, unit, Role.UNIT_HEAD, valid_from=TODAY)

    assert (before, titles(User.objects.get(pk=late.pk))) == ([], ["Giao việc"])


def test_whoever_has_left_the_unit_sees_neither_its_desk_nor_what_it_was_told(client, two, unit):
    tell(two, "a", "Giao việc", unit)
    outbox.tell(key="b", kind="kept", recipient=two[0], title="Riêng", now=NOW)
    Membership.objects.filter(user=two[0]).update(valid_to=TODAY - timedelta(days=1))

    client.force_login(two[0])
    page = client.get("/thong-bao/").content.decode()

    assert titles(two[0]) == []
    assert ("Giao việc" in page, "Riêng" in page) == (False, True)
    assert unread_count(two[0], now=NOW) == 1
    assert client.get("/don-vi/").status_code in (302, 403)
    pk = Notice.objects.get(title="Giao việc", recipient=two[1]).pk
    assert client.post(f"/thong-bao/{pk}/mo/").status_code == 404


def test_the_desk_names_nobody_and_says_nothing_about_reading(client, two, unit):
    tell(two, "a", "Giao việc", unit)
    Notice.objects.filter(recipient=two[0]).update(read_at=NOW)

    page = desk(client, two[1])
    body = page[page.index("<main") : page.index("</main>")]

    assert [name for name in (two[0].full_name, two[1].full_name) if name in body] == []
    assert "đọc lúc" not in body
    assert "Chưa đọc" not in body


def test_opening_a_colleagues_leaves_it_unread_and_reads_the_own_one(client, two, unit):
    tell(two, "a", "Giao việc", unit, url="/don-vi/")
    tell(two[:1], "b", "Báo cho một người", unit, url="/don-vi/")
    first, only = Notice.objects.filter(recipient=two[0]).order_by("pk")
    client.force_login(two[1])

    answers = [client.post(f"/thong-bao/{notice.pk}/mo/")["Location"] for notice in (first, only)]

    assert answers == ["/don-vi/", "/don-vi/"]
    assert list(Notice.objects.filter(read_at=None).order_by("pk")) == [first, only]


def test_a_colleagues_is_not_marked_as_read_by_hand_either(client, two, unit):
    tell(two[:1], "a", "Báo cho một người", unit)
    client.force_login(two[1])

    assert client.post(f"/thong-bao/{Notice.objects.get().pk}/doc/").status_code == 404
    client.post("/thong-bao/doc-het/")
    assert Notice.objects.get().read_at is None


def test_the_desk_says_whether_the_work_still_waits(client, two, unit):
    waits, done = make_assignment(unit=unit), make_assignment(unit=unit, state="completed")
    for assignment in (waits, done):
        values = {"kind": "due-3", "target": assignment, "target_version": assignment.due_version}
        tell(two, f"due-3:{assignment.pk}", f"Việc {assignment.pk}", unit, **values)
    tell(two, "x", "Chỉ báo tin", unit)

    page = desk(client, two[0])

    assert [page.count(words) for words in (f"{STILL} ·", f"{DONE} ·")] == [1, 1]
    assert page.index("Chỉ báo tin") < page.index(DONE) < page.index(STILL)


def test_what_came_back_to_nobody_any_more_is_not_on_the_desk(two, unit):
    tell(two, "a", "Giao việc", unit)
    Notice.objects.filter(recipient=two[0]).update(state="superseded")
    one_left = list(Notice.objects.of_units_of(two[0]).shown_in_app(now=NOW))
    Notice.objects.update(state="superseded")

    assert [notice.recipient for notice in one_left] == [two[1]]
    assert list(Notice.objects.of_units_of(two[0]).shown_in_app(now=NOW)) == []


def test_a_mail_to_somebody_who_left_goes_nowhere_and_the_unit_keeps_the_notice(two, unit):
    tell(two[:1], "a", "Giao việc", unit, mail="own")
    Membership.objects.filter(user=two[0]).update(valid_to=TODAY - timedelta(days=1))

    counted = run_round(now=NOW)

    assert (counted["sent"], counted["superseded"]) == (0, 1)
    assert Notice.objects.get().state == "left"
    assert titles(two[1]) == ["Giao việc"]
    assert unread_count(two[0], now=NOW) == 0


def test_the_office_has_a_desk_too(client):
    first, second = make_office_user("a"), make_office_user("b")
    assignment = make_assignment()

    values = {"url": "/viec/1/", "target": assignment, "about": [assignment], "now": NOW}
    reminders.tell_office("given_back", "Đắk Hà trả lại việc", **values)

    assert [titles(user) for user in (first, second)] == [["Đắk Hà trả lại việc"]] * 2


@pytest.mark.parametrize("role", ["administrator", "registrar", "nobody"])
def test_whoever_does_no_business_of_a_unit_has_no_desk(client, role):
    office = make_office()
    colleague, user = make_office_user("a"), make_user("ai")
    if role == "administrator":
        make_membership(user, office, role)
    if role == "registrar":
        make_membership(user, office, role, area=make_area())
    tell([colleague], "a", "Báo cáo mới", office)

    page = desk(client, user)

    assert "Của đơn vị" not in page
    assert "Báo cáo mới" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_desk_costs_the_same_for_one_and_for_many(client, two, unit, django_assert_num_queries, count):
    """Session, user, rights with badge; count, rows, the units' names, one question for the kind."""
    for number in range(count):
        assignment = make_assignment(unit=unit)
        tell(two, f"n{number}", f"Nhắc {number}", unit, kind="nudge", target=assignment)
    client.force_login(two[0])
    client.get(DESK)

    with django_assert_num_queries(6):
        client.get(DESK)


def test_the_own_list_costs_as_much_as_before(client, two, unit, django_assert_num_queries):
    """Session, user, rights with badge; count, rows, unread."""
    tell(two, "a", "Giao việc", unit)
    client.force_login(two[0])
    client.get("/thong-bao/")

    with django_assert_num_queries(5):
        client.get("/thong-bao/")
