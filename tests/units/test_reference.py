"""The units and areas an installation starts with."""

from datetime import date

import pytest

from units.calendar import work_calendar
from units.models import Area, AreaAlias, AreaLevel, Unit, UnitGroup
from units.reference import load_reference

pytestmark = pytest.mark.django_db

EARLY_2024 = date(2024, 2, 15)
AFTER_THE_MERGER = date(2025, 7, 1)

RECIPIENTS_IN_OFFICIAL_ORDER = [
    "Ban cán sự đảng Ủy ban nhân dân tỉnh",
    "Ban Tuyên giáo Tỉnh ủy",
    "Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
    "Liên đoàn Lao động tỉnh",
    "Hội Nông dân tỉnh",
    "Hội Liên hiệp Phụ nữ tỉnh",
    "Hội Cựu chiến binh tỉnh",
    "Ban Thường vụ Tỉnh đoàn",
    "Thành ủy Kon Tum",
    "Huyện ủy Đắk Glei",
    "Huyện ủy Ngọc Hồi",
    "Huyện ủy Đắk Tô",
    "Huyện ủy Kon Plông",
    "Huyện ủy Kon Rẫy",
    "Huyện ủy Đắk Hà",
    "Huyện ủy Sa Thầy",
    "Huyện ủy Tu Mơ Rông",
    "Huyện ủy Ia H'Drai",
    "Đảng ủy Quân sự tỉnh",
    "Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh",
    "Đảng ủy Công an tỉnh",
    "Đảng ủy Bộ đội Biên phòng tỉnh",
]


def commune(name: str, day: date) -> Area:
    return Area.objects.communes().valid_on(day).get(name=name)


def test_kon_tum_has_one_province_ten_districts_and_102_communes_in_2024():
    load_reference()
    counts = {level: Area.objects.valid_on(EARLY_2024).filter(level=level).count() for level in AreaLevel.values}
    assert counts == {"province": 1, "district": 10, "commune": 102}


def test_from_july_2025_there_are_forty_communes_without_districts():
    load_reference()
    areas = Area.objects.valid_on(AFTER_THE_MERGER)
    counts = {level: areas.filter(level=level).count() for level in AreaLevel.values}
    assert counts == {"province": 1, "district": 0, "commune": 40}
    assert set(areas.communes().values_list("parent__name", flat=True)) == {"Tỉnh Quảng Ngãi"}


def test_every_old_commune_goes_whole_into_one_new_commune():
    load_reference()
    followers = [
        [new.valid_from for new in old.successors.all()]
        for old in Area.objects.communes().valid_on(EARLY_2024).prefetch_related("successors")
    ]
    assert followers == [[date(2025, 7, 1)]] * 102


def test_a_new_commune_may_reuse_an_old_ones_code():
    load_reference()
    rows = Area.objects.filter(code="23293").order_by("valid_from").values_list("name", "valid_to")
    assert list(rows) == [("Phường Thắng Lợi", date(2025, 6, 30)), ("Phường Kon Tum", None)]


def test_dak_hring_and_dak_mar_become_one():
    load_reference()
    new = commune("Xã Đăk Mar", AFTER_THE_MERGER)
    assert sorted(new.predecessors.communes().values_list("name", flat=True)) == ["Xã Đăk Hring", "Xã Đăk Mar"]


def test_three_communes_of_the_name_are_told_apart_by_their_district():
    load_reference()
    rows = Area.objects.communes().valid_on(EARLY_2024).filter(name="Xã Đăk Long").order_by("code")
    assert [area.parent.name for area in rows] == ["Huyện Đắk Glei", "Huyện Đăk Hà"]
    assert commune("Xã Đăk Hà", EARLY_2024).parent.name == "Huyện Tu Mơ Rông"


