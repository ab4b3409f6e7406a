"""Nothing of a document that is no longer followed can be changed at any address, by anybody.

The world and the addresses are those of the matrix (tests/matrix): every page with what would be posted there, by
everybody who could do it while the document was followed. Each row that hangs on the document is compared before and
after.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from tasks.models import Directive
from tests.matrix.cells import Writes, a_world, savepoint
from tests.matrix.policy import PAGES
from tests.matrix.world import NOW, World

pytestmark = pytest.mark.django_db

PEOPLE = ("office", "reader", "reporter", "unit_head", "monitor", "anonymous")
# Who looks at what just now, and what a person has told the program to show.
LOOKING = {"draftpresence", "savedfilter"}
DEEPEST = 5


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world of the matrix, in which no document is followed any more; `rows` of it are what hung on them."""
    with django_db_blocker.unblock(), a_world() as world:
        Directive.objects.filter(state="issued").update(
            state="closed", closed_on=NOW.date(), closed_by=world.people["office"], closing_report="12-BC/VPTU"
        )
        yield world


@pytest.fixture(scope="module")
def rows(world) -> dict[str, list[dict]]:
    """Everything that hangs on the documents, before anything is posted."""
    return rows_of_the_ended()


@cache
def _ways() -> dict[type[Model], tuple[str, ...]]:
    """Model of the tasks room → the foreign keys that lead from it to its document, the shortest ways."""
    ways: dict[type[Model], tuple[str, ...]] = {Directive: ("pk",)}
    models = list(apps.get_app_config("tasks").get_models())
    for _ in range(DEEPEST):
        for model in models:
            if model in ways:
                continue
            found = []
            for field in model._meta.get_fields():
                if field.concrete and field.many_to_one and field.related_model in ways and not field.null:
                    way = ways[field.related_model][0]
                    found.append(field.name if way == "pk" else f"{field.name}__{way}")
            if found:
                ways[model] = tuple(found)
    return ways


def rows_of_the_ended() -> dict[str, list[dict]]:
    """Everything that hangs on documents that were issued, table by table."""
    issued = list(Directive.objects.exclude(state="draft").values_list("pk", flat=True))
    return {
        model._meta.db_table: list(model._default_manager.filter(**{f"{ways[0]}__in": issued}).order_by("pk").values())
        for model, ways in _ways().items()
        if model._meta.model_name not in LOOKING
    }


# These three are the ending itself, and what is made of it.
OF_THE_ENDING = {"tasks:directive_end", "tasks:directive_follow_again", "tasks:directive_archive"}
NOTHING_HAPPENS = {"404", "405", "in"}
NAMES = [
    name
    for name, page in PAGES.items()
    if name.startswith("tasks:")
    and page.pattern not in OF_THE_ENDING
    and any(answer not in NOTHING_HAPPENS for row in page.post.values() for answer in row.values())
]


def changes(world: World, name: str, before: dict[str, list[dict]]) -> tuple[list[str], set[int]]:
    """What everybody's posts to one page change of these rows, and how they are answered."""
    page, changed, answers = PAGES[name], [], set()
    for person in PEOPLE:
        for relation, row in page.post.items():
            if row[person] in NOTHING_HAPPENS:
                continue
            writes = Writes()
            with savepoint():
                address = page.url(world, relation, person)
                with connection.execute_wrapper(writes):
                    response = world.client(person).post(address, page.data(world, relation, person))
                # Reading everything takes longer than the page; what was not written to has not changed.
                after = rows_of_the_ended() if before.keys() & set(writes.tables) else before
            tables = [table for table in before if before[table] != after[table]]
            answers.add(response.status_code)
            if tables:
                changed.append(f"{person} {relation} {address}: {response.status_code} {tables}")
    return changed, answers


@pytest.mark.parametrize("name", NAMES)
def test_what_is_posted_changes_no_row_of_the_document(world, rows, name):
    changed, answers = changes(world, name, rows)

    assert changed == []
    assert max(answers, default=0) < 500


# Of every kind of page one, which shows that the same posts do change rows while the document is followed.
DEEDS = (
    "tasks:acknowledge",
    "tasks:report_edit",
    "tasks:report_review",
    "tasks:extension_decide",
    "tasks:condition_decide",
    "tasks:task_coordinating",
    "tasks:assignment_action pause",
    "tasks:question",
    "tasks:comment_take_back",
    "tasks:report_head",
    "tasks:upward_sent",
    "tasks:instruction_new",
    "tasks:report_link open",
)


@pytest.mark.parametrize("name", DEEDS)
def test_the_same_post_changes_rows_while_the_document_is_followed(world, name):
    with savepoint():
        Directive.objects.filter(state="closed").update(
            state="issued", closed_on=None, closed_by=None, closing_report=""
        )
        changed, _ = changes(world, name, rows_of_the_ended())

    assert changed != []
