"""The issuer tells the level, the day which names count; what else may be offered."""

from datetime import date

import pytest

from tests.factories import make_area, make_unit
from tests.units.naming.told import DISTRICTS, MASS, THE_DAY, codes, told
from units.models import Succession
from units.naming import Namebook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "issuer", "expected"),
    [
        ("Văn phòng", "", [("van-phong", 100)]),
        ("Văn phòng", "Ban Thường vụ Tỉnh ủy", [("van-phong", 95)]),
        ("Văn phòng", "TỈNH ỦY KON TUM", [("van-phong", 95)]),
        ("Văn phòng", "Ủy ban nhân dân tỉnh", []),
        ("Văn phòng", "Ban Thường vụ Huyện ủy Đắk Hà", []),
        ("Tỉnh đoàn", "Ban Thường vụ Tỉnh ủy", [("tinh-doan", 100)]),
        ("Hội Nông dân", "Ban Thường vụ Tỉnh ủy", [("hoi-nong-dan", 100)]),
        ("Hội Nông dân", "UBND tỉnh Kon Tum", [("hoi-nong-dan", 100)]),
        ("Hội Nông dân", "Huyện ủy Đắk Hà", []),
        ("Hội Nông dân tỉnh", "Huyện ủy Đắk Hà", [("hoi-nong-dan", 100)]),
        ("Hội Nông dân", "Ban Tuyên giáo Trung ương", []),
        ("Hội Nông dân tỉnh", "Thủ tướng Chính phủ", [("hoi-nong-dan", 75)]),
        ("Huyện ủy Đắk Hà", "Thủ tướng Chính phủ", [("hu-dak-ha", 100)]),
        ("Hội Nông dân tỉnh", "ỦY BAN NHÂN DÂN TỈNH LÀO CAI", []),
        ("Tỉnh đoàn", "Ban Thường vụ Tỉnh ủy Lào Cai", []),
        ("các tổ chức chính trị - xã hội", "Thủ tướng Chính phủ", []),
        ("các tổ chức chính trị - xã hội", "Huyện ủy Đắk Hà", []),
        ("các tổ chức chính trị - xã hội", "Ban Thường vụ Tỉnh ủy", [(MASS, 90)]),
        ("Hội Nông dân tỉnh Kon Tum", "ỦY BAN NHÂN DÂN TỈNH LÀO CAI", [("hoi-nong-dan", 100)]),
        ("các huyện ủy, thành ủy", "Thủ tướng Chính phủ", []),
        ("các huyện ủy", "Thủ tướng Chính phủ", []),
        ("các huyện ủy, thành ủy", "Ban Thường vụ Tỉnh ủy Lào Cai", []),
        ("các huyện ủy, thành ủy tỉnh Kon Tum", "Thủ tướng Chính phủ", [(DISTRICTS, 100)]),
        ("Hội Nông dân", "Ban Thường vụ Thành ủy Đà Nẵng", []),
        ("Hội Nông dân", "Đảng ủy xã Hà Mòn", []),
    ],
)
def test_the_issuer_tells_whose_a_bare_name_is(book, written, issuer, expected):
    assert told(book.match(written, issuer=issuer)) == expected


@pytest.mark.parametrize("issuer", ["Ủy ban nhân dân huyện Đắk Hà", "HUYỆN ỦY ĐẮK HÀ", "Ban Thường vụ Huyện ủy Đắk Hà"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("UBND huyện", [("ubnd-huyen", 95)]),
        ("Ủy ban nhân dân huyện", [("ubnd-huyen", 95)]),
        ("Hội Nông dân huyện", [("hnd-huyen", 95)]),
        ("Hội Nông dân", [("hnd-huyen", 95)]),
        ("Hội Nông dân tỉnh", [("hnd-tinh", 100)]),
        ("Huyện ủy", [("hu-dak-ha", 95)]),
        ("Văn phòng", []),
    ],
)
def test_a_document_of_a_district_means_the_district_s_bodies(written, issuer, expected):
    area = make_area("Huyện Đắk Hà")
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha", area=area)
    make_unit("Ủy ban nhân dân huyện Đắk Hà", code="ubnd-huyen", area=area)
    make_unit("Hội Nông dân huyện Đắk Hà", code="hnd-huyen", area=area)
    make_unit("Hội Nông dân tỉnh", code="hnd-tinh", short_name="Hội Nông dân")
    make_unit("Văn phòng Tỉnh ủy", code="vptu", short_name="Văn phòng")
    assert told(Namebook(on=THE_DAY).match(written, issuer=issuer)) == expected


