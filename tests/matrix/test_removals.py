"""A test of the test: take the scope off one page at a time, then guards one at a time, and see that the matrix notices.

The list is read from the source (removals.py), so that a new view is covered by itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.matrix.cells import Cells
from tests.matrix.policy import PAGES, Page
from tests.matrix.removals import Catalogue, Removal, catalogue
from tests.matrix.survivors import SURVIVORS
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
ADMINISTERED = (
    "accounts_user",
    "notifications_message",
    "notifications_notice",
    "notifications_noticerule",
    "notifications_unitaddress",
    "records_auditevent",
    "tasks_assignment",
    "tasks_directive",
    "tasks_directivetask",
    "units_apitoken",
    "units_area",
    "units_calendarday",
    "units_deputation",
    "units_membership",
    "units_unit",
    "units_unitgroup",
)
ONLY_READ = frozenset(
    {
        "notifications_message",
        "notifications_notice",
        "notifications_noticerule",
        "records_auditevent",
        "tasks_assignment",
        "tasks_directive",
        "tasks_directivetask",
        "units_apitoken",
        "units_calendarday",
    }
)
# Pages that answer alike without their scope → why that is right.
ALIKE: dict[str, str] = {
    **dict.fromkeys(
        (
            *(f"admin:{model}_delete" for model in ADMINISTERED),
            *(f"admin:{model}_add" for model in ADMINISTERED if model in ONLY_READ),
        ),
        "nobody adds or deletes such rows there, whatever the rights",
    ),
    **dict.fromkeys(
        ("admin:units_apitoken_changelist", "admin:units_apitoken_change"),
        "administrators alone come in, by a question of the page's own, and see all; held by tests/api/test_tokens.py",
    ),
    "admin:login": "it only leads on to the one sign-in page",
    "records:sheet khong-co": "there is no such list, whoever asks",
    "records:sheet viec-cua-don-vi": "who works for no unit has no work to list",
    "accounts:sessions": "of another's session a browser's name would show; held by tests/accounts/test_sessions.py",
    "tasks:ranking_unit watched": "a unit without a place in a ranking has nothing to show, whoever asks",
    "accounts:held_form": "the form is sealed for its person and opens for nobody else",
    "accounts:held_form_drop": "the form is sealed for its person and opens for nobody else",
    "accounts:second_factor_off": "no role needs one here; held by tests/accounts/test_second_factor.py",
    "notifications:mark_all_read": "what it changes shows on no other page; held by tests/notifications/test_views.py",
    "records:file result": "another's result is a row of records:file",
    "tasks:report_review draft": "what has not been sent is refused to everybody by its state",
    "tasks:contribution_review draft": "what has not been sent is refused to everybody by its state",
    "tasks:filter_new": "it keeps a filter for whoever asks, in the own name; held by tests/tasks/test_saved_filters.py",
    **dict.fromkeys(
        (
            *(
                f"tasks:report_link {kind}"
                for kind in ("begun colleague expired forged inactive left open revoked unnamed unwanted").split()
            ),
            *(
                f"tasks:report_link_{what} {kind}"
                for what in ("part", "attach")
                for kind in ("begun revoked expired left inactive forged").split()
            ),
            "tasks:report_link_file",
            "tasks:report_link_file another",
            "tasks:report_link_form",
            "tasks:report_link_form another",
        ),
        "the secret in the address is the right, whoever opens it; held by tests/tasks/test_report_links.py",
    ),
    **dict.fromkeys(
        (f"tasks:feed_file {kind}" for kind in ("own", "left", "revoked", "forged")),
        "the secret in the address is the right, whoever opens it; held by tests/tasks/test_feeds.py",
    ),
}
# Into how many tests a long table is cut, so that several cores share it.
PARTS = 12
# What code does when a guard it counts on is gone: noticed, but no proof that a scope was missed.
FAILS = "fails: "


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
                yield f"{FAILS}{page.name} as {person}: {problem!r}"
            yield from cells.problems


def is_noticed(world: World, found: Catalogue, removal: Removal) -> str:
    """The first cell that is not as it should be without the guard, or ""."""
    with removal.off():
        return next(cells_of(world, pages_of(found, removal)), "")


def is_missed(world: World, found: Catalogue, page: Page) -> str:
    """The first cell of a page without its whole scope that shows or does what it must not, or ""."""
    with ExitStack() as stack:
        for removal in found.scope_of(page.pattern):
            stack.enter_context(removal.off())
        return next((cell for cell in cells_of(world, [page]) if not cell.startswith(FAILS)), "")


def scoped_pages(found: Catalogue) -> list[Page]:
    """The pages with a scope."""
    return [page for page in PAGES.values() if found.scope_of(page.pattern)]


def try_all(world: World, found: Catalogue, pages: list[Page], record_property) -> set[str]:
    """The names of the pages whose scope nobody misses; the numbers go into the summary."""
    silent = {page.name for page in pages if not is_missed(world, found, page)}
    record_property("tried", len(pages))
    record_property("caught", len(pages) - len(silent))
    return silent


def compare(tried: set[str], silent: set[str], known: dict[str, str]) -> None:
    """Nothing is silent but what the table names, and all of that is. Whole names: pytest cuts long lists."""
    unknown, noticed = sorted(silent - set(known)), sorted(set(known) & tried - silent)
    assert not unknown, "nothing notices that these are gone:\n" + "\n".join(unknown)
    assert not noticed, "these are noticed after all: take them off the table\n" + "\n".join(noticed)


def test_the_tables_name_what_there_is(found):
    assert sorted(set(ALIKE) - {page.name for page in scoped_pages(found)}) == []
    assert sorted(set(SURVIVORS) - set(found.removals)) == []


@pytest.mark.matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_misses_its_scope(world, found, record_property, part):
    pages = scoped_pages(found)[part::PARTS]

    silent = try_all(world, found, pages, record_property)

    compare({page.name for page in pages}, silent, ALIKE)


def test_some_pages_miss_their_scope(world, found, record_property):
    """Every sixth page; all of them in `make matrix`."""
    pages = [page for page in scoped_pages(found) if page.name not in ALIKE][::6]

    silent = try_all(world, found, pages, record_property)

    assert silent == set()
    assert len(pages) >= 15


@pytest.mark.matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_every_guard_is_missed(world, found, record_property, part):
    names = sorted(found.removals)[part::PARTS]

    silent = {name for name in names if not is_noticed(world, found, found.removals[name])}

    record_property("guards", len(names))
    record_property("guards caught", len(names) - len(silent))
    compare(set(names), silent, SURVIVORS)


def test_what_was_taken_off_is_put_back(world, found):
    page = PAGES["tasks:today"]
    guard = next(removal for name, removal in found.removals.items() if name.startswith("tasks:today · sign-in"))
    assert is_noticed(world, found, guard)

    cells = Cells(world, page, "anonymous")
    cells.get_and_post()

    assert cells.problems == []
