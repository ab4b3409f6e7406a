"""Every operation of the interface × every kind of key × rows in every relation; nothing sings that the holder must not hear.

The operations are read from the description, so a new one without a table fails. The expectation is typed here. The world is
the one of tests/matrix, with its canaries.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from directive_tracker.api.app import api
from tests.api.house import NOW, TODAY, Program, kind
from tests.matrix.cells import savepoint
from tests.matrix.removals import Catalogue, _add_guards, reach
from tests.matrix.world import MISSING, World
from units.models import ApiToken, Membership, Scope
from units.tokens import make

pytestmark = pytest.mark.django_db

CALLERS = ("office", "reader", "reporter", "unit_head", "monitor", "unit")
# Whose ears the canaries ask for: a unit's key is held by the reporter.
EARS = {"unit": "reporter"}

DOCUMENTS = """
    issued    200  200  200  200  200  200
    closed    200  200  200  200  200  200
    draft     200  404  404  404  404  404
    missing   404  404  404  404  404  404
"""
WORKS = """
    own       200  200  200  200  404  200
    below     200  200  200  200  404  200
    helper    200  200  200  200  404  200
    watched   200  200  404  404  200  404
    sibling   200  200  404  404  404  404
    foreign   200  200  404  404  404  404
    ended     200  200  404  404  404  404
    missing   404  404  404  404  404  404
