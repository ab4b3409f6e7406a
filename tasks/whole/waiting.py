"""For whom work waits: the one place that counts it, for the overview and for the digests."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, F, Min, QuerySet, Value
from django.db.models.functions import TruncDate

from directive_tracker.vietnamese import ZONE
from tasks.enums import AssignmentState, ExtensionState
from tasks.querysets import AssignmentQuerySet

S = AssignmentState
# What waits, in the order of pages → the words before whom it waits for, the words for how much.
WORDS = {
    "confirm": ("xác nhận kết quả", "việc"),
    "head": ("lãnh đạo đơn vị duyệt báo cáo", "việc"),
    "given_back": ("trả lời việc đơn vị trả lại", "việc"),
    "extension": ("trả lời xin gia hạn", "đề nghị"),
}
# … → the filter of the list of works that finds it, the filter that names whom it waits for.
_FILTERS = {
    "confirm": ({"word": "waiting"}, "reviewer"),
    "head": ({"detail": "awaiting_head"}, "unit"),
    "given_back": ({"detail": "given_back"}, "office"),
    "extension": ({"detail": "extension_pending"}, "office"),
}
_ORDER = tuple(WORDS)
_NO_DAY = Value(None, output_field=DateField())


@dataclass(frozen=True)
class Waiting:
    """So much waits for one unit, the oldest since that day.

    what: "confirm" (a sent result, by its reviewing unit), "head" (a report, by the head of its unit), "given_back" (an answer
    of the office to a unit that gave work back), "extension" (the same to a request for more time).
    """

    what: str
    who_pk: int
    who: str
    count: int
    since: date | None

    @property
    def what_words(self) -> str:
        return WORDS[self.what][0]

    @property
    def measure(self) -> str:
        return WORDS[self.what][1]


def filters_of(what: str, who: int) -> dict[str, str | int]:
    """The filters of the list of works (tasks/forms/office.py) that find what waits for that unit."""
    filters, name = _FILTERS[what]
    return {**filters, name: who}


def asked(works: AssignmentQuerySet) -> QuerySet:
    """The statement behind `waiting_of`: four groupings in one."""
    requests = works.filter(extension_requests__state=ExtensionState.PENDING)
    first, *others = (
        _grouped("confirm", works.filter(state=S.SUBMITTED), "task__reviewing_unit", Min("submitted_on")),
        _grouped("head", works.filter(state=S.AWAITING_UNIT_HEAD), "unit", _NO_DAY),
        _grouped("given_back", works.filter(state=S.RETURNED_BY_UNIT), "directive__office", _NO_DAY),
        _grouped(
            "extension",
            requests,
            "directive__office",
            Min(TruncDate("extension_requests__requested_at", tzinfo=ZONE)),
        ),
    )
    return first.union(*others, all=True)


def _grouped(what: str, works: AssignmentQuerySet, who: str, since) -> QuerySet:
    grouped = works.order_by().values(who_pk=F(f"{who}_id"), who=F(f"{who}__short_name"), place=F(f"{who}__sort_order"))
    counted = grouped.annotate(count=Count("pk"), since=since, what=Value(what))
    return counted.values_list("what", "place", "who_pk", "who", "count", "since")


def waiting_of(works: AssignmentQuerySet) -> list[Waiting]:
    """For whom these lead works wait, by what and in official order; one statement."""
    return in_order(asked(works))


def in_order(rows) -> list[Waiting]:
    """The rows of `asked` as they are shown."""
    found = sorted(rows, key=lambda row: (_ORDER.index(row[0]), row[1], row[2]))
    return [Waiting(what, pk, who, count, since) for what, _, pk, who, count, since in found]
