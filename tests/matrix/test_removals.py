"""A test of the test: take the guards off one at a time and see that the matrix notices each of them.

The list is read from the source (removals.py), so that a new view is covered by itself.
"""

from collections.abc import Iterator

import pytest

from tests.matrix.cells import Cells
from tests.matrix.policy import PAGES, Page
from tests.matrix.removals import Catalogue, Removal, catalogue
from tests.matrix.world import World

pytestmark = pytest.mark.django_db

# Whoever may least comes first: there a missing guard shows soonest.
ORDER = (
    "anonymous",
    "former",
    "administrator",
    "registrar",
    "monitor",
    "reporter",
    "unit_head",
    "reader",
    "deputy",
    "office",
    "deactivated",
)
# The name of a removal that nothing notices → why that is right.
SURVIVORS: dict[str, str] = {}
# Of two guards that do the same, neither is missed alone; both together are.
TOGETHER: tuple[tuple[str, str], ...] = ()


@pytest.fixture(scope="module")
def found() -> Catalogue:
    return catalogue()


def pages_of(found: Catalogue, removal: Removal) -> list[Page]:
    """The pages that may call the function; of a model's own door, those of all rooms."""
    named = [page for page in PAGES.values() if found.reached.get(page.pattern, set()) & removal.functions]
    return named or list(PAGES.values())


def cells_of(world: World, pages: list[Page]) -> Iterator[str]:
    """What is wrong with the cells of these pages, one person after the other."""
    for person in ORDER:
        for page in pages:
            cells = Cells(world, page, person)
            try:
                cells.get_and_post()
            except Exception as problem:  # noqa: BLE001  (code without its guard may fail in any way)
                yield f"{page.name} as {person}: {problem!r}"
            yield from cells.problems


def is_noticed(world: World, found: Catalogue, *removals: Removal) -> str:
    """The first cell that is not as it should be, or ""."""
    with removals[0].off():
        if len(removals) > 1:
            return is_noticed(world, found, *removals[1:])
        return next(cells_of(world, pages_of(found, removals[0])), "")


@pytest.mark.matrix
def test_every_guard_is_missed(world, found, record_property):
    tried = {name: is_noticed(world, found, removal) for name, removal in found.removals.items()}
    silent = {name for name, cell in tried.items() if not cell}
    record_property("tried", len(tried))
    record_property("caught", len(tried) - len(silent))

    assert sorted(silent - set(SURVIVORS)) == [], "nothing notices that these guards are gone"
    assert sorted(set(SURVIVORS) - silent) == [], "these are noticed after all, or gone: take them off the table"


@pytest.mark.matrix
@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_two_guards_that_do_the_same_are_missed_together(world, found, first, second):
    assert is_noticed(world, found, found.removals[first], found.removals[second])


def test_some_guards_are_missed(world, found, record_property):
    """Every twentieth guard; all of them in `make matrix`."""
    names = [name for name in found.removals if name not in SURVIVORS][::20]
    silent = [name for name in names if not is_noticed(world, found, found.removals[name])]
    record_property("tried", len(names))
    record_property("caught", len(names) - len(silent))

    assert silent == []


def test_what_was_taken_off_is_put_back(world, found):
    page = PAGES["tasks:today"]
    guard = next(removal for name, removal in found.removals.items() if name.startswith("tasks:today · sign-in"))
    assert is_noticed(world, found, guard)

    cells = Cells(world, page, "anonymous")
    cells.get_and_post()

    assert cells.problems == []
