"""What a made list is made of: invented names, wordings of headings, ways to write a value with what it means."""

from datetime import date

from tests.veterans.lists.made.grid import Failed, Formula
from tests.veterans.lists.made.writers import serial

FAMILY = "Lương Thị|Phạm Văn|Bùi Quang|Đỗ Thị Ngọc|Hoàng Đình|Vũ Thị|Trịnh Xuân|Đặng Hữu|Lý Thị Kim|Mai Công".split("|")
GIVEN = "Thuận|Khuê|Ứng|Hiển|Diễm|Phước|Ngoan|Lượng|Sửu|Tưởng|Bưởi|Quyền|Chắt|Giỏi|Nhẫn|Kiệm".split("|")
LOCAL = (
    "A Brơm|Y Hlưới|A Kđeng|Y Nhớt|Siu H'Phen|Rơ Châm Đlứt|Y Xuôn|A Tiưng|Blong Y Gái|U Nghét|Kpă H'Dí|A Ngớt".split(
        "|"
    )
)

HEADINGS: dict[str, list[str]] = {
    "no": ["STT", "TT", "Số TT", "Stt", "Số thứ tự", "S.T.T"],
    "full_name": [
        "Họ và tên", "HỌ VÀ TÊN", "Họ tên", "Họ và tên người tham gia", "Họ và tên (chữ in hoa)", "Họ, tên",
        "Họ tên cụ", "Họ và tên khai sinh", "Họ và tên đối tượng", "Tên người có công", "Họ và tên - bí danh",
    ],
    "family_name": ["Họ và tên đệm", "Họ và chữ đệm", "Họ đệm", "Họ và chữ lót", "Họ"],
    "given_name": ["Tên"],
    "sex": ["Giới tính", "Nam/Nữ", "Giới", "Phái", "Nam (nữ)", "Giới tính (nam/nữ)"],
    "birth": [
        "Năm sinh", "Ngày sinh", "Ngày, tháng, năm sinh", "Sinh năm", "Ngày tháng năm sinh", "Năm sinh (ghi rõ)",
        "Ngày/tháng/năm sinh", "NTNS", "N. sinh",
    ],
    "ethnicity": ["Dân tộc", "Thành phần dân tộc", "DT", "D.tộc", "Người dân tộc"],
    "village": [
        "Thôn", "Thôn, làng", "Làng", "Thôn/TDP", "Thôn (tổ dân phố)", "Tổ dân phố, thôn", "Số nhà, đường", "Nơi ở (thôn)",
        "Khu dân cư",
    ],
    "commune": ["Xã", "Xã, phường", "Xã/phường/TT", "Tên xã", "Xã (phường, thị trấn)", "Cấp xã", "Xã đang cư trú"],
    "district": ["Huyện", "Huyện/TP", "Huyện, thành phố", "Thuộc huyện"],
    "address": [
        "Địa chỉ", "Nơi ở hiện nay", "Chỗ ở hiện nay", "Nơi cư trú", "Địa chỉ thường trú", "Hộ khẩu thường trú", "HKTT",
        "Nơi đang sinh sống", "Trú tại", "Địa chỉ (thôn, xã, huyện)",
    ],
    "category": [
        "Đối tượng", "Diện", "Thành phần", "Loại đối tượng", "Thuộc lực lượng", "Đối tượng tham gia", "Diện tham gia",
        "Lực lượng", "Tham gia với tư cách", "Phân loại",
    ],
    "living_status": [
        "Tình trạng", "Còn sống/đã mất", "Hiện nay", "Còn hay mất", "Tình trạng hiện nay", "Hiện còn sống hay đã mất",
    ],
    "living_tick": ["Còn sống", "Hiện còn sống", "Còn"],
    "death_year": ["Năm mất", "Đã mất năm", "Năm từ trần", "Từ trần (năm)"],
    "id_number": [
        "Số CCCD", "CMND/CCCD", "Số CMND", "Căn cước công dân", "Số định danh", "Số giấy tờ tùy thân", "CCCD",
        "Số CMT/thẻ căn cước",
    ],
    "phone": ["Điện thoại", "SĐT", "Số điện thoại", "ĐT liên hệ", "Số ĐT", "Điện thoại (nếu có)"],
    "hometown": ["Quê quán", "Nguyên quán", "Quê"],
    "unit": ["Đơn vị", "Đơn vị tham gia", "Đơn vị khi đó", "Phiên hiệu đơn vị"],
    "note": ["Ghi chú", "Ghi chú khác", "Hoàn cảnh", "Sức khỏe", "Người liên hệ", "Ký nhận"],
}  # fmt: skip

