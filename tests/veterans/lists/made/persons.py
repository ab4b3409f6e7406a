"""One made person: the cells of its row by role, and what must be read of them."""

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from tests.veterans.lists.made import words
from tests.veterans.lists.made.grid import Failed, Formula, Value

AREAS = Path(__file__).parents[4] / "units" / "data" / "areas.json"
WORDS = {"Xã": ["xã", "Xã", "X."], "Phường": ["phường", "Phường", "P."], "Thị": ["thị trấn", "TT.", "Thị trấn"]}


@dataclass(frozen=True)
class Place:
    """A commune; district "" since 1 July 2025."""

    name: str
    district: str

    @property
    def bare(self) -> str:
        """Without its unit word."""
        return self.name.split(" ", 2 if self.name.startswith("Thị trấn") else 1)[-1]

    def spelled(self, chance: Random) -> str:
        """With a unit word, perhaps short."""
        word = chance.choice(WORDS[self.name.split()[0]])
        return f"{word}{'' if word.endswith('.') and chance.random() < 0.4 else ' '}{self.bare}"

    def district_spelled(self, chance: Random) -> str:
        """The district with a unit word, perhaps short."""
        if self.district.startswith("Huyện"):
            word, name = chance.choice(["huyện ", "H. ", "Huyện ", "H."]), self.district.removeprefix("Huyện ")
        else:
            word, name = chance.choice(["thành phố ", "TP. ", "TP ", "Tp. "]), self.district.removeprefix("Thành phố ")
        return word + name


@cache
def places() -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """All communes of the time before and since 1 July 2025."""
    content = json.loads(AREAS.read_text(encoding="utf-8"))
    old = tuple(Place(one[1], district["name"]) for district in content["districts"] for one in district["communes"])
    return old, tuple(Place(one[1], "") for one in content["new_communes"])


def _plain(text: str) -> str:
    signs = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in signs if sign.isalnum())


@cache
def shared_names(*, is_new: bool) -> frozenset[str]:
    """Bare names that several communes have, without accents."""
    bare = [_plain(place.bare) for place in places()[is_new]]
    return frozenset(name for name in bare if bare.count(name) > 1)


def is_unique(place: Place) -> bool:
    """Whether the bare name tells which commune is meant."""
    return _plain(place.bare) not in shared_names(is_new=not place.district)


@cache
def twins() -> tuple[Place, ...]:
    """Former communes whose whole name, with the unit word, another has in another district."""
    old = places()[0]
    names = [_plain(place.name) for place in old]
    return tuple(place for place in old if names.count(_plain(place.name)) > 1)


@dataclass
class Plan:
    """How a table says each thing; "" where it does not."""

    name: str  # one, two
    sex: str  # words, digits, ticks, births, honorific, ""
    birth: str  # one, sides, three
    place: str  # column, column_district, address, section, sheet, title
    village: str  # address, village, both, ""
    category: str  # column, ticks, section, title
    living: str  # status, tick, tick_year, year, section, ""
    is_new: bool
    text_only: bool  # a text file: no date or error cells of their own kind
    roles: set[str] = field(default_factory=set)  # ethnicity, id_number, phone, hometown, unit, note
    separator: str = ", "


@dataclass
class Made:
    """The cells of a row by role, and what is right."""

    cells: dict[str, Value]
    person: dict[str, object]
    codes: set[str]


@dataclass
class Around:
    """What section, sheet's name and title say about the row."""

    place: Place | None
    category: str
    living: bool | None


def make_person(chance: Random, plan: Plan, around: Around, candidates: list[Place]) -> Made:
    """A row that is right in everything."""
    made = Made({}, {}, set())
    _name(chance, plan, made)
    _birth(chance, plan, made)
    _place(chance, plan, made, around, candidates)
    _category(chance, plan, made, around)
    _living(chance, plan, made, around)
    _rest(chance, plan, made)
    return made


def _name(chance: Random, plan: Plan, made: Made) -> None:
    family, given = chance.choice(words.FAMILY), chance.choice(words.GIVEN)
    full = chance.choice(words.LOCAL) if plan.name != "two" and chance.random() < 0.4 else f"{family} {given}"
    sex = chance.choice(["male", "female"])
    typed = chance.choice(
        [full, full, full, full.upper(), full.lower(), f"  {full}", full.replace(" ", "  "), full.replace(" ", "\xa0")]
    )
    if plan.name == "two":
        made.cells["family_name"], made.cells["given_name"] = family, given
    else:
        said = ""
        if plan.sex in ("honorific", "births", "words") and chance.random() < 0.7:
            said = chance.choice(
                ["Ông ", "Ô. ", "Cụ ông ", "ông: "] if sex == "male" else ["Bà ", "B. ", "Cụ bà ", "BÀ "]
            )
        elif chance.random() < 0.2:
            said = chance.choice(["Cụ ", "Đ/c ", "Đồng chí ", "đ/c: "])
        if plan.sex == "honorific" and not said.strip(" :").lower().endswith(("ông", "ô.", "bà", "b.")):
            sex = ""
        typed = said + typed.strip() + (" (Tư Kho)" if chance.random() < 0.1 else "")
        made.cells["full_name"] = typed
    if plan.sex == "words":
        made.cells["sex"] = chance.choice(["Nam", "nam", "NAM"] if sex == "male" else ["Nữ", "nữ", "NỮ"])
    elif plan.sex == "digits":
        made.cells["sex"] = chance.choice([1, "1"] if sex == "male" else [0, "0"])
    elif plan.sex == "ticks":
        made.cells[f"sex_{sex}_tick"] = chance.choice(["x", "X", "+", "v"])
    made.person |= {"full_name": full, "sex": sex if plan.sex and sex else None}