def test_a_unit_below_the_issuer_goes_before_its_namesake_elsewhere():
    here, there = make_area("Huyện Đắk Hà"), make_area("Huyện Đắk Glei")
    make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha", area=here)
    for code, parent in (("o-dak-ha", here), ("o-dak-glei", there)):
        make_unit("Đảng ủy xã Đăk Long", code=code, area=make_area("Xã Đăk Long", level="commune", parent=parent))
    book = Namebook(on=THE_DAY)
    assert told(book.match("Đảng ủy xã Đăk Long")) == []
    assert told(book.match("Đảng ủy xã Đăk Long", issuer="Huyện ủy Đắk Hà")) == [("o-dak-ha", 100)]
    assert codes(book.alternatives("Đảng ủy xã Đăk Long"))[:2] == ["o-dak-ha", "o-dak-glei"]


def test_a_name_counts_on_its_days_and_less_before_and_after():
    unit = make_unit("Ban Tuyên giáo và Dân vận Tỉnh ủy", code="btg", short_name="Ban Tuyên giáo và Dân vận")
    unit.versions.create(valid_from=date(1930, 1, 1), name="Ban Tuyên giáo Tỉnh ủy", short_name="Ban Tuyên giáo")
    unit.versions.create(
        valid_from=date(2025, 3, 1), name="Ban Tuyên giáo và Dân vận Tỉnh ủy", short_name="Ban Tuyên giáo và Dân vận"
    )
    before, after = Namebook(on=date(2025, 2, 28)), Namebook(on=date(2025, 3, 1))
    assert told(before.match("Ban Tuyên giáo Tỉnh ủy")) == [("btg", 100)]
    assert told(before.match("Ban Tuyên giáo và Dân vận Tỉnh ủy")) == [("btg", 75)]
    assert told(after.match("Ban Tuyên giáo Tỉnh ủy")) == [("btg", 75)]
    assert told(after.match("Ban Tuyên giáo và Dân vận Tỉnh ủy")) == [("btg", 100)]


def test_a_name_that_only_the_history_of_the_unit_knows_counts_less():
    unit = make_unit("Ban Tuyên giáo Tỉnh ủy", code="btg")
    unit.name = unit.short_name = "Ban Tuyên giáo và Dân vận Tỉnh ủy"
    unit.save()
    assert told(Namebook(on=THE_DAY).match("Ban Tuyên giáo Tỉnh ủy")) == [("btg", 75)]


def test_a_dissolved_unit_is_not_meant_after_its_end_and_its_successor_is_offered():
    old = make_unit("Đảng ủy Khối các cơ quan tỉnh", code="khoi", valid_to=date(2025, 2, 28))
    between = make_unit(
        "Đảng ủy lâm thời các cơ quan", code="lam-thoi", valid_from=date(2025, 3, 1), valid_to=date(2025, 5, 31)
    )
    new = make_unit("Đảng bộ các cơ quan Đảng tỉnh", code="moi", valid_from=date(2025, 6, 1))
    Succession.objects.create(predecessor=old, successor=between, on=date(2025, 3, 1), legal_basis="QĐ 1")
    Succession.objects.create(predecessor=between, successor=new, on=date(2025, 6, 1), legal_basis="QĐ 2")
    written = "Đảng ủy Khối các cơ quan tỉnh"
    assert told(Namebook(on=date(2025, 2, 28)).match(written)) == [("khoi", 100)]
    after = Namebook(on=date(2025, 6, 1))
    assert told(after.match(written)) == []
    assert told(after.alternatives(written)) == [("moi", 59)]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("Ban Tuyên giáo Trung ương", "ban-tuyen-giao"),
        ("Đảng ủy Ủy ban nhân dân tỉnh", "bcsd-ubnd"),
        ("Ban Dân vận Tỉnh ủy", "ban-tuyen-giao"),
        ("Huyện ủy Đắk Mil", "hu-dak-to"),
        ("UBND huyện Đắk Hà", "hu-dak-ha"),
        ("các sở, ban, ngành, đoàn thể chính trị - xã hội", MASS),
    ],
)
def test_the_likeliest_body_is_offered_first_and_stays_below_a_match(book, written, first):
    found = told(book.alternatives(written))
    assert found[0][0] == first
    assert [code for code, confidence in found if not 20 <= confidence <= 59] == []
    assert len(found) <= 5


def test_what_is_matched_is_not_offered_again(book):
    assert "hu-dak-ha" not in codes(book.alternatives("Huyện ủy Đắk Hà"))


def test_nothing_is_offered_for_words_that_no_name_has(book):
    assert book.alternatives("zzz qqq") == ()
