"""Finding people by what somebody remembers: words of the name in any order, a year of birth, a commune, digits of the ID number.

Every word has to fit. Names are searched on the stored key, without accents; numbers only by their blind index, whole or by
the last four digits. Measured at a million people in docs/registry-duplicates.md.
"""

import re

from django.db.models import Q

from directive_tracker import vietnamese
from units.models import Area
from veterans import sensitive
from veterans.models import Person
from veterans.models.person import YEARS_OF_BIRTH
from veterans.querysets import PersonQuerySet

# So many are fetched in the order in which they are found, then sorted: the exact first ones of a very common name would
# take half a second, and nobody reads on after the first page; a further word is quicker.
FETCHED = 500
SHOWN = 20
_MOST_WORDS = 8
_TAILS = 500
_NUMBER = re.compile(r"\d{9}|\d{12}")


def matching(people: PersonQuerySet, words: str) -> PersonQuerySet:
    """Those of `people` whom every word fits. At most two statements before the one that is returned."""
    typed = vietnamese.fold(words).replace("|", " ").split()[:_MOST_WORDS]
    communes = _communes(typed)
    for word in typed:
        people = people.filter(_fits(word, communes))
    return people


def _communes(typed: list[str]) -> list[tuple[int, str]]:
    """All communes with their folded names, where a word may mean one."""
    if not any(len(word) > 1 and not word.isdigit() for word in typed):
        return []
    return [(pk, vietnamese.fold(name)) for pk, name in Area.objects.communes().values_list("pk", "name")]


def _fits(word: str, communes: list[tuple[int, str]]) -> Q:
    """What one word may mean."""
    if _NUMBER.fullmatch(word):
        return Q(pk__in=sensitive.people_with_number(word))
    if len(word) == sensitive.TAIL and word.isdigit():
        fits = Q(pk__in=sensitive.people_with_number(word)[:_TAILS])
        low, high = YEARS_OF_BIRTH
        return fits | Q(birth_year=int(word)) if low <= int(word) <= high else fits
    fits = Q(search_key__contains=word)
    # A whole word of its name: "hoa" is in Xã Hòa Bình, "h" is in most.
    places = [pk for pk, name in communes if word in name.split()]
    return fits | Q(residence__in=places) if places else fits


def found(people: PersonQuerySet, words: str) -> tuple[list[Person], bool]:
    """The first ones to show while somebody types, sorted by tên, and whether there are more.

    people: those the asker may see. Nothing typed finds nobody.
    """
    if not words.strip():
        return [], False
    pks = list(matching(people.on_the_list(), words).values_list("pk", "sort_key")[:FETCHED])
    first = [pk for pk, _ in sorted(pks, key=lambda row: (row[1], row[0]))[:SHOWN]]
    rows = Person.objects.filter(pk__in=first).select_related("residence__parent").in_bulk()
    return [rows[pk] for pk in first if pk in rows], len(pks) > SHOWN
