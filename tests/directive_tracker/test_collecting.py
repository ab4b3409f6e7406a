"""Searches for rings of objects are made seldom only as long as somebody works on many rows."""

import gc

from directive_tracker import collecting


def test_searches_are_as_usual_again_when_the_last_of_several_works_ends():
    usual = gc.get_threshold()

    with collecting.seldom():
        with collecting.seldom():
            inner = gc.get_threshold()
        outer = gc.get_threshold()

    assert (inner[0], outer[0], gc.get_threshold()) == (50_000, 50_000, usual)


def test_searches_are_as_usual_again_after_an_error():
    usual = gc.get_threshold()

    try:
        with collecting.seldom():
            raise ValueError
    except ValueError:
        pass

    assert gc.get_threshold() == usual
