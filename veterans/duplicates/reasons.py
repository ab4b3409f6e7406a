"""Why two entries may be one person, or may not: codes that are stored, and their words."""

NAME_SAME = "name_same"
NAME_MARKS = "name_marks"
NAME_ORDER = "name_order"
NAME_TYPO = "name_typo"
NAME_MIDDLE = "name_middle"
NAME_OTHER = "name_other"
DATE_SAME = "date_same"
DATE_SWAPPED = "date_swapped"
DATE_OTHER = "date_other"
YEAR_SAME = "year_same"
YEAR_NEAR = "year_near"
YEAR_OTHER = "year_other"
COMMUNE_SAME = "commune_same"
COMMUNE_OTHER = "commune_other"
HAMLET_SAME = "hamlet_same"
HAMLET_OTHER = "hamlet_other"
ID_SAME = "id_same"
ID_OTHER = "id_other"
ID_SLIP = "id_slip"
PHONE_SAME = "phone_same"
SEX_OTHER = "sex_other"
CATEGORY_SAME = "category_same"
CATEGORY_OTHER = "category_other"

WORDS = {
    NAME_SAME: "Cùng họ và tên",
    NAME_MARKS: "Cùng họ và tên, chỉ khác dấu",
    NAME_ORDER: "Cùng các chữ trong tên, khác thứ tự",
    NAME_TYPO: "Tên gần giống, có thể do viết sai",
    NAME_MIDDLE: "Cùng họ và tên, khác tên đệm",
    NAME_OTHER: "Khác họ và tên",
    DATE_SAME: "Cùng ngày sinh",
    DATE_SWAPPED: "Cùng năm sinh, ngày và tháng đổi chỗ",
    DATE_OTHER: "Khác ngày sinh",
    YEAR_SAME: "Cùng năm sinh",
    YEAR_NEAR: "Năm sinh chỉ lệch ít",
    YEAR_OTHER: "Khác năm sinh",
    COMMUNE_SAME: "Cùng xã, phường",
    COMMUNE_OTHER: "Khác xã, phường",
    HAMLET_SAME: "Cùng thôn, địa chỉ",
    HAMLET_OTHER: "Khác thôn, địa chỉ",
    ID_SAME: "Cùng số định danh",
    ID_OTHER: "Khác số định danh",
    ID_SLIP: "Số định danh chỉ khác một, hai chữ số",
    PHONE_SAME: "Cùng số điện thoại",
    SEX_OTHER: "Khác giới tính",
    CATEGORY_SAME: "Cùng đối tượng",
    CATEGORY_OTHER: "Khác đối tượng",
}
# Without an equal ID number, one of these and the two are never proposed: namesakes of one commune differ in them.
AGAINST = frozenset({ID_OTHER, HAMLET_OTHER, DATE_OTHER, SEX_OTHER})
# A name, a year and a commune in common are not enough; one of these has to be there.
MORE = frozenset({ID_SAME, ID_SLIP, DATE_SAME, HAMLET_SAME, PHONE_SAME})


def words(codes) -> list[str]:
    """The reasons as the page says them, in the order of the codes; a code of an older version is left out."""
    return [WORDS[code] for code in codes if code in WORDS]
