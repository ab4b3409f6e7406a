"""The queue is lost, and the workers of Celery are replaced: the rows in the database know what is to be done."""

import time
from collections.abc import Callable

import pytest

from tests.faults.conftest import Report, Stage
from tests.faults.harness import OwnRedis, Process, Scenario
from tests.faults.sink import Behaviour

pytestmark = pytest.mark.faults
PEOPLE = 1000
WORKERS = 4
# As long as a worker may take after SIGTERM.
LONGEST_END = 30


def celery(scene: Scenario, number: int = WORKERS) -> list[Process]:
    """Workers as production starts them."""
    return [
        scene.celery(
            "worker", "--concurrency", "1", "--loglevel", "WARNING", "--hostname", f"w{len(scene.processes)}@%h"
        )
        for _ in range(number)
    ]


def beat(scene: Scenario) -> Process:
    return scene.celery("beat", "--schedule", str(scene.folder / "beat"), "--loglevel", "WARNING")


def lose_the_queue(scene: Scenario, lose: Callable[[], None]) -> None:
    """Twice, while mails leave."""
    for mails in (100, 500):
        scene.wait_until(lambda mails=mails: len(scene.sink.accepted) > mails, seconds=90, what=f"{mails} mails")
        lose()


def test_04_an_emptied_queue_loses_nothing(stage: Stage, report: Report, own_redis: OwnRedis):
    scene = stage(PEOPLE, Behaviour(slow=0.05))
    celery(scene)
    beat(scene)
    lose_the_queue(scene, own_redis.flush)

    verdict = report("4 Redis FLUSHALL", "twice, Celery", scene.finish(end=60))

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_05_a_restarted_queue_loses_nothing(stage: Stage, report: Report, own_redis: OwnRedis):
    scene = stage(PEOPLE, Behaviour(slow=0.05))
    celery(scene)
    beat(scene)

    def restart() -> None:
        own_redis.kill()
        time.sleep(1)
        own_redis.start()

    lose_the_queue(scene, restart)

    verdict = report("5 Redis restart", "kill -9 twice, Celery", scene.finish(end=60))

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_15_a_deploy_three_times_doubles_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=0.1))
    workers = celery(scene)
    beat(scene)
    ends = []
    for mails in (100, 350, 600):
        scene.wait_until(lambda mails=mails: len(scene.sink.accepted) > mails, seconds=90, what=f"{mails} mails")
        for process in workers:
            process.ask_to_end()
        ends += [process.wait(90) for process in workers]
        workers = celery(scene)

    verdict = report("15 deploy", f"SIGTERM all × 3, ended within {max(ends):.0f} s", scene.finish(end=60))

    verdict.assert_kept()
    assert verdict.doubled == 0
    assert max(ends) <= LONGEST_END
