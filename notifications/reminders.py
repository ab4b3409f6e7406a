"""Mails about accounts: this room writes and sends what the accounts room has to tell.

The secret address of a link is no part of any row: it is written into the mail at the moment it leaves, and what is kept
of the mail shows "[đường dẫn]" in its place.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts import letters, links
from accounts.letters import Letter, register_sender
from accounts.models import AccountLink
from directive_tracker.vietnamese import vn_datetime
from directive_tracker.workdays import WorkCalendar
from notifications import kinds, outbox
from notifications.models import Notice, Pulse
from notifications.outbox import Telling
from units.calendar_changes import movers

TITLES = {
    letters.INVITATION: "Lời mời vào phần mềm Theo dõi văn bản chỉ đạo",
    letters.RESET: "Đặt lại mật khẩu của tài khoản",
    letters.SECOND_FACTOR_RESET: "Bước xác thực thứ hai của tài khoản đã được bỏ",
    letters.PASSWORD_CHANGED: "Mật khẩu của tài khoản đã được đổi",
}
WITH_LINK = (letters.INVITATION, letters.RESET)
LABELS = {
    letters.INVITATION: "Lời mời",
    letters.RESET: "Đặt lại mật khẩu",
    letters.SECOND_FACTOR_RESET: "Bỏ bước xác thực thứ hai",
    letters.PASSWORD_CHANGED: "Đổi mật khẩu",
}


def send(items: Iterable[Letter], *, now: datetime) -> int:
    """Write down the letters, each as a mail of its own (accounts/letters.py); how many are new."""
    return outbox.tell_many(
        [
            Telling(
                key=f"{item.kind}:{item.link.pk if item.link else uuid4().hex}",
                kind=item.kind,
                recipient=item.recipient,
                title=TITLES[item.kind],
                target=item.link or item.recipient,
                mail="own",
            )
            for item in items
        ],
        now=now,
    )


def _links(notices: Iterable[Notice]) -> dict[int, AccountLink]:
    """Notice → its link, in one statement."""
    wanted = {notice.pk: notice.target_id for notice in notices}
    found = AccountLink.objects.select_related("user").in_bulk(set(wanted.values()))
    return {pk: found[target] for pk, target in wanted.items() if target in found}


def links_still_open(notices: Iterable[Notice], *, now: datetime) -> set[int]:
    """The notices whose link can still be used; links live in real time, whatever the pages' clock says."""
    return {pk for pk, link in _links(notices).items() if links.is_open(link, now=timezone.now())}


def address_of(notice: Notice) -> str:
    """The secret address, for the mail that leaves now."""
    return links.address(AccountLink.objects.get(pk=notice.target_id))


def words_of(notice: Notice) -> dict[str, str]:
    """What the text of the mail says of its link."""
    return {"until": vn_datetime(AccountLink.objects.get(pk=notice.target_id).expires_at)}


class PlanAnew:
    """When the working calendar changes, what is due by stages is worked out anew (units/calendar_changes.py: Mover)."""

    def find(self, old: WorkCalendar, new: WorkCalendar) -> Sequence[Any]:
        """No day of this room moves."""
        return ()

    def apply(self, found: Sequence[Any], *, by: Any, now: datetime, reason: str) -> None:
        """The next tick looks at everything."""
        Pulse.objects.plan_anew()


movers.append(PlanAnew())
for _code in TITLES:
    _has_link = _code in WITH_LINK
    kinds.register(
        _code,
        LABELS[_code],
        still_applies=links_still_open if _has_link else None,
        any_hour=True,
        in_app=False,
        secret=address_of if _has_link else None,
        words=words_of if _has_link else None,
    )
# The address may be switched on again before the mail leaves; that it was off is worth knowing all the same.
kinds.register("address_paused", "Tạm dừng một địa chỉ nhận tin")
register_sender("notifications.reminders.send")
