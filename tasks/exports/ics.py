"""Calendar files (RFC 5545): whole days and hours, escaped, folded by octets. No personal data goes into one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from directive_tracker.vietnamese import ZONE, nfc

CONTENT_TYPE = "text/calendar; charset=utf-8"
LONGEST = 75  # octets of a line, the end of line not counted


@dataclass(frozen=True)
class IcsEvent:
    """One event. Without an hour it takes whole days, the last one included.

    uid: stays the same for the same thing, so that a calendar program replaces what it has.
    """

    uid: str
    title: str
    first: date
    last: date
    starts_at: time | None = None
    ends_at: time | None = None
    url: str = ""
    cancelled: bool = False


def write_ics(events: Iterable[IcsEvent], *, name: str, stamp: datetime) -> bytes:
    """The file. Args: name, shown by calendar programs; stamp, when it was made (aware)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Directive Tracker//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _event_lines(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event_lines(event: IcsEvent, stamp: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_moment(stamp)}", *_when(event)]
    lines.append(f"SUMMARY:{_escaped(event.title)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    if event.cancelled:
        lines.append("STATUS:CANCELLED")
    # Nobody is busy because something is due.
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _when(event: IcsEvent) -> list[str]:
    if event.starts_at is None:
        # The end of whole days is the day after.
        return [
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
        ]
    start = datetime.combine(event.first, event.starts_at, tzinfo=ZONE)
    end = datetime.combine(event.last, event.ends_at, tzinfo=ZONE) if event.ends_at else start + timedelta(hours=1)
    return [f"DTSTART:{_moment(start)}", f"DTEND:{_moment(max(end, start))}"]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return nfc(text)


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a letter; a continuation begins with a blank."""
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LONGEST:
            parts.append(part)
            part, size = " ", 1
        part += sign
        size += width
    return "\r\n".join([*parts, part])
