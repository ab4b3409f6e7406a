"""A figure that differs from what is on record: the unit is asked to look again, or the office writes down what it found."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_datetime, vn_number
from records.audit import record
from tasks.errors import Refused
from tasks.indicators.comparing import Check
from tasks.lifecycle import required_reason
from tasks.models import Comment, CommentScope, FigureReconciled, IndicatorValue
from tasks.permissions import refuse_own_work
from tasks.talking.rules import people_for
from tasks.talking.writing import write_comment


@transaction.atomic
def reconcile(row: IndicatorValue, *, by, now: datetime, word: str) -> FigureReconciled:
    """Write down that the figure was held against what is on record, and how it turned out.

    Errors: Refused without a word, about the own unit's figure, or when somebody was quicker.
    """
    work = row.round.section.assignment
    refuse_own_work(by, work)
    word = required_reason(word, "kết quả đối chiếu")
    try:
        with transaction.atomic():
            made = FigureReconciled.objects.create(value=row, word=word, by=by, at=now)
    except IntegrityError:
        raise Refused(_what_happened(row)) from None
    data = {"indicator": str(row.indicator), "value": vn_number(row.value), "report": row.round.section.unit_report_id}
    record("figure.reconciled", by=by, at=now, target=work, data=data, reason=word)
    return made


def _what_happened(row: IndicatorValue) -> str:
    known = FigureReconciled.objects.select_related("by").get(value=row.pk)
    return f"{known.by} đã ghi đối chiếu lúc {vn_datetime(known.at)}: {known.word}"


@transaction.atomic
def ask_to_reconcile(row: IndicatorValue, check: Check, *, by, now: datetime) -> Comment:
    """Ask the unit, beside its work, to hold an accepted figure against what is on record; its people are told.

    Errors: Refused about the own unit's figure, where nothing differs, or when it was asked already that day.
    """
    work = row.round.section.assignment
    refuse_own_work(by, work)
    if not check.differs:
        raise Refused("Số báo cáo không khác số đếm được; không có gì để đối chiếu.")
    today = timezone.localdate(now, ZONE)
    words = f"{row.indicator.name}: {check.request}"
    asked = Comment.objects.standing().filter(assignment=work, text=words).order_by("-pk").first()
    if asked is not None and timezone.localdate(asked.at, ZONE) == today:
        raise Refused(f"{asked.by} đã đề nghị đối chiếu số này lúc {vn_datetime(asked.at)}.")
    people = people_for(by, work, CommentScope.ALL, today=today)
    of_unit = [person for person in people if person.unit_id == work.unit_id]
    return write_comment(work, by=by, now=now, text=words, scope=CommentScope.ALL, mentions=of_unit)