CATEGORIES: dict[str, list[str]] = {
    "dien_bien_soldier": ["CCB", "Cựu chiến binh", "bộ đội", "Bộ đội chủ lực", "BD", "CSĐB", "CSDB", "chiến sĩ Điện Biên"],
    "youth_volunteer": ["TNXP", "C.TNXP", "cựu TNXP", "Thanh niên xung phong", "thanh niên xung phong"],
    "frontline_labourer": [
        "DCHT", "DC", "Dân công", "dân công hỏa tuyến", "Dân công hoả tuyến", "DC hỏa tuyến", "DÂN CÔNG HỎA TUYẾN",
    ],
    "other": ["khác", "người có công", "Thân nhân liệt sĩ", "KHÁC"],
}  # fmt: skip
TICKS: dict[str, list[str]] = {
    "dien_bien_soldier": ["CCB", "Chiến sĩ Điện Biên", "Bộ đội", "Cựu chiến binh"],
    "youth_volunteer": ["TNXP", "Thanh niên xung phong", "Cựu TNXP"],
    "frontline_labourer": ["DCHT", "Dân công hỏa tuyến", "Dân công"],
    "other": ["Khác", "Đối tượng khác"],
}
IN_TITLE = {
    "dien_bien_soldier": ["CHIẾN SĨ ĐIỆN BIÊN", "CỰU CHIẾN BINH"],
    "youth_volunteer": ["CỰU THANH NIÊN XUNG PHONG", "TNXP"],
    "frontline_labourer": ["DÂN CÔNG HỎA TUYẾN"],
}
ETHNICITIES: dict[str, list[str]] = {
    "Kinh": ["Kinh", "kinh", "Việt", "KINH"],
    "Xơ Đăng": ["Xơ Đăng", "Xê Đăng", "Xơ-đăng", "Sedang", "XĐăng"],
    "Ba Na": ["Ba Na", "Bana", "Ba-na", "Bahnar"],
    "Giẻ Triêng": ["Giẻ Triêng", "Gié Triêng", "Giẻ-Triêng", "Gié-Triêng"],
    "Gia Rai": ["Gia Rai", "Jarai", "Jrai", "J'rai", "Gia-rai"],
    "Brâu": ["Brâu"],
    "Rơ Măm": ["Rơ Măm"],
    "Tày": ["Tày"],
    "Hrê": ["Hrê"],
    "Mường": ["Mường"],
}
VILLAGES = [
    "Thôn 4", "Làng Kon Tuh", "Tổ 3", "12 Hai Bà Trưng", "Thôn Đăk Mơ", "Tổ dân phố 7", "Làng Plei Rơ", "Khối phố 2",
    "Hẻm 24/6 Phan Chu Trinh", "Thôn Kon Hia 1", "5A Nguyễn Huệ",
]  # fmt: skip
LIVING: list[tuple[object, bool | None, int | None]] = [
    ("còn sống", True, None), ("Sống", True, None), ("còn", True, None), ("đã mất", False, None), ("mất", False, None),
    ("từ trần", False, None), ("đã từ trần", False, None), ("chết", False, None), ("hy sinh", False, None),
    ("đã mất 2018", False, 2018), ("mất năm 2007", False, 2007), ("từ trần 1999", False, 1999),
    ("mất 12/3/2019", False, 2019), (None, None, None),
]  # fmt: skip


