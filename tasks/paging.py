"""Which page of a long list: the number that was asked for, and a count that stops.

Counting hundreds of thousands of rows to show twenty-five costs more than the page. So the count stops at COUNTED_UP_TO
and the page says "hơn 500"; further pages count further.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

PAGE_SIZE = 25
COUNTED_UP_TO = 500
LARGEST_PAGE = 1_000_000

# The rows of one stretch, and how many there are altogether, counted no further than the number.
Reader = Callable[[slice, int], tuple[Sequence[Any], int]]


class CountedPaginator(Paginator):
    """A paginator whose rows and count have been read already."""

    def __init__(self, number: int, rows: Sequence[Any], count: int, *, capped: bool) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.number, self.capped = number, capped
        self._count = count

    @cached_property
    def count(self) -> int:
        """All rows that were counted; there are more where `capped`."""
        return self._count

    def the_page(self) -> Page:
        """The page that was read."""
        return self._get_page(self.object_list, self.number, self)


def page_number(asked: str | None) -> int:
    """The number in the address; what is none is the first page."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    return min(max(1, number), LARGEST_PAGE)


def read_page(asked: str | None, read: Reader) -> Page:
    """The page that was asked for (a number that is none: the first; too large: the last).

    Args:
        read: called once, twice for a page too large; has to count also where the stretch holds nothing.
    """
    number = page_number(asked)
    found, count = read(_rows_of(number), _limit(number))
    if not found and number > 1:  # a page too large, or its last rows have been answered meanwhile
        number = max(1, -(-min(count, _limit(number)) // PAGE_SIZE))
        found, count = read(_rows_of(number), _limit(number))
    capped = count >= _limit(number)
    return CountedPaginator(number, found, _limit(number) - 1 if capped else count, capped=capped).the_page()


def _rows_of(number: int) -> slice:
    return slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)


def _limit(number: int) -> int:
    """Where the count stops: after the next full COUNTED_UP_TO behind the page, and one to see that there are more."""
    return COUNTED_UP_TO * (number * PAGE_SIZE // COUNTED_UP_TO + 1) + 1
