"""What a check says of each kind of slip: where it stands, what is wrong, what would be right."""

from datetime import date

import pytest

from tests.factories import at, make_area, make_membership, make_office, make_unit, make_user
from tests.units.workbooks import (
    PEOPLE_HEAD,
    TODAY,
    check,
    lists,
    places,
    xlsx,
)
from units.models import Area, AreaLevel, Deputation, Role, Unit
from units.roles import Role as RoleWords

pytestmark = pytest.mark.django_db

KINDS_SAID = (
    "Một trong: Văn phòng cấp ủy; Thường trực, Ban Thường vụ; Ban đảng, đảng đoàn, ban cán sự đảng; "
    "Huyện ủy, thành ủy, đảng ủy; Mặt trận, tổ chức chính trị - xã hội; Cơ quan nhà nước; Đơn vị khác."
)


@pytest.fixture(autouse=True)
def ground() -> dict:
    """A province with two districts, an office, two district committees, three people."""
    province = make_area("Tỉnh Kon Tum", level=AreaLevel.PROVINCE, code="62")
    dak_ha = make_area("Huyện Đắk Hà", code="615", parent=province)
    dak_glei = make_area("Huyện Đắk Glei", code="610", parent=province)
    for parent, code in ((dak_ha, "23503"), (dak_glei, "23377")):
        make_area("Xã Đăk Long", level=AreaLevel.COMMUNE, code=code, parent=parent)
    office = make_office(valid_to=None)
    committee = make_unit("Huyện ủy Đắk Hà", code="hu-dak-ha", short_name="HU Đắk Hà", area=dak_ha)
    make_unit("Huyện ủy Đắk Glei", code="hu-dak-glei", short_name="HU Đắk Glei", area=dak_glei)
    make_unit("Ban Dân vận cũ", code="ban-cu", short_name="Ban cũ", valid_to=date(2023, 12, 31))
    admin = make_user("quantri", full_name="Lê Quản Trị")
    make_membership(admin, office, Role.ADMINISTRATOR)
    reporter = make_user("dakha", full_name="Nguyễn Thị Hoa", phone="0905 123 456")
    make_membership(reporter, committee, Role.REPORTER, valid_from=date(2024, 1, 1))
    make_user("nghi", full_name="Trần Văn Nghỉ", is_active=False)
    return {"office": office, "committee": committee, "admin": admin, "reporter": reporter}


def person(
    username="moi",
    name="Phạm Văn Mới",
    phone=None,
    mail=None,
    role=None,
    unit=None,
    area=None,
    contact=None,
    begins=None,
    ends=None,
):
    return [username, name, phone, mail, role, unit, area, contact, begins, ends]


def deputy(who="dakha", whom="quantri", begins=date(2024, 5, 2), ends=date(2024, 5, 10), reason="nghỉ phép"):
    return [who, whom, begins, ends, reason]


AREA = "Địa bàn"
UNIT = "Đơn vị"
PEOPLE = "Người và vai trò"
DEPUTIES = "Thay mặt"

