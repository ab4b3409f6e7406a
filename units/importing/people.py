"""Checking the sheet of people and their roles: one row a role, the person's columns repeated or left empty."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directive_tracker.vietnamese import fold, vn_date
from units.importing import values as cells
from units.importing.context import Check
from units.importing.names import Entry
from units.importing.places import area_ref, period_fails, unit_ref
from units.importing.plan import Ref, show
from units.importing.reading import Row
from units.models import Role

PERSON_COLUMNS = ("full_name", "position", "phone", "email")
ROLE_COLUMNS = ("role", "unit", "area", "is_contact", "valid_from", "valid_to")


@dataclass(eq=False)
class Person:
    """One person of the file: what its rows say, and where."""

    username: str
    known: Any
    rows: list[Row] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    said_in: dict[str, Row] = field(default_factory=dict)
    is_wrong: bool = False


@dataclass(eq=False)
class RoleDraft:
    """One role of the file. known: the role of the database that it is about."""

    row: Row
    person: Person
    role: str
    scope: Ref
    known: Any
    values: dict[str, Any]
    valid_from: date
    valid_to: date | None


def check_people(check: Check, rows: Sequence[Row]) -> None:
    """Check the sheet and put the new people among those who may be named."""
    known = {person.username: person for person in check.snapshot.people.values()}
    people = _read_people(check, rows, known)
    by_row = {id(row): person for person in people.values() for row in person.rows}
    drafts = _read_roles(check, rows, by_row)
    for person in people.values():
        _check_person(check, person)
    _refuse_overlaps(check, drafts)
    _keep_an_administrator(check, drafts)
    for person in people.values():
        _settle_person(check, person)
    for draft in drafts:
        if not check.is_bad(draft.row):
            _settle_role(check, draft)


# --- people -------------------------------------------------------------------------------------


def _read_people(check: Check, rows: Sequence[Row], known: dict[str, Any]) -> dict[str, Person]:
    """The people of the file by user name; a row without one belongs to the person above."""
    parsers = {
        "full_name": cells.text(120),
        "position": cells.optional(cells.text(120)),
        "phone": cells.optional(cells.phone),
        "email": cells.optional(cells.email),
    }
    people: dict[str, Person] = {}
    above: Person | Row | None = None
    for row in rows:
        if "username" in row.values:
            name = check.read(row, {"username": cells.username}, line="persons").get("username")
            person = people.setdefault(name, Person(name, known.get(name))) if name else None
            above = person or row
        else:
            person = _continued(check, row, above)
        if person is None:
            continue
        person.rows.append(row)
        values = check.read(row, parsers, line="persons")
        if any(name in row.values and name not in values for name in PERSON_COLUMNS):
            person.is_wrong = True
        _merge(check, person, row, values)
    return people


def _continued(check: Check, row: Row, above: "Person | Row | None") -> Person | None:
    """The person above a row without a user name, unless the row names somebody else or that one is wrong."""
    if isinstance(above, Row):
        wrong = f"Dòng này tiếp theo dòng {above.number}, mà tên đăng nhập ở đó có lỗi."
        check.fail(row, "username", wrong, "Sửa tên đăng nhập ở dòng ấy.", line="persons")
        return None
    name = row.values.get("full_name")
    if above is None or (name is not None and above.values.get("full_name") != name):
        right = "Mỗi người một tên đăng nhập viết liền không dấu, ví dụ dakha."
        check.fail(row, "username", "Thiếu Tên đăng nhập.", right, line="persons")
        return None
    return above


def _merge(check: Check, person: Person, row: Row, values: dict[str, Any]) -> None:
    """Take over what a row says of the person; two rows must not say different things."""
    for name, value in values.items():
        if name not in person.values:
            person.values[name], person.said_in[name] = value, row
            continue
        said = person.values[name]
        if value != said and not (name == "phone" and cells.same_phone(value, said)):
            first = person.said_in[name].number
            wrong = f"Khác với dòng {first} của cùng người “{person.username}”: “{show(name, said)}”."
            right = "Một tên đăng nhập là một người; phần về người chỉ cần ghi ở một dòng."
            check.fail(row, name, wrong, right, line="persons")
            person.is_wrong = True


def _check_person(check: Check, person: Person) -> None:
    """A new person needs a name; whoever cannot be made takes the roles along."""
    first = person.rows[0]
    if person.known is None and not person.username.isascii():
        wrong = f"Tên đăng nhập “{person.username}” có dấu."
        check.fail(first, "username", wrong, f"Ví dụ {fold(person.username)}.", line="persons")
        person.is_wrong = True
    if person.known is None and "full_name" not in person.values and not person.is_wrong:
        right = "Người mới phải có họ và tên; nếu người này đã có thì sửa tên đăng nhập."
        near = _near_username(check, person.username)
        check.fail(
            first,
            "full_name",
            f"Thiếu Họ và tên: chưa có ai tên đăng nhập “{person.username}”.",
            near or right,
            line="persons",
        )
        person.is_wrong = True
    if person.known is not None or not person.is_wrong:
        return
    places = [row.number for row in person.rows if check.is_bad(row)]
    for row in person.rows:
        if not check.is_bad(row):
            wrong = f"Người này có lỗi ở dòng {places[0]} nên chưa tạo được."
            check.fail(
                row, "username", wrong, "Sửa dòng ấy trước.", line="roles" if "role" in row.values else "persons"
            )


def _near_username(check: Check, username: str) -> str:
    try:
        check.people.find(username, username)
    except cells.Wrong as wrong:
        return wrong.right if wrong.right.startswith("Có phải") else ""
    return ""


def _settle_person(check: Check, person: Person) -> None:
    """A person is made as soon as one row stands; a person who is there is changed only when all that is said of them is right."""
    good = [row for row in person.rows if not check.is_bad(row)]
    if person.known is None and (person.is_wrong or not good):
        check.people.add_unmade(person.username, person.rows[0].number)
    if person.is_wrong or not good:
        return
    row, known = good[0], person.known
    values = dict(person.values)
    if known is None:
        values["username"] = person.username
        if not values.get("email"):
            check.remark(row, f"“{person.username}” chưa có địa chỉ thư nên không gửi thư mời được.")
    before: dict[str, Any] = {}
    if known is not None:
        before = {name: getattr(known, name) for name in PERSON_COLUMNS}
        if "phone" in values and cells.same_phone(before["phone"], values["phone"]):
            values["phone"] = before["phone"]
    full_name = values.get("full_name", before.get("full_name", ""))
    if known is None:
        check.people.add(person.username, full_name)
    check.settle("persons", person.username, row, f"{full_name} ({person.username})", known, values, before)


# --- roles --------------------------------------------------------------------------------------


class _Known:
    """The roles of the database by person, role and scope."""

    def __init__(self, check: Check) -> None:
        snapshot = check.snapshot
        self.by_key: dict[Any, list[Any]] = {}
        for row in snapshot.roles.values():
            username = snapshot.people[row.user_id].username
            scope = snapshot.areas.get(row.area_id) if row.role == Role.REGISTRAR else snapshot.units.get(row.unit_id)
            if scope is None:
                continue
            ref = area_ref(snapshot, scope) if row.role == Role.REGISTRAR else unit_ref(scope)
            self.by_key.setdefault((username, row.role, ref.key), []).append(row)


def _read_roles(check: Check, rows: Sequence[Row], by_row: dict[int, Person]) -> list[RoleDraft]:
    parsers = {
        "role": cells.choice(Role, "vai trò"),
        "is_contact": cells.yes_no,
        "valid_from": cells.day,
        "valid_to": cells.optional(cells.day, None),
    }
    known = _Known(check)
    seen: dict[Any, Row] = {}
    drafts = []
    for row in rows:
        person = by_row.get(id(row))
        if person is None or not any(name in row.values for name in ROLE_COLUMNS):
            continue
        values = check.read(row, parsers, line="roles")
        if not check.need(row, values, ("role",), line="roles"):
            continue
        scope = _scope(check, row, values["role"])
        if scope is None or check.is_bad(row):
            continue
        draft = _role_draft(check, row, person, values, scope, known)
        if draft is not None and not _same_row_again(check, draft, seen):
            drafts.append(draft)
    return drafts


def _scope(check: Check, row: Row, role: str) -> Entry | None:
    """The unit of a role, a registrar's area; the other one must be empty."""
    name, other = ("area", "unit") if role == Role.REGISTRAR else ("unit", "area")
    if role == Role.REGISTRAR:
        missing, too_much = (
            "Cán bộ sổ tri ân cần có địa bàn.",
            "Cán bộ sổ tri ân gắn với địa bàn, không gắn với đơn vị.",
        )
    else:
        missing, too_much = "Vai trò này cần có đơn vị.", "Vai trò này gắn với đơn vị, không gắn với địa bàn."
    if other in row.values:
        check.fail(row, other, too_much, "Để trống ô này.", line="roles")
    if name not in row.values:
        check.fail(row, name, missing, "Ghi mã hoặc tên.", line="roles")
        return None
    directory, word = (check.areas, "Địa bàn") if name == "area" else (check.units, "Đơn vị")
    entry = check.find(directory, row, name, line="roles")
    return None if check.refuse_unmade(row, name, entry, word, line="roles") else entry


