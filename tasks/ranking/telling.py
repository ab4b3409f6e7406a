"""Who is told of a ranking: its units when they may see it, the office of their answers, the readers when it is sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from directive_tracker.vietnamese import ZONE, vn_date
from notifications import kinds, outbox
from notifications.models import Notice
from notifications.outbox import Telling
from tasks.models import Ranking
from tasks.models.ranking import RankingState
from units.models import Membership, Role
from units.people import people_of

MADE, SHOWN, ANSWERED, REPLIED = "ranking_made", "ranking_shown", "ranking_answered", "ranking_replied"
RELEASED, WITHDRAWN = "ranking_released", "ranking_withdrawn"


def unit_url(ranking: Ranking, unit_id: int) -> str:
    """The page of one unit's place."""
    return reverse("tasks:ranking_unit", args=[ranking.pk, unit_id])


def ranked_units(ranking: Ranking) -> list[int]:
    """The units that have a rank, in official order."""
    places = sorted(ranking.data["places"].items(), key=lambda item: item[1]["order"])
    return [int(unit) for unit, place in places if place["rank"] is not None]


def people_told(unit_ids: Iterable[int], *, now: datetime) -> dict[int, list[User]]:
    """Unit → its reporters and heads, each once; units with nobody are absent. Two statements."""
    ids, today = list(unit_ids), timezone.localdate(now, ZONE)
    found: dict[int, dict[int, User]] = {}
    for role in (Role.REPORTER, Role.UNIT_HEAD):
        for unit, users in people_of(ids, role=role, today=today).items():
            found.setdefault(unit, {}).update({user.pk: user for user in users})
    return {unit: list(users.values()) for unit, users in found.items()}


def tell_made(ranking: Ranking, *, now: datetime) -> None:
    """The person whose job has made it."""
    _tell([_telling(MADE, ranking, ranking.made_by, f"Đã lập xong: {ranking}", ranking.get_absolute_url())], now=now)


def tell_shown(ranking: Ranking, *, now: datetime) -> int:
    """A mail of its own to the reporters and heads of each ranked unit; how many people are told."""
    title = f"{ranking}: xin đơn vị xem, nêu ý kiến trước ngày {vn_date(ranking.leaves_on)}"
    return _tell_units(SHOWN, ranking, ranked_units(ranking), title, now=now, mail="own")


def tell_withdrawn(ranking: Ranking, *, now: datetime) -> None:
    """The units that saw it, in the app; its page is the office's again, so nothing leads there."""
    units = people_told(ranked_units(ranking), now=now)
    title = f"Văn phòng đã rút: {ranking}"
    _tell(
        [_telling(WITHDRAWN, ranking, user, title, "", unit) for unit, users in units.items() for user in users],
        now=now,
    )


def tell_answered(ranking: Ranking, unit: Any, *, number: int, now: datetime) -> None:
    """Whoever showed it to the units, in the app."""
    title = f"{unit.short_name} nêu ý kiến về xếp hạng đến hết {vn_date(ranking.day)}"
    _tell(
        [_telling(f"{ANSWERED}", ranking, ranking.shown_by, title, unit_url(ranking, unit.pk), number=number)], now=now
    )


def tell_replied(ranking: Ranking, unit: Any, *, number: int, now: datetime) -> None:
    """The unit's people, in the app."""
    title = f"Văn phòng trả lời ý kiến về xếp hạng đến hết {vn_date(ranking.day)}"
    _tell_units(REPLIED, ranking, [unit.pk], title, now=now, number=number)


def tell_released(ranking: Ranking, *, now: datetime) -> None:
    """The readers, in the app."""
    today = timezone.localdate(now, ZONE)
    readers = Membership.objects.active_on(today).filter(role=Role.READER).select_related("user").order_by("user_id")
    title = f"{ranking}, đã có ý kiến của các đơn vị"
    found = {row.user_id: row for row in readers}
    _tell(
        [
            _telling(RELEASED, ranking, row.user, title, ranking.get_absolute_url(), row.unit_id)
            for row in found.values()
        ],
        now=now,
    )


def _tell_units(
    kind: str, ranking: Ranking, units: list[int], title: str, *, now: datetime, number: int = 0, mail: Any = None
) -> int:
    tellings = [
        _telling(kind, ranking, user, title, unit_url(ranking, unit), unit, number=number, mail=mail)
        for unit, users in people_told(units, now=now).items()
        for user in users
    ]
    return _tell(tellings, now=now)


def _telling(
    kind: str,
    ranking: Ranking,
    user: Any,
    title: str,
    url: str,
    unit: int | None = None,
    *,
    number: int = 0,
    mail: Any = None,
) -> Telling:
    """One thing to one person; of several answers `number` tells one from the other."""
    key = ":".join(str(part) for part in (kind, ranking.pk, unit or 0, number, user.pk))
    return Telling(key=key, kind=kind, recipient=user, title=title, url=url, target=ranking, unit_id=unit, mail=mail)


def _tell(tellings: list[Telling], *, now: datetime) -> int:
    return outbox.tell_many(tellings, now=now)


def _still_shown(notices: list[Notice], *, now: datetime) -> set[int]:
    """The units may still see and answer it."""
    rows = Ranking.objects.defer("data").filter(pk__in={notice.target_id for notice in notices})
    shown = {row.pk for row in rows if row.state == RankingState.SHOWN}
    return {notice.pk for notice in notices if notice.target_id in shown}


def register() -> None:
    """Make the kinds known (tasks/notice_kinds.py)."""
    kinds.register(MADE, "Bảng xếp hạng")
    kinds.register(SHOWN, "Bảng xếp hạng", still_applies=_still_shown)
    kinds.register(ANSWERED, "Ý kiến về xếp hạng")
    kinds.register(REPLIED, "Trả lời về xếp hạng")
    kinds.register(RELEASED, "Bảng xếp hạng")
    kinds.register(WITHDRAWN, "Bảng xếp hạng")
