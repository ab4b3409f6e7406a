"""Kinds of notices and the planners of due ones; later rooms fill both while the applications start.

This room knows nothing of directives: what a kind is called, whether it still applies when its mail is about to
leave, and what is due today are told by the room that sends it, in its module `reminders`
(notifications/apps.py imports these modules once all models are there).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DAILY = "daily"

# Notices of one kind and the moment → the primary keys of those that still apply.
StillApplies = Callable[..., set[int]]
# The moment → everything that has to be told by then (notifications.outbox.Telling), told already or not.
Planner = Callable[..., Iterable[Any]]
# Stands in the kept text of a mail where the mail itself carries a secret address.
SECRET_PLACE = "[đường dẫn]"


@dataclass(frozen=True)
class Kind:
    """One kind of notice; `register` says what each part means."""

    code: str
    label: str
    still_applies: StillApplies | None = None
    any_hour: bool = False
    in_app: bool = True
    secret: Callable[[Any], str] | None = None
    words: Callable[[Any], dict[str, str]] | None = None


_kinds: dict[str, Kind] = {DAILY: Kind(DAILY, "Nhắc việc trong ngày")}
planners: list[Planner] = []


def register(
    code: str,
    label: str,
    *,
    still_applies: StillApplies | None = None,
    any_hour: bool = False,
    in_app: bool = True,
    secret: Callable[[Any], str] | None = None,
    words: Callable[[Any], dict[str, str]] | None = None,
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
    """
    _kinds[code] = Kind(code, label, still_applies, any_hour, in_app, secret, words)


def label(code: str) -> str:
    """The Vietnamese words of a kind; the code itself where nobody registered it."""
    return _kinds[code].label if code in _kinds else code


def choices() -> list[tuple[str, str]]:
    """All known kinds as (code, words), in the order of registration."""
    return [(kind.code, kind.label) for kind in _kinds.values()]


def is_checked(code: str) -> bool:
    """Whether one can ask if notices of the kind still apply."""
    return code in _kinds and _kinds[code].still_applies is not None


def any_hour_codes() -> list[str]:
    """Kinds whose mails leave at night and on holidays too."""
    return [kind.code for kind in _kinds.values() if kind.any_hour]


def mail_only_codes() -> list[str]:
    """Kinds whose notices stand in no list."""
    return [kind.code for kind in _kinds.values() if not kind.in_app]


def words_of(notice: Any) -> dict[str, str]:
    """More words for the template of the notice's own mail."""
    kind = _kinds.get(notice.kind)
    return kind.words(notice) if kind is not None and kind.words else {}


def with_secrets(text: str, notices: Iterable[Any]) -> str:
    """The text of a mail as it leaves: with the secret address of its notice, where it has one."""
    for notice in notices:
        kind = _kinds.get(notice.kind)
        if kind is not None and kind.secret:
            text = text.replace(SECRET_PLACE, kind.secret(notice))
    return text


def still_applying(notices: Iterable[Any], *, now: datetime) -> set[int]:
    """The pks of the notices whose kind says that they still apply; one question a kind."""
    by_kind: dict[str, list[Any]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    found: set[int] = set()
    for code, group in by_kind.items():
        kind = _kinds.get(code)
        if kind is None or kind.still_applies is None:
            found |= {notice.pk for notice in group}
        else:
            found |= kind.still_applies(group, now=now)
    return found
