"""The registry's part of the demo on the real areas."""

from datetime import date

import pytest
from django.db.models import Count

from directive_tracker.demo_people import create_demo_people
from tests.factories import at as moment
from units.reference import load_reference
from veterans.demo import play_registry
from veterans.demo_people import PEOPLE
from veterans.figures import RegistryFigures, public_figures, registry_figures
from veterans.models import (
    AreaReview,
    Consent,
    DataRequest,
    Delegation,
    DuplicatePair,
    Gift,
    GratitudePlan,
    Person,
    PersonImport,
    Visit,
)

pytestmark = pytest.mark.django_db

START = date(2024, 2, 15)


def at(day, hour, minute):
    return moment(day, f"{hour:02}:{minute:02}")


def play(last, first=START):
    return play_registry(first=first, last=last, at=at)


@pytest.fixture
def province(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    load_reference()
    create_demo_people("bon-chu-va-so-1234", at(START, 7, 30))


def state():
    return (
        list(Person.objects.order_by("pk").values_list("full_name", "verification", "living_state", "version")),
        list(AreaReview.objects.order_by("pk").values_list("area__code", "reviewed_on")),
        list(Visit.objects.order_by("pk").values_list("person__full_name", "on", "gifts__money")),
    )


def test_on_15_april_the_registry_is_alive(province):
    play(date(2024, 4, 14))
    assert Person.objects.count() == 48
    assert Person.objects.values("residence__parent").distinct().count() == 10
    assert registry_figures(date(2024, 4, 15)) == RegistryFigures(
        communes_reviewed=96, communes_total=102, verified_living=33, visited=1, unvisited_old=8
    )
    assert public_figures(date(2024, 4, 15)).visited == "dưới 5"
    assert Person.objects.filter(living_state="deceased").count() == 2
    assert [person.full_name for person in Person.objects.all() if person.death_waits] == ["Võ Tấn Lực"]
    assert list(Visit.objects.values_list("on", "person__full_name")) == [(date(2024, 4, 5), "Nguyễn Văn Hoà")]


def test_on_the_last_day_everything_is_reviewed_and_more_people_visited(province):
    play(date(2024, 5, 20))
    assert registry_figures(date(2024, 5, 20)) == RegistryFigures(
        communes_reviewed=102, communes_total=102, verified_living=33, visited=30, unvisited_old=1
    )


def test_playing_day_by_day_or_twice_gives_the_same(province):
    first, middle, last = START, date(2024, 3, 20), date(2024, 4, 30)
    play(middle)
    play(last, first=date(2024, 3, 21))
    once = state()
    assert play(last, first=first) == 0
    assert state() == once


def test_on_15_april_a_list_a_pair_and_a_request_wait(province):
    play(date(2024, 4, 14))
    found, pair, request = PersonImport.objects.get(), DuplicatePair.objects.get(), DataRequest.objects.get()
    counts = {kind: found.summary["counts"].get(kind, 0) for kind in ("create", "update", "keep", "error")}
    assert (found.state, counts) == ("checked", {"create": 4, "update": 0, "keep": 0, "error": 2})
    assert (pair.state, pair.first.full_name, pair.second.full_name) == ("proposed", "Ngô Thị Én", "Ngo Thi En")
    assert (request.state, request.answer_due, request.done_due) == ("answered", date(2024, 4, 16), date(2024, 4, 22))
    assert list(Consent.objects.values_list("person__full_name", "purpose", "given")) == [
        ("Nguyễn Văn Hoà", "photo", True)
    ]


def test_the_request_is_carried_out_in_time_and_the_rest_goes_on_waiting(province):
    play(date(2024, 5, 20))
    request = DataRequest.objects.get()
    assert (request.state, request.closed_at) == ("done", at(date(2024, 4, 17), 9, 25))
    assert (PersonImport.objects.get().state, DuplicatePair.objects.get().state) == ("checked", "proposed")


def test_people_work_on_working_days_only(province):
    play(date(2024, 5, 20))
    days = set(Person.objects.values_list("created_at__date", flat=True)) | set(
        AreaReview.objects.values_list("reviewed_on", flat=True)
    )
    assert [day for day in sorted(days) if day.weekday() > 4] == []
    assert date(2024, 4, 18) not in days


def test_the_people_are_invented_within_the_limits():
    entries = [entry for entries in PEOPLE.values() for entry in entries]
    years = [int(entry.birth.lstrip("~").split("/")[-1]) for entry in entries if entry.birth]
    assert (len(entries), min(years), max(years)) == (48, 1922, 1938)
    assert {entry.phone[:7] for entry in entries if entry.phone} == {"0950000"}


def test_on_15_april_the_plan_is_approved_and_ten_delegations_are_ready(province):
    play(date(2024, 4, 14))
    plan = GratitudePlan.objects.get()
    approval = plan.approvals.get()
    assert (plan.state, str(approval), approval.people, approval.money) == ("approved", "15-KH/MTTQ", 22, 100_000_000)
    assert list(Delegation.objects.order_by("pk").values_list("name", "state")) == [
        (f"Đoàn số {number}", "planned") for number in range(1, 11)
    ]


def test_at_the_end_three_were_not_reached_each_for_a_reason_of_its_own(province):
    play(date(2024, 5, 20))
    left = Person.objects.verified_living().filter(visits=None).order_by("full_name")
    assert list(left.values_list("full_name", flat=True)) == ["Ngô Thị Én", "Vi Văn Nhượng", "Võ Tấn Lực"]
    assert Delegation.objects.get(state="cancelled").cancelled_because == (
        "Mưa lớn, đường vào xã sạt lở; xã thăm thay."
    )
    assert list(Gift.objects.values_list("state").annotate(number=Count("pk")).order_by("state")) == [
        ("given", 39),
        ("promised", 4),
    ]
