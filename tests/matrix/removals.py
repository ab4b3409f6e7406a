"""Guards that are taken off one at a time: found in the source, removed in the running code, put back.

What counts as a guard, in every function of our rooms to which an address leads:

    door     X.visible_to(…) and its like         → X.all()
    raise    if …: raise PermissionDenied/Http404 → never
    return   if not can_…(…): …; return           → never
    call     allowed(…), _may_change(…)           → not called (a function that only raises)
    owner    filter(…, user=request.user)         → without the person
    sign-in  login_required                       → the view without it
    model    def visible_to(self, user)           → return self
    admin    what Django's admin asks of the roles → yes, to everybody who is signed in
"""

import ast
import gc
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from directive_tracker.admin_site import TrackerAdminSite
from directive_tracker.prepared import Prepared
from tasks.admin import OfficeReads
from units.backends import RoleBackend

ROOMS = ("directive_tracker", "records", "accounts", "units", "notifications", "tasks", "veterans")
# Under these names decorators keep the view they wrap.
WRAPPED = frozenset({"view_func", "view", "func", "inner", "wrapped"})
REFUSALS = frozenset({"PermissionDenied", "Http404"})
NARROWING = frozenset({"filter", "get", "get_object_or_404"})
# Methods of querysets that let a person's rows through.
DOORS = frozenset({"visible_to", "written_by", "addressed_to", "of_units_of"})
# What a guard asks that is about the person.
SCOPE_WORDS = re.compile(r"can_|may_|access|permission|request\.user|allows|own_")
SIGN_IN = ("django/contrib/auth/decorators.py", "_view_wrapper")


@dataclass(frozen=True)
class Removal:
    """One guard taken off: where it stands, and how it is taken off and put back."""

    name: str
    module: str
    swap: tuple[Callable[[], None], ...]
    back: tuple[Callable[[], None], ...]
    functions: frozenset[int]

    @contextmanager
    def off(self) -> Iterator[None]:
        """The running code without this guard; questions that were put together with it are put together anew."""
        try:
            for step in self.swap:
                step()
            _forget_questions()
            yield
        finally:
            for step in self.back:
                step()
            _forget_questions()


@cache
def _questions() -> list[Prepared]:
    # By their type: isinstance would wake lazy objects of requests that are over.
    return [thing for thing in gc.get_objects() if issubclass(type(thing), Prepared)]


def _forget_questions() -> None:
    for question in _questions():
        question._form.cache_clear()


# --- which functions an address leads to ------------------------------------------------------------------------------


def _patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its full name."""

    def walk(resolver: URLResolver, route: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
        for pattern in resolver.url_patterns:
            whole = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, whole, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            else:
                yield (":".join((*spaces, pattern.name)) if pattern.name else f"/{whole}"), pattern

    return walk(get_resolver(), "", ())


@dataclass(frozen=True)
class Link:
    """One function in the chain from a pattern to its view, and how it is exchanged for another one."""

    function: FunctionType
    put: Callable[[Any], None]


def _chain(pattern: URLPattern) -> Iterator[Link]:
    """The callback, what it wraps, and so on inwards."""
    waiting: list[Link] = [Link(pattern.callback, lambda value: setattr(pattern, "callback", value))]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop()
        function = link.function.__func__ if isinstance(link.function, MethodType) else link.function
        if not isinstance(function, FunctionType) or id(function) in seen:
            continue
        seen.add(id(function))
        yield Link(function, link.put)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if name in WRAPPED:
                waiting.append(Link(cell.cell_contents, lambda value, cell=cell: setattr(cell, "cell_contents", value)))
        view_class = getattr(function, "view_class", None)
        if view_class is not None:
            waiting += [Link(value, lambda value: None) for value in vars(view_class).values()]


def _module_of(thing: Any) -> str:
    """Where it is written; what a decorator copied from the view it wraps says something else."""
    return thing.__globals__["__name__"] if isinstance(thing, FunctionType) else getattr(thing, "__module__", "")


def _is_ours(thing: Any) -> bool:
    return _module_of(thing).partition(".")[0] in ROOMS


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _methods(owner: type) -> Iterator[FunctionType]:
    for value in vars(owner).values():
        function = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", value))
        if isinstance(function, FunctionType):
            yield function


def _mentioned(function: FunctionType) -> Iterator[FunctionType]:
    """Functions of ours that the function names: directly, of a module it names, or of a class it names."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    for name in names:
        thing = function.__globals__.get(name)
        thing = thing.build if isinstance(thing, Prepared) else thing
        if isinstance(thing, ModuleType) and thing.__name__.partition(".")[0] in ROOMS:
            things = [vars(thing).get(other) for other in names]
        elif isinstance(thing, dict):
            # What rooms have registered: functions, or rows with functions in them.
            things = [part for value in thing.values() for part in _parts(value)]
        else:
            things = [thing]
        for found in things:
            if isinstance(found, FunctionType) and _is_ours(found):
                yield from _unwrapped(found)
            elif isinstance(found, type) and _is_ours(found):
                yield from _methods(found)


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, tuple):
        yield from value
    elif is_dataclass(value):
        yield from vars(value).values()


