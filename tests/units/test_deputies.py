"""Who may stand in for whom: days, overlaps, chains, rights that travel and rights that do not."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from records.models import AuditEvent
from records.sentences import sentence
from tasks import permissions
from tests.admin_pages import address, person, signed_in
from tests.factories import at, make_area, make_assignment, make_membership, make_office, make_unit, make_user
from units import deputies
from units.access import access_of, resolve_standing
from units.errors import Refused
from units.models import Deputation, Role

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)
NOW = at(TODAY)
LAST = date(2024, 4, 30)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    monkeypatch.setattr("directive_tracker.clock.now", lambda: NOW)


def make_deputation(deputy, principal, first=TODAY, last=LAST, **values):
    values.setdefault("made_by", principal)
    return Deputation.objects.create(
        deputy=deputy, principal=principal, valid_from=first, valid_to=last, reason="đi công tác", made_at=NOW, **values
    )


def insert(deputy, principal, first=TODAY, last=LAST):
    """A row as somebody writes it who knows nothing of Django."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO units_deputation (deputy_id, principal_id, valid_from, valid_to, reason, made_by_id, made_at) "
            "VALUES (%s, %s, %s, %s, 'x', %s, %s)",
            [deputy.pk, principal.pk, first, last, principal.pk, connection.ops.adapt_datetimefield_value(NOW)],
        )


def acting(deputy, principal, today=TODAY):
    """What the deputy may while acting for the principal."""
    return resolve_standing(deputy, today=today, acting_for=principal.pk).access


# --- what the database refuses ----------------------------------------------------------------------


@pytest.fixture
def three():
    return [make_user(name) for name in ("an", "binh", "cuc")]


@pytest.mark.parametrize(
    ("deputy", "principal", "first", "last", "refused_by"),
    [
        (0, 0, TODAY, LAST, "deputation_not_self"),
        (0, 2, LAST, TODAY, "deputation_valid_order"),
        (0, 2, TODAY, TODAY + timedelta(days=365), ""),
        (0, 2, TODAY, TODAY + timedelta(days=366), "deputation_longest"),
        (0, 1, LAST, LAST, "deputation_no_overlap"),
        (0, 1, date(2024, 5, 1), date(2024, 5, 2), ""),
        (1, 0, LAST, LAST, "deputation_no_chain"),  # in a circle
        (1, 2, LAST, LAST, "deputation_no_chain"),  # the principal as a deputy
        (2, 0, LAST, LAST, "deputation_no_chain"),  # the deputy as a principal
        (1, 2, date(2024, 5, 1), date(2024, 5, 2), ""),
        (2, 1, LAST, LAST, ""),  # a second deputy
        (0, 2, LAST, LAST, ""),  # a second principal
    ],
)
def test_the_database_refuses_what_must_not_be(three, deputy, principal, first, last, refused_by):
    make_deputation(three[0], three[1])

    if refused_by:
        with pytest.raises(IntegrityError, match=refused_by):
            insert(three[deputy], three[principal], first, last)
    else:
        insert(three[deputy], three[principal], first, last)

    assert Deputation.objects.count() == (1 if refused_by else 2)


def test_a_deputation_that_has_ended_stands_in_nobodys_way(three):
    make_deputation(three[0], three[1], ended_at=NOW)

    insert(three[0], three[1])
    Deputation.objects.update(ended_at=NOW)
    insert(three[1], three[0])

    assert Deputation.objects.count() == 3


