"""Checking the sheets of areas and units."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directive_tracker.vietnamese import fold, sort_key, vn_date
from units.importing import values as cells
from units.importing.context import Check
from units.importing.layout import LONG_AGO_WORD
from units.importing.names import Entry
from units.importing.plan import LONG_AGO, Ref, show
from units.importing.reading import Row
from units.importing.snapshot import Snapshot
from units.models import AreaLevel, UnitKind

ENDS_BEFORE = "Ngày kết thúc đứng trước ngày bắt đầu."
_LEVEL_WORDS = {
    "huyen": "district", "thanh pho": "district", "thi xa": "district", "quan": "district", "cap huyen": "district",
    "xa": "commune", "phuong": "commune", "thi tran": "commune", "cap xa": "commune", "cap tinh": "province",
}  # fmt: skip
_RANK = {"province": 0, "district": 1, "commune": 2}
_CODE_WIDTH = {"province": 2, "district": 3, "commune": 5}
_NO_DAY = cells.optional(cells.day, None)


@dataclass(eq=False)
class Draft:
    """A row on its way to an item: `known` is what is there already."""

    row: Row
    key: Any
    known: Any
    values: dict[str, Any]
    entry: Entry
    parent: Entry | None = None
    namesakes: list[Entry] = field(default_factory=list)


def period_fails(check: Check, row: Row, values: dict[str, Any], known: Any, *, line: str) -> None:
    """Write down an end before the beginning, each of them typed or known."""
    begins = values.get("valid_from", known.valid_from if known else LONG_AGO)
    ends = values.get("valid_to", known.valid_to if known else None)
    if ends is not None and ends < begins:
        name = "valid_to" if "valid_to" in row.values else "valid_from"
        check.fail(row, name, ENDS_BEFORE, f"Từ {show('', begins)} trở đi.", line=line)


# --- areas --------------------------------------------------------------------------------------


def know_areas(check: Check) -> None:
    """Put the areas that are there into the directory."""
    areas = check.snapshot.areas
    for area in areas.values():
        above = areas.get(area.parent_id)
        ref = area_ref(check.snapshot, area)
        names = (area.name, *check.snapshot.spellings.get(area.pk, ()))
        within = above.name if above else ""
        check.areas.add(Entry(ref, area.code, names, area.valid_from, area.valid_to, within))


def area_ref(snapshot: Snapshot, area: Any) -> Ref:
    """The key of an area of the snapshot; a code that was used again is told apart by the first day."""
    since = f", từ {vn_date(area.valid_from)}" if area.valid_from != LONG_AGO else f", {LONG_AGO_WORD.lower()}"
    more = since if area.code in snapshot.codes_used_again else ""
    return Ref((area.level, area.code, area.valid_from), f"{area.name} ({area.code}{more})")


def check_areas(check: Check, rows: Sequence[Row]) -> None:
    """Check the sheet of areas and put the new ones into the directory."""
    known = {(area.level, area.code, area.valid_from): area for area in check.snapshot.areas.values()}
    by_code: dict[tuple[str, str], list[Any]] = {}
    for area in check.snapshot.areas.values():
        by_code.setdefault((area.level, area.code), []).append(area)
    parsers = {
        "level": cells.choice(AreaLevel, "cấp", _LEVEL_WORDS),
        "code": cells.text(10),
        "name": cells.text(120),
        "valid_from": cells.day,
        "valid_to": _NO_DAY,
    }
    seen: dict[Any, Row] = {}
    drafts = []
    for row in rows:
        values = check.read(row, parsers, line="areas")
        if not check.need(row, values, ("code", "level"), line="areas") or check.is_bad(row):
            continue
        draft = _area_draft(check, row, values, known, by_code)
        if draft is None or _twice(check, row, draft.key, seen, "code", line="areas"):
            continue
        drafts.append(draft)
    _parents_of_areas(check, drafts)
    _drop_orphans(check, drafts, "Địa bàn", line="areas")
    for draft in drafts:
        if not check.is_bad(draft.row):
            _settle_area(check, draft)


def _area_draft(check: Check, row: Row, values: dict, known: dict, by_code: dict) -> Draft | None:
    level, code = values["level"], values["code"]
    if isinstance(row.values["code"], int) and len(code) < _CODE_WIDTH[level]:
        code = code.zfill(_CODE_WIDTH[level])
        check.remark(row, f"Excel đã bỏ số 0 ở đầu mã “{row.values['code']}”; đọc là {code}.")
    namesakes = by_code.get((level, code), [])
    if "valid_from" in values:
        found = known.get((level, code, values["valid_from"]))
    else:
        in_force = [area for area in namesakes if _valid(area, check.today)]
        found = in_force[0] if len(in_force) == 1 else namesakes[0] if len(namesakes) == 1 else None
        if found is None and namesakes:
            check.fail(row, "code", f"Có {len(namesakes)} địa bàn dùng mã {code}.", "Ghi cả Từ ngày.", line="areas")
            return None
    if found is None and not check.need(row, values, ("name",), line="areas"):
        return None
    begins = found.valid_from if found else values.get("valid_from", LONG_AGO)
    values = {**values, "code": code, "valid_from": begins}
    period_fails(check, row, values, found, line="areas")
    ends = values.get("valid_to", found.valid_to if found else None)
    for other in namesakes:
        if other is not found and _overlap(begins, ends, other.valid_from, other.valid_to):
            until = f"đến {vn_date(other.valid_to)}" if other.valid_to else "chưa có ngày kết thúc"
            check.fail(
                row, "valid_from" if "valid_from" in row.values else "code",
                f"Mã {code} đang dùng cho “{other.name}” từ {show('', other.valid_from)}, {until}.",
                "Ngày bắt đầu của địa bàn đã có không đổi bằng tệp; địa bàn mới bắt đầu sau khi địa bàn cũ kết thúc.", line="areas",
            )  # fmt: skip
            break
    if check.is_bad(row):
        return None
    key = (level, code, begins)
    name = values.get("name", found.name if found else "")
    entry = Entry(
        Ref(key, f"{name} ({code})"), code, (name,), begins, ends, made_by=None if found else (row.sheet, row.number)
    )
    if found is None or (name, ends) != (found.name, found.valid_to):
        check.areas.add(entry)
    return Draft(row, key, found, values, entry)


def _valid(row: Any, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def _overlap(from_1: date, to_1: date | None, from_2: date, to_2: date | None) -> bool:
    return (to_1 is None or from_2 <= to_1) and (to_2 is None or from_1 <= to_2)


def _twice(check: Check, row: Row, key: Any, seen: dict[Any, Row], name: str, *, line: str) -> bool:
    """Write down that an earlier row is about the same thing."""
    first = seen.setdefault(key, row)
    if first is row:
        return False
    where = f"dòng {first.number}" + (f" trang “{first.sheet}”" if first.sheet != row.sheet else "")
    right = "Mỗi thứ một dòng; nếu là hai thứ khác nhau thì ghi mã riêng cho từng dòng."
    check.fail(row, name, f"Trùng với {where}.", right, line=line)
    return True


def _parents_of_areas(check: Check, drafts: list[Draft]) -> None:
    for draft in drafts:
        if cells.is_cleared(draft.row.values.get("parent")):
            draft.values["parent"] = None
            continue
        parent = check.find(check.areas, draft.row, "parent", line="areas")
        if parent is None:
            continue
        level = draft.values["level"]
        if _RANK[parent.ref.key[0]] >= _RANK[level]:
            wrong = f"{parent.described} không phải cấp trên của {show('level', level).lower()}."
            check.fail(draft.row, "parent", wrong, "Xã thuộc huyện hoặc tỉnh, huyện thuộc tỉnh.", line="areas")
            continue
        draft.parent, draft.values["parent"] = parent, parent.ref


def _settle_area(check: Check, draft: Draft) -> None:
    known, areas = draft.known, check.snapshot.areas
    before: dict[str, Any] = {}
    if known:
        above = areas.get(known.parent_id)
        before = {
            "level": known.level, "code": known.code, "name": known.name, "valid_from": known.valid_from,
            "valid_to": known.valid_to, "parent": area_ref(check.snapshot, above) if above else None,
        }  # fmt: skip
    check.settle("areas", draft.key, draft.row, draft.entry.ref.label, known, draft.values, before)


# --- units --------------------------------------------------------------------------------------


def know_units(check: Check) -> None:
    """Put the units that are there into the directory."""
    units = check.snapshot.units
    for unit in units.values():
        above = units.get(unit.parent_id)
        names = (unit.name, unit.short_name)
        within = above.short_name if above else ""
        check.units.add(Entry(unit_ref(unit), unit.code, names, unit.valid_from, unit.valid_to, within))


def unit_ref(unit: Any) -> Ref:
    """The key of a unit of the snapshot."""
    return Ref(unit.code, f"{unit.name} ({unit.code})")


def check_units(check: Check, rows: Sequence[Row]) -> None:
    """Check the sheet of units and put the new ones into the directory."""
    parsers = {
        "code": cells.unit_code,
        "name": cells.text(200),
        "short_name": cells.optional(cells.text(60)),
        "kind": cells.choice(UnitKind, "loại đơn vị"),
        "symbol": cells.optional(cells.text(30)),
        "phone": cells.optional(cells.phone),
        "email": cells.optional(cells.email),
        "sort_order": cells.whole,
        "needs_head_approval": cells.yes_no,
        "valid_from": cells.day,
        "valid_to": _NO_DAY,
    }
    known = {unit.code.casefold(): unit for unit in check.snapshot.units.values()}
    taken = set(known) | {str(row.values["code"]).casefold() for row in rows if "code" in row.values}
    seen: dict[Any, Row] = {}
    fresh: dict[str, Row] = {}
    drafts = []
    for row in rows:
        values = check.read(row, parsers, line="units")
        if "code" in row.values and "code" not in values:
            continue
        draft = _unit_draft(check, row, values, known, taken, fresh)
        if draft is None or _twice(
            check, row, draft.key, seen, "code" if "code" in row.values else "name", line="units"
        ):
            continue
        drafts.append(draft)
    for draft in drafts:
        _refs_of_unit(check, draft)
        if draft.namesakes:
            _judge_namesakes(check, draft)
    _refuse_circles(check, drafts)
    _drop_orphans(check, drafts, "Đơn vị", line="units")
    for draft in drafts:
        if not check.is_bad(draft.row):
            _settle_unit(check, draft)


def _unit_draft(
    check: Check, row: Row, values: dict, known: dict, taken: set[str], fresh: dict[str, Row]
) -> Draft | None:
    """The unit the row is about: by its code, else by its full name, else a new one."""
    found = known.get(values["code"].casefold()) if "code" in values else None
    if found is None and "name" not in values:
        check.need(row, values, ("name",), line="units")
        return None
    namesakes: list[Entry] = []
    if found is None:
        namesakes = check.units.of_name(values["name"])
        namesakes = [
            entry
            for entry in namesakes
            if entry.made_by is None and sort_key(entry.names[0]) == sort_key(values["name"])
        ]
        if "code" not in values and len(namesakes) > 1:
            words = "; ".join(entry.described for entry in namesakes)
            check.fail(
                row, "name", f"Có {len(namesakes)} đơn vị cùng tên: {words}.", "Ghi mã của đơn vị.", line="units"
            )
            return None
        if "code" not in values and namesakes:
            found = known[namesakes[0].code.casefold()]
    if found is None:
        if not check.need(row, values, ("kind",), line="units"):
            return None
        if "code" not in values and _twice(check, row, sort_key(values["name"]), fresh, "name", line="units"):
            return None
        _complete(values, taken)
    else:
        values["code"] = found.code
        if values.get("short_name") == "":
            del values["short_name"]
    period_fails(check, row, values, found, line="units")
    name = values.get("name", found.name if found else "")
    short = values.get("short_name", found.short_name if found else name)
    begins = values.get("valid_from", found.valid_from if found else LONG_AGO)
    ends = values.get("valid_to", found.valid_to if found else None)
    code = values["code"]
    entry = Entry(
        Ref(code, f"{name} ({code})"),
        code,
        (name, short),
        begins,
        ends,
        made_by=None if found else (row.sheet, row.number),
    )
    if found is None or (name, short, ends) != (found.name, found.short_name, found.valid_to):
        check.units.add(entry)
    return Draft(row, code, found, values, entry, namesakes=[] if found else namesakes)


def _judge_namesakes(check: Check, draft: Draft) -> None:
    """A new code with the name of a unit that is there is a slip, unless the two stand in different places."""
    units = {unit.code: unit for unit in check.snapshot.units.values()}
    parent = draft.values.get("parent")
    for entry in draft.namesakes:
        above = check.snapshot.units.get(units[entry.code].parent_id)
        if "parent" not in draft.values or (parent.key if parent else None) == (above.code if above else None):
            wrong = f"Chưa có mã “{draft.key}”, nhưng đã có đơn vị cùng tên: {entry.described}."
            check.fail(draft.row, "code", wrong, f"Nếu là đơn vị ấy thì ghi mã {entry.code}.", line="units")
            return
    if draft.namesakes:
        words = draft.namesakes[0].described
        check.remark(draft.row, f"Đã có đơn vị cùng tên: {words}. Dòng này tạo thêm một đơn vị nữa.")


def _complete(values: dict[str, Any], taken: set[str]) -> None:
    """What a new unit has without being told."""
    values["short_name"] = values.get("short_name") or values["name"][:60]
    if "code" not in values:
        base = re.sub(r"[^a-z0-9]+", "-", fold(values["short_name"])).strip("-")[:34] or "don-vi"
        values["code"] = next(
            code for n in range(1, 100_000) if (code := base if n == 1 else f"{base}-{n}") not in taken
        )
        taken.add(values["code"])
    values.setdefault("valid_from", LONG_AGO)


def _refs_of_unit(check: Check, draft: Draft) -> None:
    row = draft.row
    for name, directory in (("parent", check.units), ("area", check.areas)):
        if cells.is_cleared(row.values.get(name)):
            draft.values[name] = None
            continue
        entry = check.find(directory, row, name, line="units")
        if entry is None:
            continue
        if name == "area" and check.refuse_unmade(row, name, entry, "Địa bàn", line="units"):
            continue
        draft.values[name] = entry.ref
        if name == "parent":
            draft.parent = entry


def _refuse_circles(check: Check, drafts: list[Draft]) -> None:
    """Write down every row that would put a unit below itself, several rows together included."""
    units = check.snapshot.units
    names = {unit.code: unit.short_name for unit in units.values()}
    above = {unit.code: units[unit.parent_id].code if unit.parent_id else None for unit in units.values()}
    for draft in drafts:
        names[draft.key] = draft.values.get("short_name", names.get(draft.key, ""))
        if "parent" in draft.values and not check.is_bad(draft.row):
            above[draft.key] = draft.values["parent"].key if draft.values["parent"] else None
    for draft in drafts:
        if not draft.values.get("parent") or check.is_bad(draft.row):
            continue
        path = [draft.key]
        while (code := above.get(path[-1])) and code not in path:
            path.append(code)
        if code == draft.key:
            words = " → ".join(names.get(one, one) for one in [*path, code])
            wrong = "Đơn vị không thể trực thuộc chính mình." if len(path) == 1 else f"Trực thuộc vòng tròn: {words}."
            check.fail(draft.row, "parent", wrong, "Đơn vị cấp trên không thể là đơn vị cấp dưới của nó.", line="units")


def _drop_orphans(check: Check, drafts: list[Draft], word: str, *, line: str) -> None:
    """Rows below a new one that has an error have one themselves, to any depth."""
    found = True
    while found:
        found = False
        for draft in drafts:
            if not check.is_bad(draft.row) and check.refuse_unmade(draft.row, "parent", draft.parent, word, line=line):
                found = True


def _settle_unit(check: Check, draft: Draft) -> None:
    known, snapshot = draft.known, check.snapshot
    before: dict[str, Any] = {}
    if known:
        before = {name: getattr(known, name) for name in known._fields if name not in ("pk", "parent_id", "area_id")}
        above, area = snapshot.units.get(known.parent_id), snapshot.areas.get(known.area_id)
        before["parent"] = unit_ref(above) if above else None
        before["area"] = area_ref(snapshot, area) if area else None
        if "phone" in draft.values and cells.same_phone(known.phone, draft.values["phone"]):
            draft.values["phone"] = known.phone
    check.settle("units", draft.key, draft.row, draft.entry.ref.label, known, draft.values, before)
