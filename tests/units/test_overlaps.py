"""The same role twice at the same time: told in words, and refused by the database whoever writes."""

from datetime import date
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.admin_pages import address, inline, person, signed_in
from tests.factories import make_area, make_membership, make_unit, make_user
from units.models import Membership, Role

rules = import_module("units.migrations.0003_rules_of_the_database")
pytestmark = pytest.mark.django_db

BEGINS, ENDS = date(2024, 4, 1), date(2024, 4, 30)
# (from, to) of a second row beside one from 01/4 to 30/4; whether the database takes it.
CASES = [
    ((date(2024, 4, 30), None), False),
    ((date(2024, 5, 1), None), True),
    ((date(2024, 3, 1), date(2024, 4, 1)), False),
    ((date(2024, 3, 1), date(2024, 3, 31)), True),
    ((date(2024, 3, 1), None), False),
    ((date(2024, 4, 10), date(2024, 4, 12)), False),
]


def insert(user, unit, role, first, last, area=None):
    """A row as somebody writes it who knows nothing of Django."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO units_membership "
            "(user_id, role, unit_id, area_id, is_contact, may_read_sensitive, valid_from, valid_to) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [user.pk, role, unit and unit.pk, area and area.pk, False, False, first, last],
        )


@pytest.mark.parametrize(("days", "taken"), CASES)
def test_the_database_refuses_the_same_role_at_the_same_time(days, taken):
    row = make_membership(make_user(), make_unit(), valid_from=BEGINS, valid_to=ENDS)

    if taken:
        insert(row.user, row.unit, row.role, *days)
    else:
        with pytest.raises(IntegrityError, match="no_overlap"):
            insert(row.user, row.unit, row.role, *days)

    assert Membership.objects.count() == 1 + taken


@pytest.mark.parametrize(("days", "taken"), CASES)
def test_a_registrars_areas_do_not_overlap_either(days, taken):
    row = make_membership(make_user(), role=Role.REGISTRAR, area=make_area(), valid_from=BEGINS, valid_to=ENDS)

    if taken:
        insert(row.user, None, "registrar", *days, area=row.area)
    else:
        with pytest.raises(IntegrityError, match="no_overlap"):
            insert(row.user, None, "registrar", *days, area=row.area)

    assert Membership.objects.count() == 1 + taken


def test_the_database_refuses_a_change_that_makes_two_roles_overlap():
    user, unit = make_user(), make_unit()
    make_membership(user, unit, valid_from=BEGINS, valid_to=ENDS)
    later = make_membership(user, unit, valid_from=date(2024, 6, 1))

    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        Membership.objects.filter(pk=later.pk).update(valid_from=ENDS)

    later.refresh_from_db()
    assert later.valid_from == date(2024, 6, 1)


def test_other_people_roles_and_units_may_have_the_same_days():
    unit = make_unit()
    row = make_membership(make_user(), unit)

    make_membership(row.user, unit, Role.UNIT_HEAD)
    make_membership(row.user, make_unit())
    make_membership(make_user(), unit)

    assert Membership.objects.count() == 4


def test_a_row_that_is_left_out_as_already_there_is_no_error():
    row = make_membership(make_user(), make_unit())

    again = Membership(user=row.user, unit=row.unit, role=row.role)
    Membership.objects.bulk_create([again], ignore_conflicts=True)

    assert Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (BEGINS, ENDS, "Trùng với vai trò đã có từ 01/4/2024 đến hết 30/4/2024."),
        (BEGINS, None, "Trùng với vai trò đã có từ 01/4/2024, không thời hạn."),
        (date(1900, 1, 1), None, "Trùng với vai trò đã có từ trước tới nay."),
        (date(1900, 1, 1), ENDS, "Trùng với vai trò đã có đến hết 30/4/2024."),
    ],
)
def test_a_person_is_told_with_which_role_a_new_one_overlaps(first, last, words):
    row = make_membership(make_user(), make_unit(), valid_from=first, valid_to=last)
    again = Membership(user=row.user, unit=row.unit, role=row.role, valid_from=date(2024, 4, 15))

    with pytest.raises(ValidationError) as refused:
        again.full_clean()

    assert refused.value.messages == [words]


def test_the_admin_form_says_it_and_keeps_what_was_typed():
    client = signed_in(person("administrator"))
    row = make_membership(make_user(), make_unit(), valid_from=BEGINS)

    typed = {"user": row.user_id, "role": "reporter", "unit": row.unit_id, "valid_from": "15/04/2024"}
    page = client.post(address("units.membership", "add"), typed)

    assert "Trùng với vai trò đã có từ 01/4/2024, không thời hạn." in page.content.decode()
    assert "15/04/2024" in page.content.decode()


def _post_roles(client, user, rows, initial=0):
    row = {"full_name": user.full_name, "username": user.username, "language": "vi", "is_active": "on"}
    row.update({"position": "", "phone": "", "email": ""})
    url = address("accounts.user", "change", user.pk)
    return client.post(url, {**row, **inline("memberships", rows, initial)})


def test_one_form_may_end_a_role_and_begin_it_again_the_day_after():
    client = signed_in(person("administrator"))
    row = make_membership(make_user(), make_unit(), valid_from=BEGINS)
    old = {"id": row.pk, "role": "reporter", "unit": row.unit_id, "valid_from": "01/04/2024", "valid_to": "30/04/2024"}
    new = {"role": "reporter", "unit": row.unit_id, "valid_from": "01/05/2024"}

    answer = _post_roles(client, row.user, [old, new], initial=1)

    assert answer.status_code == 302
    assert [str(found.valid_from) for found in row.user.memberships.order_by("valid_from")] == [
        "2024-04-01",
        "2024-05-01",
    ]


def test_two_rows_of_one_form_that_overlap_are_told_apart():
    client = signed_in(person("administrator"))
    user, unit = make_user(), make_unit()
    rows = [
        {"role": "reporter", "unit": unit.pk, "valid_from": "01/04/2024"},
        {"role": "reporter", "unit": unit.pk, "valid_from": "01/05/2024"},
    ]

    page = _post_roles(client, user, rows).content.decode()

    assert "Hai dòng vai trò trùng thời gian: từ 01/4/2024, không thời hạn và từ 01/5/2024, không thời hạn." in page
    assert user.memberships.count() == 0


# --- the rules are there ----------------------------------------------------------------------------


@pytest.mark.embedded
def test_every_trigger_is_there_after_migrating():
    """Django drops a table's triggers when it rebuilds the table: a migration that does has to install them again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'units_%%' ORDER BY 1")
        found = [name for (name,) in cursor.fetchall()]

    assert found == [
        "deputation_longest_insert",
        "deputation_longest_update",
        "deputation_no_chain_insert",
        "deputation_no_chain_update",
        "deputation_no_overlap_insert",
        "deputation_no_overlap_update",
        "membership_no_overlap_insert",
        "membership_no_overlap_update",
        "units_area_no_circle_insert",
        "units_area_no_circle_update",
        "units_unit_no_circle_insert",
        "units_unit_no_circle_update",
    ]