def test_an_ended_one_does_not_come_back_where_another_stands(three):
    ended = make_deputation(three[0], three[1], ended_at=NOW)
    make_deputation(three[1], three[2])

    with pytest.raises(IntegrityError, match="deputation_no_chain"), transaction.atomic():
        Deputation.objects.filter(pk=ended.pk).update(ended_at=None)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_two_who_write_a_chain_at_the_same_moment_do_not_both_succeed():
    people = [make_user(name) for name in ("an", "binh", "cuc")]
    start, answers = threading.Barrier(2), []

    def write(deputy, principal):
        try:
            with transaction.atomic():
                start.wait(10)
                make_deputation(deputy, principal)
        except IntegrityError:
            answers.append("refused")
        else:
            answers.append("made")
        finally:
            connection.close()

    pairs = [(people[0], people[1]), (people[1], people[2])]
    threads = [threading.Thread(target=write, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(answers) == ["made", "refused"]
    assert Deputation.objects.count() == 1


# --- in words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deputy", "principal", "first", "last", "words"),
    [
        (0, 0, TODAY, LAST, "Không ai thay mặt chính mình."),
        (0, 2, LAST, TODAY, "Ngày kết thúc đứng trước ngày bắt đầu."),
        (0, 2, TODAY, TODAY + timedelta(days=366), "Một lần thay mặt dài nhất 366 ngày."),
        (0, 1, LAST, LAST, "Trùng với lần thay mặt đã có từ 15/4/2024 đến hết 30/4/2024."),
        (
            1,
            2,
            LAST,
            LAST,
            "Nguyễn Văn Binh đang nhờ người khác thay mặt từ 15/4/2024 đến hết 30/4/2024; "
            "người đã nhờ thay mặt không thay mặt người khác trong thời gian ấy.",
        ),
        (
            2,
            0,
            LAST,
            LAST,
            "Nguyễn Văn An đang thay mặt người khác từ 15/4/2024 đến hết 30/4/2024; "
            "người đang thay mặt không nhờ người thứ ba trong thời gian ấy.",
        ),
    ],
)
def test_a_person_is_told_why(three, deputy, principal, first, last, words):
    make_deputation(three[0], three[1])

    with pytest.raises(ValidationError) as refused:
        deputies.make(
            deputy=three[deputy],
            principal=three[principal],
            valid_from=first,
            valid_to=last,
            reason="nghỉ phép",
            by=three[2],
            now=NOW,
        )

    assert refused.value.messages == [words]
    assert AuditEvent.objects.count() == 0


def test_somebody_whose_account_is_closed_stands_in_for_nobody(three):
    three[0].is_active = False
    three[0].save()

    with pytest.raises(ValidationError, match="Tài khoản của Nguyễn Văn An đã khóa"):
        deputies.make(
            deputy=three[0],
            principal=three[1],
            valid_from=TODAY,
            valid_to=LAST,
            reason="x",
            by=three[1],
            now=NOW,
        )


def test_making_and_ending_are_written_down_from_and_to(three):
    row = deputies.make(
        deputy=three[0],
        principal=three[1],
        valid_from=TODAY,
        valid_to=LAST,
        reason="QĐ 12",
        by=three[2],
        now=NOW,
    )
    ended = deputies.end_deputation(row, by=three[1], now=NOW)
    again = deputies.end_deputation(row, by=three[1], now=NOW)

    made, over = AuditEvent.objects.order_by("pk")
    span = {
        "deputy": "Nguyễn Văn An",
        "principal": "Nguyễn Văn Binh",
        "valid_from": "2024-04-15",
        "valid_to": "2024-04-30",
    }
    assert (ended, again) == (True, False)
    assert (made.verb, made.actor, made.reason, made.data) == ("deputation.made", three[2], "QĐ 12", {"to": span})
    assert (over.verb, over.actor) == ("deputation.ended", three[1])
    head, *parts = str(sentence(made)).split("; ")
    assert head == "08:00 15/4/2024 · Nguyễn Văn Cuc giao người thay mặt: Nguyễn Văn An thay mặt Nguyễn Văn Binh"
    # PostgreSQL keeps the keys of JSON in an order of its own.
    assert sorted(parts) == [
        "lý do: QĐ 12",
        "người thay mặt là “Nguyễn Văn An”",
        "thay mặt cho là “Nguyễn Văn Binh”",
        "từ ngày là “15/4/2024”",
        "đến hết ngày là “30/4/2024”",
    ]
    assert str(sentence(over)) == (
        "08:00 15/4/2024 · Nguyễn Văn Binh kết thúc việc thay mặt: Nguyễn Văn An thay mặt Nguyễn Văn Binh; "
        "kết thúc sớm lúc từ “trống” thành “08:00 15/4/2024”"
    )


# --- a person asks a colleague ----------------------------------------------------------------------


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def head(unit):
    user = make_user("truong")
    make_membership(user, unit, Role.UNIT_HEAD)
    return user


def own(deputy, principal, first=TODAY, last=LAST):
    return deputies.make_own(
        deputy=deputy, principal=principal, valid_from=first, valid_to=last, reason="đi công tác", now=NOW, today=TODAY
    )


def test_a_head_asks_a_colleague_and_nobody_else(head, unit):
    colleague, stranger, gone = make_user("an"), make_user("la"), make_user("cu")
    make_membership(colleague, unit)
    make_membership(stranger, make_unit())
    make_membership(gone, unit, valid_to=TODAY - timedelta(days=1))

    row = own(colleague, head)
    refused = []
    for other in (stranger, gone, head):
        with pytest.raises(Refused) as refusal:
            own(other, head)
        refused.append(str(refusal.value))

    assert row.made_by == head
    assert set(refused) == {"Chỉ nhờ được người cùng đơn vị; nhờ người khác thì liên hệ quản trị hệ thống."}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (TODAY - timedelta(days=1), LAST, "Ngày bắt đầu không được trước hôm nay."),
        (
            TODAY,
            TODAY + timedelta(days=30),
            "Tự nhờ được nhiều nhất 30 ngày; lâu hơn thì liên hệ quản trị hệ thống.",
        ),
    ],
)
def test_one_asks_for_a_month_at_most_and_not_for_the_past(head, unit, first, last, words):
    colleague = make_user("an")
    make_membership(colleague, unit)

    with pytest.raises(ValidationError) as refused:
        own(colleague, head, first, last)

    assert refused.value.messages == [words]