def _role_draft(
    check: Check, row: Row, person: Person, values: dict[str, Any], scope: Entry, known: _Known
) -> RoleDraft | None:
    """The role the row is about: the one that begins that day; without a day the one in force, else a new one."""
    role = values["role"]
    rows = known.by_key.get((person.username, role, scope.ref.key), [])
    found = None
    if "valid_from" in values:
        found = next((one for one in rows if one.valid_from == values["valid_from"]), None)
    elif rows:
        running = [one for one in rows if one.valid_to is None or one.valid_to >= check.today]
        if not running:
            ended = max(one.valid_to for one in rows)
            wrong = f"Vai trò này đã hết sau ngày {vn_date(ended)}."
            check.fail(row, "role", wrong, "Muốn giao lại thì ghi Từ ngày mới.", line="roles")
            return None
        found = min(running, key=lambda one: one.valid_from)
    begins = found.valid_from if found else values.get("valid_from", check.today)
    ends = values.get("valid_to", found.valid_to if found else None)
    values = {**values, "valid_from": begins}
    period_fails(check, row, values, found, line="roles")
    if found is None:
        _check_new_role(check, row, person, scope, begins, ends)
    if check.is_bad(row):
        return None
    return RoleDraft(row, person, role, scope.ref, found, values, begins, ends)


