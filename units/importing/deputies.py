"""Checking the sheet of those who stand in for others."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from directive_tracker.vietnamese import vn_date
from units.importing import values as cells
from units.importing.context import Check
from units.importing.plan import Ref
from units.importing.reading import Row
from units.models.deputation import LONGEST_DAYS

Period = tuple[str, str, date, date, str]  # deputy, principal, first day, last day, where it is written
_PARSERS = {"valid_from": cells.day, "valid_to": cells.day, "reason": cells.text(300)}


def check_deputies(check: Check, rows: Sequence[Row]) -> None:
    """Check the sheet: each row is one deputation, known by the two people and its first day."""
    snapshot = check.snapshot
    names = {person.pk: person.username for person in snapshot.people.values()}
    locked = {person.username for person in snapshot.people.values() if not person.is_active}
    known = {
        (names[one.deputy_id], names[one.principal_id], one.valid_from): one for one in snapshot.deputations.values()
    }
    seen: dict[Any, Row] = {}
    drafts = []
    for row in rows:
        deputy, principal = _person(check, row, "deputy"), _person(check, row, "principal")
        values = check.read(row, _PARSERS, line="deputies")
        if not check.need(row, values, ("valid_from", "valid_to"), line="deputies") or check.is_bad(row):
            continue
        key = (deputy.key, principal.key, values["valid_from"])
        found = known.get(key)
        if _stands(check, row, deputy, principal, values, found, locked, seen.setdefault(key, row)):
            drafts.append((row, deputy, principal, values, found))
    _refuse_clashes(check, drafts, names)
    for row, deputy, principal, values, found in drafts:
        if not check.is_bad(row):
            before = {name: getattr(found, name) for name in _PARSERS} if found else {}
            if found is None:
                values |= {"deputy": deputy, "principal": principal}
            label = f"{deputy.label} thay cho {principal.label}"
            check.settle(
                "deputies", (deputy.key, principal.key, values["valid_from"]), row, label, found, values, before
            )


def _person(check: Check, row: Row, name: str) -> Ref | None:
    if not check.need(row, row.values, (name,), line="deputies"):
        return None
    typed = str(row.values[name])
    try:
        return check.people.find(cells.username(typed), typed)
    except cells.Wrong as wrong:
        check.fail(row, name, wrong.wrong, wrong.right, line="deputies")
        return None


def _stands(
    check: Check,
    row: Row,
    deputy: Ref,
    principal: Ref,
    values: dict[str, Any],
    found: Any,
    locked: set[str],
    first: Row,
) -> bool:
    """Whether the row is right in itself; what is wrong is written down."""

    def fail(name: str, wrong: str, right: str) -> None:
        check.fail(row, name, wrong, right, line="deputies")

    begins, ends = values["valid_from"], values["valid_to"]
    if first is not row:
        fail("valid_from", f"Trùng với dòng {first.number}.", "Mỗi lần thay mặt một dòng.")
    if deputy.key == principal.key:
        fail("principal", "Không ai thay mặt chính mình.", "Ghi tên đăng nhập của người khác.")
    if ends < begins:
        fail("valid_to", "Ngày kết thúc đứng trước ngày bắt đầu.", f"Từ {vn_date(begins)} trở đi.")
    elif ends - begins >= timedelta(days=LONGEST_DAYS):
        last = begins + timedelta(days=LONGEST_DAYS - 1)
        fail("valid_to", f"Một lần thay mặt dài nhất {LONGEST_DAYS} ngày.", f"Muộn nhất {vn_date(last)}.")
    if found is not None and found.ended_at is not None:
        fail("valid_from", "Lần thay mặt này đã được kết thúc sớm.", "Muốn thay mặt lại thì ghi ngày bắt đầu khác.")
    if found is None:
        check.need(row, values, ("reason",), line="deputies")
        for name, ref in (("deputy", deputy), ("principal", principal)):
            if ref.key in locked:
                fail(name, f"Tài khoản “{ref.key}” đã khóa.", "Mở lại tài khoản ở trang quản trị trước.")
    return not check.is_bad(row)


def _refuse_clashes(check: Check, drafts: list[tuple], names: dict[int, str]) -> None:
    """Nobody stands in for the same person twice at a time, and nobody stands in who is represented."""
    changed = {found.pk for _, _, _, _, found in drafts if found}
    standing: list[Period] = [
        (names[one.deputy_id], names[one.principal_id], one.valid_from, one.valid_to, "đã có")
        for one in check.snapshot.deputations.values()
        if one.ended_at is None and one.pk not in changed
    ]
    for row, deputy, principal, values, _ in drafts:
        mine = (deputy.key, principal.key, values["valid_from"], values["valid_to"], f"ở dòng {row.number}")
        for other in standing:
            if other[2] <= mine[3] and other[3] >= mine[2] and _clash(check, row, mine, other):
                break
        else:
            standing.append(mine)


def _clash(check: Check, row: Row, mine: Period, other: Period) -> bool:
    deputy, principal = mine[:2]
    days = f"{other[4]} ({vn_date(other[2])}–{vn_date(other[3])})"
    later = f"Ghi những ngày khác, ví dụ từ {vn_date(other[3] + timedelta(days=1))}."
    if other[:2] == (deputy, principal):
        check.fail(row, "valid_from", f"Trùng thời gian với lần thay mặt {days}.", later, line="deputies")
    elif other[1] == deputy:
        wrong = f"“{deputy}” đang nhờ “{other[0]}” thay mặt {days}; người đã nhờ thay mặt không thay mặt người khác."
        check.fail(row, "deputy", wrong, later, line="deputies")
    elif other[0] == principal:
        wrong = f"“{principal}” đang thay mặt “{other[1]}” {days}; người đang thay mặt không nhờ người thứ ba."
        check.fail(row, "principal", wrong, later, line="deputies")
    else:
        return False
    return True
