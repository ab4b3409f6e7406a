"""The demo's own pages: the next working day, and the tour whose steps tick themselves."""

import re
from datetime import date, datetime
from functools import partial

import pytest
from django.test import Client

from directive_tracker import clock
from directive_tracker.demo_people import create_demo_people
from directive_tracker.demo_story import steps
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.player import play
from directive_tracker.demo_story.reports import Told
from directive_tracker.vietnamese import ZONE
from tasks.models import Assignment, Directive, FigureDay
from tasks.ranking.days import last_noted
from tests.factories import at, make_office_user
from units.reference import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def cast():
    """The demo on the morning of 16/02: issued, nobody of Đắk Hà has answered."""
    load_reference()
    users = create_demo_people("mot-mat-khau", at("2024-02-14", "08:00"))
    play(date(2024, 2, 15))
    clock.set_demo_clock(at("2024-02-16", "08:00"))
    return Cast(directive=Directive.objects.get(), users=users)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- the next working day -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2024-04-15", date(2024, 4, 16), "Hôm nay là Thứ Ba 16/4/2024 · không có thư nhắc việc nào phải gửi."),
        (
            "2024-04-26",
            date(2024, 5, 2),
            "Hôm nay là Thứ Năm 02/5/2024 · đã qua 5 ngày nghỉ · không có thư nhắc việc nào phải gửi.",
        ),
        ("2024-05-03", date(2024, 5, 4), "Hôm nay là Thứ Bảy 04/5/2024 · không có thư nhắc việc nào phải gửi."),
    ],
)
def test_the_day_moves_to_the_morning_of_the_next_working_day(client, before, after, words):
    clock.set_demo_clock(at(before, "15:00"))
    response = client.post("/thu/ngay-tiep/", {"next": "/thu/"}, follow=True)
    assert clock.today() == after
    assert (clock.now().hour, clock.now().minute) == (8, 0)
    assert response.redirect_chain == [("/thu/", 302)]
    assert said(response) == [words]


def test_it_never_leads_to_another_server(client):
    clock.set_demo_clock(at("2024-04-15"))
    response = client.post("/thu/ngay-tiep/", {"next": "https://example.org/"})
    assert response.url == "/"


def test_the_new_morning_sends_its_reminders_and_the_units_do_nothing_more(client, cast):
    clock.set_demo_clock(at("2024-02-23", "15:00"))
    before = Assignment.objects.filter(state="assigned").count()
    client.post("/thu/ngay-tiep/")
    # Three working days before 29/02 is Monday 26/02; to the others it brings the week's bulletin: nobody has taken note yet.
    response = client.get("/thu/")
    assert said(response) == ["Hôm nay là Thứ Hai 26/02/2024 · đã qua 2 ngày nghỉ · 20 thư nhắc việc đã gửi."]
    assert Assignment.objects.filter(state="assigned").count() == before


def test_the_days_that_are_jumped_over_get_their_figures(client, cast):
    clock.set_demo_clock(at("2024-02-23", "15:00"))
    assert last_noted() == date(2024, 2, 15)

    client.post("/thu/ngay-tiep/")

    assert last_noted() == date(2024, 2, 25)
    assert list(FigureDay.objects.filter(unit=None).order_by("pk").values_list("day", "open_in_time")) == [
        (date(2024, 2, 15), 90),
    ]


def test_a_link_cannot_move_the_day(client):
    assert client.get("/thu/ngay-tiep/").status_code == 405


def test_outside_the_demo_there_are_no_such_pages(client, settings):
    settings.DEMO = False
    client.force_login(make_office_user())
    statuses = [client.get("/thu/"), client.get("/thu/ngay-tiep/"), client.post("/thu/ngay-tiep/")]
    assert [response.status_code for response in statuses] == [404, 404, 404]


# --- the tour -------------------------------------------------------------------------------------


def ticked(client) -> list[bool]:
    """Which of the steps are ticked, from the page."""
    page = client.get("/thu/").content.decode()
    return [bool(mark) for mark in re.findall(r'<li( class="is-done")?>\s*<h3>', page)]


def act(cast, hour: int, what, **arguments) -> None:
    partial(what, **arguments)(cast, datetime(2024, 2, 16, hour, 0, tzinfo=ZONE))


def test_the_tour_is_open_to_those_who_have_not_signed_in_and_leads_into_each_role(client, cast):
    response = client.get("/thu/")
    page = response.content.decode()
    assert ticked(client) == [False] * 6
    assert page.count('name="username" value="dakha"') == 3
    assert page.count('name="username" value="dakha.lanhdao"') == 2
    assert page.count('name="username" value="vanphong"') == 3
    assert page.count('name="username" value="thuongtruc"') == 1
    answer = client.post("/accounts/demo/", {"username": "thuongtruc", "next": "/tong-quan/"})
    assert answer.url == "/tong-quan/"


def test_each_step_is_ticked_when_it_was_taken(client, cast):
    Client().post("/accounts/demo/", {"username": "vanphong"})
    assert ticked(client) == [True, False, False, False, False, False]

    act(cast, 9, steps.acknowledge, unit="hu-dak-ha", only=("1a.1",))
    assert ticked(client) == [True, True, False, False, False, False]

    act(cast, 10, steps.send_report, unit="hu-dak-ha", told=(Told("1a.1"), Told("1a.2")))
    assert ticked(client) == [True, True, False, False, False, False]
    act(cast, 11, steps.approve, unit="hu-dak-ha")
    assert ticked(client) == [True, True, True, False, False, False]

    back = {"reason": "Đề nghị ghi số liệu.", "fields": ("indicators",)}
    act(cast, 13, steps.send_back, unit="hu-dak-ha", code="1a.2", **back)
    act(cast, 13, steps.accept, unit="hu-dak-ha")
    assert ticked(client) == [True, True, True, True, False, False]

    act(cast, 14, steps.correct, unit="hu-dak-ha", told=Told("1a.2"))
    act(cast, 15, steps.approve, unit="hu-dak-ha")
    act(cast, 16, steps.accept, unit="hu-dak-ha")
    assert ticked(client) == [True, True, True, True, True, False]

    Client().post("/accounts/demo/", {"username": "thuongtruc"})
    assert ticked(client) == [True] * 6
    assert "Đã đi hết" in client.get("/thu/").content.decode()