def _unwrapped(function: FunctionType) -> Iterator[FunctionType]:
    """The function and what it wraps, innermost last."""
    while function is not None:
        yield function
        function = getattr(function, "__wrapped__", None)


def reach(start: list[FunctionType]) -> dict[int, FunctionType]:
    """Everything of ours that these functions may call, by identity."""
    found: dict[int, FunctionType] = {}
    waiting = list(start)
    while waiting:
        function = waiting.pop()
        if id(function) in found or not _is_ours(function):
            continue
        found[id(function)] = function
        waiting += _mentioned(function)
    return found


# --- which guards stand in a function ---------------------------------------------------------------------------------


@cache
def _source(filename: str) -> str:
    return Path(filename).read_text()


def _raises_refusal(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id in REFUSALS


def _is_none_of(statement: ast.stmt) -> bool:
    """get_object_or_404(X.objects.none()): another way to say 404."""
    return isinstance(statement, ast.Expr) and ast.unparse(statement).endswith(".none())")


def _asks_a_permission(test: ast.expr) -> bool:
    return any(
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and ".can_" in f".{ast.unparse(node.operand)}"
        for node in ast.walk(test)
    )


def guard_kind(node: ast.AST, guards: frozenset[str]) -> str:
    """What kind of guard a node is; "" for none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DOORS:
        return "door"
    if isinstance(node, ast.If) and not node.orelse:
        if len(node.body) == 1 and (_raises_refusal(node.body[0]) or _is_none_of(node.body[0])):
            return "raise"
        if isinstance(node.body[-1], ast.Return | ast.Raise) and _asks_a_permission(node.test):
            return "return"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in guards:
        return "call"
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in NARROWING and _owners(node):
        return "owner"
    return ""


def _owners(call: ast.Call) -> list[ast.keyword]:
    """Keywords that narrow to the person: user=request.user, unit__in=request.access.…"""
    words = ("request.user", "request.access", "access_for(request.user)")
    return [
        keyword
        for keyword in call.keywords
        # The person's own row is no narrowing.
        if keyword.arg not in (None, "pk") and ast.unparse(keyword.value).startswith(words)
    ]


# Calls in a row begin at the same place, so the end counts too.
Place = tuple[int, int, int, int, str]


def _place_of(node: ast.AST) -> Place:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, type(node).__name__


class _Off(ast.NodeTransformer):
    """Takes guards off. Names stay mentioned, so that the code keeps its free variables."""

    def __init__(self, places: frozenset[Place]) -> None:
        self.places = places

    def visit(self, node: ast.AST) -> ast.AST:
        """Change the nodes at the places, and nothing else."""
        self.generic_visit(node)
        if not hasattr(node, "lineno") or _place_of(node) not in self.places:
            return node
        if isinstance(node, ast.If):
            node.test = ast.BoolOp(ast.And(), [ast.Constant(False), node.test])
        elif isinstance(node, ast.Expr):
            return ast.copy_location(ast.If(ast.Constant(False), [node], []), node)
        elif isinstance(node, ast.FunctionDef):
            node.body = [ast.Return(ast.Name("self", ast.Load()))]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DOORS:
            everything = ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
            return ast.copy_location(ast.IfExp(ast.Constant(True), everything, node), node)
        elif isinstance(node, ast.Call):
            owners = _owners(node)
            whole = ast.Call(node.func, node.args, [keyword for keyword in node.keywords if keyword not in owners])
            return ast.copy_location(ast.IfExp(ast.Constant(True), whole, node), node)
        return node


@cache
def _definitions(filename: str) -> dict[tuple[str, int], ast.FunctionDef]:
    """The functions of a file by name and the line at which their code begins (with its decorators)."""
    found = {}
    for node in ast.walk(ast.parse(_source(filename))):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found[node.name, first] = node
    return found


def _own_nodes(definition: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of the body without those of functions inside, which are functions of their own."""
    waiting: list[ast.AST] = list(definition.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += list(ast.iter_child_nodes(node))


@cache
def _without(filename: str, places: frozenset[Place], qualname: str, firstline: int) -> CodeType:
    """The code of the function with the guards at the places taken off. Errors: LookupError when it is not found."""
    tree = _Off(places).visit(ast.parse(_source(filename)))
    module = compile(ast.fix_missing_locations(tree), filename, "exec")
    for code in _codes(module):
        if code.co_qualname == qualname and code.co_firstlineno == firstline:
            return code
    raise LookupError(f"{filename}: {qualname} at line {firstline}")


@cache
def guard_functions() -> frozenset[str]:
    """Names of functions that do nothing but refuse: their body is only `if …: raise`."""
    names = set()
    for module in [module for name, module in sys.modules.items() if name.partition(".")[0] in ROOMS]:
        for function in vars(module).values():
            if isinstance(function, FunctionType) and _module_of(function) == module.__name__:
                node = _node_of(function)
                body = node.body[1:] if node and ast.get_docstring(node) else node.body if node else []
                refuses = [isinstance(row, ast.If) and _raises_refusal(row.body[0]) for row in body]
                if refuses and all(refuses):
                    names.add(function.__name__)
    return frozenset(names)


def _node_of(function: FunctionType) -> ast.FunctionDef | None:
    code = function.__code__
    if not code.co_filename.endswith(".py"):
        return None
    return _definitions(code.co_filename).get((code.co_name, code.co_firstlineno))


# --- all removals -----------------------------------------------------------------------------------------------------


@dataclass
class Catalogue:
    """All removals, and for each page of the resolver the functions it may call."""

    removals: dict[str, Removal] = field(default_factory=dict)
    reached: dict[str, set[int]] = field(default_factory=dict)

    def scope_of(self, pattern: str) -> list[Removal]:
        """The guards that say who sees and does what, in all the functions a page may call: not whether somebody is
        signed in, not whether a row exists or is in the right state, not the doors of the models themselves."""
        reached = self.reached.get(pattern, set())
        return [
            removal
            for name, removal in self.removals.items()
            if removal.functions & reached
            and " · sign-in" not in name
            and " · model" not in name
            and (" · raise " not in name or SCOPE_WORDS.search(name.rpartition(" · raise ")[2]))
        ]

    def add(self, name: str, functions: list[FunctionType], swaps: list[tuple[Callable, Callable]]) -> None:
        """Note one removal; a second one of the same name gets a number."""
        number = 2
        unique = name
        while unique in self.removals:
            unique, number = f"{name} #{number}", number + 1
        module = _module_of(functions[0])
        self.removals[unique] = Removal(
            unique,
            module,
            tuple(swap for swap, _ in swaps),
            tuple(back for _, back in swaps),
            frozenset(map(id, functions)),
        )


# Function → its code as written, and the places of the guards that are off just now.
_taken: dict[int, tuple[CodeType, set[Place]]] = {}


def _exchange(function: FunctionType, place: Place) -> tuple[Callable, Callable]:
    before, off = _taken.setdefault(id(function), (function.__code__, set()))

    def change() -> None:
        where = (before.co_filename, frozenset(off), before.co_qualname, before.co_firstlineno)
        function.__code__ = _without(*where) if off else before

    def swap() -> None:
        off.add(place)
        change()

    def back() -> None:
        off.discard(place)
        change()

    return swap, back


def _add_guards(catalogue: Catalogue, functions: list[FunctionType], label: str = "") -> None:
    """The guards in a function; several functions of one code (closures of one decorator) are changed together."""
    function = functions[0]
    node, code = _node_of(function), function.__code__
    if node is None:
        return
    where = f"{label}{_module_of(function)}.{code.co_qualname}"
    found: list[tuple[str, ast.AST]] = [(guard_kind(inner, guard_functions()), inner) for inner in _own_nodes(node)]
    if node.name == "visible_to":
        found = [("model", node)]
    for kind, inner in found:
        if kind:
            place = _place_of(inner)
            words = "" if kind == "model" else f" {ast.unparse(getattr(inner, 'test', inner))}"
            catalogue.add(f"{where} · {kind}{words}", functions, [_exchange(one, place) for one in functions])


def catalogue() -> Catalogue:
    """Find everything, from the addresses inwards."""
    found = Catalogue()
    functions: dict[int, FunctionType] = {}
    for name, pattern in _patterns():
        links = list(_chain(pattern))
        start = [link.function for link in links if _is_ours(link.function)]
        admin = getattr(getattr(pattern.callback, "model_admin", None), "__class__", None)
        if admin is not None:
            start += [method for base in admin.__mro__ if _is_ours(base) for method in _methods(base)]
        reached = reach(start)
        # Closures keep an identity of their own for each pattern; what they wrap is reached through them.
        found.reached.setdefault(name, set()).update(reached)
        functions |= reached
        for link in links:
            if link.function.__code__.co_filename.endswith(SIGN_IN[0]) and link.function.__code__.co_name == SIGN_IN[1]:
                _add_sign_in(found, name, link)
    by_code: dict[CodeType, list[FunctionType]] = {}
    for function in functions.values():
        by_code.setdefault(function.__code__, []).append(function)
    for code, same in by_code.items():
        if len(same) > 1 and not code.co_filename.endswith("admin_site.py"):
            for one in same:
                owners = [name for name, reached in found.reached.items() if id(one) in reached]
                _add_guards(found, [one], label=f"{owners[0]} · ")
        else:
            _add_guards(found, same)
    _add_models(found)
    _add_admin(found)
    return found


def _add_sign_in(found: Catalogue, name: str, link: Link) -> None:
    cells = dict(zip(link.function.__code__.co_freevars, link.function.__closure__ or (), strict=True))
    inner = cells["view_func"].cell_contents
    module = inspect.unwrap(inner)
    found.add(f"{name} · sign-in", [module], [((lambda: link.put(inner)), (lambda: link.put(link.function)))])
    found.reached[name].add(id(module))


def _add_admin(found: Catalogue) -> None:
    """The permissions of the administration, which Django's own code asks for."""
    asked = (
        (TrackerAdminSite, "has_permission"),
        (RoleBackend, "has_perm"),
        (RoleBackend, "has_module_perms"),
        (OfficeReads, "has_view_permission"),
    )
    swaps = [
        (partial(setattr, owner, name, _yes), partial(setattr, owner, name, vars(owner)[name])) for owner, name in asked
    ]
    found.add("directive_tracker.admin_site · admin", [TrackerAdminSite.has_permission], swaps)
    for name, _ in _patterns():
        if name.startswith("admin:") or "/quan-tri/" in name:
            found.reached[name].add(id(TrackerAdminSite.has_permission))


def _yes(*_args: Any, **_kwargs: Any) -> bool:
    return True


def _add_models(found: Catalogue) -> None:
    """The doors themselves: visible_to of every queryset of our rooms."""
    for name in sorted(sys.modules):
        if name.partition(".")[0] in ROOMS:
            for owner in vars(sys.modules[name]).values():
                if isinstance(owner, type) and owner.__module__ == name and "visible_to" in vars(owner):
                    _add_guards(found, [vars(owner)["visible_to"]])
