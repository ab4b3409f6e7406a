"""Nothing stands below itself: told in words, refused by the database, and harmless where it happened all the same."""

from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from tests.admin_pages import address, inline, person, signed_in
from tests.factories import at, make_area, make_membership, make_unit, make_user
from units.access import resolve_access
from units.models import Area, AreaLevel, Role, Unit, UnitVersion
from units.trees import above_on

rules = import_module("units.migrations.0003_rules_of_the_database")
pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 15)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch):
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))


@pytest.fixture
def line():
    """Three units, each below the one before."""
    top = make_unit("Trên")
    middle = make_unit("Giữa", parent=top)
    return [top, middle, make_unit("Dưới", parent=middle)]


@pytest.fixture
def land():
    """Three areas, each within the one before."""
    top = make_area("Tỉnh", level=AreaLevel.PROVINCE)
    middle = make_area("Huyện", parent=top)
    return [top, middle, make_area("Xã", level=AreaLevel.COMMUNE, parent=middle)]


class Editor:
    """As much of a schema editor as the migration uses."""

    connection = connection


@pytest.mark.parametrize("below", [0, 1, 2])
@pytest.mark.parametrize("kind", ["line", "land"])
def test_the_database_refuses_what_would_stand_below_itself(kind, below, request):
    rows = request.getfixturevalue(kind)
    table = rows[0]._meta.db_table

    with (
        pytest.raises(IntegrityError, match=f"{table}_no_circle"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET parent_id = %s WHERE id = %s", [rows[below].pk, rows[0].pk])

    rows[0].refresh_from_db()
    assert rows[0].parent_id is None


def test_the_database_refuses_a_row_that_is_put_in_below_itself():
    unit = make_unit()
    row = {field.attname: getattr(unit, field.attname) for field in Unit._meta.concrete_fields}
    row.update(id=unit.pk + 1000, parent_id=unit.pk + 1000, code="vong")

    with pytest.raises(IntegrityError, match="units_unit_no_circle"), transaction.atomic():
        Unit.objects.bulk_create([Unit(**row)])


def test_moving_a_branch_elsewhere_is_no_circle(line):
    other = make_unit("Khác")

    Unit.objects.filter(pk=line[1].pk).update(parent=other)
    Unit.objects.filter(pk=line[0].pk).update(parent=line[2])

    assert list(Unit.objects.filter(parent=line[2])) == [line[0]]


def test_rights_are_told_even_where_a_circle_came_in_before_the_rules(line, land):
    rules.remove(None, Editor) if connection.vendor == "sqlite" else _without_triggers()
    Unit.objects.filter(pk=line[0].pk).update(parent=line[2])
    Area.objects.filter(pk=land[0].pk).update(parent=land[2])
    user = make_user()
    make_membership(user, line[1])
    make_membership(user, role=Role.REGISTRAR, area=land[1])

    access = resolve_access(user, today=TODAY)

    assert access.visible_unit_ids == {unit.pk for unit in line}
    assert access.area_ids == {area.pk for area in land}


def _without_triggers():
    with connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute("ALTER TABLE units_unit DISABLE TRIGGER units_unit_no_circle_update")
        cursor.execute("ALTER TABLE units_area DISABLE TRIGGER units_area_no_circle_update")


# --- in words ---------------------------------------------------------------------------------------


def test_the_form_of_an_area_says_so(land):
    client = signed_in(person("administrator"))
    top = land[0]
    typed = {"name": top.name, "level": top.level, "code": top.code, "parent": land[2].pk, "valid_from": "01/01/1900"}

    page = client.post(address("units.area", "change", top.pk), {**typed, **inline("aliases")}).content.decode()

    assert "Địa bàn không thể thuộc chính mình hay địa bàn cấp dưới của mình." in page


def change_unit(client, unit, versions):
    typed = {
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "sort_order": unit.sort_order,
        "valid_from": "01/01/1900",
        **inline("memberships"),
        **inline("successions"),
        **inline("inheritances"),
        **inline("versions", versions),
    }
    return client.post(address("units.unit", "change", unit.pk), typed, follow=True).content.decode()


@pytest.mark.parametrize("below", [0, 2])
def test_a_new_name_with_a_unit_above_that_is_below_is_refused(line, below):
    client = signed_in(person("administrator"))
    version = {"valid_from": "01/05/2024", "name": "Tên mới", "short_name": "Mới", "parent": line[below].pk}

    page = change_unit(client, line[0], [version])

    assert "Đơn vị không thể trực thuộc chính mình hay đơn vị cấp dưới của mình." in page
    assert UnitVersion.objects.count() == 0


def test_what_will_no_longer_be_below_that_day_may_stand_above(line):
    """The lowest becomes a unit of its own on the first of May; from then on the first may stand below it."""
    UnitVersion.objects.create(unit=line[2], valid_from=date(2024, 5, 1), name="Dưới", short_name="Dưới", parent=None)
    client = signed_in(person("administrator"))
    version = {"valid_from": "01/05/2024", "name": "Trên", "short_name": "Trên", "parent": line[2].pk}

    change_unit(client, line[0], [version])

    assert line[0].versions.get().parent == line[2]
    assert above_on(line[0], date(2024, 5, 1)) == {line[0].pk, line[2].pk}
    assert above_on(line[2], date(2024, 4, 30)) == {unit.pk for unit in line}


def test_the_database_refuses_a_unit_whose_new_parent_is_itself():
    unit = make_unit()

    with pytest.raises(IntegrityError, match="unit_version_not_below_itself"):
        UnitVersion.objects.create(unit=unit, valid_from=TODAY, name="A", short_name="A", parent=unit)