def births(year: int, month: int, day: int, *, text_only: bool) -> list[tuple[object, dict[str, object]]]:
    """Ways to write a birth with what each means: year, date, whether it is estimated."""
    whole = date(year, month, day)
    exact = {"birth_year": year, "birth_date": f"{whole:%Y-%m-%d}", "birth_is_estimated": False}
    alone = {"birth_year": year, "birth_date": None, "birth_is_estimated": False}
    about = {"birth_year": year, "birth_date": None, "birth_is_estimated": True}
    nothing = {"birth_year": None, "birth_date": None, "birth_is_estimated": None}
    short = year % 100
    found: list[tuple[object, dict[str, object]]] = [
        (year, alone), (str(year), alone), (year, alone), (f"{day:02}/{month:02}/{year}", exact),
        (f"{day}/{month}/{year}", exact), (f"{day:02}-{month:02}-{year}", exact), (f"{day:02}.{month:02}.{year}", exact),
        (f"ngày {day} tháng {month} năm {year}", exact), (f"{month}/{year}", alone), (f"{month:02}/{year}", alone),
        (short if short > 9 else f"{short:02}", alone), (f"{short:02}", alone), (f"{day:02}/{month:02}/{short:02}", exact),
        (f"{year}?", about), (f"{year} (?)", about), (f"khoảng {year}", about), (f"khoảng năm {year}", about),
        (f"~{year}", about), (f"k. {year}", about), (f"ước {year}", about), (f"độ {year}", about),
        (f"{year}-{year + 1}", about), (f"{year}/{year + 1}", about), ("không rõ", nothing), ("không nhớ", nothing),
        ("?", nothing), ("-", nothing), (None, nothing),
    ]  # fmt: skip
    if date(1915, 1, 1) <= whole:
        found += [(serial(whole), exact), (str(serial(whole)), exact)]
    if not text_only:
        found += [
            (whole, exact),
            (whole, exact),
            (date(1899, 12, 30).fromordinal(date(1899, 12, 30).toordinal() + year), alone),
        ]
    return found


BAD_BIRTHS: list[tuple[object, str]] = [
    ("19x4", "birth_unreadable"), ("193?", "birth_unreadable"), ("94 tuổi", "birth_unreadable"),
    ("Giáp Tuất", "birth_unreadable"), ("31/02/1930", "birth_impossible_date"), ("15/13/1932", "birth_impossible_date"),
    ("00/00/1931", "birth_impossible_date"), (1949, "birth_out_of_range"), ("1902", "birth_out_of_range"),
    ("05/03/1950", "birth_out_of_range"), (Failed("#N/A"), "cell_error"), (Failed("#REF!"), "cell_error"),
    (Formula(None), "formula_no_value"),
]  # fmt: skip
BAD_NAMES: list[tuple[object, str]] = [
    (None, "name_missing"), ("-", "name_missing"), ("…", "name_missing"), ("?", "name_missing"), ("123", "name_invalid"),
    ("A Brơm 2", "name_invalid"), ("***", "name_invalid"), ("Ph?m V?n B?o", "name_garbled"),
    ("Ph\ufffdm V\ufffdn Bảo", "name_garbled"), ("=HYPERLINK(x)", "formula_text"), ("+A Brơm", "formula_text"),
    ("@SUM(A)", "formula_text"), ("-A Brơm", "formula_text"), (Failed("#NAME?"), "cell_error"),
    (Formula(None), "formula_no_value"),
]  # fmt: skip
BAD_IDS: list[object] = ["12345", "23012A456789", "0620301234567", "1234567"]


def ids(digits: str) -> list[object]:
    """Ways to write the number of a paper of 9 or 12 digits."""
    half = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    dotted = f"{digits[:3]}.{digits[3:6]}.{digits[6:]}"
    return [digits, int(digits), f"'{digits}", half, dotted, digits]


def phones(rest: str) -> list[tuple[object, str | None]]:
    """Ways to write the number 0 + rest, rest of nine digits."""
    whole = f"0{rest}"
    return [
        (whole, whole), (int(rest), whole), (f"+84{rest}", whole), (f"84{rest}", whole), (f"+84 {rest[:3]} {rest[3:]}", whole),
        (f"{whole[:4]} {whole[4:7]} {whole[7:]}", whole), (f"{whole[:4]}.{whole[4:7]}.{whole[7:]}", whole),
        (f"({whole[:4]}) {whole[4:]}", whole), (f"{whole[:4]}-{whole[4:]}", whole), (whole[:8], None),
        ("0" + whole + "12", None), (None, None),
    ]  # fmt: skip
