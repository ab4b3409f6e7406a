"""Who may do what with a ranking; the page's button and the POST ask the same."""

from typing import Any

from tasks.models import Ranking
from tasks.models.ranking import RankingState
from tasks.querysets import access_for


def can_make_ranking(user: Any) -> bool:
    return access_for(user).is_office


def can_show(user: Any, ranking: Ranking) -> bool:
    """Let the units see it, once."""
    return access_for(user).is_office and ranking.state == RankingState.INTERNAL


def can_release(user: Any, ranking: Ranking) -> bool:
    """Send it to the Standing Committee; whether the day has come is said in words (tasks/ranking/steps.py)."""
    return access_for(user).is_office and ranking.state == RankingState.SHOWN


def can_withdraw(user: Any, ranking: Ranking) -> bool:
    """At any time, also after it was sent."""
    return access_for(user).is_office and ranking.state != RankingState.WITHDRAWN


def sees_whole(user: Any) -> bool:
    """All rows with their names: the office, and the readers of what was sent to them."""
    return access_for(user).sees_all_assignments


def has_place(user: Any, ranking: Ranking, unit_id: int) -> bool:
    """Whether the person may see this unit's place: who sees the whole, and the unit's own people."""
    if str(unit_id) not in ranking.data["places"]:
        return False
    if access_for(user).is_office or (sees_whole(user) and ranking.state == RankingState.RELEASED):
        return True
    return unit_id in own_units(user)


def own_units(user: Any) -> frozenset[int]:
    """The units whose place is the person's own business."""
    access = access_for(user)
    return access.reporter_unit_ids | access.head_unit_ids


def can_answer(user: Any, ranking: Ranking, unit_id: int) -> bool:
    """The unit's people, while it has not left the office."""
    own = unit_id in own_units(user) and str(unit_id) in ranking.data["places"]
    return own and ranking.state == RankingState.SHOWN


def can_reply(user: Any, ranking: Ranking, unit_id: int) -> bool:
    """The office to what a unit says, but nobody about the own unit."""
    access = access_for(user)
    known = str(unit_id) in ranking.data["places"] and unit_id not in access.interested_unit_ids
    return access.is_office and known and ranking.state == RankingState.SHOWN
