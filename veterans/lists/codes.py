"""Every code of a row or a file with its Vietnamese sentence: what is wrong, and what would be right."""

from typing import NamedTuple

from directive_tracker.vietnamese import shortened

# The last column of the file with the wrong rows: ours, and no note about a person when the file comes back mended.
ERRORS_HEADING = "Lỗi"
YEARS = (1905, 1942)
CAMPAIGN = 1954


class Words(NamedTuple):
    """What is wrong, and what would be right."""

    wrong: str
    right: str


# Row errors. {value} is what stands in the cell.
ERRORS: dict[str, Words] = {
    "name_missing": Words("Thiếu họ và tên.", "Ghi họ và tên, hoặc xóa dòng nếu không có người nào."),
    "name_invalid": Words(
        "Họ và tên “{value}” không có chữ cái hoặc có chữ số.", "Ghi tên bằng chữ, không kèm số hay ký hiệu."
    ),
    "name_garbled": Words("Họ và tên “{value}” đã mất chữ khi chuyển bảng mã.", "Gõ lại họ và tên theo danh sách gốc."),
    "birth_unreadable": Words(
        "Không đọc được năm sinh “{value}”.", "Ghi năm bốn chữ số (1932), ngày/tháng/năm, hoặc “khoảng 1932”."
    ),
    "birth_impossible_date": Words(
        "Ngày sinh “{value}” không có trong lịch.", "Ghi đúng ngày/tháng/năm, hoặc chỉ ghi năm."
    ),
    "birth_out_of_range": Words(
        "Năm sinh {year} nằm ngoài khoảng 1905–1942 nên không thể đã tham gia năm 1954.",
        "Kiểm tra lại năm sinh; nếu đúng thì người này không thuộc danh sách.",
    ),
    "birth_conflict": Words("Cả cột Nam và cột Nữ đều có năm sinh.", "Chỉ để năm sinh ở một trong hai cột."),
    "commune_missing": Words(
        "Không biết xã, phường, thị trấn nào.", "Ghi tên xã ở cột của nó, ở địa chỉ, ở dòng mục hay ở tên danh sách."
    ),
    "commune_unknown": Words(
        "Không có xã, phường, thị trấn nào tên “{value}” trong tỉnh.", "Ghi đúng tên xã, phường, thị trấn của tỉnh."
    ),
    "commune_ambiguous": Words("Có hơn một nơi tên “{value}”: {choices}.", "Ghi thêm tên huyện, hoặc tên tỉnh."),
    "category_missing": Words(
        "Chưa ghi đối tượng.", "Ghi chiến sĩ Điện Biên, thanh niên xung phong, dân công hỏa tuyến hoặc khác."
    ),
    "category_unknown": Words(
        "Không biết đối tượng “{value}”.",
        "Ghi chiến sĩ Điện Biên, thanh niên xung phong, dân công hỏa tuyến hoặc khác.",
    ),
    "category_conflict": Words("Có hơn một cột đối tượng được đánh dấu.", "Chỉ đánh dấu một cột."),
    "id_invalid": Words(
        "Số giấy tờ “{value}” không có 9 hay 12 chữ số.", "Ghi 9 số (CMND) hoặc 12 số (CCCD), không kèm chữ."
    ),
    "death_year_impossible": Words(
        "Năm mất {year} trước năm 1954, trước năm sinh hoặc ở tương lai.", "Kiểm tra lại năm mất."
    ),
    "cell_error": Words("Ô có lỗi “{value}” của bảng tính.", "Mở tệp, sửa công thức hoặc gõ giá trị vào ô."),
    "formula_text": Words(
        "Họ và tên “{value}” bắt đầu bằng dấu mà bảng tính coi là công thức.", "Gõ lại họ và tên, bỏ dấu ở đầu."
    ),
    "formula_no_value": Words(
        "Ô có công thức chưa tính ra giá trị.", "Mở tệp bằng chương trình bảng tính, lưu lại rồi gửi lại."
    ),
}

WARNINGS: dict[str, Words] = {
    "birth_missing": Words("Không rõ năm sinh.", "Bổ sung khi biết."),
    "phone_invalid": Words(
        "Số điện thoại “{value}” không dùng được nên bỏ trống.", "Ghi 10 hoặc 11 chữ số, bắt đầu bằng 0."
    ),
    "cell_error": Words("Ô có lỗi “{value}” của bảng tính nên đọc là ô trống.", "Gõ giá trị vào ô nếu biết."),
    "hidden": Words("Dòng này đang ẩn trong tệp; vẫn được đọc.", "Xóa dòng khỏi tệp nếu không thuộc danh sách."),
}

FILES: dict[str, str] = {
    "not_a_workbook": "Tệp “{name}” không phải là bảng tính đọc được{why}. Hãy mở tệp và lưu lại dạng .xlsx, .xls, .ods hoặc .csv rồi gửi lại.",
    "no_data": "Tệp “{name}” không có ô nào có giá trị. Hãy kiểm tra lại tệp đã chọn.",
    "password_protected": "Tệp “{name}” có mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi gửi lại.",
    "too_large": "Tệp “{name}” khi bung ra vượt 100 MB{why}. Hãy chia thành nhiều tệp nhỏ, mỗi tệp một danh sách.",
    "too_wide": "Trang “{why}” của tệp “{name}” có hơn 500 cột. Hãy xóa các cột thừa rồi gửi lại.",
}


class FileRefused(Exception):
    """The file as a whole cannot be taken. `code` is a key of FILES; str() is the sentence for the screen."""

    def __init__(self, code: str, name: str = "", why: str = "") -> None:
        self.code, self.name, self.why = code, name, why
        super().__init__(FILES[code].format(name=name, why=why))

    def of(self, name: str) -> "FileRefused":
        """The same refusal with the name of the file, which the readers of a format do not know."""
        return FileRefused(self.code, name, self.why)


class Problem(NamedTuple):
    """An error or warning of one row, with its place."""

    code: str
    wrong: str
    right: str
    letter: str = ""  # of the column; "" where it is about the whole row
    heading: str = ""
    value: str = ""

    def sentence(self, sheet: str, row: int) -> str:
        """ "Trang “A”, dòng 12, cột D “Năm sinh”: … – what is wrong, where, what would be right."""
        page = f"Trang “{sheet}”, d" if sheet else "D"
        column = f", cột {self.letter}" if self.letter else ""
        heading = f" “{self.heading}”" if self.letter and self.heading else ""
        return f"{page}òng {row}{column}{heading}: {self.wrong} {self.right}"


def problem(
    code: str, *, warning: bool = False, letter: str = "", heading: str = "", value: str = "", **more: object
) -> Problem:
    """A problem with its sentence. Arguments: value, what stands in the cell; more, other words of the sentence."""
    words = (WARNINGS if warning else ERRORS)[code]
    shown = shortened(value, 60)
    return Problem(code, words.wrong.format(value=shown, **more), words.right, letter, heading, value)