"""
EVERYBODY = "plain 200  200  200  200  200  200"
# operation → rows: relation, then one answer per caller:
#             office reader reporter unit_head monitor unit
TABLES = {
    "me": EVERYBODY,
    "directives": EVERYBODY,
    "tasks": EVERYBODY,
    "units": EVERYBODY,
    "assignments": EVERYBODY,
    "reports": EVERYBODY,
    "values": EVERYBODY,
    "directive": DOCUMENTS,
    "directive_tallies": DOCUMENTS,
    "task": DOCUMENTS,
    "unit": """
    own       200  200  200  200  200  200
    foreign   200  200  200  200  200  200
    missing   404  404  404  404  404  404
    """,
    "assignment": WORKS,
    "report": WORKS
    + """
    draft_own 404  404  200  200  404  200
    draft_below 404  404  404  404  404  404
    draft_watched 404  404  404  404  404  404
    draft_foreign 404  404  404  404  404  404
    """,
    # Only the unit itself takes its work, whoever else sees it.
    "acknowledge_assignment": """
    own       403  403  200  200  404  200
    below     403  403  403  403  404  403
    helper    403  403  403  403  404  403
    watched   403  403  404  404  403  404
    sibling   403  403  404  404  404  404
    foreign   403  403  404  404  404  404
    ended     403  403  404  404  404  404
    missing   404  404  404  404  404  404
    """,
    # Somebody of the unit is typing there.
    "send_report": """
    own       404  404  409  409  404  409
    below     404  404  403  403  404  403
    helper    404  404  404  404  404  404
    watched   404  404  404  404  404  404
    sibling   404  404  404  404  404  404
    foreign   404  404  404  404  404  404
    missing   404  404  404  404  404  404
    on_draft  404  404  404  404  404  404
    """,
    # A file waits for its key: of whoever may send a report at all.
    "hand_in_file": "plain 403  403  201  201  201  201",
    # The file is none that waits: who gets so far may attach one.
    "attach_signed": """
    own       403  403  422  422  404  422
    below     403  403  403  403  404  403
    helper    403  403  403  403  404  403
    watched   403  403  404  404  403  404
    sibling   403  403  404  404  404  404
    foreign   403  403  404  404  404  404
    ended     403  403  404  404  404  404
    draft_own 404  404  409  409  404  409
    draft_foreign 404  404  404  404  404  404
    missing   404  404  404  404  404  404
    """,
}
# Whose reports stand in the list; of the unit's own also what it types.
_ALL = {"own", "below", "helper", "watched", "sibling", "foreign", "ended"}
_OWN = {"own", "below", "helper", "draft own"}
REPORTS = {"office": _ALL, "reader": _ALL, "reporter": _OWN, "unit_head": _OWN, "monitor": {"watched"}, "unit": _OWN}
SCOPES = {
    "me": None,
    "directive_tallies": "figures",
    "values": "figures",
    "acknowledge_assignment": "acknowledge",
    "send_report": "report",
    "hand_in_file": "report",
    "attach_signed": "report",
}


def operations() -> dict[str, tuple[str, str]]:
    """Operation → method and address, as described."""
    return {
        operation["operationId"]: (method, path.removeprefix("/api/v1"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }


def rows_of(name: str) -> Iterator[tuple[str, dict[str, int]]]:
    for line in filter(str.strip, TABLES[name].splitlines()):
        relation, *answers = line.split()
        yield relation, dict(zip(CALLERS, map(int, answers), strict=True))


def row_of(world: World, name: str, relation: str) -> int:
    """The key of the row in that relation."""
    if relation in ("missing", "plain"):
        return MISSING
    if name in ("directive", "directive_tallies"):
        return world.objects["directive"][relation].pk
    if name == "task":
        return world.objects["task"]["work" if relation == "issued" else relation].pk
    if name == "unit":
        return world.units[relation].pk
    if name in ("report", "attach_signed"):
        part, _, rest = relation.partition("_")
        return world.objects["report draft"][rest].pk if part == "draft" else world.objects["report sent"][relation].pk
    return world.objects["new"][relation].pk


@pytest.fixture(scope="module")
def programs(world: World) -> dict[str, Program]:
    """A program for each caller, with every scope."""
    made = {}
    for caller in CALLERS:
        person = world.people[EARS.get(caller, caller)]
        unit = world.units["own"] if caller == "unit" else None
        made[caller] = Program(_key(person, unit))
    return made


def _key(person: User, unit=None, scopes=tuple(Scope.values)) -> str:
    return make(person, name="Thử", unit=unit, scopes=scopes, days=30, now=timezone.now(), at=NOW, today=TODAY)[1]


def ask(world: World, program: Program, name: str, relation: str):
    """One request, in a savepoint of its own."""
    method, path = operations()[name]
    with savepoint():
        if name == "send_report":
            directive = world.objects["directive"]["draft" if relation == "on_draft" else "issued"].pk
            relation = relation.replace("on_draft", "own")
            unit = world.units[relation].pk if relation in world.units else MISSING
            work = world.objects["new"].get(relation)
            section = {"assignment": work.pk if work else MISSING, "results": "Đã làm."}
            return program.post(path, {"directive": directive, "unit": unit, "sections": [section]})
        if name == "hand_in_file":
            return program.hand_in(b"Da lam.", "ket-qua.txt")
        address = re.sub(r"\{\w+\}", str(row_of(world, name, relation)), path)
        if name == "attach_signed":
            return program.post(address, {"file": MISSING})
        return program.post(address) if method == "post" else program.get(address)


def problems(world: World, programs: dict[str, Program], names=tuple(TABLES)) -> Iterator[str]:
    """What is not as it should be, one after the other."""
    for name in names:
        for relation, expected in rows_of(name):
            bodies = {}
            for caller, program in programs.items():
                answer = ask(world, program, name, relation)
                if answer.status_code != expected[caller]:
                    yield f"{name} [{relation}] as {caller}: {answer.status_code} instead of {expected[caller]}"
                if answer.status_code == 404:
                    bodies[answer.content] = caller
                leaks = world.cage.forbidden(EARS.get(caller, caller), [answer.content])
                if leaks:
                    yield f"{name} [{relation}] as {caller}: shows {leaks[:5]}"
            if len(bodies) > 1:
                yield f"{name} [{relation}]: its 404 has several forms"
    yield from _sums(world, programs)


def _sums(world: World, programs: dict[str, Program]) -> Iterator[str]:
    """Whose lines stand in the figures: names of units are no canaries."""
    wanted = {
        "office": {"own", "below", "sibling", "foreign", "ended", "watched", "helper"},
        "reporter": {"own", "below"},
        "unit": {"own", "below"},
        "monitor": set(),
    }
    names = {unit.pk: relation for relation, unit in world.units.items()}
    directive = world.objects["directive"]["issued"].pk
    for caller, relations in wanted.items():
        told = programs[caller].get(f"/directives/{directive}/tallies").json()
        found = {names[row["unit"]["id"]] for row in told["units"]}
        if found != relations:
            yield f"tallies as {caller}: {sorted(found)}"
    sent = {report.pk: relation for relation, report in world.objects["report sent"].items()}
    typed = {report.pk: f"draft {relation}" for relation, report in world.objects["report draft"].items()}
    for caller, program in programs.items():
        found = {
            (sent | typed).get(row["id"], names.get(row["unit"]["id"]))
            for row in program.get("/reports?limit=100").json()["items"]
        }
        if found != REPORTS[caller]:
            yield f"reports as {caller}: {sorted(map(str, found))}"


def test_every_operation_stands_in_a_table():
    assert sorted(operations()) == sorted(TABLES)


def test_every_cell(world, programs, record_property):
    found = list(problems(world, programs))

    assert found == []
    record_property("cells", sum(len(list(rows_of(name))) for name in TABLES) * len(CALLERS))


@pytest.mark.parametrize("state", ["none", "unknown", "expired", "revoked", "deactivated", "left"])
def test_a_key_that_opens_nothing_opens_no_operation(world, state):
    with savepoint():
        person = world.people["reporter"]
        secret = _key(person, world.units["own"])
        token = ApiToken.objects.order_by("-pk").first()
        now = timezone.now()
        if state == "expired":
            ApiToken.objects.filter(pk=token.pk).update(
                made_at=now - timedelta(days=9), expires_at=now - timedelta(days=1)
            )
        elif state == "revoked":
            ApiToken.objects.filter(pk=token.pk).update(revoked_at=now, revoked_by=person)
        elif state == "deactivated":
            User.objects.filter(pk=person.pk).update(is_active=False)
        elif state == "left":
            Membership.objects.filter(user=person).update(valid_to=TODAY - timedelta(days=1))
        secret = {"none": "", "unknown": "dt_x"}.get(state, secret)
        answers = {name: ask(world, Program(secret), name, "missing").status_code for name in operations()}

    assert set(answers.values()) == {401}


@pytest.mark.parametrize("name", TABLES)
def test_a_key_without_the_scope_does_not_open_it(world, name):
    wanted = SCOPES.get(name, "read")
    others = [scope for scope in Scope.values if scope != wanted]
    relation = "plain" if name in ("me",) or "{" not in operations()[name][1] else "missing"
    with savepoint():
        program = Program(_key(world.people["reporter"], None, others))
        answer = ask(world, program, name, relation)

    assert (answer.status_code, kind(answer)) == ((200, "") if wanted is None else (403, "scope-missing"))


# --- a test of the test -----------------------------------------------------------------------------------------------------


def guards() -> Catalogue:
    """The guards in the interface's own functions."""
    catalogue = Catalogue()
    views = [
        operation.view_func
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]
    start = [inner for view in views for inner in (view, getattr(view, "__wrapped__", view))]
    for function in reach(start).values():
        if function.__module__.startswith("directive_tracker.api."):
            _add_guards(catalogue, [function])
    return catalogue


# Guards that are not missed alone, and why that is right.
ALIKE = {
    "directive_tracker.api.files.Waiting.stored · door PartialUpload.objects.visible_to(self.request.user)": (
        "the file's mark names the key it came with, and a key has one holder"
    ),
    "directive_tracker.api.writing.acknowledge_assignment · return not can_acknowledge(request.user, work)": (
        "the service refuses what is in another state, with the same status"
    ),
    "directive_tracker.api.writing.send_report · return not can_report(request.user, unit.pk, directive)": (
        "opening the report refuses a document that has ended, with the same status"
    ),
}


@pytest.mark.matrix
def test_every_guard_of_the_interface_is_missed(world, programs):
    found = guards()
    silent = set()
    for name, removal in found.removals.items():
        with ExitStack() as stack:
            stack.enter_context(removal.off())
            if not next(problems(world, programs), ""):
                silent.add(name)

    assert silent == set(ALIKE)
    assert len(found.removals) >= 12
