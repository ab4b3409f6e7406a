"""A whole made list: layout, headings, rows, and the answer beside it."""

import unicodedata
from dataclasses import dataclass, field
from random import Random
from typing import Any

from openpyxl.utils import get_column_letter

from tests.veterans.lists.made import old_letters, words, writers
from tests.veterans.lists.made.grid import Formula, Page, Value
from tests.veterans.lists.made.persons import Around, Made, Place, Plan, is_unique, make_person, places, spoil, twins


@dataclass
class List:
    """A made file and its answer."""

    name: str
    data: bytes
    answer: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def make_list(seed: int) -> List:
    """The list of a seed, always the same."""
    chance = Random(seed)
    kind = chance.choice(["xlsx", "xlsx", "xlsx", "xls", "ods", "csv", "csv"])
    letters = chance.choice(
        ["unicode", "unicode", "unicode", "unicode", "nfd", "tcvn3", "tcvn3_h", "tcvn3_bare", "vni", "vni_bare"]
    )
    encoding, delimiter = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1258"]), chance.choice(",;\t")
    if kind == "csv" and encoding == "cp1258":
        letters = "cp1258"
    if kind == "csv" and letters in ("tcvn3", "tcvn3_h", "vni"):
        letters += "_bare" if letters != "tcvn3_h" else ""
        letters = letters.replace("tcvn3_h", "tcvn3_bare")
    pages, answers = [], []
    for number in range(1 if kind == "csv" else chance.choice([1, 1, 1, 2, 3])):
        writer = _Sheet(chance, number, is_text=kind == "csv", letters=letters, formulas=kind in ("xlsx", "ods"))
        pages.append(writer.page)
        answers.append(writer.answer())
    name = f"made-{seed}.{kind}"
    if kind == "csv":
        text_page = pages[0]
        for place, value in text_page.cells.items():
            if letters == "cp1258" and isinstance(value, str):
                text_page.cells[place] = _for_1258(value)
        data = writers.csv(text_page, delimiter, encoding, chance.choice(["\r\n", "\n"]))
        answers[0]["sheet"] = ""
    else:
        data = {"xlsx": writers.xlsx, "xls": writers.xls, "ods": writers.ods}[kind](pages)
    answer = {"file": name, "file_outcome": "ok", "file_error_codes": [], "sheets": answers}
    return List(
        name, data, answer, [kind, letters, encoding if kind == "csv" else "", delimiter if kind == "csv" else ""]
    )