ROLES_SAID = "Một trong: Cán bộ Văn phòng; Cán bộ đầu mối; Lãnh đạo đơn vị; Thường trực, Ban Thường vụ; Cán bộ sổ tri ân; Quản trị hệ thống."
ONE_SLIP = [
    # --- areas
    (
        {"areas": [["23600", "Xã Mới", "Làng", "615"]]},
        (AREA, 2, "C (Cấp)", "Không có cấp “Làng”.", "Một trong: Tỉnh; Huyện, thành phố; Xã, phường, thị trấn."),
    ),
    (
        {"areas": [[None, "Xã Mới", "Xã", "615"]]},
        (AREA, 2, "A (Mã)", "Thiếu Mã.", "Mã đơn vị hành chính, ví dụ 608 hoặc 23500."),
    ),
    (
        {"areas": [["23600", None, "Xã", "615"]]},
        (AREA, 2, "B (Tên)", "Thiếu Tên.", "Tên đầy đủ, ví dụ Xã Đăk Hring."),
    ),
    (
        {"areas": [["23600", "Xã Mới", "Xã", "23503"]]},
        (
            AREA,
            2,
            "D (Thuộc)",
            "“Xã Đăk Long” (23503, Huyện Đắk Hà) không phải cấp trên của xã, phường, thị trấn.",
            "Xã thuộc huyện hoặc tỉnh, huyện thuộc tỉnh.",
        ),
    ),
    (
        {"areas": [["23600", "Xã Mới", "Xã", "Huyện Đăk Hà"]]},
        (AREA, 2, "D (Thuộc)", "Không có địa bàn “Huyện Đăk Hà”.", "Có phải “Huyện Đắk Hà” (mã 615)?"),
    ),
    (
        {"areas": [["23600", "Xã Mới", "Xã", "615", date(2024, 3, 1), date(2024, 2, 1)]]},
        (AREA, 2, "F (Đến ngày)", "Ngày kết thúc đứng trước ngày bắt đầu.", "Từ 01/3/2024 trở đi."),
    ),
    (
        {"areas": [["615", "Huyện Khác", "Huyện", "62", date(2024, 3, 1)]]},
        (
            AREA,
            2,
            "E (Từ ngày)",
            "Mã 615 đang dùng cho “Huyện Đắk Hà” từ Từ trước, chưa có ngày kết thúc.",
            "Ngày bắt đầu của địa bàn đã có không đổi bằng tệp; địa bàn mới bắt đầu sau khi địa bàn cũ kết thúc.",
        ),
    ),
    (
        {"areas": [["23600", "Xã Mới", "Xã", "615"], ["23600", "Xã Mới", "Xã", "615"]]},
        (
            AREA,
            3,
            "A (Mã)",
            "Trùng với dòng 2.",
            "Mỗi thứ một dòng; nếu là hai thứ khác nhau thì ghi mã riêng cho từng dòng.",
        ),
    ),
    # --- units
    (
        {"units": [["hu-moi", "Huyện ủy Mới", None, None]]},
        (UNIT, 2, "D (Loại)", "Thiếu Loại.", KINDS_SAID),
    ),
    (
        {"units": [["hu-moi", "Huyện ủy Mới", None, "Nhà máy"]]},
        (UNIT, 2, "D (Loại)", "Không có loại đơn vị “Nhà máy”.", KINDS_SAID),
    ),
    (
        {"units": [["hu-moi", "Huyện ủy Mới", None, "Co quan nha nuoc khac"]]},
        (UNIT, 2, "D (Loại)", "Không có loại đơn vị “Co quan nha nuoc khac”.", "Có phải “Cơ quan nhà nước”?"),
    ),
    (
        {"units": [["hu mới", "Huyện ủy Mới", None, "other"]]},
        (
            UNIT,
            2,
            "A (Mã)",
            "Mã “hu mới” không dùng được.",
            "Chữ không dấu, số, gạch ngang; nhiều nhất 40 chữ, ví dụ hu-dak-ha.",
        ),
    ),
    (
        {"units": [["hu-dakha", "Huyện ủy Đắk Hà", None, "party_committee"]]},
        (
            UNIT,
            2,
            "A (Mã)",
            "Chưa có mã “hu-dakha”, nhưng đã có đơn vị cùng tên: “Huyện ủy Đắk Hà” (hu-dak-ha).",
            "Nếu là đơn vị ấy thì ghi mã hu-dak-ha.",
        ),
    ),
    (
        {"units": [["hu-dak-ha", None, None, None, None, None, "gọi anh Ba"]]},
        (
            UNIT,
            2,
            "G (Điện thoại)",
            "“gọi anh Ba” không phải số điện thoại.",
            "8 đến 20 chữ số, ví dụ 0260 3862 524.",
        ),
    ),
    (
        {"units": [["hu-dak-ha", None, None, None, "Huyện uỷ Đăk Glei"]]},
        (UNIT, 2, "E (Trực thuộc)", "Không có đơn vị “Huyện uỷ Đăk Glei”.", "Có phải “Huyện ủy Đắk Glei” (mã hu-dak-glei)?"),
    ),
    (
        {"units": [["hu-dak-ha", None, None, None, "hu-dak-ha"]]},
        (
            UNIT,
            2,
            "E (Trực thuộc)",
            "Đơn vị không thể trực thuộc chính mình.",
            "Đơn vị cấp trên không thể là đơn vị cấp dưới của nó.",
        ),
    ),
    (
        {"units": [["hu-dak-ha", None, None, None, None, "Xã Đăk Long"]]},
        (
            UNIT,
            2,
            "F (Địa bàn)",
            "Có 2 địa bàn cùng tên “Xã Đăk Long”: “Xã Đăk Long” (23503, Huyện Đắk Hà); “Xã Đăk Long” (23377, Huyện Đắk Glei).",
            "Ghi tên kèm mã trong ngoặc.",
        ),
    ),
    (
        {"units": [["hu-dak-ha", None, None, None, None, None, None, date(2024, 2, 1), date(2024, 1, 1)]]},
        (UNIT, 2, "I (Đến ngày)", "Ngày kết thúc đứng trước ngày bắt đầu.", "Từ 01/02/2024 trở đi."),
    ),
    (
        {"units": [["hu-dak-ha", None, "Đ" * 61]]},
        (UNIT, 2, "C (Tên ngắn)", "Dài 61 chữ, quá giới hạn.", "Nhiều nhất 60 chữ."),
    ),
    # --- people
    (
        {"people": [person(username="Đắk Hà!")]},
        (
            PEOPLE,
            2,
            "A (Tên đăng nhập)",
            "Tên đăng nhập “Đắk Hà!” không dùng được.",
            "Chữ không dấu và số, viết liền, ví dụ dakha.",
        ),
    ),
    (
        {"people": [person(username="Đắk Hà")]},
        (PEOPLE, 2, "A (Tên đăng nhập)", "Tên đăng nhập “đắkhà” có dấu.", "Ví dụ dakha."),
    ),
    (
        {"people": [person(username=None)]},
        (
            PEOPLE,
            2,
            "A (Tên đăng nhập)",
            "Thiếu Tên đăng nhập.",
            "Mỗi người một tên đăng nhập viết liền không dấu, ví dụ dakha.",
        ),
    ),
    (
        {"people": [person(username="dakhaa", name=None)]},
        (
            PEOPLE,
            2,
            "B (Họ và tên)",
            "Thiếu Họ và tên: chưa có ai tên đăng nhập “dakhaa”.",
            "Có phải “dakha” (Nguyễn Thị Hoa)?",
        ),
    ),
    (
        {"people": [person("dakha", "Nguyễn Thị Hoa"), person("DAKHA", "Phạm Thị Khác")]},
        (
            PEOPLE,
            3,
            "B (Họ và tên)",
            "Khác với dòng 2 của cùng người “dakha”: “Nguyễn Thị Hoa”.",
            "Một tên đăng nhập là một người; phần về người chỉ cần ghi ở một dòng.",
        ),
    ),
    (
        {"people": [person(mail="hoa.example.vn")]},
        (PEOPLE, 2, "D (Thư)", "“hoa.example.vn” không phải địa chỉ thư.", "Ví dụ dakha@tinhuy.example."),
    ),
    (
        {"people": [person(phone=12345)]},
        (PEOPLE, 2, "C (Điện thoại)", "“12345” không phải số điện thoại.", "8 đến 20 chữ số, ví dụ 0260 3862 524."),
    ),
    # --- roles
    (
        {"people": [person(role="Cán bộ đầu nối", unit="hu-dak-ha")]},
        (PEOPLE, 2, "E (Vai trò)", "Không có vai trò “Cán bộ đầu nối”.", "Có phải “Cán bộ đầu mối”?"),
    ),
    (
        {"people": [person(unit="hu-dak-ha")]},
        (PEOPLE, 2, "E (Vai trò)", "Thiếu Vai trò.", ROLES_SAID),
    ),
    (
        {"people": [person(role="reporter", unit="Huyện ủy Đăk Hà")]},
        (PEOPLE, 2, "F (Đơn vị)", "Không có đơn vị “Huyện ủy Đăk Hà”.", "Có phải “Huyện ủy Đắk Hà” (mã hu-dak-ha)?"),
    ),
    (
        {"people": [person(role="reporter", unit="Sở Xây dựng")]},
        (
            PEOPLE,
            2,
            "F (Đơn vị)",
            "Không có đơn vị “Sở Xây dựng”.",
            "Ghi mã hoặc đúng tên đơn vị đã có, hoặc thêm đơn vị ấy vào tệp.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="Ban Dân vận cũ")]},
        (
            PEOPLE,
            2,
            "F (Đơn vị)",
            "“Ban Dân vận cũ” (ban-cu) đã hết hiệu lực sau ngày 31/12/2023.",
            "Nếu đúng là nơi này thì ghi “Ban Dân vận cũ (ban-cu)”.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="Huyện ủy Đắk Hà (hu-dak-glei)")]},
        (
            PEOPLE,
            2,
            "F (Đơn vị)",
            "Mã “hu-dak-glei” là của “Huyện ủy Đắk Glei”, không phải “Huyện ủy Đắk Hà”.",
            "Ghi Huyện ủy Đắk Glei (hu-dak-glei), hoặc sửa mã.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="ban-cu")]},
        (
            PEOPLE,
            2,
            "F (Đơn vị)",
            "“Ban Dân vận cũ” (ban-cu) đã hết hiệu lực sau ngày 31/12/2023.",
            "Ghi nơi kế thừa, hoặc sửa ngày.",
        ),
    ),
    (
        {"people": [person(role="reporter")]},
        (PEOPLE, 2, "F (Đơn vị)", "Vai trò này cần có đơn vị.", "Ghi mã hoặc tên."),
    ),
    (
        {"people": [person(role="registrar")]},
        (PEOPLE, 2, "G (Địa bàn)", "Cán bộ sổ tri ân cần có địa bàn.", "Ghi mã hoặc tên."),
    ),
    (
        {"people": [person(role="registrar", unit="hu-dak-ha", area="615")]},
        (PEOPLE, 2, "F (Đơn vị)", "Cán bộ sổ tri ân gắn với địa bàn, không gắn với đơn vị.", "Để trống ô này."),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", area="615")]},
        (PEOPLE, 2, "G (Địa bàn)", "Vai trò này gắn với đơn vị, không gắn với địa bàn.", "Để trống ô này."),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", contact="thỉnh thoảng")]},
        (PEOPLE, 2, "H (Đầu mối)", "Không rõ “thỉnh thoảng” là có hay không.", "Ghi Có hoặc Không."),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", begins="1/2/24")]},
        (
            PEOPLE,
            2,
            "I (Từ ngày)",
            "“1/2/24” viết năm hai chữ số nên không rõ.",
            "Viết đủ năm, ví dụ 07/5/2024.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", begins="15/13/2024")]},
        (
            PEOPLE,
            2,
            "I (Từ ngày)",
            "Không có ngày “15/13/2024” trong lịch.",
            "Viết ngày/tháng/năm, ví dụ 07/5/2024.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", begins=45397)]},
        (
            PEOPLE,
            2,
            "I (Từ ngày)",
            "“45397” là một con số, không phải ngày.",
            "Có phải 15/4/2024? Hãy định dạng ô là Ngày.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha", begins=date(2024, 4, 2), ends="01/4/2024")]},
        (PEOPLE, 2, "J (Đến ngày)", "Ngày kết thúc đứng trước ngày bắt đầu.", "Từ 02/4/2024 trở đi."),
    ),
    (
        {"people": [person("dakha", None, role="reporter", unit="hu-dak-ha", begins=date(2024, 3, 1))]},
        (
            PEOPLE,
            2,
            "I (Từ ngày)",
            "Trùng thời gian với vai trò này đã có: từ 01/01/2024, chưa có ngày kết thúc.",
            "Ghi ngày kết thúc cho vai trò trước, hoặc ngày bắt đầu muộn hơn.",
        ),
    ),
    (
        {
            "people": [
                person(role="reporter", unit="hu-dak-ha", begins=date(2024, 1, 1), ends=date(2024, 3, 31)),
                person(role="reporter", unit="hu-dak-ha", begins=date(2024, 3, 31)),
            ]
        },
        (
            PEOPLE,
            3,
            "I (Từ ngày)",
            "Trùng thời gian với vai trò này ở dòng 2: từ 01/01/2024, đến 31/3/2024.",
            "Ghi ngày kết thúc cho vai trò trước, hoặc ngày bắt đầu muộn hơn.",
        ),
    ),
    (
        {"people": [person(role="reporter", unit="hu-dak-ha"), person(role="Cán bộ đầu mối", unit="HU Đắk Hà")]},
        (PEOPLE, 3, "E (Vai trò)", "Trùng với dòng 2.", "Mỗi vai trò một dòng; xóa một trong hai dòng."),
    ),
    (
        {"people": [person("nghi", None, role="reporter", unit="hu-dak-ha")]},
        (
            PEOPLE,
            2,
            "A (Tên đăng nhập)",
            "Tài khoản “nghi” đã khóa nên không giao vai trò mới.",
            "Mở lại tài khoản ở trang quản trị trước.",
        ),
    ),
    (
        {"people": [person("quantri", None, role="administrator", unit="vptu", ends=date(2024, 4, 14))]},
        (
            PEOPLE,
            2,
            "J (Đến ngày)",
            "Sau khi nhập sẽ không còn ai là quản trị hệ thống.",
            "Giao quản trị cho người khác trước.",
        ),
    ),
    # --- deputies
    (
        {"deputies": [deputy("dakha", "dakha")]},
        (DEPUTIES, 2, "B (Thay cho)", "Không ai thay mặt chính mình.", "Ghi tên đăng nhập của người khác."),
    ),
    (
        {"deputies": [deputy("dakhaa")]},
        (
            DEPUTIES,
            2,
            "A (Người thay)",
            "Không có người nào có tên đăng nhập “dakhaa”.",
            "Có phải “dakha” (Nguyễn Thị Hoa)?",
        ),
    ),
    (
        {"deputies": [deputy("Nguyễn Thị Hoa")]},
        (
            DEPUTIES,
            2,
            "A (Người thay)",
            "“Nguyễn Thị Hoa” là họ tên, không phải tên đăng nhập.",
            "Có phải “dakha”?",
        ),
    ),
    (
        {"deputies": [deputy(ends=None)]},
        (DEPUTIES, 2, "D (Đến ngày)", "Thiếu Đến ngày.", "dd/mm/yyyy, bắt buộc, tính cả ngày đó."),
    ),
    (
        {"deputies": [deputy(ends=date(2024, 5, 1))]},
        (DEPUTIES, 2, "D (Đến ngày)", "Ngày kết thúc đứng trước ngày bắt đầu.", "Từ 02/5/2024 trở đi."),
    ),
    (
        {"deputies": [deputy(begins=date(2024, 5, 1), ends=date(2025, 5, 2))]},
        (DEPUTIES, 2, "D (Đến ngày)", "Một lần thay mặt dài nhất 366 ngày.", "Muộn nhất 01/5/2025."),
    ),
    (
        {"deputies": [deputy(reason=None)]},
        (DEPUTIES, 2, "E (Lý do)", "Thiếu Lý do.", "Ví dụ nghỉ phép."),
    ),
    (
        {"deputies": [deputy("nghi")]},
        (DEPUTIES, 2, "A (Người thay)", "Tài khoản “nghi” đã khóa.", "Mở lại tài khoản ở trang quản trị trước."),
    ),
    (
        {"deputies": [deputy(), deputy(begins=date(2024, 5, 10), ends=date(2024, 5, 12))]},
        (
            DEPUTIES,
            3,
            "C (Từ ngày)",
            "Trùng thời gian với lần thay mặt ở dòng 2 (02/5/2024–10/5/2024).",
            "Ghi những ngày khác, ví dụ từ 11/5/2024.",
        ),
    ),
    (
        {"people": [person()], "deputies": [deputy("dakha", "quantri"), deputy("moi", "dakha", date(2024, 5, 5), date(2024, 5, 6))]},
        (
            DEPUTIES,
            3,
            "B (Thay cho)",
            "“dakha” đang thay mặt “quantri” ở dòng 2 (02/5/2024–10/5/2024); người đang thay mặt không nhờ người thứ ba.",
            "Ghi những ngày khác, ví dụ từ 11/5/2024.",
        ),
    ),
    (
        {"people": [person()], "deputies": [deputy("dakha", "quantri"), deputy("quantri", "moi", date(2024, 5, 5), date(2024, 5, 6))]},
        (
            DEPUTIES,
            3,
            "A (Người thay)",
            "“quantri” đang nhờ “dakha” thay mặt ở dòng 2 (02/5/2024–10/5/2024); người đã nhờ thay mặt không thay mặt người khác.",
            "Ghi những ngày khác, ví dụ từ 11/5/2024.",
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "slip"), ONE_SLIP, ids=[f"{slip[0]}: {slip[3][:60]}" for _, slip in ONE_SLIP])
def test_a_slip_is_told_with_its_place_and_what_would_be_right(rows, slip):
    assert places(check(lists(**rows))) == [slip]


