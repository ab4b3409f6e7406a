"""Which column means what in a sender's lists, as somebody put it right once."""

from datetime import datetime
from typing import Any

from directive_tracker import vietnamese
from tasks.errors import Refused
from veterans.lists.columns import INNER_ROLES
from veterans.models import ColumnMemory, PersonImport

# What a select offers, in the order of a list on paper. "note": read, and kept as a note of the list.
ROLES: dict[str, str] = {
    "no": "Số thứ tự",
    "full_name": "Họ và tên",
    "family_name": "Họ và tên đệm",
    "given_name": "Tên",
    "sex": "Giới tính",
    "sex_male_tick": "Nam (đánh dấu)",
    "sex_female_tick": "Nữ (đánh dấu)",
    "birth": "Ngày, năm sinh",
    "birth_year_male": "Năm sinh – nam",
    "birth_year_female": "Năm sinh – nữ",
    "birth_day": "Ngày sinh",
    "birth_month": "Tháng sinh",
    "birth_year": "Năm sinh (cột riêng)",
    "ethnicity": "Dân tộc",
    "village": "Thôn, làng, tổ dân phố",
    "commune": "Xã, phường, thị trấn",
    "district": "Huyện, thành phố",
    "province": "Tỉnh",
    "address": "Địa chỉ",
    "category": "Đối tượng",
    "category_tick:dien_bien_soldier": "Chiến sĩ Điện Biên (đánh dấu)",
    "category_tick:youth_volunteer": "Thanh niên xung phong (đánh dấu)",
    "category_tick:frontline_labourer": "Dân công hỏa tuyến (đánh dấu)",
    "category_tick:other": "Đối tượng khác (đánh dấu)",
    "living_status": "Còn sống, đã mất",
    "living_tick": "Còn sống (đánh dấu)",
    "death_year": "Năm mất",
    "id_number": "Số định danh, CCCD, CMND",
    "phone": "Điện thoại",
    "hometown": "Quê quán",
    "unit": "Đơn vị khi tham gia",
    "note": "Ghi chú, cột khác",
}
assert set(ROLES) == set(INNER_ROLES)


def heading_key(heading: str) -> str:
    """A heading as it is remembered: without accents, case and surplus blanks."""
    return vietnamese.fold(" ".join(heading.split()))[:200]


def of(sender_key: str) -> dict[str, str]:
    """Heading → role for one sender."""
    return dict(ColumnMemory.objects.filter(sender_key=sender_key).values_list("heading_key", "role"))


def _keep_the_name(table: dict[str, Any], chosen: dict[str, str]) -> None:
    roles = {letter: chosen.get(letter, table["columns"].get(letter, "note")) for letter in table["headings"]}
    if not {"full_name", "given_name"} & set(roles.values()):
        where = f"Trang “{table['sheet']}”" if table["sheet"] else "Danh sách"
        raise Refused(
            f"{where} cần một cột “{ROLES['full_name']}”, hoặc hai cột “{ROLES['family_name']}” và “{ROLES['given_name']}”."
        )


def correct(found: PersonImport, chosen: dict[str, dict[str, str]], *, by: Any, now: datetime) -> bool:
    """Take columns that somebody put right: for this list, and by their headings for the sender's next ones.

    Args:
        chosen: sheet → column letter → role, as the page shows them; a role it has already changes nothing.
    Returns: whether anything changed, so that the list has to be read again.
    Errors: ValueError for an unknown role; Refused where a table would have no name any more, which no reading could
        find again, now or in the sender's next list.
    """
    for table in found.columns:
        _keep_the_name(table, chosen.get(table["sheet"], {}))
    changed = False
    corrections = {sheet: dict(columns) for sheet, columns in found.corrections.items()}
    for table in found.columns:
        for letter, role in chosen.get(table["sheet"], {}).items():
            if role not in ROLES:
                raise ValueError(role)
            if letter not in table["headings"]:
                continue
            if table["columns"].get(letter, "note") == role:
                continue
            changed = True
            corrections.setdefault(table["sheet"], {})[letter] = role
            key = heading_key(table["headings"][letter])
            if key:
                ColumnMemory.objects.update_or_create(
                    sender_key=found.sender_key, heading_key=key, defaults={"role": role, "by": by, "at": now}
                )
    if changed:
        found.corrections = corrections
        found.save(update_fields=["corrections"])
    return changed
