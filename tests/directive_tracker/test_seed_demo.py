"""The demo: played through the pages' own functions, every state on the screen, repeatable."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count
from django.test import override_settings

from accounts.models import User
from directive_tracker import clock, demo_story
from directive_tracker.demo_people import create_demo_people
from directive_tracker.demo_story.player import play
from tasks import tallies
from tasks.issuing import issue
from tasks.models import Assignment, Directive
from tests.factories import at, make_office_user
from units.reference import load_reference

BULK = {"bulk_create", "bulk_update", "update", "raw", "execute", "executemany"}


@pytest.mark.django_db
def test_on_the_demo_day_every_state_is_there_and_the_figures_are_true(settings, tmp_path):
    settings.DEMO, settings.VAR_DIR, settings.MEDIA_ROOT = True, tmp_path, tmp_path / "media"
    load_reference()
    create_demo_people("mat-khau-cua-ban-thu", at("2024-02-14"))

    play(date(2024, 4, 14))

    directive = Directive.objects.get()
    roles = dict(Assignment.objects.values_list("role").annotate(n=Count("pk")).order_by())
    states = dict(Assignment.objects.values_list("state").annotate(n=Count("pk")).order_by())
    again = issue(directive, by=User.objects.get(username="vanphong"), now=at("2024-04-15"))
    assert roles == {"lead": 111, "coordinating": 32}
    assert states == {
        "assigned": 3,
        "awaiting_unit_head": 1,
        "completed": 36,
        "in_progress": 97,
        "paused": 1,
        "redo": 1,
        "returned_by_unit": 1,
        "submitted": 3,
    }
    assert (again.created, Assignment.objects.count()) == (0, 143)
    assert tallies.differences(directive, today=date(2024, 4, 15)) == []
    total = tallies.total_of(tallies.by_unit(directive))
    assert (total.counted, total.outside, total.paused) == (89, 22, 1)


def test_the_story_writes_no_rows_in_bulk():
    folder = Path(demo_story.__file__).parent
    files = [*folder.glob("*.py"), folder.parent / "management" / "commands" / "seed_demo.py"]

    calls = {
        f"{file.name}:{node.lineno} {node.func.attr}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BULK
    }

    assert calls == set()


@pytest.mark.django_db
def test_the_next_working_day_after_friday_26_april_is_thursday_2_may(client, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    clock.set_demo_clock(at("2024-04-26", "16:00"))
    client.force_login(make_office_user())

    client.post("/thu/ngay-tiep/")

    assert clock.today() == date(2024, 5, 2)


@pytest.mark.django_db
def test_outside_the_demo_its_pages_do_not_exist(client):
    client.force_login(make_office_user())

    with override_settings(DEMO=False):
        answers = [client.post("/thu/ngay-tiep/").status_code, client.get("/thu/").status_code]

    assert answers == [404, 404]