def test_units_that_would_stand_in_a_circle_together_are_refused_in_each_row():
    rows = [
        ["a", "Ban A", "A", "other", "b"],
        ["b", "Ban B", "B", "other", "hu-dak-ha"],
        ["hu-dak-ha", None, None, None, "a"],
        ["c", "Ban C", "C", "other", "a"],
    ]
    plan = check(lists(units=rows))
    right = "Đơn vị cấp trên không thể là đơn vị cấp dưới của nó."
    assert places(plan) == [
        (UNIT, 2, "E (Trực thuộc)", "Trực thuộc vòng tròn: A → B → HU Đắk Hà → A.", right),
        (UNIT, 3, "E (Trực thuộc)", "Trực thuộc vòng tròn: B → HU Đắk Hà → A → B.", right),
        (UNIT, 4, "E (Trực thuộc)", "Trực thuộc vòng tròn: HU Đắk Hà → A → B → HU Đắk Hà.", right),
        (
            UNIT,
            5,
            "E (Trực thuộc)",
            "Đơn vị “Ban A” ở dòng 2 trang “Đơn vị” có lỗi nên chưa tạo được.",
            "Sửa dòng ấy trước.",
        ),
    ]
    assert plan.has_work is False


def test_what_needs_a_wrong_row_is_left_out_with_it():
    plan = check(
        lists(
            areas=[["23600", "Xã Mới", "Làng"]],
            units=[
                ["du-moi", "Đảng ủy xã Mới", None, "Đảng bộ", "hu-dak-ha"],
                ["chi-bo", "Chi bộ", None, "other", "du-moi"],
            ],
            people=[
                person(phone="x"),
                person(None, None, role="reporter", unit="hu-dak-ha"),
                person("khac", "Người Khác", role="reporter", unit="chi-bo"),
            ],
            deputies=[deputy("moi")],
        )
    )
    assert [(sheet, row, wrong) for sheet, row, _, wrong, _ in places(plan)] == [
        (AREA, 2, "Không có cấp “Làng”."),
        (UNIT, 2, "Không có loại đơn vị “Đảng bộ”."),
        (UNIT, 3, "Không có đơn vị “du-moi”."),
        (PEOPLE, 2, "“x” không phải số điện thoại."),
        (PEOPLE, 3, "Người này có lỗi ở dòng 2 nên chưa tạo được."),
        (PEOPLE, 4, "Đơn vị “Chi bộ” ở dòng 3 trang “Đơn vị” có lỗi nên chưa tạo được."),
        (DEPUTIES, 2, "“moi” ở dòng 2 có lỗi nên chưa tạo được."),
    ]
    assert plan.items == []


