"""Many rows at once: what is written is what the models would write, in both databases, and others can go on after it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from directive_tracker import bulk
from records.models import StoredFile
from tests.factories import at, make_area, make_user
from units.models import AreaLevel
from veterans.models import ImportedRow, Person, PersonCategory, PersonImport

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15", "00:30")
COLUMNS = ("full_name", "search_key", "sort_key", "birth_year", "birth_is_estimated", "living_state", "living_on")
# What COPY's text form would read as something else, and what it would not.
NAME = 'A\\t \\N "Thút",\t\n\r\\. Đ'


@pytest.fixture
def commune():
    return make_area("Xã Hà Mòn", level=AreaLevel.COMMUNE)


@pytest.fixture
def by():
    return make_user("dakha")


def write(commune, by, *rows: tuple) -> list[int]:
    """Write people given as COLUMNS; their keys."""
    table = bulk.Table(
        Person, *COLUMNS, residence_id=commune.pk, living_source="Trưởng thôn", created_by_id=by.pk, created_at=NOW
    )
    ids = bulk.reserve(Person, len(rows))
    table.write([(pk, *row) for pk, row in zip(ids, rows, strict=True)])
    return ids


def thut(name: str = "A Thút", year: int | None = 1931) -> tuple:
    return (name, "|a thut||", "1", year, None if year is None else False, "living", date(2024, 2, 29))


def plain(model, **which) -> list[dict]:
    """All columns of rows but their own key."""
    return [
        {name: value for name, value in row.items() if name not in ("id", "history_id")}
        for row in model.objects.filter(**which).order_by("pk").values()
    ]


def test_a_row_is_what_the_model_would_have_written(commune, by):
    (pk,) = write(commune, by, thut(NAME))
    model = Person(full_name=NAME, search_key="|a thut||", sort_key="1", birth_year=1931, birth_is_estimated=False, living_state="living", living_on=date(2024, 2, 29), living_source="Trưởng thôn", residence=commune, created_by=by, created_at=NOW)  # fmt: skip
    (other,) = Person.objects.bulk_create([model])

    assert plain(Person, pk=pk) == plain(Person, pk=other.pk)
    found = Person.objects.get(pk=pk)
    assert (found.full_name, found.created_at, found.living_on) == (NAME, NOW, date(2024, 2, 29))
    assert (found.version, found.verification, found.needs_vehicle, found.death_on) == (1, "new", False, None)
    assert found.waits_for == "hamlet"


def test_json_and_bytes_come_back_as_they_were_given(commune, by, listed):
    table = bulk.Table(
        ImportedRow, "number", "outcome", "codes", "sealed", "before", person_import_id=listed.pk, sheet="Trang 1"
    )
    codes = [["name_missing", "B"], ["cũ\\", 'x"\n']]
    (pk,) = bulk.reserve(ImportedRow, 1)

    table.write([(pk, 7, "error", codes, b"\x00\\\xff\t\n", None)])

    row = ImportedRow.objects.get(pk=pk)
    assert (row.codes, row.warnings, bytes(row.sealed), row.before) == (codes, [], b"\x00\\\xff\t\n", None)
    assert (row.person_id, row.version_after, row.line_key) == (None, None, "")


@pytest.fixture
def listed(commune, by):
    file = StoredFile.objects.create(file="x", original_name="ds.csv", extension=".csv", content_type="text/csv", size=1, sha256="a" * 64, uploaded_by=by, uploaded_at=NOW)  # fmt: skip
    return PersonImport.objects.create(file=file, sender="x", sender_key="x", area=commune, uploaded_by=by, uploaded_at=NOW)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("", "||", "1", 1931, False, "unknown", None), "person_has_name"),
        (("A", "|a||", "1", 1931, None, "unknown", None), "person_estimate_needs_year"),
        (("A", "|a||", "1", None, None, "living", None), "person_living_has_source"),
    ],
)
def test_the_rules_of_the_database_hold(commune, by, row, rule):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(commune, by, thut(), row)

    assert rule in str(refusal.value)
    assert Person.objects.count() == 0


@pytest.mark.parametrize(("columns", "constants"), [(("ten",), {}), ((), {"ten": 1}), (("full_name",), {})])
def test_a_column_that_is_none_or_that_nobody_fills_is_an_error(columns, constants):
    with pytest.raises(ValueError, match=r"no columns \['ten'\]|residence_id needs a value"):
        bulk.Table(Person, *columns, **constants)


def test_keys_are_reserved_once_and_whoever_writes_next_goes_on_after_them(commune, by):
    first = bulk.reserve(Person, 3)
    second = write(commune, by, thut(), thut())
    third = Person.objects.create(full_name="Y Blô", residence=commune, created_at=NOW).pk
    fourth = bulk.reserve(Person, 1)

    start = first[0]
    assert [first, second, third, fourth] == [
        [start, start + 1, start + 2],
        [start + 3, start + 4],
        start + 5,
        [start + 6],
    ]
    assert bulk.reserve(Person, 0) == []


def test_a_key_that_was_taken_is_not_given_again_when_the_row_is_gone(commune, by):
    ids = write(commune, by, thut(), thut())
    Person.objects.all()._raw_delete(Person.objects.db)

    assert bulk.reserve(Person, 1) == [ids[-1] + 1]


@pytest.mark.parametrize("model", [Person, PersonCategory])
@pytest.mark.parametrize("who", ["somebody", "nobody"])
def test_the_history_is_what_simple_history_writes(commune, by, model, who):
    people = write(commune, by, thut(NAME), thut(year=None))
    groups = bulk.Table(PersonCategory, "person_id", "category", paper="có giấy tờ", issued_on=date(1954, 5, 7))
    keys = bulk.reserve(PersonCategory, 2)
    groups.write([(keys[0], people[0], "other"), (keys[1], people[1], "youth_volunteer")])
    ids = people if model is Person else keys
    user = by if who == "somebody" else None
    moment = NOW + timedelta(microseconds=1)

    with CaptureQueriesContext(connection) as asked:
        bulk.begin_history(model, ids, by=user, at=moment)
    ours = plain(model.history.model)
    model.history.all().delete()
    model.history.bulk_history_create(model.objects.order_by("pk"), default_user=user, default_date=moment)

    assert len(asked) == 1
    assert ours == plain(model.history.model)
    assert [row["history_type"] for row in ours] == ["+", "+"]


def test_only_what_was_asked_for_gets_a_history(commune, by):
    ids = write(commune, by, thut("A Một"), thut("A Hai"), thut("A Ba"))

    bulk.begin_history(Person, [ids[2], ids[0]], by=by, at=NOW)

    assert list(Person.history.order_by("history_id").values_list("full_name", flat=True)) == ["A Một", "A Ba"]
