"""To any unit, document, task or part of the work that a person may see, by beginnings of words without accents."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse

from directive_tracker.vietnamese import vn_date
from tasks.desk.words import typed_words, words_of
from tasks.models import Assignment, Directive, DirectiveTask, SearchWord
from tasks.querysets import access_for
from units.models import Unit

# Rows shown, whatever was typed; of each group as many as read.
MOST = 16
READ = 12
# A word of one letter fits half the units: so many are looked at, nearest first.
UNITS = 60
# Ways of reading "1a.2 dak ha" as some words of a task and some of a unit.
READINGS = 4


@dataclass(frozen=True)
class Target:
    """One line: where it leads, what it is called, what tells it from others of that name."""

    url: str
    name: str
    detail: str = ""
    code: str = ""


@dataclass
class Group:
    """The lines of one kind."""

    heading: str
    targets: list[Target] = field(default_factory=list)


def find(user: Any, text: str) -> list[Group]:
    """What fits all the words, in groups, at most MOST lines (four statements, fewer where nothing can fit)."""
    words = typed_words(text)
    if not words:
        return []
    units = _units(words)
    groups = [
        Group("Đơn vị", _unit_targets(user, [unit for unit in units if unit.fits == set(words)])),
        Group("Nhiệm vụ", _task_targets(user, words)),
        Group("Phần việc", _assignment_targets(user, words, units)),
        Group("Văn bản", _directive_targets(user, words)),
    ]
    while sum(len(group.targets) for group in groups) > MOST:
        max(groups, key=lambda group: len(group.targets)).targets.pop()
    return [group for group in groups if group.targets]


# --- units ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Unit:
    """A unit with those of the typed words that its names hold."""

    pk: int
    name: str
    short_name: str
    fits: set[str]
    # The words stand side by side in a name: "dak h" means Đắk Hà before another "Huyện … Đắk …".
    is_near: bool


def _units(words: list[str]) -> list[_Unit]:
    """Units that hold any of the words (one statement over the register, which has some hundreds of rows)."""
    any_word = Q()
    for word in words:
        any_word |= Q(search_key__contains=word)
    rows = (
        Unit.objects.filter(any_word, valid_to__isnull=True)
        .order_by("sort_order", "pk")
        .values_list("pk", "name", "short_name", "search_key")
    )
    found = []
    for pk, name, short_name, key in rows:
        held = words_of(key)
        fits = {word for word in words if any(one.startswith(word) for one in held)}
        if fits:
            near = f" {' '.join(word for word in words if word in fits)}" in f" {key}"
            found.append(_Unit(pk, name, short_name, fits, near))
    return sorted(found, key=lambda unit: (-len(unit.fits), not unit.is_near))[:UNITS]


def _unit_targets(user: Any, units: list[_Unit]) -> list[Target]:
    """The whole work of a unit: in the office's list, or on the unit's own page."""
    access = access_for(user)
    if access.sees_all_assignments:
        address = f"{reverse('tasks:assignment_list')}?unit={{}}"
    else:
        address = f"{reverse('tasks:unit_home')}?don-vi={{}}"
        units = [unit for unit in units if unit.pk in access.visible_unit_ids]
    return [
        Target(address.format(unit.pk), unit.name, unit.short_name if unit.short_name != unit.name else "")
        for unit in units[:READ]
    ]


# --- documents, tasks -------------------------------------------------------------------------------


def with_words(rows: QuerySet, words: list[str], key: str) -> QuerySet:
    """Rows whose kept words begin with all of these; `key`: "task" or "directive", what the rows are."""
    kept = SearchWord.objects.filter(task__isnull=key == "directive")
    for word in sorted(words, key=len, reverse=True):
        rows = rows.filter(pk__in=kept.filter(word__from_start=word).values(key))
    return rows


def _directive_targets(user: Any, words: list[str]) -> list[Target]:
    found = with_words(Directive.objects.visible_to(user), words, "directive").order_by("-pk")[:READ]
    rows = found.values_list("pk", "short_title", "number", "issued_date")
    return [
        Target(
            reverse("tasks:directive_detail", args=[pk]),
            title,
            ", ".join(part for part in (number and f"số {number}", day and f"ngày {vn_date(day)}") if part),
        )
        for pk, title, number, day in rows
    ]


def _task_targets(user: Any, words: list[str]) -> list[Target]:
    """A task whose code was typed stands before those that only begin with it."""
    named = Case(When(code__in=words, then=Value(0)), default=Value(1))
    found = with_words(DirectiveTask.objects.visible_to(user), words, "task").order_by(named, "-directive_id", "order")
    rows = found.values_list("pk", "code", "short_title", "directive__short_title")[:READ]
    return [Target(reverse("tasks:task_detail", args=[pk]), title, of, code) for pk, code, title, of in rows]


# --- parts of the work ------------------------------------------------------------------------------


def _assignment_targets(user: Any, words: list[str], units: list[_Unit]) -> list[Target]:
    """Some of the words name a unit, the others a task; a unit's own people need name the task only."""
    access = access_for(user)
    readings: dict[frozenset[str], list[int]] = defaultdict(list)
    for unit in units:
        if len(unit.fits) < len(words):
            readings[frozenset(unit.fits)].append(unit.pk)
    wanted = Q()
    for fits in sorted(readings, key=len, reverse=True)[:READINGS]:
        wanted |= _work_of(readings[fits], [word for word in words if word not in fits])
    if not access.sees_all_assignments and access.visible_unit_ids:
        wanted |= _work_of(access.visible_unit_ids, words)
    if not wanted:
        return []
    named = Case(When(task__code__in=words, then=Value(0)), default=Value(1))
    nearest = Case(When(unit__in=[unit.pk for unit in units if unit.is_near], then=Value(0)), default=Value(1))
    rows = (
        Assignment.objects.visible_to(user)
        .filter(wanted)
        .order_by(named, nearest, "-directive_id", "task__order", "unit__sort_order", "pk")
        .values_list("pk", "task__code", "task__short_title", "unit__short_name", "directive__short_title")[:READ]
    )
    return [
        Target(reverse("tasks:assignment_detail", args=[pk]), f"{unit} – {title}", of, code)
        for pk, code, title, unit, of in rows
    ]


def _work_of(unit_ids: Any, words: list[str]) -> Q:
    """Work of these units on tasks that hold all the words."""
    tasks = with_words(DirectiveTask.objects.order_by(), words, "task").values("pk")
    return Q(unit__in=unit_ids, task__in=tasks)
