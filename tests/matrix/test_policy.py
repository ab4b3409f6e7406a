"""The policy is whole: it lists what there is, and nothing that is not there."""

import pytest
from django.test import RequestFactory
from django.test.client import ClientHandler

from tests.matrix.canaries import READERS, contents
from tests.matrix.cells import ask
from tests.matrix.policy import PAGES, all_patterns
from tests.matrix.policy.table import table
from tests.matrix.rows import docx, pdf, xlsx, zipped
from tests.matrix.world import PEOPLE, SIGNED_IN

pytestmark = pytest.mark.django_db

HOW = "page({name!r}, get=…, post=…) in tests/matrix/policy/: who may GET and POST it, one row for each relation"


def test_every_pattern_of_the_resolver_stands_in_the_policy():
    listed = {page.pattern for page in PAGES.values()}

    missing = sorted(set(all_patterns()) - listed)

    assert missing == [], "say who may do what:\n" + "\n".join(HOW.format(name=name) for name in missing)


def test_the_policy_lists_no_pattern_that_is_not_there():
    assert sorted({page.pattern for page in PAGES.values()} - set(all_patterns())) == []


def test_every_address_leads_to_its_pattern(world):
    resolve = ClientHandler().resolve_request
    wrong = []
    for page in PAGES.values():
        relation = next(iter(page.get))
        path = page.url(world, relation, "office").partition("?")[0]
        match = resolve(RequestFactory().get(path))
        found = match.view_name if match.url_name else f"/{match.route}"
        if found != page.pattern:
            wrong.append(f"{page.name}: {path} leads to {found}")

    assert wrong == []


def test_every_canary_that_somebody_may_hear_is_heard_by_that_person(world):
    """A canary that nobody is shown proves nothing."""
    silent = {what for what, readers in READERS.items() if readers}
    for page in PAGES.values():
        for relation in page.get:
            for person in ("office", "reporter", "monitor", "registrar", "administrator"):
                if page.get[relation][person].startswith("200"):
                    texts = ask(world, page, person, relation, "GET").texts
                    silent -= {bird.what for text in texts for bird in world.cage.heard(text)}

    assert silent == set()


def test_a_row_of_the_policy_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        table("own 200 200")
    with pytest.raises(ValueError, match="cannot be read"):
        table("own 201")


def test_columns_are_the_people_of_the_world():
    read = table("own 200 302 302+ 403 404 405 422 200+ 409")["own"]

    assert list(read) == list(PEOPLE)
    assert [read[person] for person in SIGNED_IN] == ["200", "302", "302+", "403", "404", "405", "422", "200+", "409"]
    assert (read["anonymous"], read["deactivated"]) == ("in", "in")


@pytest.mark.parametrize("make", [docx, xlsx, zipped, pdf])
def test_canaries_are_found_inside_downloads(world, make):
    bird = world.cage.birds[0]

    assert {bird} == set().union(*(world.cage.heard(text) for text in contents(make(bird.word))))
    assert {bird} == set().union(*(world.cage.heard(text) for text in contents(make(f"số {bird.phone}"[2:]))))
