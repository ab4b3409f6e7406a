"""Tables printed with bars between their cells: appendices that give work by rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.intake.bodies import Bodies
from tasks.intake.lines import Line
from tasks.intake.words import key_of

_ROLES = (
    ("number", re.compile(r"^(?:tt|stt|số tt|số thứ tự|no)\.?$")),
    ("both", re.compile(r"chủ trì.*phối hợp")),
    ("coordinating", re.compile(r"phối hợp|đơn vị thực hiện$|cơ quan thực hiện$")),
    (
        "lead",
        re.compile(
            r"chủ trì|đầu mối|đơn vị thực hiện|cơ quan thực hiện|phụ trách|đơn vị tham mưu|cơ quan tham mưu|phân công|đơn vị được giao"
        ),
    ),
    ("time", re.compile(r"thời gian|thời hạn|tiến độ|hoàn thành|lộ trình|kỳ hạn|hạn ")),
    ("task", re.compile(r"nội dung|nhiệm vụ|công việc|hoạt động|tên |đề án|giải pháp|việc")),
    ("product", re.compile(r"sản phẩm|kết quả|đầu ra")),
)


_SHORT = 40
_PARTS = re.compile(r"[;\n]|\.\s+|,\s*(?=phối hợp\b)", re.I)
_SAYS_ROLE = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phối hợp)(?:\s+(?:thực hiện|với))?\s*:?", re.I)


@dataclass(frozen=True)
class Row:
    """One row of work. cells: by role; start, end: places of the task cell in the clean text."""

    number: str
    cells: dict[str, str]
    start: int
    end: int


def rows_of(lines: list[Line]) -> Iterator[Row]:
    """The rows of work in a run of table lines. A table whose heading names no task is none."""
    roles: dict[int, str] = {}
    outer: bool | None = None  # whether the table's rows begin and end with a bar, as its heading does
    fresh = False  # whether the line above is a heading
    pending: Row | None = None
    for line in lines:
        found = _heading(_cells(line, outer=None))
        if found:
            roles, fresh, outer = found, True, line.text.startswith("|")
            continue
        cells = _cells(line, outer=outer)
        if fresh and (below := _below_heading(cells, roles)):
            roles = below
            continue
        fresh = False
        if not roles or all(not text.strip(" -–:") for text, _ in cells):
            continue
        row = _row(cells, roles)
        if row is None:
            continue
        if pending is not None and not row.number and _continues(row):
            pending = _joined(pending, row)
            continue
        if pending is not None:
            yield pending
        pending = row
    if pending is not None:
        yield pending


def _cells(line: Line, *, outer: bool | None) -> list[tuple[str, int]]:
    """(text, place in the clean text) of each cell. Arguments: outer, whether bars stand outside too; None where not known."""
    text = line.text
    at = 0
    found: list[tuple[str, int]] = []
    for part in text.split("|"):
        stripped = part.strip()
        found.append((stripped, line.start + at + (len(part) - len(part.lstrip()))))
        at += len(part) + 1
    if found and not found[0][0] and text.startswith("|") and outer is not False:
        found = found[1:]
    if found and not found[-1][0] and text.endswith("|") and outer is not False:
        found = found[:-1]
    return found


def _heading(cells: list[tuple[str, int]]) -> dict[int, str]:
    """Column → role where the cells are a heading of work, else nothing."""
    roles: dict[int, str] = {}
    for place, (text, _) in enumerate(cells):
        key = key_of(" ".join(text.split()))
        if not key or len(key) > 80:
            continue
        for role, pattern in _ROLES:
            if role not in roles.values() and pattern.search(key):
                roles[place] = role
                break
    taken = set(roles.values())
    if "coordinating" in taken and "lead" not in taken:
        roles = {
            place: "lead" if role == "coordinating" and "phối hợp" not in key_of(cells[place][0]) else role
            for place, role in roles.items()
        }
        taken = set(roles.values())
    if "task" in taken and taken & {"lead", "time", "both"} and all(len(text) < 90 for text, _ in cells):
        return roles
    return {}


def _below_heading(cells: list[tuple[str, int]], roles: dict[int, str]) -> dict[int, str]:
    """Column → role where a heading's cell is divided by a second line ("Chủ trì", "Phối hợp"), else nothing."""
    said = {place: key_of(" ".join(text.split())) for place, (text, _) in enumerate(cells) if text.strip(" -–:")}
    # A cell that goes through both lines is empty in the second, or says the same again.
    said = {place: key for place, key in said.items() if roles.get(place) not in ("number", "task", "product")}
    divided: dict[int, str] = {}
    for place, key in said.items():
        for role, pattern in _ROLES:
            if role in ("lead", "coordinating", "time") and len(key) < _SHORT and pattern.search(key):
                divided[place] = role
                break
    if not divided or len(divided) < len(said):
        return {}
    kept = {place: role for place, role in roles.items() if role not in divided.values()}
    return kept | divided


def _row(cells: list[tuple[str, int]], roles: dict[int, str]) -> Row | None:
    said: dict[str, str] = {}
    start = end = 0
    for place, role in roles.items():
        if place < len(cells):
            text, at = cells[place]
            said[role] = " ".join(text.split())
            if role == "task":
                start, end = at, at + len(text)
    if not any(said.values()) or all(re.fullmatch(r"\(?\d{0,2}\)?", text) for text, _ in cells):
        return None
    return Row(said.get("number", "").strip(" .)"), said, start, end)


def _continues(row: Row) -> bool:
    """A row that only goes on with the one above it: a cell broken by a page."""
    task = row.cells.get("task", "")
    return not task or task[:1].islower()


def _joined(row: Row, more: Row) -> Row:
    cells = dict(row.cells)
    for role, text in more.cells.items():
        if text:
            cells[role] = f"{cells.get(role, '')} {text}".strip()
    return Row(row.number, cells, row.start, row.end)


def leads_and_partners(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads and with whom in one cell for both: "Sở A chủ trì; Sở B, Sở C phối hợp", "Sở A; phối hợp: Sở B"."""
    lead: list[str] = []
    partners: list[str] = []
    for number, part in enumerate(one for one in _PARTS.split(cell) if one.strip()):
        key = key_of(part)
        said = bodies_in_cell(re.sub(_SAYS_ROLE, "", part))
        helps = "phối hợp" in key and "chủ trì" not in key
        (partners if helps or (number and "chủ trì" not in key) else lead).extend(said)
    return tuple(lead), tuple(partners)


def bodies_in_cell(cell: str) -> tuple[str, ...]:
    """The bodies a cell names; a cell that names none of a known kind is one name as written."""
    bodies = Bodies(cell)
    names: list[str] = []
    at = 0
    while at < len(bodies.tokens):
        found, end = bodies.list_at(at, semicolons=True)
        if found:
            # In a cell nothing follows a name but what belongs to it.
            while (
                end < len(bodies.tokens)
                and bodies.tokens[end].key not in {",", ";", "+", "("}
                and not bodies.list_at(end + 1)[0]
            ):
                end += 1
            found[-1] = replace(found[-1], end=max(end, found[-1].end))
            names += [name.rstrip(" .;:") for name in bodies.texts(found)]
            at = end
        else:
            at += 1
    if names:
        return tuple(names)
    return tuple(part.strip(" .;") for part in re.split(r"[;\n]|,\s", cell) if part.strip(" .;-–"))
