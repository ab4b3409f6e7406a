"""The last hour of a period: two hundred focal points send within ten seconds, a thousand within a minute, each with a file;
and the same while workers are killed and the database falls over."""

import time

import pytest

from tests.faults.conftest import Stage
from tests.faults.rush import Place, Rush

# People who send one after the other before the rush: the first bring what each process makes once, the others are measured.
FIRST, IDLE = 16, 20
TWICE_EVERY = 10  # one in so many clicks twice
# What of both cores others may use for the times to mean something.
QUIET = 0.15


@pytest.fixture
def place(request: pytest.FixtureRequest, stage: Stage) -> Place:
    """Servers with so many people besides those who send while nothing else happens."""
    everybody = FIRST + IDLE + request.param
    return Place(stage(everybody), everybody)


def tell(name: str, idle: Rush, rush: Rush, capsys: pytest.CaptureFixture) -> float:
    """Print what it took; p95 over that of an idle server."""
    ratio = rush.percentile(95) / idle.percentile(95)
    with capsys.disabled():
        print(
            f"\n{name}: {len(rush.times)} sent in {rush.seconds:.1f} s; p50 {rush.percentile(50):.0f}, p95"
            f" {rush.percentile(95):.0f}, p99 {rush.percentile(99):.0f} ms; idle p50 {idle.percentile(50):.0f}, p95"
            f" {idle.percentile(95):.0f}: {ratio:.1f} times; CPU a person: pages {rush.web_cpu / len(rush.told) * 1000:.0f} ms,"
            f" PostgreSQL {rush.database_cpu / len(rush.told) * 1000:.0f}, the crowd itself"
            f" {rush.driver_cpu / len(rush.told) * 1000:.1f}; others used {rush.others:.0%} of the machine;"
            f" answers {dict(rush.statuses)}; {', '.join(rush.faults)}, a retry at most {rush.slowest_recovery:.1f} s"
        )
    return ratio


def assert_whole(place: Place, told: list[dict], people: int) -> None:
    """Nobody refused, nothing lost, nothing there twice."""
    count = place.count(told)
    assert (count.refused, count.lost, count.doubled, count.wrong, count.files_wrong) == ([], [], [], [], [])
    assert (count.sent, count.accepted) == (people, people)
    assert (count.files, count.rows_of_nobody) == (people, 0)


def before_the_rush(place: Place) -> tuple[list[dict], Rush]:
    """Everybody who sends before, and how it goes on an idle server."""
    first = place.rush(place.people[:FIRST], seconds=0)
    idle = place.rush(place.people[FIRST : FIRST + IDLE], seconds=0)
    return first.told + idle.told, idle


@pytest.mark.faults
@pytest.mark.parametrize(("place", "seconds"), [(200, 10), (1000, 60)], indirect=["place"], ids=["200", "1000"])
def test_a_rush_loses_and_doubles_nothing(place: Place, seconds: int, capsys):
    before, idle = before_the_rush(place)
    rush = place.rush(place.people[FIRST + IDLE :], seconds=seconds, twice_every=TWICE_EVERY)

    ratio = tell(f"{len(rush.told)} in {seconds} s", idle, rush, capsys)
    assert_whole(place, before + rush.told, len(place.people))
    assert set(rush.statuses) == {302}
    assert place.count(before + rush.told).bytes_of_nobody == 0
    if rush.others < QUIET:
        assert ratio <= 3


def harm(place: Place) -> tuple[list[str], float]:
    """While files arrive, which is in the middle of somebody's sending: kill -9 a worker at a tenth, a fifth, seven tenths
    and nine tenths of them; at four tenths crash the database and start it again."""
    for share in (0.1, 0.2):
        place.wait_for_files(share)
        place.kill_worker()
    place.wait_for_files(0.4)
    place.scene.house.server.crash()
    place.scene.house.server.start()
    back_at = time.monotonic()
    for share in (0.7, 0.9):
        place.wait_for_files(share)
        place.kill_worker()
    return ["kill -9", "kill -9", "PostgreSQL -m immediate", "kill -9", "kill -9"], back_at


@pytest.mark.faults
@pytest.mark.parametrize("place", [200], indirect=True)
def test_a_rush_with_killed_workers_and_a_crashed_database_loses_nothing_and_a_retry_succeeds(place: Place, capsys):
    before, idle = before_the_rush(place)
    rush = place.rush(place.people[FIRST + IDLE :], seconds=10, twice_every=TWICE_EVERY, during=harm)

    tell("200 in 10 s with faults", idle, rush, capsys)
    assert_whole(place, before + rush.told, len(place.people))
    assert rush.trouble > 0
    if rush.others < QUIET:
        assert rush.slowest_recovery <= 15
