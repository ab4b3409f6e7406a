"""Which groups, or all units of a kind, a wording means."""

from datetime import date

import pytest

from tests.factories import make_unit
from tests.units.naming.told import ALL_COMMITTEES, DISTRICTS, MASS, THE_DAY, told
from units.models import GroupMember, Unit, UnitGroup, UnitKind
from units.naming import Namebook
from units.reference import load_reference

pytestmark = pytest.mark.django_db


IN_DAK_HA = [
    "du-tt-dak-ha",
    "du-xa-dak-pxi",
    "du-xa-dak-long",
    "du-xa-dak-hring",
    "du-xa-dak-ui",
    "du-xa-dak-ngok",
    "du-xa-dak-mar",
    "du-xa-ngok-wang",
    "du-xa-ngok-reo",
    "du-xa-ha-mon",
    "du-xa-dak-la",
]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy", [(ALL_COMMITTEES, 100)]),
        ("các huyện ủy, thành ủy và đảng ủy trực thuộc", [(ALL_COMMITTEES, 100)]),
        ("các đảng ủy trực thuộc, huyện ủy, thành ủy", [(ALL_COMMITTEES, 100)]),
        ("cac huyen uy, thanh uy, dang uy truc thuoc Tinh uy", [(ALL_COMMITTEES, 90)]),
        ("các huyện, thành ủy, đảng ủy trực thuộc", [(ALL_COMMITTEES, 100)]),
        ("các cấp ủy trực thuộc Tỉnh ủy", [(ALL_COMMITTEES, 85)]),
        ("các huyện ủy, thành ủy", [(DISTRICTS, 100)]),
        ("các huyện uỷ và thành uỷ", [(DISTRICTS, 100)]),
        ("các huyện ủy, thành ủy trực thuộc Tỉnh ủy", [(DISTRICTS, 100)]),
        ("các huyện, thành ủy", [(DISTRICTS, 100)]),
        ("các huyện ủy, thị ủy, thành ủy", [(DISTRICTS, 85)]),
        ("Ban Thường vụ các huyện ủy, thành ủy", [(DISTRICTS, 85)]),
        ("BTV các huyện ủy, thành ủy", [(DISTRICTS, 85)]),
        ("Các đồng chí Bí thư huyện ủy, thành ủy", [(DISTRICTS, 85)]),
        ("các huyện uy, thành uy", [(DISTRICTS, 80)]),
        ("các huyện ủy, thành ủv", [(DISTRICTS, 70)]),
        ("các đảng bộ huyện, thành phố", [(DISTRICTS, 85)]),
        ("các tổ chức chính trị - xã hội tỉnh", [(MASS, 100)]),
        ("các tổ chức CT-XH tỉnh", [(MASS, 95)]),
        ("các tổ chức chính trị - xã hội cấp tỉnh", [(MASS, 100)]),
        ("các đoàn thể chính trị - xã hội tỉnh", [(MASS, 95)]),
        # Nobody's group, or only part of one.
        ("các tổ chức chính trị - xã hội liên quan", []),
        ("các tổ chức chính trị - xã hội huyện Đắk Hà", []),
        ("các tổ chức chính trị - xã hội Trung ương", []),
        ("các cơ quan, đơn vị", []),
        ("các địa phương", []),
        ("các cấp ủy", []),
        ("các đảng ủy", []),
        ("các ban xây dựng Đảng", []),
        ("UBND các huyện, thành phố", []),
        ("Ủy ban nhân dân các huyện, thành phố", []),
        ("các sở, ban, ngành", []),
        ("các xã, phường, thị trấn", []),
        ("Đảng ủy các xã, phường, thị trấn", []),
        ("các huyện, thành phố", [(DISTRICTS, 60)]),
    ],
)
def test_a_written_group_means_a_group_or_nothing(book, written, expected):
    assert told(book.match(written)) == expected


def test_the_communes_of_a_district_are_named_by_their_kind(book):
    expected = [(code, 85) for code in IN_DAK_HA]
    assert told(book.match("Đảng ủy các xã, thị trấn thuộc huyện Đắk Hà")) == expected
    assert told(book.match("các đảng ủy xã, thị trấn thuộc Huyện ủy Đắk Hà")) == expected
    assert told(book.match("các đảng ủy xã, thị trấn", issuer="Ban Thường vụ Huyện ủy Đắk Hà")) == expected