def _for_1258(text: str) -> str:
    """Windows-1258 has the vowels composed and the tones apart."""
    out = []
    for sign in unicodedata.normalize("NFC", text):
        try:
            sign.encode("cp1258")
            out.append(sign)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", sign)
            tone = next((one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323"), "")
            base = unicodedata.normalize("NFC", parts.replace(tone, "", 1) if tone else parts)
            whole = base + tone
            out.append(whole if whole.encode("cp1258", "ignore").decode("cp1258") == whole else "?")
    return "".join(out)


class _Sheet:
    """One sheet while it is made."""

    def __init__(self, chance: Random, number: int, *, is_text: bool, letters: str, formulas: bool) -> None:
        self.chance, self.letters = chance, letters
        self.is_text, self.formulas = is_text, formulas
        self.page = Page(f"Trang {number + 1}")
        self.row = 0
        self.rows: list[dict[str, Any]] = []
        self.blocks: list[dict[str, Any]] = []
        self.plan = self._plan()
        old, new = places()
        self.home = self._home(chance.choice(list(new if self.plan.is_new else old)))
        if self.plan.place == "sheet":
            spelled = chance.choice(
                [self.home.name, self.home.spelled(chance), self.home.bare if is_unique(self.home) else self.home.name]
            )
            self.page.name = f"{spelled}"[:31] + (f" ({number + 1})" if chance.random() < 0 else "")
        self.page.hidden = number > 0 and chance.random() < 0.3
        self.titles()
        self.table()
        if chance.random() < 0.25:
            self.row += chance.choice([1, 2])
            self.plan = self._plan(self.plan)
            self.put_row({1: "DANH SÁCH BỔ SUNG"}, skip="title")
            self.table()
        self.foot()
        if letters not in ("unicode", "cp1258"):
            self._old_letters()

    def _home(self, place: Place) -> Place:
        return next(one for one in places()[0] if one not in twins()) if place in twins() else place

    def _plan(self, first: Plan | None = None) -> Plan:
        chance = self.chance
        birth = chance.choice(["one", "one", "one", "sides", "three"])
        sex = "births" if birth == "sides" else chance.choice(["words", "digits", "ticks", "honorific", ""])
        name = chance.choice(["one", "one", "one", "two"])
        if name == "two" and sex == "honorific":
            sex = ""
        place = (
            first.place
            if first
            else chance.choice(["column", "column_district", "address", "address", "section", "sheet", "title"])
        )
        if self.is_text and place == "sheet":
            place = "title"
        is_new = first.is_new if first else place in ("column", "address", "title") and chance.random() < 0.25
        category = (
            first.category if first else chance.choice(["column", "column", "ticks", "ticks", "section", "title"])
        )
        if place == "section" and category == "section":
            category = "column"
        living = chance.choice(["status", "status", "tick", "tick_year", "year", "section", ""])
        if ("section" in (place, category) and living == "section") or (first and living == "section"):
            living = ""
        roles = {
            role for role in ("ethnicity", "id_number", "phone", "hometown", "unit", "note") if chance.random() < 0.6
        }
        return Plan(name, sex, birth, place, chance.choice(["address", "village", "both", "village"]), category, living, is_new,
                    self.is_text, roles, chance.choice([", ", ", ", " - ", ","]))  # fmt: skip

    # --- rows ---------------------------------------------------------------------------------

    def put_row(self, cells: dict[int, Value], *, skip: str = "") -> int:
        self.row += 1
        for column, value in cells.items():
            if value is not None:
                self.page.cells[self.row, column] = value
        if skip:
            self.rows.append({"row": self.row, "outcome": "skip", "skip_reason": skip, "error_codes": []})
        return self.row

    def titles(self) -> None:
        chance, plan = self.chance, self.plan
        self.title_category = ""
        if plan.category == "title":
            self.title_category = chance.choice(list(words.IN_TITLE))
        lines = ["ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM"]
        if plan.place == "title":
            where = self.home.name.upper() if chance.random() < 0.6 else self.home.name
            if self.home.district and chance.random() < 0.5:
                where += f" - {self.home.district.upper()}"
            lines.append(where)
        named = (
            chance.choice(words.IN_TITLE[self.title_category])
            if self.title_category
            else "NGƯỜI THAM GIA CHIẾN DỊCH ĐIỆN BIÊN PHỦ"
        )
        lines.append(f"DANH SÁCH {named}")
        if plan.is_new:
            lines.append(chance.choice(["TỈNH QUẢNG NGÃI", "Trên địa bàn tỉnh Quảng Ngãi"]))
        if chance.random() < 0.4:
            lines.append("(Kèm theo Công văn số 15/MTTQ-BTT ngày 02/4/2024)")
        if (
            self.is_text
            and plan.place != "title"
            and plan.category != "title"
            and not plan.is_new
            and chance.random() < 0.7
        ):
            return
        for line in lines:
            if chance.random() < 0.2:
                self.row += 1
            self.put_row({chance.choice([1, 1, 2]): line}, skip="title")
        if chance.random() < 0.5:
            self.row += 1

    def table(self) -> None:
        chance, plan = self.chance, self.plan
        columns = self._columns()
        roles = [role for role, _ in columns]
        header = self._heading(columns)
        self.blocks.append(
            {"header_rows": header, "columns": {get_column_letter(place): role for place, role in enumerate(roles, 1)}}
        )
        if chance.random() < 0.3:
            self.put_row(
                {
                    place: chance.choice([place, f"({place})"]) if False else f"({place})"
                    for place in range(1, len(roles) + 1)
                },
                skip="column_numbers",
            )
        sections: list[Around] = []
        old, new = places()
        everywhere = list(new if plan.is_new else old)
        for _ in range(chance.choice([2, 3]) if "section" in (plan.place, plan.category, plan.living) else 1):
            place = self._home(chance.choice(everywhere)) if plan.place == "section" else self.home
            category = chance.choice(list(words.IN_TITLE)) if plan.category == "section" else self.title_category
            living = bool(len(sections) % 2 == 0) if plan.living == "section" else None
            sections.append(Around(place, category, living))
        number = 0
        above: dict[int, Value] = {}
        for count, around in enumerate(sections):
            people = chance.randint(3, 9)
            if len(sections) > 1:
                self._section(count, around, people, columns=len(roles))
            for _ in range(people):
                number += 1
                made = make_person(chance, plan, around, everywhere)
                if chance.random() < 0.15:
                    spoil(chance, plan, made, formulas=self.formulas)
                above = self._person(roles, number, made, above)
                if chance.random() < 0.03:
                    self.row += 1
                if chance.random() < 0.02:
                    self.put_row({1: number + 1}, skip="number_only")
            if len(sections) > 1 and chance.random() < 0.4:
                self.put_row({2: f"Cộng: {people} người"}, skip="total")
        if chance.random() < 0.2 and not self.is_text:
            self._again(header)
            self.put_person(roles, number + 1, make_person(chance, plan, sections[-1], everywhere))
        if chance.random() < 0.6:
            self.put_row(
                {
                    chance.choice([1, 2]): chance.choice(
                        [
                            f"Tổng cộng: {number} người",
                            "Tổng số",
                            "Cộng",
                            f"Cộng danh sách có {number} người",
                            f"Danh sách này có {number} người./.",
                        ]
                    )
                },
                skip="total",
            )

    def _person(self, roles: list[str], number: int, made: Made, above: dict[int, Value]) -> dict[int, Value]:
        chance = self.chance
        cells = {place: made.cells.get(role) for place, role in enumerate(roles, 1)}
        if roles[0] == "no":
            cells[1] = chance.choice([number, number, Formula(number) if not self.is_text else number])
        # A repeat mark where the row above has the same value in the same column.
        for place, value in list(cells.items()):
            if (
                value is not None
                and isinstance(value, str)
                and above.get(place) == value
                and roles[place - 1] not in ("full_name",)
                and chance.random() < 0.8
            ):
                cells[place] = chance.choice(["nt", "-nt-", '"', "như trên", "NT"])
        self._write(cells, made)
        return {place: made.cells.get(role) for place, role in enumerate(roles, 1)}

    def put_person(self, roles: list[str], number: int, made: Made) -> None:
        cells = {place: made.cells.get(role) for place, role in enumerate(roles, 1)}
        if roles[0] == "no":
            cells[1] = number
        self._write(cells, made)

    def _write(self, cells: dict[int, Value], made: Made) -> None:
        chance = self.chance
        row = self.put_row(cells)
        if not self.is_text and chance.random() < 0.05:
            self.page.hidden_rows.add(row)
        if made.codes:
            self.rows.append({"row": row, "outcome": "error", "error_codes": sorted(made.codes)})
        else:
            self.rows.append({"row": row, "outcome": "ok", "error_codes": [], "person": made.person})

    def _section(self, count: int, around: Around, people: int, *, columns: int) -> None:
        chance, plan = self.chance, self.plan
        if plan.place == "section" and around.place:
            said = chance.choice([around.place.name, around.place.name.upper()])
        elif plan.category == "section":
            said = chance.choice(words.IN_TITLE[around.category])
        else:
            said = "NGƯỜI CÒN SỐNG" if around.living else "NGƯỜI ĐÃ TỪ TRẦN"
        mark = ["I", "II", "III"][count] if plan.place == "section" else "ABC"[count]
        sign = chance.choice([". ", "/ ", "- "])
        behind = chance.choice(["", f": {people} người", f" ({people} người)"])
        if chance.random() < 0.3 and not self.is_text:
            row = self.put_row({1: mark, 2: said + behind}, skip="section")
            return
        row = self.put_row({1: f"{mark}{sign}{said}{behind}"}, skip="section")
        if not self.is_text and chance.random() < 0.5:
            self.page.merges.append((row, 1, row, columns))

    def _again(self, header: list[int]) -> None:
        """The heading printed again on the next page."""
        shift = self.row + 1 - header[0]
        for row in header:
            for (at, column), value in list(self.page.cells.items()):
                if at == row:
                    self.page.cells[row + shift, column] = value
            self.rows.append({"row": row + shift, "outcome": "skip", "skip_reason": "heading_again", "error_codes": []})
        for top, left, bottom, right in list(self.page.merges):
            if top in header:
                self.page.merges.append((top + shift, left, bottom + shift, right))
        self.row = header[-1] + shift

    def foot(self) -> None:
        chance = self.chance
        if chance.random() < 0.6:
            self.row += chance.choice([0, 1])
            place = chance.choice([2, 4, 6])
            self.put_row(
                {
                    place: chance.choice(
                        [
                            "Đăk Tô, ngày 05 tháng 4 năm 2024",
                            "Kon Tum, ngày … tháng … năm 2024",
                            "Ngày 5 tháng 4 năm 2024",
                            "Sa Thầy, ngày 12/4/2024",
                        ]
                    )
                },
                skip="signature",
            )
            self.put_row({2: "NGƯỜI LẬP BIỂU", place + 1: "TM. BAN THƯỜNG TRỰC"}, skip="signature")
            self.put_row({place + 1: "CHỦ TỊCH"}, skip="signature")
            self.row += 2
            self.put_row({2: "Trịnh Thị Mận", place + 1: "Đỗ Quang Lẫm"}, skip="signature")

    # --- headings -----------------------------------------------------------------------------

    def _columns(self) -> list[tuple[str, tuple[str, ...]]]:
        chance, plan = self.chance, self.plan
        pick = lambda role: chance.choice(words.HEADINGS[role])  # noqa: E731
        found: list[tuple[str, tuple[str, ...]]] = []
        rest: list[list[tuple[str, tuple[str, ...]]]] = []
        if chance.random() < 0.9:
            found.append(("no", (pick("no"),)))
        if plan.name == "two":
            if chance.random() < 0.3:
                found += [("family_name", ("Họ và tên", "Họ và chữ đệm")), ("given_name", ("Họ và tên", "Tên"))]
            else:
                found += [("family_name", (pick("family_name"),)), ("given_name", ("Tên",))]
        else:
            found.append(("full_name", (pick("full_name"),)))
        if plan.sex == "words":
            rest.append([("sex", (pick("sex"),))])
        elif plan.sex == "digits":
            rest.append(
                [("sex", (chance.choice(["Giới tính (1: nam, 0: nữ)", "Nam=1, nữ=0", "Giới tính (Nam: 1; Nữ: 0)"]),))]
            )
        elif plan.sex == "ticks":
            rest.append([("sex_male_tick", ("Giới tính", "Nam")), ("sex_female_tick", ("Giới tính", "Nữ"))])
        over = chance.choice(["Năm sinh", "Ngày, tháng, năm sinh", "Sinh năm"])
        if plan.birth == "sides":
            if chance.random() < 0.75:
                rest.append([("birth_year_male", (over, "Nam")), ("birth_year_female", (over, "Nữ"))])
            else:
                rest.append([("birth_year_male", ("Năm sinh nam",)), ("birth_year_female", ("Năm sinh nữ",))])
        elif plan.birth == "three":
            if chance.random() < 0.7:
                rest.append(
                    [
                        ("birth_day", ("Ngày tháng năm sinh", "Ngày")),
                        ("birth_month", ("Ngày tháng năm sinh", "Tháng")),
                        ("birth_year", ("Ngày tháng năm sinh", "Năm")),
                    ]
                )
            else:
                rest.append(
                    [("birth_day", ("Ngày sinh",)), ("birth_month", ("Tháng sinh",)), ("birth_year", ("Năm sinh",))]
                )
        else:
            rest.append([("birth", (pick("birth"),))])
        rest.append(self._place_columns(pick))
        if plan.category == "column":
            rest.append([("category", (pick("category"),))])
        elif plan.category == "ticks":
            group = chance.choice(["Đối tượng", "Thành phần tham gia", "Là đối tượng (đánh dấu x)", ""])
            rest.append(
                [
                    (f"category_tick:{one}", ((group,) if group else ()) + (chance.choice(words.TICKS[one]),))
                    for one in words.TICKS
                ]
            )
        over = chance.choice(["Tình trạng hiện nay", "Hiện trạng", ""])
        if plan.living == "status":
            rest.append([("living_status", (pick("living_status"),))])
        elif plan.living in ("tick", "tick_year", "year"):
            group = (over,) if over else ()
            part = [("living_tick", (*group, pick("living_tick")))] if plan.living != "year" else []
            rest.append(part + ([("death_year", (*group, pick("death_year")))] if plan.living != "tick" else []))
        rest += [
            [(role, (pick(role),))]
            for role in ("ethnicity", "id_number", "phone", "hometown", "unit")
            if role in plan.roles
        ]
        chance.shuffle(rest)
        for part in rest:
            found += part
        if "note" in plan.roles:
            found.append(("note", (pick("note"),)))
        shout = chance.random()
        change = str.upper if shout < 0.2 else str
        return [(role, tuple(change(text) for text in path)) for role, path in found]

    def _place_columns(self, pick: Any) -> list[tuple[str, tuple[str, ...]]]:
        plan, chance = self.plan, self.chance
        if plan.place == "address":
            return [("address", (pick("address"),))]
        own = {"both": ["address", "village"], "": []}.get(plan.village, [plan.village])
        roles = (
            own
            + (["commune"] if plan.place.startswith("column") else [])
            + (["district"] if plan.place == "column_district" else [])
        )
        if plan.village == "village" and plan.place == "column_district" and chance.random() < 0.6:
            over = chance.choice(["Nơi ở hiện nay", "Địa chỉ", "Nơi cư trú"])
            return [("village", (over, "Thôn")), ("commune", (over, "Xã")), ("district", (over, "Huyện"))]
        names = {"address": ["Số nhà, đường", "Địa chỉ", "Nơi ở"]} if plan.village == "both" else {}
        return [(role, (chance.choice(names.get(role, words.HEADINGS[role])),)) for role in roles]

    def _heading(self, columns: list[tuple[str, tuple[str, ...]]]) -> list[int]:
        depth = max(len(path) for _, path in columns)
        merged = not self.is_text and self.chance.random() < 0.8
        top = self.row + 1
        for level in range(depth):
            cells: dict[int, Value] = {}
            for place, (_, path) in enumerate(columns, 1):
                if level >= len(path):
                    continue
                before = columns[place - 2][1] if place > 1 else ()
                if level < len(path) - 1 and before[: level + 1] == path[: level + 1] and len(before) > level + 1:
                    continue
                cells[place] = path[level]
            self.put_row(cells)
        if merged and depth > 1:
            for place, (_, path) in enumerate(columns, 1):
                if len(path) == 1:
                    self.page.merges.append((top, place, top + depth - 1, place))
            place = 1
            while place <= len(columns):
                path = columns[place - 1][1]
                end = place
                while (
                    len(path) > 1 and end < len(columns) and len(columns[end][1]) > 1 and columns[end][1][0] == path[0]
                ):
                    end += 1
                if end > place:
                    self.page.merges.append((top, place, top, end))
                place = end + 1
        return list(range(top, top + depth))

    # --- letters ------------------------------------------------------------------------------

    def _old_letters(self) -> None:
        for place, value in list(self.page.cells.items()):
            if not isinstance(value, str) or "\ufffd" in value:
                continue
            if self.letters == "nfd":
                self.page.cells[place] = unicodedata.normalize("NFD", value)
            elif self.letters.startswith("tcvn3"):
                if self.letters == "tcvn3_h" and value.upper() == value:
                    value = value.lower()
                    self.page.fonts[place] = ".VnTimeH"
                elif not self.letters.endswith("bare"):
                    self.page.fonts[place] = ".VnTime"
                self.page.cells[place] = old_letters.tcvn3(value)
            else:
                self.page.cells[place] = old_letters.vni(value)
                if self.letters == "vni":
                    self.page.fonts[place] = "VNI-Times"

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "sheet": self.page.name,
            **self.blocks[0],
            "rows": sorted(self.rows, key=lambda row: row["row"]),
        }
        if len(self.blocks) > 1:
            found["blocks"] = self.blocks
        if self.page.hidden:
            found["hidden"] = True
        return found
