"""From a product's due rule to a day, and the words that explain it.

A rule is a row of `Product`: its kind, a day, a number of days, how they are counted, what becomes of a day off. The
day of receipt is the one on which the unit was given the work; before issuing nobody knows it.
"""

import calendar as month_lengths
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from directive_tracker.vietnamese import vn_date, vn_weekday
from directive_tracker.workdays import Walk, WorkCalendar
from tasks.enums import DayCount, DayOffPolicy, DueKind
from tasks.models import Assignment, AssignmentProduct, Directive, Product

# Up to so many counted days are all named; of more the first and the last few.
NAMED_DAYS = 10
FIRST_NAMED, LAST_NAMED = 3, 2
# Seven days with a name each; together they are one holiday.
LUNAR_NEW_YEAR = "Tết Nguyên Đán"
PERIODS = {DueKind.MONTHLY: 1, DueKind.QUARTERLY: 3}
EVENT_SIGNS = {DueKind.BEFORE_EVENT: -1, DueKind.AFTER_EVENT: 1}


def due_of(
    product: Product, directive: Directive, calendar: WorkCalendar, *, received: date | None = None
) -> date | None:
    """The day the product is due, or None when it has no date (yet).

    Args:
        received: the day the unit got the work; None while nobody has it.
    Periodic work is due at its next cut-off after receipt, at the latest on its last day where it has one.
    """
    day = _raw_day(product, directive, calendar, received)
    return None if day is None else _off(product, calendar, day)


def _raw_day(product: Product, directive: Directive, calendar: WorkCalendar, received: date | None) -> date | None:
    """The day before anybody asks whether people work then."""
    kind = product.due_kind
    if kind in EVENT_SIGNS or kind == DueKind.AFTER_RECEIPT:
        start = received if kind == DueKind.AFTER_RECEIPT else directive.event_date
        return None if start is None else _counted(product, calendar, start, EVENT_SIGNS.get(DueKind(kind), 1))
    if kind in PERIODS:
        return None if received is None else _next_cutoff(product, received)
    if product.due_date is None:
        return None
    if kind == DueKind.END_OF_MONTH:
        return _last_of_month(product.due_date.year, product.due_date.month)
    if kind == DueKind.END_OF_QUARTER:
        return _last_of_month(product.due_date.year, (product.due_date.month + 2) // 3 * 3)
    return product.due_date


def _counted(product: Product, calendar: WorkCalendar, start: date, sign: int) -> date:
    days = sign * (product.due_days or 0)
    return calendar.add(start, days) if product.due_count == DayCount.WORKING else start + timedelta(days=days)


def _off(product: Product, calendar: WorkCalendar, day: date) -> date:
    """What the rule makes of a day on which nobody works."""
    if product.due_on_day_off == DayOffPolicy.EARLIER:
        return calendar.on_or_before(day)
    if product.due_on_day_off == DayOffPolicy.LATER:
        return calendar.on_or_after(day)
    return day


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, month_lengths.monthrange(year, month)[1])


# --- periodic work --------------------------------------------------------------------------------


def _cutoffs(product: Product, start: date) -> Iterator[date]:
    """The cut-offs from the period of a day on: each month, or the last month of each quarter; a month too short
    for the day is cut off on its last one."""
    step = PERIODS[DueKind(product.due_kind)]
    year, month = start.year, (start.month + step - 1) // step * step
    while year <= date.max.year:
        yield min(date(year, month, 1) + timedelta(days=(product.due_days or 1) - 1), _last_of_month(year, month))
        year, month = (year, month + step) if month + step <= 12 else (year + 1, month + step - 12)


def _next_cutoff(product: Product, after: date) -> date:
    last = product.due_date
    found = next((day for day in _cutoffs(product, after) if day > after), after)
    return found if last is None or found <= last else last


def next_due(product: Product, after: date, calendar: WorkCalendar) -> date | None:
    """The next day periodic work is due after that day, or None once its last day has passed.

    Errors: KeyError for a rule that is not periodic.
    """
    for cutoff in _cutoffs(product, after - timedelta(days=31)):
        if product.due_date is not None and cutoff > product.due_date:
            return None
        day = _off(product, calendar, cutoff)
        if day > after:
            return day
    return None


def dues_between(product: Product, start: date, end: date, calendar: WorkCalendar) -> list[date]:
    """The days from start to end, both included, on which periodic work is due.

    Errors: KeyError for a rule that is not periodic.
    """
    found, day = [], next_due(product, start - timedelta(days=1), calendar)
    while day is not None and day <= end:
        found.append(day)
        day = next_due(product, day, calendar)
    return found


