"""What a person agreed to: rows are only added, the newest of a purpose counts, none is no."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from records.audit import record
from tasks.errors import Refused
from veterans.models import Consent, Person
from veterans.people import day_of, locked


@transaction.atomic
def note(
    person: Person,
    *,
    purpose: str,
    given: bool,
    said_by: str,
    way: str,
    witness: str = "",
    on: date,
    by,
    now: datetime,
) -> Consent:
    """Write an answer down.

    Args:
        said_by: who answered: the person or who for the person; witness: needed where it was only spoken.

    Errors: Refused for a day in the future, without a witness, or about an entry that is erased.
    """
    person = locked(person)
    if person.erased_at:
        raise Refused("Dữ liệu của hồ sơ này đã được xóa.")
    if on > day_of(now):
        raise Refused("Ngày trả lời không được sau hôm nay.")
    if way == Consent.Way.SPOKEN and not witness.strip():
        raise Refused("Trả lời bằng lời thì cần ghi người làm chứng.")
    row = Consent(
        person=person,
        purpose=purpose,
        given=given,
        said_by=" ".join(said_by.split()),
        way=way,
        witness=" ".join(witness.split()),
        on=on,
        recorded_by=by,
        recorded_at=now,
    )
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    row.save()
    record("person.consent", by=by, at=now, target=person, data={"step": f"consent_{purpose}"})
    return row


def standing(person: Person) -> dict[str, Consent]:
    """Purpose → the newest answer. One statement."""
    found: dict[str, Consent] = {}
    for row in person.consents.select_related("recorded_by").order_by("-pk"):
        found.setdefault(row.purpose, row)
    return found


def agreed(person: Person, purpose: str) -> bool:
    """Whether the newest answer is yes; without one it is no."""
    row = person.consents.filter(purpose=purpose).order_by("-pk").first()
    return row is not None and row.given