def test_a_sheet_without_the_column_it_is_known_by_has_one_error():
    plan = check(
        xlsx({"Người và vai trò": [["Họ và tên", "Vai trò", "Đơn vị"], *[["Hoa", "reporter", "hu-dak-ha"]] * 3]})
    )
    assert places(plan) == [
        (
            PEOPLE,
            None,
            "",
            "Thiếu cột “Tên đăng nhập”.",
            "Các cột của trang này: Tên đăng nhập, Họ và tên, Chức vụ, Điện thoại, Thư, Vai trò, Đơn vị, Địa bàn, Đầu mối, Từ ngày, Đến ngày.",
        )
    ]
    assert plan.figures() == {"persons": {"create": 0, "update": 0, "same": 0, "error": 3}}


def test_a_lost_nought_of_a_telephone_is_put_back_and_said():
    plan = check(lists(people=[person(phone=905123456, mail="moi@example.vn"), person("dakha", None, phone=905123456)]))
    assert places(plan) == []
    assert [(item.key, item.values["phone"]) for item in plan.items] == [("moi", "0905123456")]
    assert [(one.row, one.text) for one in plan.remarks] == [
        (2, "Excel đã bỏ số 0 ở đầu “905123456”; đọc là 0905123456."),
        (3, "Excel đã bỏ số 0 ở đầu “905123456”; đọc là 0905123456."),
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "hu-dak-ha",
        "HU-DAK-HA",
        "Huyện ủy Đắk Hà",
        "huyện uỷ đắk hà",
        "Huye\u0323\u0302n u\u0309y \u0110\u0103\u0301k Ha\u0300 ",
        "huyen uy dak ha",
        "HU Đắk Hà",
        "Huyện ủy Đắk Hà (hu-dak-ha)",
    ],
)
@pytest.mark.parametrize("role", ["reporter", "Cán bộ đầu mối", "can bo dau moi", " CÁN BỘ  ĐẦU MỐI"])
def test_units_and_roles_are_found_by_code_and_by_name_with_or_without_accents(unit, role):
    plan = check(lists(people=[person(role=role, unit=unit, mail="moi@example.vn")]))
    (role_item,) = plan.of("roles")
    assert (places(plan), role_item.values["unit"].key, role_item.values["role"]) == ([], "hu-dak-ha", "reporter")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (date(2024, 5, 7), date(2024, 5, 7)),
        ("07/05/2024", date(2024, 5, 7)),
        ("7/5/2024", date(2024, 5, 7)),
        ("2024-05-07", date(2024, 5, 7)),
        ("Từ trước", date(1900, 1, 1)),
        (None, TODAY),
    ],
)
def test_days_are_read_and_a_new_role_without_one_begins_today(typed, day):
    plan = check(lists(people=[person(role="reporter", unit="hu-dak-ha", begins=typed)]))
    assert [item.values["valid_from"] for item in plan.of("roles")] == [day]