def _check_new_role(check: Check, row: Row, person: Person, scope: Entry, begins: date, ends: date | None) -> None:
    """A new role needs an account that is open and a unit or area that exists in its days."""
    if person.known is not None and not person.known.is_active:
        wrong = f"Tài khoản “{person.username}” đã khóa nên không giao vai trò mới."
        check.fail(row, "username", wrong, "Mở lại tài khoản ở trang quản trị trước.", line="roles")
    if scope.valid_to is not None and scope.valid_to < begins:
        name = "area" if "area" in row.values else "unit"
        wrong = f"{scope.described} đã hết hiệu lực sau ngày {vn_date(scope.valid_to)}."
        check.fail(row, name, wrong, "Ghi nơi kế thừa, hoặc sửa ngày.", line="roles")


def _same_row_again(check: Check, draft: RoleDraft, seen: dict[Any, Row]) -> bool:
    key = (draft.person.username, draft.role, draft.scope.key, draft.valid_from)
    first = seen.setdefault(key, draft.row)
    if first is draft.row:
        return False
    check.fail(
        draft.row,
        "role",
        f"Trùng với dòng {first.number}.",
        "Mỗi vai trò một dòng; xóa một trong hai dòng.",
        line="roles",
    )
    return True


def _refuse_overlaps(check: Check, drafts: list[RoleDraft]) -> None:
    """One person has a role in one place once at a time; what the rest of the file changes counts as changed."""
    groups: dict[Any, list[RoleDraft]] = {}
    for draft in drafts:
        groups.setdefault((draft.person.username, draft.role, draft.scope.key), []).append(draft)
    known = _Known(check).by_key
    for key, group in groups.items():
        while _one_overlap(check, group, known.get(key, [])):
            pass


