"""Several names in one line."""

import pytest

from tests.units.naming.told import ALL_COMMITTEES, DISTRICTS, MASS, told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Huyện ủy Đắk Hà và Huyện ủy Đắk Tô", [("hu-dak-ha", 100), ("hu-dak-to", 100)]),
        ("Huyện ủy Đắk Hà, Đắk Tô và Thành ủy Kon Tum", [("hu-dak-ha", 100), ("hu-dak-to", 100), ("tu-kon-tum", 100)]),
        ("Huyện ủy các huyện Đắk Hà, Đắk Tô", [("hu-dak-ha", 100), ("hu-dak-to", 100)]),
        ("Huyện ủy các huyện: Đắk Hà, Đắk Tô", [("hu-dak-ha", 100), ("hu-dak-to", 100)]),
        ("UBND các huyện Đắk Hà, Đắk Tô", []),
        ("các huyện Đắk Hà, Đắk Tô", [("hu-dak-ha", 60), ("hu-dak-to", 60)]),
        (
            "Các Sở Văn hóa, Thể thao và Du lịch; Thông tin và Truyền thông",
            [("so-vhttdl", 100), ("so-tttt", 100)],
        ),
        ("đồng chí Nguyễn Văn Hòa, Bí thư Huyện ủy Đắk Hà", [("hu-dak-ha", 85)]),
        ("Đồng chí Y Hoa, Ủy viên Ban Thường vụ, Trưởng Ban Tuyên giáo Tỉnh ủy", [("ban-tuyen-giao", 85)]),
        ("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy; Tỉnh đoàn", [(ALL_COMMITTEES, 100), ("tinh-doan", 100)]),
        ("Các đơn vị: Huyện ủy Đắk Hà, Tỉnh đoàn", [("hu-dak-ha", 100), ("tinh-doan", 100)]),
        ("các huyện ủy: Đắk Hà, Đắk Tô", [("hu-dak-ha", 100), ("hu-dak-to", 100)]),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Sở Thông tin và Truyền thông; Tỉnh đoàn",
            [("so-vhttdl", 100), ("so-tttt", 100), ("tinh-doan", 100)],
        ),
        (
            "các Sở: Thông tin và Truyền thông, Lao động - Thương binh và Xã hội",
            [("so-tttt", 100), ("so-ldtbxh", 100)],
        ),
        (
            "Đảng đoàn Ủy ban MTTQ Việt Nam tỉnh và các tổ chức chính trị - xã hội tỉnh",
            [("mttq", 95), (MASS, 100)],
        ),
        ("Mặt trận Tổ quốc và các đoàn thể chính trị - xã hội tỉnh", [("mttq", 65), (MASS, 95)]),
        ("các huyện ủy, thành ủy và Đảng ủy Quân sự tỉnh", [(DISTRICTS, 100), ("quan-su", 100)]),
        ("Tỉnh đoàn, Ban Thường vụ Tỉnh đoàn", [("tinh-doan", 100)]),
        # One part is not known: nothing.
        ("Huyện ủy Đắk Hà và các đơn vị liên quan", []),
        ("Huyện đoàn: Đắk Hà, Đắk Tô", []),
        ("Văn phòng các huyện ủy: Đắk Hà, Đắk Tô", []),
        ("Huyện ủy Đắk Hà và Huyện ủy Sa Pa", []),
        ("Ban Tuyên giáo Tỉnh ủy, Ban Dân vận Tỉnh ủy", []),
    ],
)
def test_a_list_that_came_uncut_means_all_it_names_or_nothing(book, written, expected):
    assert told(book.match(written)) == expected
