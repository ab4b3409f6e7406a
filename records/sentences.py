"""One event of the log as a Vietnamese sentence, the same on the page "Nhật ký" and in the history of the admin.

Who, in whose name, did what, to what, from what, to what, why, from which machine. What `data` may hold besides
from, to, fields, count and reason is named by the rooms (records/verbs.py); a key nobody has named is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from directive_tracker.vietnamese import vn_date, vn_datetime, vn_number
from records import verbs
from records.models import AuditEvent

SYSTEM = "Hệ thống"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_IN_CODE = re.compile(r"[a-z_0-9]+")
_LONGEST = 300


@dataclass(frozen=True)
class Sentence:
    """The parts of one sentence; `str()` joins them as a person would read it aloud."""

    when: str
    who: str
    acting_for: str
    what: str
    target: str
    details: str
    place: str

    @property
    def actor(self) -> str:
        """ "Nguyễn Văn A (thay mặt Trần Thị B)"."""
        return f"{self.who} (thay mặt {self.acting_for})" if self.acting_for else self.who

    def __str__(self) -> str:
        act = f"{self.actor} {self.what}" + (f": {self.target}" if self.target else "")
        return f"{self.when} · {act}" + "".join(f"; {part}" for part in (self.details, self.place) if part)


def sentence(event: AuditEvent) -> Sentence:
    """The sentence of one event; actor and acting_for should be there already (select_related)."""
    actor = str(event.actor or "")
    return Sentence(
        when=vn_datetime(event.at),
        who=actor or SYSTEM,
        acting_for=str(event.acting_for or ""),
        what=_lower_first(verbs.words(event.verb)),
        # "An đăng nhập: An" says the name twice.
        target="" if event.target_label == actor else event.target_label,
        details=details(event),
        place=f"từ máy {event.ip}" if event.ip else "",
    )


def details(event: AuditEvent) -> str:
    """What changed from what to what, how many, and why: "từ “Đã gửi” thành “Xong”; lý do: …"."""
    return "; ".join(part for part in _parts(event) if part)


def _parts(event: AuditEvent) -> Iterator[str]:
    data = event.data if isinstance(event.data, dict) else {}
    yield from _changes(event.target_type, data)
    yield from _rows(data.get("rows"))
    for key, value in data.items():
        if key in ("from", "to", "fields", "rows", "count", "reason"):
            continue
        words = verbs.DETAILS.get(key)
        if words is None and not _IN_CODE.fullmatch(key):
            words = key  # Already a word of the screen: names of lists and columns.
        if words and value not in (None, "", [], {}):
            yield f"{words}: {_value(value)}"
    if isinstance(data.get("count"), int):
        yield f"số lượng: {vn_number(data['count'])}"
    reason = event.reason or str(data.get("reason") or "")
    if reason:
        yield f"lý do: {_short(reason)}"


def _changes(target_type: str, data: dict) -> Iterator[str]:
    """ "vai trò từ “…” thành “…”" for every field of which old and new are kept, then the names of the others."""
    old, new = data.get("from"), data.get("to")
    told: set[str] = set()
    if isinstance(old, dict) or isinstance(new, dict):
        old, new = old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {}
        for field in dict.fromkeys((*old, *new)):
            told.add(field)
            yield f"{field_words(target_type, field)} {_from_to(old.get(field), new.get(field), field in old)}"
    elif "from" in data or "to" in data:
        yield _from_to(old, new, "from" in data and "to" in data)
    fields = [field_words(target_type, name) for name in data.get("fields") or () if name not in told]
    if fields:
        yield f"mục: {', '.join(fields)}"


def _from_to(old: Any, new: Any, both: bool) -> str:
    if not both:
        return f"là “{_value(new)}”" if new not in (None, "") else f"trước là “{_value(old)}”"
    return f"từ “{_value(old)}” thành “{_value(new)}”"


def _rows(rows: Any) -> Iterator[str]:
    """Rows attached to the object: how many were added and changed, and which, where that was kept."""
    for label, counts in (rows or {}).items():
        name = model_words(label)
        yield f"{name}: {counts.get('added', 0)} dòng mới, {counts.get('changed', 0)} dòng sửa"
        for row in counts.get("each", ()):
            yield f"{row['what']}: {', '.join(_changes(label, row))}"


def field_words(target_type: str, name: str) -> str:
    """A field's name on the screen; fields of rooms that are gone keep their old name."""
    told = verbs.FIELDS.get(f"{target_type}.{name}")
    if told:
        return told
    try:
        return str(apps.get_model(target_type)._meta.get_field(name).verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return name


def model_words(target_type: str) -> str:
    """What a kind of object is called; "–" for none."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type or "–"


def _value(value: Any) -> str:
    """One value for the screen: dates and numbers as Vietnamese writes them, words of the code by their name."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if value in (None, "", []):
        return "trống"
    if isinstance(value, int | float):
        return vn_number(value)
    if isinstance(value, list):
        return _short(", ".join(_value(item) for item in value))
    if isinstance(value, dict):
        return _short(", ".join(f"{key}: {_value(item)}" for key, item in value.items()))
    text = str(value)
    if _ISO_DAY.fullmatch(text):
        try:
            return vn_date(date.fromisoformat(text))
        except ValueError:
            return text
    return verbs.VALUES.get(text, _short(text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _lower_first(text: str) -> str:
    """ "Đăng nhập" → "đăng nhập"; "Văn phòng" and other names do not begin verbs."""
    return text[:1].lower() + text[1:]
