"""What is kept of the rows of a list, as it is opened for a page and for an import."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from tests.veterans.conftest import NOW
from units.models import Area
from veterans.importing import applying, checking, showing, taking, values
from veterans.models import ImportedRow, Person

pytestmark = pytest.mark.django_db

HEAD = ["STT", "Họ và tên", "Năm sinh", "Dân tộc", "Xã", "Đối tượng"]
RIGHT = [1, "A Thút", 1931, "Xơ Đăng", "Hà Mòn", "TNXP"]
NO_YEAR = [2, "Ông A KHUM (Tư)", "19x4", "Xơ Đăng", "Hà Mòn", "TNXP"]
ELSEWHERE = [3, "y blô", 1930, "", "Xã Không Có", "TNXP"]
NO_NAME = [4, "", 1930, "", "Hà Mòn", "TNXP"]


@pytest.fixture
def found(land):
    made = Workbook()
    for row in (HEAD, RIGHT, NO_YEAR, ELSEWHERE, NO_NAME):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    upload = taking.accept(SimpleUploadedFile("danh sach.xlsx", out.getvalue()))
    found = taking.begin(upload, sender="UBND xã Hà Mòn", area=land.near, by=land.of_near, now=NOW)
    checking.check(found, by=land.of_near, now=NOW)
    return found


def test_a_wrong_row_is_known_by_the_name_as_it_is_written(found, land, client):
    client.force_login(land.of_near)

    shown = showing.rows(found, ImportedRow.objects.filter(outcome="error").order_by("number"))
    page = client.get(reverse("veterans:import", args=[found.pk]) + "?xem=error").content.decode()

    assert [one.name for one in shown] == ["Ông A KHUM (Tư)", "y blô", ""]
    assert [f"<strong>{name}</strong>" in page for name in ("Ông A KHUM (Tư)", "y blô", "A Thút")] == [
        True,
        True,
        False,
    ]


def test_a_row_that_was_kept_with_the_names_of_its_fields_is_still_shown_and_imported(found, land):
    right, wrong = ImportedRow.objects.filter(number__in=(2, 3)).order_by("number")
    content = {
        "full_name": "A Thút", "sex": "unknown", "birth_year": 1931, "birth_month": None, "birth_day": None,
        "birth_is_estimated": False, "residence": Area.objects.get(name="Xã Hà Mòn").pk, "hamlet": "Thôn 5", "category": "youth_volunteer",
        "living": None, "death_year": None, "sealed": {"ethnicity": "Xơ Đăng"}, "converted": [],
    }  # fmt: skip
    for row, said in (
        (right, {"content": content, "errors": [], "warnings": [{"code": "hidden", "sentence": "Dòng ẩn."}]}),
        (
            wrong,
            {"content": None, "errors": [{"code": "birth_unreadable", "sentence": "Dòng 3: sai."}], "warnings": []},
        ),
    ):
        row.sealed = values.seal(said, found, values.place_of(row.sheet, row.number))
        row.save()

    shown = showing.rows(found, [right, wrong])
    applying.apply(found, by=land.of_near, now=NOW)

    assert [(one.name, one.errors, one.warnings) for one in shown] == [
        ("A Thút", [], ["Dòng ẩn."]), ("", ["Dòng 3: sai."], []),
    ]  # fmt: skip
    assert list(Person.objects.values_list("full_name", "hamlet")) == [("A Thút", "Thôn 5")]