# --- the task -------------------------------------------------------------------------------------


def task_due(
    products: list[Product], directive: Directive, calendar: WorkCalendar, *, received: date | None = None
) -> tuple[date | None, Product | None]:
    """The last required product and its day, or (None, None): the assignment is due with it."""
    dated = [
        (due, product)
        for product in products
        if product.is_required and (due := due_of(product, directive, calendar, received=received)) is not None
    ]
    if not dated:
        return None, None
    due, product = max(dated, key=lambda pair: pair[0])
    return due, product


def follows_calendar(product: Product) -> bool:
    """Whether another working calendar could give another day."""
    counts = product.due_kind in EVENT_SIGNS or product.due_kind == DueKind.AFTER_RECEIPT
    return product.due_on_day_off != DayOffPolicy.KEEP or (counts and product.due_count == DayCount.WORKING)


# --- words ----------------------------------------------------------------------------------------


def explain(
    product: Product,
    directive: Directive,
    calendar: WorkCalendar,
    *,
    received: date | None = None,
    given: date | None = None,
    steps: bool = True,
) -> str:
    """How the day came about, in words for page and mail.

    Args:
        received: as for `due_of`.
        given: the day the unit was given, where it has been given one; said where the rule gives another by now.
        steps: name the days that were counted and passed over; without them one short line.
    """
    due = due_of(product, directive, calendar, received=received)
    words = _rule_words(product, directive, calendar, received, steps=steps)
    if given is not None and due is not None and given != due:
        return f"chậm nhất ngày {vn_date(given)}, ghi khi giao; theo lịch hiện nay: {words}"
    return words


def explain_delivery(delivery: AssignmentProduct, assignment: Assignment, calendar: WorkCalendar) -> str:
    """How the day of one product of one unit came about (product and directive loaded)."""
    return explain(
        delivery.product,
        assignment.directive,
        calendar,
        received=assignment.assigned_on,
        given=delivery.due_date,
    )


def _rule_words(
    product: Product, directive: Directive, calendar: WorkCalendar, received: date | None, *, steps: bool
) -> str:
    kind = DueKind(product.due_kind)
    if kind in EVENT_SIGNS or kind == DueKind.AFTER_RECEIPT:
        return _counted_words(product, directive, calendar, received, steps=steps)
    if kind in PERIODS:
        return _periodic_words(product, calendar, received)
    raw = _raw_day(product, directive, calendar, received)
    if raw is None:
        return "không thời hạn"
    due = _off(product, calendar, raw)
    words = {
        DueKind.WINDOW: f"trong khoảng {vn_date(product.due_from)} – {vn_date(due)}",
        DueKind.CONTINUOUS: f"thường xuyên đến hết {vn_date(due)}",
        DueKind.END_OF_MONTH: f"cuối tháng {raw.month}/{raw.year}: chậm nhất ngày {vn_date(due)}",
        DueKind.END_OF_QUARTER: f"cuối quý {raw.month // 3}/{raw.year}: chậm nhất ngày {vn_date(due)}",
    }.get(kind, f"chậm nhất ngày {vn_date(due)}")
    return words + _moved_words(calendar, raw, due) + _doubt(product, calendar, [raw])


def _counted_words(
    product: Product, directive: Directive, calendar: WorkCalendar, received: date | None, *, steps: bool
) -> str:
    """ "07/5/2024 − 3 ngày làm việc = 03/5/2024: 6/5, 4/5 (làm bù), 3/5; bỏ 5/5 (Chủ nhật)"."""
    kind, sign = DueKind(product.due_kind), EVENT_SIGNS.get(DueKind(product.due_kind), 1)
    start = received if kind == DueKind.AFTER_RECEIPT else directive.event_date
    days = f"{product.due_days} {'ngày làm việc' if product.due_count == DayCount.WORKING else 'ngày'}"
    if start is None:
        if kind == DueKind.AFTER_RECEIPT:
            return f"{days} từ ngày đơn vị nhận việc"
        return f"{days} {'trước' if sign < 0 else 'sau'} sự kiện; chưa có ngày của sự kiện"
    raw = _counted(product, calendar, start, sign)
    due = _off(product, calendar, raw)
    first = f"{vn_date(start)}{' (ngày nhận việc)' if kind == DueKind.AFTER_RECEIPT else ''}"
    words = f"{first} {'−' if sign < 0 else '+'} {days} = {vn_date(due)}{_moved_words(calendar, raw, due)}"
    if product.due_count == DayCount.WORKING and steps and product.due_days:
        words += _step_words(calendar, start, calendar.walk(start, sign * product.due_days))
    return words + _doubt(product, calendar, [start, raw])


