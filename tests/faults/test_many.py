"""A hundred thousand reminders due at the same moment."""

import gc
import os
import time

import pytest

from tests.faults.conftest import Report, Stage
from tests.faults.harness import NOW

pytestmark = pytest.mark.faults
# Fewer for trying: FAULTS_MANY=20000 make faults ARGS=tests/faults/test_many.py
PEOPLE = int(os.environ.get("FAULTS_MANY", "100000"))


def test_24_a_hundred_thousand_at_once_are_told_once(stage: Stage, report: Report, request: pytest.FixtureRequest):
    # The mail server lives in this process; looking through all it keeps would hold up its answers for seconds.
    gc.disable()
    request.addfinalizer(gc.enable)
    scene = stage(PEOPLE)
    # Planning apart from sending: at six in the morning nothing may leave yet.
    night = NOW.replace("T09", "T06")
    began = time.monotonic()
    planned = scene.do("run", now=night)
    took = time.monotonic() - began
    began = time.monotonic()
    again = scene.do("run", now=night)
    took_again = time.monotonic() - began
    sending = time.monotonic()
    scene.workers(4)

    # On a machine that does other work as well it goes at a quarter of its pace.
    verdict = scene.finish(seconds=PEOPLE / 25, end=180)

    rate = PEOPLE / (time.monotonic() - sending)
    words = f"planned in {took:.1f} s, again {took_again:.1f} s, {rate:.0f} mails/s"
    report(f"24 {PEOPLE} due", words, verdict)
    verdict.assert_kept()
    assert (planned["planned"], planned["held"], planned["sent"]) == (2 * PEOPLE, PEOPLE, 0)
    assert again["planned"] == 0
    assert verdict.doubled == 0
