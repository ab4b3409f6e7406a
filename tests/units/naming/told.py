"""What the tests of naming share: the day, codes of groups, matches as codes and confidence."""

from datetime import date

from units.naming import Match

THE_DAY = date(2024, 2, 15)
PROVINCE = "Ban Thường vụ Tỉnh ủy"
ALL_COMMITTEES = "huyen-thanh-dang-uy-truc-thuoc"
DISTRICTS = "huyen-uy-thanh-uy"
MASS = "to-chuc-ct-xh"


def told(matches: tuple[Match, ...]) -> list[tuple[str, int]]:
    """Codes and confidence."""
    return [((match.unit or match.group).code, match.confidence) for match in matches]


def codes(matches: tuple[Match, ...]) -> list[str]:
    """Codes alone."""
    return [code for code, _ in told(matches)]
