"""Kinds of notices and the planners of due ones; later rooms fill both while the applications start.

This room knows nothing of directives: what a kind is called, whether it still applies when its mail is about to
leave, and what is due today are told by the room that sends it, in its module `reminders`
(notifications/apps.py imports these modules once all models are there).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, QuerySet

DAILY = "daily"

# Notices of one kind and the moment → the primary keys of those that still apply.
StillApplies = Callable[..., set[int]]


@dataclass(frozen=True)
class Coming:
    """One thing that a mail will say: not written down yet, or only planned."""

    key: str
    kind: str
    user_id: int
    unit_id: int | None
    title: str
    own_mail: bool = False


class Planner(Protocol):
    """What a later room plans: it writes down what is due, and says what will be."""

    def plan(self, *, now: datetime, since: datetime | None) -> int:
        """Write down everything due by `now` that is not yet; `since`: only about rows touched from then on.

        Returns: the number of new notices. They wait for their mails (notifications/planning.py).
        """

    def coming(self, *, now: datetime) -> list[Coming]:
        """What `plan` at that moment would write down for mails."""

    def touched(self, since: datetime) -> list[QuerySet]:
        """Rows whose change from that moment on (the pages' clock) may make something due."""


# Notices of one kind and the moment → by their pks, what stands below each of them in their mail.
Lines = Callable[..., dict[int, list["MailLine"]]]
# Stands in the kept text of a mail where the mail itself carries a secret address.
SECRET_PLACE = "[đường dẫn]"
# The like where a mail carries a link of its recipient's own (`mail_links`).
LINK_PLACE = "[đường dẫn riêng của người nhận]"


@dataclass(frozen=True)
class MailLine:
    """One line below a notice in its mail: words of our own making and the path of a page."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of notice; `register` says what each part means."""

    code: str
    label: str
    still_applies: StillApplies | None = None
    any_hour: bool = False
    in_app: bool = True
    secret: Callable[[Any], str] | None = None
    words: Callable[[Any], dict[str, Any]] | None = None
    lines: Lines | None = None
    reminds: bool = False


_kinds: dict[str, Kind] = {DAILY: Kind(DAILY, "Nhắc việc trong ngày")}
# Prefix of a code → what its kinds have in common, and the words of one of them.
_families: dict[str, tuple[Kind, Callable[[str], str]]] = {}
planners: list[Planner] = []


class MailLink(Protocol):
    """One link of the recipient's own in one mail."""

    @property
    def words(self) -> str:
        """What stands above the link."""

    def address(self, *, make: bool = True) -> str:
        """The address, made when the mail leaves; without `make` only of one that is out, else ""."""


class MailLinks(Protocol):
    """What a later room offers in mails besides their notices."""

    def of(self, mails: list[tuple[Any, list[Any]]], *, now: datetime) -> Mapping[int, MailLink]:
        """Mail id → the link of a mail, for those that have one; changes nothing."""


mail_links: list[MailLinks] = []
# Called with the moment before each planning, outside its transaction: what must be read as of one moment.
# Each returns how many notices it has written down.
before_planning: list[Callable[[datetime], int]] = []


def register(
    code: str,
    label: str,
    *,
    still_applies: StillApplies | None = None,
    any_hour: bool = False,
    in_app: bool = True,
    secret: Callable[[Any], str] | None = None,
    words: Callable[[Any], dict[str, Any]] | None = None,
    lines: Lines | None = None,
    reminds: bool = False,
) -> None:
    """Make a kind known.

    Args:
        code: as in Notice.kind, at most 40 characters.
        label: Vietnamese words for lists.
        still_applies: called as `still_applies(notices, now=now)` right before mails leave; returns the pks of the
            notices that still apply. None: they always do.
        any_hour: its own mails do not wait for working hours (account mails).
        in_app: whether its notices stand in the person's list; those of account mails do not.
        secret: called with the notice when its mail leaves; returns what is put in place of SECRET_PLACE in the mail,
            and nowhere else.
        words: called with the notice; returns more words for the template of its mail.
        lines: called as `lines(notices, now=now)` when their mail is written; returns what stands below each of them
            there, by their pks.
        reminds: it asks for something that is still to be done ("đã nhắc … lần"), and is no answer or news.
    """
    _kinds[code] = Kind(code, label, still_applies, any_hour, in_app, secret, words, lines, reminds)


def register_family(
    prefix: str,
    words: Callable[[str], str],
    *,
    still_applies: StillApplies | None = None,
    lines: Lines | None = None,
) -> None:
    """Make all kinds known whose code begins alike: stages that an office adds. They remind.

    Args:
        prefix: with its last "-".
        words: called with the rest of the code; returns the Vietnamese words for lists.
        still_applies, lines: as in `register`.
    """
    _families[prefix] = (Kind(prefix, "", still_applies, lines=lines, reminds=True), words)


def _kind(code: str) -> Kind | None:
    """The kind of a code, also one of a family."""
    found = _kinds.get(code)
    if found is None:
        for prefix, (kind, words) in _families.items():
            if code.startswith(prefix):
                return replace(kind, code=code, label=words(code.removeprefix(prefix)))
    return found


# Kind of row a notice is about → what the API calls it and the path of one, with {} for its number; the room that
# builds the API fills it in.
_api_places: dict[str, tuple[str, str]] = {}


def register_api_place(label: str, name: str, path: str) -> None:
    """Name the address at which the API shows rows of one kind ("tasks.assignment", "assignment", "/api/v1/…/{}")."""
    _api_places[label] = (name, path)


def api_place(label: str) -> tuple[str, str] | None:
    """What the API calls such rows and the path of one, or None where it does not show them."""
    return _api_places.get(label)


def touched(since: datetime) -> list[QuerySet]:
    """What the planners would look at when only rows changed from that moment on count."""
    return [rows for planner in planners for rows in planner.touched(since)]


def label(code: str) -> str:
    """The Vietnamese words of a kind; the code itself where nobody registered it."""
    kind = _kind(code)
    return kind.label if kind else code


def choices() -> list[tuple[str, str]]:
    """All known kinds as (code, words), in the order of registration."""
    return [(kind.code, kind.label) for kind in _kinds.values()]


def is_checked(code: str) -> bool:
    """Whether one can ask if notices of the kind still apply."""
    kind = _kind(code)
    return kind is not None and kind.still_applies is not None


def reminds(code: str) -> bool:
    """Whether notices of the kind ask for something that is still to be done."""
    kind = _kind(code)
    return kind is not None and kind.reminds


def reminding_q() -> Q:
    """The notices that remind, as a condition for the database."""
    found = Q(kind__in=[kind.code for kind in _kinds.values() if kind.reminds])
    for prefix in _families:
        found |= Q(kind__startswith=prefix)
    return found


def any_hour_codes() -> list[str]:
    """Kinds whose mails leave at night and on holidays too."""
    return [kind.code for kind in _kinds.values() if kind.any_hour]


def mail_only_codes() -> list[str]:
    """Kinds whose notices stand in no list."""
    return [kind.code for kind in _kinds.values() if not kind.in_app]


def words_of(notice: Any) -> dict[str, Any]:
    """More words for the template of the notice's own mail."""
    kind = _kind(notice.kind)
    return kind.words(notice) if kind is not None and kind.words else {}


def lines_of(notices: Iterable[Any], *, now: datetime) -> dict[int, list[MailLine]]:
    """What stands below the notices of one mail, by their pks; one question for all kinds that share an answer."""
    groups: dict[Lines, list[Any]] = {}
    for notice in notices:
        kind = _kind(notice.kind)
        if kind is not None and kind.lines is not None:
            groups.setdefault(kind.lines, []).append(notice)
    found: dict[int, list[MailLine]] = {}
    for lines, group in groups.items():
        found |= lines(group, now=now)
    return found


def with_secrets(text: str, notices: Iterable[Any]) -> str:
    """The text of a mail as it leaves: with the secret address of its notice, where it has one."""
    for notice in notices:
        kind = _kind(notice.kind)
        if kind is not None and kind.secret:
            text = text.replace(SECRET_PLACE, kind.secret(notice))
    return text


def links_of(mails: list[tuple[Any, list[Any]]], *, now: datetime) -> dict[int, MailLink]:
    """Mail id → the first link that is offered for it. Arguments: mails with their notices."""
    found: dict[int, MailLink] = {}
    for offering in mail_links:
        rest = [(mail, notices) for mail, notices in mails if mail.pk not in found]
        found |= offering.of(rest, now=now)
    return found


def link_of(mail: Any, notices: list[Any], *, now: datetime) -> MailLink | None:
    """The first link that is offered for a mail, or None."""
    return links_of([(mail, notices)], now=now).get(mail.pk)


def still_applying(notices: Iterable[Any], *, now: datetime) -> set[int]:
    """The pks of the notices whose kind says that they still apply; one question a kind."""
    by_kind: dict[str, list[Any]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    found: set[int] = set()
    for code, group in by_kind.items():
        kind = _kind(code)
        if kind is None or kind.still_applies is None:
            found |= {notice.pk for notice in group}
        else:
            found |= kind.still_applies(group, now=now)
    return found