def _periodic_words(product: Product, calendar: WorkCalendar, received: date | None) -> str:
    each = "hằng tháng" if product.due_kind == DueKind.MONTHLY else "hằng quý, tháng cuối quý"
    words = f"{each}, chốt ngày {product.due_days}"
    if product.due_date is not None:
        words += f", đến hết {vn_date(product.due_date)}"
    if received is None:
        return words
    raw = _next_cutoff(product, received)
    due = _off(product, calendar, raw)
    return f"{words}; kỳ đầu {vn_date(due)}{_moved_words(calendar, raw, due)}" + _doubt(product, calendar, [raw])


def _moved_words(calendar: WorkCalendar, raw: date, due: date) -> str:
    """Why the due day is not the one the rule names, or that nobody works on it."""
    if raw != due:
        which = "liền trước" if due < raw else "liền sau"
        return f" (ngày {_short(raw, due)} là {_why_off(calendar, raw)}, lấy ngày làm việc {which})"
    return "" if calendar.is_working_day(due) else f" ({_why_off(calendar, due)})"


def _doubt(product: Product, calendar: WorkCalendar, days: Iterable[date]) -> str:
    """Years whose days off nobody knows yet, where the day depends on them."""
    if not follows_calendar(product):
        return ""
    years = calendar.not_announced(days)
    return f"; lịch nghỉ năm {', '.join(map(str, years))} chưa công bố" if years else ""


def _step_words(calendar: WorkCalendar, start: date, walk: Walk) -> str:
    """The days counted and passed over; of many, the first and last counted, and the days off that have a name."""
    counted = [_counted_day(calendar, day, start) for day in walk.counted]
    shortened = len(counted) > NAMED_DAYS
    if shortened:
        left_out = len(counted) - FIRST_NAMED - LAST_NAMED
        counted = [*counted[:FIRST_NAMED], f"… ({left_out} ngày nữa)", *counted[-LAST_NAMED:]]
    words = f": {', '.join(counted)}"
    passed = [day for day in walk.passed if not shortened or calendar.why(day) is not None]
    weekends = len(walk.passed) - len(passed)
    named = [_passed_days(calendar, run, start) for run in _runs(calendar, passed)]
    if weekends:
        named.append(f"{weekends} ngày Thứ Bảy, Chủ nhật")
    return words + (f"; bỏ {', '.join(named)}" if named else "")


def _counted_day(calendar: WorkCalendar, day: date, start: date) -> str:
    made_up = day.weekday() >= 5 or calendar.why_working(day) is not None
    return _short(day, start) + (" (làm bù)" if made_up else "")


def _runs(calendar: WorkCalendar, days: list[date]) -> list[list[date]]:
    """Neighbouring days off of the same kind stand together: a weekend, the days of Tết."""
    runs: list[list[date]] = [[day] for day in days[:1]]
    for before, day in pairwise(days):
        if abs((day - before).days) == 1 and _kind_off(calendar, before) == _kind_off(calendar, day):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _passed_days(calendar: WorkCalendar, run: list[date], start: date) -> str:
    """ "27–28/4 (Thứ Bảy, Chủ nhật)"."""
    first, last = min(run), max(run)
    words = _kind_off(calendar, first) or ", ".join(vn_weekday(day) for day in sorted(run))
    if first == last:
        return f"{_short(first, start)} ({words})"
    begin = str(first.day) if first.month == last.month else _short(first, start)
    return f"{begin}–{_short(last, start)} ({words})"


def _kind_off(calendar: WorkCalendar, day: date) -> str:
    """What a day off is called beside its neighbours; "" for plain weekends."""
    name = _why_off(calendar, day) if calendar.why(day) else ""
    return LUNAR_NEW_YEAR if "Tết" in name and name != "Tết Dương lịch" else name


def _why_off(calendar: WorkCalendar, day: date) -> str:
    """The day's name or weekday, fit to stand in brackets."""
    return (calendar.why(day) or vn_weekday(day)).replace(" (", ", ").replace(")", "")


def _short(day: date, start: date) -> str:
    """ "6/5", with the year only where it is another one than that of the start."""
    return f"{day.day}/{day.month}" + (f"/{day.year}" if day.year != start.year else "")
