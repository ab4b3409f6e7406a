"""What of two entries is chosen side by side when they are merged: one line each, and its values in words."""

from collections.abc import Callable
from dataclasses import dataclass

from directive_tracker import vietnamese
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.models import Person

SEALED = "sealed_"


@dataclass(frozen=True)
class Choice:
    """One line: fields that go together, because one without the others would say something nobody said."""

    name: str
    label: str
    fields: tuple[str, ...]
    words: Callable[[Person], str]


def _place(person: Person) -> str:
    district = person.residence.parent
    parts = (person.hamlet, person.residence.name, district.name if district else "")
    return ", ".join(part for part in parts if part)


def _living(person: Person) -> str:
    day = vietnamese.vn_date(person.death_on or person.living_on)
    source = person.death_source or person.living_source
    state = "Có tin từ trần, chờ xác nhận" if person.death_waits else str(person.get_living_state_display())
    told = ", ".join(part for part in (day, source) if part)
    return f"{state} ({told})" if told else state


def _yes(value: bool) -> str:
    return "Có" if value else "Không"


CHOICES = (
    Choice("full_name", "Họ và tên", ("full_name",), lambda person: person.full_name),
    Choice("sex", "Giới tính", ("sex",), lambda person: str(person.get_sex_display())),
    Choice(
        "birth",
        "Ngày, năm sinh",
        ("birth_year", "birth_month", "birth_day", "birth_is_estimated"),
        lambda person: person.birth_words,
    ),
    Choice("residence", "Nơi cư trú", ("residence_id", "hamlet"), _place),
    Choice(
        "living",
        "Tình trạng",
        (
            "living_state",
            "living_on",
            "living_source",
            "moved_to",
            "death_on",
            "death_source",
            "death_reported_by_id",
            "death_reported_at",
            "death_confirmed_by_id",
            "death_confirmed_at",
        ),
        _living,
    ),
    Choice("legal_basis", "Căn cứ lập hồ sơ", ("legal_basis",), lambda person: person.legal_basis),
    Choice(
        "needs_interpreter",
        "Cần người phiên dịch",
        ("needs_interpreter",),
        lambda person: _yes(person.needs_interpreter),
    ),
    Choice("needs_vehicle", "Cần xe đưa đón", ("needs_vehicle",), lambda person: _yes(person.needs_vehicle)),
)


@dataclass(frozen=True)
class Line:
    """A choice with what both entries say. left, right: words; chosen: "left" or "right" to begin with."""

    name: str
    label: str
    left: str
    right: str
    differs: bool
    chosen: str


def lines(left: Person, right: Person) -> list[Line]:
    """Every line, what is sensitive masked. Two statements."""
    rows = []
    for choice in CHOICES:
        one, other = choice.words(left), choice.words(right)
        rows.append(Line(choice.name, choice.label, one, other, one != other, _begin(choice.name, left, right)))
    first, second = sensitive.read(left, SensitiveKind.values), sensitive.read(right, SensitiveKind.values)
    masks = sensitive.known(left), sensitive.known(right)
    for kind, label in SensitiveKind.choices:
        if kind in first or kind in second:
            one, other = (_masked(kind, mask) for mask in masks)
            chosen = "left" if kind in first else "right"
            rows.append(Line(SEALED + kind, label, one, other, first.get(kind) != second.get(kind), chosen))
    return rows


def _masked(kind: str, known: dict[str, str]) -> str:
    return (known[kind] or "đã ghi, được mã hóa") if kind in known else ""


def _begin(name: str, left: Person, right: Person) -> str:
    """What says more is chosen to begin with; the person at the screen decides."""
    if name == "birth":
        told = [sum(bool(part) for part in (p.birth_year, p.birth_month, p.birth_day)) for p in (left, right)]
        guessed = [bool(p.birth_is_estimated) for p in (left, right)]
        return "right" if (told[1], not guessed[1]) > (told[0], not guessed[0]) else "left"
    if name == "living":
        # A death, or the later news.
        told_on = [
            (bool(p.death_reported_by_id), p.living_on.isoformat() if p.living_on else "") for p in (left, right)
        ]
        return "right" if told_on[1] > told_on[0] else "left"
    if name == "residence":
        return "right" if right.hamlet and not left.hamlet else "left"
    if name == "full_name":
        return "right" if left.full_name.isascii() and not right.full_name.isascii() else "left"
    if name in ("needs_interpreter", "needs_vehicle"):
        return "right" if getattr(right, name) and not getattr(left, name) else "left"
    if name == "sex":
        return "right" if left.sex == "unknown" and right.sex != "unknown" else "left"
    return "left" if left.legal_basis or not right.legal_basis else "right"