def test_the_place_of_a_commune_is_told_by_its_district_or_code():
    rows = [
        person(f"so{n}", "A", role="registrar", area=typed)
        for n, typed in enumerate(("Xã Đăk Long (23377)", "Xã Đăk Long (Huyện Đắk Hà)", "23503", 23503))
    ]
    plan = check(lists(people=rows))
    assert places(plan) == []
    assert [item.values["area"].key[1] for item in plan.of("roles")] == ["23377", "23503", "23503", "23503"]


def test_several_rows_make_one_person_and_several_roles():
    plan = check(
        lists(
            people=[
                person(mail="moi@example.vn", role="reporter", unit="hu-dak-ha", contact="x"),
                person(None, None, role="registrar", area="615"),
                person("MOI ", "Phạm Văn Mới", role="unit_head", unit="hu-dak-ha"),
            ]
        )
    )
    assert plan.figures() == {
        "persons": {"create": 1, "update": 0, "same": 0, "error": 0},
        "roles": {"create": 3, "update": 0, "same": 0, "error": 0},
    }
    assert [item.label for item in plan.of("roles")] == [
        "moi – Cán bộ đầu mối – Huyện ủy Đắk Hà (hu-dak-ha)",
        "moi – Cán bộ sổ tri ân – Huyện Đắk Hà (615)",
        "moi – Lãnh đạo đơn vị – Huyện ủy Đắk Hà (hu-dak-ha)",
    ]


