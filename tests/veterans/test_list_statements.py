"""What the pages of lists, of pairs and of one entry cost in statements: the same at 1 and at 300 rows."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import StoredFile
from tests.veterans.conftest import NOW
from veterans import gratitude, living
from veterans.importing import applying, checking, taking
from veterans.models import DuplicatePair, Person, PersonImport

pytestmark = pytest.mark.django_db

HEAD = "STT,Họ và tên,Năm sinh,Thôn,Xã,Đối tượng,Số CCCD\n"
COUNTS = (1, 300)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def word(number: int) -> str:
    """A number in letters: names have no figures."""
    return "B" + "".join(chr(ord("a") + int(figure)) for figure in str(number))


def url(name: str, *args) -> str:
    return reverse(f"veterans:{name}", args=args)


@pytest.fixture
def bring(land):
    """Read a list of so many right and so many wrong rows."""

    def brought(right: int, wrong: int = 0, sender: str = "UBND xã Hà Mòn") -> PersonImport:
        lines = [
            f"{n},A {word(n)} {word(right)},1931,Thôn {n % 9},Hà Mòn,TNXP,0620{right:03}{n:05}\n" for n in range(right)
        ]
        lines += [f"{n},Y {word(n)},19x4,Thôn 1,Hà Mòn,TNXP,\n" for n in range(wrong)]
        checked = taking.accept(SimpleUploadedFile("ds.csv", (HEAD + "".join(lines)).encode()))
        found = taking.begin(checked, sender=sender, area=land.near, by=land.of_near, now=NOW)
        checking.check(found, by=land.of_near, now=NOW)
        return found

    return brought


def cost(client, address: str) -> int:
    """Statements of one page, asked for a second time."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


def test_the_page_of_lists(client, land):
    client.force_login(land.of_near)
    costs = []
    for count in COUNTS:
        file = StoredFile.objects.create(file="x", original_name="ds.csv", extension=".csv", content_type="text/csv", size=1, sha256="a" * 64, uploaded_by=land.of_near, uploaded_at=NOW)  # fmt: skip
        said = {"file": file, "sender_key": "x", "area": land.near, "uploaded_by": land.of_near, "uploaded_at": NOW}
        PersonImport.objects.bulk_create(PersonImport(sender=f"Nơi {n}", **said) for n in range(count))
        costs.append(cost(client, url("imports")))

    assert costs == [6, 6]


@pytest.mark.parametrize(("kind", "statements"), [("create", 8), ("error", 7), ("keep", 7), ("update", 7)])
def test_the_result_of_a_list(client, land, bring, kind, statements):
    client.force_login(land.of_near)
    costs = []
    for count in COUNTS:
        found = bring(count, count, sender=f"Nơi gửi {count}")
        if kind in ("keep", "update"):
            applying.apply(found, by=land.of_near, now=NOW)
            found.rows.filter(outcome="create").update(outcome=kind)
        costs.append(cost(client, url("import", found.pk) + f"?xem={kind}"))

    assert costs == [statements, statements]


def test_the_columns_of_a_list(client, land, bring):
    client.force_login(land.of_near)

    assert [cost(client, url("import_columns", bring(count).pk)) for count in COUNTS] == [4, 4]


def test_the_file_of_errors(client, land, bring):
    client.force_login(land.of_near)
    costs = []
    for count in COUNTS:
        found = bring(1, count)
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(url("import_errors", found.pk))
        assert answer["Content-Type"].startswith("application/vnd.openxml")
        costs.append(len(asked))

    assert costs == [6, 6]


def test_the_pairs(client, land, add):
    client.force_login(land.of_near)
    first = add("A Một")
    costs = []
    for count in COUNTS:
        made = Person.objects.bulk_create(
            Person(full_name=f"A Hai {n}", residence=land.hring, birth_year=1930, birth_is_estimated=False, sort_key="x", search_key="|x|", created_by=land.of_near, created_at=NOW)
            for n in range(count)
        )  # fmt: skip
        DuplicatePair.objects.bulk_create(
            DuplicatePair(first=first, second=one, score=90, reasons=["same_name"], found_at=NOW) for one in made
        )
        costs.append(cost(client, url("pair_list")))

    assert costs == [6, 6]
    assert cost(client, url("pair_detail", DuplicatePair.objects.first().pk)) == 11


def test_one_entry(client, land, add):
    """The card, its data and its history, of somebody visited once and of somebody visited 60 times and confirmed 60 times."""
    client.force_login(land.of_province)
    costs = []
    for count in (1, 60):
        person = add(f"A Thăm {count}", phone="0950000001")
        for n in range(count):
            day = date(2024, 2, 15) + timedelta(days=n)
            gratitude.record_visit(person, on=day, unit=land.unit, by=land.of_province, now=NOW)  # fmt: skip
            person = living.confirm_living(person, source=f"Trưởng thôn {n}", by=land.of_province, now=NOW)
        costs.append({name: cost(client, url(name, person.pk)) for name in ("person_detail", "person_data", "person_history", "person_edit", "person_move")})  # fmt: skip

    once = {"person_detail": 19, "person_data": 10, "person_history": 12, "person_edit": 7, "person_move": 4}
    assert costs == [once, once]
