"""What one row of a list says, as the registry keeps it: sealed while it waits, compared with an entry, written."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from directive_tracker import crypto, vietnamese
from veterans import sensitive
from veterans.enums import Category, Living, SensitiveKind, Sex
from veterans.lists.fields.category import OTHER
from veterans.lists.rows import Person as Read
from veterans.models import Person, PersonImport
from veterans.models.person import stored_names

# What a list can say of a person besides its name, and is written where the entry knows nothing or the list knows it newer.
SEALED = (SensitiveKind.ID_NUMBER, SensitiveKind.ETHNICITY, SensitiveKind.PHONE, SensitiveKind.NOTE)
LONGEST = {"full_name": 120, "hamlet": 200, "note": 500}
# Sensitive: not shown as an example of how letters were turned.
_NOT_SHOWN = frozenset({"ethnicity", "id_number", "phone"})
_RELATIVE = "than nhan liet s"
_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class Content(NamedTuple):
    """One person of a list. converted: [field, before, after] of texts that stood in an old encoding."""

    full_name: str
    sex: str
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    birth_is_estimated: bool | None
    residence: int
    hamlet: str
    category: str
    living: bool | None
    death_year: int | None
    sealed: dict[str, str]
    converted: list[list[str]]


def content_of(read: Read, *, residence: int) -> Content:
    """What a row that was read says. Arguments: residence, the id of its commune's Area."""
    day = read.birth_date
    said = {
        SensitiveKind.ID_NUMBER: read.id_number,
        SensitiveKind.ETHNICITY: read.ethnicity,
        SensitiveKind.PHONE: read.phone,
        SensitiveKind.NOTE: _cut(read.notes or "", "note"),
    }
    return Content(
        full_name=_cut(read.full_name, "full_name"),
        sex=read.sex or Sex.UNKNOWN,
        birth_year=read.birth_year,
        birth_month=day.month if day else None,
        birth_day=day.day if day else None,
        birth_is_estimated=read.birth_is_estimated,
        residence=residence,
        hamlet=_cut(read.address or "", "hamlet"),
        category=_category(read),
        living=read.living,
        death_year=read.death_year,
        sealed={str(kind): words for kind, words in said.items() if words},
        converted=[
            [one.field, one.before, one.typed] for one in read.evidence if one.before and one.field not in _NOT_SHOWN
        ],
    )


def _cut(text: str, name: str) -> str:
    return vietnamese.shortened(text, LONGEST[name])


def name_as_written(text: str) -> str:
    """What stands in the row for a name, to know the row by."""
    return _cut(text, "full_name")


def _category(read: Read) -> str:
    """The group; among "other" the relatives of fallen soldiers, who are counted apart, are told by the list's own word."""
    if read.category != OTHER:
        return read.category
    typed = " ".join(one.typed for one in read.evidence if one.field == "category")
    return Category.MARTYR_RELATIVE if _RELATIVE in vietnamese.fold(typed) else Category.OTHER


# --- sealed while it waits -----------------------------------------------------------------------


class Said(NamedTuple):
    """What is kept of a row. content: None with an error; errors, warnings: their sentences; name: as it is written in
    the row, where nobody is read of it."""

    content: Content | None
    errors: list[str]
    warnings: list[str]
    name: str = ""


class RowSealer:
    """Seals what the rows of one list say, under the key of this moment."""

    def __init__(self, found: PersonImport) -> None:
        self._sealer, self._list = crypto.sealer(), _list_context(found.pk)
        self.key_id = self._sealer.key_id

    def seal(self, said: Said, place: str) -> bytes:
        """Bytes for ImportedRow.sealed. Arguments: place, the row they belong to."""
        # In the order of their fields, without their names: a list has a hundred thousand.
        return self._sealer.encrypt(_ENCODE(said).encode(), self._list + place)


def said_in(sealed: bytes, sheet: str, number: int, found: PersonImport) -> Said:
    """What is kept of a row. Errors: crypto.Unreadable."""
    kept = unseal(sealed, found, place_of(sheet, number))
    if isinstance(kept, dict):
        # Kept with the names of the fields, as rows were before; they are emptied or forgotten within a month.
        content = Content(**kept["content"]) if kept["content"] else None
        return Said(content, *([one["sentence"] for one in kept[kind]] for kind in ("errors", "warnings")))
    content, *rest = kept
    return Said(Content(*content) if content else None, *rest)


def content_in(sealed: bytes, sheet: str, number: int, found: PersonImport) -> Content:
    """What a kept row says of a person. Errors: crypto.Unreadable."""
    content = said_in(sealed, sheet, number, found).content
    assert content is not None  # asked of rows without an error
    return content


def seal(content: dict[str, Any], found: PersonImport, place: str) -> bytes:
    """Bytes for ImportedRow.before or PersonImport.converted. Arguments: place, what they belong to."""
    return crypto.encrypt(_ENCODE(content).encode(), context_of(found.pk, place))