@pytest.mark.pg
def test_every_rule_is_there_after_migrating_on_postgresql():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid IN ('units_membership'::regclass, "
            "'units_deputation'::regclass) AND (contype = 'x' OR conname = 'deputation_longest') ORDER BY 1"
        )
        constraints = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('units_unit'::regclass, "
            "'units_area'::regclass, 'units_deputation'::regclass) ORDER BY 1"
        )
        triggers = [name for (name,) in cursor.fetchall()]

    assert constraints == [
        "deputation_longest",
        "deputation_no_overlap",
        "membership_area_no_overlap",
        "membership_unit_no_overlap",
    ]
    assert triggers == [
        "deputation_no_chain",
        "units_area_no_circle_insert",
        "units_area_no_circle_update",
        "units_unit_no_circle_insert",
        "units_unit_no_circle_update",
    ]


class Editor:
    """As much of a schema editor as the migration uses."""

    connection = connection


def test_the_rules_can_be_made_twice_and_taken_away():
    row = make_membership(make_user(), make_unit(), valid_from=BEGINS)
    # A migration begins with no check of the database still open.
    connection.check_constraints()
    rules.install(None, Editor)
    rules.remove(None, Editor)
    insert(row.user, row.unit, row.role, ENDS, None)
    connection.check_constraints()

    with pytest.raises(RuntimeError) as refused:
        rules.install(None, Editor)

    other = Membership.objects.latest("pk").pk
    assert f"(id {row.pk} và {other})" in str(refused.value)


@pytest.mark.pg
def test_a_database_without_the_extension_gets_it_or_says_who_has_to_act():
    rules.remove(None, Editor)
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION btree_gist")
        rules.install(None, Editor)
        rules.remove(None, Editor)
        cursor.execute("DROP EXTENSION btree_gist")
        # Undone with the test.
        cursor.execute("CREATE ROLE nobody_special")
        cursor.execute("SET LOCAL ROLE nobody_special")
        with pytest.raises(RuntimeError, match="CREATE EXTENSION btree_gist"), transaction.atomic():
            rules.need_extension(connection)
        cursor.execute("RESET ROLE")
