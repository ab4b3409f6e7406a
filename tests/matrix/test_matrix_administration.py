"""The administration pages, every cell by GET and POST."""

import pytest

from tests.matrix.cells import Cells, names_of
from tests.matrix.policy import PAGES
from tests.matrix.world import PEOPLE

# A third of all cells; the other rooms are asked on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", names_of("administration"))
def test_everybody_gets_what_the_policy_says(world, record_property, name, person):
    cells = Cells(world, PAGES[name], person)

    cells.get_and_post()

    record_property("pattern", cells.page.pattern)
    record_property("cells", cells.conclude())
