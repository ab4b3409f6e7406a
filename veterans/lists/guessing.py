"""Role of a column by its values, where the heading says nothing."""

from collections.abc import Callable

from veterans.lists.fields.birth import parse_birth
from veterans.lists.fields.category import category_of
from veterans.lists.fields.ethnicity import parse_ethnicity
from veterans.lists.fields.living import parse_living
from veterans.lists.fields.sex import parse_sex
from veterans.lists.grid import NUMBER, TEXT, Cell
from veterans.lists.places import Places, is_village_like
from veterans.lists.text import folded

# Fewer values prove nothing.
_LEAST = 3
_SHARE = 0.7


def guess(columns: dict[int, list[Cell]], taken: set[str], places: Places) -> dict[int, str]:
    """Column → role, for columns without one.

    Arguments: columns, the values of each column that has no role yet; taken, roles that others have already.
    """
    found: dict[int, str] = {}
    have = set(taken)
    for role, blocked_by, looks in _LOOKS(places):
        if have & blocked_by:
            continue
        best, points = None, _SHARE
        for column, cells in columns.items():
            if column in found or len(cells) < _LEAST:
                continue
            share = sum(map(looks, cells)) / len(cells)
            if share > points:
                best, points = column, share
        if best is not None:
            found[best] = role
            have.add(role)
    return found


def fits(role: str, cells: list[Cell], places: Places) -> bool:
    """Whether the values of a column do not speak against a role: at least a third look like it, or there are few."""
    looks = next((one for name, _, one in _LOOKS(places) if name == role), None)
    if looks is None:
        return role not in ("unit", "note") or not cells
    return len(cells) < _LEAST or sum(map(looks, cells)) * 3 >= len(cells)


_NAMES = {"full_name", "family_name", "given_name"}
_BIRTHS = {"birth", "birth_year", "birth_year_male", "birth_year_female"}
_SEXES = {"sex", "sex_male_tick", "sex_female_tick"}


def _LOOKS(places: Places) -> tuple[tuple[str, set[str], Callable[[Cell], bool]], ...]:
    return (
        ("sex", _SEXES | {"birth_year_male"}, lambda cell: cell.kind == TEXT and parse_sex(cell.value, {}) is not None),
        ("category", {"category"} | {f"category_tick:{one}" for one in ("dien_bien_soldier", "youth_volunteer", "frontline_labourer")}, lambda cell: cell.kind == TEXT and bool(category_of(cell.value))),
        ("ethnicity", {"ethnicity"}, lambda cell: cell.kind == TEXT and parse_ethnicity(cell.value) is not None),
        ("living_status", {"living_status", "living_tick", "death_year"}, lambda cell: cell.kind == TEXT and parse_living(cell).living is not None),
        ("id_number", {"id_number"}, lambda cell: _digits(cell) in (9, 11, 12)),
        ("phone", {"phone"}, lambda cell: _digits(cell) in (9, 10) and str(cell.value).lstrip("+0(")[:1] in "235789"),
        ("birth", _BIRTHS, lambda cell: parse_birth(cell).year is not None and not parse_birth(cell).code),
        ("commune", {"commune", "address"}, lambda cell: cell.kind == TEXT and bool(places.communes(cell.value, is_new=False) or places.communes(cell.value, is_new=True))),
        ("full_name", _NAMES, _is_name),
        ("address", {"address", "village"}, lambda cell: cell.kind == TEXT and is_village_like(cell.value) and len(cell.value) > 4),
    )  # fmt: skip


def _digits(cell: Cell) -> int:
    if cell.kind == NUMBER:
        return len(str(cell.value))
    if cell.kind != TEXT:
        return 0
    text = cell.value.replace(" ", "").replace(".", "").lstrip("'+")
    return len(text) if text.isdigit() else 0


def _is_name(cell: Cell) -> bool:
    if cell.kind != TEXT or any(sign.isdigit() for sign in cell.value):
        return False
    words = cell.value.split()
    known = bool(category_of(cell.value)) or parse_ethnicity(cell.value) or is_village_like(cell.value)
    return (
        2 <= len(words) <= 7
        and not known
        and folded(words[0])[:1].isalpha()
        and sum(word[:1].isupper() for word in words) * 2 > len(words)
    )