def unseal(sealed: bytes, found: PersonImport, place: str) -> Any:
    """What was sealed. Errors: crypto.Unreadable."""
    return json.loads(crypto.decrypt(sealed, context_of(found.pk, place)))


def context_of(import_id: int, place: str) -> str:
    """Which list and row a sealed content belongs to; elsewhere it does not open."""
    return _list_context(import_id) + place


def _list_context(import_id: int) -> str:
    return f"veterans.import:{import_id}:"


def place_of(sheet: str, number: int) -> str:
    """The row a sealed content belongs to."""
    return f"{number}:{sheet}"


def before_of(sheet: str, number: int) -> str:
    """The same for what an update overwrote."""
    return f"before:{place_of(sheet, number)}"


# The texts of an old encoding, of a whole list.
CONVERTED = "converted"


def line_key(content: Content, sender_key: str, *, commune: int) -> str:
    """By what the same line of the same sender is known again: name, birth and commune, never shown (an HMAC).

    Args:
        commune: the one that the line names, which stays while the communes around it change.
    """
    birth = "-".join(str(part or "") for part in (content.birth_year, content.birth_month, content.birth_day))
    words = "\0".join((sender_key, vietnamese.fold(content.full_name), birth, str(commune)))
    return sensitive.blind(words, "line")


# --- compared and written ------------------------------------------------------------------------


def source_words(found: PersonImport) -> str:
    """Where it is from, for the entry."""
    return vietnamese.shortened(f"Danh sách của {found.sender}", 200)


def day_of_list(found: PersonImport) -> date:
    """The day by which the list says somebody is alive: that on which it came."""
    return found.uploaded_at.astimezone(vietnamese.ZONE).date()


def living_fields(content: Content, found: PersonImport, *, now: datetime, by: Any) -> dict[str, Any]:
    """Columns of the entry's state. A death is reported with the list as its source; a second person confirms it."""
    if content.living:
        return {
            "living_state": Living.LIVING,
            "living_on": day_of_list(found),
            "living_source": source_words(found),
        }
    if content.living is None:
        return {}
    year = f", ghi mất năm {content.death_year}" if content.death_year else ", ghi đã mất"
    source = vietnamese.shortened(source_words(found), 200 - len(year)) + year
    return {"death_source": source, "death_reported_by": by, "death_reported_at": now}


# What of an entry differs from row to row; everything else is as in any new entry.
ENTRY = (
    *("full_name", "search_key", "sort_key", "sex", "birth_year", "birth_month", "birth_day", "birth_is_estimated"),
    *("residence_id", "hamlet", "living_state", "living_on", "living_source"),
    *("death_source", "death_reported_by_id", "death_reported_at"),
)


def entry(content: Content, found: PersonImport, *, by: Any, now: datetime) -> tuple:
    """The columns ENTRY of a new entry."""
    names = stored_names(content.full_name)
    state = living_fields(content, found, now=now, by=by)
    reporter = state.get("death_reported_by")
    return (
        names.full_name,
        names.search_key,
        names.sort_key,
        content.sex,
        content.birth_year,
        content.birth_month,
        content.birth_day,
        content.birth_is_estimated,
        content.residence,
        content.hamlet,
        state.get("living_state", Living.UNKNOWN),
        state.get("living_on"),
        state.get("living_source", ""),
        state.get("death_source", ""),
        reporter.pk if reporter else None,
        state.get("death_reported_at"),
    )


def changes(person: Person, content: Content, known: dict[str, str], found: PersonImport) -> dict[str, Any]:
    """What the list would change in an entry: fields of people.change_person. Nothing known is taken away.

    Args:
        known: the entry's sealed values by kind.
    """
    changed: dict[str, Any] = {}
    if person.sex == Sex.UNKNOWN and content.sex != Sex.UNKNOWN:
        changed["sex"] = content.sex
    if content.birth_year and person.birth_year is None:
        changed |= {
            name: getattr(content, name) for name in ("birth_year", "birth_month", "birth_day", "birth_is_estimated")
        }
    elif content.birth_day and person.birth_year == content.birth_year and person.birth_day is None:
        changed |= {name: getattr(content, name) for name in ("birth_month", "birth_day", "birth_is_estimated")}
    if content.hamlet and vietnamese.fold(content.hamlet) != vietnamese.fold(person.hamlet):
        changed["hamlet"] = content.hamlet
    if content.living and person.living_state == Living.UNKNOWN and not person.death_reported_by_id:
        changed |= {
            "living_state": Living.LIVING,
            "living_on": day_of_list(found),
            "living_source": source_words(found),
        }
    changed |= {kind: words for kind, words in content.sealed.items() if known.get(kind, "") != words}
    return changed


def reports_death(person: Person, content: Content) -> bool:
    """Whether the list reports a death the entry does not know of."""
    return content.living is False and not person.death_reported_by_id