def _birth(chance: Random, plan: Plan, made: Made) -> None:
    year, month, day = chance.randint(1908, 1940), chance.randint(1, 12), chance.randint(1, 28)
    typed, meant = chance.choice(words.births(year, month, day, text_only=plan.text_only))
    if plan.birth == "three":
        alone = {"birth_year": year, "birth_date": None, "birth_is_estimated": False}
        part = chance.random()
        made.cells["birth_year"] = chance.choice([year, str(year), f"{year % 100:02}"])
        if part < 0.6:
            made.cells |= {"birth_day": day, "birth_month": chance.choice([month, f"{month:02}"])}
            meant = alone | {"birth_date": f"{date(year, month, day):%Y-%m-%d}"}
        else:
            made.cells |= {"birth_month": month} if part < 0.8 else {}
            meant = alone
    elif plan.birth == "sides":
        if meant["birth_year"] is None:
            typed, meant = year, {"birth_year": year, "birth_date": None, "birth_is_estimated": False}
        made.cells["birth_year_male" if made.person["sex"] == "male" else "birth_year_female"] = typed
    else:
        made.cells["birth"] = typed
    made.person |= meant


def _place(chance: Random, plan: Plan, made: Made, around: Around, candidates: list[Place]) -> None:
    village = chance.choice(words.VILLAGES) if chance.random() < 0.85 else ""
    place = around.place
    if plan.place in ("column", "column_district"):
        place = chance.choice(candidates)
        sure = is_unique(place)
        made.cells["commune"] = chance.choice([place.name, place.spelled(chance), place.bare if sure else place.name])
        if plan.place == "column_district":
            made.cells["district"] = chance.choice(
                [place.district, place.district_spelled(chance), place.district.split(" ", 1)[1]]
            )
        if place in twins() and plan.place != "column_district":
            place = next(one for one in places()[0] if one not in twins())
            made.cells["commune"] = place.name
    elif plan.place == "address":
        place = chance.choice(candidates)
        parts = [village] if village else []
        parts.append(place.spelled(chance))
        if place.district and (place in twins() or chance.random() < 0.6):
            parts.append(place.district_spelled(chance))
            if chance.random() < 0.3:
                parts.append(chance.choice(["tỉnh Kon Tum", "Kon Tum"]))
        elif not place.district:
            parts.append(chance.choice(["tỉnh Quảng Ngãi", "Quảng Ngãi", "T. Quảng Ngãi"]))
        made.cells["address"] = plan.separator.join(parts)
    if plan.place != "address" and plan.village:
        made.cells[plan.village if plan.village != "both" else "village"] = village or None
    if plan.place != "address" and not plan.village:
        village = ""
    if plan.village == "both" and plan.place != "address":
        street = chance.choice(["", "12 Lê Lai", "Hẻm 3"])
        made.cells["address"] = street or None
        village = ", ".join(part for part in (street, village) if part)
    assert place is not None
    made.person |= {"commune": place.name, "district": place.district or None, "address": village or None}


def _category(chance: Random, plan: Plan, made: Made, around: Around) -> None:
    category = around.category or chance.choice(list(words.CATEGORIES))
    if plan.category == "column":
        made.cells["category"] = chance.choice(words.CATEGORIES[category])
    elif plan.category == "ticks":
        made.cells[f"category_tick:{category}"] = chance.choice(["x", "X", "+", "v"])
    made.person["category"] = category


def _living(chance: Random, plan: Plan, made: Made, around: Around) -> None:
    living: bool | None = around.living
    year: int | None = None
    if plan.living == "status":
        made.cells["living_status"], living, year = chance.choice(words.LIVING)
    elif plan.living in ("tick", "tick_year"):
        living = chance.choice([True, None]) if plan.living == "tick" else chance.choice([True, False, None])
        if living:
            made.cells["living_tick"] = chance.choice(["x", "X", "+", "v"])
        elif living is False:
            year = chance.randint(1955, 2023)
            made.cells["death_year"] = chance.choice([year, str(year)])
    elif plan.living == "year" and chance.random() < 0.5:
        living, year = False, chance.randint(1955, 2023)
        made.cells["death_year"] = year
    elif plan.living == "year":
        living = None
    made.person |= {"living": living, "death_year": year}


