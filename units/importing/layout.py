"""The sheets and columns an administrator's workbook may have; read, written and explained from here."""

from dataclasses import dataclass
from functools import cached_property

from directive_tracker.vietnamese import fold
from units.models import AreaLevel, Role, UnitKind

AREAS, UNITS, PEOPLE, DEPUTIES = "areas", "units", "people", "deputies"
YES_NO = ("Có", "Không")

FROM_SAYS = "dd/mm/yyyy. “Từ trước” nghĩa là từ trước tới nay."
TO_SAYS = "dd/mm/yyyy, tính cả ngày đó. Để trống là chưa biết."
PHONE_SAYS = "Chữ số, ví dụ 0260 3862 524. Nên định dạng ô là Văn bản để giữ số 0 ở đầu."


@dataclass(frozen=True)
class Column:
    """One column: its name in code, on the sheet, what to write in it, other headings it is known by, the words it takes."""

    name: str
    header: str
    says: str
    also: tuple[str, ...] = ()
    width: int = 16
    choices: tuple[str, ...] = ()

    @property
    def choices_said(self) -> str:
        """The words it takes: "Có; Không", or "" where it takes anything."""
        return "; ".join(str(word) for word in self.choices)

    @cached_property
    def keys(self) -> set[str]:
        """Every heading of the column as search sees it."""
        return {fold(word) for word in (self.header, *self.also)}


@dataclass(frozen=True)
class Layout:
    """One sheet. `must`: the columns by which it is recognised."""

    kind: str
    title: str
    says: str
    must: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name. Errors: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


_FROM = Column("valid_from", "Từ ngày", FROM_SAYS, ("từ", "ngày bắt đầu", "hiệu lực từ"), 13)
_TO = Column("valid_to", "Đến ngày", TO_SAYS, ("đến", "đến hết ngày", "ngày kết thúc"), 13)
_EMAIL_HEADINGS = ("thư điện tử", "email", "e-mail", "thư công vụ", "địa chỉ thư")
_PHONE_HEADINGS = ("số điện thoại", "sđt", "đt", "di động")

