"""Heading → role of the column, from one table of heading words.

A heading of several levels is a path: ("Nơi cư trú", "Thôn"). Words are compared without accents, case and signs,
except where only the accent tells two words apart (Năm, a year; Nam, a man).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from directive_tracker.vietnamese import nfc
from veterans.lists.fields.category import category_of
from veterans.lists.text import folded

ROLES = frozenset(
    """no full_name family_name given_name sex sex_male_tick sex_female_tick birth birth_year_male birth_year_female
    birth_day birth_month birth_year ethnicity village commune district address category living_status living_tick
    death_year id_number phone hometown unit note""".split()
) | {f"category_tick:{one}" for one in ("dien_bien_soldier", "youth_volunteer", "frontline_labourer", "other")}
# A province stands in some lists; it only says of which time the communes are.
INNER_ROLES = ROLES | {"province"}

_SIGNS = re.compile(r"[^0-9a-z]+")
_BRACKET = re.compile(r"\([^()]*\)?")

# Other people than the one in the row, and other names.
_OTHERS = r"than nhan|nguoi than|nguoi lien he|ten lien he|lien he voi|vo chong|\bvo\b|\bchong\b|\bcha\b|\bme\b|\bbo me\b|con cai|\bcon trai\b|chu ho|dai dien|ke khai|goi khac|bi danh|thuong goi|nguoi lap|giam ho|cham soc|nguoi nuoi|thua ke|nguoi nhan|nguoi bao"

# The first line that fits decides. Left: the role; right: what the heading says, in key words.
_RULES: tuple[tuple[str, str], ...] = (
    ("no", r"(?:stt|s t t)(?: .{0,12})?|tt|t t|so tt|so thu tu|thu tu|so|no|tt chung|tt xa|so t t"),
    ("full_name", r"(?:ho (?:va )?ten )(?:thuong goi )?(?:va )?bi danh"),
    ("sex", r"ong (?:hay |hoac )?ba|gt|g tinh|sex|gender|nam (?:\d )?nu(?: \d)?|nam \d(?: .*)?"),
    ("note", r".*(?:ghi chu|chu thich|luu y|nhan xet|y kien|ky nhan|ky ten|chu ky|de nghi|de xuat).*"),
    ("note", r".*(?:ngay cap|noi cap|co quan cap|suc khoe|benh|hon nhan|hoan canh|nha o|kinh te|ton giao|trinh do|van hoa|nghe nghiep|chuc vu|cap bac|huan chuong|khen thuong|tro cap|muc qua|so tien|qua tang|tuoi dang|vao dang).*"),
    ("note", rf".*(?:{_OTHERS}).*"),
    ("phone", r".*(?:dien thoai|\bd thoai\b|\bsdt\b|\bso dt\b|\bdt\b|di dong|so may|\btel\b|phone|zalo|lien lac|dtdd).*|(?:so |cach )?lien he"),
    ("id_number", r".*(?:cccd|cmnd|\bcmt\b|cmtnd|can cuoc|chung minh|dinh danh|giay to tuy than|so giay to|so the|ma so ca nhan|\bddcn\b|\bgttt\b).*|(?:so |the )?cc"),
    ("ethnicity", r".*(?:dan toc|toc nguoi).*|d toc|toc"),
    ("sex", r".*(?:gioi tinh|\bphai\b|\bgioi\b).*|nam (?:hay |hoac |va )?nu"),
    ("family_name", r"(?:ho|ho va ten|ho ten) (?:va )?(?:ten )?(?:chu )?(?:dem|lot|lot dem)|ho va (?:ten )?(?:chu )?(?:dem|lot)|ho(?: va)? dem|ho lot|ho chu lot|ho va chu lot"),
    ("full_name", r"ho(?: va)? (?:chu )?(?:dem|lot) (?:va )?ten|ho (?:va )?chu (?:dem|lot) (?:va )?ten|full name|name|ho\s?ten|nguoi co ten .*"),
    ("full_name", r"(?:.* )?(?:ho va ten|ho ten|ten ho|ten day du|danh tinh|quy danh|ten khai sinh|ten nguoi|ten hoi vien|ten doi tuong|ten cuu|ho ten nguoi)(?: .*)?"),
    ("living_status", r".*(?:(?:con|song).*(?:mat|chet|tu tran|qua doi|khong)|tinh trang|hien trang|hien tai con|tinh hinh hien nay|song hay).*|con mat|hien con|hien nay|hien tai|trang thai"),
    ("death_year", r".*(?:nam mat|nam tu tran|nam chet|nam qua doi|ngay mat|mat nam|mat ngay|tu tran|qua doi|da mat|da chet|hy sinh nam|nam hy sinh|chet nam|ngay hy sinh|thoi gian mat|ngay chet|ngay thang nam mat|nam khuat).*|mat|chet"),
    ("living_tick", r"(?:hien )?(?:dang )?(?:con song|song|con)(?: .*)?"),
    ("birth", r".*(?:nam sinh|ngay sinh|thang sinh|sinh nam|sinh ngay|ngay thang sinh|\bntns\b|namsinh|ngaysinh).*|ns"),
    ("hometown", r".*(?:que quan|nguyen quan|sinh quan|noi sinh\b(?! song)|\bque\b|noi dang ky khai sinh|ban quan|chinh quan).*"),
    ("birth", r".*\bsinh\b(?! song| hoat| vien).*"),
    ("commune", r"(?:ten |thuoc |don vi |dia ban |noi o )?(?:xa|phuong|thi tran)(?: (?:xa|phuong|thi tran|hoac|va|tt|p|x))*(?: (?:noi )?(?:dang )?(?:o|cu tru|thuong tru|sinh song)(?: hien nay)?)?|(?:ten )?don vi hanh chinh(?: cap xa)?|cap xa|x p tt|dia ban cap xa|dia phuong|dia ban"),
    ("district", r"(?:ten |thuoc |dia ban )?(?:huyen|thanh pho|thi xa|quan)(?: (?:huyen|thanh pho|thi xa|thi|tp|tx|t p|hoac|va|quan))*|cap huyen|h tp"),
    ("province", r"(?:ten |thuoc )?tinh(?: thanh pho| thanh| tp)*|tinh thanh"),
    ("address", r".*(?:\bxa\b|\bphuong\b).*(?:huyen|tinh|thanh pho).*|.*(?:\bthon\b|\blang\b|to dan pho|\btdp\b).*(?:\bxa\b|\bphuong\b).*"),
    ("village", r".*\b(?:thon|lang|khu dan cu|kdc|to dan pho|buon|khu pho|khoi pho|xom|tdp|so nha|ten duong|duong pho)\b.*|(?:ten )?(?:ban|ap|to|khoi|duong|khu|khu vuc|ban ap)"),
    ("address", r".*(?:dia chi|cu tru|noi o|cho o|thuong tru|tru quan|ho khau|\bhktt\b|tam tru|noi sinh song|dang sinh song|o tai|sinh song).*|hien o|o dau|tru tai|(?:hien )?tru tai .*|d c"),
    ("unit", r".*(?:don vi|phien hieu|trung doan|dai doi|tieu doan|su doan|nhiem vu|noi cong tac|thoi gian tham gia|tham gia chien dich).*"),
    ("category", r".*(?:doi tuong|thanh phan|\bdien\b|phan loai|\bloai\b|luc luong|tu cach|\bnhom\b|hinh thuc tham gia|vai tro|danh xung).*|d tuong(?: .*)?|la|tham gia voi .*"),
    ("given_name", r"ten"),
    ("family_name", r"ho"),
)  # fmt: skip
_TABLE = tuple((role, re.compile(words)) for role, words in _RULES)

_BIRTH = re.compile(r"\bsinh\b|\bntns\b")
_PARTS = {
    "ngay": "birth_day",
    "thang": "birth_month",
    "nam": "birth_year",
    "ngay sinh": "birth_day",
    "thang sinh": "birth_month",
    "nam sinh": "birth_year",
}
_DIGITS = re.compile(r"\d")


class Heading(NamedTuple):
    """The heading of one column: its texts from the top level down, each once."""

    path: tuple[str, ...]

    @property
    def words(self) -> str:
        """As shown to a person."""
        return " – ".join(self.path)


@lru_cache(maxsize=5_000)
def bare(text: str) -> str:
    """The words of a heading: folded, without brackets and signs."""
    inner = _SIGNS.sub(" ", folded(_BRACKET.sub(" ", text))).strip()
    return inner or _SIGNS.sub(" ", folded(text)).strip()


@lru_cache(maxsize=20_000)
def role_of_text(text: str) -> str:
    """The role that one heading text speaks for by itself; "" for none."""
    words = bare(text)
    if not words or len(words) > 120:
        return ""
    if words in _BY_ACCENT:
        # Only the accent tells these words apart; what stands in the column is looked at as well.
        return _BY_ACCENT[words]["đ" in nfc(text).lower()]
    if "(" in text and _SEXES.fullmatch(_SIGNS.sub(" ", folded(text)).strip()):
        return "sex"
    found = category_of(re.sub(r"^\s*(?:là|la)\s+", "", _BRACKET.sub(" ", text), flags=re.IGNORECASE), loose=False)
    if found and words != "khac":
        return f"category_tick:{found}"
    for role, pattern in _TABLE:
        if pattern.fullmatch(words):
            return role
    return ""


_SEXES = re.compile(r"(?:nam nu|ong ba)(?: .*)?")
_BY_ACCENT = {
    "dt": ("ethnicity", "phone"),
    "dc": ("category_tick:frontline_labourer", "address"),
    "so dt": ("phone", "phone"),
    "dt tham gia": ("category", "category"),
}
# Words that say too little: what stands in the column decides where it speaks clearly.
WEAK = frozenset(
    (
        *"don vi|hien nay|hien tai|trang thai|loai|nhom|dien|dt|dc|la|tham gia|lien he|tinh trang|hien trang".split(
            "|"
        ),
        *"dia ban|dia phuong|noi o|thanh phan|ns|gt|sinh|khu vuc|to|khoi|khu|toc|cc|ban|duong".split("|"),
    )
)


# Roles whose words hardly stand in a row about a person.
_STRONG = frozenset(
    "no full_name family_name sex birth ethnicity address category living_status id_number phone hometown note".split()
)


@lru_cache(maxsize=50_000)
def strong_role(text: str) -> str:
    """The role where a text can hardly be anything but a heading; "" otherwise."""
    if len(text) > 120 or _DIGITS.search(_BRACKET.sub("", text)):
        return ""
    role = role_of_text(text)
    words = bare(text)
    if role in _STRONG:
        # "Số 5 …" is an address; "bệnh nặng" and the like are notes about a person.
        return "" if role == "note" and "ghi chu" not in words else role
    if role in ("village", "commune", "district", "unit", "death_year"):
        return role if words in _PLACE_HEADINGS else ""
    return ""


_PLACE_HEADINGS = frozenset(
    ("thon", "lang", "thon lang", "thon to dan pho", "thon lang to dan pho", "to dan pho", "xa", "phuong", "xa phuong", "xa phuong thi tran",
     "huyen", "huyen thanh pho", "huyen tp", "don vi", "nam mat", "thon to", "to thon", "thon ban", "xa tt", "nam tu tran", "thon xom", "thon buon")
)  # fmt: skip


def is_year_word(text: str) -> bool:
    """ "Năm" with its accent is a year, "Nam" a man; written without accents either may be meant."""
    return "ă" in nfc(text).lower()


def roles_of(headings: dict[int, Heading]) -> dict[int, str]:
    """Column → role by its heading alone; columns whose heading says nothing are left out."""
    roles = {column: _role(heading) for column, heading in headings.items()}
    _sex_and_birth(headings, roles)
    _three_columns(headings, roles)
    _names(headings, roles)
    _ticks(headings, roles)
    return {column: role for column, role in roles.items() if role}


def _role(heading: Heading) -> str:
    """By the lowest level; where that says nothing by itself, by all levels together, then by the one above."""
    leaf, above = heading.path[-1], heading.path[:-1]
    role = role_of_text(leaf)
    whole = role_of_text(" ".join(heading.path)) if above else ""
    if not above:
        return role
    over = next((found for text in reversed(above) if (found := role_of_text(text))), "")
    if over == "note" or (over in ("id_number",) and role == "note"):
        return "note"
    if over in ("birth", "sex", "full_name", "death_year") and role in (
        "",
        "given_name",
        "family_name",
        "village",
        "no",
    ):
        return role if role in ("given_name", "family_name") else over
    if over == "hometown":
        return "hometown"
    if over in ("address", "village") and role in ("", "unit"):
        return over
    if over == "living_status" and role in ("", "living_tick", "death_year"):
        return role or over
    return role or whole or over


def _sex_and_birth(headings: dict[int, Heading], roles: dict[int, str]) -> None:
    """ "Nam" and "Nữ" under a heading of birth are years, under another ticks; so are "Nam sinh", "Nữ sinh"."""
    for column, heading in headings.items():
        side = _side(heading.path[-1])
        if not side:
            continue
        over = " ".join(bare(text) for text in heading.path[:-1])
        beside = {_side(other.path[-1]) for place, other in headings.items() if other.path[:-1] == heading.path[:-1]}
        if not {"male", "female"} <= beside:
            continue
        words = bare(heading.path[-1])
        if _BIRTH.search(over) or _BIRTH.search(words):
            roles[column] = f"birth_year_{side}"
        else:
            roles[column] = f"sex_{side}_tick"


def _side(text: str) -> str:
    """ "Nam", "Năm sinh (nam)", "Nữ", "Ông", "Bà" → male or female; "" where the text names neither."""
    words = bare(text)
    inner = _BRACKET.search(text)
    if inner and bare(inner[0]) in ("nam", "nu"):
        words = f"{words} {bare(inner[0])}"
    if re.fullmatch(
        r"nam|ong|(?:nam sinh|ngay sinh|sinh nam|ngay thang nam sinh) (?:cua )?nam|nam (?:gioi )?(?:sinh )?nam sinh|nam gioi",
        words,
    ):
        return "" if words == "nam" and is_year_word(text) else "male"
    if re.fullmatch(
        r"nu|ba|(?:nam sinh|ngay sinh|sinh nam|ngay thang nam sinh) (?:cua )?nu|nu (?:gioi )?(?:sinh )?(?:nam )?sinh|nu gioi",
        words,
    ):
        return "female"
    return ""


def _three_columns(headings: dict[int, Heading], roles: dict[int, str]) -> None:
    """Day, month and year of birth in three columns: a month must be among them."""
    found: dict[str, int] = {}
    for column, heading in headings.items():
        part = _PARTS.get(bare(heading.path[-1]))
        over = " ".join(bare(text) for text in heading.path)
        if (
            part
            and roles.get(column) in ("birth", "birth_day", "birth_month", "birth_year", "", "birth_year_male", None)
            and (_BIRTH.search(over) or len(heading.path) == 1)
        ):
            found.setdefault(part, column)
    if "birth_month" in found and len(found) >= 2:
        places = sorted(found.values())
        # They stand side by side; three headings anywhere are something else.
        if places[-1] - places[0] <= 4:
            for part, column in found.items():
                roles[column] = part


def _names(headings: dict[int, Heading], roles: dict[int, str]) -> None:
    """Họ and Tên belong together; a name heading over two columns is both."""
    columns = sorted(column for column, role in roles.items() if role == "full_name")
    given = [column for column, role in roles.items() if role == "given_name"]
    family = [column for column, role in roles.items() if role == "family_name"]
    if len(columns) == 1 and given and not family and given[0] > columns[0]:
        roles[columns[0]] = "family_name"
    elif given and not family and not columns:
        roles[given[0]] = "full_name"
    elif family and not given:
        after = [column for column in columns if column > family[0]]
        if after:
            roles[after[0]] = "given_name"
        elif not columns:
            roles[family[0]] = "full_name"
    for column in columns[1:]:
        if roles[column] == "full_name" and headings[column].path != headings[columns[0]].path:
            # The name of somebody else.
            roles[column] = "note"


def _ticks(headings: dict[int, Heading], roles: dict[int, str]) -> None:
    """ "Khác" is a category only beside others."""
    ticks = [column for column, role in roles.items() if role.startswith("category_tick")]
    for column, heading in headings.items():
        if bare(heading.path[-1]) in ("khac", "doi tuong khac", "thanh phan khac"):
            under = any(role_of_text(text) == "category" for text in heading.path[:-1])
            if under or any(abs(column - other) <= 4 for other in ticks):
                roles[column] = "category_tick:other"
