"""The mail server is away, refuses, is slow, accepts without saying so, breaks off."""

import time

import pytest

from tests.faults.conftest import Report, Stage
from tests.faults.sink import Behaviour

pytestmark = pytest.mark.faults
PEOPLE = 1000
WORKERS = 4


def test_06_a_server_that_is_closed_for_five_seconds_costs_time_only(stage: Stage, report: Report):
    behaviour = Behaviour()
    scene = stage(PEOPLE, behaviour)
    scene.workers(WORKERS)
    scene.wait_until(lambda: len(scene.sink.accepted) > 50, seconds=60, what="the first mails")
    behaviour.closed_until = time.monotonic() + 5

    verdict = scene.finish()

    report("6 SMTP 421", f"5 s, {verdict.injected['421']} answers", verdict).assert_kept()
    assert verdict.doubled == 0
    assert verdict.injected["421"] >= 4


def test_07_refusals_for_now_are_tried_again(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(refused_for_now=0.3))
    scene.workers(WORKERS)

    verdict = scene.finish()

    report("7 SMTP 451", f"30 %, {verdict.injected['451']} answers", verdict).assert_kept()
    assert verdict.doubled == 0
    assert verdict.injected["451"] >= 300


def test_08_greylisting_is_waited_out(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(greylist=2))
    scene.workers(WORKERS)

    verdict = scene.finish()

    report("8 greylisting", f"2 s a recipient, {verdict.injected['greylisted']} answers", verdict).assert_kept()
    assert verdict.doubled == 0
    assert verdict.injected["greylisted"] >= 1000


def test_09_a_server_that_accepts_and_says_nothing_gets_one_copy_more(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(hang=0.02, hang_seconds=8))
    scene.workers(WORKERS)

    verdict = scene.finish()

    hung = verdict.injected["accepted, hung"]
    report("9 accepted, no answer", f"2 %, {hung} × 8 s > 3 s", verdict).assert_kept()
    assert hung >= 5
    assert verdict.doubled == hung
    assert scene.ask("SELECT sum(suspect) FROM notifications_message")[0][0] == hung


def test_10_a_server_that_accepts_and_hangs_up_gets_one_copy_more(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(drop_after=0.02))
    scene.workers(WORKERS)

    verdict = scene.finish()

    dropped = verdict.injected["accepted, dropped"]
    report("10 accepted, dropped", f"2 %, {dropped}", verdict).assert_kept()
    assert dropped >= 5
    assert verdict.doubled == dropped
    assert scene.ask("SELECT sum(suspect) FROM notifications_message")[0][0] == dropped


def test_11_a_connection_that_breaks_inside_a_mail_costs_nothing(stage: Stage, report: Report):
    scene = stage(PEOPLE, Behaviour(drop_inside=0.05))
    scene.workers(WORKERS)

    verdict = scene.finish()

    dropped = verdict.injected["dropped inside DATA"]
    report("11 dropped inside DATA", f"5 %, {dropped}", verdict).assert_kept()
    assert dropped >= 20
    assert verdict.doubled == 0


def test_refused_people_and_full_mailboxes_have_their_reasons(stage: Stage, report: Report):
    unknown = {f"nguoi{n}@example.vn": "550 5.1.1 no such user" for n in range(0, 1000, 50)}
    full = {f"nguoi{n}@example.vn": "452 4.2.2 mailbox full" for n in range(1, 1000, 50)}
    scene = stage(PEOPLE, Behaviour(refused=unknown | full, refused_times=dict.fromkeys(full, 3)))
    scene.workers(WORKERS)

    verdict = report("RCPT 550, 452", "20 unknown, 20 full three times", scene.finish())

    verdict.assert_kept(dead=20)
    assert set(verdict.dead.values()) == {"Máy chủ thư trả lời 550: 5.1.1 no such user"}
    assert verdict.doubled == 0
    assert verdict.injected == {"550": 20, "452": 60}


def test_a_server_that_answers_just_in_time_gets_no_copies(stage: Stage, report: Report):
    # Each answer within the time-out of three seconds, all of them together longer than a send may take.
    scene = stage(12, Behaviour(slow_answers=2.6, slow=2))
    scene.workers(WORKERS)
    time.sleep(3 * scene.lease)
    scene.sink.behaviour = Behaviour()

    verdict = report("slow answers", "2,6 s each, 54 s", scene.finish())

    verdict.assert_kept()