LAYOUTS = (
    Layout(
        AREAS,
        "Địa bàn",
        "Tỉnh, huyện, xã. Một dòng là một địa bàn; nhận ra theo cấp và mã.",
        ("code", "name", "level"),
        (
            Column("code", "Mã", "Mã đơn vị hành chính, ví dụ 608 hoặc 23500.", ("mã địa bàn", "mã đvhc"), 10),
            Column("name", "Tên", "Tên đầy đủ, ví dụ Xã Đăk Hring.", ("tên địa bàn",), 28),
            Column("level", "Cấp", "Cấp của địa bàn.", (), 22, tuple(AreaLevel.labels)),
            Column("parent", "Thuộc", "Mã hoặc tên địa bàn cấp trên.", ("thuộc địa bàn", "trực thuộc"), 28),
            _FROM,
            _TO,
        ),
    ),
    Layout(
        UNITS,
        "Đơn vị",
        "Một dòng là một đơn vị; nhận ra theo mã, không có mã thì theo đúng tên đầy đủ.",
        ("name", "kind"),
        (
            Column("code", "Mã", "Viết liền không dấu, ví dụ hu-dak-ha; để trống thì được đặt theo tên ngắn.", ("mã đơn vị",)),
            Column("name", "Tên đầy đủ", "Ví dụ Huyện ủy Đắk Hà.", ("tên đơn vị", "tên"), 40),
            Column("short_name", "Tên ngắn", "Tên trong bảng, tối đa 60 chữ; để trống thì lấy tên đầy đủ.", ("tên viết tắt",), 24),
            Column("kind", "Loại", "Loại đơn vị.", ("loại đơn vị",), 32, tuple(UnitKind.labels)),
            Column("parent", "Trực thuộc", "Mã hoặc tên đơn vị cấp trên.", ("đơn vị cấp trên", "thuộc"), 36),
            Column("area", "Địa bàn", "Mã hoặc tên địa bàn.", ("thuộc địa bàn",), 28),
            Column("symbol", "Ký hiệu", "Phần sau số của công văn, ví dụ CV/HU.", ("ký hiệu văn bản",), 12),
            Column("phone", "Điện thoại", PHONE_SAYS, _PHONE_HEADINGS),
            Column("email", "Thư", "Thư công vụ của đơn vị.", _EMAIL_HEADINGS, 28),
            Column("sort_order", "Thứ tự", "Thứ tự trong văn bản, số nguyên.", ("thứ tự văn bản",), 9),
            Column("needs_head_approval", "Duyệt qua lãnh đạo", "Báo cáo qua lãnh đạo đơn vị duyệt rồi mới gửi.", ("lãnh đạo duyệt", "qua lãnh đạo duyệt"), 12, YES_NO),
            _FROM,
            _TO,
        ),
    ),
    Layout(
        PEOPLE,
        "Người và vai trò",
        "Một dòng là một vai trò. Người có nhiều vai trò thì ghi nhiều dòng, phần về người lặp lại hoặc để trống ở các dòng sau.",
        ("username",),
        (
            Column("username", "Tên đăng nhập", "Viết liền không dấu, ví dụ dakha.", ("tài khoản", "tên người dùng", "username"), 18),
            Column("full_name", "Họ và tên", "Bắt buộc với người mới.", ("họ tên",), 26),
            Column("position", "Chức vụ", "Ví dụ Chuyên viên.", ("chức danh",), 24),
            Column("phone", "Điện thoại", PHONE_SAYS, _PHONE_HEADINGS),
            Column("email", "Thư", "Nơi nhận thư mời và nhắc việc.", _EMAIL_HEADINGS, 28),
            Column("role", "Vai trò", "Để trống nếu chỉ khai người.", ("quyền",), 26, tuple(Role.labels)),
            Column("unit", "Đơn vị", "Mã hoặc tên đơn vị; mọi vai trò trừ cán bộ sổ tri ân.", ("đơn vị công tác", "cơ quan"), 36),
            Column("area", "Địa bàn", "Mã hoặc tên địa bàn; chỉ với cán bộ sổ tri ân.", ("địa bàn phụ trách",), 28),
            Column("is_contact", "Đầu mối", "Người Văn phòng gọi điện khi cần.", ("là đầu mối", "đầu mối liên hệ"), 10, YES_NO),
            _FROM,
            _TO,
        ),
    ),
    Layout(
        DEPUTIES,
        "Thay mặt",
        "Một dòng là một lần thay mặt; nhận ra theo hai người và ngày bắt đầu.",
        ("deputy", "principal"),
        (
            Column("deputy", "Người thay", "Tên đăng nhập.", ("người thay mặt",), 18),
            Column("principal", "Thay cho", "Tên đăng nhập.", ("thay mặt cho", "người được thay"), 18),
            Column("valid_from", "Từ ngày", "dd/mm/yyyy, bắt buộc.", ("từ",), 13),
            Column("valid_to", "Đến ngày", "dd/mm/yyyy, bắt buộc, tính cả ngày đó.", ("đến", "đến hết ngày"), 13),
            Column("reason", "Lý do", "Ví dụ nghỉ phép.", ("ghi chú lý do",), 32),
        ),
    ),
)  # fmt: skip
BY_KIND = {layout.kind: layout for layout in LAYOUTS}

# A sheet of the template that only explains; it is passed over without a word when it comes back.
GUIDE_TITLE = "Hướng dẫn"
ERRORS_TITLE = "Lỗi"
CHOICES_TITLE = "Danh mục"
ERROR_HEADER = "Lỗi cần sửa"
PASSED_OVER = {fold(GUIDE_TITLE), fold(ERRORS_TITLE), fold(CHOICES_TITLE)}
QUIET_HEADERS = {fold(word) for word in (ERROR_HEADER, "STT", "TT", "Số TT", "Số thứ tự", "Ghi chú")}

LONG_AGO_WORD = "Từ trước"
EMPTY_WORD = "-"