def _rest(chance: Random, plan: Plan, made: Made) -> None:
    made.person |= {"ethnicity": None, "id_number": None, "phone": None}
    if "ethnicity" in plan.roles and chance.random() < 0.9:
        meant = chance.choice(list(words.ETHNICITIES))
        made.cells["ethnicity"], made.person["ethnicity"] = chance.choice(words.ETHNICITIES[meant]), meant
    if "id_number" in plan.roles and chance.random() < 0.9:
        digits = "0" + "".join(chance.choices("123456789", k=chance.choice([8, 11])))
        made.cells["id_number"], made.person["id_number"] = chance.choice(words.ids(digits)), digits
    if "phone" in plan.roles:
        made.cells["phone"], made.person["phone"] = chance.choice(
            words.phones("95" + "".join(chance.choices("123456789", k=7)))
        )
    for role, said in (
        ("hometown", ["Hà Nam", "Quảng Bình", "Xã Bình Sơn"]),
        ("unit", ["Đại đội 5", "E174", "Đoàn dân công số 8"]),
        ("note", ["Yếu", "Ở với con gái", "Mất giấy tờ"]),
    ):
        if role in plan.roles and chance.random() < 0.4:
            made.cells[role] = chance.choice(said)


def spoil(chance: Random, plan: Plan, made: Made, *, formulas: bool) -> None:
    """Put one mistake into a row. Arguments: formulas, whether the kind of file knows formulas without a value."""
    ways = ["name", "birth", "category", "id", "place", "death"]
    way = chance.choice(ways)
    if way == "name" and plan.name == "one":
        made.cells["full_name"], code = chance.choice(words.BAD_NAMES)
        made.codes.add(code)
    elif way == "birth" and plan.birth == "one":
        made.cells["birth"], code = chance.choice(words.BAD_BIRTHS)
        made.codes.add(code)
    elif way == "birth" and plan.birth == "sides":
        made.cells |= {"birth_year_male": 1930, "birth_year_female": 1931}
        made.codes.add("birth_conflict")
    elif way == "birth":
        made.cells |= {"birth_day": 31, "birth_month": 2, "birth_year": 1930}
        made.codes.add("birth_impossible_date")
    elif way == "category":
        _spoil_category(chance, plan, made)
    elif way == "id" and "id_number" in plan.roles:
        made.cells["id_number"] = chance.choice(words.BAD_IDS)
        made.codes.add("id_invalid")
    elif way == "place":
        _spoil_place(chance, plan, made)
    elif way == "death" and plan.living in ("tick_year", "year"):
        made.cells.pop("living_tick", None)
        made.cells["death_year"] = chance.choice([1950, 2090, 1907])
        made.codes.add("death_year_impossible")
    if not formulas and any(isinstance(value, Formula) for value in made.cells.values()):
        # The cell is empty then.
        made.codes.discard("formula_no_value")
        if made.cells.get("full_name") == Formula(None):
            made.cells["full_name"] = None
            made.codes.add("name_missing")
        for role, value in list(made.cells.items()):
            if isinstance(value, Formula):
                made.cells[role] = None
                if role == "birth":
                    made.person |= {"birth_year": None, "birth_date": None, "birth_is_estimated": None}
                elif role == "category":
                    made.codes.add("category_missing")


def _spoil_category(chance: Random, plan: Plan, made: Made) -> None:
    if plan.category == "column":
        made.cells["category"], code = chance.choice(
            [(None, "category_missing"), ("ABC", "category_unknown"), ("bộ phận hậu cần", "category_unknown"),
             (Failed("#N/A"), "cell_error"), (Formula(None), "formula_no_value")]
        )  # fmt: skip
        made.codes.add(code)
    elif plan.category == "ticks":
        for one in words.CATEGORIES:
            made.cells.pop(f"category_tick:{one}", None)
        if chance.random() < 0.5:
            made.codes.add("category_missing")
        else:
            made.cells |= {"category_tick:dien_bien_soldier": "x", "category_tick:youth_volunteer": "x"}
            made.codes.add("category_conflict")


def _spoil_place(chance: Random, plan: Plan, made: Made) -> None:
    if plan.place == "column":
        twin = chance.choice(twins()).name
        made.cells["commune"], code = chance.choice(
            [(None, "commune_missing"), ("xã Tân Hợp Phố", "commune_unknown"), ("Đăk Hrinhh", "commune_unknown"), (Failed("#REF!"), "cell_error")]
            + ([] if plan.is_new else [(twin, "commune_ambiguous")])
        )  # fmt: skip
        made.codes.add(code)
    elif plan.place == "address":
        made.cells["address"] = plan.separator.join(
            ["Thôn 2", "xã Tân Hợp Phố"] + (["tỉnh Quảng Ngãi"] if plan.is_new else [])
        )
        made.codes.add("commune_unknown")
