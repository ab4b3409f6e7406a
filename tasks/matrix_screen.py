"""A screen of the matrix: of sixty tasks and two hundred units so many as can be looked at, with the ways to the next ones."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tasks.matrix import Group, Matrix
from tasks.paging import page_number

# The longer side of a screen runs down, the shorter one across; the line of the văn bản triển khai stays on top.
DOWN, ACROSS = 40, 25
# The names in the address: which screen of the tasks, which of the units.
TASKS_AT, UNITS_AT = "viec", "cot"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a row of things is shown: places `first` to `last`, counted from 1, of `total`."""

    name: str
    what: str
    number: int
    size: int
    total: int

    @classmethod
    def of(cls, name: str, what: str, asked: str | None, size: int, total: int) -> "Stretch":
        """The stretch that was asked for; what is no number is the first, what is too large the last."""
        return cls(name, what, min(page_number(asked), max(1, -(-total // size))), size, total)

    @property
    def slice(self) -> slice:
        return slice((self.number - 1) * self.size, self.number * self.size)

    @property
    def is_whole(self) -> bool:
        return self.total <= self.size

    @property
    def words(self) -> str:
        """ "Đơn vị 1–25 trên 200"."""
        first, last = (self.number - 1) * self.size + 1, min(self.number * self.size, self.total)
        return f"{self.what} {first}–{last} trên {self.total}"


@dataclass(frozen=True)
class Way:
    """One side of the screen: the words of where one is, the addresses (after "?") of the screens before and behind."""

    what: str
    words: str
    before: str
    behind: str


@dataclass(frozen=True)
class Screen:
    """What is shown of a matrix."""

    matrix: Matrix
    ways: list[Way]

    @property
    def is_whole(self) -> bool:
        return not self.ways


def screen_of(matrix: Matrix, asked: dict[str, str], *, turned: bool) -> Screen:
    """Cut out what one screen shows.

    Args:
        matrix: the whole of what was filtered.
        asked: the address's words (request.GET.dict()); they stay in the addresses of the other screens.
        turned: units stand in the rows.
    """
    down, across = (ACROSS, DOWN) if turned else (DOWN, ACROSS)
    total = sum(len(group.rows) for group in matrix.groups)
    tasks = Stretch.of(TASKS_AT, "Nhiệm vụ", asked.get(TASKS_AT), down, total)
    units = Stretch.of(UNITS_AT, "Đơn vị", asked.get(UNITS_AT), across, len(matrix.columns))
    if tasks.is_whole and units.is_whole:
        return Screen(matrix, [])
    return Screen(_cut(matrix, tasks, units), [_way(side, asked) for side in (tasks, units) if not side.is_whole])


def _cut(matrix: Matrix, tasks: Stretch, units: Stretch) -> Matrix:
    """The rows and columns of the stretches; what is counted over a whole row stays as it is."""
    wanted = {id(row) for row in [row for group in matrix.groups for row in group.rows][tasks.slice]}

    def narrow(row):
        return replace(row, cells=row.cells[units.slice])

    groups = [Group(group.clause, [narrow(row) for row in group.rows if id(row) in wanted]) for group in matrix.groups]
    return replace(
        matrix,
        columns=matrix.columns[units.slice],
        deployment=narrow(matrix.deployment) if matrix.deployment else None,
        groups=[group for group in groups if group.rows],
    )


def _way(side: Stretch, asked: dict[str, str]) -> Way:
    def to(number: int) -> str:
        if not 1 <= number <= -(-side.total // side.size):
            return ""
        return urlencode({**asked, side.name: number})

    return Way(side.what.lower(), side.words, to(side.number - 1), to(side.number + 1))
