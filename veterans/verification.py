"""Checking an entry level by level: what each found, the wish to look again, and several at once.

A step is a finding with its reason, written as a row that is never changed; the entry keeps the last one. Nobody leaves
the list by a finding: who is "không thuộc diện" stays on it apart, until somebody asks to look again or takes the entry
off with a reason (people.take_off).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from records.audit import record
from tasks.errors import Refused
from veterans.enums import VERIFICATION_STEPS, Finding, Verification
from veterans.models import Person, VerificationStep
from veterans.people import ask_to_look_again, day_of, keep, locked, note_step, refuse_removed
from veterans.wording import words_or_refuse

# As many entries as one page of the work list shows.
MOST_AT_ONCE = 50
_NEEDS_REASON = {
    Finding.NOT_ENOUGH: "Hãy ghi còn thiếu giấy tờ hoặc xác nhận nào.",
    Finding.NOT_ELIGIBLE: "Hãy ghi vì sao người này không thuộc diện; người khác đọc được và có thể đề nghị xem lại.",
}


def waits_for(person: Person) -> Verification | None:
    """The level that has to look at the entry, or None; the same rule as the column of that name."""
    if not person.is_listed or person.is_deceased:
        return None
    if person.review_asked:
        return Verification(person.verification)
    if person.finding in (Finding.NOT_ENOUGH, Finding.NOT_ELIGIBLE):
        return None
    place = VERIFICATION_STEPS.index(Verification(person.verification))
    return VERIFICATION_STEPS[place + 1] if place + 1 < len(VERIFICATION_STEPS) else None


@transaction.atomic
def verify(
    person: Person, *, to: str, by, now: datetime, finding: str = Finding.ENOUGH, reason: str = "", version: int = 0
) -> Person:
    """Write down what one level found.

    Args:
        to: the level the person at the screen saw waiting; a second click must not make two steps.
        reason: needed for everything but "đủ căn cứ".
        version: the version that was read, 0 when it does not matter.

    Errors: Refused when that level is not the one the entry waits for, the reason is missing, the entry has been
    changed, the person has died or is off the list.
    """
    if finding not in Finding.values or not finding:
        raise Refused("Hãy chọn kết luận: đủ căn cứ, chưa đủ căn cứ hoặc không thuộc diện.")
    if finding in _NEEDS_REASON or reason.strip():
        reason = words_or_refuse(reason, _NEEDS_REASON.get(Finding(finding), ""))
    person = locked(person)
    refuse_removed(person)
    if person.is_deceased:
        raise Refused("Người này đã từ trần; hồ sơ không cần xác minh nữa.")
    if version and person.version != version:
        raise Refused("Hồ sơ này vừa được người khác thay đổi. Hãy mở lại hồ sơ rồi ghi kết luận.")
    if waits_for(person) != to:
        raise Refused(_why_not_now(person))
    person.verification = to
    person.verified_on = day_of(now)
    person.verified_by = by
    person.finding = finding
    person.finding_reason = reason.strip()
    person.review_asked = ""
    note_step(person, VerificationStep.Kind.FOUND, by=by, now=now, finding=finding, reason=person.finding_reason)
    keep(person, by=by, now=now)
    record("person.verified", by=by, at=now, target=person, data={"step": str(to)})
    return person


def _why_not_now(person: Person) -> str:
    """What stands against one more step, and who did what."""
    done = f"Hồ sơ đang ở bước “{person.get_verification_display()}”"
    if person.finding in (Finding.NOT_ENOUGH, Finding.NOT_ELIGIBLE) and not person.review_asked:
        return f"{done}, kết luận “{person.get_finding_display().lower()}”. Muốn xét lại, hãy đề nghị xem lại."
    return f"{done}; có thể người khác vừa làm bước này."


def verify_together(people: Iterable[Person], *, versions: Mapping[int, int], to: str, by, now: datetime) -> int:
    """Write "đủ căn cứ" of one level for several entries.

    Args:
        people: entries the caller has found at the door and may decide about; versions: pk → version that was read.

    Returns how many were written; who was changed in the meantime is left as it is.
    Errors: Refused for more than MOST_AT_ONCE.
    """
    people = list(people)
    if len(people) > MOST_AT_ONCE:
        raise Refused(f"Mỗi lần ghi được nhiều nhất {MOST_AT_ONCE} hồ sơ.")
    done = 0
    for person in people:
        try:
            verify(person, to=to, by=by, now=now, version=versions[person.pk])
        except Refused:
            continue
        done += 1
    return done


@transaction.atomic
def ask_again(person: Person, *, reason: str, by, now: datetime) -> Person:
    """Ask the level that found something last to look again; the entry is on its work list then.

    Errors: Refused without a reason, when nothing has been found yet or somebody has asked already.
    """
    reason = words_or_refuse(reason, "Hãy ghi vì sao cần xem lại và nguồn tin.")
    person = locked(person)
    refuse_removed(person)
    if person.is_deceased:
        raise Refused("Người này đã từ trần; hồ sơ không cần xác minh nữa.")
    if person.verification == Verification.NEW:
        raise Refused("Hồ sơ này chưa có kết luận nào; đang chờ xác minh.")
    if person.review_asked:
        raise Refused("Đã có đề nghị xem lại hồ sơ này, đang chờ xét.")
    ask_to_look_again(person, reason, by=by, now=now)
    keep(person, by=by, now=now)
    record("person.review_asked", by=by, at=now, target=person, data={"fields": ["review_asked"]})
    return person