# --- rights -----------------------------------------------------------------------------------------


def test_a_deputy_has_the_principals_rights_and_not_the_own_ones(head, unit):
    deputy, other_unit = make_user("an"), make_unit()
    make_membership(deputy, other_unit)
    make_deputation(deputy, head)

    access = acting(deputy, head)

    assert access.roles == {"unit_head"}
    assert access.head_unit_ids == access.visible_unit_ids == access.own_unit_ids == {unit.pk}
    assert access.interested_unit_ids == {unit.pk, other_unit.pk}


@pytest.mark.parametrize(
    ("day", "in_force"),
    [(TODAY - timedelta(days=1), False), (TODAY, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_a_deputation_holds_on_its_days_only(head, day, in_force):
    deputy = make_user("an")
    make_deputation(deputy, head)

    standing = resolve_standing(deputy, today=day, acting_for=head.pk)

    assert (standing.acting_for is not None) == in_force
    assert [row.principal for row in deputies.principals_of(deputy, day)] == ([head] if in_force else [])
    assert standing.access.is_unit_head == in_force


def test_a_closed_account_is_represented_by_nobody(head):
    deputy = make_user("an")
    make_deputation(deputy, head)
    head.is_active = False
    head.save()

    assert resolve_standing(deputy, today=TODAY, acting_for=head.pk).principals == ()
    assert deputies.principals_of(deputy, TODAY) == []


def test_the_administration_is_not_handed_on():
    principal, deputy = make_user("quantri"), make_user("an")
    make_membership(principal, make_office(), Role.ADMINISTRATOR)
    make_membership(principal, make_office(), Role.OFFICE)
    make_deputation(deputy, principal)

    assert acting(deputy, principal).roles == {"office"}


def test_the_registry_is_handed_on_only_to_somebody_who_keeps_one():
    here, there = make_area(), make_area("Huyện Sa Thầy")
    principal, keeper, other = make_user("giuso"), make_user("cunggiu"), make_user("khac")
    make_membership(principal, role=Role.REGISTRAR, area=here)
    make_membership(keeper, role=Role.REGISTRAR, area=there)
    make_deputation(keeper, principal)
    make_deputation(other, principal)

    kept, other_access = acting(keeper, principal), acting(other, principal)

    assert (kept.roles, kept.area_ids) == ({"registrar"}, {here.pk})
    assert (other_access.roles, other_access.area_ids) == (frozenset(), frozenset())


def test_nobody_judges_the_own_units_work_through_somebody_else(head, unit):
    """Neither acting for the office, nor as the office while standing in for the unit."""
    office, reporter = make_user("vanphong"), make_user("an")
    make_membership(office, make_office(), Role.OFFICE)
    make_membership(reporter, unit)
    assignment = make_assignment(unit=unit, state="in_progress")
    before = [permissions.can_manage(office, assignment), permissions.can_manage(reporter, assignment)]

    make_deputation(reporter, office)
    reporter.acting_for = office
    make_deputation(office_of_the_unit := make_user("kiem"), head)
    make_membership(office_of_the_unit, make_office(), Role.OFFICE)

    assert before == [True, False]
    assert access_of(reporter, today=TODAY).is_office is True
    assert permissions.can_manage(reporter, assignment) is False
    assert permissions.can_manage(office_of_the_unit, assignment) is False


# --- in the admin -----------------------------------------------------------------------------------


def test_an_administrator_makes_one_with_a_reason(three):
    client = signed_in(person("administrator"))
    typed = {
        "deputy": three[0].pk,
        "principal": three[1].pk,
        "valid_from": "15/04/2024",
        "valid_to": "14/04/2025",
        "reason": "Quyết định số 12-QĐ/HU",
    }

    answer = client.post(address("units.deputation", "add"), typed)

    row = Deputation.objects.get()
    assert answer.status_code == 302
    assert (row.made_by.username, row.made_at, str(row.valid_to)) == ("administrator", NOW, "2025-04-14")
    assert [(event.verb, event.reason) for event in AuditEvent.objects.all()] == [
        ("deputation.made", "Quyết định số 12-QĐ/HU")
    ]


def test_the_admin_form_says_why_not_and_keeps_what_was_typed(three):
    client = signed_in(person("administrator"))
    make_deputation(three[0], three[1])
    typed = {
        "deputy": three[1].pk,
        "principal": three[2].pk,
        "valid_from": "30/04/2024",
        "valid_to": "30/04/2024",
        "reason": "Lý do gõ rồi",
    }

    page = client.post(address("units.deputation", "add"), typed).content.decode()

    assert "người đã nhờ thay mặt không thay mặt người khác trong thời gian ấy" in page
    assert "Lý do gõ rồi" in page


def test_an_administrator_lengthens_and_ends_and_both_are_written_down(three):
    client = signed_in(person("administrator"))
    row = make_deputation(three[0], three[1])
    url = address("units.deputation", "change", row.pk)

    client.post(url, {"valid_to": "15/05/2024", "reason": "kéo dài"})
    client.post(url, {"valid_to": "15/05/2024", "reason": "kéo dài", "end_now": "on"})
    page = client.get(url).content.decode()

    row.refresh_from_db()
    changed, ended = AuditEvent.objects.order_by("pk")
    assert (str(row.valid_to), row.ended_at) == ("2024-05-15", NOW)
    assert (changed.verb, changed.data) == (
        "deputation.changed",
        {"from": {"valid_to": "2024-04-30"}, "to": {"valid_to": "2024-05-15"}},
    )
    assert ended.verb == "deputation.ended"
    assert 'name="end_now"' not in page