def test_a_role_that_is_there_gets_another_end_and_a_dash_takes_it_off(ground):
    make_membership(ground["reporter"], ground["office"], Role.OFFICE, valid_to=date(2024, 12, 31))
    plan = check(
        lists(
            people=[
                person("dakha", None, role="reporter", unit="hu-dak-ha", ends="30/4/2024"),
                person("dakha", None, role="office", unit="vptu", ends="-"),
            ]
        )
    )
    assert [(item.values, item.before) for item in plan.items] == [
        ({"valid_to": date(2024, 4, 30)}, {"valid_to": None}),
        ({"valid_to": None}, {"valid_to": date(2024, 12, 31)}),
    ]


def test_an_old_list_does_not_give_back_a_role_that_has_ended(ground):
    ground["reporter"].memberships.update(valid_to=date(2024, 3, 31))
    slip = places(check(lists(people=[person("dakha", None, role="reporter", unit="hu-dak-ha")])))
    again = check(lists(people=[person("dakha", None, role="reporter", unit="hu-dak-ha", begins=date(2024, 4, 15))]))
    assert slip == [
        (PEOPLE, 2, "E (Vai trò)", "Vai trò này đã hết sau ngày 31/3/2024.", "Muốn giao lại thì ghi Từ ngày mới.")
    ]
    assert (places(again), [item.is_new for item in again.items]) == ([], [True])


