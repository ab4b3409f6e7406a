"""Other systems under faults: workers killed over a POST, a target that hangs; counted at a real https receiver."""

import time
from pathlib import Path

import pytest

from tests.faults.conftest import Report, Stage
from tests.faults.harness import DAY, Scenario
from tests.receiver import Receiver, is_signed

pytestmark = pytest.mark.faults
SECRET = "khoa-ky-chung-0123456789"


@pytest.fixture
def receiver(tmp_path: Path):
    folder = tmp_path / "receiver"
    folder.mkdir()
    other = Receiver(folder)
    yield other
    other.close()


def workers(scene: Scenario, receiver: Receiver, number: int) -> list:
    return scene.workers(number, **variables(receiver))


def variables(receiver: Receiver) -> dict[str, str]:
    """The environment in which the receiver may be asked."""
    return {
        "WEBHOOK_NETWORKS": "127.0.0.0/8",
        "WEBHOOK_PORTS": f"443,{receiver.port}",
        "WEBHOOK_CA_FILE": str(receiver.authority),
        "WEBHOOK_TIMEOUT": "3",
    }


def test_killed_workers_tell_every_system_at_least_once_under_the_same_number(
    stage: Stage, report: Report, receiver: Receiver
):
    scene = stage(200)
    ends = scene.do("place_systems", url=receiver.url, secret=SECRET, count=200)
    kills = 0
    workers(scene, receiver, 3)
    while kills < 8:
        time.sleep(0.7)
        if receiver.got and (living := scene.living()):
            scene.chance.choice(living).kill()
            workers(scene, receiver, 1)
            kills += 1
    verdict = report("28 other systems", "8 kills, 200 events", scene.finish(seconds=180))

    expected = {f"daily:{end}:{DAY}" for end in ends}
    told = [got.json["key"] for got in receiver.got]
    numbers = {got.json["key"]: got.event for got in receiver.got}
    assert (len(expected), expected - set(told), set(told) - expected) == (200, set(), set())
    assert all(is_signed(got, SECRET.encode(), now=int(got.headers["webhook-timestamp"])) for got in receiver.got)
    # One at a time for each address, ten addresses at once: so many may have been under way at each kill.
    assert len(told) - len(expected) <= 10 * kills
    assert all(numbers[got.json["key"]] == got.event for got in receiver.got)
    assert verdict.lost == []
    assert verdict.unfinished == []
    print({"events": len(expected), "copies": len(told) - len(expected), "kills": kills})


@pytest.mark.parametrize("hangs", [False, True])
def test_a_target_that_hangs_holds_up_no_mail(stage: Stage, receiver: Receiver, record_property, hangs: bool):
    scene = stage(1000)
    receiver.always = "hang" if hangs else 200
    (end,) = scene.do("place_systems", url=receiver.url, secret=SECRET, count=1)
    began = time.monotonic()
    workers(scene, receiver, 2)

    scene.wait_until(lambda: len(scene.sink.copies()) == 1000, seconds=300, what="a thousand mails")

    took = time.monotonic() - began
    record_property("systems", f"hangs={hangs}: 1000 mails in {took:.1f} s")
    print({"hangs": hangs, "mails": 1000, "seconds": round(took, 1), "asked": len(receiver.got)})
    # Of 1 000 mails none waits for it: it is asked when the mail is out, or beside it by the other worker.
    assert took < 120
    scene.wait_until(lambda: len(receiver.got) >= 1, seconds=60, what="the system was asked")
    ((state, attempts),) = scene.ask(
        "SELECT state, attempts FROM notifications_message WHERE key = %s", [f"daily:{end}:{DAY}"]
    )
    assert attempts >= 1
    assert hangs == (state != "sent")
    scene.end_all(30)
