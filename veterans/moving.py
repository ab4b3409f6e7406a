"""Somebody moves: to another commune of the province, whose registrar has the entry at once, or out of it."""

from datetime import date, datetime

from django.db import transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from units.models import Area
from veterans.enums import Living, Verification
from veterans.models import Person
from veterans.people import day_of, keep, locked, refuse_removed, start_again
from veterans.wording import words_or_refuse


@transaction.atomic
def move(
    person: Person, *, to: Area | None, words: str = "", on: date, source: str, version: int = 0, by, now: datetime
) -> Person:
    """Write down that somebody has moved.

    Args:
        to: the commune of the province the person lives in now, or None for a place outside.
        words: the hamlet there, or the place outside in words, which is needed then.
        on: the day of the news.
        version: the version that was read, 0 when it does not matter.

    Within the province the entry goes to the commune's registrar and is verified there from the beginning; outside it
    stays where it was, as "chuyển đi". Errors: Refused, ValidationError.
    """
    source = words_or_refuse(source, "Hãy ghi ai cho biết, ví dụ: gia đình, UBND xã.", longest=200)
    words = " ".join(vietnamese.nfc(words).split())
    if to is None and not words:
        raise Refused("Hãy chọn xã trong tỉnh, hoặc ghi nơi chuyển đến ngoài tỉnh.")
    if len(words) > 200:
        raise Refused(f"Nơi chuyển đến chỉ ghi được 200 ký tự; đang có {len(words)}.")
    if on > day_of(now):
        raise Refused("Ngày có tin không được sau hôm nay.")
    person = locked(person)
    refuse_removed(person)
    if version and person.version != version:
        raise Refused("Trong lúc sửa, hồ sơ này đã được người khác thay đổi. Hãy mở lại hồ sơ rồi ghi.")
    if person.death_reported_by_id:
        raise Refused("Đang có tin từ trần. Nếu tin đó không đúng, hãy rút lại tin trước.")
    if to is not None and to.pk == person.residence_id:
        raise Refused(f"Người này đang ở {to.name}. Đổi thôn thì sửa ở hồ sơ.")
    changed = _within(person, to, words, by=by, now=now) if to else _outside(person, words)
    person.living_on, person.living_source = on, source
    person.full_clean()
    keep(person, by=by, now=now)
    record("person.moved", by=by, at=now, target=person, data={"fields": [*changed, "living_on", "living_source"]})
    return person


def _within(person: Person, to: Area, hamlet: str, *, by, now: datetime) -> list[str]:
    person.living_state = Living.LIVING
    person.moved_to = ""
    reason = f"Chuyển từ {person.residence.name} đến {to.name}."
    person.residence, person.hamlet = to, hamlet
    if person.verification != Verification.NEW:
        start_again(person, by=by, now=now, reason=reason)
    return ["residence", "hamlet"]


def _outside(person: Person, words: str) -> list[str]:
    person.living_state = Living.MOVED
    person.moved_to = words
    return ["living_state", "moved_to"]