def test_the_administration_may_be_handed_over_in_one_file():
    plan = check(
        lists(
            people=[
                person("quantri", None, role="administrator", unit="vptu", ends=date(2024, 4, 14)),
                person("moi", role="administrator", unit="vptu"),
            ]
        )
    )
    assert places(plan) == []


def test_empty_cells_leave_alone_and_a_dash_empties(ground):
    Unit.objects.filter(code="hu-dak-ha").update(phone="0260 3822 000", email="hu@example.vn")
    head = ["Mã", "Tên đầy đủ", "Loại", "Điện thoại", "Thư", "Địa bàn", "Duyệt qua lãnh đạo"]
    plan = check(xlsx({"Đơn vị": [head, ["hu-dak-ha", None, None, "-", None, "-", "Có"]]}))
    assert places(plan) == []
    assert plan.items[0].values == {"phone": "", "area": None, "needs_head_approval": True}


def test_a_unit_without_a_code_is_found_by_its_full_name_or_gets_one():
    rows = [
        [None, "HUYỆN ỦY ĐẮK HÀ", None, None, None, None, "0260 3822 000"],
        [None, "Đảng ủy xã Mới", "ĐU xã Mới", "Huyện ủy, thành ủy, đảng ủy", "Huyện ủy Đắk Hà"],
        ["du-xa-moi", "Đảng ủy xã Mới Hai", None, "party_committee"],
    ]
    plan = check(lists(units=rows))
    assert places(plan) == []
    assert [(item.key, item.is_new) for item in plan.items] == [
        ("hu-dak-ha", False),
        ("du-xa-moi-2", True),
        ("du-xa-moi", True),
    ]


