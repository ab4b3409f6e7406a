"""Which unit one written name means."""

import json
from pathlib import Path

import pytest

from tests.units.naming.told import PROVINCE, THE_DAY, codes, told
from units.models import Unit
from units.naming import Namebook
from units.reference import load_reference

pytestmark = pytest.mark.django_db


def test_every_unit_is_found_by_its_full_and_its_short_name():
    load_reference()
    book = Namebook(on=THE_DAY)
    found = {
        (unit.code, name): told(book.match(name))
        for unit in Unit.objects.all()
        for name in (unit.name, unit.short_name)
    }
    assert found == {(code, name): [(code, 100)] for code, name in found}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # Accents elsewhere, capitals, decomposed letters, hyphens, "&", blanks, signs at the end.
        ("HUYỆN ỦY ĐẮK HÀ", [("hu-dak-ha", 100)]),
        ("Huyện uỷ Đắk Hà;", [("hu-dak-ha", 100)]),
        ("  Huyện  ủy\u00a0Đắk Hà. ", [("hu-dak-ha", 100)]),
        ("Huyê\u0323n u\u0309y Đă\u0301k Ha\u0300", [("hu-dak-ha", 100)]),
        ("Đài Phát thanh-Truyền hình tỉnh", [("dai-ptth", 100)]),
        ("Đài Phát thanh và Truyền hình tỉnh", [("dai-ptth", 100)]),
        ("Sở Văn hoá, Thể thao & Du lịch", [("so-vhttdl", 100)]),
        ("Sở Lao động, Thương binh và Xã hội", [("so-ldtbxh", 100)]),
        ("Huyện ủy Ia H’Drai", [("hu-ia-hdrai", 100)]),
        ("Huyện ủy Ia H' Drai", [("hu-ia-hdrai", 100)]),
        ("Huyện ủy Ia HDrai", [("hu-ia-hdrai", 100)]),
        ("Ban Tuyên giáo Tỉnh ủy (để báo cáo)", [("ban-tuyen-giao", 100)]),
        # The own province named.
        ("Hội Nông dân tỉnh Kon Tum", [("hoi-nong-dan", 100)]),
        ("Ban Tuyên giáo Tỉnh ủy Kon Tum", [("ban-tuyen-giao", 100)]),
        ("Sở Thông tin và Truyền thông tỉnh", [("so-tttt", 100)]),
        ("Tỉnh đoàn Kon Tum", [("tinh-doan", 100)]),
        ("Tỉnh đoàn Kontum", [("tinh-doan", 80)]),
        # Without accents.
        ("Huyen uy Dak Ha", [("hu-dak-ha", 90)]),
        ("ban tuyen giao tinh uy", [("ban-tuyen-giao", 90)]),
        # Shortened.
        ("UBND tỉnh", [("ubnd-tinh", 100)]),
        ("BTG Tỉnh ủy", [("ban-tuyen-giao", 95)]),
        ("BTGTU", [("ban-tuyen-giao", 95)]),
        ("HU Đắk Hà", [("hu-dak-ha", 95)]),
        ("HU TU MƠ RÔNG", [("hu-tu-mo-rong", 95)]),
        ("UBMTTQ Việt Nam tỉnh", [("mttq", 65)]),
        ("Đảng đoàn UBMTTQVN tỉnh", [("mttq", 95)]),
        ("Đảng đoàn Ủy ban MTTQ tỉnh", [("mttq", 95)]),
        ("LĐLĐ tỉnh", [("ldld", 95)]),
        ("Hội CCB tỉnh", [("hoi-ccb", 95)]),
        ("Hội LHPN tỉnh", [("hoi-phu-nu", 95)]),
        ("Hội Phụ nữ tỉnh", [("hoi-phu-nu", 95)]),
        ("BCSĐ UBND tỉnh", [("bcsd-ubnd", 100)]),
        ("Ban cán sự đảng UBND tỉnh", [("bcsd-ubnd", 95)]),
        ("BTV Tỉnh đoàn", [("tinh-doan", 95)]),
        ("VP Tỉnh ủy", [("van-phong", 95)]),
        ("VPTU", [("van-phong", 95)]),
        ("Đảng ủy QS tỉnh", [("quan-su", 95)]),
        ("Bộ CHQS tỉnh", [("bo-chqs", 100)]),
        ("BCHQS tỉnh", [("bo-chqs", 95)]),
        ("Sở LĐ-TB&XH", [("so-ldtbxh", 95)]),
        ("Sở VH, TT & DL", [("so-vhttdl", 80)]),
        ("Sở VHTT&DL", [("so-vhttdl", 95)]),
        ("Đài PT&TH tỉnh", [("dai-ptth", 95)]),
        ("Đảng ủy TT. Đăk Hà", [("du-tt-dak-ha", 95)]),
        ("Đảng ủy X. Hà Mòn", [("du-xa-ha-mon", 95)]),
        ("Đoàn TNCS Hồ Chí Minh tỉnh", [("tinh-doan", 95)]),
        ("Đảng ủy BĐBP tỉnh", [("bien-phong", 95)]),
        ("Đảng ủy BCH BĐBP tỉnh", [("bien-phong", 95)]),
        ("Đảng ủy Khối CCQ&DN tỉnh", [("dang-uy-khoi", 95)]),
        ("Sở Lao động - TB&XH", [("so-ldtbxh", 95)]),
        # A syllable in small letters is no abbreviation.
        ("Đu Khối", []),
        ("ĐU Khối", [("dang-uy-khoi", 95)]),
        # Without the level.
        ("Đảng ủy Khối các cơ quan và doanh nghiệp", [("dang-uy-khoi", 85)]),
        ("Đài Phát thanh - Truyền hình", [("dai-ptth", 95)]),
        ("UBND", []),
        ("Công an", []),
        # Who leads it or speaks for it.
        ("Thường trực Huyện ủy Đắk Hà", [("hu-dak-ha", 85)]),
        ("Ban Thường vụ Huyện ủy Đắk Hà", [("hu-dak-ha", 85)]),
        ("đồng chí Bí thư Huyện ủy Đắk Hà", [("hu-dak-ha", 85)]),
        ("Lãnh đạo Sở Thông tin và Truyền thông", [("so-tttt", 85)]),
        ("Giám đốc Sở TT&TT", [("so-tttt", 85)]),
        ("Trưởng Ban Tuyên giáo Tỉnh ủy", [("ban-tuyen-giao", 85)]),
        ("Chánh Văn phòng Tỉnh ủy", [("van-phong", 85)]),
        ("Chủ tịch UBND tỉnh", [("ubnd-tinh", 85)]),
        ("Bí thư Tỉnh đoàn", [("tinh-doan", 85)]),
        ("Đảng bộ huyện Đắk Hà", [("hu-dak-ha", 95)]),
        # The Party's body where only the organisation is kept, and the other way round.
        ("Đảng đoàn Hội Nông dân tỉnh", [("hoi-nong-dan", 85)]),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", [("mttq", 65)]),
        ("Công an tỉnh", [("cong-an", 65)]),
        ("Đảng ủy Ủy ban nhân dân tỉnh", []),
        ("Đảng ủy Sở Thông tin và Truyền thông", []),
        # Misspelt.
        ("Thành ủy Kontum", [("tu-kon-tum", 80)]),
        ("Huyện ủy Đăk Hà", [("hu-dak-ha", 80)]),
        ("Huyện ủy Đắc Hà", [("hu-dak-ha", 80)]),
        ("Huyện ủy Dak Hà", [("hu-dak-ha", 80)]),
        ("Huyện ủv Đắk Hà", [("hu-dak-ha", 70)]),
        ("Huyện ủy Đắk Gleii", [("hu-dak-glei", 70)]),
        ("Huyện ủy Ngọc Hôì", [("hu-ngoc-hoi", 100)]),
        ("Huyện ủy Kon Plôngg", [("hu-kon-plong", 70)]),
        ("Ban Tuyêm giáo Tỉnh ủy", [("ban-tuyen-giao", 70)]),
        ("Huyện ủv Đắk Gleii", [("hu-dak-glei", 65)]),
        ("Ban Tuyêm giáoo Tỉnh ủy", [("ban-tuyen-giao", 65)]),
        ("Bann Tuyêm giáoo Tỉnh ủy", []),
        ("Đảng ủv Đăkk Glei", []),
        ("Huyệnn ủy Đắk Gleeii", []),
        # Another letter makes another place, another office.
        ("Huyện ủy Đắk Mà", []),
        ("Huyện ủy Đắk Mil", []),
        ("Đảng ủy xã Đăk Man", []),
        ("Bộ Thông tin và Truyền thông", []),
        # Bodies of elsewhere, and bodies that are none of ours.
        ("Ban Tuyên giáo Trung ương", []),
        ("Ban Tuyên giáo Tỉnh ủy Lào Cai", []),
        ("Tỉnh đoàn Quảng Ngãi", []),
        ("Ủy ban nhân dân tỉnh Gia Lai", []),
        ("Đài Truyền hình Việt Nam", []),
        ("Hội Nông dân Việt Nam", []),
        ("Hội Nông dân huyện Đắk Hà", []),
        ("Văn phòng Huyện ủy Đắk Hà", []),
        ("Bộ Quốc phòng", []),
        ("Ban Thường vụ Tỉnh ủy", []),
        ("Tỉnh ủy", []),
        # The area alone.
        ("huyện Đắk Hà", [("hu-dak-ha", 60)]),
        ("TP. Kon Tum", [("tu-kon-tum", 60)]),
        ("thị trấn Đăk Hà", [("du-tt-dak-ha", 60)]),
        ("xã Đăk Long", []),
        ("Đắk Hà", []),
        # Nobody named.
        ("", []),
        ("huyện", []),
        ("Huyện ủy", []),
        ("nhân dân", []),
        ("???", []),
        ("các địa phương, đơn vị liên quan", []),
    ],
)
def test_a_written_name_means_one_unit_or_none(book, written, expected):
    assert told(book.match(written)) == expected


DIRECTIVE = Path(__file__).parents[3] / "tasks/data/kon-tum-70-nam-dien-bien-phu.json"


def _lines_of_the_directive() -> list[tuple[str, list[str]]]:
    content = json.loads(DIRECTIVE.read_text(encoding="utf-8"))
    lines = [(row["written"], [*row.get("units", []), *row.get("groups", [])]) for row in content["addressees"]]
    named = [row for rows in content["recipient_sets"].values() for row in rows]
    for task in content["tasks"]:
        for role in ("lead", "coordinating"):
            if isinstance(task.get(role), list):
                named += task[role]
    for row in named:
        lines.append((row["written"], [row[key] for key in ("unit", "group") if key in row]))
    return lines


def test_every_name_of_the_real_directive_means_what_the_office_made_of_it(book):
    lines = _lines_of_the_directive()
    assert len(lines) == 28
    assert [(written, codes(book.match(written, issuer=PROVINCE))) for written, _ in lines] == lines


def test_the_real_directive_s_names_are_sure(book):
    lines = _lines_of_the_directive()
    assert {match.confidence for written, _ in lines for match in book.match(written)} == {95, 100}
