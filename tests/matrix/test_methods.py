"""The other methods, and every cell as htmx asks: in `make matrix`; of each page a few in `make test`."""

import pytest

from tests.matrix.cells import Cells
from tests.matrix.policy import PAGES
from tests.matrix.world import PEOPLE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", ["anonymous", "reporter", "office"])
def test_other_methods_of_the_first_relation(world, record_property, person):
    count, problems = 0, []
    for page in PAGES.values():
        cells = Cells(world, page, person)
        cells.other_methods([next(iter(page.get))], ("DELETE", "TRACE"))
        count, problems = count + cells.count, problems + cells.problems
    record_property("cells", count)

    assert not problems, "\n".join(["", *problems])


@pytest.mark.matrix
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", PAGES)
def test_every_relation_by_every_method(world, record_property, name, person):
    cells = Cells(world, PAGES[name], person)

    cells.get_and_post(everything=True)
    cells.other_methods(list(cells.page.get))

    record_property("pattern", cells.page.pattern)
    record_property("cells", cells.conclude())