def test_a_second_unit_of_the_same_name_elsewhere_is_made_and_said():
    make_unit("Đảng ủy xã Đăk Long", code="du-dak-long", parent=Unit.objects.get(code="hu-dak-ha"))
    plan = check(lists(units=[["du-dak-long-2", "Đảng ủy xã Đăk Long", None, "party_committee", "hu-dak-glei"]]))
    assert (places(plan), len(plan.items)) == ([], 1)
    assert [one.text for one in plan.remarks] == [
        "Đã có đơn vị cùng tên: “Đảng ủy xã Đăk Long” (du-dak-long, HU Đắk Hà). Dòng này tạo thêm một đơn vị nữa."
    ]


def test_later_sheets_may_name_what_earlier_ones_make_in_any_order_of_rows():
    plan = check(
        lists(
            people=[person(role="reporter", unit="Chi bộ Một"), person("so", "Số", role="registrar", area="23600")],
            units=[
                ["chi-bo", "Chi bộ Một", None, "other", "du-moi", "Xã Mới"],
                ["du-moi", "Đảng ủy Mới", None, "other", "hu-dak-ha"],
            ],
            areas=[["23600", "Xã Mới", "xã", "Huyện Mới"], ["616", "Huyện Mới", "huyen", "62"]],
            deputies=[deputy("so", "moi")],
        )
    )
    assert places(plan) == []
    assert {line: figures["create"] for line, figures in plan.figures().items()} == {
        "areas": 2,
        "units": 2,
        "persons": 2,
        "roles": 2,
        "deputies": 1,
    }


def test_an_area_may_follow_another_of_the_same_code_when_that_one_has_ended():
    Area.objects.filter(code="23503").update(valid_to=date(2025, 6, 30))
    plan = check(lists(areas=[["23503", "Xã Mới", "Xã", "Tỉnh Kon Tum", date(2025, 7, 1)]]))
    assert (places(plan), [item.is_new for item in plan.items]) == ([], [True])


def test_a_deputation_ended_early_is_not_begun_again_by_an_old_list(ground):
    Deputation.objects.create(
        deputy=ground["reporter"], principal=ground["admin"], valid_from=date(2024, 5, 2), valid_to=date(2024, 5, 10),
        reason="nghỉ phép", made_by=ground["admin"], made_at=at("2024-04-15"), ended_at=at("2024-04-16"),
    )  # fmt: skip
    assert places(check(lists(deputies=[deputy()]))) == [
        (
            DEPUTIES,
            2,
            "C (Từ ngày)",
            "Lần thay mặt này đã được kết thúc sớm.",
            "Muốn thay mặt lại thì ghi ngày bắt đầu khác.",
        )
    ]


def test_a_long_list_of_unknown_names_is_checked_in_reasonable_time():
    for number in range(50):
        make_unit(f"Đơn vị thứ {number}")
    rows = [person(f"n{n}", "A", role="reporter", unit=f"Đơn vị lạ {n:05}") for n in range(3000)]
    plan = check(lists(people=rows))
    assert len(plan.problems) == 3000


def test_every_role_has_a_word_that_is_read():
    rows = [
        person(
            f"n{n}",
            "A",
            role=label,
            unit=None if value == "registrar" else "vptu",
            area="615" if value == "registrar" else None,
        )
        for n, (value, label) in enumerate(RoleWords.choices)
    ]
    plan = check(lists(people=rows))
    assert places(plan) == []
    assert [item.values["role"] for item in plan.of("roles")] == RoleWords.values
    assert len(PEOPLE_HEAD) == 10
