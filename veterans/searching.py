"""Finding people by what somebody remembers: words of the name in any order, a year of birth, a commune, digits of the ID number.

Every word has to fit. Names are searched on the stored key, without accents; a word of one or two letters is the beginning
of a word of the name, a longer one may stand anywhere in it. Numbers only by their blind index, whole or by the last four
digits. Measured at a million people in docs/performance.md.
"""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q, Value
from django.db.models.functions import Concat

from directive_tracker import vietnamese
from units.models import Area
from veterans import name_keys, sensitive
from veterans.models import Person
from veterans.models.person import YEARS_OF_BIRTH
from veterans.querysets import PersonQuerySet

# So many are fetched in the order in which they are found, then sorted: the exact first ones of a very common name would
# take half a second, and nobody reads on after the first page; a further word is quicker.
FETCHED = 500
SHOWN = 20
LONGEST = 120
_MOST_WORDS = 8
_TAILS = 500
_NUMBER = re.compile(r"\d{9}|\d{12}")
# A number as it is printed in groups, alone in the field.
_GROUPED = re.compile(r"[\d .-]+")
_BETWEEN = re.compile(r"[\s|,;:.()/\"“”…]+")
# The trigram index knows no shorter ones; the beginning of a word is in it all the same.
_SHORT = 3
_LETTERS = re.compile(r"[^\W_]+")


class Found(NamedTuple):
    """ids: at most FETCHED, those typed with the same accents first, then by tên; more: whether more fit."""

    ids: list[int]
    more: bool


class Shown(NamedTuple):
    """The first ones of so many; more: whether even more fit than were counted."""

    people: list[Person]
    count: int
    more: bool


def readable(typed: str) -> str:
    """What was typed, as far as it is looked for: 120 signs, blanks for control signs (databases refuse NUL)."""
    return "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in typed).strip()[:LONGEST]


def words_of(typed: str) -> list[str]:
    """The words that are looked for, folded, at most eight; commas and the like only divide. typed: anything."""
    folded = vietnamese.fold(readable(typed))
    digits = re.sub(r"\D", "", folded)
    if _GROUPED.fullmatch(folded) and _NUMBER.fullmatch(digits):
        return [digits]
    return [word for word in _BETWEEN.split(folded) if name_keys.parts(word)][:_MOST_WORDS]


def _parts(people: PersonQuerySet, typed: str) -> list[PersonQuerySet]:
    """Those of `people` whom every word fits, in parts that share nobody.

    A part for each way to divide the words between name and commune, so that each is read by its own index: of one question
    with a choice in it the planner reads everything. At most a statement for the communes and one a number before them.
    """
    words = words_of(typed)
    if not all(_LETTERS.search(word) for word in words):
        return [people.none()]
    numbers = [word for word in words if _is_number(word)]
    for number in numbers:
        people = people.filter(_numbered(number))
    names = [word for word in words if word not in numbers]
    people = people.alias(plain_key=Concat("search_key", Value("")))
    meant = _communes_meant(names)
    # A single letter begins a word of every third name: where anything else is asked for, no index is read for it.
    plain = bool(numbers) or any(_run(word) > 1 for word in names)
    elsewhere = people.exclude(residence__in=sorted(set().union(*meant.values()))) if meant else people
    found = [elsewhere.filter(_in_name(names, plain=plain))]
    for known, places in meant.items():
        rest = [word for word in names if word not in known]
        found.append(people.filter(_in_name(rest, plain=True), residence__in=sorted(places)))
    return found


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word)) or (len(word) == sensitive.TAIL and word.isdecimal())


def _numbered(digits: str) -> Q:
    """A whole ID number; or its last four digits, which may be a year of birth as well."""
    fits = Q(pk__in=sensitive.people_with_number(digits)[:_TAILS])
    low, high = YEARS_OF_BIRTH
    is_year = len(digits) == sensitive.TAIL and low <= int(digits) <= high
    return fits | Q(birth_year=int(digits)) if is_year else fits


def _communes_meant(words: list[str]) -> dict[frozenset[str], set[int]]:
    """The words that may name a commune → the communes they may name; each commune once, with all that is written of it.

    A commune is meant by its whole name of more than one word, or by the last word of it beside a word that is not of it:
    "ha mon", "thut mon", "thut xã hà mòn"; not by "hoa" or "binh" alone, which are names of people as well.
    """
    typed = frozenset(words)
    if not any(len(word) > 1 and not word.isdigit() for word in words):
        return {}
    known: dict[int, frozenset[str]] = {}
    named = Area.objects.communes().order_by("pk").values_list("pk", "search_key", "aliases__search_key")
    for pk, name, alias in named:
        for spelling in (name, alias):
            of_it = (spelling or "").split()
            told = typed.intersection(of_it)
            if told and of_it[-1] in typed and (told < typed or len(told) > 1):
                known[pk] = known.get(pk, frozenset()) | told
    meant: dict[frozenset[str], set[int]] = defaultdict(set)
    for pk, told in known.items():
        meant[told].add(pk)
    return meant


