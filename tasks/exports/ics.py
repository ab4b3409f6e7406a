"""Calendar files (RFC 5545): whole days and hours, written by the icalendar library. No personal data goes into one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event
from icalendar.prop import vDuration, vText, vUri

from directive_tracker.vietnamese import ZONE, nfc

CONTENT_TYPE = "text/calendar; charset=utf-8"
# SEQUENCE is a number of 31 bits; counted from here, seconds reach until 2068.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class IcsEvent:
    """One event. Without an hour it takes whole days, the last one included.

    uid: stays the same for the same thing, so that a calendar program replaces what it has.
    modified: when it last became another one (aware); a program that has it already takes over what is newer.
    """

    uid: str
    title: str
    first: date
    last: date
    starts_at: time | None = None
    ends_at: time | None = None
    url: str = ""
    cancelled: bool = False
    modified: datetime | None = None


def write_ics(events: Iterable[IcsEvent], *, name: str, stamp: datetime, refresh: timedelta | None = None) -> bytes:
    """The file. Args: name, shown by calendar programs; stamp, when it was made (aware); refresh, how often a program that
    subscribed should ask again."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Directive Tracker//VI")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(nfc(name)))
    if refresh is not None:
        calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    for event in events:
        calendar.add_component(_component(event, stamp))
    return calendar.to_ical(sorted=False)


def _component(event: IcsEvent, stamp: datetime) -> Event:
    component = Event()
    component.add("uid", event.uid)
    component.add("dtstamp", (event.modified or stamp).astimezone(UTC))
    _add_when(component, event)
    component.add("summary", " ".join(nfc(event.title).split()))
    if event.url:
        component.add("url", vUri(event.url))
    if event.modified is not None:
        component.add("last-modified", event.modified.astimezone(UTC))
        component.add("sequence", max(0, int((event.modified - _EPOCH).total_seconds())))
    if event.cancelled:
        component.add("status", "CANCELLED")
    # Nobody is busy because something is due.
    component.add("transp", "TRANSPARENT")
    return component


def _add_when(component: Event, event: IcsEvent) -> None:
    """Days as days, the end of whole days being the day after; hours as moments of UTC, which need no table of zones."""
    if event.starts_at is None:
        component.add("dtstart", event.first)
        component.add("dtend", event.last + timedelta(days=1))
        return
    start = datetime.combine(event.first, event.starts_at, tzinfo=ZONE)
    end = datetime.combine(event.last, event.ends_at, tzinfo=ZONE) if event.ends_at else start + timedelta(hours=1)
    component.add("dtstart", start.astimezone(UTC))
    component.add("dtend", max(end, start).astimezone(UTC))
