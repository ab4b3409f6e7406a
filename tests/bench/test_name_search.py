"""The bench of finding by name runs, and asks as every registrar."""

from datetime import date

import pytest

from directive_tracker.scale.build import Size, build
from tests.bench import name_asks, name_search
from units.reference import load_reference
from veterans import searching
from veterans.models import Person


@pytest.mark.django_db
def test_every_class_is_asked_as_every_registrar_and_the_table_says_what_is_missed(capsys):
    load_reference()
    build(Size(0, 1, 2, people=300), today=date(2024, 4, 15), seed=1, say=lambda words: None)

    measured = name_asks.measure(3)

    assert set(measured["classes"]) == {*name_asks.CLASSES, "rare name"}
    assert {tuple(times) for times in measured["classes"].values()} == {("floor", "tỉnh", "huyện", "xã")}
    worst = {"tỉnh": 67.6, "huyện": 67.5, "xã": 3.0}
    name_search.show({"people": 300, "load_seconds": 1, **measured, "floor_p95_ms": 45.0, "worst": worst})
    said = capsys.readouterr().out
    assert [line.strip() for line in said.splitlines() if "p95 xấu nhất" in line] == [
        "chưa đạt –  tỉnh: p95 xấu nhất 67.6 ms (đích ≤ 1.5 F = 68 ms)",
        "huyện: p95 xấu nhất 67.5 ms (đích ≤ 1.5 F = 68 ms)",
        "xã: p95 xấu nhất 3.0 ms (đích ≤ 1.5 F = 68 ms)",
    ]


@pytest.mark.django_db
def test_the_questions_of_the_bench_find_somebody_where_they_should():
    load_reference()
    build(Size(0, 1, 2, people=3000), today=date(2024, 4, 15), seed=1, say=lambda words: None)
    few = {"never together", "not there", "last four digits", "two letters", "one letter", "year", "name and year"}

    found = {
        name: min(searching.found(Person.objects.all(), typed).count for typed in typed_all)
        for name, typed_all in name_asks.CLASSES.items()
    }

    assert {name for name, least in found.items() if not least} <= few | {"name and commune"}