def test_without_a_group_the_units_of_a_kind_are_named_one_by_one():
    load_reference()
    UnitGroup.objects.filter(code=DISTRICTS).delete()
    found = told(Namebook(on=THE_DAY).match("các huyện ủy, thành ủy"))
    assert found == [
        ("tu-kon-tum", 85),
        ("hu-dak-glei", 85),
        ("hu-ngoc-hoi", 85),
        ("hu-dak-to", 85),
        ("hu-kon-plong", 85),
        ("hu-kon-ray", 85),
        ("hu-dak-ha", 85),
        ("hu-sa-thay", 85),
        ("hu-tu-mo-rong", 85),
        ("hu-ia-hdrai", 85),
    ]


def test_a_kind_of_which_one_unit_is_missing_is_not_matched_by_halves():
    load_reference()
    UnitGroup.objects.filter(code=DISTRICTS).delete()
    Unit.objects.filter(code="hu-dak-to").update(valid_to=date(2023, 12, 31))
    assert told(Namebook(on=THE_DAY).match("các huyện ủy, thành ủy")) == []


@pytest.mark.parametrize(
    ("name", "written", "confidence"),
    [
        ("Các cơ quan, ban, ngành, đoàn thể tỉnh", "các cơ quan, ban, ngành, đoàn thể tỉnh", 100),
        ("Các cơ quan, ban, ngành, đoàn thể tỉnh", "Thủ trưởng các cơ quan, ban, ngành, đoàn thể tỉnh", 85),
        ("Các cơ quan, ban, ngành, đoàn thể tỉnh", "các ban, ngành, đoàn thể của tỉnh", 85),
        ("Các ban, ngành, đoàn thể tỉnh", "các cơ quan, ban, ngành, đoàn thể cấp tỉnh", 85),
        ("Các ban xây dựng Đảng", "các ban xây dựng Đảng của Tỉnh ủy", 100),
        ("Các ban xây dựng Đảng", "các ban Đảng Tỉnh ủy", 95),
        ("Các cơ quan tham mưu, giúp việc Tỉnh ủy", "các cơ quan tham mưu, giúp việc của Tỉnh ủy", 100),
    ],
)
def test_a_group_of_another_office_is_found_by_the_words_of_its_name(name, written, confidence):
    group = UnitGroup.objects.create(code="nhom", name=name)
    GroupMember.objects.create(group=group, unit=make_unit("Sở Nội vụ", kind=UnitKind.STATE_BODY))
    assert told(Namebook(on=THE_DAY).match(written)) == [("nhom", confidence)]


@pytest.mark.parametrize(
    "written", ["các sở, ban, ngành, đoàn thể tỉnh", "các cơ quan, ban, ngành tỉnh", "các đoàn thể"]
)
def test_a_group_with_other_words_is_not_meant(written):
    group = UnitGroup.objects.create(code="nhom", name="Các cơ quan, ban, ngành, đoàn thể tỉnh")
    GroupMember.objects.create(group=group, unit=make_unit("Sở Nội vụ", kind=UnitKind.STATE_BODY))
    assert told(Namebook(on=THE_DAY).match(written)) == []


def test_a_group_without_a_member_that_day_is_not_meant():
    group = UnitGroup.objects.create(code="nhom", name="Các ban xây dựng Đảng")
    GroupMember.objects.create(group=group, unit=make_unit("Ban Nội chính"), valid_from=date(2024, 2, 16))
    assert told(Namebook(on=THE_DAY).match("các ban xây dựng Đảng")) == []
    assert told(Namebook(on=date(2024, 2, 16)).match("các ban xây dựng Đảng")) == [("nhom", 100)]


def test_a_unit_that_has_left_a_group_no_longer_makes_it():
    load_reference()
    GroupMember.objects.filter(group__code=MASS).update(valid_to=date(2024, 2, 14))
    assert told(Namebook(on=date(2024, 2, 14)).match("các tổ chức chính trị - xã hội tỉnh")) == [(MASS, 100)]
    assert told(Namebook(on=date(2024, 2, 15)).match("các tổ chức chính trị - xã hội tỉnh")) == []


@pytest.mark.parametrize("written", ["các cơ quan, đơn vị liên quan", "các đơn vị khác"])
def test_words_that_leave_open_who_is_meant_are_no_group_even_where_one_is_called_so(written):
    group = UnitGroup.objects.create(code="nhom", name=written)
    GroupMember.objects.create(group=group, unit=make_unit("Ban Nội chính"))
    assert Namebook(on=THE_DAY).match(written) == ()
