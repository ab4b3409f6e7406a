"""The form of the policy: one `Page` per address pattern, its expectations as literal tables.

A row of a table is a relation, then one answer per signed-in person, in this order:

    office deputy reader reporter unit_head monitor registrar administrator former

An answer is a status, with "+" where something must have been written and without it where nothing may have been:

    200  403  404  405  422    as they are
    302                        a redirect that changes nothing
    302+  200+                 done, or read and written into the log

The anonymous and the deactivated person are sent to the sign-in page ("in") unless the page says otherwise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from tests.matrix.world import PEOPLE, SIGNED_IN, World

SIGN_IN = "in"
ANSWERS = {"200", "200+", "302", "302+", "401", "403", "404", "405", "409", "409+", "410", "422", SIGN_IN}

Row = Mapping[str, str]
Table = Mapping[str, Row]
Data = Callable[[World, str, str], Mapping[str, Any]]


def table(text: str, *, strangers: str = SIGN_IN) -> Table:
    """Read a table as it stands in the policy. Errors: ValueError for a row of another length or an unknown answer."""
    rows: dict[str, Row] = {}
    for line in text.strip().splitlines():
        relation, *answers = line.split()
        if len(answers) == 1:
            answers *= len(SIGNED_IN)
        if len(answers) != len(SIGNED_IN) or not set(answers) <= ANSWERS or relation in rows:
            raise ValueError(f"a row of the policy that cannot be read: {line!r}")
        answers += [strangers] * (len(PEOPLE) - len(SIGNED_IN))
        rows[relation.replace("_", " ")] = dict(zip(PEOPLE, answers, strict=True))
    return rows


@dataclass(frozen=True)
class Page:
    """What one pattern answers to whom.

    Args:
        name: the pattern's full name ("tasks:today"), or the route of one without a name; what follows a blank tells
            several pages of one pattern apart ("tasks:assignment_action pause").
        url: the address for (world, relation, person).
        get, post: relation → person → answer.
        data: what is posted; called for each cell.
        htmx: asked a second time with HX-Request: true in `make test` already.
        pieces: a form that htmx sends is answered by what changed, where a browser's is sent on.
        other: the answer to PUT, PATCH, DELETE, OPTIONS, TRACE; "GET" where they may be answered like a GET, without writing.
        reveals: kinds of canaries that the answer to an allowed POST shows on purpose.
    """

    name: str
    url: Callable[[World, str, str], str]
    get: Table
    post: Table
    data: Data = lambda world, relation, person: {}
    htmx: bool = False
    pieces: bool = False
    other: str = "405"
    reveals: Mapping[str, frozenset[str]] | None = None

    @property
    def pattern(self) -> str:
        """The pattern's own name."""
        return self.name.partition(" ")[0]


PAGES: dict[str, Page] = {}


def page(
    name: str,
    *,
    of: str = "",
    url: Callable[[World, str, str], str] | None = None,
    get: str,
    post: str,
    strangers: str = SIGN_IN,
    strangers_post: str = "",
    **values: Any,
) -> None:
    """Add a page to the policy; `of` is the kind of object whose pk the address takes. Errors: ValueError for a second one."""
    if name in PAGES:
        raise ValueError(f"{name} stands in the policy twice")
    pattern = name.partition(" ")[0]

    def address(world: World, relation: str, person: str) -> str:
        return reverse(pattern, args=[world.pk(of, relation, person)] if of else [])

    PAGES[name] = Page(
        name=name,
        url=url or address,
        get=table(get, strangers=strangers),
        post=table(post, strangers=strangers_post or strangers),
        **values,
    )


def all_patterns() -> list[str]:
    """Every pattern of the resolver by its full name, by its route where it has none."""

    def walk(resolver: URLResolver, route: str, spaces: tuple[str, ...]) -> list[str]:
        found = []
        for pattern in resolver.url_patterns:
            whole = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                found += walk(pattern, whole, inner)
            else:
                found.append(":".join((*spaces, pattern.name)) if pattern.name else f"/{whole}")
        return found

    return walk(get_resolver(), "", ())
