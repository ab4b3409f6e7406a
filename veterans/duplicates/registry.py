"""Proposals about the people of the registry: all of them, new ones, or the one that is being typed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from units.models import Area
from veterans import sensitive
from veterans.duplicates import entries
from veterans.duplicates import reasons as why
from veterans.duplicates.entries import Entry
from veterans.duplicates.frequencies import Frequencies
from veterans.duplicates.pairs import find
from veterans.duplicates.weights import LEAST, compare, name_kind
from veterans.enums import SensitiveKind, Sex
from veterans.models import DuplicatePair, Person, PersonCategory
from veterans.querysets import PersonQuerySet

_COLUMNS = (
    "pk",
    "full_name",
    "other_name",
    "birth_year",
    "birth_month",
    "birth_day",
    "birth_is_estimated",
    "residence_id",
    "hamlet",
    "sex",
)
# So many likely ones are shown beside a form.
_SHOWN = 10
_BATCH = 2_000


def _entry(row: tuple, groups: Iterable[str] = (), numbers: Mapping[str, str] | None = None) -> Entry:
    """A row of _COLUMNS as it is compared."""
    pk, full_name, other_name, year, month, day, estimated, residence, hamlet, sex = row
    numbers = numbers or {}
    number = numbers.get(SensitiveKind.ID_NUMBER, "")
    return Entry(
        key=pk,
        names=entries.names(full_name, other_name),
        year=year,
        day=(month, day) if month and day else None,
        is_estimated=bool(estimated),
        commune=residence,
        hamlet=entries.hamlet(hamlet),
        id_mark=number,
        id_digits=len(number),
        phone_mark=numbers.get(SensitiveKind.PHONE, ""),
        sex="" if sex == Sex.UNKNOWN else sex,
        categories=entries.categories(groups),
    )


def _everybody() -> list[Entry]:
    """All entries on the list. Three statements."""
    listed = Person.objects.on_the_list()
    groups: dict[int, list[str]] = defaultdict(list)
    for person, category in PersonCategory.objects.values_list("person_id", "category").iterator(chunk_size=5_000):
        groups[person].append(category)
    numbers: dict[int, dict[str, str]] = defaultdict(dict)
    for person, kind, digits in sensitive.numbers():
        numbers[person][kind] = digits
    rows = listed.order_by("pk").values_list(*_COLUMNS).iterator(chunk_size=5_000)
    return [_entry(row, groups.get(row[0], ()), numbers.get(row[0])) for row in rows]


def propose(people: Collection[int] | None = None, *, now: datetime) -> int:
    """Write down who may be one person; the number of new pairs.

    A pair that is known already, whatever was decided about it, stays as it is. Reads the whole registry once (some
    seconds for 100 000 people): for work in the background.

    Args:
        people: ids of new entries, compared with everybody and among themselves; None compares all with all.
    """
    everybody = _everybody()
    new = None
    if people is not None:
        wanted = frozenset(people)
        new = [place for place, entry in enumerate(everybody) if entry.key in wanted]
        if not new:
            return 0
    found = [
        (everybody[pair.first].key, everybody[pair.second].key, pair.score, pair.reasons)
        for pair in find(everybody, new=new)
    ]
    return _write(found, now=now)


def _write(found: list[tuple[Any, Any, int, tuple[str, ...]]], *, now: datetime) -> int:
    """Store pairs (smaller id first) that are not known yet."""
    before = DuplicatePair.objects.count()
    with transaction.atomic():
        DuplicatePair.objects.bulk_create(
            [
                DuplicatePair(
                    first_id=min(one, other),
                    second_id=max(one, other),
                    score=score,
                    reasons=list(reasons),
                    found_at=now,
                )
                for one, other, score, reasons in found
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        return DuplicatePair.objects.count() - before


def propose_for(person: Person, *, now: datetime) -> int:
    """Write down whom one entry that was just written may be; quick enough for a page."""
    (row,) = Person.objects.filter(pk=person.pk).values_list(*_COLUMNS)
    numbers = {kind: digits for _, kind, digits in sensitive.numbers([person.pk])}
    one = _entry(row, person.categories.values_list("category", flat=True), numbers)
    found = [
        (person.pk, other, score, reasons)
        for other, score, reasons in _likely(one, Person.objects.on_the_list().exclude(pk=person.pk))
    ]
    return _write(found, now=now)


def likely(
    among: PersonQuerySet, typed: Mapping[str, Any], *, but: int | None = None
) -> list[tuple[Person, list[str]]]:
    """The people whom somebody may be who is being typed, with the reasons in words; best first. Five statements.

    Args:
        among: the people the asker may see; those taken off the list count too, absorbed and erased ones never.
        typed: values of the form, as far as they are known: full_name, other_name, birth_year, birth_month, birth_day,
            birth_is_estimated, residence (an Area or id), hamlet, sex, id_number, phone.
        but: the id of the entry itself, when it is being changed.
    """
    if not str(typed.get("full_name") or "").strip():
        return []
    residence = typed.get("residence")
    values = {**dict.fromkeys(_COLUMNS), **typed, "pk": but}
    values["residence_id"] = residence.pk if isinstance(residence, Area) else residence
    values["other_name"] = typed.get("other_name") or ""
    values["hamlet"] = typed.get("hamlet") or ""
    values["sex"] = typed.get("sex") or Sex.UNKNOWN
    numbers = {kind: digits for kind in ("id_number", "phone") if (digits := typed.get(kind))}
    one = _entry(tuple(values[name] for name in _COLUMNS), numbers=numbers)
    people = among.filter(merged_into__isnull=True, erased_at__isnull=True).exclude(pk=but)
    best = _likely(one, people, namesakes=True)[:_SHOWN]
    known = people.select_related("residence__parent").in_bulk([pk for pk, _, _ in best])
    return [(known[pk], why.words(reasons)) for pk, _, reasons in best if pk in known]


def _likely(one: Entry, people: PersonQuerySet, *, namesakes: bool = False) -> list[tuple[int, int, tuple[str, ...]]]:
    """(id, score, reasons) of the people whom an entry may be, best first.

    Compared: the people of the same commune, those with the same number, and those elsewhere with the very same name.
    namesakes: also those with the same name and year of whom nothing else is known; a proposal needs more.
    """
    rows = {row[0]: row for row in people.filter(residence=one.commune).values_list(*_COLUMNS)}
    elsewhere = Q(pk__in=[])
    for name in one.names:
        elsewhere |= Q(search_key__contains=f"|{' '.join(name.words)}|")
    rows |= {row[0]: row for row in people.filter(elsewhere).values_list(*_COLUMNS)[:_BATCH]}
    numbered: dict[int, tuple] = {}
    if one.id_mark:
        numbered = {row[0]: row for row in sensitive.with_number(people, one.id_mark).values_list(*_COLUMNS)}
        rows |= numbered
    others = {pk: _entry(row) for pk, row in rows.items()}
    near = [pk for pk, other in others.items() if pk in numbered or _may_be(one, other)]
    numbers: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, kind, digits in sensitive.numbers(near) if near else ():
        numbers[pk][kind] = digits
    found = []
    counted = Frequencies(others.values())
    for pk in near:
        score, reasons = compare(one, _entry(rows[pk], numbers=numbers.get(pk)), counted)
        if score >= LEAST or (namesakes and _is_namesake(reasons)):
            found.append((pk, score, reasons))
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _may_be(one: Entry, other: Entry) -> bool:
    """Whether it is worth opening the numbers: the names go together."""
    return any(name_kind(left, right) for left in one.names for right in other.names)


def _is_namesake(reasons: Iterable[str]) -> bool:
    """Same name and nothing that speaks against it; who types decides."""
    codes = frozenset(reasons)
    return bool(codes & {"name_same", "name_marks"}) and not codes & {
        "id_other",
        "date_other",
        "year_other",
        "sex_other",
    }
