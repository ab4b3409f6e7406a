"""What does not depend on the machine: statements and weight of the measured pages, the same at every size; and that the
bench itself runs."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.sessions import SessionStore
from directive_tracker.scale.build import Size, build
from records.audit import record
from tasks.models import Assignment
from tests import services
from tests.bench import __main__ as bench
from tests.bench.pages import HOST, PAGES
from tests.bench.prepare import a_matrix, count, drafts, parts, people, session
from tests.factories import at
from units.models import Membership, Role

TODAY = date(2024, 4, 15)
# Session with user, rights, then what the page is about. `submit` keeps the draft and sends it in one transaction; figures,
# notices and the sealing of the log are a statement each.
STATEMENTS = {
    "list": 5,
    "overdue": 5,
    "detail": 7,
    "search": 5,
    "overview": 9,
    "overview_year": 6,
    "matrix": 9,
    "constant": 0,
    "today": 28,
    "review_queue": 15,
    "directives": 6,
    "directive": 16,
    "summary_reports": 5,
    "chase": 6,
    "month": 12,
    "ranking": 3,
    "digests": 3,
    "go": 6,
    "unit_reports": 4,
    "report_form": 9,
    "month_unit": 12,
    "search_unit": 5,
    "list_unit": 5,
    "detail_unit": 7,
    "submit": 16,
}
# Of each kind one; all of them are asked for once before (prepare.py).
MEASURED = ("constant", "list", "overdue", "detail", "search", "overview", "list_unit", "report_form", "submit")
# Bytes of HTML, plain and compressed; why not 20 000: docs/performance.md.
HEAVIEST = {"list": (30_000, 5_000), "overdue": (30_000, 5_000), "list_unit": (30_000, 5_000)}


def counted(size: int) -> dict[str, dict]:
    """Each page once, over so many assignments of ten units."""
    build(Size(assignments=size, units=10, users=40), today=TODAY, seed=1, say=lambda words: None)
    officer, reporter = people(Role.OFFICE)[0], people(Role.REPORTER)[0]
    unit = Membership.objects.get(user=reporter).unit_id
    keys = {user.pk: session(user, SessionStore, settings.AUTHENTICATION_BACKENDS[0]) for user in (officer, reporter)}
    (draft,) = drafts(1, {unit: reporter})
    # The log has begun: only its very first row is sealed in another way.
    record("directive.read", by=officer, at=at(TODAY))
    found, matrix = {}, a_matrix()
    for page in PAGES:
        user = officer if page.who == "office" else reporter
        part = parts()[0] if page.who == "office" else parts(unit=unit)[0]
        directive = Assignment.objects.get(pk=part).directive_id
        values = {**draft, "part": part, "directive": directive, "matrix": matrix, "year": 2024, "unit": unit}
        values["q"] = "dan+van"
        fields = draft["fields"] if page.is_write else None
        found[page.name] = count(page, values, "" if page.who == "nobody" else keys[user.pk], fields)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [400, 2000])
@override_settings(ALLOWED_HOSTS=[HOST])
def test_a_page_costs_the_same_statements_at_every_size_and_weighs_no_more_than_it_may(monkeypatch, size):
    monkeypatch.setattr("directive_tracker.clock.now", lambda: at(TODAY))
    monkeypatch.setattr("directive_tracker.clock.today", lambda: TODAY)

    found = counted(size)

    statements = {name: page["queries"] for name, page in found.items()}
    # What was said in the last rounds is asked for where there are some.
    assert statements.pop("unit_home") in (23, 24)
    assert statements == STATEMENTS
    too_heavy = {
        name: (found[name]["bytes"], found[name]["gzip_bytes"])
        for name, (plain, packed) in HEAVIEST.items()
        if found[name]["bytes"] > plain or found[name]["gzip_bytes"] > packed
    }
    assert too_heavy == {}


@pytest.mark.pg
def test_the_bench_runs_and_writes_its_figures_in_the_form_that_others_read(tmp_path, capsys):
    to = tmp_path / "bench.json"

    code = bench.run((2000,), 1, 8, 2, list(MEASURED), to, extras=False, units=10, users=40)

    written = json.loads(to.read_text())
    assert code == 0
    assert set(written) == {"pages", "buffers", "goals", "sizes", "machine", "more", "postgres", "at"}
    assert set(written["buffers"]) == {"list", "overdue", "detail"}
    assert all(number > 0 for number in written["buffers"].values())
    assert {row["goal"] for row in written["goals"]} >= {f"G{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16)}
    assert {row["met"] for row in written["goals"] if row["goal"] in ("G12", "G16")} == {None}
    assert set(written["pages"]) == set(MEASURED)
    for page in written["pages"].values():
        assert {"cpu_ms", "floor_ms", "floor_ratio", "growth", "queries", "bytes"} <= set(page)
        assert page["cpu_ms"] > 0 and page["floor_ms"] > 0


def test_without_postgresql_the_bench_says_so(monkeypatch, capsys):
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(services, "postgres_bin", lambda: None)
    monkeypatch.setattr(services, "install", lambda packages: None)

    code = bench.main([])

    assert (code, capsys.readouterr().out) == (
        0,
        "Không đo được: không có PostgreSQL trên máy (gói Debian: postgresql)\n",
    )
