"""The short selection for `make test` (on PostgreSQL): sixty mails a scenario; `make faults` runs the whole."""

from tests.faults.conftest import Report, Stage
from tests.faults.sink import Behaviour

PEOPLE = 60


def test_without_a_fault_everybody_is_told_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(2)

    verdict = report("1 none", "–", scene.finish(seconds=40))

    verdict.assert_kept()
    assert (verdict.expected, verdict.doubled) == (60, 0)
    assert verdict.in_app_expected == 120


def test_killed_workers_lose_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(slow=0.15))
    scene.workers(2)
    scene.kill_workers(3, every=0.4, seconds=40)

    verdict = report("2 kill -9", "3 kills", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.open_kills >= 1


def test_rounds_at_the_same_moment_plan_and_send_once(stage: Stage, report: Report):
    scene = stage(PEOPLE)
    scene.workers(4, rounds=1)

    verdict = report("3 ticks at once", "4 rounds", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.doubled == 0


def test_refusals_for_now_are_tried_again(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(refused_for_now=0.3))
    scene.workers(2)

    verdict = report("7 SMTP 451", "30 %", scene.finish(seconds=40))

    verdict.assert_kept()
    assert verdict.doubled == 0
    assert verdict.injected["451"] >= 10