def _in_name(words: list[str], *, plain: bool) -> Q:
    """All these words in a name; one with an apostrophe or hyphen inside also without it, and apart.

    plain: whether single letters are only compared, without an index.
    """
    every = Q()
    for word in words:
        apart = name_keys.parts(word)[:_MOST_WORDS]
        fits = _contains("".join(apart), plain=plain)
        if len(apart) > 1:
            each = Q()
            for part in apart:
                each &= _contains(part, plain=plain)
            fits |= each
        every &= fits
    return every


def _run(word: str) -> int:
    """The length of the longest run of letters and digits, on which an index can be asked."""
    return max(map(len, _LETTERS.findall(word)), default=0)


def _contains(word: str, *, plain: bool) -> Q:
    if _run(word) >= _SHORT:
        return Q(search_key__contains=word)
    key = "plain_key" if plain and _run(word) == 1 else "search_key"
    return Q(**{f"{key}__contains": f"|{word}"}) | Q(**{f"{key}__contains": f" {word}"})


def candidates(people: PersonQuerySet, typed: str) -> Found:
    """Those of `people` whom every word fits, as far as FETCHED go. At most three statements."""
    parts = [part.order_by().values_list("pk", "sort_key", "full_name", "other_name") for part in _parts(people, typed)]
    rows = _any(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
    accents = _Accents(typed)
    rows.sort(key=lambda row: (accents.missed(f"{row[2]} {row[3]}"), row[1], row[0]))
    return Found([row[0] for row in rows[:FETCHED]], len(rows) > FETCHED)


def _any(rows) -> list[tuple]:
    """The first FETCHED rows and one, in the order in which they are found.

    PostgreSQL, told that few rows are wanted, guesses how soon they come and reads the whole table where names do not go
    together as it thinks ("A … Thị"). A materialized part is planned for all its rows – by the indexes – and still read
    only as far as it is asked for.
    """
    connection = connections[rows.db]
    if connection.vendor != "postgresql":
        return list(rows[: FETCHED + 1])
    try:
        statement, params = rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            # Starting workers takes longer than such a statement.
            "SET LOCAL max_parallel_workers_per_gather = 0;"
            f" WITH fit AS MATERIALIZED ({statement}) SELECT * FROM fit LIMIT {FETCHED + 1}",
            params,
        )
        return cursor.fetchall()


class _Accents:
    """How many of the words that were typed with accents a name has not with just these."""

    def __init__(self, typed: str) -> None:
        self._typed = [
            (word.casefold(), vietnamese.fold(word), vietnamese.sort_key(word))
            for word in vietnamese.nfc(readable(typed)).split()[:_MOST_WORDS]
            if not word.isascii()
        ]
        self._known: dict[str, tuple[str, str]] = {}

    def missed(self, names: str) -> int:
        """Words typed with accents that no word of the names equals or begins with, though without accents one does."""
        if not self._typed:
            return 0
        words = names.casefold().replace(";", " ").split()
        return sum(self._is_missed(*typed, words) for typed in self._typed)

    def _is_missed(self, typed: str, folded: str, key: str, words: list[str]) -> bool:
        similar = False
        for word in words:
            if word.startswith(typed):
                return False
            plain, place = self._keys(word)
            # Hoà and Hòa have one key.
            if place == key:
                return False
            similar = similar or folded in plain
        return similar

    def _keys(self, word: str) -> tuple[str, str]:
        if word not in self._known:
            self._known[word] = (vietnamese.fold(word), vietnamese.sort_key(word))
        return self._known[word]


def found(people: PersonQuerySet, typed: str) -> Shown:
    """The first ones to show while somebody types.

    people: those the asker may see. Nothing typed finds nobody.
    """
    if not words_of(typed):
        return Shown([], 0, False)
    fit = candidates(people.on_the_list(), typed)
    return Shown(in_order(people, fit.ids[:SHOWN]), len(fit.ids), fit.more)


def in_order(people: PersonQuerySet, ids: list[int]) -> list[Person]:
    """Those of `people` with these ids, in the order of the ids, each with commune and district. One statement."""
    rows = people.order_by().select_related("residence__parent").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