@pytest.mark.parametrize(
    ("written", "name"),
    [("Bờ Y", "Xã Pờ Y"), ("Plei Cần", "Thị trấn Plei Kần"), ("Măng Buk", "Xã Măng Bút"), ("Ngọc Réo", "Xã Ngọk Réo")],
)
def test_other_spellings_lead_to_the_area(written, name):
    load_reference()
    found = Area.objects.valid_on(EARLY_2024).get(aliases__name=written)
    assert found.name == name


def test_keys_are_those_that_save_makes():
    load_reference()
    for model in (Area, AreaAlias, Unit):
        for row in model.objects.all():
            written = (row.search_key, getattr(row, "sort_key", ""), row.name)
            row.save()
            assert (row.search_key, getattr(row, "sort_key", ""), row.name) == written


def test_the_22_recipients_stand_in_the_order_of_the_address():
    load_reference()
    units = Unit.objects.in_official_order().filter(sort_order__gte=100, sort_order__lt=500)
    assert [unit.name for unit in units] == RECIPIENTS_IN_OFFICIAL_ORDER


def test_groups_have_their_members_in_official_order():
    load_reference()
    members = {group.code: [unit.code for unit in group.members_on(EARLY_2024)] for group in UnitGroup.objects.all()}
    assert members["to-chuc-ct-xh"] == ["ldld", "hoi-nong-dan", "hoi-phu-nu", "hoi-ccb", "tinh-doan"]
    assert members["huyen-thanh-dang-uy-truc-thuoc"] == [
        "tu-kon-tum",
        "hu-dak-glei",
        "hu-ngoc-hoi",
        "hu-dak-to",
        "hu-kon-plong",
        "hu-kon-ray",
        "hu-dak-ha",
        "hu-sa-thay",
        "hu-tu-mo-rong",
        "hu-ia-hdrai",
        "quan-su",
        "dang-uy-khoi",
        "cong-an",
        "bien-phong",
    ]
    assert members["huyen-uy-thanh-uy"] == members["huyen-thanh-dang-uy-truc-thuoc"][:10]


def test_dak_ha_has_eleven_commune_committees_each_with_its_area():
    load_reference()
    units = Unit.objects.filter(parent__code="hu-dak-ha").in_official_order()
    assert [(unit.code, unit.area.name) for unit in units] == [
        ("du-tt-dak-ha", "Thị trấn Đăk Hà"),
        ("du-xa-dak-pxi", "Xã Đăk Pxi"),
        ("du-xa-dak-long", "Xã Đăk Long"),
        ("du-xa-dak-hring", "Xã Đăk Hring"),
        ("du-xa-dak-ui", "Xã Đăk Ui"),
        ("du-xa-dak-ngok", "Xã Đăk Ngọk"),
        ("du-xa-dak-mar", "Xã Đăk Mar"),
        ("du-xa-ngok-wang", "Xã Ngọk Wang"),
        ("du-xa-ngok-reo", "Xã Ngọk Réo"),
        ("du-xa-ha-mon", "Xã Hà Mòn"),
        ("du-xa-dak-la", "Xã Đăk La"),
    ]


def test_loading_again_creates_nothing_and_keeps_what_an_office_corrected():
    first = load_reference()
    Unit.objects.filter(code="tu-kon-tum").update(symbol="TU")
    second = load_reference()
    assert first == {"areas": 154, "aliases": AreaAlias.objects.count(), "units": 42, "groups": 3}
    assert second == {"areas": 0, "aliases": 0, "units": 0, "groups": 0}
    assert Unit.objects.get(code="tu-kon-tum").symbol == "TU"


def test_units_begin_with_a_line_of_history():
    load_reference()
    assert Unit.objects.get(code="quan-su").history.count() == 1


def test_the_swapped_day_of_2024_needs_no_row():
    load_reference()
    calendar = work_calendar()
    assert calendar.is_working_day(date(2024, 4, 29)) is False
    assert calendar.is_working_day(date(2024, 5, 4)) is True
    assert calendar.why(date(2024, 4, 29)) == "Nghỉ hoán đổi, làm bù 04/5/2024 (văn bản số 2450/VPCP-KGVX)"
