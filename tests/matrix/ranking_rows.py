"""Rankings in every state, with a place for some units and what they say to it."""

from datetime import date, timedelta

from tasks.models import Ranking, RankingAnswer
from tests.matrix.world import NOW, TODAY, World

PLACED = ("own", "sibling", "foreign", "below")
# In which state → who reads what the reporter's unit says, and what another one says.
HEARD = {
    "fresh": ("office deputy reporter unit_head", "office deputy"),
    "shown": ("office deputy reporter unit_head", "office deputy"),
    "released": ("office deputy reader reporter unit_head", "office deputy reader"),
    "withdrawn": ("office deputy", "office deputy"),
}


def build_rankings(world: World) -> None:
    """One that nobody saw, one shown today, one whose two days are over, one that was sent, one taken back."""
    office = world.people["office"]
    shown = {"shown_on": date(2024, 4, 11), "shown_by": office, "leaves_on": TODAY}
    for state, values in {
        "internal": {},
        "fresh": {"shown_on": TODAY, "shown_by": office, "leaves_on": date(2024, 4, 17)},
        "shown": shown,
        "released": {**shown, "released_at": NOW - timedelta(minutes=5), "released_by": office},
        "withdrawn": {
            **shown,
            "withdrawn_at": NOW - timedelta(minutes=5),
            "withdrawn_by": office,
            "withdrawn_reason": f"Sai số liệu {world.cage.new('ranking taken back', 'office deputy').word}",
        },
    }.items():
        ranking = Ranking.objects.create(
            day=date(2024, 4, 10),
            minimum=3,
            data=_data(world),
            made_by=office,
            made_at=NOW - timedelta(days=5),
            **values,
        )
        world.put("ranking", state, ranking)
        for relation, readers in zip(("own", "sibling"), HEARD.get(state, ()), strict=False):
            _answer(world, ranking, relation, readers)


def _answer(world: World, ranking: Ranking, relation: str, readers: str) -> None:
    word = world.cage.new(f"said to a ranking {relation}", readers).word
    RankingAnswer.objects.create(
        ranking=ranking, unit=world.units[relation], text=f"Ý kiến {word}", by=world.staff[relation], at=NOW
    )


def _data(world: World) -> dict:
    place = {"done": 3, "due": 4, "before": [2, 4], "late": [], "more": 0}
    places = {
        str(world.units[relation].pk): {
            **place,
            "order": order,
            "name": world.units[relation].short_name,
            "rank": None if relation == "below" else 1,
        }
        for order, relation in enumerate(PLACED)
    }
    return {"directives": 1, "before": "2024-03-13", "ranked": 3, "median": 75, "places": places}
