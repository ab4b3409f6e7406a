"""Invented figures of the size seen in such campaigns; they only grow, as the reports' running totals do."""

from datetime import date
from zlib import crc32

BEGAN, ENDS = date(2024, 2, 15), date(2024, 5, 8)
FLAGS_FROM = date(2024, 4, 26)

# How large a unit is, an ordinary district being 1.
SIZE = {
    "tu-kon-tum": 1.7,
    "hu-ia-hdrai": 0.4,
    "hu-tu-mo-rong": 0.7,
    "hu-kon-plong": 0.7,
    "tinh-doan": 0.9,
    "mttq": 0.4,
    "ldld": 0.6,
    "hoi-nong-dan": 0.6,
    "hoi-phu-nu": 0.7,
    "hoi-ccb": 0.5,
    "quan-su": 0.5,
    "dang-uy-khoi": 0.6,
    "cong-an": 0.5,
    "bien-phong": 0.4,
    "du-tt-dak-ha": 0.15,
    "du-xa-ha-mon": 0.1,
    "du-xa-dak-hring": 0.1,
}
# What an ordinary district has at the end, by indicator.
AT_THE_END = {
    "CT01": 46,
    "CT02": 3150,
    "CT03": 64,
    "CT04": 26,
    "CT05": 130,
    "CT06": 2400,
    "CT07": 72,
    "CT08a": 145,
    "CT08b": 9400,
    "CT09": 38,
    "CT10": 1750,
    "CT11": 15,
    "CT18": 11,
    "CT19": 24,
    "CT20a": 8,
    "CT20b": 30,
}
# Figures of one unit alone: (day from which, value), the last one that has begun holds.
SINGLE = {
    ("1b.1", "CT13a"): ((date(2024, 3, 1), 21),),
    ("1b.1", "CT13b"): ((date(2024, 3, 1), 9),),
    ("1b.1", "CT13c"): ((date(2024, 3, 1), 14),),
    ("1b.3", "CT14"): ((date(2024, 4, 5), 1), (date(2024, 4, 25), 17), (date(2024, 5, 6), 30)),
    ("1b.3", "CT15a"): ((date(2024, 4, 5), 1), (date(2024, 4, 25), 21), (date(2024, 5, 6), 39)),
    ("1b.3", "CT15b"): ((date(2024, 4, 5), 2_000_000), (date(2024, 4, 25), 38_000_000), (date(2024, 5, 6), 69_000_000)),
    ("3a.2", "CT12"): ((date(2024, 3, 1), 3), (date(2024, 4, 1), 8), (date(2024, 5, 1), 17)),
    ("3a.3", "CT07"): ((date(2024, 3, 1), 0), (date(2024, 4, 1), 4), (date(2024, 5, 1), 26)),
    ("3a.4", "CT16"): ((date(2024, 3, 1), 5), (date(2024, 4, 1), 9), (date(2024, 5, 1), 12)),
    ("3b", "CT17a"): ((date(2024, 4, 1), 0), (date(2024, 4, 27), 6), (date(2024, 5, 8), 11)),
    ("3b", "CT17b"): ((date(2024, 4, 1), 0), (date(2024, 4, 27), 4), (date(2024, 5, 8), 7)),
}


# A running total that is lower than the one before: the unit reported its April alone, and the office will notice.
SLIPS = {("cong-an", "1a.5", "CT10"): (date(2024, 4, 1), date(2024, 4, 15), 43)}


def pick(*parts: str, of: int) -> int:
    """A number below `of` that is always the same for the same parts."""
    return crc32(":".join(parts).encode()) % of


def figures_of(unit: str, task: str, codes: list[str], day: date) -> dict[str, int]:
    """What the unit had reached by that day, by the codes of the task's indicators."""
    return {code: _value(unit, task, code, day) for code in codes}


def _value(unit: str, task: str, code: str, day: date) -> int:
    if single := SINGLE.get((task, code)):
        return max((value for begins, value in single if begins <= day), default=0)
    begins, ends, slip = SLIPS.get((unit, task, code), (ENDS, BEGAN, 0))
    if begins <= day < ends:
        return slip
    if code == "CT06" and day < FLAGS_FROM:
        return 0
    share = min(1.0, max(0.0, (day - BEGAN).days / (ENDS - BEGAN).days))
    # From 80 to 119 of a hundred, so that no two units look alike.
    own = (80 + pick(unit, task, code, of=40)) / 100
    return round(AT_THE_END.get(code, 0) * SIZE.get(unit, 1.0) * own * share)
