"""Reviews of communes and visits, as the pages and the demo write them down."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from units.models import Area, Unit
from veterans.enums import GiftSource
from veterans.models import AreaReview, Person, Visit
from veterans.models.gratitude import CAMPAIGN
from veterans.people import day_of, locked


def review_area(area: Area, *, by, now: datetime, on: date | None = None, note: str = "") -> AreaReview:
    """Write down that everybody of a commune has been looked for.

    Args:
        on: the day the commune was done, today without one.

    Errors: Refused for a day in the future or a commune already reviewed; ValidationError for an
    area that is no commune.
    """
    on = on or day_of(now)
    if on > day_of(now):
        raise Refused("Ngày rà soát xong không được sau hôm nay.")
    review = AreaReview(area=area, reviewed_on=on, by=by, at=now, note=" ".join(vietnamese.nfc(note).split()))
    review.clean_fields()
    review.clean()
    try:
        with transaction.atomic():
            review.save()
            record("area.reviewed", by=by, at=now, target=review)
    except IntegrityError:
        raise Refused(f"{area.name} đã được ghi là rà soát xong.") from None
    return review


@transaction.atomic
def reopen_area(area: Area, *, by, now: datetime) -> None:
    """Take back that a commune is done, because somebody was forgotten.

    Errors: Refused when the commune is not marked as reviewed.
    """
    review = AreaReview.objects.select_for_update().filter(area=area, campaign=CAMPAIGN).first()
    if review is None:
        raise Refused(f"{area.name} chưa được ghi là rà soát xong.")
    record("area.review_reopened", by=by, at=now, target=review)
    review.delete()


def record_visit(
    person: Person,
    *,
    on: date,
    unit: Unit,
    source: GiftSource | str,
    gift: str = "",
    money: int = 0,
    received_by: str = "",
    note: str = "",
    by,
    now: datetime,
) -> Visit:
    """Write down one visit of one giver.

    Errors: Refused for a day in the future, or the same giver on the same day; ValidationError
    when the person had died or is off the list.
    """
    if on > day_of(now):
        raise Refused("Ngày thăm không được sau hôm nay.")
    try:
        with transaction.atomic():
            visit = Visit(
                person=locked(person),
                on=on,
                unit=unit,
                source=source,
                gift=" ".join(vietnamese.nfc(gift).split()),
                money=money,
                received_by=" ".join(vietnamese.nfc(received_by).split()),
                note=" ".join(vietnamese.nfc(note).split()),
                recorded_by=by,
                recorded_at=now,
            )
            visit.clean_fields()
            visit.clean()
            visit.save()
            record("person.visited", by=by, at=now, target=visit.person, data={"visit": visit.pk})
    except IntegrityError:
        raise Refused("Lần thăm này đã được ghi: cùng người, cùng ngày, cùng đơn vị và cùng nguồn quà.") from None
    return visit