def _one_overlap(check: Check, group: list[RoleDraft], known: list[Any]) -> bool:
    """Find one overlap of a group, write it down at the later row of the file; False when there is none."""
    good = [draft for draft in group if not check.is_bad(draft.row)]
    changed = {draft.known.pk for draft in good if draft.known}
    periods: list[tuple[date, date | None, RoleDraft | None]] = [(d.valid_from, d.valid_to, d) for d in good]
    periods += [(one.valid_from, one.valid_to, None) for one in known if one.pk not in changed]
    periods.sort(key=lambda period: period[0])
    for (from_1, to_1, draft_1), (from_2, to_2, draft_2) in itertools.pairwise(periods):
        if to_1 is not None and to_1 < from_2:
            continue
        at_fault = max((d for d in (draft_1, draft_2) if d is not None), key=lambda d: d.row.number, default=None)
        if at_fault is None:
            continue
        first, last, other = (from_2, to_2, draft_2) if at_fault is draft_1 else (from_1, to_1, draft_1)
        where = f"ở dòng {other.row.number}" if other else "đã có"
        until = f"đến {vn_date(last)}" if last else "chưa có ngày kết thúc"
        name = (
            "valid_from"
            if "valid_from" in at_fault.row.values
            else "valid_to"
            if "valid_to" in at_fault.row.values
            else "role"
        )
        wrong = f"Trùng thời gian với vai trò này {where}: từ {show('', first)}, {until}."
        check.fail(
            at_fault.row, name, wrong, "Ghi ngày kết thúc cho vai trò trước, hoặc ngày bắt đầu muộn hơn.", line="roles"
        )
        return True
    return False


def _keep_an_administrator(check: Check, drafts: list[RoleDraft]) -> None:
    """Write down the rows that would leave nobody to administrate today."""
    snapshot, today = check.snapshot, check.today
    good = [draft for draft in drafts if draft.role == Role.ADMINISTRATOR and not check.is_bad(draft.row)]
    changed = {draft.known.pk: draft for draft in good if draft.known}
    ending = []
    for row in snapshot.roles.values():
        if row.role != Role.ADMINISTRATOR or not snapshot.people[row.user_id].is_active:
            continue
        if not _in_force(row.valid_from, row.valid_to, today):
            continue
        draft = changed.get(row.pk)
        if draft is None or _in_force(draft.valid_from, draft.valid_to, today):
            return
        ending.append(draft)
    if any(draft.known is None and _in_force(draft.valid_from, draft.valid_to, today) for draft in good):
        return
    for draft in ending:
        wrong = "Sau khi nhập sẽ không còn ai là quản trị hệ thống."
        check.fail(draft.row, "valid_to", wrong, "Giao quản trị cho người khác trước.", line="roles")


def _in_force(begins: date, ends: date | None, day: date) -> bool:
    return begins <= day and (ends is None or ends >= day)


def _settle_role(check: Check, draft: RoleDraft) -> None:
    known = draft.known
    scope_name = "area" if draft.role == Role.REGISTRAR else "unit"
    label = f"{draft.person.username} – {show('role', draft.role)} – {draft.scope.label}"
    values = {
        "is_contact": draft.values.get("is_contact", known.is_contact if known else False),
        "valid_to": draft.valid_to,
    }
    before = {"is_contact": known.is_contact, "valid_to": known.valid_to} if known else {}
    if known is None:
        person = Ref(draft.person.username, draft.person.username)
        values |= {"user": person, "role": draft.role, scope_name: draft.scope, "valid_from": draft.valid_from}
    key = (draft.person.username, draft.role, draft.scope.key, draft.valid_from)
    check.settle("roles", key, draft.row, label, known, values, before)
