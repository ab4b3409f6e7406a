"""Who lives: news with a day and a source; deaths reported with a source, confirmed by a second person, always reversible.

A death stops what is ahead without a word to anybody: who died waits for no verification and no news, is counted nowhere
and takes no visit of a later day. The one thing it begins is a proposed call of condolence.
"""

from datetime import date, datetime

from django.db import transaction

from records.audit import record
from tasks.errors import Refused
from veterans.enums import Living
from veterans.gratitude import propose_condolence, withdraw_condolence
from veterans.models import Campaign, Person, RegistryRule
from veterans.people import day_of, keep, locked, refuse_removed
from veterans.wording import words_or_refuse


def living_days() -> int:
    """For how many days news that somebody lives is good (RegistryRule; 30 where the office has set nothing)."""
    rule = RegistryRule.objects.filter(campaign=Campaign.objects.present()).first()
    return rule.living_days if rule else RegistryRule._meta.get_field("living_days").default


@transaction.atomic
def confirm_living(person: Person, *, source: str, by, now: datetime, version: int = 0) -> Person:
    """Write down that somebody lives as of today, and who says so.

    Args:
        version: the version that was read, 0 when it does not matter.

    Errors: Refused without a source, for somebody reported dead or moved away, or an entry changed in the meantime.
    """
    source = words_or_refuse(source, "Hãy ghi ai cho biết, ví dụ: trưởng thôn, gia đình.", longest=200)
    person = locked(person)
    refuse_removed(person)
    if version and person.version != version:
        raise Refused("Hồ sơ này vừa được người khác thay đổi. Hãy xem lại rồi xác nhận.")
    if person.death_reported_by_id:
        raise Refused("Đang có tin từ trần. Nếu tin đó không đúng, hãy rút lại tin trước.")
    if person.living_state == Living.MOVED:
        raise Refused("Người này đã ghi là chuyển đi. Nếu đã trở về, hãy sửa tình trạng ở hồ sơ.")
    person.living_state = Living.LIVING
    person.living_on = day_of(now)
    person.living_source = source
    keep(person, by=by, now=now)
    record("person.living_confirmed", by=by, at=now, target=person, data={"fields": ["living_on", "living_source"]})
    return person


@transaction.atomic
def report_death(person: Person, *, source: str, died_on: date | None = None, by, now: datetime) -> Person:
    """Say that somebody has died, and who says so. Nothing changes until it is confirmed.

    Errors: Refused without a source, for a day in the future or before the birth, or when a
    death stands reported already.
    """
    source = words_or_refuse(source, "Hãy ghi ai báo tin từ trần, ví dụ: gia đình, UBND xã.", longest=200)
    person = locked(person)
    refuse_removed(person)
    if person.death_reported_by_id:
        raise Refused("Tin từ trần của người này đã được báo trước đó.")
    if died_on and died_on > day_of(now):
        raise Refused("Ngày từ trần không được sau hôm nay.")
    if died_on and (died_on.year < (person.birth_year or 0) or died_on.year < 1954):
        raise Refused("Ngày từ trần không được trước năm sinh hoặc trước năm 1954.")
    person.death_on = died_on
    person.death_source = source
    person.death_reported_by = by
    person.death_reported_at = now
    keep(person, by=by, now=now)
    record("person.death_reported", by=by, at=now, target=person, data={"fields": ["death_on", "death_source"]})
    return person


@transaction.atomic
def confirm_death(person: Person, *, by, now: datetime) -> Person:
    """Confirm a reported death; only another person than the reporter can.

    Errors: Refused when nothing waits for confirmation or the reporter confirms.
    """
    person = locked(person)
    refuse_removed(person)
    if not person.death_waits:
        raise Refused("Không có tin từ trần nào đang chờ xác nhận.")
    if person.death_reported_by_id == by.pk:
        raise Refused("Người báo tin không tự xác nhận được; cần một cán bộ khác xác nhận.")
    person.living_state = Living.DECEASED
    person.death_confirmed_by = by
    person.death_confirmed_at = now
    keep(person, by=by, now=now)
    propose_condolence(person, now=now)
    record("person.death_confirmed", by=by, at=now, target=person, data={"fields": ["living_state"]})
    return person


@transaction.atomic
def withdraw_death(person: Person, *, reason: str, by, now: datetime) -> Person:
    """Take back a reported or confirmed death.

    After a confirmed one the state is "chưa rõ", with the reason as its source, until somebody
    says more. Errors: Refused without a reason or without a death to withdraw.
    """
    reason = words_or_refuse(reason, "Hãy ghi vì sao tin từ trần không đúng và ai cho biết.", longest=200)
    person = locked(person)
    refuse_removed(person)
    if not person.death_reported_by_id:
        raise Refused("Không có tin từ trần nào để rút lại.")
    if person.is_deceased:
        withdraw_condolence(person, by=by, now=now)
        person.living_state = Living.UNKNOWN
        person.living_on = day_of(now)
        person.living_source = reason
    person.death_on = None
    person.death_source = ""
    person.death_reported_by = person.death_reported_at = None
    person.death_confirmed_by = person.death_confirmed_at = None
    keep(person, by=by, now=now)
    record("person.death_withdrawn", by=by, at=now, target=person, data={"fields": ["living_state", "death_source"]})
    return person
